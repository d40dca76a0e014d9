"""A slip of a cut-off terminal under the scanner of a window panel or the guide desk: checked, shown, brought in.

The same few moves at both. A panel calls its person then, under the rules of every call; the desk lets it wait.
"""

from dataclasses import dataclass, field, replace

from hall.desk_facts import TicketShown
from hall.errors import Reason
from hall.events import TicketIssued
from hall.ids import StaffId, TerminalId
from hall.outage.signed_slips import SignedSlip, SlipFault
from hall.queue.tickets import TicketState
from kiosk.flows.kinds import Effect, Happened, Step
from kiosk.flows.panel_asking import ask
from kiosk.flows.panel_effects import CallNumber
from kiosk.flows.panel_touches import ConfirmedMove
from kiosk.flows.scanned import SlipCode, read_code
from kiosk.flows.steps import DeskReady, PanelReady, SigningIn
from kiosk.flows.words import AskRefused, Ended, WentBack

PLAIN = "plain"
"""A slip with a code that nobody signed: it was taken with the server, which knows it."""
WHY = {
    Reason.NOT_VERIFIED: SlipFault.UNVERIFIED.value,
    Reason.DAY_NOT_OPEN: SlipFault.OTHER_DAY.value,
    Reason.NOT_ALLOWED: SlipFault.OTHER_HALL.value,
    Reason.MALFORMED: SlipFault.UNREADABLE.value,
    Reason.SERVER_AWAY: "away",
    Reason.TOO_LATE: "away",
}
"""How a refusal of the hall reads; every other one is `other`."""

Move = tuple[Step, tuple[Effect, ...]]


@dataclass(frozen=True, slots=True)
class CheckSlip(Effect):
    """Is this code signed by a terminal of this hall, today? Answers `SlipChecked`."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BringIn(Effect):
    """Bring in the ticket of a checked slip; answers `BroughtIn` or `AskRefused`."""

    staff: StaffId
    code: str = field(repr=False)
    terminal: TerminalId
    issued: TicketIssued


@dataclass(frozen=True, slots=True)
class SlipChecked(Happened):
    """What the code of a slip says, or why it is not believed."""

    code: str = field(repr=False)
    told: SignedSlip | SlipFault


@dataclass(frozen=True, slots=True)
class BroughtIn(Happened):
    """The hall, or this terminal alone, has the ticket; `shown.state` tells where it stands."""

    shown: TicketShown


@dataclass(frozen=True, slots=True)
class BringingIn(Step):
    """A slip in hand. Being checked while neither `slip` nor `why` is there."""

    staff: StaffId
    name: str
    before: PanelReady | DeskReady
    code: str = field(repr=False)
    slip: SignedSlip | None = None
    why: str = ""
    """Why nothing can be done with it: a `SlipFault`, `PLAIN`, `away` or `other`."""
    asking: bool = False
    shown: TicketShown | None = None
    """What became of it."""


def begin(before: PanelReady | DeskReady, text: str) -> Move:
    """Look at what was scanned."""
    code = read_code(text)
    step = BringingIn(before.staff, before.name, replace(before, problem=None), text)
    if not isinstance(code, SlipCode):
        return replace(step, why=SlipFault.UNREADABLE.value), ()
    if not code.signed:
        return replace(step, why=PLAIN), ()
    return step, (CheckSlip(text),)


def advance(step: BringingIn, happened: Happened) -> Move:
    """Return the next step and what must now be done; inputs that do not fit change nothing."""
    match happened:
        case SlipChecked(code, SignedSlip() as slip) if code == step.code:
            return replace(step, slip=slip), ()
        case SlipChecked(code, SlipFault() as fault) if code == step.code:
            return replace(step, why=fault.value), ()
        case BroughtIn(shown) if step.asking:
            return _brought_in(step, shown)
        case AskRefused(Reason.NOT_SIGNED_IN) if step.asking:
            role = "window_panel" if isinstance(step.before, PanelReady) else "guide_desk"
            return SigningIn(role, problem=Reason.NOT_SIGNED_IN), ()
        case AskRefused(reason) if step.asking:
            return replace(step, asking=False, why=WHY.get(reason, "other")), ()
        case _ if step.asking:
            return step, ()
        case ConfirmedMove() if step.slip is not None and step.shown is None and not step.why:
            wanted = BringIn(step.staff, step.code, step.slip.terminal, step.slip.issued)
            return replace(step, asking=True), (wanted,)
        case WentBack() | Ended():
            return step.before, ()
    return step, ()


def _brought_in(step: BringingIn, shown: TicketShown) -> Move:
    if isinstance(step.before, PanelReady) and shown.state == TicketState.WAITING:
        label = shown.issued.label
        return ask(step.before, "call_number", CallNumber(step.staff, label), label)
    return replace(step, asking=False, shown=shown), ()
