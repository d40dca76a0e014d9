"""Seeing to the quarantine: looked at or entered into the ledger, once, with who and why, and only from our page."""

import json
from urllib.parse import parse_qsl

import httpx2
import pytest
from starlette.testclient import TestClient

from hall.errors import Reason
from hall.events import HelpRequested
from hall.ids import EventId, TerminalId
from hall.pack.hall_pack import HallPack
from hall_server.ledger.audit import verify
from hall_server.ledger.entries import Batch, Quarantined
from hall_server.ledger.store import Ledger
from hall_server.writer.jobs import Rubbish, UpJob
from tests.hall_server.conftest import Desk, HandWriter, wire_bytes
from tests.hall_server.console_hall import HOST, Hall, seen

HELP = HelpRequested(terminal=TerminalId("K1"), step="Home", at=1.0)


@pytest.fixture
def hall(pack: HallPack, ledger: Ledger, writer: HandWriter) -> Hall:
    return Hall(pack, ledger, writer)


def poison(hall: Hall, body: bytes) -> int:
    """Quarantine an event that the server did not know then; return the entry's number."""
    desk = Desk("K1", epoch=5)
    hall.writer.turn(desk.up(desk.parcel(None, body=body)))
    return int(hall.ledger.quarantine()[-1].id or 0)


def decide(browser: TestClient, number: int, act: str = "seen", **other: str) -> httpx2.Response:
    fields = {"number": str(number), "act": act, "staff": "0101", "reason": "已核对设备", **other}
    return browser.post("/quarantine/entry", data=fields, headers={"Origin": HOST})


def end_of(hall: Hall, answer: httpx2.Response) -> str:
    assert answer.status_code == 303
    path, _, query = answer.headers["location"].partition("?")
    return seen(hall.text(path, **dict(parse_qsl(query))))


def entries(hall: Hall) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(hall.text("/api/quarantine"))["entries"]
    return found


@pytest.mark.row("LED-07", part="face")
def test_what_an_upgraded_server_understands_is_entered_once_with_a_flag_and_who_and_why(hall: Hall) -> None:
    number, before = poison(hall, wire_bytes(HELP)), verify(hall.ledger).entries
    browser = hall.inside()
    assert "再试一次" in hall.text("/quarantine/entry", number=str(number))
    page = end_of(hall, decide(browser, number, "adopted"))
    assert "已记录" in page
    assert f"已补记 09:30:00 · 何苗(0101) · 已核对设备 · 台账第 {before + 1} 条" in page
    assert "隔离后补记" in seen(hall.text("/ledger", flagged="true"))
    told = verify(hall.ledger)
    assert (told.entries, told.broken_at) == (before + 1, None)
    assert json.loads(hall.text("/api/overview"))["help_open"] == 1
    assert "已经有人处理过" in end_of(hall, decide(browser, number, "adopted"))
    assert verify(hall.ledger).entries == before + 1
    assert (entries(hall)[0]["act"], entries(hall)[0]["why"]) == ("adopted", "已核对设备")


def test_what_is_still_no_event_stays_and_can_be_marked_seen(hall: Hall) -> None:
    number, before = poison(hall, b'{"type":"FromTheFuture"}'), verify(hall.ledger).entries
    browser = hall.inside()
    assert "仍不能识别" in end_of(hall, decide(browser, number, "adopted"))
    assert entries(hall)[0]["released_at"] is None
    assert "已记录" in end_of(hall, decide(browser, number))
    assert verify(hall.ledger).entries == before
    assert json.loads(hall.text("/api/quarantine"))["count"] == 0
    assert "何苗(0101)" in seen(hall.text("/quarantine"))


def test_bytes_without_a_place_in_a_sequence_are_never_entered(hall: Hall) -> None:
    hall.writer.turn(UpJob(TerminalId("K1"), rubbish=(Rubbish(wire_bytes(HELP), Reason.MALFORMED, "test"),)))
    (row,) = hall.ledger.quarantine()
    assert "再试一次" not in hall.text("/quarantine/entry", number=str(row.id))
    assert "仍不能识别" in end_of(hall, decide(hall.inside(), int(row.id or 0), "adopted"))


def test_seeing_to_a_clash_of_identity_lets_the_device_in_again(hall: Hall) -> None:
    desk = Desk("K1")
    hall.writer.turn(desk.up(desk.parcel(HELP)))
    hall.writer.turn(desk.up(desk.parcel(HELP, event_id="another", seq=1)))
    (row,) = hall.ledger.quarantine()
    assert row.reason == "identity_clash"
    hall.writer.turn(desk.up(desk.parcel(HELP)))
    held = verify(hall.ledger).entries
    assert "再试一次" not in hall.text("/quarantine/entry", number=str(row.id))
    assert "已记录" in end_of(hall, decide(hall.inside(), int(row.id or 0)))
    desk.seq = 1
    hall.writer.turn(desk.up(desk.parcel(HELP)))
    assert verify(hall.ledger).entries == held + 1
    assert hall.ledger.opening().clashed == frozenset()


