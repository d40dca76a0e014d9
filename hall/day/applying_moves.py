"""What the moves of a ticket mean for the queue day. Each counts up `Ticket.moves`: told twice, it changes nothing."""

from hall.ids import ItemCode, Series, TerminalId, WindowId
from hall.moves import (
    CallLapsed,
    ItemAdded,
    ItemSwapped,
    Move,
    NextItemBegun,
    TicketCameBack,
    TicketCancelled,
    TicketHeld,
    TicketLapsed,
    TicketPrecalled,
    TicketResumed,
    TicketSteppedAway,
    TicketTransferred,
)
from hall.queue.state import HallState, dequeue, enqueue
from hall.queue.tickets import ENDED, Service, Ticket, TicketState, WindowNow


def _moving(state: HallState, event: Move, *states: TicketState) -> Ticket | None:
    """Return the ticket if this is a new move of it and it is in one of these states (none = any that is open)."""
    ticket = state.tickets.get(event.ticket)
    if ticket is None or event.move <= ticket.moves or ticket.state in ENDED:
        return None
    if states and ticket.state not in states:
        return None
    ticket.moves = event.move
    return ticket


def _wait(state: HallState, ticket: Ticket, item: ItemCode) -> None:
    ticket.state, ticket.window, ticket.item = TicketState.WAITING, None, item
    ticket.items_left = tuple(one for one in ticket.items_left if one != item)  # whoever waits for it does it once
    ticket.item_series = _work(state, item, ticket.item_series)
    enqueue(state, ticket)


def _work(state: HallState, item: ItemCode, otherwise: Series) -> Series:
    known = state.known.items.get(item)
    return known.series if known else otherwise


def free_window(state: HallState, ticket: Ticket) -> Service | None:
    """Take the ticket out of the hand that holds it; return the service that was going on there."""
    window = state.windows.get(ticket.window) if ticket.window else None
    if window is None or window.ticket != ticket.id:
        return None
    service = state.services.get(window.service) if window.service else None
    window.ticket, window.service = None, None
    return service


def forget_precall(state: HallState, ticket: Ticket) -> None:
    """No window waits for this ticket any longer."""
    window = state.windows.get(ticket.precalled_by) if ticket.precalled_by else None
    if window is not None and window.precalled == ticket.id:
        window.precalled = None
    ticket.precalled_by = None


# ---- at windows --------------------------------------------------------------------------------------------------


def held(state: HallState, event: TicketHeld, _device: TerminalId, _at: float) -> None:
    """The window is free; the service pauses."""
    ticket = _moving(state, event, TicketState.SERVING)
    if ticket is not None:
        free_window(state, ticket)
        ticket.state, ticket.held_at = TicketState.HELD, event.at


def resumed(state: HallState, event: TicketResumed, _device: TerminalId, _at: float) -> None:
    """The same service goes on here, whoever serves it now."""
    window = state.windows.get(event.window)
    ticket = _moving(state, event, TicketState.HELD) if window is not None else None
    if window is None or ticket is None:
        return
    ticket.state, ticket.window = TicketState.SERVING, event.window
    service = last_service(state, ticket)
    window.ticket, window.service, window.finished = ticket.id, service.id if service else None, None
    if service is not None:
        service.window, service.staff = event.window, event.staff
        service.held_s += max(0.0, event.at - ticket.held_at)


def last_service(state: HallState, ticket: Ticket) -> Service | None:
    """Return the newest service of a ticket that has not ended."""
    open_ones = [one for one in state.services.values() if one.ticket == ticket.id and one.finished_at is None]
    return open_ones[-1] if open_ones else None


def transferred(state: HallState, event: TicketTransferred, _device: TerminalId, _at: float) -> None:
    """Its service here ends unrated; it waits again with its number and first issue time."""
    ticket = _moving(state, event, TicketState.SERVING, TicketState.CALLED)
    if ticket is None:
        return
    service = free_window(state, ticket)
    if service is not None:
        service.finished_at = event.at
    ticket.bound = event.to_window
    _wait(state, ticket, event.item)


