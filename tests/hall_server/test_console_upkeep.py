"""「维护」 and the opening checklist on the lead's page: due, recorded, exported; who may write what down."""

import csv
import io
import json
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest
from starlette.testclient import TestClient

from hall.commands import Done, SignIn
from hall.ids import BusinessDay, DeviceId, StaffId
from hall.pack.hall_pack import HallPack, terminals_shown
from hall.services.opening_checklist import checklist
from hall.upkeep import LineSigned, MaintenanceNoted, MaintenanceRecorded, RecordMaintenance, SignOpening
from hall.wire.health_reports import DeviceReport
from hall_server.ledger.store import Ledger
from tests.hall_server.conftest import Desk, HandWriter
from tests.hall_server.console_hall import HOST, Hall, seen

GUIDE = StaffId("0101")
PRINTER = "K2.slip_printer"


@pytest.fixture
def hall(pack: HallPack, ledger: Ledger, writer: HandWriter) -> Hall:
    return Hall(pack, ledger, writer, expecting=True)


@pytest.fixture
def guide(hall: Hall) -> Desk:
    desk = Desk("D1", "guide_desk")
    hall.writer.turn(desk.ask(SignIn(staff=GUIDE, sealed_pin=b""), "in"))
    return desk


def due(hall: Hall, device: str = PRINTER, work: str = "inspection") -> Any:
    rows = json.loads(hall.text("/api/maintenance"))["due"]
    return next(row for row in rows if (row["device"], row["work"]) == (device, work))


def write_down(browser: TestClient, **other: str) -> httpx2.Response:
    fields = {"device": PRINTER, "work": "inspection", "finding": "cleaned", "staff": "0101", "note": "", **other}
    return browser.post("/maintenance", data=fields, headers={"Origin": HOST})


def end_of(hall: Hall, answer: httpx2.Response) -> str:
    assert answer.status_code == 303
    path, _, query = answer.headers["location"].partition("?")
    return seen(hall.text(path, **dict(parse_qsl(query))))


def test_an_overdue_inspection_is_on_the_page_and_the_desks_record_clears_it(hall: Hall, guide: Desk) -> None:
    assert (due(hall)["standing"], due(hall)["due"]) == ("overdue", "2026-11-18")
    assert "已过期 2号自助机打印机 K2.slip_printer 检查保养" in seen(hall.text("/maintenance"))
    asked = RecordMaintenance(device=DeviceId(PRINTER), work="inspection", finding="cleaned", staff=GUIDE)
    hall.writer.turn(guide.ask(asked, "record"))
    assert guide.replies[-1] == MaintenanceNoted(device=DeviceId(PRINTER), work="inspection", next_due="2027-02-22")
    assert (due(hall)["standing"], due(hall)["due"], due(hall)["last"]) == ("later", "2027-02-22", "2026-11-23")
    page = seen(hall.text("/maintenance"))
    assert "2号自助机打印机 K2.slip_printer 检查保养 已清洁 — 何苗(0101)" in page
    assert "记录设备维护" in seen(hall.text("/ledger", kind="MaintenanceRecorded"))


def test_the_lead_writes_down_a_repair_with_a_remark_and_it_is_in_the_history(hall: Hall) -> None:
    browser = hall.inside()
    page = end_of(hall, write_down(browser, work="repair", finding="replaced", note="  切刀换新,  试打3张正常 "))
    assert "已记录" in page
    assert "维修 已更换 切刀换新,试打3张正常 何苗(0101)" in page.replace(", ", ",")
    assert due(hall)["standing"] == "overdue", "a repair is no inspection"
    assert "下次应在 2027-02-22 前完成" in end_of(hall, write_down(browser))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"note": "师傅13800138000"}, "没有记录"),
        ({"note": "丢了不负责"}, "服务忌语"),
        ({"note": "长" * 121}, "最多120个字"),
        ({"staff": "0310"}, "由导引员或负责人记录"),
    ],
)
def test_what_may_not_be_written_down_is_refused_with_the_way_on(hall: Hall, fields: dict[str, str], told: str) -> None:
    page = end_of(hall, write_down(hall.inside(), **fields))
    assert told in page
    assert "13800138000" not in page
    assert json.loads(hall.text("/api/maintenance"))["records"] == []


