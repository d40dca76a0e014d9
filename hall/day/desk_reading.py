"""What the guide sees of a number before doing anything: where it stands, and which moves the rules allow it now.

A read: it changes nothing. The moves offered are found by asking the very rules that will decide them.
"""

from hall.commands import (
    CancelTicket,
    ComeBack,
    ReadTicket,
    Refused,
    ReturnMissed,
    StepAway,
)
from hall.day import calling
from hall.day.deciding import Asker, Decision, asking_terminal, refused
from hall.day.desk_moves import OPEN, decide_at_desk
from hall.day.granting import over_the_cap
from hall.day.in_hand import named
from hall.day.leasing import MAX_ITEMS, windows_told
from hall.desk_facts import DeskMove, TicketShown
from hall.errors import Reason
from hall.events import TicketIssued
from hall.ids import StaffId
from hall.queue import estimates
from hall.queue.state import HallState
from hall.queue.tickets import Ticket, TicketState


def read_ticket(state: HallState, command: ReadTicket, by: Asker, now: float) -> Decision:
    """Answer with the facts of today's ticket of this label. Nothing in them is personal."""
    terminal = asking_terminal(state, by, "guide_desk")
    if isinstance(terminal, Decision):
        return terminal
    if state.desks.get(by.terminal) != command.staff:
        return refused(Reason.NOT_SIGNED_IN, f"sign in at {by.terminal} first")
    found = named(state, command.label, *OPEN)
    if isinstance(found, Decision):
        found = named(state, command.label, *TicketState)  # one that has ended is shown too, without a move
    if isinstance(found, Decision):
        return found
    return Decision((), facts_of(state, found, now, _moves(state, found, command.staff, by, now)))


def facts_of(state: HallState, ticket: Ticket, now: float, moves: tuple[DeskMove, ...] = ()) -> TicketShown:
    """Return the facts of a ticket: its wait as of now while it waits, else as it was told."""
    item = state.known.items.get(ticket.item)
    quote = estimates.quote(state, ticket, now) if ticket.state is TicketState.WAITING else ticket.quote
    issued = TicketIssued(
        ticket=ticket.id,
        day=ticket.day,
        series=ticket.series,
        number=ticket.number,
        suffix=ticket.suffix,
        label=ticket.label,
        item=ticket.item,
        priority=ticket.priority,
        issued_at=ticket.issued_at,
        reserve=ticket.reserve,
        quote=quote,
        more_items=ticket.items_left,
    )
    return TicketShown(
        issued=issued,
        windows=windows_told(state, item, priority=ticket.priority) if item else (),
        area=item.area if item else None,
        state=ticket.state.value,
        window=ticket.window,
        away_until=ticket.away_until if ticket.state is TicketState.WAITING and ticket.away_until > now else 0.0,
        away_max_min=state.pack.limits.away_max_min,
        moves=moves,
    )


def facts_told(state: HallState, issued: TicketIssued) -> TicketShown:
    """Return the facts of a ticket that is just being brought in."""
    item = state.known.items.get(issued.item)
    return TicketShown(
        issued=issued,
        windows=windows_told(state, item, priority=issued.priority) if item else (),
        area=item.area if item else None,
        state=TicketState.WAITING.value,
    )


def _moves(state: HallState, ticket: Ticket, staff: StaffId, by: Asker, now: float) -> tuple[DeskMove, ...]:
    label, a_minute = ticket.label, min(1.0, state.pack.limits.away_max_min)
    is_open, is_away = ticket.state in OPEN, ticket.away_until > now

    def allowed(command: CancelTicket | ComeBack | StepAway) -> bool:
        return not isinstance(decide_at_desk(state, command, by, now).reply, Refused)

    back = calling.return_missed(state, ReturnMissed(label=label, staff=staff), by, now)
    fits = {
        DeskMove.RETURN: not isinstance(back.reply, Refused),
        DeskMove.COME_BACK: is_away and allowed(ComeBack(label=label, staff=staff)),
        DeskMove.STEP_AWAY: allowed(StepAway(label=label, staff=staff, minutes=a_minute)),
        DeskMove.SWAP: ticket.state is TicketState.WAITING,
        DeskMove.ADD: is_open and len(ticket.items_left) + 1 < MAX_ITEMS,
        DeskMove.GRANT: is_open and not ticket.priority and over_the_cap(state, staff) is None,
        DeskMove.CANCEL: allowed(CancelTicket(label=label, staff=staff)),
    }
    return tuple(move for move in DeskMove if fits[move])
