"""One's own slip under the scanner of a self-service terminal."""

import msgspec
import pytest

from hall.desk_facts import TicketShown
from hall.errors import Reason
from hall.ids import AreaId, TicketId, TicketLabel, WindowId
from kiosk.flows.own_slip import SLIP_S
from kiosk.flows.scan_words import Scanned, ShowTicket, TicketNotTold, TicketTold
from kiosk.flows.scanned import slip_code
from kiosk.flows.self_service import advance
from kiosk.flows.slip_steps import LookingUpSlip, StrangeCode, TellingSlip
from kiosk.flows.steps import ChoosingForm, ChoosingGroup, ChoosingItem, Home, Issuing, Paper, ShowingTicket, StillThere
from kiosk.flows.words import (
    AskRefused,
    Ended,
    EndSession,
    Happened,
    StartTimer,
    Step,
    TimerFired,
    WantsTicket,
    WentBack,
    WentIdle,
)
from tests.flows import samples

TICKET, C012 = TicketId("019a0000000070008000000000000001"), TicketLabel("C012")
OWN = Scanned(slip_code(TICKET, C012))
LOOKING = LookingUpSlip(TICKET, C012)
BEGUN = StartTimer("slip", SLIP_S)


def shown(state: str = "waiting", *, ticket: TicketId = TICKET, returned: bool = False) -> TicketShown:
    return TicketShown(
        issued=msgspec.structs.replace(samples.issued(), ticket=ticket),
        windows=(WindowId("7"),),
        area=AreaId("Q3"),
        state=state,
        returned=returned,
    )


def test_a_slip_at_the_home_screen_is_looked_up_and_told() -> None:
    assert advance(Home(), OWN) == (LOOKING, (ShowTicket(TICKET, C012),))
    back = shown(returned=True)
    assert advance(LOOKING, TicketTold(back)) == (TellingSlip(back), (BEGUN,))


@pytest.mark.parametrize("step", [ChoosingGroup(), ChoosingItem("pension"), TellingSlip(shown()), StrangeCode()])
def test_it_is_also_looked_up_while_nothing_else_was_begun_and_after_another_slip(step: Step) -> None:
    assert advance(step, OWN)[0] == LOOKING


@pytest.mark.parametrize(
    "step",
    [
        LOOKING,
        Issuing(samples.issued().item),
        ShowingTicket(samples.issued(), None, Paper.PRINTING),
        ChoosingForm(),
        StillThere(ChoosingForm()),
    ],
)
def test_a_code_in_the_middle_of_something_else_changes_nothing(step: Step) -> None:
    assert advance(step, OWN) == (step, ())


def test_a_strangers_code_is_answered_politely_and_asks_nobody() -> None:
    assert advance(Home(), Scanned("wxp://f2f0")) == (StrangeCode(), (BEGUN,))


@pytest.mark.parametrize("answer", [TicketNotTold(TICKET, Reason.UNKNOWN_TICKET), AskRefused(Reason.UNKNOWN_TICKET)])
def test_a_slip_that_cannot_be_told_about_says_so(answer: Happened) -> None:
    assert advance(LOOKING, answer) == (StrangeCode(Reason.UNKNOWN_TICKET), (BEGUN,))


def test_the_answer_about_another_slip_is_not_shown() -> None:
    other = TicketId("f" * 32)
    assert advance(LOOKING, TicketTold(shown(ticket=other))) == (LOOKING, ())
    assert advance(LOOKING, TicketNotTold(other, Reason.SERVER_AWAY)) == (LOOKING, ())
    assert advance(Home(), TicketTold(shown())) == (Home(), ())


@pytest.mark.parametrize("step", [TellingSlip(shown()), StrangeCode(Reason.SERVER_AWAY)])
def test_from_there_one_may_take_a_number_or_leave_and_is_left_alone_by_the_idle_clock(step: Step) -> None:
    assert advance(step, WantsTicket()) == (ChoosingGroup(), ())
    for leave in (Ended(), WentBack(), TimerFired("slip")):
        assert advance(step, leave) == (Home(), (EndSession(),))
    assert advance(step, WentIdle()) == (step, ())
