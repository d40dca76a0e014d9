"""One's own slip under a self-service scanner: where the number stands, and the way back into the line."""

from kiosk.flows.scan_words import Scanned, ShowTicket, TicketNotTold, TicketTold
from kiosk.flows.scanned import SlipCode, read_code
from kiosk.flows.slip_steps import LookingUpSlip, StrangeCode, TellingSlip
from kiosk.flows.steps import ChoosingGroup, ChoosingItem, Home
from kiosk.flows.words import AskRefused, Effect, Happened, StartTimer, Step, WantsTicket

SLIP_S = 40.0
"""Long enough to read where to go, twice."""
LISTENING = (Home, ChoosingGroup, ChoosingItem, TellingSlip, StrangeCode)
"""Where a code is looked at: before anything else was begun, and one slip after another."""


def advance(step: Step, happened: Happened) -> tuple[Step, tuple[Effect, ...]] | None:
    """Return the move, or None when this errand has nothing to say."""
    match step, happened:
        case _, Scanned(text) if isinstance(step, LISTENING):
            return _scanned(text)
        case LookingUpSlip(ticket), TicketTold(shown) if shown.issued.ticket == ticket:
            return TellingSlip(shown), (StartTimer("slip", SLIP_S),)
        case LookingUpSlip(ticket), TicketNotTold(asked, reason) if asked == ticket:
            return StrangeCode(reason), (StartTimer("slip", SLIP_S),)
        case LookingUpSlip(), AskRefused(reason):
            return StrangeCode(reason), (StartTimer("slip", SLIP_S),)
        case TellingSlip() | StrangeCode(), WantsTicket():
            return ChoosingGroup(), ()
    return None


def _scanned(text: str) -> tuple[Step, tuple[Effect, ...]]:
    code = read_code(text)
    if isinstance(code, SlipCode):
        return LookingUpSlip(code.ticket, code.label), (ShowTicket(code.ticket, code.label),)
    return StrangeCode(), (StartTimer("slip", SLIP_S),)
