"""What a flow wants done. Frozen, no behaviour; values that may hold personal data have `repr=False`."""

from dataclasses import dataclass, field

from hall.commands import Leased, PriorityGrant
from hall.events import Event, TicketIssued
from hall.ids import ItemCode, ServiceId, StaffId, TerminalId, TicketLabel, WindowId
from hall.statements.sheets import Statement
from kiosk.flows.happenings import CardKind
from kiosk.flows.held_cards import HeldCard
from kiosk.flows.kinds import Effect


@dataclass(frozen=True, slots=True)
class Issue(Effect):
    """Take a number for an item; answer `TicketReady` or `AskRefused`."""

    item: ItemCode
    staff: StaffId | None = None
    grant: PriorityGrant | None = field(default=None, repr=False)
    more_items: tuple[ItemCode, ...] = ()
    appointment_at: float = 0.0
    held: HeldCard | None = field(default=None, repr=False)
    """The person's card, where one was laid; `AlreadyHolds` may be the answer."""


@dataclass(frozen=True, slots=True)
class PrintTicket(Effect):
    """Print the ticket slip; answers `PrintStalled`, `PrintEnded`."""

    issued: TicketIssued
    leased: Leased | None
    copy: bool = False
    """Marked 补打; a print job of its own."""
    afresh: bool = False
    """Not a copy, but not the first slip of this ticket either (its number changed): a print job of its own."""


@dataclass(frozen=True, slots=True)
class PrintStatement(Effect):
    """Print the statement; answers `PrintStalled`, `PrintEnded`."""

    statement: Statement = field(repr=False)
    copy: bool = False


@dataclass(frozen=True, slots=True)
class ReadCard(Effect):
    """Read the card on this reader; answers `IdCardRead`, `SocialCardRead` or `CardFailed`."""

    card: CardKind


@dataclass(frozen=True, slots=True)
class LookForCard(Effect):
    """A card may already lie there unread: `CardSeen` announces it again. One that was read or left must be lifted."""


@dataclass(frozen=True, slots=True)
class VerifyPin(Effect):
    """Send one PIN once; answers `PinAnswered` or `CardFailed`."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FetchStatement(Effect):
    """Ask for the holder's own statement; answers `StatementArrived` or `AskRefused`."""

    form: str
    name: str = field(repr=False)
    number: str = field(repr=False)
    proof: str = ""


@dataclass(frozen=True, slots=True)
class SignInStaff(Effect):
    """Answers `StaffArrived` or `AskRefused`."""

    staff: StaffId
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignOutStaff(Effect):
    """Answers `StaffLeft`."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class CallTicket(Effect):
    """Answers `TicketAtWindow` or `AskRefused`."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class RecallTicket(Effect):
    """Answers `TicketAtWindow` or `AskRefused`."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class MissTicket(Effect):
    """Answers `ServiceOver` or `AskRefused`."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class BeginService(Effect):
    """Answers `ServiceBegan` or `AskRefused`."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class EndService(Effect):
    """Answers `ServiceOver` or `AskRefused`."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class GoToHelp(Effect):
    """The guide acknowledges a request for help; no answer needed."""

    terminal: TerminalId
    staff: StaffId


@dataclass(frozen=True, slots=True)
class Record(Effect):
    """Journal an event of this terminal."""

    event: Event


@dataclass(frozen=True, slots=True)
class RecordHelp(Effect):
    """Journal `HelpRequested` at this step."""

    step: str


@dataclass(frozen=True, slots=True)
class Announce(Effect):
    """Show, speak twice and put on the window's LED bar; journals `CallAnnounced`."""

    call_seq: int
    label: TicketLabel
    window: WindowId
    shown: str
    spoken: str


@dataclass(frozen=True, slots=True)
class ShowBar(Effect):
    """Let the window's LED bar tell what the window does: `closed`, `free`, `called`, `serving`; `ended` or `dark`."""

    window: WindowId
    state: str
    label: TicketLabel | None = None


@dataclass(frozen=True, slots=True)
class RecordRating(Effect):
    """Journal `ServiceRated`."""

    service: ServiceId
    grade: int | None


@dataclass(frozen=True, slots=True)
class StartTimer(Effect):
    """Start (or restart) a named timer; it dies with the step's class."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class EndSession(Effect):
    """The person's session is over: everything of it is wiped, late answers included; settings of view are reset."""
