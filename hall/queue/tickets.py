"""What the hall remembers of a ticket, its services and the windows during one day. Changed by `apply` only."""

from dataclasses import dataclass, field
from enum import StrEnum

from hall.events import Quote
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


class TicketState(StrEnum):
    """The table of moves.

    `WAITING → CALLED → SERVING → DONE`, and beside it:
    `CALLED → MISSED → WAITING` once, a second `MISSED → LAPSED`; `CALLED → WAITING` (not started, panel lost);
    `SERVING ↔ HELD`; `SERVING → WAITING` (transferred, or the next item of the visit);
    `WAITING | MISSED | HELD → CANCELLED`; whatever is open when its day ends `→ LAPSED`.
    """

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    MISSED = "missed"
    HELD = "held"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


ENDED = frozenset({TicketState.DONE, TicketState.CANCELLED, TicketState.LAPSED})
"""Final: no move leads out of these."""


@dataclass(slots=True)
class Ticket:
    """One ticket. `since` is its place in the queue (hall time).

    It equals `issued_at` until the ticket is missed; an appointment kept in time lets it begin earlier.
    """

    id: TicketId
    terminal: TerminalId
    day: BusinessDay
    series: Series
    number: int
    suffix: str
    label: TicketLabel
    item: ItemCode
    item_series: Series
    priority: bool
    issued_at: float
    since: float
    reserve: bool
    quote: Quote | None
    state: TicketState = TicketState.WAITING
    window: WindowId | None = None
    call_seq: int = 0
    calls: int = 0
    first_called_at: float = 0.0
    called_at: float = 0.0
    missed_at: float = 0.0
    returned: bool = False
    slip: str = ""
    """Outcome of its last print job."""
    moves: int = 0
    """Number of its last `events.Move`."""
    earlier_labels: tuple[TicketLabel, ...] = ()
    """Labels it had before a swap, oldest first; they still find it."""
    items_left: tuple[ItemCode, ...] = ()
    """Further items of the visit."""
    bound: WindowId | None = None
    """A window it was sent to; others may call it only when that window is closed."""
    precalled_by: WindowId | None = None
    away_since: float = 0.0
    """When it last stepped away, hall time."""
    away_until: float = 0.0
    away_times: int = 0
    held_at: float = 0.0
    appointment: bool = False
    adopted: bool = False
    """Known from its slip; the terminal's own event is still to come."""


@dataclass(slots=True)
class Service:
    """One service of one ticket at one window; `rated` once, with a grade or declined (`grade` None)."""

    id: ServiceId
    ticket: TicketId
    window: WindowId
    staff: StaffId
    started_at: float
    finished_at: float | None = None
    held_s: float = 0.0
    """Time it was paused, which teaches nobody anything."""
    rated: bool = False
    grade: int | None = None
    too_early: set[tuple[float, int | None]] = field(default_factory=set)
    """Ratings (time, grade) that came before the service ended: they stay without effect when they are told again."""
    reasons: tuple[str, ...] = ()
    """What was poor, as the resident named it (`rating_facts.Dimension`); empty when nothing was named."""
    reasons_too_early: set[tuple[float, tuple[str, ...]]] = field(default_factory=set)
    """Reasons that came before a rating that counted: without effect also when they are told again."""


@dataclass(slots=True)
class WindowNow:
    """A window now. `priority_in_row` counts priority calls in a row made while ordinary people waited for it."""

    staff: StaffId | None = None
    terminal: TerminalId | None = None
    signed_at: float = 0.0
    ticket: TicketId | None = None
    service: ServiceId | None = None
    finished: ServiceId | None = None
    precalled: TicketId | None = None
    priority_in_row: int = 0
    owed_ordinary: int = 0
    """Ordinary calls still due after the last priority call made while ordinary people waited (`ratio_1_2`)."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A label set aside for a ticket."""

    day: BusinessDay
    series: Series
    number: int
    person: str = ""
    appointment_at: float = 0.0
    at: float = 0.0
    terminal: TerminalId | None = None
    work: Series | None = None
    """Series of the work, by which one card holds one number."""


@dataclass(slots=True)
class Taught:
    """Services of the day that taught the estimate of a series."""

    services: int = 0
    minutes: float = 0.0