@pytest.mark.parametrize("fields", [{"device": "K9.x"}, {"work": "dance"}, {"finding": ""}])
def test_a_form_that_is_not_ours_is_not_understood(hall: Hall, fields: dict[str, str]) -> None:
    assert write_down(hall.inside(), **fields).status_code == 422


def test_a_busy_writer_says_that_nothing_was_written_down(hall: Hall) -> None:
    browser = hall.inside()
    hall.busy = True
    assert "请稍后再试" in end_of(hall, write_down(browser))


def test_paper_stands_first_in_the_list_by_the_printers_own_count(hall: Hall) -> None:
    readings = {"slips_left": "40"}
    printer = DeviceReport(device=DeviceId("K1.slip_printer"), kind="slip_printer", state="up", readings=readings)
    hall.report("K1", printer)
    row = json.loads(hall.text("/api/maintenance"))["due"][0]
    assert (row["device"], row["slips"], row["standing"]) == ("K1.slip_printer", 40, "due")
    assert "纸还可打约40张" in seen(hall.text("/maintenance"))


def test_the_table_can_be_taken_along_and_holds_no_formula(hall: Hall, guide: Desk) -> None:
    asked = RecordMaintenance(device=DeviceId(PRINTER), work="repair", finding="fine", note="=1+1", staff=GUIDE)
    hall.writer.turn(guide.ask(asked, "record"))
    answer = hall.get("/maintenance.csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:4] == ["类别", "设备", "编号", "工作"]
    assert rows[1][5:7] == ["已过期", "2026-11-18"]
    assert rows[-1][0] == "记录"
    assert "'=1+1" in rows[-1]


def test_a_terminals_own_claim_is_no_record(hall: Hall) -> None:
    desk = Desk("K1")
    claim = MaintenanceRecorded(device=DeviceId(PRINTER), work="inspection", finding="fine", staff=GUIDE, at=hall.now)
    hall.writer.turn(desk.up(desk.parcel(claim)))
    assert due(hall)["standing"] == "overdue"
    assert json.loads(hall.text("/api/maintenance"))["records"] == []


@pytest.mark.row("FAC-12", part="face")
def test_an_unfinished_checklist_at_opening_time_is_on_the_leads_page_with_the_missing_lines(
    hall: Hall, guide: Desk
) -> None:
    hall.now -= 3600  # 08:30: the hall is not open yet
    assert "开门前待确认 8 项" in seen(hall.text("/"))
    lines = [line.id for line in checklist(terminals_shown(hall.pack), hall.pack.opening)]
    some = tuple(LineSigned(line, "fine") for line in lines[:-2])
    day = BusinessDay("2026-11-23")
    hall.writer.turn(guide.ask(SignOpening(day=day, lines=some, staff=GUIDE), "sign"))
    assert isinstance(guide.replies[-1], Done)
    hall.now += 3600
    page = seen(hall.text("/"))
    assert "开门检查未完成" in page
    assert "还没有确认：公示屏和公示栏内容正常、办事指南、宣传单齐全" in page
    assert "何苗(0101)" in page
    rest = tuple(LineSigned(line, "fault" if line == "look.notice" else "fine") for line in lines[-2:])
    hall.writer.turn(guide.ask(SignOpening(day=day, lines=rest, staff=GUIDE), "rest"))
    page = seen(hall.text("/"))
    assert "开门检查未完成" not in page
    assert "各项都已查看" in page
    assert "公示屏和公示栏内容正常：有问题" in page
    assert json.loads(hall.text("/api/opening"))["missing"] == []


def test_the_guide_desk_hears_what_is_due_and_that_it_was_done(hall: Hall, guide: Desk) -> None:
    book = hall.book
    assert PRINTER in {one.device for one in book.due((), hall.now)}
    asked = RecordMaintenance(device=DeviceId(PRINTER), work="inspection", finding="fine", staff=GUIDE)
    hall.writer.turn(guide.ask(asked, "record"))
    assert PRINTER not in {one.device for one in book.due((), hall.now)}