def next_item(state: HallState, event: NextItemBegun, _device: TerminalId, _at: float) -> None:
    """The visit goes on: in the same hand, or waiting."""
    ticket = state.tickets.get(event.ticket)
    if ticket is None or event.move <= ticket.moves or ticket.state is not TicketState.DONE:
        return
    ticket.moves, ticket.bound = event.move, None
    ticket.items_left = tuple(item for item in ticket.items_left if item != event.item)
    window = state.windows.get(event.window) if event.window else None
    if window is None or event.window is None or window.ticket is not None:
        _wait(state, ticket, event.item)
        return
    _stay(ticket, window, event.window, event.at)
    ticket.item, ticket.item_series = event.item, _work(state, event.item, ticket.item_series)


def _stay(ticket: Ticket, window: WindowNow, number: WindowId, at: float) -> None:
    ticket.state, ticket.window, ticket.called_at = TicketState.CALLED, number, at
    window.ticket, window.service = ticket.id, None


def precalled(state: HallState, event: TicketPrecalled, _device: TerminalId, _at: float) -> None:
    """It stays in its place; only this window calls it while somebody sits there."""
    window = state.windows.get(event.window)
    ticket = _moving(state, event, TicketState.WAITING) if window is not None else None
    if window is not None and ticket is not None:
        forget_precall(state, ticket)
        ticket.precalled_by, window.precalled = event.window, ticket.id


def call_lapsed(state: HallState, event: CallLapsed, _device: TerminalId, _at: float) -> None:
    """Back to its place, which it never lost."""
    ticket = _moving(state, event, TicketState.CALLED)
    if ticket is not None:
        free_window(state, ticket)
        _wait(state, ticket, ticket.item)


# ---- at the desk -------------------------------------------------------------------------------------------------


def swapped(state: HallState, event: ItemSwapped, _device: TerminalId, _at: float) -> None:
    """A second label and other work, the same time; the first label still finds it."""
    ticket = _moving(state, event, TicketState.WAITING)
    if ticket is None:
        return
    dequeue(state, ticket)
    forget_precall(state, ticket)
    if event.label != ticket.label:
        ticket.earlier_labels = (*ticket.earlier_labels, ticket.label)
    ticket.series, ticket.number, ticket.suffix = event.series, event.number, event.suffix
    ticket.label, ticket.bound = event.label, None
    state.labels.setdefault((ticket.day, event.series, event.number, event.suffix), ticket.id)
    lease = state.leases.get(ticket.id)
    if lease is not None and lease.person:
        state.holders[lease.person, _work(state, event.item, ticket.item_series)] = ticket.id
    _wait(state, ticket, event.item)


def item_added(state: HallState, event: ItemAdded, _device: TerminalId, _at: float) -> None:
    """One more thing to do on this visit."""
    ticket = _moving(state, event)
    if ticket is not None:
        ticket.items_left = (*ticket.items_left, event.item)


def cancelled(state: HallState, event: TicketCancelled, _device: TerminalId, _at: float) -> None:
    """Final."""
    _end(state, event, TicketState.CANCELLED)


def lapsed(state: HallState, event: TicketLapsed, _device: TerminalId, _at: float) -> None:
    """Final."""
    _end(state, event, TicketState.LAPSED)


def _end(state: HallState, event: Move, final: TicketState) -> None:
    ticket = _moving(state, event)
    if ticket is not None:
        dequeue(state, ticket)
        forget_precall(state, ticket)
        service = free_window(state, ticket) or last_service(state, ticket)
        if service is not None:
            service.finished_at = event.at
        ticket.state = final


def stepped_away(state: HallState, event: TicketSteppedAway, _device: TerminalId, _at: float) -> None:
    """It keeps its place and is passed over until the time is over."""
    ticket = _moving(state, event, TicketState.WAITING)
    if ticket is not None:
        forget_precall(state, ticket)
        ticket.away_since, ticket.away_until, ticket.away_times = event.at, event.until, ticket.away_times + 1


def came_back(state: HallState, event: TicketCameBack, _device: TerminalId, _at: float) -> None:
    """It may be called again."""
    ticket = _moving(state, event, TicketState.WAITING)
    if ticket is not None:
        ticket.away_until = 0.0
