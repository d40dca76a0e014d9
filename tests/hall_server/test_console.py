import json

import pytest

from benchmarks.hall_rig import MONDAY
from hall.commands import CallNext, FinishService, SignIn, StartService, TransferTicket
from hall.errors import Reason
from hall.events import StatementPrepared, TicketIssued
from hall.ids import DeviceId, ItemCode, Serial, StaffId, TerminalId, TicketId, TicketLabel, WindowId
from hall.pack.hall_pack import HallPack
from hall.queue.tickets import TicketState
from hall.wire.health_reports import DeviceReport
from hall_server.console import words
from hall_server.ledger.store import Ledger
from hall_server.writer.jobs import Rubbish, UpJob
from tests.hall_server.conftest import Desk, HandWriter
from tests.hall_server.console_hall import DATA, PAGES, TOKEN, Hall, seen


@pytest.fixture
def hall(pack: HallPack, ledger: Ledger, writer: HandWriter) -> Hall:
    return Hall(pack, ledger, writer)


@pytest.mark.parametrize("path", [*PAGES, *DATA])
def test_an_empty_hall_shows_calm_pages(hall: Hall, path: str) -> None:
    page = hall.text(path)
    assert "Traceback" not in page
    if path in PAGES:
        assert "青禾市社会保险服务大厅" in page
        assert hall.browser().get(path, headers={"Authorization": f"Bearer {TOKEN}", "X-Live": "1"}).status_code == 200


def test_a_hall_that_was_never_open_shows_calm_pages_too(pack: HallPack, ledger: Ledger, writer: HandWriter) -> None:
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM events")
    hall = Hall(pack, ledger, writer)
    for path in (*PAGES, *DATA):
        assert hall.get(path).status_code == 200
    assert json.loads(hall.text("/api/tickets"))["day"] == ""


def test_todays_tickets_are_shown_with_what_became_of_them(hall: Hall) -> None:
    kiosk, panel = Desk("K1"), Desk("W07", "window_panel")
    first = hall.take(kiosk, "t1")
    hall.now += 60
    second = hall.take(kiosk, "t2")
    hall.writer.turn(panel.ask(SignIn(staff=StaffId("0303"), sealed_pin=b"", window=WindowId("7")), "in"))
    told = json.loads(hall.text("/api/tickets"))
    assert [one["label"] for one in told["tickets"]] == [second, first]
    assert told["counts"].pop("waiting") == 2
    assert set(told["counts"]) == {"called", "serving", "held", "done", "missed", "cancelled", "lapsed"}
    assert set(told["counts"].values()) == {0}
    window, staff = WindowId("7"), StaffId("0303")
    for command, state in (
        (CallNext(window=window, staff=staff), "called"),
        (StartService(window=window, staff=staff), "serving"),
        (FinishService(window=window, staff=staff), "done"),
    ):
        hall.writer.turn(panel.ask(command, f"to be {state}"))
        one = next(row for row in json.loads(hall.text("/api/tickets"))["tickets"] if row["label"] == first)
        assert (one["state"], one["window"], one["slip"]) == (state, "7", "printed")
        assert words.TICKETS[TicketState(state)] in seen(hall.text("/tickets"))
    hall.now += 600
    one, other = json.loads(hall.text("/api/tickets"))["tickets"]
    assert (one["label"], one["waited_min"]) == (second, 10.0)
    assert other["waited_min"] == 0.0
    page = seen(hall.text("/tickets"))
    assert f"{second} 职工基本养老金申领 等候中 — 10 分钟 09:31:00 1号自助机 已打印" in page
    assert first not in hall.text("/tickets", state="waiting")


def test_who_was_called_and_sent_on_still_waits_since_they_came(hall: Hall) -> None:
    kiosk, panel, other = Desk("K1"), Desk("W07", "window_panel"), Desk("W14", "window_panel")
    label = hall.take(kiosk, "t1")
    seven, general = WindowId("7"), WindowId("14")
    hall.writer.turn(panel.ask(SignIn(staff=StaffId("0303"), sealed_pin=b"", window=seven), "in"))
    hall.writer.turn(other.ask(SignIn(staff=StaffId("0310"), sealed_pin=b"", window=general), "in"))
    hall.now += 120
    hall.writer.turn(panel.ask(CallNext(window=seven, staff=StaffId("0303")), "call"))
    hall.writer.turn(panel.ask(TransferTicket(window=seven, staff=StaffId("0303"), to_window=general), "send on"))
    hall.now += 480
    told = json.loads(hall.text("/api/tickets"))
    assert [(one["label"], one["state"], one["waited_min"]) for one in told["tickets"]] == [(label, "waiting", 10.0)]
    assert told["longest_wait_min"] == 10.0
    assert told["mean_wait_min"] == 0.0, "until the first call, at the same moment by the clock of the writer"


