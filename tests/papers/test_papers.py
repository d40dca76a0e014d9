"""What comes out of the printer: our blocks, our driver, and a printer that parses strictly."""

from collections.abc import Iterator
from functools import partial

import msgspec
import pytest

from hall.commands import PriorityGround
from hall.ids import JobId, TicketLabel
from hall.statements.sheets import Statement
from kiosk.devices.slip_printers.escpos import Options, connect
from kiosk.devices.virtual.printer import Tcp, VirtualPrinter
from kiosk.flows.papers import Say, statement_slip, ticket_slip
from kiosk.flows.statement_bodies import ROWS_A_PAGE
from kiosk.ports import Fault, PrintOutcome, Slip
from kiosk.text.catalogue import load
from tests.flows import samples

WAIT_S = 60.0
SAY: Say = partial(load().say, "zh")


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    made = VirtualPrinter("K1.slip_printer", Tcp())
    made.start()
    yield made
    made.stop()


def printed(printer: VirtualPrinter, slip: Slip, job: str = "job") -> list[str]:
    host, port = str(printer.state()["address"]).rsplit(":", 1)
    driver = connect(
        Options(transport="tcp", host=host, port=int(port), confirm="process_id"), "K1.slip_printer", _quiet
    )
    before = len(printer.papers)
    try:
        assert driver.print(JobId(job), slip).outcome is PrintOutcome.PRINTED
    finally:
        driver.close()
    assert printer.wait_until(lambda it: len(it.papers) > before, WAIT_S)
    assert printer.errors == []
    return [paper.text for paper in printer.papers[before:]]


def _quiet(job: JobId, fault: Fault | None) -> None:
    """Nobody waits in these tests."""


@pytest.mark.row("QUE-03", part="face")
def test_the_ticket_tells_everything_and_nothing_personal(printer: VirtualPrinter) -> None:
    slip = ticket_slip(
        samples.issued(), samples.leased(), samples.pack(), SAY, issued_at="2026-11-23 09:30", copy=False
    )
    (text,) = printed(printer, slip)
    for told in (
        "青禾市社会保险服务大厅",
        "C012",
        "职工基本养老金申领",
        "7、8号窗口",
        "东侧等候休息区",
        "前面还有 5 人",
        "8–15 分钟",
        "有效身份证件或社会保障卡",
        "申领表",
        "2026-11-23 09:30",
        "过号请到导引台",
        "12345",
        "样例",
    ):
        assert told in text, told
    assert "优先" not in text
    assert "000000" not in text
    assert "李" not in text


@pytest.mark.row("QUE-11", part="face")
def test_a_priority_ticket_says_priority_and_never_why(printer: VirtualPrinter) -> None:
    slip = ticket_slip(samples.issued("Y001", priority=True), None, samples.pack(), SAY, issued_at="09:30", copy=False)
    (text,) = printed(printer, slip)
    assert "优先" in text
    assert "Y001" in text
    grounds = ("孕", "残疾", "老年", "体弱", "患病", "军人", *PriorityGround)
    assert not [ground for ground in grounds if ground in text]


@pytest.mark.row("EXT-16", part="face")
def test_the_ticket_of_an_item_served_first_says_priority_under_its_own_number(printer: VirtualPrinter) -> None:
    pack = samples.pack()
    first = tuple(msgspec.structs.replace(item, priority=item.code == "SI-301") for item in pack.items)
    told = msgspec.structs.replace(pack, items=first)
    (text,) = printed(printer, ticket_slip(samples.issued(), None, told, SAY, issued_at="09:30", copy=False))
    assert "优先" in text
    assert "C012" in text


def test_a_reserve_ticket_says_about(printer: VirtualPrinter) -> None:
    slip = ticket_slip(samples.issued("C701", reserve=True), None, samples.pack(), SAY, issued_at="09:30", copy=False)
    (text,) = printed(printer, slip)
    assert "约" in text
    assert "7、8号窗口" in text


def test_a_last_resort_number_still_fits_the_paper(printer: VirtualPrinter) -> None:
    issued = msgspec.structs.replace(samples.issued(), suffix="-K1", label=TicketLabel("C12-K1"), quote=None)
    (text,) = printed(printer, ticket_slip(issued, None, samples.pack(), SAY, issued_at="09:30", copy=True))
    assert "C12-K1" in text
    assert "补打" in text


@pytest.mark.row("RGT-04", part="face")
def test_the_statement_carries_every_field_of_the_official_form(printer: VirtualPrinter) -> None:
    statement = samples.statement()
    (text,) = printed(printer, statement_slip(statement, SAY, printed_at="2026-11-23 09:35", copy=False))
    for told in (
        statement.agency,
        statement.title,
        "李和",
        "000000198907220025",
        statement.period,
        "数据截至 2026-11-20",
        "QH-20261123-K1-000001",
        "7F3K9QAZ",
        "2026-11-23 09:35",
        "K1",
        "第 1 页，共 1 页",
        "本单不收费",
        "2026-12-23",
        "12345",
        "样例",
        "缴费月数 12 个月",
        "12,480.00 元",
        "6,240.00 元",
    ):
        assert told in text, told
    for line in statement.lines:
        assert line.month in text


def test_a_long_statement_goes_on_over_the_page_with_its_own_head_and_one_total(printer: VirtualPrinter) -> None:
    statement = samples.statement(ROWS_A_PAGE + 6)
    pages = printed(printer, statement_slip(statement, SAY, printed_at="now", copy=False))
    if len(pages) == 1:
        assert printer.wait_until(lambda it: len(it.papers) == 2, WAIT_S)
        pages = [paper.text for paper in printer.papers]
    assert ["共 2 页" in page for page in pages] == [True, True]
    assert ["缴费月数" in page for page in pages] == [False, True]
    assert all(statement.serial in page for page in pages)


def test_a_statement_without_months_says_so(printer: VirtualPrinter) -> None:
    statement = without_lines(samples.statement())
    (text,) = printed(printer, statement_slip(statement, SAY, printed_at="now", copy=True))
    assert "没有缴费记录" in text
    assert "补打" in text


def without_lines(statement: Statement) -> Statement:
    return msgspec.structs.replace(statement, lines=(), total_person_fen=0, total_unit_fen=0, months_paid=0)


def test_a_month_credited_later_says_when(printer: VirtualPrinter) -> None:
    late = msgspec.structs.replace(samples.line("2025-03"), credited_month="2025-05", state="补缴")
    statement = msgspec.structs.replace(
        samples.statement(1), lines=(late,), total_unit_fen=late.unit_fen, total_person_fen=late.person_fen
    )
    (text,) = printed(printer, statement_slip(statement, SAY, printed_at="now", copy=False))
    assert "到账 2025-05" in text
    assert "补缴" in text


def test_the_paper_of_a_job_has_no_memory_of_another(printer: VirtualPrinter) -> None:
    first = printed(printer, statement_slip(samples.statement(1), SAY, printed_at="now", copy=False), "one")
    second = printed(
        printer,
        ticket_slip(samples.issued(), None, samples.pack(), SAY, issued_at="now", copy=False),
        "two",
    )
    assert "李和" in first[0]
    assert "李和" not in second[0]
