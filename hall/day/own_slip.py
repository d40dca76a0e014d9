"""A slip held under a self-service scanner: whoever holds it is here, and hears where the number stands.

People meet the id of a ticket nowhere but on its paper, so knowing it is holding the paper; no staff is needed.
"""

from dataclasses import replace

import msgspec

from hall.commands import ReturnByTicket
from hall.day import calling, desk_reading
from hall.day.deciding import Asker, Decision, asking_terminal, refused
from hall.errors import Reason
from hall.ids import StaffId
from hall.moves import TicketCameBack
from hall.queue.state import HallState
from hall.queue.tickets import Ticket, TicketState

NOBODY = StaffId("")
"""Put back by its own slip."""


def return_by_ticket(state: HallState, command: ReturnByTicket, by: Asker, now: float) -> Decision:
    """Put a missed ticket back under the limits of `ReturnMissed`, or end its absence; always tell where it stands."""
    terminal = asking_terminal(state, by, "self_service")
    if isinstance(terminal, Decision):
        return terminal
    ticket = state.tickets.get(command.ticket)
    if ticket is None or ticket.day != state.day:
        return refused(Reason.UNKNOWN_TICKET, "not a ticket of this day")
    if ticket.state is TicketState.MISSED:
        return _back_in_line(state, ticket, now)
    if ticket.state is TicketState.WAITING and ticket.away_until > now:
        back = TicketCameBack(ticket=ticket.id, move=ticket.moves + 1, at=now)
        return Decision((back,), _told(state, replace(ticket, away_until=0.0), now, returned=True).reply)
    return _told(state, ticket, now)


def _back_in_line(state: HallState, ticket: Ticket, now: float) -> Decision:
    back = calling.put_back(state, ticket, NOBODY, now)
    if isinstance(back, Decision):
        return _told(state, ticket, now)  # it was back once; that it is missed again is told, and the guide decides
    waiting = replace(ticket, state=TicketState.WAITING, since=back.since, window=None)
    return Decision((back,), _told(state, waiting, now, returned=True).reply)


def _told(state: HallState, ticket: Ticket, now: float, *, returned: bool = False) -> Decision:
    """Answer with the facts of a ticket, as it stands or will stand."""
    return Decision((), msgspec.structs.replace(desk_reading.facts_of(state, ticket, now), returned=returned))
