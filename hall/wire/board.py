"""The board: what everybody in the hall may see, as one versioned snapshot. Numbers only, never a person."""

from typing import Literal

import msgspec

from hall.ids import (
    BusinessDay,
    ItemCode,
    Series,
    ServiceId,
    StaffId,
    TerminalId,
    TicketId,
    TicketLabel,
    WindowId,
)
from hall.wire.devices_shown import SelfTestShown
from hall.wire.shown import AsideShown, ProxyShown, StaffingShown
from hall.wire.upkeep_shown import OpeningShown

MAX_WAITING_SHOWN = 400
"""Tickets on the board, of some 110 bytes each: a full hall's, and far below the largest message."""


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
    day_doubt: str = ""
    """Why the server's date is not believed, a `believing.Doubt`; then `day` is the last one, and reserves serve on."""
    next_opening: float = 0.0
    """When it opens next, hall time; told while it is not open, otherwise 0."""
    self_tests: tuple[SelfTestShown, ...] = ()
    """Of the terminals that were tested on the open day or shall be."""
    slip_keys: dict[TerminalId, bytes] = {}
    """Raw Ed25519 public keys of the terminals that issue, to check their slips with while the server is away."""
    proxies: tuple[ProxyShown, ...] = ()
    """Proxy enquiries of the last minutes, oldest first; one for each terminal at most."""
    opening: OpeningShown = OpeningShown()
    """Today's opening checklist as far as it is signed."""
