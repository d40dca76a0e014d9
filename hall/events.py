"""Facts: frozen and past tense. The ledger holds these in order; `decisions.apply` is their only reader of meaning.

Times are hall time in seconds since the Unix epoch (float, UTC). Nothing here is personal in clear:
what is personal is sealed (`sealing.py`) or left out.
"""

import msgspec

from hall.day_facts import DayConfirmed, DayKeyRenewed, DayOpened, DayWithdrawn
from hall.facts import Fact
from hall.ids import (
    BusinessDay,
    DeviceId,
    ItemCode,
    JobId,
    ProxyId,
    RequestId,
    Serial,
    Series,
    ServiceId,
    StaffId,
    TerminalId,
    TicketId,
    TicketLabel,
    WindowId,
)
from hall.moves import (
    CallLapsed,
    ItemAdded,
    ItemSwapped,
    NextItemBegun,
    TicketCameBack,
    TicketCancelled,
    TicketHeld,
    TicketLapsed,
    TicketPrecalled,
    TicketReconciled,
    TicketResumed,
    TicketSteppedAway,
    TicketTransferred,
)
from hall.proxies import ProxyFact
from hall.rating_facts import RatingFact
from hall.slip_keys import SlipKeyTrusted
from hall.staff_facts import StaffContinued
from hall.upkeep import UpkeepFact


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What the resident was told about the wait: people ahead and a range of minutes (20 to 80 %)."""

    people_ahead: int
    low_min: int
    high_min: int
    approximate: bool = False
    """True when quoted by a cut-off terminal from its last board; printed with 约."""


class LabelLeased(Fact, frozen=True, kw_only=True):
    """The server set a label aside for a ticket that its terminal is about to issue; never given out again that day."""

    ticket: TicketId
    terminal: TerminalId
    day: BusinessDay
    series: Series
    number: int
    person: str = ""
    """Keyed hash of the card's holder, made with a key that is destroyed daily; empty when no card was used."""
    work: Series = Series("")
    """Series of the work, where the number is of another (priority)."""
    appointment_at: float = 0.0
    """Hall time of the appointment the guide has seen; 0 = none."""


class TicketIssued(Fact, frozen=True, kw_only=True):
    """A terminal issued a ticket. Minted by the terminal in the transaction before the paper is printed."""

    ticket: TicketId
    day: BusinessDay
    series: Series
    number: int
    suffix: str = ""
    """Terminal suffix of a last-resort number (`A12-K3`); empty otherwise."""
    label: TicketLabel
    item: ItemCode
    priority: bool = False
    issued_at: float
    reserve: bool = False
    """True when the label came from the terminal's day reserve because the server was away."""
    quote: Quote | None = None
    more_items: tuple[ItemCode, ...] = ()
    """Further items of the same visit, on the same number, in the order in which they are done."""


class PriorityGranted(Fact, frozen=True, kw_only=True):
    """Priority, by a guide or by a card (`age_offer.BY_CARD`). Ground and evidence are sealed, never shown."""

    ticket: TicketId
    issuer: StaffId
    sealed: bytes
    """`sealing.seal` of a JSON `commands.PriorityGrant`."""


class SlipEnded(Fact, frozen=True, kw_only=True):
    """A ticket's print job ended. `outcome` is a `ports.PrintOutcome` value such as `printed` or `failed`."""

    ticket: TicketId
    job: JobId
    outcome: str
    cause: str = ""
    copy: bool = False


class StaffSignedIn(Fact, frozen=True, kw_only=True):
    """A member of staff signed in; `window` is empty at a guide desk."""

    staff: StaffId
    terminal: TerminalId
    window: WindowId | None = None


class StaffSignedOut(Fact, frozen=True, kw_only=True):
    """A member of staff signed out."""

    staff: StaffId
    terminal: TerminalId
    window: WindowId | None = None


class HeadCompared(msgspec.Struct, frozen=True, kw_only=True):
    """One queue head that was considered for a call, with the credit it had (minutes times class rate)."""

    ticket: TicketId
    label: TicketLabel
    priority: bool
    waited_s: float
    credit: float


class TicketCalled(Fact, frozen=True, kw_only=True):
    """A ticket was called to a window. `compared` is the evidence for "why this one?"."""

    ticket: TicketId
    label: TicketLabel
    window: WindowId
    call_seq: int
    called_at: float
    compared: tuple[HeadCompared, ...] = ()
    rule: str = ""
    """The discipline in force, such as `apq_target`."""
    because: str = ""
    """Which part of the rule decided, a `disciplines.Ground`; never why somebody has priority."""
    out_of_order: str = ""
    """Why somebody was called before their turn, a `commands.OutOfOrder`; empty when the rule chose."""


class TicketRecalled(Fact, frozen=True, kw_only=True):
    """The called ticket was called again at the same window."""

    ticket: TicketId
    label: TicketLabel
    window: WindowId
    call_seq: int
    called_at: float


class TicketMissed(Fact, frozen=True, kw_only=True):
    """The called ticket did not come (过号)."""

    ticket: TicketId
    window: WindowId
    missed_at: float
    call_seq: int = 0
    """The last call of it; 0 from senders that do not know."""


class TicketReturned(Fact, frozen=True, kw_only=True):
    """A missed ticket was put back, a few places behind the head, once. `since` is its new place."""

    ticket: TicketId
    staff: StaffId = StaffId("")
    """The guide who did it; empty when its own slip was shown at a terminal."""
    since: float
    returned_at: float


