"""Every step of every flow. A step holds exactly what its screen shows; nothing personal outlives its step."""

from dataclasses import dataclass, field
from enum import StrEnum

from hall.commands import Called, Leased
from hall.desk_facts import TicketShown
from hall.errors import Reason
from hall.events import TicketIssued
from hall.ids import ItemCode, ServiceId, StaffId, TerminalId, TicketLabel, WindowId
from hall.statements.sheets import Statement
from kiosk.flows.held_cards import HeldCard
from kiosk.flows.words import BoardChanged, CardKind, Step
from kiosk.ports import CardProblem, Fault


class Paper(StrEnum):
    """How the paper of this step is doing."""

    NONE = "none"
    PRINTING = "printing"
    WAITING = "waiting"
    """Stalled: the job goes on by itself when people have helped (paper, cover)."""
    OUT = "out"
    """It is out: printed or processed or sent."""
    FAILED = "failed"
    UNSURE = "unsure"
    """Unknown: it may or may not be out; staff can print a marked copy."""


@dataclass(frozen=True, slots=True)
class NotReady(Step):
    """This terminal has never met its server, or has no business day: it says so and waits politely."""

    role: str


# ---- self service ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Home(Step):
    """Greeting, hall name, question (FLW-01); 取号, 查询打印."""


