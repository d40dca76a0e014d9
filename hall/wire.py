"""The messages between terminals and the hall server, as JSON by msgspec, and their topics (design section 4).

Each `decode_*` bounds its input and turns foreign errors into `HallError(MALFORMED | TOO_LARGE)`.
Unknown fields are ignored so that versions one apart understand each other; an unknown event kind is poison.
"""

from typing import Literal, TypeVar

import msgspec

from hall.commands import AnyCommand, AnyReply
from hall.devices_shown import SelfTestShown, TerminalNow, TerminalShown
from hall.errors import HallError, Reason
from hall.events import Event
from hall.ids import (
    AreaId,
    BusinessDay,
    DeviceId,
    EventId,
    HallId,
    ItemCode,
    RequestId,
    Series,
    ServiceId,
    StaffId,
    TerminalId,
    TicketId,
    TicketLabel,
    WindowId,
)
from hall.shown import AgeOfferShown, AsideShown, CallingShown, Order, StaffingShown

MAX_MESSAGE_BYTES = 256 * 1024
"""A pack is the largest message; everything else is a few kilobytes."""
MAX_EVENTS_PER_MESSAGE = 20
MAX_WAITING_SHOWN = 400
"""Tickets on the board, of some 110 bytes each: a full hall's, and far below the largest message."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One event with its own id and its own time. `(device, epoch, seq)` is gapless from 1 within an epoch."""

    device: TerminalId
    epoch: int
    seq: int
    event_id: EventId
    at: float
    event: Event


class RawEnvelope(msgspec.Struct, frozen=True, kw_only=True):
    """An envelope whose event is still bytes, so that a poisonous body does not hide its sequence number."""

    device: TerminalId
    epoch: int
    seq: int
    event_id: EventId
    at: float
    event: msgspec.Raw


class Up(msgspec.Struct, frozen=True, kw_only=True):
    """`…/up`: a few events in order."""

    events: list[msgspec.Raw]


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """`…/mark`: what the ledger holds of this terminal, after its commit. Cumulative: losing one costs nothing."""

    ledger_epoch: int
    marks: dict[str, int]
    """Epoch (as text) to the highest sequence committed."""
    chain_head: str
    quarantined: bool = False


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """`…/ask`: decide this once, after my own events up to `(after_epoch, after_seq)`."""

    request: RequestId
    after_epoch: int
    after_seq: int
    wait_s: float
    """How long the terminal will wait; later the answer is of no use to it."""
    command: AnyCommand


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """`…/answer`."""

    request: RequestId
    ledger_epoch: int
    reply: AnyReply


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """`…/link`: hello (`ready`), or the last will (`lost`). A will is a hint, never evidence; `epoch` pairs it."""

    state: Literal["ready", "lost"]
    epoch: int
    role: str = ""
    software: str = ""


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """`hall/<hall>/beat`, every second: the server is here. None for 5 s means the server is away."""

    ledger_epoch: int
    at: float
    board_version: int
    pack_version: str


class CallShown(msgspec.Struct, frozen=True, kw_only=True):
    """One of the last 20 calls."""

    call_seq: int
    label: TicketLabel
    window: WindowId
    priority: bool
    recalled: bool
    at: float


class WindowShown(msgspec.Struct, frozen=True, kw_only=True):
    """A window as everybody may see it."""

    window: WindowId
    state: Literal["closed", "free", "called", "serving"]
    label: TicketLabel | None = None
    staff: StaffId | None = None
    finished_service: ServiceId | None = None
    """The last finished service while its rating is open."""
    next_label: TicketLabel | None = None
    """Who was asked to come near while another is being served."""
    item: ItemCode | None = None
    """What the number in hand is for."""
    items_left: tuple[ItemCode, ...] = ()
    """Further items of its visit."""
    ticket: TicketId | None = None
    """Whose number is in hand, so that its panel can go on while the server is away."""
    service: ServiceId | None = None
    """The service that goes on."""


