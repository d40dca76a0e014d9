"""What events at windows and desks mean for the queue day: staff, calls, services, ratings. See `applying.apply`."""

from hall.calendar.working_days import business_day
from hall.day.applying_alone import called_alone
from hall.day.applying_moves import forget_precall, free_window
from hall.events import (
    ServiceFinished,
    ServiceRated,
    ServiceStarted,
    StaffSignedIn,
    StaffSignedOut,
    TicketCalled,
    TicketMissed,
    TicketRecalled,
    TicketReturned,
)
from hall.ids import TerminalId
from hall.outage.sharing import ALONE_RULE, NO_CALL_SEQ
from hall.queue.disciplines import RATIO_ORDINARY
from hall.queue.state import CALLS_KEPT, HallState, dequeue, enqueue
from hall.queue.tickets import Service, Taught, TicketState
from hall.rating_facts import RatingReasonsGiven
from hall.services.ratings import reasons_refusal, refusal
from hall.staff_facts import StaffContinued
from hall.wire.board import CallShown

# ---- staff -------------------------------------------------------------------------------------------------------


def signed_in(state: HallState, event: StaffSignedIn, _device: TerminalId, at: float) -> None:
    """Somebody works here from now on; an older sign-in never replaces a newer one."""
    if event.window is None:
        if at >= state.desk_signed_at.get(event.terminal, 0.0):
            state.desks[event.terminal], state.desk_signed_at[event.terminal] = event.staff, at
        return
    window = state.windows.get(event.window)
    if window is not None and at >= window.signed_at:
        window.staff, window.terminal, window.signed_at = event.staff, event.terminal, at


def signed_out(state: HallState, event: StaffSignedOut, _device: TerminalId, at: float) -> None:
    """The place is empty, unless somebody else has signed in since."""
    if event.window is None:
        if state.desks.get(event.terminal) == event.staff and at >= state.desk_signed_at.get(event.terminal, 0.0):
            del state.desks[event.terminal]
            state.desk_signed_at[event.terminal] = at
        return
    window = state.windows.get(event.window)
    if window is not None and window.staff == event.staff and at >= window.signed_at:
        window.staff, window.terminal, window.signed_at = None, None, at


def continued(state: HallState, event: StaffContinued, _device: TerminalId, at: float) -> None:
    """Who was signed in here still is. It never relieves anybody else, and brings nobody in from another window."""
    window, member = state.windows.get(event.window), state.known.staff.get(event.staff)
    if window is None or member is None or event.window not in member.windows or state.day != business_day(event.at):
        return
    elsewhere = any(other.staff == event.staff for number, other in state.windows.items() if number != event.window)
    if at >= window.signed_at and window.staff in (None, event.staff) and not elsewhere:
        window.staff, window.terminal, window.signed_at = event.staff, event.terminal, at


# ---- calls and services ------------------------------------------------------------------------------------------


def called(state: HallState, event: TicketCalled, device: TerminalId, _at: float) -> None:
    """The ticket leaves its lane for the window. A call number that is known already changes nothing."""
    if event.rule == ALONE_RULE and event.call_seq == NO_CALL_SEQ:
        called_alone(state, event, device)
        return
    if event.call_seq <= state.call_seq:
        return
    ticket, window = state.tickets.get(event.ticket), state.windows.get(event.window)
    _show_call(state, event, recalled=False)
    if ticket is None or window is None or ticket.state is not TicketState.WAITING:
        return
    dequeue(state, ticket)
    forget_precall(state, ticket)
    ticket.away_until, ticket.bound = 0.0, None
    ticket.state, ticket.window, ticket.calls = TicketState.CALLED, event.window, 1
    ticket.call_seq, ticket.first_called_at, ticket.called_at = event.call_seq, event.called_at, event.called_at
    window.ticket, window.service = ticket.id, None
    ordinary_waited = any(not head.priority for head in event.compared if head.ticket != ticket.id)
    overtook = ticket.priority and ordinary_waited
    window.priority_in_row = window.priority_in_row + 1 if overtook else 0
    window.owed_ordinary = RATIO_ORDINARY if overtook else max(0, window.owed_ordinary - 1)


def recalled(state: HallState, event: TicketRecalled, _device: TerminalId, _at: float) -> None:
    """The same ticket is shown and counted again."""
    if event.call_seq <= state.call_seq:
        return
    _show_call(state, event, recalled=True)
    ticket = state.tickets.get(event.ticket)
    if ticket is not None and ticket.state is TicketState.CALLED and ticket.window == event.window:
        ticket.calls, ticket.call_seq, ticket.called_at = ticket.calls + 1, event.call_seq, event.called_at