@dataclass(frozen=True, slots=True)
class ChoosingGroup(Step):
    """Second of at most three touches. With a card or without; `note` says why a card was not read, or is of no use."""

    held: HeldCard | None = field(default=None, repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChoosingItem(Step):
    """Third touch. Card and note as in `ChoosingGroup`."""

    group: str
    held: HeldCard | None = field(default=None, repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Issuing(Step):
    """The number is being taken."""

    item: ItemCode
    card: CardKind | None = None
    """Still on its reader: not to be forgotten. So in every step after the card was read."""
    by_card: bool = False
    wants_first: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True)
class ShowingTicket(Step):
    """The number fills a third of the screen."""

    issued: TicketIssued
    leased: Leased | None
    paper: Paper
    fault: Fault | None = None
    card: CardKind | None = None
    unmet: bool = False
    """Priority was wanted and this is an ordinary number (the server did not answer): the guide can grant it."""


@dataclass(frozen=True, slots=True)
class ChoosingForm(Step):
    """Which statement. `card` is already on its reader when the person began with the card."""

    card: CardKind | None = None


@dataclass(frozen=True, slots=True)
class Notice(Step):
    """Privacy notice before any card is read: who, what for, how long."""

    form: str
    card: CardKind | None = None


@dataclass(frozen=True, slots=True)
class WaitingForCard(Step):
    """Where to put which card."""

    form: str


@dataclass(frozen=True, slots=True)
class ReadingCard(Step):
    """Please hold still."""

    form: str
    card: CardKind


@dataclass(frozen=True, slots=True)
class CardTrouble(Step):
    """What was wrong with the card and what to do now."""

    form: str
    card: CardKind
    problem: CardProblem


@dataclass(frozen=True, slots=True)
class EnteringPin(Step):
    """Number pad. `tries_left` is shown after a wrong PIN."""

    form: str
    name: str = field(repr=False)
    number: str = field(repr=False)
    pin: str = field(default="", repr=False)
    tries_left: int | None = None
    genuine: bool = False
    """A PSAM or a verifier has shown that the card is no copy."""


@dataclass(frozen=True, slots=True)
class CheckingPin(Step):
    """The card is asked, once."""

    form: str
    name: str = field(repr=False)
    number: str = field(repr=False)
    genuine: bool = False


@dataclass(frozen=True, slots=True)
class Fetching(Step):
    """The hall is asked for the records; 正在为您查询,请稍等."""

    form: str
    card: CardKind


@dataclass(frozen=True, slots=True)
class ShowingStatement(Step):
    """Ten rows a page, totals at the foot, masked with an eye held down."""

    statement: Statement = field(repr=False)
    card: CardKind
    page: int = 0
    unmasked: bool = False
    paper: Paper = Paper.NONE
    fault: Fault | None = None
    before: Step | None = field(default=None, repr=False)
    """代办查询: where 返回 leads, to another of the represented person's records."""


@dataclass(frozen=True, slots=True)
class StillThere(Step):
    """Masked at once: 还要继续办理吗? `before` is where 继续 returns to."""

    before: Step = field(repr=False)


@dataclass(frozen=True, slots=True)
class Apology(Step):
    """Something of ours did not work: apology, what happened, two working ways on, help."""

    reason: Reason
    retry_item: ItemCode | None = None
    card: CardKind | None = None
    """Still on its reader: not to be forgotten."""


@dataclass(frozen=True, slots=True)
class Farewell(Step):
    """请收好身份证. `next_card` was laid meanwhile: the next person's."""

    card: CardKind | None = None
    next_card: CardKind | None = None
    both: bool = False
    """Two cards were brought, their own and the represented person's."""


# ---- staff -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SigningIn(Step):
    """Staff number (4 digits), then PIN, on a number pad. Guide desk and window panel."""

    role: str
    staff: str = ""
    pin: str = field(default="", repr=False)
    entering_pin: bool = False
    asking: bool = False
    problem: Reason | None = None
    tries_left: int | None = None


@dataclass(frozen=True, slots=True)
class DeskReady(Step):
    """Guide desk: left find-and-issue, middle waiting by queue, right help requests and alarms."""

    staff: StaffId
    name: str
    group: str | None = None
    priority: bool = False
    problem: Reason | None = None
    several: bool = False
    """Items are gathered for one number."""
    basket: tuple[ItemCode, ...] = ()
    timing: bool = False
    """The time of an appointment is being chosen."""
    appointment_at: float = 0.0
    asked: tuple[TerminalId, ...] = ()
    """Terminals that were asked to test themselves."""
    telling: bool = False
    """The next item touched is told (一次性告知), not issued."""


@dataclass(frozen=True, slots=True)
class DeskGranting(Step):
    """Guide desk: ground and evidence of a priority ticket; with `number` for one that is out already."""

    staff: StaffId
    name: str
    item: ItemCode
    ground: str | None = field(default=None, repr=False)
    evidence: str | None = field(default=None, repr=False)
    more_items: tuple[ItemCode, ...] = ()
    appointment_at: float = 0.0
    number: TicketShown | None = None


@dataclass(frozen=True, slots=True)
class DeskIssuing(Step):
    """Guide desk: the number is being taken."""

    staff: StaffId
    name: str
    item: ItemCode
    priority: bool


@dataclass(frozen=True, slots=True)
class DeskIssued(Step):
    """Guide desk: the ticket, and how its paper is doing."""

    staff: StaffId
    name: str
    issued: TicketIssued
    leased: Leased | None
    paper: Paper
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class PanelReady(Step):
    """Window panel: nobody at the window; the giant action is 呼叫下一位."""

    staff: StaffId
    name: str
    problem: Reason | None = None
    fresh: bool = False
    """The next board tells whether somebody is still at this window: just signed in, or an item was finished."""
    refused: str = ""
    """What was asked when `problem` came back, as in `PanelAsking.what`."""
    done: str = ""
    """What was just done with `last`, to be told: `hold`, `missed`, `transfer`, `lapsed`; empty tells nothing."""
    known: bool = False
    """A board has shown that it is so: the first one that does not ends the telling."""
    last: TicketLabel | None = None
    """Who was here last."""


@dataclass(frozen=True, slots=True)
class PanelAsking(Step):
    """Window panel: one request is on its way; `before` is where a refusal returns to."""

    staff: StaffId
    name: str
    what: str
    """`call`, `recall`, `missed`, `start`, `finish`, `finish_and_call`, and the moves of `panel_moves`."""
    before: "PanelReady | PanelCalling | PanelServing"
    label: TicketLabel | None = None
    """The number asked for, where it is not the one in hand."""
    board: BoardChanged | None = None
    """The newest board that came meanwhile: the hall may have told by it what its answer only refuses."""


@dataclass(frozen=True, slots=True)
class PanelCalling(Step):
    """Window panel: the ticket was called; the giant action is 开始办理."""

    staff: StaffId
    name: str
    called: Called
    why: bool = False
    problem: Reason | None = None
    refused: str = ""
    resting: bool = False
    """A recall was just made: no second announcement for a moment."""


@dataclass(frozen=True, slots=True)
class PanelServing(Step):
    """Window panel: the person is here; the giant action is 办结并呼叫下一位."""

    staff: StaffId
    name: str
    called: Called
    service: ServiceId
    why: bool = False
    problem: Reason | None = None
    refused: str = ""


# ---- rating, display ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RatingIdle(Step):
    """The window's name and its clerk; nothing to do. `done` is the last service handled here."""

    window: WindowId
    done: ServiceId | None = None


@dataclass(frozen=True, slots=True)
class AskingRating(Step):
    """Five faces with the five official words, and a skip as large as any."""

    window: WindowId
    service: ServiceId


@dataclass(frozen=True, slots=True)
class RatingThanks(Step):
    """Thanks; back to idle in a few seconds."""

    window: WindowId
    service: ServiceId
    grade: int | None


@dataclass(frozen=True, slots=True)
class CallRow:
    """One row of the hall display."""

    call_seq: int
    label: TicketLabel
    window: WindowId
    priority: bool
    newest: bool


@dataclass(frozen=True, slots=True)
class DisplayShowing(Step):
    """Number → window, at most five rows, newest first; waiting strip."""

    rows: tuple[CallRow, ...] = ()
    announced: int = 0
    """Highest call handed to `Announce`."""
    bars: tuple[tuple[WindowId, str, TicketLabel | None], ...] = ()
    """Window, state and label that its LED bar was last told."""
    peers: tuple[tuple[WindowId, float], ...] = ()
    """Calls that windows made without the hall server: window and when; the last few, so that none is told twice."""
    missed: tuple[TicketLabel, ...] = ()
    """Numbers that were called and missed, the newest first; they are told how to come back."""
