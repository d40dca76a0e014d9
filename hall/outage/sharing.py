"""Who calls whom while the hall server is away: the last board's waiting tickets, shared among its windows.

Nobody needs to be asked: whoever holds the same board version computes the same caller for every ticket, because a
ticket's caller depends on its own id, its work and the windows signed in on that board, never on the other tickets.
So a ticket that one panel has heard of and another has not still has one caller.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import NewType

from hall.events import HeadCompared, RequestWithdrawn, TicketCalled
from hall.ids import RequestId, Series, StaffId, TicketId, WindowId
from hall.queue.state import HallState
from hall.queue.tickets import Ticket
from hall.wire.board import MAX_WAITING_SHOWN, Board, WaitingShown
from hall.wire.pack_shown import ItemShown, WindowPlan

AWAY_S = 5.0
"""Without a beat for so long the hall server is away, whatever the broker says (design 4)."""
ALONE_RULE = "alone"
"""`TicketCalled.rule` of a call that a panel made without the server."""
NO_CALL_SEQ = 0
"""`TicketCalled.call_seq` of such a call: the hall's counter belongs to the server alone."""

Caller = NewType("Caller", str)
"""Who calls: one window, or the one caller of all windows on a bus."""


class Level(StrEnum):
    """How far a panel is on its own (design 5, L0, L1 and L3)."""

    SERVER = "server"
    HOLDING = "holding"
    """One request is held and repeated under its own id; the panel says that it is connecting."""
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Serving:
    """The window map of one board: the signed-in windows with whose work they do, and each item's own windows."""

    series: Mapping[WindowId, tuple[Series, ...]]
    items: Mapping[str, tuple[WindowId, ...]]

    def kept_by(self, ticket: WaitingShown) -> WindowId | None:
        """Return the one window that has this ticket: it asked its person near, or the ticket was sent to it.

        As with the server, only while somebody sits there: a window that closed keeps nobody waiting for it.
        """
        given = (ticket.precalled_by, ticket.bound)
        return next((window for window in given if window is not None and window in self.series), None)

    def does(self, window: WindowId, ticket: WaitingShown) -> bool:
        """Tell whether a window does a ticket's work; an item that the pack does not know binds no window."""
        return ticket.work in self.series.get(window, ()) and window in self.items.get(ticket.item, (window,))


def level(no_beat_s: float, *, answered: bool = True) -> Level:
    """Return how a panel calls after `no_beat_s` seconds without a beat; `answered`: no request of its own is open."""
    if no_beat_s >= AWAY_S:
        return Level.ALONE
    return Level.SERVER if answered else Level.HOLDING


@dataclass(frozen=True, slots=True)
class Shares:
    """The waiting tickets of one board by caller, each share by place; `unserved` is work that no open window does."""

    board: tuple[int, int]
    """Ledger epoch and version of the board: shares of different boards do not fit together."""
    by_caller: Mapping[Caller, tuple[WaitingShown, ...]]
    unserved: tuple[WaitingShown, ...]


def waiting_shown(state: HallState) -> tuple[WaitingShown, ...]:
    """Return the waiting tickets for the board, the first by place; what exceeds the board's limit is not named."""
    waiting = sorted(entry for lane in state.lanes.values() for entry in lane)[:MAX_WAITING_SHOWN]
    return tuple(_waiting(state.tickets[ticket]) for _, ticket in waiting)


def _waiting(one: Ticket) -> WaitingShown:
    return WaitingShown(
        one.id,
        one.label,
        one.item,
        one.series,
        one.item_series,
        one.priority,
        one.since,
        one.bound,
        one.precalled_by,
        one.away_until,
    )


def caller_of(window: WindowId, buses: Mapping[WindowId, str]) -> Caller:
    """Return who calls for a window; `buses` names the bus of each window that shares one."""
    bus = buses.get(window, "")
    return Caller(f"bus {bus}") if bus else Caller(f"window {window}")


def buses_of(windows: Iterable[WindowPlan]) -> dict[WindowId, str]:
    """Return the line of each window that shares one, from the hall pack: what `share` and `caller_of` ask for."""
    return {one.window: one.bus for one in windows if one.bus}