def test_what_was_entered_is_there_after_a_restart(hall: Hall) -> None:
    number = poison(hall, wire_bytes(HELP))
    decide(hall.inside(), number, "adopted")
    hall.writer.open()
    assert TerminalId("K1") in hall.writer._stand().state.help
    assert hall.ledger.event_ids(TerminalId("K1"), 5, 1, 1) == {1: EventId("K1-5-1")}


def test_an_event_too_large_for_the_wire_is_not_entered(hall: Hall) -> None:
    large = wire_bytes(HELP) + b" " * 40_000
    hall.ledger.commit(
        Batch(
            quarantined=[
                Quarantined(
                    at=1.0,
                    terminal=TerminalId("K1"),
                    reason=Reason.TOO_LARGE,
                    sentence="",
                    raw=large,
                    device=TerminalId("K1"),
                    epoch=9,
                    seq=1,
                    event_id=EventId("x"),
                )
            ]
        )
    )
    (row,) = hall.ledger.quarantine()
    assert "仍不能识别" in end_of(hall, decide(hall.inside(), int(row.id or 0), "adopted"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"staff": "nobody"},
        {"staff": ""},
        {"reason": ""},
        {"reason": "   "},
        {"reason": "长" * 101},
        {"act": "burn"},
        {"number": "0"},
        {"number": "x"},
    ],
)
def test_without_a_known_person_and_a_reason_nothing_is_done(hall: Hall, wrong: dict[str, str]) -> None:
    number = poison(hall, b"{}")
    fields = {"number": str(number), "act": "seen", "staff": "0101", "reason": "已核对", **wrong}
    answer = hall.inside().post("/quarantine/entry", data=fields, headers={"Origin": HOST})
    assert answer.status_code == 422
    assert entries(hall)[0]["released_at"] is None


def test_only_our_own_page_with_a_session_may_decide(hall: Hall) -> None:
    number = poison(hall, b"{}")
    fields = {"number": str(number), "act": "seen", "staff": "0101", "reason": "已核对"}
    inside = hall.inside()
    page = inside.get("/quarantine/entry", params={"number": str(number)})
    assert page.headers["referrer-policy"] == "same-origin"  # else browsers hide the origin of our own form
    assert hall.browser().post("/quarantine/entry", data=fields).status_code == 401
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert inside.post("/quarantine/entry", data=fields, headers=headers).status_code == 403
    assert inside.post("/quarantine/entry", json=fields, headers={"Origin": HOST}).status_code == 422
    assert inside.post("/quarantine/entry", content=b"x" * 5000, headers={"Origin": HOST}).status_code == 413
    assert entries(hall)[0]["released_at"] is None


def test_a_writer_that_cannot_answer_is_told_and_changes_nothing(hall: Hall) -> None:
    number = poison(hall, b"{}")
    hall.busy = True
    assert "没有执行" in end_of(hall, decide(hall.inside(), number))
    assert entries(hall)[0]["released_at"] is None


def test_an_entry_that_is_not_there_is_a_polite_404(hall: Hall) -> None:
    assert hall.get("/quarantine/entry", number="99").status_code == 404
    assert hall.get("/quarantine/entry", number="0").status_code == 422


def test_hostile_reasons_are_shown_as_text(hall: Hall) -> None:
    number = poison(hall, b"{}")
    decide(hall.inside(), number, reason="<script>alert(1)</script>")
    for page in (hall.text("/quarantine/entry", number=str(number)), hall.text("/quarantine")):
        assert "<script>alert" not in page


@pytest.mark.parametrize(
    "odd", [{"number": str(2**63)}, {"number": "9" * 30}, {"reason": "\0"}, {"reason": "已核对\u202e"}], ids=str
)
def test_a_number_or_reason_that_no_ledger_can_hold_never_reaches_the_writer(hall: Hall, odd: dict[str, str]) -> None:
    number = poison(hall, wire_bytes(HELP))
    told = {"number": str(number), "act": "seen", "staff": "0101", "reason": "已核对设备", **odd}
    answer = hall.inside().post("/quarantine/entry", data=told, headers={"Origin": HOST})
    assert answer.status_code == 422
    assert entries(hall)[0]["released_at"] is None
