"""A slip under the guide desk's scanner opens its number, and never somebody else's of the same label."""

import msgspec
import pytest

from hall.desk_facts import DeskMove, TicketShown
from hall.errors import Reason
from hall.ids import ItemCode, StaffId, TicketId, TicketLabel
from kiosk.flows.desk_steps import DeskNumber, DeskTyping
from kiosk.flows.desk_words import NumberRead, NumberRefused, ReadNumber
from kiosk.flows.guide_desk import advance
from kiosk.flows.scan_words import Scanned
from kiosk.flows.scanned import slip_code
from kiosk.flows.steps import DeskGranting, DeskIssued, DeskReady, Paper, SigningIn
from kiosk.flows.words import PressedDigit, Step
from tests.flows import samples

STAFF = StaffId("0101")
WHO = (STAFF, "何苗")
TICKET, C012 = TicketId("019a0000000070008000000000000001"), TicketLabel("C012")
OWN = Scanned(slip_code(TICKET, C012))
ASKED = DeskTyping(*WHO, asked=C012, slip=TICKET)


def shown(ticket: TicketId = TICKET) -> TicketShown:
    return TicketShown(issued=msgspec.structs.replace(samples.issued(), ticket=ticket), state="missed")


@pytest.mark.parametrize(
    "step",
    [
        DeskReady(*WHO),
        DeskTyping(*WHO, typed="A1"),
        DeskNumber(*WHO, shown(TicketId("f" * 32))),
        DeskIssued(*WHO, samples.issued(), None, Paper.OUT),
    ],
)
def test_a_slip_opens_its_number_from_every_page_where_nothing_is_under_way(step: Step) -> None:
    assert advance(step, OWN) == (ASKED, (ReadNumber(C012, STAFF),))
    assert advance(ASKED, NumberRead(C012, shown()))[0] == DeskNumber(*WHO, shown())


@pytest.mark.parametrize(
    "step",
    [
        ASKED,
        DeskNumber(*WHO, shown(), asking=DeskMove.RETURN),
        DeskGranting(*WHO, ItemCode("SI-301")),
        SigningIn("guide_desk"),
    ],
)
def test_while_something_is_under_way_a_slip_changes_nothing(step: Step) -> None:
    assert advance(step, OWN) == (step, ())


def test_yesterdays_slip_does_not_open_todays_number_of_the_same_label() -> None:
    step, _ = advance(ASKED, NumberRead(C012, shown(TicketId("f" * 32))))
    assert step == DeskTyping(*WHO, problem=Reason.UNKNOWN_TICKET)


def test_after_a_refusal_a_typed_number_is_read_whatever_was_scanned_before() -> None:
    step, _ = advance(ASKED, NumberRefused(C012, Reason.SERVER_AWAY))
    assert step == DeskTyping(*WHO, problem=Reason.SERVER_AWAY)
    assert advance(step, PressedDigit("1"))[0] == step, "a letter comes first"


def test_a_strangers_code_is_told_as_one() -> None:
    assert advance(DeskReady(*WHO), Scanned("6901234567892"))[0] == DeskTyping(*WHO, problem=Reason.MALFORMED)