def _show_call(state: HallState, event: TicketCalled | TicketRecalled, *, recalled: bool) -> None:
    ticket = state.tickets.get(event.ticket)
    state.call_seq = event.call_seq
    call = CallShown(
        call_seq=event.call_seq,
        label=event.label,
        window=event.window,
        priority=ticket is not None and ticket.priority,
        recalled=recalled,
        at=event.called_at,
    )
    state.calls = [*state.calls, call][-CALLS_KEPT:]


def missed(state: HallState, event: TicketMissed, _device: TerminalId, _at: float) -> None:
    """The window is free; the ticket waits for its person at the guide desk, and no display sends them elsewhere."""
    ticket = state.tickets.get(event.ticket)
    if ticket is None or ticket.state is not TicketState.CALLED or event.missed_at < ticket.called_at:
        return
    if event.window != ticket.window or (event.call_seq and event.call_seq != ticket.call_seq):
        return
    ticket.state, ticket.missed_at = TicketState.MISSED, event.missed_at
    free_window(state, ticket)
    state.calls = [call for call in state.calls if call.label != ticket.label]


def returned(state: HallState, event: TicketReturned, _device: TerminalId, _at: float) -> None:
    """The ticket waits again, once, at its new place."""
    ticket = state.tickets.get(event.ticket)
    if ticket is None or ticket.state is not TicketState.MISSED or ticket.returned:
        return
    ticket.state, ticket.since, ticket.returned, ticket.window = TicketState.WAITING, event.since, True, None
    enqueue(state, ticket)


def started(state: HallState, event: ServiceStarted, _device: TerminalId, _at: float) -> None:
    """The person is here; an open rating of the one before closes on the board."""
    if event.service in state.services:
        return
    state.services[event.service] = Service(
        id=event.service, ticket=event.ticket, window=event.window, staff=event.staff, started_at=event.started_at
    )
    ticket, window = state.tickets.get(event.ticket), state.windows.get(event.window)
    if ticket is not None and window is not None and window.ticket == ticket.id:
        before = state.services.get(window.service) if window.service else None
        if before is not None and before.finished_at is None and before.ticket == ticket.id:
            before.finished_at = event.started_at  # its panel never heard of that start, and began again on its own
        ticket.state, window.service, window.finished = TicketState.SERVING, event.service, None


def finished(state: HallState, event: ServiceFinished, _device: TerminalId, _at: float) -> None:
    """The window is free, its rating opens, and the estimate learns."""
    service = state.services.get(event.service)
    if service is None or service.finished_at is not None:
        return
    service.finished_at = event.finished_at
    window, ticket = state.windows.get(service.window), state.tickets.get(service.ticket)
    if window is not None:
        window.finished = service.id
    if ticket is not None and ticket.state is TicketState.SERVING:
        ticket.state = TicketState.DONE
        free_window(state, ticket)
        minutes = (event.finished_at - service.started_at - service.held_s) / 60
        if minutes >= state.pack.limits.min_service_min:
            taught = state.taught.setdefault(ticket.item_series, Taught())
            taught.services, taught.minutes = taught.services + 1, taught.minutes + minutes


def rated(state: HallState, event: ServiceRated, device: TerminalId, _at: float) -> None:
    """The first rating from the resident's own screen counts; every other changes nothing."""
    service, terminal = state.services.get(event.service), state.known.terminals.get(device)
    if service is None or terminal is None:
        return
    told = (event.rated_at, event.grade)
    if service.finished_at is None:
        service.too_early.add(told)
    if told not in service.too_early and refusal(service, terminal.role, terminal.window, event.grade) is None:
        service.rated, service.grade = True, event.grade


def reasons_given(state: HallState, event: RatingReasonsGiven, device: TerminalId, _at: float) -> None:
    """The first reasons after a poor rating that counted are kept; every other changes nothing."""
    service, terminal = state.services.get(event.service), state.known.terminals.get(device)
    if service is None or terminal is None:
        return
    told = (event.given_at, event.dimensions)
    if not service.rated:
        service.reasons_too_early.add(told)
    may = reasons_refusal(service, terminal.role, terminal.window, event.dimensions) is None
    if may and told not in service.reasons_too_early:
        service.reasons = event.dimensions
