"""The queue day in memory. Built by `apply` from the ledger's events, read by `decide`, never written elsewhere."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field

from hall.ids import BusinessDay, ItemCode, ProxyId, Serial, Series, ServiceId, StaffId, TerminalId, TicketId, WindowId
from hall.pack.hall_pack import HallPack
from hall.pack.tables import ServiceItem, StaffMember, Terminal, Window
from hall.proxies import ProxyNow
from hall.queue.tickets import Lease, Service, Taught, Ticket, TicketState, WindowNow
from hall.wire.board import CallShown, HelpShown
from hall.wire.devices_shown import SelfTestShown
from hall.wire.shown import Order
from hall.wire.upkeep_shown import OpeningShown

CALLS_KEPT = 20
"""The board carries so many; a speaker that was away longer than that says the newest only."""

Lane = tuple[Series, Series, bool]
"""Whose numbers, whose work, priority: the tickets of one lane are served strictly in order."""


@dataclass(slots=True)
class PackIndex:
    """The pack's tables by their codes."""

    items: dict[ItemCode, ServiceItem]
    windows: dict[WindowId, Window]
    terminals: dict[TerminalId, Terminal]
    staff: dict[StaffId, StaffMember]
    means: dict[Series, float]
    priority_series: Series


def index(pack: HallPack) -> PackIndex:
    """Return the pack's tables by their codes."""
    return PackIndex(
        items={item.code: item for item in pack.items},
        windows={window.number: window for window in pack.windows},
        terminals={terminal.id: terminal for terminal in pack.terminals},
        staff={member.id: member for member in pack.staff},
        means={row.code: row.mean_service_min for row in pack.series},
        priority_series=pack.priority_series,
    )


@dataclass
class HallState:
    """Everything the rules remember. Bounded by the day: `DayOpened` lets go of all that belongs to earlier days."""

    pack: HallPack
    day: BusinessDay | None = None
    believed: BusinessDay | None = None
    """Last day that was opened or confirmed: what a clock says now must follow it (`calendar.believing`)."""
    numbered_above: int = 0
    """Orders of the open day are numbered above this, as its calls are."""
    unissued: dict[TicketId, Lease] = field(default_factory=dict)
    """Leases of the day before for tickets that nobody had told of when it ended."""
    tickets: dict[TicketId, Ticket] = field(default_factory=dict)
    lanes: dict[Lane, list[tuple[float, TicketId]]] = field(default_factory=dict)
    """Waiting tickets of the open day by place; no lane is empty."""
    bound: dict[TicketId, WindowId] = field(default_factory=dict)
    """Waiting tickets that were sent to one window."""
    leases: dict[TicketId, Lease] = field(default_factory=dict)
    taken: dict[tuple[BusinessDay, Series], set[int]] = field(default_factory=dict)
    """Numbers that are leased or issued, without suffixed ones."""
    last_leased: dict[tuple[BusinessDay, Series], int] = field(default_factory=dict)
    labels: dict[tuple[BusinessDay, Series, int, str], TicketId] = field(default_factory=dict)
    """First holder of each issued label."""
    grants: dict[TicketId, StaffId] = field(default_factory=dict)
    holders: dict[tuple[str, Series], TicketId] = field(default_factory=dict)
    """Last ticket of a card's holder (keyed hash) for each series of work."""
    services: dict[ServiceId, Service] = field(default_factory=dict)
    windows: dict[WindowId, WindowNow] = field(default_factory=dict)
    desks: dict[TerminalId, StaffId] = field(default_factory=dict)
    desk_signed_at: dict[TerminalId, float] = field(default_factory=dict)
    call_seq: int = 0
    calls: list[CallShown] = field(default_factory=list)
    help: dict[TerminalId, HelpShown] = field(default_factory=dict)
    help_closed_at: dict[TerminalId, float] = field(default_factory=dict)
    statements: dict[Serial, str] = field(default_factory=dict)
    """Serial to keyed hash of the person."""
    statement_counts: dict[str, int] = field(default_factory=dict)
    statement_numbers: dict[TerminalId, int] = field(default_factory=dict)
    opening: OpeningShown = field(default_factory=OpeningShown)
    """The opening checklist of the open day as far as it is signed."""
    proxies: dict[ProxyId, ProxyNow] = field(default_factory=dict)
    """Proxy enquiries of the open day; what is confirmed today opens nothing tomorrow."""
    orders: dict[TerminalId, list[Order]] = field(default_factory=dict)
    """What terminals were ordered to do and have not reported."""
    last_orders: dict[TerminalId, int] = field(default_factory=dict)
    tests: dict[TerminalId, SelfTestShown] = field(default_factory=dict)
    """The last self-test of each terminal of the pack on the open day."""
    slip_keys: dict[TerminalId, bytes] = field(default_factory=dict)
    """Whose signature on a slip is believed; outlives the day."""
    taught: dict[Series, Taught] = field(default_factory=dict)
    known: PackIndex = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.known = index(self.pack)
        self.windows = {number: WindowNow() for number in self.known.windows} | self.windows

    def open_windows(self) -> Iterator[Window]:
        """Windows at which somebody is signed in."""
        return (self.known.windows[number] for number, now in self.windows.items() if now.staff is not None)

    def waiting_count(self) -> int:
        """How many people wait."""
        return sum(len(lane) for lane in self.lanes.values())


def lane_of(ticket: Ticket) -> Lane:
    """Return the lane a ticket waits in."""
    return ticket.series, ticket.item_series, ticket.priority


def enqueue(state: HallState, ticket: Ticket) -> None:
    """Put a waiting ticket of the open day in its place."""
    if ticket.state is TicketState.WAITING and ticket.day == state.day:
        insort(state.lanes.setdefault(lane_of(ticket), []), (ticket.since, ticket.id))
        if ticket.bound is not None:
            state.bound[ticket.id] = ticket.bound


def dequeue(state: HallState, ticket: Ticket) -> None:
    """Take a waiting ticket of the open day out of its lane; tickets of other days are in none."""
    if ticket.state is TicketState.WAITING and ticket.day == state.day:
        key = lane_of(ticket)
        lane = state.lanes[key]
        del lane[bisect_left(lane, (ticket.since, ticket.id))]
        if not lane:
            del state.lanes[key]
        state.bound.pop(ticket.id, None)