class QueueShown(msgspec.Struct, frozen=True, kw_only=True):
    """Waiting people of one series."""

    series: str
    waiting: int
    longest_wait_s: float
    next_labels: tuple[TicketLabel, ...] = ()


class HelpShown(msgspec.Struct, frozen=True, kw_only=True):
    """An open request for help."""

    terminal: TerminalId
    step: str
    at: float


class WaitingShown(msgspec.Struct, frozen=True, array_like=True):
    """One waiting ticket as a window needs it that may have to call alone; short, for there are many."""

    ticket: TicketId
    label: TicketLabel
    item: ItemCode
    numbers: Series
    """Whose numbers it holds."""
    work: Series
    """Whose work it needs."""
    priority: bool
    since: float
    """Its place, hall time."""
    bound: WindowId | None = None
    """The one window it was sent to, if any."""
    precalled_by: WindowId | None = None
    """The window that has asked its person to come near."""
    away_until: float = 0.0
    """Stepped away: not called before this hall time."""


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """`hall/<hall>/board`: a full snapshot; the latest version wins; at most four a second; numbers only."""

    ledger_epoch: int
    version: int
    at: float
    day: BusinessDay
    next_day: BusinessDay
    """The token that follows, so that a cut-off terminal can go on tomorrow."""
    taking_tickets: bool
    waiting: int
    typical_wait_min: int
    queues: tuple[QueueShown, ...]
    windows: tuple[WindowShown, ...]
    calls: tuple[CallShown, ...]
    """The last 20, oldest first."""
    help: tuple[HelpShown, ...] = ()
    waiting_tickets: tuple[WaitingShown, ...] = ()
    """At most `MAX_WAITING_SHOWN`, by place; `waiting` counts them all."""
    aside: tuple[AsideShown, ...] = ()
    """Missed, held and away, oldest first."""
    staffing: tuple[StaffingShown, ...] = ()
    """What the guide and the lead should act on, the most pressing first."""
    hours: Literal["before", "open", "cut_off", "closed", "resting"] = "open"
    """Where in its day the hall stands, see `opening.hours_now`."""
    next_opening: float = 0.0
    """When it opens next, hall time; told while it is not open, otherwise 0."""
    self_tests: tuple[SelfTestShown, ...] = ()
    """Of the terminals that were tested on the open day or shall be."""


class ItemShown(msgspec.Struct, frozen=True, kw_only=True):
    """A service item as terminals need it."""

    code: str
    title: str
    title_en: str
    group: str
    """Group code of the choosing screen, see `GroupShown`."""
    series: str
    windows: tuple[WindowId, ...]
    area: AreaId
    materials: tuple[str, ...]
    self_service_form: str = ""
    """Statement form code if the terminal can do it itself."""
    priority: bool = False
    """Served first for what it is, under its own queue's number (条例第17条)."""


class GroupShown(msgspec.Struct, frozen=True, kw_only=True):
    """A group of items on the choosing screen, such as 养老待遇."""

    code: str
    title: str
    title_en: str
    icon: str


class WindowPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A window as configured."""

    window: WindowId
    title: str
    area: AreaId
    bar_address: int | None = None
    series: tuple[Series, ...] = ()
    """Whose work it does and whose numbers it calls."""
    bus: str = ""
    """The line its bar and keypad share with other windows: they have one caller while the hall server is away."""
    priority_first: bool = False


class Reserve(msgspec.Struct, frozen=True, kw_only=True):
    """A terminal's day reserve in every series: numbers first..last, disjoint by construction."""

    terminal: TerminalId
    first: int
    last: int


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """Loudness of announcements from `first` until `last`, minutes after local midnight; `percent` 0 to 100."""

    first: int
    last: int
    percent: int


