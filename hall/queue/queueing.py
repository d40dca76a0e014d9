"""Who may be called by a window: the heads of its lanes, with what they have waited and the credit they have.

A window calls the items it serves (the pack's map; a 综合 window serves many). Passed over are those who stepped away,
and those whom another open window was given (transfer, pre-call). A window's preferred series go first while the others
have not waited long. Which head is next, `disciplines` says, by the rule of the pack.
"""

from collections.abc import Iterator, Sequence

from hall.events import HeadCompared
from hall.ids import ItemCode, TicketId, WindowId
from hall.pack.tables import Window
from hall.queue.disciplines import OVER_TARGET_IN_ROW, Ground, choose, order, rate
from hall.queue.explaining import why
from hall.queue.state import HallState, Lane
from hall.queue.tickets import Ticket, TicketState

__all__ = ["OVER_TARGET_IN_ROW", "Ground", "choose", "compare", "heads", "may_call", "may_take", "why"]


def may_call(state: HallState, window: Window, lane: Lane) -> bool:
    """Tell whether this window may call from the lane.

    It must serve the work, and the numbers; when no open window that serves the work calls such numbers, every window
    that serves the work takes them, so that nobody with a priority ticket is stranded. What an item's own windows add
    to that, `heads` knows.
    """
    numbers, work, _ = lane
    if work not in window.series:
        return False
    return numbers in window.series or not any(_calling(state, lane))


def _calling(state: HallState, lane: Lane) -> Iterator[WindowId]:
    """The open windows that serve a lane's work and call its numbers."""
    numbers, work, _ = lane
    return (window.number for window in state.open_windows() if numbers in window.series and work in window.series)


def may_take(state: HallState, window: Window, ticket: Ticket, now: float) -> bool:
    """Tell whether this waiting ticket may be called here now, its lane apart."""
    if ticket.away_until > now or _kept_for_another(state, ticket, window.number):
        return False
    item = state.known.items.get(ticket.item)
    return item is None or window.number in item.windows


def _kept_for_another(state: HallState, ticket: Ticket, window: WindowId) -> bool:
    """A window that was given the ticket keeps it while somebody sits there."""
    for given in (ticket.bound, ticket.precalled_by):
        if given is not None and given != window:
            kept = state.windows.get(given)
            if kept is not None and kept.staff is not None:
                return True
    return False


def heads(state: HallState, window: WindowId, now: float) -> tuple[HeadCompared, ...]:
    """Return the heads this window compares, best credit first: one of each lane, and whoever was sent to it."""
    plan = state.known.windows[window]
    found = list(_heads(state, plan, now))
    if plan.prefers:
        found = _preferred(plan, found, now, state.pack.limits.prefer_until_min * 60)
    return tuple(sorted((compare(state, ticket, since, now) for since, ticket in found), key=order))


def _heads(state: HallState, plan: Window, now: float) -> Iterator[tuple[float, Ticket]]:
    for lane, entries in state.lanes.items():
        if may_call(state, plan, lane):
            yield from _first(state, plan, entries, now)
        elif stranded := _stranded(state, plan, lane):
            left = [entry for entry in entries if state.tickets[entry[1]].item in stranded]
            yield from _first(state, plan, left, now)
        elif state.bound:
            mine = [entry for entry in entries if state.bound.get(entry[1]) == plan.number]
            yield from _first(state, plan, mine, now)


def _stranded(state: HallState, plan: Window, lane: Lane) -> frozenset[ItemCode]:
    """Return the items of a lane that this window does, and none of the open windows that call its numbers."""
    if lane[1] not in plan.series:
        return frozenset()
    calling = set(_calling(state, lane))
    items = (item for item in state.known.items.values() if item.series == lane[1] and plan.number in item.windows)
    return frozenset(item.code for item in items if calling.isdisjoint(item.windows))


def _first(
    state: HallState, plan: Window, entries: Sequence[tuple[float, TicketId]], now: float
) -> Iterator[tuple[float, Ticket]]:
    for since, ticket_id in entries:
        ticket = state.tickets[ticket_id]
        if may_take(state, plan, ticket, now):
            yield since, ticket
            return


def _preferred(
    plan: Window, found: list[tuple[float, Ticket]], now: float, patience_s: float
) -> list[tuple[float, Ticket]]:
    """Leave out work this window only helps out with, unless nothing else waits or it has waited too long."""
    kept = [
        (since, ticket)
        for since, ticket in found
        if ticket.item_series in plan.prefers or ticket.bound == plan.number or now - since > patience_s
    ]
    return kept or found


def compare(state: HallState, ticket: Ticket, since: float, now: float) -> HeadCompared:
    """Return what is written down of a head: waiting counts from coming (or coming back), credit from its place."""
    return HeadCompared(
        ticket=ticket.id,
        label=ticket.label,
        priority=ticket.priority,
        waited_s=max(0.0, now - max(since, ticket.issued_at)),
        credit=rate(state.pack.limits, priority=ticket.priority) * max(0.0, now - since) / 60,
    )


def precalled(state: HallState, window: WindowId, now: float) -> Ticket | None:
    """Return the ticket this window has asked to come near, while it still waits and is here."""
    known = state.windows[window].precalled
    ticket = state.tickets.get(known) if known else None
    if ticket is None or ticket.state is not TicketState.WAITING or ticket.away_until > now:
        return None
    return ticket
