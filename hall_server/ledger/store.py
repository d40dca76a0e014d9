"""One ledger on one SQLite file. Only the writer calls `commit`; every other method may run on any thread."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, bindparam, func, select, true, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Row
from sqlalchemy.exc import SQLAlchemyError

from hall.errors import HallError, Reason
from hall.ids import SERVER, EventId, RequestId, TerminalId
from hall.ledger.chain import GENESIS
from hall_server.ledger.engine import StatementCount, open_engine
from hall_server.ledger.entries import Batch, Entry, Opening, Quarantined, Settled, StoredAnswer
from hall_server.ledger.rows import AnswerRow, EventRow, MarkRow, MetaRow, QuarantineActRow, QuarantineRow

CLASH = "identity_clash"
"""Reason word of a quarantine entry that shuts a device out."""
SLIP_KEY_CHANGED = "slip_key_changed"
"""Reason word of a quarantine entry that holds another key of a terminal than the hall believes."""
ANSWERS_IN_MEMORY = 20_000
"""About three full days of a hall; older ones are looked up one by one."""
PAGE = 1000

_meta = MetaRow.metadata.tables["meta"]
_events = EventRow.metadata.tables["events"]
_marks = MarkRow.metadata.tables["marks"]
_answers = AnswerRow.metadata.tables["answers"]
_quarantine = QuarantineRow.metadata.tables["quarantine"]
_acts = QuarantineActRow.metadata.tables["quarantine_acts"]

_add_events = insert(_events).on_conflict_do_nothing(index_elements=["device", "epoch", "seq"])
_put_marks = insert(_marks)
_put_marks = _put_marks.on_conflict_do_update(
    index_elements=["device", "epoch"], set_={"seq": func.max(_marks.c.seq, _put_marks.excluded.seq)}
)
_add_answers = insert(_answers)
_add_quarantine = insert(_quarantine)
_let_in = (
    update(_quarantine)
    .where(
        _quarantine.c.terminal == bindparam("which"), _quarantine.c.reason == CLASH, _quarantine.c.released_at.is_(None)
    )
    .values(released_at=bindparam("at_s"))
)
_note_seen = update(_quarantine).where(_quarantine.c.id == bindparam("which")).values(released_at=bindparam("at_s"))
_add_acts = insert(_acts)


class Ledger:
    """The append-only log of a hall, with its marks, answers and quarantine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.count = StatementCount(engine)
        self._writing: Connection | None = None

    def begin_start(self) -> None:
        """Count one more start of a server on this ledger; the first makes ledger epoch 1."""
        with self.engine.begin() as connection:
            first = insert(_meta).values(id=1, ledger_epoch=1, starts=1)
            connection.execute(first.on_conflict_do_update(index_elements=["id"], set_={"starts": _meta.c.starts + 1}))

    def opening(self) -> Opening:
        """Return what a writer must know before its first batch. Call `begin_start` once before."""
        with self._reading() as connection:
            meta = connection.execute(select(_meta.c.ledger_epoch, _meta.c.starts)).one()
            newest = select(_events.c.ledger_seq, _events.c.chain).order_by(_events.c.ledger_seq.desc()).limit(1)
            last = connection.execute(newest).one_or_none()
            marks = connection.execute(select(_marks.c.device, _marks.c.epoch, _marks.c.seq)).all()
            clashed = select(_quarantine.c.device).where(
                _quarantine.c.reason == CLASH, _quarantine.c.released_at.is_(None)
            )
            shut = connection.execute(clashed).scalars().all()
            recent = select(_answers.c.terminal, _answers.c.request, _answers.c.reply).order_by(_answers.c.id.desc())
            answers = connection.execute(recent.limit(ANSWERS_IN_MEMORY)).all()
        return Opening(
            ledger_epoch=meta.ledger_epoch,
            starts=meta.starts,
            ledger_seq=last.ledger_seq if last else 0,
            chain_head=last.chain if last else GENESIS,
            marks={(TerminalId(row.device), row.epoch): row.seq for row in marks},
            clashed=frozenset(TerminalId(device) for device in shut),
            answers={(TerminalId(row.terminal), RequestId(row.request)): bytes(row.reply) for row in reversed(answers)},
            answers_complete=len(answers) < ANSWERS_IN_MEMORY,
        )

    def commit(self, batch: Batch) -> None:
        """Write the batch in one durable transaction, or raise and have written nothing."""
        with self._writer().begin() as transaction:
            connection = transaction.connection
            if batch.entries:
                written = connection.execute(_add_events, [_event_values(entry) for entry in batch.entries])
                if written.rowcount != len(batch.entries):
                    raise HallError(Reason.INTERNAL, "ledger", "an event of this batch is in the ledger already")
            if batch.marks:
                rows = [{"device": d, "epoch": e, "seq": seq} for (d, e), seq in batch.marks.items()]
                connection.execute(_put_marks, rows)
            if batch.answers:
                connection.execute(_add_answers, [_answer_values(answer) for answer in batch.answers])
            if batch.quarantined:
                connection.execute(_add_quarantine, [_quarantine_values(one) for one in batch.quarantined])
            if batch.released:
                connection.execute(_let_in, [{"which": who, "at_s": at} for who, at in batch.released.items()])
            if batch.settled:
                connection.execute(_note_seen, [{"which": one.quarantine_id, "at_s": one.at} for one in batch.settled])
                connection.execute(_add_acts, [_act_values(one) for one in batch.settled])

    def answer(self, terminal: TerminalId, request: RequestId) -> bytes | None:
        """Return the stored reply to a terminal's request, however old."""
        one = select(_answers.c.reply).where(_answers.c.request == request, _answers.c.terminal == terminal)
        with self._reading() as connection:
            found = connection.execute(one).scalar()
        return None if found is None else bytes(found)

    def event_ids(self, device: TerminalId, epoch: int, first: int, last: int) -> dict[int, EventId]:
        """Return sequence → event id of what is held (or quarantined) of an epoch between two sequences."""
        held: dict[int, EventId] = {}
        with self._reading() as connection:
            for table, wanted in ((_quarantine, _quarantine.c.reason != CLASH), (_events, true())):
                found = connection.execute(
                    select(table.c.seq, table.c.event_id).where(
                        table.c.device == device, table.c.epoch == epoch, table.c.seq.between(first, last), wanted
                    )
                )
                held.update((row.seq, EventId(row.event_id)) for row in found)
        return held

    def was_quarantined(self, device: TerminalId, epoch: int, seq: int, event_id: EventId) -> bool:
        """Tell whether this very event is kept in quarantine, released or not."""
        same = select(_quarantine.c.id).where(
            _quarantine.c.device == device,
            _quarantine.c.epoch == epoch,
            _quarantine.c.seq == seq,
            _quarantine.c.event_id == event_id,
        )
        with self._reading() as connection:
            return connection.execute(same.limit(1)).scalar() is not None

    def since_last(self, kind: str, back: int) -> Iterator[Entry]:
        """Yield the entries from the `back`-th last one of `kind` on, in order; all entries if there were fewer.

        Only what the hall server minted counts: a terminal that claims to have opened a day hides none of it.
        """
        ours = _events.c.kind == kind, _events.c.device == SERVER
        latest = select(_events.c.ledger_seq).where(*ours).order_by(_events.c.ledger_seq.desc())
        with self._reading() as connection:
            found = connection.execute(latest.limit(back)).scalars().all()
        yield from self.entries(int(found[-1]) if len(found) == back else 1)

    def minted(self, kind: str) -> list[Entry]:
        """Return all of the hall server's own entries of a kind, in order: for kinds of which there are few."""
        ours = _events.c.kind == kind, _events.c.device == SERVER
        with self._reading() as connection:
            rows = connection.execute(select(_events).where(*ours).order_by(_events.c.ledger_seq)).all()
        return [_entry(row) for row in rows]

    def entries(self, first: int = 1) -> Iterator[Entry]:
        """Yield all entries from `first` on, in order, a page at a time."""
        while True:
            page = select(_events).where(_events.c.ledger_seq >= first).order_by(_events.c.ledger_seq).limit(PAGE)
            with self._reading() as connection:
                rows = connection.execute(page).all()
            yield from (_entry(row) for row in rows)
            if len(rows) < PAGE:
                return
            first = rows[-1].ledger_seq + 1

    def quarantine(self) -> list[QuarantineRow]:
        """Return what is held in quarantine and was not released, oldest first."""
        waiting = select(_quarantine).where(_quarantine.c.released_at.is_(None)).order_by(_quarantine.c.id)
        with self._reading() as connection:
            return [QuarantineRow(**row._mapping) for row in connection.execute(waiting)]  # noqa: SLF001 - SQLAlchemy's public name

    def in_quarantine(self, quarantine_id: int) -> QuarantineRow | None:
        """Return the quarantine entry of that number, seen to or not, None when there is none."""
        with self._reading() as connection:
            row = connection.execute(select(_quarantine).where(_quarantine.c.id == quarantine_id)).one_or_none()
        return None if row is None else QuarantineRow(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name

    def release(self, quarantine_id: int, at: float) -> None:
        """Note that somebody has seen to a quarantine entry."""
        with self.engine.begin() as connection:
            connection.execute(_note_seen, {"which": quarantine_id, "at_s": at})

    def close(self) -> None:
        """Let go of the file; the WAL is folded into it."""
        if self._writing is not None:
            self._writing.close()
            self._writing = None
        self.engine.dispose()

    def _writer(self) -> Connection:
        if self._writing is None or self._writing.closed or self._writing.invalidated:
            self._writing = self.engine.connect()
        return self._writing

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(reading=True) as connection:
            yield connection


def open_ledger(path: Path) -> Ledger:
    """Open (or make) the ledger at `path`; `HallError` says what is wrong with it."""
    try:
        return Ledger(open_engine(path))
    except (OSError, SQLAlchemyError) as error:
        raise HallError(Reason.INTERNAL, str(path), f"the ledger cannot be opened: {error}") from error


def _event_values(entry: Entry) -> dict[str, object]:
    return {
        "ledger_seq": entry.ledger_seq,
        "device": entry.device,
        "epoch": entry.epoch,
        "seq": entry.seq,
        "event_id": entry.event_id,
        "at": entry.at,
        "kind": entry.kind,
        "body": entry.body,
        "flags": " ".join(entry.flags),
        "chain": entry.chain,
    }


def _answer_values(answer: StoredAnswer) -> dict[str, object]:
    return {"request": answer.request, "terminal": answer.terminal, "at": answer.at, "reply": answer.reply}


def _quarantine_values(one: Quarantined) -> dict[str, object]:
    return {
        "at": one.at,
        "terminal": one.terminal,
        "reason": CLASH if one.clash else one.word or one.reason.value,
        "sentence": one.sentence,
        "device": one.device or "",
        "epoch": one.epoch,
        "seq": one.seq,
        "event_id": one.event_id or "",
        "raw": one.raw,
    }


def _act_values(one: Settled) -> dict[str, object]:
    return {
        "quarantine_id": one.quarantine_id,
        "at": one.at,
        "act": one.act.value,
        "staff": one.staff,
        "reason": one.reason,
        "ledger_seq": one.ledger_seq,
    }


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(
        ledger_seq=row.ledger_seq,
        device=TerminalId(row.device),
        epoch=row.epoch,
        seq=row.seq,
        event_id=EventId(row.event_id),
        at=row.at,
        kind=row.kind,
        body=bytes(row.body),
        flags=tuple(row.flags.split()),
        chain=row.chain,
    )