def share(
    board: Board,
    serving: Serving,
    buses: Mapping[WindowId, str],
    *,
    joined: Iterable[WaitingShown] = (),
    gone: Collection[TicketId] = (),
) -> Shares:
    """Split the board's waiting tickets, and those that peers announced (`joined`), among its signed-in windows.

    First by the window map (`signed_in` of the same board), then by rendezvous hash of the ticket id: when a window
    closes, only its own tickets go to others. `gone` are tickets that a peer has announced as called.
    """
    known = {one.ticket: one for one in sorted(joined, key=_place)} | {one.ticket: one for one in board.waiting_tickets}
    shares: dict[Caller, list[WaitingShown]] = {caller_of(window, buses): [] for window in serving.series}
    unserved: list[WaitingShown] = []
    for one in sorted(known.values(), key=_place):
        if one.ticket in gone:
            continue
        window = window_for(one, serving)
        (unserved if window is None else shares[caller_of(window, buses)]).append(one)
    return Shares(
        board=(board.ledger_epoch, board.version),
        by_caller={caller: tuple(tickets) for caller, tickets in shares.items()},
        unserved=tuple(unserved),
    )


def signed_in(board: Board, windows: Iterable[WindowPlan], items: Iterable[ItemShown]) -> Serving:
    """Return the window map of a board: `windows` and `items` of the hall pack, of the windows those with staff."""
    staffed = {one.window for one in board.windows if one.staff is not None}
    return Serving(
        series={one.window: one.series for one in windows if one.window in staffed},
        items={item.code: item.windows for item in items},
    )


def window_for(ticket: WaitingShown, serving: Serving) -> WindowId | None:
    """Return the window whose caller has this ticket; None when no signed-in window does its work."""
    able = [window for window in serving.series if may_call(window, ticket, serving)]
    return max(able, key=lambda window: (_weight(ticket.ticket, window), window), default=None)


def may_call(window: WindowId, ticket: WaitingShown, serving: Serving) -> bool:
    """Tell whether a window may call a ticket, from a board alone.

    It must do the work, and call the numbers; when no window that does the work calls such numbers, every window that
    does the work takes them: nobody with a priority ticket is stranded. A ticket that was sent to a window, or asked
    to come near to it, is that window's alone.
    """
    kept = serving.kept_by(ticket)
    if kept is not None:
        return kept == window
    if not serving.does(window, ticket):
        return False
    return ticket.numbers in serving.series[window] or not any(
        ticket.numbers in series and serving.does(other, ticket) for other, series in serving.series.items()
    )


def heads(
    window: WindowId,
    tickets: Iterable[WaitingShown],
    serving: Serving,
    now: float,
    *,
    rates: tuple[float, float],
) -> tuple[HeadCompared, ...]:
    """Return the first of each lane of a share that this window may call, for the hall's own rule to choose from.

    Who stepped away is passed over until the time is over, and keeps the place.
    `rates` are the credit per minute of an ordinary and of a priority ticket.
    """
    lanes: dict[tuple[Series, Series, bool], list[WaitingShown]] = defaultdict(list)
    for one in tickets:
        if one.away_until <= now and may_call(window, one, serving):
            lanes[one.numbers, one.work, one.priority].append(one)
    firsts = (min(lane, key=_place) for lane in lanes.values())
    found = (_compared(one, max(0.0, now - one.since), rates[one.priority]) for one in firsts)
    return tuple(sorted(found, key=lambda head: (-head.credit, not head.priority, head.ticket)))


def call_alone(
    chosen: HeadCompared,
    *,
    window: WindowId,
    staff: StaffId,
    held: RequestId | None,
    last_call_seq: int,
    compared: tuple[HeadCompared, ...],
    now: float,
    because: str = "",
) -> tuple[RequestWithdrawn | TicketCalled, ...]:
    """Return what a panel journals, in one transaction and this order, before it calls without the server.

    A request that is still open is withdrawn first: if the server did decide it, that call binds nobody.
    `last_call_seq` is the last call of the hall that this panel knows of; `because` a `disciplines.Ground`.
    """
    called = TicketCalled(
        ticket=chosen.ticket,
        label=chosen.label,
        window=window,
        call_seq=NO_CALL_SEQ,
        called_at=now,
        compared=compared,
        rule=ALONE_RULE,
        because=because,
    )
    if held is None:
        return (called,)
    withdrawn = RequestWithdrawn(
        request=held, window=window, staff=staff, after_call_seq=last_call_seq, withdrawn_at=now
    )
    return withdrawn, called


def _compared(one: WaitingShown, waited_s: float, rate: float) -> HeadCompared:
    return HeadCompared(
        ticket=one.ticket, label=one.label, priority=one.priority, waited_s=waited_s, credit=rate * waited_s / 60
    )


def _place(one: WaitingShown) -> tuple[float, TicketId]:
    return one.since, one.ticket


def _weight(ticket: TicketId, window: WindowId) -> bytes:
    return sha256(f"{ticket}|{window}".encode()).digest()