class RequestWithdrawn(Fact, frozen=True, kw_only=True):
    """A window panel gave up a request that nobody answered, before it calls alone. Minted by the panel.

    A call of the server to this window after call `after_call_seq` and up to now, heard by nobody, binds nobody.
    """

    request: RequestId
    window: WindowId
    staff: StaffId
    after_call_seq: int
    """The last call of the hall that the panel knew of."""
    withdrawn_at: float


class TicketAdopted(Fact, frozen=True, kw_only=True):
    """A guide or a panel brought in a cut-off terminal's ticket from its slip, before the terminal told of it."""

    issued: TicketIssued
    terminal: TerminalId
    staff: StaffId
    adopted_at: float
    slip: str = ""
    """The signed code of the slip (`outage.signed_slips`), so that whoever reads the fact can check it."""


class ServiceStarted(Fact, frozen=True, kw_only=True):
    """The person arrived at the window."""

    ticket: TicketId
    service: ServiceId
    window: WindowId
    staff: StaffId
    started_at: float


class ServiceFinished(Fact, frozen=True, kw_only=True):
    """The service ended; the window's rating screen prompts once for it."""

    ticket: TicketId
    service: ServiceId
    window: WindowId
    staff: StaffId
    finished_at: float


class ServiceRated(Fact, frozen=True, kw_only=True):
    """The resident rated or declined. Minted by the rating screen; `grade` 5 (非常满意) to 1, `None` = declined."""

    service: ServiceId
    grade: int | None
    rated_at: float


class CallAnnounced(Fact, frozen=True, kw_only=True):
    """A hall display showed and spoke a call. Times are when it was on screen and when speech began."""

    call_seq: int
    label: TicketLabel
    window: WindowId
    shown_at: float
    spoken_at: float | None
    text: str
    unspoken: str = ""
    """Why it was shown only: `merged`, `full`, `stale`, `broken`, `no_voice` … (`kiosk.speech.Unsaid`)."""


class HelpRequested(Fact, frozen=True, kw_only=True):
    """Somebody touched 请人帮助. Names the terminal and the step, never the person."""

    terminal: TerminalId
    step: str
    at: float


class HelpAcknowledged(Fact, frozen=True, kw_only=True):
    """A guide is on the way."""

    terminal: TerminalId
    staff: StaffId
    at: float


class StatementPrepared(Fact, frozen=True, kw_only=True):
    """The server handed out a statement. `person` is a keyed hash, `digest` covers the content."""

    serial: Serial
    form: str
    terminal: TerminalId
    person: str
    digest: str
    check_code: str
    proof: str
    """How the holder was verified: `id_card`, `social_card_pin`, `social_card_demo`."""
    proxy: ProxyId = ProxyId("")
    """Handed to somebody who acts for the person: `ProxyAsked` and `ProxyConfirmed` tell who, and by whose word."""


class StatementEnded(Fact, frozen=True, kw_only=True):
    """A statement's print job ended; `failed` and `unknown` are not counted as delivered."""

    serial: Serial
    job: JobId
    outcome: str
    cause: str = ""
    copy: bool = False


class DeviceChanged(Fact, frozen=True, kw_only=True):
    """A device of a terminal changed state in a way that matters."""

    device: DeviceId
    state: str
    """A `health.State` value."""
    code: str = ""
    severity: str = ""
    at: float


class DeviceTested(msgspec.Struct, frozen=True, kw_only=True):
    """One device's part of a self-test. `code` is empty when it passed, else a fault code or `absent`."""

    device: DeviceId
    passed: bool
    code: str = ""


class SelfTestOrdered(Fact, frozen=True, kw_only=True):
    """A guide ordered a self-test of a terminal; `number` counts up from 1 for each terminal."""

    terminal: TerminalId
    number: int
    staff: StaffId
    at: float


class SelfTestEnded(Fact, frozen=True, kw_only=True):
    """A terminal tested all its devices: by order `number`, or 0 at its start."""

    terminal: TerminalId
    number: int
    at: float
    tested: tuple[DeviceTested, ...]


class TerminalStarted(Fact, frozen=True, kw_only=True):
    """A terminal's process began a new epoch."""

    role: str
    software: str
    at: float


Event = (
    DayOpened
    | DayConfirmed
    | DayWithdrawn
    | DayKeyRenewed
    | LabelLeased
    | TicketIssued
    | PriorityGranted
    | SlipEnded
    | StaffSignedIn
    | StaffSignedOut
    | StaffContinued
    | TicketCalled
    | TicketRecalled
    | TicketMissed
    | TicketReturned
    | RequestWithdrawn
    | TicketHeld
    | TicketResumed
    | TicketTransferred
    | ItemSwapped
    | ItemAdded
    | NextItemBegun
    | TicketCancelled
    | TicketLapsed
    | CallLapsed
    | TicketSteppedAway
    | TicketCameBack
    | TicketPrecalled
    | TicketReconciled
    | TicketAdopted
    | SlipKeyTrusted
    | ServiceStarted
    | ServiceFinished
    | ServiceRated
    | CallAnnounced
    | HelpRequested
    | HelpAcknowledged
    | StatementPrepared
    | StatementEnded
    | DeviceChanged
    | SelfTestOrdered
    | SelfTestEnded
    | TerminalStarted
    | ProxyFact
    | RatingFact
    | UpkeepFact
)
