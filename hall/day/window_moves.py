"""What a clerk may do with a ticket beside calling it: ask the next to come near, hold, resume, send on."""

from hall.commands import Done, HoldTicket, PrecallNext, ResumeTicket, Started, TransferTicket
from hall.day import calling
from hall.day.deciding import Asker, Decision, refused
from hall.day.in_hand import free_window, named, own_window, ticket_in_hand
from hall.errors import Reason
from hall.ids import ItemCode, WindowId
from hall.moves import TicketHeld, TicketPrecalled, TicketResumed, TicketTransferred
from hall.queue import queueing
from hall.queue.state import HallState
from hall.queue.tickets import Ticket, TicketState


def precall(state: HallState, command: PrecallNext, by: Asker, now: float) -> Decision:
    """Ask whoever the rule puts next to come near; nobody else calls them while this window is open."""
    window = own_window(state, command, by)
    if isinstance(window, Decision):
        return window
    if window.ticket is None:
        return refused(Reason.ILLEGAL_MOVE, f"window {command.window} is free; call the next number itself")
    if queueing.precalled(state, command.window, now) is not None:
        return refused(Reason.ILLEGAL_MOVE, "one person has been asked to come near already")
    compared = queueing.heads(state, command.window, now)
    if not compared:
        return refused(Reason.NOBODY_WAITING, f"nobody waits for window {command.window}")
    chosen, _ = calling.next_of(state, command.window, compared)
    ticket = state.tickets[chosen.ticket]
    asked = TicketPrecalled(ticket=ticket.id, move=ticket.moves + 1, at=now, label=ticket.label, window=command.window)
    return Decision((asked,), Done())


def hold(state: HallState, command: HoldTicket, by: Asker, now: float) -> Decision:
    """Pause the service in hand: its person fetches something, the window goes on with others."""
    found = ticket_in_hand(state, command, by, TicketState.SERVING)
    if isinstance(found, Decision):
        return found
    limit = state.pack.limits.held_per_window
    if len(held_at(state, command.window)) >= limit:
        return refused(Reason.ILLEGAL_MOVE, f"window {command.window} holds {limit} tickets already; resume one first")
    held = TicketHeld(ticket=found.id, move=found.moves + 1, at=now, window=command.window, staff=command.staff)
    return Decision((held,), Done())


def held_at(state: HallState, window: WindowId) -> list[Ticket]:
    """Return the tickets held at a window."""
    return [one for one in state.tickets.values() if one.state is TicketState.HELD and one.window == window]


def resume(state: HallState, command: ResumeTicket, by: Asker, now: float) -> Decision:
    """Go on with a held ticket: where it was held, or at any window that serves its item when that one is closed."""
    window = free_window(state, command, by)
    if isinstance(window, Decision):
        return window
    found = named(state, command.label, TicketState.HELD)
    if isinstance(found, Decision):
        return found
    if found.window != command.window:
        holding = state.windows.get(found.window) if found.window else None
        if holding is not None and holding.staff is not None:
            return refused(Reason.NOT_ALLOWED, f"{found.label} is held at window {found.window}, which is open")
        if command.window not in serving(state, found.item):
            return refused(Reason.NOT_ALLOWED, f"{found.label} is for windows {', '.join(serving(state, found.item))}")
    service = next(
        (one.id for one in state.services.values() if one.ticket == found.id and one.finished_at is None), None
    )
    if service is None:
        return refused(Reason.UNKNOWN_SERVICE, f"{found.label} has no service to go on with")
    resumed = TicketResumed(ticket=found.id, move=found.moves + 1, at=now, window=command.window, staff=command.staff)
    return Decision((resumed,), Started(service=service, ticket=found.id, called=calling.as_called(found)))


def transfer(state: HallState, command: TransferTicket, by: Asker, now: float) -> Decision:
    """Send the ticket in hand on: it keeps its number and its first issue time, so it is called before later ones."""
    found = ticket_in_hand(state, command, by, TicketState.SERVING, TicketState.CALLED)
    if isinstance(found, Decision):
        return found
    item = command.item or found.item
    if item not in state.known.items:
        return refused(Reason.UNKNOWN_ITEM, f"{item} is not an item of this hall's pack")
    if command.to_window is None and item == found.item:
        return refused(Reason.ILLEGAL_MOVE, "name a window, or another item")
    if command.to_window == command.window:
        return refused(Reason.ILLEGAL_MOVE, "it is in hand here already")
    if command.to_window is not None:
        said_no = _cannot_go(state, command.to_window, serving(state, item))
        if said_no is not None:
            return said_no
    sent = TicketTransferred(
        ticket=found.id,
        move=found.moves + 1,
        at=now,
        window=command.window,
        staff=command.staff,
        to_window=command.to_window,
        item=item,
    )
    return Decision((sent,), Done())


def _cannot_go(state: HallState, to_window: WindowId, allowed: tuple[WindowId, ...]) -> Decision | None:
    there = state.windows.get(to_window)
    if there is None:
        return refused(Reason.UNKNOWN_WINDOW, f"{to_window} is not a window of this hall's pack")
    if to_window not in allowed:
        return refused(Reason.NOT_ALLOWED, f"window {to_window} does not serve it; allowed are {', '.join(allowed)}")
    if there.staff is None:
        open_ones = [number for number in allowed if state.windows[number].staff is not None]
        return refused(Reason.NOT_ALLOWED, f"window {to_window} is closed; open are {', '.join(open_ones) or 'none'}")
    return None


def serving(state: HallState, item: ItemCode) -> tuple[WindowId, ...]:
    """Return the windows of an item, by the pack's map."""
    known = state.known.items.get(item)
    return known.windows if known else ()
