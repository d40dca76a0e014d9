import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
import sqlcipher3.dbapi2
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from hall.errors import HallError, Reason
from hall.ids import EventId, RequestId, TerminalId
from hall.ledger import chain
from hall_server.ledger import audit
from hall_server.ledger.engine import refuse_old_sqlite
from hall_server.ledger.entries import Batch, Entry, Quarantined, StoredAnswer, chain_body
from hall_server.ledger.rows import LedgerRow
from hall_server.ledger.store import Ledger, open_ledger

K1 = TerminalId("K1")


def entries(count: int, after: str = chain.GENESIS, first: int = 1) -> list[Entry]:
    made = []
    for number in range(first, first + count):
        parts = (number, K1, 1, number, EventId(f"e{number}"), float(number), "HelpRequested", b"{}", ("odd",))
        after = chain.link(after, chain_body(Entry(*parts, chain="")))
        made.append(Entry(*parts, chain=after))
    return made


def test_a_batch_is_written_whole_and_read_back_after_reopening(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "l.sqlite")
    ledger.begin_start()
    answers = [StoredAnswer(RequestId("r"), K1, 1.0, b'{"kind":"Done"}')]
    ledger.commit(Batch(entries(3), {(K1, 1): 3}, answers))
    ledger.close()
    again = open_ledger(tmp_path / "l.sqlite")
    again.begin_start()
    opening = again.opening()
    assert (opening.starts, opening.ledger_epoch, opening.ledger_seq) == (2, 1, 3)
    assert opening.marks == {(K1, 1): 3}
    assert opening.answers == {(K1, RequestId("r")): b'{"kind":"Done"}'}
    assert list(again.entries()) == entries(3)
    assert again.answer(K1, RequestId("r")) == b'{"kind":"Done"}'
    assert again.answer(TerminalId("K2"), RequestId("r")) is None
    again.close()


def test_an_event_key_that_is_held_already_fails_the_whole_batch(ledger: Ledger) -> None:
    ledger.begin_start()
    ledger.commit(Batch(entries(2), {(K1, 1): 2}))
    twice = Batch(entries(2), {(K1, 1): 9}, [StoredAnswer(RequestId("r"), K1, 1.0, b"{}")])
    with pytest.raises(HallError):
        ledger.commit(twice)
    assert ledger.opening().marks == {(K1, 1): 2}
    assert ledger.answer(K1, RequestId("r")) is None


def test_a_mark_never_goes_back(ledger: Ledger) -> None:
    ledger.begin_start()
    ledger.commit(Batch(marks={(K1, 1): 7}))
    ledger.commit(Batch(marks={(K1, 1): 3}))
    assert ledger.opening().marks == {(K1, 1): 7}


def test_a_whole_chain_verifies(ledger: Ledger) -> None:
    ledger.commit(Batch(entries(5)))
    verdict = audit.verify(ledger)
    assert (verdict.entries, verdict.broken_at) == (5, None)
    assert verdict.head == entries(5)[-1].chain


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        ("UPDATE events SET body = CAST('{\"a\":1}' AS BLOB) WHERE ledger_seq = 3", 3),
        ("UPDATE events SET at = 99 WHERE ledger_seq = 2", 2),
        ("UPDATE events SET flags = '' WHERE ledger_seq = 4", 4),
        ("UPDATE events SET device = 'K2' WHERE ledger_seq = 1", 1),
        ("DELETE FROM events WHERE ledger_seq = 3", 3),
    ],
)
def test_verifying_names_the_first_broken_entry(ledger: Ledger, change: str, broken_at: int) -> None:
    ledger.commit(Batch(entries(5)))
    with ledger.engine.begin() as connection:
        connection.execute(text(change.replace(":", "\\:")))
    assert audit.verify(ledger).broken_at == broken_at


def test_a_device_that_clashed_stays_shut_out_over_restarts_until_released(ledger: Ledger) -> None:
    ledger.begin_start()
    clash = Quarantined(1.0, K1, Reason.NOT_ALLOWED, "two", b"{}", K1, 1, 4, EventId("other"), clash=True)
    ledger.commit(Batch(quarantined=[clash]))
    assert ledger.opening().clashed == {K1}
    assert ledger.was_quarantined(K1, 1, 4, EventId("other"))
    assert ledger.event_ids(K1, 1, 1, 9) == {}
    ledger.commit(Batch(released={K1: 2.0}))
    assert ledger.opening().clashed == frozenset()
    assert ledger.quarantine() == []


def test_a_quarantine_entry_can_be_released(ledger: Ledger) -> None:
    ledger.commit(Batch(quarantined=[Quarantined(1.0, K1, Reason.MALFORMED, "not JSON", b"\x00\xff")]))
    (row,) = ledger.quarantine()
    assert (row.raw, row.reason, row.terminal) == (b"\x00\xff", "malformed", "K1")
    assert row.id is not None
    ledger.release(row.id, 5.0)
    assert ledger.quarantine() == []


def test_the_migrations_make_exactly_the_tables_of_the_rows(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, LedgerRow.metadata) == []


def test_the_file_is_durable_by_setting(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}


def test_an_sqlite_with_the_wal_reset_bug_is_refused() -> None:
    with pytest.raises(HallError, match=r"3\.51\.3"):
        refuse_old_sqlite("3.51.2")
    refuse_old_sqlite("3.51.3")
    refuse_old_sqlite(sqlcipher3.dbapi2.sqlite_version)


def test_a_file_that_is_no_ledger_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "l.sqlite").write_bytes(b"this is a letter, not a ledger" * 100)
    with pytest.raises(HallError, match="cannot be opened"):
        open_ledger(tmp_path / "l.sqlite")


def test_an_export_is_one_json_object_whatever_a_terminal_wrote_into_unknown_fields(ledger: Ledger) -> None:
    odd = b'{"kind":"HelpRequested","extra":"\xff\xfe","more":"\\ud800","step":"\xe5\xa5\xbd"}'
    (one,) = entries(1)
    ledger.commit(Batch([replace(one, body=odd)]))
    out = io.StringIO()
    audit.export(ledger, out)
    told = json.loads(out.getvalue().encode("utf-8"))
    assert told["events"][0]["event"]["step"] == "好"
    assert told["events"][0]["ledger_seq"] == 1
    assert told["quarantine"] == []
