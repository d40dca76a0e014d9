"""Requests (imperative) and their answers. A terminal asks, the hall server decides once per request id."""

from enum import StrEnum

import msgspec

from hall.desk_facts import AdoptTicket, TicketShown
from hall.errors import Reason
from hall.events import Quote
from hall.facts import Command, Reply
from hall.ids import (
    AreaId,
    BusinessDay,
    ItemCode,
    ProxyId,
    Serial,
    Series,
    ServiceId,
    StaffId,
    TerminalId,
    TicketId,
    TicketLabel,
    WindowId,
)
from hall.proxies import ProxyCommand, ProxySealed
from hall.upkeep import MaintenanceNoted, UpkeepCommand


class PriorityGround(StrEnum):
    """老弱病残孕 and what a hall may add (规范 8.1.5; 条例 Art. 17)."""

    ELDERLY = "elderly"
    FRAIL = "frail"
    ILL = "ill"
    DISABLED = "disabled"
    PREGNANT = "pregnant"
    MILITARY = "military"


class Evidence(StrEnum):
    """What the guide saw."""

    SIGHT = "sight"
    DOCUMENT = "document"
    CARD = "card"


class PriorityGrant(msgspec.Struct, frozen=True, kw_only=True):
    """Ground and evidence as the guide recorded them; travels sealed only."""

    ground: PriorityGround
    evidence: Evidence

    def __repr__(self) -> str:
        """Say nothing of the ground, wherever this is printed."""
        return "PriorityGrant(…)"


class LeaseLabel(Command, frozen=True, kw_only=True):
    """取号: set a label aside for this ticket, now. With `sealed_grant` in the priority series."""

    ticket: TicketId
    item: ItemCode
    issuer: StaffId | None = None
    sealed_grant: bytes | None = None
    more_items: tuple[ItemCode, ...] = ()
    """Further items of the same visit on this number."""
    appointment_at: float = 0.0
    """Hall time of an appointment the guide has seen; guide desk only."""
    person: str = ""
    """Keyed hash (64 hex digits) of the card's holder, put in by the hall server; terminals leave it empty."""
    sealed_person: bytes | None = None
    """When a card was used: `sealing.seal` of a JSON `Holder` for purpose `person` and `person_context`.

    The hall server makes `person` of it and drops the rest: one open ticket for each person and queue."""
    wants_priority: bool = False
    """The person took the offer by age (`age_offer`). The hall server judges the sealed card itself, seals the grant
    itself, and gives an ordinary number where the card does not say so."""


class SignIn(Command, frozen=True, kw_only=True):
    """A member of staff signs in at this terminal. The PIN travels sealed to the hall server's key."""

    staff: StaffId
    sealed_pin: bytes
    window: WindowId | None = None


class SignOut(Command, frozen=True, kw_only=True):
    """Sign out."""

    staff: StaffId


class CallNext(Command, frozen=True, kw_only=True):
    """呼叫: call the next ticket to this window."""

    window: WindowId
    staff: StaffId


class Recall(Command, frozen=True, kw_only=True):
    """重呼."""

    window: WindowId
    staff: StaffId


class MarkMissed(Command, frozen=True, kw_only=True):
    """过号."""

    window: WindowId
    staff: StaffId


class ReturnMissed(Command, frozen=True, kw_only=True):
    """A missed person has come to the guide desk: put the ticket back, once, a few places behind the head."""

    label: TicketLabel
    staff: StaffId


class ReturnByTicket(Command, frozen=True, kw_only=True):
    """Somebody holds their own slip under a self-service terminal's scanner; answered with `TicketShown`.

    Knowing a ticket by its id is holding its paper. What was missed goes back in line, once, as by `ReturnMissed`; who
    stepped away is here again; of any other ticket only the place is told.
    """

    ticket: TicketId


class OutOfOrder(StrEnum):
    """Why somebody is called before their turn. A closed list: no free text, so nothing personal is written down."""

    CASE_CONTINUES = "case_continues"
    """They were sent to fetch something and are back."""
    OUR_MISTAKE = "our_mistake"
    """The hall sent them to the wrong place, or a device failed them."""
    NEEDS_CARE = "needs_care"
    """They cannot wait longer; no word about why."""
    SAME_FAMILY = "same_family"
    """Their case belongs to the one being served."""
    LEAD_DECIDED = "lead_decided"


class CallTicket(Command, frozen=True, kw_only=True):
    """Call this number now. Before its turn only with a reason, which is logged."""

    window: WindowId
    staff: StaffId
    label: TicketLabel
    reason: OutOfOrder | None = None


class PrecallNext(Command, frozen=True, kw_only=True):
    """Ask the next person to come near while another is being served."""

    window: WindowId
    staff: StaffId


class HoldTicket(Command, frozen=True, kw_only=True):
    """挂起: pause the service in hand; the window is free."""

    window: WindowId
    staff: StaffId


class ResumeTicket(Command, frozen=True, kw_only=True):
    """Go on with a held ticket at this window."""

    window: WindowId
    staff: StaffId
    label: TicketLabel


class TransferTicket(Command, frozen=True, kw_only=True):
    """转移: send the ticket in hand on, to a window or for another item or both; it keeps number and issue time."""

    window: WindowId
    staff: StaffId
    to_window: WindowId | None = None
    item: ItemCode | None = None


