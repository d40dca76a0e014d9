"""What a window may do at all: its own panel, the member of staff who is signed in, and the ticket in hand."""

from hall.commands import (
    CallNext,
    CallTicket,
    FinishService,
    HoldTicket,
    MarkMissed,
    PrecallNext,
    Recall,
    ResumeTicket,
    StartService,
    TransferTicket,
)
from hall.day.deciding import Asker, Decision, asking_terminal, refused
from hall.errors import Reason
from hall.ids import TicketLabel
from hall.queue.state import HallState
from hall.queue.tickets import Ticket, TicketState, WindowNow

AtWindow = (
    CallNext
    | CallTicket
    | PrecallNext
    | Recall
    | MarkMissed
    | HoldTicket
    | ResumeTicket
    | TransferTicket
    | StartService
    | FinishService
)


def own_window(state: HallState, command: AtWindow, by: Asker) -> WindowNow | Decision:
    """Return the window if the asker is its panel and the member of staff is signed in there, else the refusal."""
    window = state.windows.get(command.window)
    if window is None:
        return refused(Reason.UNKNOWN_WINDOW, f"{command.window} is not a window of this hall's pack")
    terminal = asking_terminal(state, by, "window_panel")
    if isinstance(terminal, Decision):
        return terminal
    if terminal.window != command.window:
        return refused(Reason.NOT_ALLOWED, f"{by.terminal} is the panel of window {terminal.window}")
    if window.staff is None or window.staff != command.staff or window.terminal != by.terminal:
        return refused(Reason.NOT_SIGNED_IN, f"sign in at window {command.window} first")
    return window


def free_window(state: HallState, command: AtWindow, by: Asker) -> WindowNow | Decision:
    """Return the asker's own window if it has no ticket in hand."""
    window = own_window(state, command, by)
    if isinstance(window, WindowNow) and window.ticket is not None:
        return refused(Reason.WINDOW_BUSY, "finish, hold or mark missed the ticket in hand first")
    return window


def ticket_in_hand(state: HallState, command: AtWindow, by: Asker, *wanted: TicketState) -> Ticket | Decision:
    """Return the ticket in hand at the asker's own window if it is in one of these states."""
    window = own_window(state, command, by)
    if isinstance(window, Decision):
        return window
    ticket = state.tickets.get(window.ticket) if window.ticket else None
    if ticket is None:
        return refused(Reason.ILLEGAL_MOVE, f"window {command.window} has no ticket in hand; call one first")
    return ticket if ticket.state in wanted else not_in(ticket, *wanted)


def not_in(ticket: Ticket, *wanted: TicketState) -> Decision:
    """Refuse a move that leads out of other states only."""
    allowed = " or ".join(state.value for state in wanted)
    return refused(Reason.ILLEGAL_MOVE, f"{ticket.label} is {ticket.state.value}; it must be {allowed}")


def named(state: HallState, label: TicketLabel, *wanted: TicketState) -> Ticket | Decision:
    """Return today's ticket that has, or had, this label and is in one of these states, else the refusal."""
    same = [
        ticket
        for ticket in state.tickets.values()
        if (ticket.label == label or label in ticket.earlier_labels) and ticket.day == state.day
    ]
    if not same:
        return refused(Reason.UNKNOWN_TICKET, f"{label} is not a ticket of this day")
    return next((ticket for ticket in same if ticket.state in wanted), None) or not_in(same[0], *wanted)
