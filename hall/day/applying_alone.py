"""What it means for the queue day that a panel called on its own, and that its facts were reconciled afterwards."""

from hall.day.applying_moves import forget_precall, free_window, last_service
from hall.events import TicketCalled
from hall.ids import TerminalId
from hall.moves import TicketReconciled
from hall.queue.state import HallState, dequeue, enqueue
from hall.queue.tickets import ENDED, Ticket, TicketState


def called_alone(state: HallState, event: TicketCalled, device: TerminalId) -> None:
    """The ticket leaves its lane for the panel's own window; no display shows it, for nobody numbers such a call.

    A call of the server that the panel never heard of is in that window still: its ticket goes back to its place.
    """
    ticket, window = state.tickets.get(event.ticket), state.windows.get(event.window)
    if ticket is None or window is None or not is_its_panel(state, device, event.window):
        return
    if ticket.state is not TicketState.WAITING or event.called_at <= ticket.called_at:
        return
    unheard = state.tickets.get(window.ticket) if window.ticket else None
    if unheard is not None and unheard.state is TicketState.CALLED:
        unheard.state, unheard.window = TicketState.WAITING, None
        enqueue(state, unheard)
    elif unheard is not None:
        return  # it told us of a service there that has not ended: the merge knows more
    dequeue(state, ticket)
    forget_precall(state, ticket)
    ticket.away_until, ticket.bound = 0.0, None
    ticket.state, ticket.window, ticket.calls = TicketState.CALLED, event.window, 1
    ticket.call_seq, ticket.first_called_at, ticket.called_at = event.call_seq, event.called_at, event.called_at
    window.ticket, window.service = ticket.id, None


def is_its_panel(state: HallState, device: TerminalId, window: str) -> bool:
    """Tell whether the device is the panel of this window."""
    terminal = state.known.terminals.get(device)
    return terminal is not None and terminal.role == "window_panel" and terminal.window == window


def reconciled(state: HallState, event: TicketReconciled, _device: TerminalId, _at: float) -> None:
    """The ticket is where the merged facts say, whatever this day had made of them one by one."""
    ticket = state.tickets.get(event.ticket)
    if ticket is None or event.move <= ticket.moves or event.state not in set(TicketState):
        return
    ticket.moves = event.move
    dequeue(state, ticket)
    forget_precall(state, ticket)
    free_window(state, ticket)
    ticket.state, ticket.window = TicketState(event.state), event.window
    if ticket.state in ENDED:
        _end(state, ticket, event.at)
    elif ticket.state is TicketState.WAITING:
        ticket.window = None
        enqueue(state, ticket)
    elif ticket.state is TicketState.MISSED:
        ticket.missed_at = event.at
    elif ticket.state is TicketState.HELD:
        ticket.held_at = event.at
    else:
        _take_in_hand(state, ticket, event.at)


def _end(state: HallState, ticket: Ticket, at: float) -> None:
    service = last_service(state, ticket)
    if service is not None:
        service.finished_at = at


def _take_in_hand(state: HallState, ticket: Ticket, at: float) -> None:
    window = state.windows.get(ticket.window) if ticket.window else None
    ticket.called_at = at  # from now on counts how long nobody starts it
    if window is not None and window.ticket is None:
        service = last_service(state, ticket) if ticket.state is TicketState.SERVING else None
        window.ticket, window.service = ticket.id, service.id if service else None