class SwapItem(Command, frozen=True, kw_only=True):
    """The guide puts a wrong item right; answered with `Leased`, for a new slip."""

    label: TicketLabel
    item: ItemCode
    staff: StaffId


class AddItem(Command, frozen=True, kw_only=True):
    """One more item on a number that is still open."""

    label: TicketLabel
    item: ItemCode
    staff: StaffId


class CancelTicket(Command, frozen=True, kw_only=True):
    """Its person gives it up."""

    label: TicketLabel
    staff: StaffId


class StepAway(Command, frozen=True, kw_only=True):
    """暂离: keep this place for so many minutes, within the hall's limit."""

    label: TicketLabel
    staff: StaffId
    minutes: float


class ComeBack(Command, frozen=True, kw_only=True):
    """Back before the time was over."""

    label: TicketLabel
    staff: StaffId


class GrantPriority(Command, frozen=True, kw_only=True):
    """Priority for a number that is out already; it keeps its label and its time."""

    label: TicketLabel
    staff: StaffId
    sealed_grant: bytes


class ReadTicket(Command, frozen=True, kw_only=True):
    """A read: the facts of a number of today and the moves that fit it; answered with `TicketShown`."""

    label: TicketLabel
    staff: StaffId


class StartService(Command, frozen=True, kw_only=True):
    """The person is here."""

    window: WindowId
    staff: StaffId


class FinishService(Command, frozen=True, kw_only=True):
    """办结 of this visit at this window."""

    window: WindowId
    staff: StaffId


class AcknowledgeHelp(Command, frozen=True, kw_only=True):
    """The guide goes to a terminal that asked for help."""

    terminal: TerminalId
    staff: StaffId


class OrderSelfTest(Command, frozen=True, kw_only=True):
    """The guide asks a terminal to test all its devices now; the terminal reports with `SelfTestEnded`."""

    terminal: TerminalId
    staff: StaffId


class ReadStatement(Command, frozen=True, kw_only=True):
    """A read, never a change of the queue: one person's own statement, sealed to a key that lives for this session.

    `sealed_person` is `sealing.seal` of a JSON `Holder`.
    """

    form: str
    year: int
    sealed_person: bytes
    reply_key: bytes
    """Raw X25519 public key, 32 bytes, of this session."""
    proxy: ProxyId = ProxyId("")
    """A represented person's, by this enquiry, which a guide has confirmed for this very session; empty: their own."""


AnyCommand = (
    LeaseLabel
    | SignIn
    | SignOut
    | CallNext
    | Recall
    | MarkMissed
    | ReturnMissed
    | ReturnByTicket
    | CallTicket
    | PrecallNext
    | HoldTicket
    | ResumeTicket
    | TransferTicket
    | SwapItem
    | AddItem
    | CancelTicket
    | StepAway
    | ComeBack
    | GrantPriority
    | AdoptTicket
    | ReadTicket
    | StartService
    | FinishService
    | AcknowledgeHelp
    | OrderSelfTest
    | ReadStatement
    | ProxyCommand
    | UpkeepCommand
)


class Refused(Reply, frozen=True, kw_only=True):
    """No, with the reason and what is allowed instead (English, for the log; screens speak by `reason`)."""

    reason: Reason
    sentence: str = ""
    tries_left: int | None = None
    label: TicketLabel | None = None
    """Of `ALREADY_HOLDING`: the number that is still open; whoever holds the card may hear it."""


class Leased(Reply, frozen=True, kw_only=True):
    """The label for `LeaseLabel`, and what to tell the resident."""

    ticket: TicketId
    day: BusinessDay
    series: Series
    number: int
    label: TicketLabel
    windows: tuple[WindowId, ...]
    area: AreaId
    quote: Quote
    priority: bool = False
    """A number of the priority series, whoever granted it."""


class SignedIn(Reply, frozen=True, kw_only=True):
    """Who signed in."""

    staff: StaffId
    name: str
    roles: tuple[str, ...]


class Called(Reply, frozen=True, kw_only=True):
    """The ticket that was called or recalled to the window."""

    ticket: TicketId
    label: TicketLabel
    item: ItemCode
    priority: bool
    call_seq: int
    waited_s: float
    why_zh: str = ""
    why_en: str = ""
    sorry_zh: str = ""
    """To be said at the call when the wait passed what the person was told; empty otherwise."""
    sorry_en: str = ""
    may_miss_at: float = 0.0
    """过号 is possible from this hall time, once it was called `calls_left` more times."""
    calls_left: int = 0


class Started(Reply, frozen=True, kw_only=True):
    """Service began."""

    service: ServiceId
    ticket: TicketId
    called: Called | None = None
    """Of a held number that goes on: what is known of it, as at its call."""


class Done(Reply, frozen=True, kw_only=True):
    """It is so."""


class StatementSealed(Reply, frozen=True, kw_only=True):
    """A `statements.Statement` as JSON, sealed to the session's reply key; never stored."""

    serial: Serial
    sealed: bytes


AnyReply = (
    Refused
    | Leased
    | SignedIn
    | Called
    | Started
    | Done
    | StatementSealed
    | TicketShown
    | ProxySealed
    | MaintenanceNoted
)
