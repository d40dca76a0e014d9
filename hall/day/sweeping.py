"""What the hall does by itself: put back calls that nobody started, and end the day without hurrying anybody."""

from dataclasses import dataclass
from datetime import datetime, time

from hall.calendar.working_days import LOCAL, business_day, hours_of, parse_day
from hall.commands import Done
from hall.day.deciding import Asker, Decision, EndDay, LookAround, refused
from hall.errors import Reason
from hall.events import Event
from hall.ids import SERVER
from hall.moves import CallLapsed, TicketLapsed
from hall.queue.state import HallState
from hall.queue.tickets import ENDED, Ticket, TicketState

SERVED_FIRST = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING})
"""Whoever holds a number from before the cut-off is served; the day does not end over their heads."""
DAY_ENDED = "day_ended"
ON_THE_WAY_S = 15 * 60.0
"""After closing time, so long is kept for who was missed or fetches a copy: they may be on their way back."""
DARK_S = 2 * 3600.0
"""So long after closing time the hall is dark: nobody is served any more, whatever the windows forgot to say.

The longest service of the demo hall takes 40 minutes, so that even a queue of the cut-off is through by then."""


@dataclass(frozen=True, slots=True)
class Closing:
    """When the open day stops: no numbers from `last_ticket_at`, the doors shut at `closes_at` (hall time)."""

    last_ticket_at: float
    closes_at: float


def look_around(state: HallState, command: LookAround, by: Asker, now: float) -> Decision:
    """Return called tickets to their place: not started in time, or their window's panel is lost."""
    if by.terminal != SERVER:
        return refused(Reason.NOT_ALLOWED, "only the hall server looks around")
    found: list[Event] = []
    for number, window in state.windows.items():
        ticket = state.tickets.get(window.ticket) if window.ticket else None
        cause = _cause(state, ticket, window.terminal in command.lost, now) if ticket else ""
        if ticket is not None and cause:
            found.append(CallLapsed(ticket=ticket.id, move=ticket.moves + 1, at=now, window=number, cause=cause))
    return Decision(tuple(found), Done())


def _cause(state: HallState, ticket: Ticket, lost: bool, now: float) -> str:
    if ticket.state is not TicketState.CALLED:
        return ""
    if lost:
        return "panel_lost"
    return "not_started" if now - ticket.called_at >= state.pack.limits.not_started_s else ""


def still_to_serve(state: HallState) -> tuple[Ticket, ...]:
    """Return who holds a number and is not done, by place: the list the lead sees before closing (QUE-20)."""
    waiting = [ticket for ticket in state.tickets.values() if ticket.day == state.day and ticket.state in SERVED_FIRST]
    return tuple(sorted(waiting, key=lambda ticket: (ticket.since, ticket.id)))


def end_day(state: HallState, command: EndDay, by: Asker, now: float) -> Decision:
    """End the day's open tickets: those that were missed or held and not taken up again lapse.

    While anybody waits or is served it is refused, naming them; `final` is for a hall that has gone dark.
    """
    if by.terminal != SERVER:
        return refused(Reason.NOT_ALLOWED, "only the hall server ends days")
    waiting = still_to_serve(state)
    if waiting and not command.final:
        told = ", ".join(ticket.label for ticket in waiting)
        return refused(Reason.ILLEGAL_MOVE, f"who holds a number is served first: {told}")
    return Decision(lapses(state, now), Done())


def lapses(state: HallState, now: float) -> tuple[TicketLapsed, ...]:
    """Return the end of every ticket of the open day that has none."""
    return tuple(
        TicketLapsed(ticket=ticket.id, move=ticket.moves + 1, at=now, cause=DAY_ENDED)
        for ticket in state.tickets.values()
        if ticket.day == state.day and ticket.state not in ENDED
    )


def closing(state: HallState, now: float) -> Closing | None:
    """Return when the open day stops; None when no day is open, or today the calendar has shut the hall after all."""
    if state.day is None or state.day != business_day(now):
        return None
    day = parse_day(state.day)
    hours = hours_of(state.pack, day)
    if hours is None or not hours.open:
        return None
    last, ends = hours.last_ticket, max(end for _, end in hours.open)
    told = (datetime.combine(day, time.fromisoformat(at), tzinfo=LOCAL).timestamp() for at in (min(last, ends), ends))
    return Closing(*told)


def day_to_end(state: HallState, now: float) -> EndDay | None:
    """Return what ends the day now, None while it is too early or nothing is open any more.

    A day is ended as often as this says so: what nobody has left open needs no end, so a server that was started again
    ends nothing twice, and a ticket that a cut-off terminal tells of at night still ends.
    """
    stops = closing(state, now)
    if stops is None or now < stops.closes_at + ON_THE_WAY_S:
        return None
    open_ones = [one for one in state.tickets.values() if one.day == state.day and one.state not in ENDED]
    if not open_ones:
        return None
    if now >= stops.closes_at + DARK_S:
        return EndDay(final=True)
    return None if any(one.state in SERVED_FIRST for one in open_ones) else EndDay()
