"""The sample people's four statements, from the demo source to the complete statement: every total is the right one."""

import msgspec
import pytest

from hall.errors import HallError, Reason
from hall.statements.forms import FORMS
from hall.statements.sheets import Statement, check_totals, yuan
from hall_server.records.building import digest
from hall_server.records.ports import PersonRecord
from tests.hall.world import qinghe
from tests.hall_server.demo_statements import LI_HE, LIU_YUE, WANG_PING, ZHANG_AN, built, fetch


def test_the_hall_serves_all_four_forms_and_an_item_leads_to_each() -> None:
    assert [form.code for form in qinghe().forms] == list(FORMS)
    assert {item.self_service_form for item in qinghe().items} - {""} == set(FORMS)
    assert all(form.title == FORMS[form.code] for form in qinghe().forms)


@pytest.mark.row("RGT-04", part="rule")
def test_the_account_of_li_he_closes_at_what_was_there_was_booked_and_was_earned() -> None:
    rights = built("rights_record", LI_HE).rights
    assert rights is not None
    told = (
        rights.account.opening_fen,
        rights.account.booked_fen,
        rights.account.interest_fen,
        rights.account.closing_fen,
    )
    assert [yuan(fen) for fen in told] == ["68,432.17", "6,480.00", "1,426.84", "76,339.01"]
    assert (rights.months_before, rights.months_in_year, rights.months_total) == (96, 12, 108)
    assert (rights.unemployment_months, rights.injury_months) == (108, 108)


@pytest.mark.row("RGT-04", part="rule")
def test_who_pays_twenty_percent_alone_has_eight_booked_and_sees_the_gap() -> None:
    rights = built("rights_record", WANG_PING).rights
    assert rights is not None
    assert yuan(rights.account.booked_fen) == "3,600.00"
    assert (rights.gaps, rights.months_in_year) == (("2025-03", "2025-04"), 10)


@pytest.mark.row("RGT-04", part="rule")
def test_zhang_an_sees_twelve_pensions_and_their_sum() -> None:
    pension = built("pension_payments", ZHANG_AN).pension
    assert pension is not None
    assert len(pension.months) == 12
    assert (yuan(pension.months[0].total_fen), yuan(pension.total_fen)) == ("3,279.15", "39,349.80")
    assert pension.months[0].account_last4 == "0011"


@pytest.mark.row("RGT-04", part="rule")
def test_contributions_sum_to_what_the_sheet_says() -> None:
    told = built("contributions", LI_HE)
    assert (yuan(told.total_unit_fen), yuan(told.total_person_fen), told.months_paid) == ("12,960.00", "6,480.00", 12)


@pytest.mark.parametrize("who", [LI_HE, WANG_PING, ZHANG_AN])
def test_a_certificate_agrees_with_the_months_of_the_other_forms(who: tuple[str, str]) -> None:
    told = built("certificate", who).certificate
    assert told is not None
    assert (told.place, bool(told.agency), bool(told.unit)) == ("青禾市(样例)", True, True)
    assert len(told.recent) == 12
    pension = told.held[0]
    assert pension.last_month == max(month for month, state in told.recent if state != "未缴")
    if fetch("rights_record", who) is not Reason.UNKNOWN_PERSON:
        rights = built("rights_record", who).rights
        assert rights is not None
        later = [month for month, state in told.recent if month > "2025-12" and state == "正常"]
        assert pension.months == rights.months_total + len(later)


def test_a_pension_is_told_from_its_first_month_to_the_day_of_the_data() -> None:
    for year, months in ((2021, 0), (2022, 9), (2026, 11)):
        record = fetch("pension_payments", ZHANG_AN, year)
        assert isinstance(record, PersonRecord)
        assert record.pension is not None
        assert len(record.pension.months) == months, year


@pytest.mark.parametrize("form", list(FORMS))
def test_a_strange_name_or_a_person_without_such_a_record_opens_nothing(form: str) -> None:
    assert fetch(form, ("李四", LI_HE[1])) is Reason.UNKNOWN_PERSON
    assert fetch(form, LIU_YUE) is Reason.UNKNOWN_PERSON
    assert fetch("wealth", LI_HE) is Reason.UNKNOWN_FORM
    assert fetch("rights_record", LI_HE, 2024) is Reason.UNKNOWN_PERSON


@pytest.mark.parametrize(
    ("form", "who"), [("certificate", LI_HE), ("rights_record", LI_HE), ("pension_payments", ZHANG_AN)]
)
def test_a_statement_without_its_body_or_with_anothers_is_refused(form: str, who: tuple[str, str]) -> None:
    right = built(form, who)
    check_totals(right)
    for wrong in (
        msgspec.structs.replace(right, certificate=None, rights=None, pension=None),
        msgspec.structs.replace(right, form="contributions"),
    ):
        with pytest.raises(HallError, match="body"):
            check_totals(wrong)


@pytest.mark.parametrize(
    ("form", "who"), [("certificate", LI_HE), ("rights_record", LI_HE), ("pension_payments", ZHANG_AN)]
)
def test_a_statement_comes_out_of_its_seal_as_it_went_in(form: str, who: tuple[str, str]) -> None:
    right = built(form, who)
    assert msgspec.json.decode(msgspec.json.encode(right), type=Statement) == right
    assert who[0] not in repr(right)


def test_the_check_code_covers_every_body() -> None:
    record = fetch("rights_record", LI_HE)
    assert isinstance(record, PersonRecord)
    assert digest("rights_record", record) != digest("certificate", record)
    other = fetch("rights_record", WANG_PING)
    assert isinstance(other, PersonRecord)
    assert digest("rights_record", record) != digest("rights_record", other)
