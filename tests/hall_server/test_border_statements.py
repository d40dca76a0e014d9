"""All four statements through the border: sealed holder in, numbered in the ledger, sealed statement out."""

import pytest

from hall.errors import Reason
from hall.people.holders import Holder, Proof
from hall.statements.forms import FORMS
from hall.statements.sheets import check_totals
from tests.hall_server.demo_statements import LI_HE, LIU_YUE, ZHANG_AN
from tests.hall_server.test_border import KEYS, Counter, counter, make_counter, opened, read, reason

__all__ = ["counter", "make_counter"]
OWNERS = {"certificate": LI_HE, "rights_record": LI_HE, "contributions": LI_HE, "pension_payments": ZHANG_AN}


def holder(who: tuple[str, str]) -> Holder:
    return Holder(name=who[0], number=who[1], proof=Proof.ID_CARD)


@pytest.mark.row("RGT-04", part="rule")
@pytest.mark.parametrize("form", list(FORMS))
def test_each_statement_comes_with_serial_check_code_and_right_totals(counter: Counter, form: str) -> None:
    told = opened(counter.ask("K2", read(holder(OWNERS[form]), form)))
    check_totals(told)
    assert (told.form, told.title, told.name) == (form, FORMS[form], OWNERS[form][0])
    assert all((told.agency, told.period, told.as_of, told.serial, told.verify_until, told.supervision, told.notes))
    (prepared,) = [entry for entry in counter.ledger.entries() if entry.kind == "StatementPrepared"]
    assert told.name.encode() not in prepared.body
    assert len(told.check_code) == len(KEYS.check_code(told.serial, ""))


@pytest.mark.parametrize("form", list(FORMS))
def test_who_has_no_such_record_is_told_so_and_uses_no_serial(counter: Counter, form: str) -> None:
    assert reason(counter.ask("K2", read(holder(LIU_YUE), form))) is Reason.UNKNOWN_PERSON
    assert [entry for entry in counter.ledger.entries() if entry.kind == "StatementPrepared"] == []
