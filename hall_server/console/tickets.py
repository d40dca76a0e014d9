"""「今日号票」: today's tickets as people may see them. That one is priority is shown; why never leaves the ledger."""

from collections import Counter

import msgspec

from hall.queue.state import HallState
from hall.queue.tickets import Ticket, TicketState

MAX_TICKETS = 5000
"""More than twice the busiest day of a large hall."""
MINUTE_S = 60.0


class TicketShown(msgspec.Struct, frozen=True, kw_only=True):
    """One ticket. `waited_min` runs until the first call, on for who waits again; `slip` is its paper's outcome."""

    ticket: str
    label: str
    item: str
    item_title: str
    priority: bool
    issued_at: float
    terminal: str
    terminal_title: str
    state: str
    window: str | None
    waited_min: float
    called_at: float | None
    calls: int
    returned: bool
    reserve: bool
    slip: str


class TicketsShown(msgspec.Struct, frozen=True, kw_only=True):
    """Today's tickets, newest first, and how many there are in each state."""

    day: str
    at: float
    counts: dict[str, int]
    priority_waiting: int
    longest_wait_min: float
    mean_wait_min: float | None
    """Until the first call, over the tickets called today; None when none was."""
    tickets: tuple[TicketShown, ...]


def tickets_shown(state: HallState, now: float) -> TicketsShown:
    """Return today's tickets."""
    today = [one for one in state.tickets.values() if one.day == state.day]
    today.sort(key=lambda one: (one.issued_at, one.label), reverse=True)
    shown = tuple(_shown(state, one, now) for one in today[:MAX_TICKETS])
    waiting = [one for one in shown if one.state == TicketState.WAITING]
    called = [max(0.0, one.called_at - one.issued_at) / MINUTE_S for one in shown if one.called_at is not None]
    counts = Counter(one.state for one in shown)
    return TicketsShown(
        day=state.day or "",
        at=now,
        counts={told.value: counts[told.value] for told in TicketState},
        priority_waiting=sum(1 for one in waiting if one.priority),
        longest_wait_min=max((one.waited_min for one in waiting), default=0.0),
        mean_wait_min=round(sum(called) / len(called), 1) if called else None,
        tickets=shown,
    )


def _shown(state: HallState, ticket: Ticket, now: float) -> TicketShown:
    item = state.known.items.get(ticket.item)
    terminal = state.known.terminals.get(ticket.terminal)
    was_called = ticket.calls and ticket.state is not TicketState.WAITING  # who was sent on or came back waits again
    until = ticket.first_called_at if was_called else now
    return TicketShown(
        ticket=ticket.id,
        label=ticket.label,
        item=ticket.item,
        item_title=item.title if item else ticket.item,
        priority=ticket.priority,
        issued_at=ticket.issued_at,
        terminal=ticket.terminal,
        terminal_title=terminal.title if terminal else ticket.terminal,
        state=ticket.state.value,
        window=ticket.window,
        waited_min=round(max(0.0, until - ticket.issued_at) / MINUTE_S, 1),
        called_at=ticket.first_called_at if ticket.calls else None,
        calls=ticket.calls,
        returned=ticket.returned,
        reserve=ticket.reserve,
        slip=ticket.slip,
    )