class PackShown(msgspec.Struct, frozen=True, kw_only=True):
    """`hall/<hall>/pack`: what terminals need of the hall pack, as one snapshot."""

    version: str
    hall: HallId
    title: str
    title_en: str
    sample: bool
    """True while the demo pack is loaded: every screen and paper says 样例."""
    hotline: str
    supervision: str
    duty_lead: str
    hours: str
    missed_rule: str
    missed_rule_en: str
    groups: tuple[GroupShown, ...]
    items: tuple[ItemShown, ...]
    windows: tuple[WindowPlan, ...]
    areas: dict[str, str]
    reserves: tuple[Reserve, ...]
    statement_forms: dict[str, str]  # form code to title
    statement_year: int
    staff_names: dict[str, str]
    priority_series: str = "Y"  # whose numbers go with a grant
    spoken_times: int = 2  # how often a call is spoken
    server_key: bytes
    """Raw X25519 public key of the hall server; what is personal is sealed to it."""
    languages: tuple[str, ...] = ("zh", "en")
    """Languages the hall offers on its screens, Chinese first."""
    speech: dict[str, str] = {}
    """Texts to be spoken to their pinyin, made when the pack was built; terminals compute none."""
    volumes: tuple[Volume, ...] = ()
    """Loudness by time of day; outside of them 100."""
    terminals: tuple[TerminalShown, ...] = ()
    """Every screen of the hall and the devices it must have."""
    calling: CallingShown = CallingShown()
    age_offer: AgeOfferShown = AgeOfferShown()
    slip_codes: bool = False
    """Some terminal has a scanner, so slips carry a code of their own."""


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """`…/down`: the orders this terminal has not reported done, oldest first; sent on change and on hello.

    The terminal remembers the highest number it has taken in this ledger epoch, so that each is done once.
    """

    ledger_epoch: int
    orders: tuple[Order, ...]


class DeviceReport(msgspec.Struct, frozen=True, kw_only=True):
    """One device as its terminal knows it. `state` is a `health.State`; unknown is a state, silence is not health."""

    device: DeviceId
    kind: str
    state: str
    code: str = ""
    severity: str = ""
    action: str = ""
    """What an operator can do now (Chinese)."""
    may_serve: bool = True
    readings: dict[str, str] = {}
    """Reading name to value, or `unknown`, `unsupported`, `absent`."""


class HealthReport(msgspec.Struct, frozen=True, kw_only=True):
    """`…/health`: on change and every 10 s; lossy."""

    at: float
    role: str
    epoch: int
    uptime_s: float
    outbox_depth: int
    oldest_unacked_s: float
    step: str
    devices: tuple[DeviceReport, ...]


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One fault = one card = what to do."""

    terminal: TerminalId
    device: DeviceId
    code: str
    severity: str
    state: str
    since: float
    action: str


class Alerts(msgspec.Struct, frozen=True, kw_only=True):
    """`hall/<hall>/alerts`: full snapshot, latest version wins."""

    version: int
    at: float
    alerts: tuple[Alert, ...]
    terminals: tuple[TerminalNow, ...] = ()
    """How every terminal and device is, also where nothing is wrong; empty from a server that does not tell."""


def terminal_topic(hall: HallId, terminal: TerminalId, lane: str) -> str:
    """`hall/<hall>/terminal/<terminal>/<lane>`; lanes: up, mark, ask, answer, down, link, health."""
    return f"hall/{hall}/terminal/{terminal}/{lane}"


def hall_topic(hall: HallId, lane: str) -> str:
    """`hall/<hall>/<lane>`; lanes: board, pack, beat, alerts, peers."""
    return f"hall/{hall}/{lane}"


_encoder = msgspec.json.Encoder()
T = TypeVar("T")


def encode(message: msgspec.Struct) -> bytes:
    """Return the JSON bytes of any message of this module."""
    return _encoder.encode(message)


def decode(kind: type[T], payload: bytes, where: str) -> T:
    """Return the message, or raise `HallError` naming `where` and what did not fit."""
    if len(payload) > MAX_MESSAGE_BYTES:
        raise HallError(Reason.TOO_LARGE, where, f"{len(payload)} bytes; at most {MAX_MESSAGE_BYTES} are allowed")
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise HallError(Reason.MALFORMED, where, f"not a {kind.__name__}: {error}") from error
