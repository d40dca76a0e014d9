"""The four official statements on paper: every field of the form, and the totals at its foot (RGT-04)."""

from functools import partial

import msgspec
import pytest

from hall.statements.forms import PensionPayments
from hall.statements.sheets import Statement
from kiosk.devices.virtual.printer import VirtualPrinter
from kiosk.flows.papers import statement_slip
from kiosk.flows.statement_bodies import ROWS_A_PAGE, pages
from kiosk.flows.statement_sheets import Say, row_count, sheet
from kiosk.text.catalogue import load
from tests.hall_server.demo_statements import LI_HE, WANG_PING, ZHANG_AN, built
from tests.papers.test_papers import printed, printer

__all__ = ["printer"]
SAY: Say = partial(load().say, "zh")
OF_ALL = (
    "青禾市社会保险事业服务中心(样例)",
    "数据截至 2026-11-20",
    "打印时间 2026-11-23 09:35",
    "终端 K1",
    "QH-20261123-K1-000001",
    "7F3K9QAZ",
    "有效至 2026-12-23",
    "监督电话 12345",
    "第 1 页，共 1 页",
    "本单不收费",
    "样例",
)
BODIES = {
    "certificate": (
        LI_HE,
        "参保缴费证明",
        "查询期间 2017年1月至2026年10月",
        (
            "青禾市(样例)",
            "青禾纺织有限公司(样例)",
            "工伤保险",
            "失业保险",
            "2017-01 至 2026-10",
            "累计 118 个月",
            "2025-11 正常",
        ),
    ),
    "rights_record": (
        LI_HE,
        "个人权益记录单",
        "查询期间 2025年1月至2025年12月",
        ("68,432.17 元", "6,480.00 元", "1,426.84 元", "76,339.01 元", "96 个月", "12 个月", "108 个月"),
    ),
    "contributions": (
        LI_HE,
        "缴费明细",
        "查询期间 2025年1月至2025年12月",
        ("缴费月数 12 个月", "12,960.00 元", "6,480.00 元", "7,000.00", "2025-12"),
    ),
    "pension_payments": (
        ZHANG_AN,
        "养老金发放明细",
        "查询期间 2025年1月至2025年12月",
        ("2,318.60", "642.15", "318.40", "3,279.15", "39,349.80 元", "账户末4位 0011", "2025-12-15", "已发放"),
    ),
}


def paper(printer: VirtualPrinter, statement: Statement) -> str:
    (text,) = printed(printer, statement_slip(statement, SAY, printed_at="2026-11-23 09:35", copy=False))
    return text


@pytest.mark.row("RGT-04", part="face")
@pytest.mark.parametrize("form", list(BODIES))
def test_each_of_the_four_statements_prints_whole_with_its_totals(printer: VirtualPrinter, form: str) -> None:
    who, title, period, told = BODIES[form]
    text = paper(printer, built(form, who))
    for each in (*OF_ALL, title, f"姓名 {who[0]}", f"证件号码 {who[1]}", f"社会保障号码 {who[1]}", period, *told):
        assert each in text, each


def test_the_months_missing_stand_on_the_record(printer: VirtualPrinter) -> None:
    text = paper(printer, built("rights_record", WANG_PING))
    assert "2025-03、2025-04" in text
    assert "58 个月" in text


def test_years_of_pensions_go_over_the_page_with_one_total() -> None:
    statement = built("pension_payments", ZHANG_AN)
    assert statement.pension is not None
    many = statement.pension.months * 3
    long = PensionPayments(months=many, total_fen=statement.pension.total_fen * 3)
    told = pages(msgspec.structs.replace(statement, pension=long), SAY)
    assert len(told) == -(-36 // ROWS_A_PAGE)
    assert ["发放合计" in str(page) for page in told] == [False, True]


def test_what_was_paid_beside_the_pension_and_no_pension_at_all_are_told(printer: VirtualPrinter) -> None:
    statement = built("pension_payments", ZHANG_AN)
    assert statement.pension is not None
    first = statement.pension.months[0]
    extra = msgspec.structs.replace(first, other_fen=5_000, total_fen=first.total_fen + 5_000)
    one = PensionPayments(months=(extra,), total_fen=extra.total_fen)
    assert "其他 50.00 元" in paper(printer, msgspec.structs.replace(statement, pension=one))
    none = PensionPayments(months=(), total_fen=0)
    assert "没有发放记录" in str(pages(msgspec.structs.replace(statement, pension=none), SAY))


@pytest.mark.parametrize("form", list(BODIES))
def test_the_screen_has_as_many_rows_in_every_language(form: str) -> None:
    statement = built(form, BODIES[form][0])
    counts = {len(sheet(statement, partial(load().say, language)).rows) for language in ("zh", "en")}
    assert counts == {row_count(statement)}
    assert all(len(row.cells) == len(sheet(statement, SAY).columns) for row in sheet(statement, SAY).rows)


def test_a_pension_not_paid_out_is_told_on_the_screen() -> None:
    statement = built("pension_payments", ZHANG_AN)
    assert statement.pension is not None
    back = msgspec.structs.replace(statement.pension.months[0], state="退回")
    told = PensionPayments(months=(back,), total_fen=back.total_fen)
    (row,) = sheet(msgspec.structs.replace(statement, pension=told), SAY).rows
    assert (row.odd, row.under) == (True, "退回")
