import json
import re

import pytest

from benchmarks.hall_rig import MONDAY
from hall.errors import Reason
from hall.events import TicketIssued
from hall.ids import DeviceId, ItemCode, TerminalId, TicketId, TicketLabel
from hall.pack.hall_pack import HallPack
from hall.wire.health_reports import DeviceReport
from hall_server.ledger.browsing import Browser
from hall_server.ledger.store import Ledger
from hall_server.writer.jobs import Rubbish, UpJob
from tests.hall_server.conftest import Desk, HandWriter
from tests.hall_server.console_hall import DATA, PAGES, TOKEN, Hall, seen


@pytest.fixture
def hall(pack: HallPack, ledger: Ledger, writer: HandWriter) -> Hall:
    return Hall(pack, ledger, writer)


def test_the_ledger_is_paged_newest_first_and_can_be_narrowed(hall: Hall) -> None:
    desk = Desk("K1")
    for number in range(30):
        hall.take(desk, f"t{number}")
    head = Browser(hall.ledger).head()
    newest = json.loads(hall.text("/api/ledger"))
    assert newest["entries"] == head.entries == 91
    assert [one["ledger_seq"] for one in newest["events"]] == list(range(91, 41, -1))
    older = json.loads(hall.text("/api/ledger", before="42"))["events"]
    assert [one["ledger_seq"] for one in older] == list(range(41, 0, -1))
    after = json.loads(hall.text("/api/ledger", after="88"))["events"]
    assert [one["ledger_seq"] for one in after] == [89, 90, 91]
    only = json.loads(hall.text("/api/ledger", kind="TicketIssued", device="K1"))["events"]
    assert {(one["kind"], one["device"]) for one in only} == {("TicketIssued", "K1")}
    assert json.loads(hall.text("/api/ledger", flagged="true"))["events"] == []
    page = hall.text("/ledger", kind="TicketIssued")
    assert page.count("<tr>") == 31
    links = re.findall(r'href="(/ledger\?[^"]+)"', hall.text("/ledger"))
    assert links == ["/ledger?before=42"]
    assert "回到最新" in hall.text("/ledger", before="42")


def test_flagged_entries_can_be_found(hall: Hall) -> None:
    desk = Desk("K1")
    issued = TicketIssued(
        ticket=TicketId("t9"),
        day=hall.writer._stand().state.day or "",  # type: ignore[arg-type]
        series="C",  # type: ignore[arg-type]
        number=5,
        label=TicketLabel("C005"),
        item=ItemCode("SI-301"),
        issued_at=MONDAY,
    )
    hall.writer.turn(desk.up(desk.parcel(issued)))
    (one,) = json.loads(hall.text("/api/ledger", flagged="true"))["events"]
    assert one["flags"] == ["not_leased"]
    assert "号码未预留" in seen(hall.text("/ledger", flagged="true"))


def test_the_chain_is_verified_from_the_page_and_names_the_first_broken_entry(hall: Hall) -> None:
    hall.take(Desk("K1"), "t1")
    inside = hall.inside()
    whole = inside.post("/ledger/verify").json()
    assert (whole["entries"], whole["broken_at"], whole["running"]) == (4, None, False)
    assert whole["chain_head"] == Browser(hall.ledger).head().chain
    with hall.ledger.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE events SET at = 1 WHERE ledger_seq = 3")
    assert inside.post("/ledger/verify").json()["broken_at"] == 3


def test_looking_never_writes(hall: Hall) -> None:
    hall.take(Desk("K1"), "t1")
    inside = hall.inside()
    before = hall.ledger.count.commits
    for path in (*PAGES, *DATA):
        assert inside.get(path).status_code == 200
    inside.post("/ledger/verify")
    assert hall.ledger.count.commits == before


def test_the_quarantine_shows_the_first_bytes_only_and_never_quotes_the_message(hall: Hall) -> None:
    raw = b"\xff\x00 number 000000198907220025 " + b"x" * 400
    scrap = Rubbish(raw, Reason.MALFORMED, "not an Up: Invalid value '000000198907220025' - at `$.kind`")
    hall.writer.turn(UpJob(TerminalId("R14"), rubbish=(scrap,)))
    told = json.loads(hall.text("/api/quarantine"))
    assert (told["count"], told["ever"]) == (1, 1)
    (one,) = told["entries"]
    assert bytes.fromhex(one["head_hex"]) == raw[:64]
    assert (one["size"], one["terminal"], one["reason"]) == (len(raw), "R14", "malformed")
    page = hall.text("/quarantine")
    assert "000000198907220025" not in page + hall.text("/api/quarantine")
    assert "无法识别" in page
    assert "14号窗口评价器" in page
    hall.ledger.release(one["id"], MONDAY)
    assert json.loads(hall.text("/api/quarantine"))["count"] == 0
    assert "已放行" in hall.text("/quarantine")


def test_a_broken_ledger_gives_a_polite_page_and_no_traceback(hall: Hall) -> None:
    with hall.ledger.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO gone")
    for path in ("/", "/ledger", "/api/tickets"):
        answer = hall.get(path)
        assert answer.status_code == 500
        assert "取号和叫号不受影响" in answer.text
        assert "Traceback" not in answer.text


def test_the_living_part_alone_comes_when_asked_for(hall: Hall) -> None:
    answer = hall.browser().get("/tickets", headers={"Authorization": f"Bearer {TOKEN}", "X-Live": "1"})
    assert "<html" not in answer.text
    assert answer.headers["x-at"] == "09:30:00"
    assert answer.text.strip() in hall.text("/tickets")


def test_metrics_speak_prometheus(hall: Hall) -> None:
    hall.report("K1", DeviceReport(device=DeviceId("K1.slip_printer"), kind="slip_printer", state="down"))
    page = hall.text("/metrics")
    assert 'hall_device_up{device="K1"} 1\n' in page
    assert 'hall_device_up{device="K1.slip_printer"} 0\n' in page
    assert 'hall_device_up{device="K2"} NaN\n' in page
    assert 'hall_outbox_depth{terminal="K1"} 2\n' in page
    line = re.compile(r"(# (HELP|TYPE) \w+ .+|\w+(\{\w+=\"[^\"]*\"(,\w+=\"[^\"]*\")*\})? (NaN|-?[0-9.]+))")
    assert all(line.fullmatch(one) for one in page.splitlines())
