"""The four forms, with the sample people of the demo hall; sums are those of the hall's own example sheets."""

import tomllib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.errors import HallError
from hall.pack.hall_pack import parse
from hall.statements.forms import (
    FORMS,
    Certificate,
    InsuranceHeld,
    PensionMonth,
    PensionPayments,
    account_of,
    check_certificate,
    check_pension_payments,
    check_rights_record,
    gaps_in,
    months_paid,
    rights_record,
)
from hall.statements.sheets import ContributionLine, yuan
from tests.hall.world import PACK_DIR, pack_files, qinghe

YEAR = 2025


def person(key: str) -> dict[str, Any]:
    people = tomllib.loads((PACK_DIR / "people.toml").read_text(encoding="utf-8"))["people"]
    found: dict[str, Any] = next(one for one in people if one["key"] == key)
    return found


def lines(key: str) -> tuple[ContributionLine, ...]:
    told = person(key)
    return tuple(
        ContributionLine(insurance="企业职工基本养老保险", unit=told["unit"], **line) for line in told["contributions"]
    )


def pension(months: int = 12) -> PensionPayments:
    told = person("zhang-an")["pension"]
    every = tuple(
        PensionMonth(
            month=f"{YEAR}-{month:02d}",
            basic_fen=told["basic_fen"],
            account_fen=told["account_fen"],
            transition_fen=told["transition_fen"],
            total_fen=told["total_fen"],
            paid_on=f"{YEAR}-{month:02d}-15",
            account_last4=told["account_last4"],
            state="已发放",
        )
        for month in range(1, months + 1)
    )
    return PensionPayments(months=every, total_fen=told["total_fen"] * months)


def test_the_account_of_li_he_is_the_one_of_the_sheet() -> None:
    told = person("li-he")["account"]
    record = rights_record(YEAR, told["months_before"], told["opening_fen"], lines("li-he"), told["rate_bp"])
    check_rights_record(record)
    account = record.account
    assert yuan(account.opening_fen) == "68,432.17"
    assert yuan(account.booked_fen) == "6,480.00"
    assert yuan(account.interest_fen) == "1,426.84"
    assert yuan(account.closing_fen) == "76,339.01"
    assert (record.months_before, record.months_in_year, record.months_total, record.gaps) == (96, 12, 108, ())


def test_zhang_an_draws_twelve_months_of_pension() -> None:
    told = pension()
    check_pension_payments(told)
    assert yuan(told.months[0].total_fen) == "3,279.15"
    assert yuan(told.total_fen) == "39,349.80"


def test_wang_ping_has_ten_months_and_two_gaps() -> None:
    assert len([month for month in months_paid(lines("wang-ping")) if month.startswith("2025-")]) == 10
    assert gaps_in(lines("wang-ping"), YEAR) == ("2025-03", "2025-04")
    record = rights_record(YEAR, 0, 0, lines("wang-ping"), 200)
    check_rights_record(record)
    assert record.months_in_year == 10


@pytest.mark.row("RGT-04", part="rule")
def test_a_figure_that_is_not_the_sum_of_its_parts_is_named() -> None:
    record = rights_record(YEAR, 96, 6_843_217, lines("li-he"), 200)
    replace = msgspec.structs.replace
    for wrong, name in (
        (replace(record, months_total=107), "months_total"),
        (replace(record, account=replace(record.account, closing_fen=0)), "closing_fen"),
        (replace(record, gaps=("2025-01",)), "months_in_year"),
    ):
        with pytest.raises(HallError, match=name):
            check_rights_record(wrong)
    payments = pension()
    with pytest.raises(HallError, match="total_fen is 1"):
        check_pension_payments(replace(payments, total_fen=1))
    bad = (replace(payments.months[0], other_fen=1), *payments.months[1:])
    with pytest.raises(HallError, match="total_fen of 2025-01"):
        check_pension_payments(replace(payments, months=bad))


def test_a_certificate_cannot_hold_more_months_than_its_span() -> None:
    held = InsuranceHeld(insurance="失业保险", state="参保缴费", first_month="2024-11", last_month="2025-02", months=4)
    told = Certificate(place="青禾市", agency="中心", unit="厂", held=(held,), recent=(("2025-02", "正常"),))
    check_certificate(told)
    with pytest.raises(HallError, match=r"失业保险.*5 months in 4"):
        check_certificate(msgspec.structs.replace(told, held=(msgspec.structs.replace(held, months=5),)))
    assert "厂" not in repr(told)
    assert "5" not in repr(pension())


@given(st.integers(0, 10**9), st.integers(0, 1000))
def test_an_account_always_adds_up(opening: int, rate: int) -> None:
    account = account_of(opening, lines("li-he"), YEAR, rate)
    assert account.closing_fen == account.opening_fen + account.booked_fen + account.interest_fen
    assert account.interest_fen >= opening * rate // 10_000


def test_a_pack_may_name_the_four_forms_and_no_other() -> None:
    assert tuple(FORMS.values()) == ("参保缴费证明", "个人权益记录单", "缴费明细", "养老金发放明细")
    assert all(form.code in FORMS for form in qinghe().forms)
    files = pack_files()
    files["statements.toml"] += '\n[[forms]]\ncode = "wealth"\ntitle = "t"\ntitle_en = "t"\nnotes = []\n'
    with pytest.raises(HallError, match=r"statements\.toml:forms.*'wealth'.*certificate"):
        parse(files)
