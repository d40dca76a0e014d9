"""代办查询 on paper: whoever holds it sees that it was read for somebody and by whom, with both names masked."""

from functools import partial

import msgspec
import pytest

from kiosk.devices.sheet_printers.typesetting import Typesetter
from kiosk.devices.virtual.printer import VirtualPrinter
from kiosk.flows.a4_papers import a4_statement
from kiosk.flows.papers import statement_slip
from kiosk.flows.statement_sheets import Say
from kiosk.text.catalogue import load
from tests.hall_server.demo_statements import LI_HE, ZHANG_AN, built
from tests.papers.test_papers import printed, printer

__all__ = ["printer"]
SAY: Say = partial(load().say, "zh")
WORDS = ("代办查询", "代办人 李*", "被代办人 张*")
OF_FATHER = msgspec.structs.replace(built("pension_payments", ZHANG_AN), proxy_agent="李*")


@pytest.mark.row("RGT-07", part="face")
def test_the_slip_says_on_every_page_who_asked_for_whom(printer: VirtualPrinter) -> None:
    (text,) = printed(printer, statement_slip(OF_FATHER, SAY, printed_at="2026-11-23 09:35", copy=False))
    assert [words for words in WORDS if words not in text] == []
    assert LI_HE[0] not in text
    own = statement_slip(built("pension_payments", ZHANG_AN), SAY, printed_at="2026-11-23 09:35", copy=False)
    assert not [words for words in WORDS if words in printed(printer, own, "own")[0]]


def test_the_sheet_says_it_too_and_a_persons_own_does_not() -> None:
    told = a4_statement(OF_FATHER, SAY, printed_at="2026-11-23 09:35", made_at=1, copy=False)
    assert told.person[-2:] == (("代办查询", "代办人 李*"), ("", "被代办人 张*"))
    own = a4_statement(built("pension_payments", ZHANG_AN), SAY, printed_at="2026-11-23 09:35", made_at=1, copy=False)
    assert len(own.person) == len(told.person) - 2
    assert len(Typesetter("proxy").pdf(told)) > 0
