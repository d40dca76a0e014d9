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
    """`WAITING → CALLED → SERVING → DONE`; `CALLED → MISSED → WAITING`, once."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    MISSED = "missed"


@dataclass(slots=True)
class Ticket:
    """One ticket. `since` is its place in the queue (hall time); it equals `issued_at` until the ticket is missed."""

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


@dataclass(slots=True)
class Service:
    """One service of one ticket at one window; `rated` once, with a grade or declined (`grade` None)."""

    id: ServiceId
    ticket: TicketId
    window: WindowId
    staff: StaffId
    started_at: float
    finished_at: float | None = None
    rated: bool = False
    grade: int | None = None
    too_early: set[tuple[float, int | None]] = field(default_factory=set)
    """Ratings (time, grade) that came before the service ended: they stay without effect when they are told again."""


@dataclass(slots=True)
class WindowNow:
    """A window now. `priority_in_row` counts priority calls in a row made while ordinary people waited for it."""

    staff: StaffId | None = None
    terminal: TerminalId | None = None
    signed_at: float = 0.0
    ticket: TicketId | None = None
    service: ServiceId | None = None
    finished: ServiceId | None = None
    priority_in_row: int = 0
    owed_ordinary: int = 0
    """Ordinary calls still due after the last priority call made while ordinary people waited (`ratio_1_2`)."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A label set aside for a ticket."""

    day: BusinessDay
    series: Series
    number: int


@dataclass(slots=True)
class Taught:
    """Services of the day that taught the estimate of a series."""

    services: int = 0
    minutes: float = 0.0
