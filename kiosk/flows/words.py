"""The vocabulary of all flows: what can happen (inputs) and what must then be done (effects). Frozen, no behaviour.

Values that may hold personal data have `repr=False`.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from hall.commands import Called, Leased, PriorityGrant, SignedIn
from hall.errors import Reason
from hall.events import Event, TicketIssued
from hall.ids import ItemCode, JobId, ServiceId, StaffId, TerminalId, TicketLabel, WindowId
from hall.statements import Statement
from hall.wire import Board
from kiosk.ports import CardProblem, Fault, IdCard, PrintOutcome, SocialCard


class Step:
    """Base of all steps: where a flow stands. Every step is a frozen dataclass and has its own screen."""

    __slots__ = ()


class Happened:
    """Base of all inputs."""

    __slots__ = ()


class Touch(Happened):
    """Base of the inputs that a person makes; each of them restarts the idle clock."""

    __slots__ = ()


class Effect:
    """Base of all effects; `session.py` performs them."""

    __slots__ = ()


# ---- a person touches --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WantsTicket(Touch):
    """取号 on the home screen."""


@dataclass(frozen=True, slots=True)
class WantsStatement(Touch):
    """查询打印 on the home screen."""


@dataclass(frozen=True, slots=True)
class ChoseGroup(Touch):
    """A group of items."""

    group: str


@dataclass(frozen=True, slots=True)
class ChoseItem(Touch):
    """A service item."""

    item: ItemCode


@dataclass(frozen=True, slots=True)
class ChoseForm(Touch):
    """A statement form."""

    form: str


@dataclass(frozen=True, slots=True)
class Agreed(Touch):
    """The privacy notice was read and accepted."""


@dataclass(frozen=True, slots=True)
class WentBack(Touch):
    """返回: one step back."""


@dataclass(frozen=True, slots=True)
class Ended(Touch):
    """结束: wipe and go home."""


@dataclass(frozen=True, slots=True)
class GoesOn(Touch):
    """继续 on the question whether somebody is still there."""


@dataclass(frozen=True, slots=True)
class AskedForHelp(Touch):
    """请人帮助."""


@dataclass(frozen=True, slots=True)
class PressedDigit(Touch):
    """One key of the number pad: `0` to `9`."""

    digit: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ErasedDigit(Touch):
    """退格."""


@dataclass(frozen=True, slots=True)
class ConfirmedDigits(Touch):
    """确认 on the number pad."""


@dataclass(frozen=True, slots=True)
class TurnedPage(Touch):
    """Next (+1) or previous (-1) page of a table."""

    by: int


@dataclass(frozen=True, slots=True)
class HeldEye(Touch):
    """The eye is held down (`True`) or let go: unmasked only while held."""

    down: bool


@dataclass(frozen=True, slots=True)
class WantsPaper(Touch):
    """打印."""


@dataclass(frozen=True, slots=True)
class TogglePriority(Touch):
    """Guide desk: issue the next ticket as 优先, or not."""


@dataclass(frozen=True, slots=True)
class ChoseGround(Touch):
    """Guide desk: ground of a priority ticket, a `PriorityGround` value."""

    ground: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChoseEvidence(Touch):
    """Guide desk: evidence kind, an `Evidence` value."""

    evidence: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConfirmedGrant(Touch):
    """Guide desk: issue the priority ticket now."""


@dataclass(frozen=True, slots=True)
class GoesToHelp(Touch):
    """Guide desk: I go to this terminal."""

    terminal: TerminalId


@dataclass(frozen=True, slots=True)
class SignedOff(Touch):
    """Staff signs out."""


@dataclass(frozen=True, slots=True)
class PressedCall(Touch):
    """呼叫下一位."""


@dataclass(frozen=True, slots=True)
class PressedRecall(Touch):
    """重呼."""


@dataclass(frozen=True, slots=True)
class PressedStart(Touch):
    """开始办理."""


@dataclass(frozen=True, slots=True)
class PressedMissed(Touch):
    """过号."""


@dataclass(frozen=True, slots=True)
class PressedFinish(Touch):
    """办结; with `call_next` also the next call in the same press."""

    call_next: bool = False


@dataclass(frozen=True, slots=True)
class ToggledWhy(Touch):
    """Window panel: fold or unfold "why this one"."""


@dataclass(frozen=True, slots=True)
class ChoseGrade(Touch):
    """Rating: 5 (非常满意) to 1 (非常不满意)."""

    grade: int


@dataclass(frozen=True, slots=True)
class DeclinedRating(Touch):
    """Rating: 不评价."""


# ---- devices, server and time ------------------------------------------------------------------------------------


class CardKind(StrEnum):
    """Which reader."""

    ID = "id"
    SOCIAL = "social"


@dataclass(frozen=True, slots=True)
class CardSeen(Happened):
    """A card was laid on or put in."""

    card: CardKind
    mono: float = 0.0


@dataclass(frozen=True, slots=True)
class CardTaken(Happened):
    """A card was removed, where the reader can see it."""

    card: CardKind


@dataclass(frozen=True, slots=True)
class IdCardRead(Happened):
    """The ID card answered."""

    card: IdCard = field(repr=False)


@dataclass(frozen=True, slots=True)
class SocialCardRead(Happened):
    """The social-security card answered."""

    card: SocialCard = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardFailed(Happened):
    """The card gave nothing."""

    problem: CardProblem


@dataclass(frozen=True, slots=True)
class PinAnswered(Happened):
    """One PIN try was answered."""

    accepted: bool
    tries_left: int | None


@dataclass(frozen=True, slots=True)
class TicketReady(Happened):
    """The ticket is committed in the journal; paper may now be printed. `leased` is None for a reserve number."""

    issued: TicketIssued
    leased: Leased | None


@dataclass(frozen=True, slots=True)
class AskRefused(Happened):
    """The hall said no to what this flow asked."""

    reason: Reason
    tries_left: int | None = None


@dataclass(frozen=True, slots=True)
class StatementArrived(Happened):
    """The person's own statement, opened in memory."""

    statement: Statement = field(repr=False)


