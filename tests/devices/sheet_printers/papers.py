"""Sheets for the tests: the four official forms, and one with whatever words a test wants."""

from dataclasses import replace
from functools import partial

from kiosk.flows.a4_papers import A4Paper, a4_statement
from kiosk.flows.statement_sheets import Say
from kiosk.text.catalogue import load
from tests.flows import samples
from tests.hall_server.demo_statements import LI_HE, WANG_PING, ZHANG_AN, built

SAY: Say = partial(load().say, "zh")
AT = 1_795_397_700.0
FORMS = {
    "certificate": LI_HE,
    "rights_record": LI_HE,
    "contributions": WANG_PING,
    "pension_payments": ZHANG_AN,
}


def official(form: str, *, copy: bool = False) -> A4Paper:
    return a4_statement(built(form, FORMS[form]), SAY, printed_at="2026-11-23 09:35", made_at=AT, copy=copy)


def long(months: int) -> A4Paper:
    return a4_statement(samples.statement(months), SAY, printed_at="2026-11-23 09:35", made_at=AT, copy=True)


def named(name: str) -> A4Paper:
    """A short sheet of somebody with this name."""
    paper = long(1)
    (label, _), *rest = paper.person
    return replace(paper, person=((label, name), *rest))