@pytest.mark.row("QUE-11", part="face")
def test_the_console_shows_that_a_ticket_is_priority_and_never_why(hall: Hall) -> None:
    label = hall.take(Desk("D1", "guide_desk"), "t1", grant=True)
    assert f"{label} 优先" in seen(hall.text("/tickets"))
    assert "准予优先 经办 何苗(0101)" in seen(hall.text("/ledger"))
    everything = "".join(hall.text(path) for path in (*PAGES, *DATA))
    for secret in ("pregnant", "document", "cHJlZ25hbnQ", "孕", "sealed"):
        assert secret not in everything


def test_keyed_hashes_of_persons_stay_in_the_ledger(hall: Hall, ledger: Ledger) -> None:
    desk = Desk("K1")
    prepared = StatementPrepared(
        serial=Serial("QH-20261123-K1-000001"),
        form="contributions",
        terminal=TerminalId("K1"),
        person="hash-of-somebody",
        digest="digest-of-content",
        check_code="CHECK42",
        proof="id_card",
    )
    hall.writer.turn(desk.up(desk.parcel(prepared)))
    everything = "".join(hall.text(path) for path in (*PAGES, *DATA))
    assert "QH-20261123-K1-000001" in everything
    for secret in ("hash-of-somebody", "digest-of-content", "CHECK42"):
        assert secret not in everything


HOSTILE = '"><script>alert(1)</script>{{7*7}}'


def test_hostile_names_are_shown_as_text_and_do_nothing(hall: Hall) -> None:
    desk = Desk("K1")
    issued = TicketIssued(
        ticket=TicketId(HOSTILE),
        day=hall.writer._stand().state.day or "",  # type: ignore[arg-type]
        series=HOSTILE,  # type: ignore[arg-type]
        number=1,
        label=TicketLabel(HOSTILE),
        item=ItemCode(HOSTILE),
        issued_at=MONDAY,
    )
    hall.writer.turn(desk.up(desk.parcel(issued), desk.parcel(None, body=b"<script>")))
    hall.writer.turn(UpJob(TerminalId(HOSTILE), rubbish=(Rubbish(b"<b>", Reason.MALFORMED, HOSTILE),)))
    hall.report(
        "K1",
        DeviceReport(
            device=DeviceId(f"K1.{HOSTILE}"),
            kind=HOSTILE,
            state="down",
            code=HOSTILE,
            severity=HOSTILE,
            action=HOSTILE,
            readings={HOSTILE: HOSTILE},
        ),
    )
    for path in PAGES:
        page = hall.text(path)
        assert "<script>" not in page
        assert "{{7*7}}" in page or "alert" not in page
    assert "&lt;script&gt;" in hall.text("/tickets")
    assert "&lt;script&gt;" in hall.text("/devices")
    assert '\\"><script>' in hall.text("/metrics")
    hall.text("/ledger", kind=HOSTILE, device=HOSTILE)


def test_the_floor_shows_every_terminal_and_device_with_state_since_and_uptime(hall: Hall) -> None:
    printer = DeviceReport(device=DeviceId("K1.slip_printer"), kind="slip_printer", state="up")
    hall.report("K1", printer)
    hall.now, hall.mono = hall.now + 8, hall.mono + 8
    broken = DeviceReport(
        device=DeviceId("K1.slip_printer"),
        kind="slip_printer",
        state="down",
        code="no_paper",
        severity="fault",
        action="请装入新的打印纸",
    )
    hall.report("K1", broken)
    hall.now, hall.mono = hall.now + 2, hall.mono + 2
    hall.report("K1", broken)
    told = json.loads(hall.text("/api/devices"))
    assert {one["terminal"] for one in told["terminals"]} == {one.id for one in hall.pack.terminals}
    (device,) = told["devices"]
    assert (device["subject"], device["state"], device["code"], device["since"]) == (
        "K1.slip_printer",
        "down",
        "no_paper",
        MONDAY + 8,
    )
    assert device["uptime"] == pytest.approx(0.8)
    assert device["unobserved_s"] == 1800
    assert [card["device"] for card in told["alerts"]] == ["K1.slip_printer"]
    page = seen(hall.text("/devices"))
    assert "打印机 故障 缺纸 09:30:08 80% 80% 30分钟" in page
    assert "请装入新的打印纸" in page
    assert "2号自助机" in page
    assert "暂无数据" in page


def test_the_overview_tells_the_numbers_of_the_hall(hall: Hall) -> None:
    hall.take(Desk("K1"), "t1")
    hall.take(Desk("D1", "guide_desk"), "t2", grant=True)
    told = json.loads(hall.text("/api/overview"))
    assert (told["issued"], told["waiting"], told["priority_waiting"], told["day"]) == (2, 2, 1, "2026-11-23")
    assert told["decide_and_commit_ms"]["turns"] == len(told["decide_and_commit_ms"]["last"]) > 0
    assert told["ledger_entries"] == len(list(hall.ledger.entries()))
    assert "正在等候（优先 1）" in seen(hall.text("/"))