@dataclass(frozen=True, slots=True)
class PrintStalled(Happened):
    """The job waits for people (`fault`), or goes on (`None`)."""

    job: JobId
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class PrintEnded(Happened):
    """The job ended."""

    job: JobId
    outcome: PrintOutcome
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class StaffArrived(Happened):
    """Sign-in accepted."""

    who: SignedIn


@dataclass(frozen=True, slots=True)
class StaffLeft(Happened):
    """Sign-out done."""


@dataclass(frozen=True, slots=True)
class TicketAtWindow(Happened):
    """A call or recall was decided."""

    called: Called


@dataclass(frozen=True, slots=True)
class ServiceBegan(Happened):
    """Start was decided."""

    service: ServiceId


@dataclass(frozen=True, slots=True)
class ServiceOver(Happened):
    """Finish or missed was decided."""


@dataclass(frozen=True, slots=True)
class BoardChanged(Happened):
    """A new board arrived. `last_spoken` is the highest call this terminal has announced; `window` its own window."""

    board: Board
    last_spoken: int = 0
    window: WindowId | None = None


@dataclass(frozen=True, slots=True)
class HallKnown(Happened):
    """This terminal has a hall pack and a business day and can work. `window` is its own, if it has one."""

    window: WindowId | None = None


@dataclass(frozen=True, slots=True)
class WentIdle(Happened):
    """Nobody has touched anything for the idle time."""


@dataclass(frozen=True, slots=True)
class TimerFired(Happened):
    """A timer of this step ran out."""

    name: str


# ---- effects -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Issue(Effect):
    """Take a number for an item; answer `TicketReady` or `AskRefused`."""

    item: ItemCode
    staff: StaffId | None = None
    grant: PriorityGrant | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PrintTicket(Effect):
    """Print the ticket slip; answers `PrintStalled`, `PrintEnded`."""

    issued: TicketIssued
    leased: Leased | None
    copy: bool = False


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
