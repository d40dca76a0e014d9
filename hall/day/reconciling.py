"""What a panel did on its own, fitted into the running day: the merged facts decide, and the ledger says what changed.

The queue day applies each fact as it comes, which is right while nothing collides. Where facts of several devices
collide, or come late or in another order, `settling.settle` tells the same whatever the order; where the running day
differs from that, one `TicketReconciled` puts it right and carries the flags that somebody should look at.
"""

from hall.commands import Done
from hall.day.deciding import Asker, Decision, Reconcile, refused
from hall.day.sweeping import DAY_ENDED
from hall.errors import Reason
from hall.events import Event
from hall.ids import SERVER, TicketId, WindowId
from hall.moves import NextItemBegun, TicketLapsed, TicketReconciled
from hall.oddities import Flagged
from hall.outage.merging import Merged
from hall.outage.settling import settle
from hall.outage.stories import Reconciled
from hall.queue.state import HallState
from hall.queue.tickets import ENDED, Ticket, TicketState

IN_HAND = frozenset({TicketState.CALLED, TicketState.SERVING})


def reconcile(state: HallState, command: Reconcile, by: Asker, now: float) -> Decision:
    """Return what must change so that the day is as the facts tell, and the flags nobody was told of yet.

    Tickets whose issue has not come are left alone: their facts are settled when it has. Tickets of earlier days are in
    no queue any more; for them only the ledger learns how they ended, and that they lapsed if they never did.
    """
    if by.terminal != SERVER:
        return refused(Reason.NOT_ALLOWED, "only the hall server reconciles")
    told = {flag for one in command.facts if isinstance(one.event, TicketReconciled) for flag in one.event.flags}
    settled = settle(_facts(command.facts))
    hands = {number: window.ticket for number, window in state.windows.items()}
    events: list[Event] = []
    for one in settled.tickets:
        if one.day:
            flags = tuple(flag for flag in settled.flags if flag.ticket == one.ticket and flag not in told)
            events += _put_right(state, one, flags, now, hands)
    return Decision(tuple(events), Done())


def _facts(facts: Merged) -> Merged:
    """Our own conclusions are no evidence."""
    return tuple(one for one in facts if not isinstance(one.event, TicketReconciled))


Hands = dict[WindowId, TicketId | None]
"""What each window has in hand once the events decided so far have come true: two tickets never take one window."""


def _put_right(state: HallState, one: Reconciled, flags: tuple[Flagged, ...], now: float, hands: Hands) -> list[Event]:
    ticket = state.tickets.get(one.ticket)
    to, window = _place(one, hands)
    if ticket is not None and to is TicketState.SERVING and _was_served(state, ticket):
        to, window = ticket.state, ticket.window
    if ticket is not None:
        _take(hands, one.ticket, window if to in IN_HAND else None)
    events: list[Event] = []
    moves = ticket.moves if ticket is not None else 0
    if flags or (ticket is not None and not _is_so(state, ticket, to, window)):
        moves += 1
        events.append(
            TicketReconciled(ticket=one.ticket, move=moves, at=now, state=to.value, window=window, flags=flags)
        )
    if ticket is None and state.day is not None and one.day < state.day and one.state not in ENDED:
        events.append(TicketLapsed(ticket=one.ticket, move=moves + 1, at=now, cause=DAY_ENDED))
    if ticket is not None and to is TicketState.DONE and ticket.items_left:
        item = ticket.items_left[0]  # a panel on its own does not know of further items: the visit goes on
        events.append(NextItemBegun(ticket=ticket.id, move=moves + 1, at=now, item=item, window=None))
    return events


def _was_served(state: HallState, ticket: Ticket) -> bool:
    """Tell whether every service of a ticket has ended: a panel whose clock is fast seems to start after the end."""
    services = [one for one in state.services.values() if one.ticket == ticket.id]
    return bool(services) and all(one.finished_at is not None for one in services)


def _take(hands: Hands, ticket: TicketId, window: WindowId | None) -> None:
    for number, held in hands.items():
        if held == ticket:
            hands[number] = None
    if window in hands:
        hands[window] = ticket


def _place(one: Reconciled, hands: Hands) -> tuple[TicketState, WindowId | None]:
    """Return where the ticket belongs now: a window has one in hand, and another that was called there waits again."""
    known = one.window in hands
    busy = one.window is not None and hands.get(one.window) not in (None, one.ticket)
    if one.state is TicketState.CALLED and (busy or not known):
        return TicketState.WAITING, None
    if one.state is TicketState.SERVING and busy:
        return TicketState.HELD, one.window
    return one.state, None if one.state is TicketState.WAITING else one.window


def _is_so(state: HallState, ticket: Ticket, to: TicketState, window: WindowId | None) -> bool:
    if ticket.state is not to:
        return False
    if to not in IN_HAND or window is None:
        return True
    return ticket.window == window and state.windows[window].ticket == ticket.id
