"""What each event means for the queue day. `apply` is total and idempotent: neither a repeat nor a stranger hurts."""

from collections.abc import Callable
from typing import Any

from hall.events import (
    CallAnnounced,
    DayOpened,
    DeviceChanged,
    Event,
    HelpAcknowledged,
    HelpRequested,
    LabelLeased,
    PriorityGranted,
    ServiceFinished,
    ServiceRated,
    ServiceStarted,
    SlipEnded,
    StaffSignedIn,
    StaffSignedOut,
    StatementEnded,
    StatementPrepared,
    TerminalStarted,
    TicketCalled,
    TicketIssued,
    TicketMissed,
    TicketRecalled,
    TicketReturned,
)
from hall.ids import TerminalId
from hall.ratings import refusal
from hall.state import CALLS_KEPT, HallState, dequeue, enqueue
from hall.statement_serials import number_in
from hall.tickets import Lease, Service, Taught, Ticket, TicketState, WindowNow
from hall.wire import CallShown, HelpShown
from hall.working_days import first_call_seq


def apply(state: HallState, event: Event, device: TerminalId, at: float) -> None:
    """Change the state by one event of `device` at hall time `at`. Never raises on what an event says."""
    _MEANING[type(event)](state, event, device, at)


# ---- the day -----------------------------------------------------------------------------------------------------


def _day_opened(state: HallState, event: DayOpened, _device: TerminalId, _at: float) -> None:
    if state.day is not None and event.day <= state.day:
        return
    state.day = event.day
    state.tickets = {key: ticket for key, ticket in state.tickets.items() if ticket.day >= event.day}
    kept_days = {key: lease for key, lease in state.leases.items() if lease.day >= event.day}
    state.leases = kept_days
    state.taken = {key: numbers for key, numbers in state.taken.items() if key[0] >= event.day}
    state.last_leased = {key: last for key, last in state.last_leased.items() if key[0] >= event.day}
    state.labels = {key: holder for key, holder in state.labels.items() if key[0] >= event.day}
    state.grants = {key: issuer for key, issuer in state.grants.items() if key in state.tickets or key in kept_days}
    state.lanes, state.services, state.taught, state.calls = {}, {}, {}, []
    state.windows = {number: WindowNow() for number in state.known.windows}
    state.desks, state.desk_signed_at = {}, {}
    state.statements, state.statement_counts, state.statement_numbers = {}, {}, {}
    state.call_seq = max(state.call_seq, first_call_seq(event.day))
    for ticket in state.tickets.values():
        enqueue(state, ticket)


def _label_leased(state: HallState, event: LabelLeased, _device: TerminalId, _at: float) -> None:
    if state.day is not None and event.day < state.day:
        return
    key = (event.day, event.series)
    state.leases.setdefault(event.ticket, Lease(event.day, event.series, event.number))
    state.taken.setdefault(key, set()).add(event.number)
    state.last_leased[key] = max(state.last_leased.get(key, 0), event.number)


# ---- tickets -----------------------------------------------------------------------------------------------------


def _ticket_issued(state: HallState, event: TicketIssued, device: TerminalId, _at: float) -> None:
    if event.ticket in state.tickets or (state.day is not None and event.day < state.day):
        return
    item = state.known.items.get(event.item)
    ticket = Ticket(
        id=event.ticket,
        terminal=device,
        day=event.day,
        series=event.series,
        number=event.number,
        suffix=event.suffix,
        label=event.label,
        item=event.item,
        item_series=item.series if item else event.series,
        priority=event.priority or event.ticket in state.grants,
        issued_at=event.issued_at,
        since=event.issued_at,
        reserve=event.reserve,
        quote=event.quote,
    )
    state.tickets[ticket.id] = ticket
    state.labels.setdefault((event.day, event.series, event.number, event.suffix), event.ticket)
    if not event.suffix:
        state.taken.setdefault((event.day, event.series), set()).add(event.number)
    enqueue(state, ticket)


def _priority_granted(state: HallState, event: PriorityGranted, _device: TerminalId, _at: float) -> None:
    state.grants.setdefault(event.ticket, event.issuer)
    ticket = state.tickets.get(event.ticket)
    if ticket is not None and not ticket.priority:
        waiting = ticket.state is TicketState.WAITING
        if waiting:
            dequeue(state, ticket)
        ticket.priority = True
        if waiting:
            enqueue(state, ticket)


def _slip_ended(state: HallState, event: SlipEnded, _device: TerminalId, _at: float) -> None:
    ticket = state.tickets.get(event.ticket)
    if ticket is not None:
        ticket.slip = event.outcome


# ---- staff -------------------------------------------------------------------------------------------------------


def _signed_in(state: HallState, event: StaffSignedIn, _device: TerminalId, at: float) -> None:
    if event.window is None:
        if at >= state.desk_signed_at.get(event.terminal, 0.0):
            state.desks[event.terminal], state.desk_signed_at[event.terminal] = event.staff, at
        return
    window = state.windows.get(event.window)
    if window is not None and at >= window.signed_at:
        window.staff, window.terminal, window.signed_at = event.staff, event.terminal, at


def _signed_out(state: HallState, event: StaffSignedOut, _device: TerminalId, at: float) -> None:
    if event.window is None:
        if state.desks.get(event.terminal) == event.staff and at >= state.desk_signed_at.get(event.terminal, 0.0):
            del state.desks[event.terminal]
            state.desk_signed_at[event.terminal] = at
        return
    window = state.windows.get(event.window)
    if window is not None and window.staff == event.staff and at >= window.signed_at:
        window.staff, window.terminal, window.signed_at = None, None, at


# ---- calls and services ------------------------------------------------------------------------------------------


def _called(state: HallState, event: TicketCalled, _device: TerminalId, _at: float) -> None:
    if event.call_seq <= state.call_seq:
        return
    ticket, window = state.tickets.get(event.ticket), state.windows.get(event.window)
    _show_call(state, event, recalled=False)
    if ticket is None or window is None or ticket.state is not TicketState.WAITING:
        return
    dequeue(state, ticket)
    ticket.state, ticket.window, ticket.calls = TicketState.CALLED, event.window, 1
    ticket.call_seq, ticket.first_called_at, ticket.called_at = event.call_seq, event.called_at, event.called_at
    window.ticket, window.service = ticket.id, None
    ordinary_waited = any(not head.priority for head in event.compared if head.ticket != ticket.id)
    window.priority_in_row = window.priority_in_row + 1 if ticket.priority and ordinary_waited else 0


def _recalled(state: HallState, event: TicketRecalled, _device: TerminalId, _at: float) -> None:
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


def _missed(state: HallState, event: TicketMissed, _device: TerminalId, _at: float) -> None:
    ticket = state.tickets.get(event.ticket)
    if ticket is None or ticket.state is not TicketState.CALLED or event.missed_at < ticket.called_at:
        return
    ticket.state, ticket.missed_at = TicketState.MISSED, event.missed_at
    _free(state, ticket)


def _returned(state: HallState, event: TicketReturned, _device: TerminalId, _at: float) -> None:
    ticket = state.tickets.get(event.ticket)
    if ticket is None or ticket.state is not TicketState.MISSED or ticket.returned:
        return
    ticket.state, ticket.since, ticket.returned, ticket.window = TicketState.WAITING, event.since, True, None
    enqueue(state, ticket)


def _started(state: HallState, event: ServiceStarted, _device: TerminalId, _at: float) -> None:
    if event.service in state.services:
        return
    state.services[event.service] = Service(
        id=event.service, ticket=event.ticket, window=event.window, staff=event.staff, started_at=event.started_at
    )
    ticket, window = state.tickets.get(event.ticket), state.windows.get(event.window)
    if ticket is not None and window is not None and window.ticket == ticket.id:
        ticket.state, window.service, window.finished = TicketState.SERVING, event.service, None


def _finished(state: HallState, event: ServiceFinished, _device: TerminalId, _at: float) -> None:
    service = state.services.get(event.service)
    if service is None or service.finished_at is not None:
        return
    service.finished_at = event.finished_at
    window, ticket = state.windows.get(service.window), state.tickets.get(service.ticket)
    if window is not None:
        window.finished = service.id
    if ticket is not None and ticket.state is TicketState.SERVING:
        ticket.state = TicketState.DONE
        _free(state, ticket)
        minutes = (event.finished_at - service.started_at) / 60
        if minutes >= state.pack.limits.min_service_min:
            taught = state.taught.setdefault(ticket.item_series, Taught())
            taught.services, taught.minutes = taught.services + 1, taught.minutes + minutes


def _free(state: HallState, ticket: Ticket) -> None:
    window = state.windows.get(ticket.window) if ticket.window else None
    if window is not None and window.ticket == ticket.id:
        window.ticket, window.service = None, None


def _rated(state: HallState, event: ServiceRated, device: TerminalId, _at: float) -> None:
    service, terminal = state.services.get(event.service), state.known.terminals.get(device)
    if service is None or terminal is None:
        return
    if refusal(service, terminal.role, terminal.window, event.grade) is None:
        service.rated, service.grade = True, event.grade


# ---- help, statements, the rest ----------------------------------------------------------------------------------


def _help_requested(state: HallState, event: HelpRequested, _device: TerminalId, _at: float) -> None:
    if event.at > state.help_closed_at.get(event.terminal, 0.0) and event.terminal not in state.help:
        state.help[event.terminal] = HelpShown(terminal=event.terminal, step=event.step, at=event.at)


def _help_acknowledged(state: HallState, event: HelpAcknowledged, _device: TerminalId, _at: float) -> None:
    state.help_closed_at[event.terminal] = max(event.at, state.help_closed_at.get(event.terminal, 0.0))
    asked = state.help.get(event.terminal)
    if asked is not None and asked.at <= event.at:
        del state.help[event.terminal]


def _statement_prepared(state: HallState, event: StatementPrepared, _device: TerminalId, _at: float) -> None:
    number = number_in(event.serial, state.day)
    if number is None or event.serial in state.statements:
        return
    state.statements[event.serial] = event.person
    state.statement_counts[event.person] = state.statement_counts.get(event.person, 0) + 1
    state.statement_numbers[event.terminal] = max(state.statement_numbers.get(event.terminal, 0), number)


def _nothing(_state: HallState, _event: Event, _device: TerminalId, _at: float) -> None:
    """Others read these facts from the ledger; the queue does not depend on them."""


_MEANING: dict[type, Callable[[HallState, Any, TerminalId, float], None]] = {
    DayOpened: _day_opened,
    LabelLeased: _label_leased,
    TicketIssued: _ticket_issued,
    PriorityGranted: _priority_granted,
    SlipEnded: _slip_ended,
    StaffSignedIn: _signed_in,
    StaffSignedOut: _signed_out,
    TicketCalled: _called,
    TicketRecalled: _recalled,
    TicketMissed: _missed,
    TicketReturned: _returned,
    ServiceStarted: _started,
    ServiceFinished: _finished,
    ServiceRated: _rated,
    HelpRequested: _help_requested,
    HelpAcknowledged: _help_acknowledged,
    StatementPrepared: _statement_prepared,
    CallAnnounced: _nothing,
    StatementEnded: _nothing,
    DeviceChanged: _nothing,
    TerminalStarted: _nothing,
}
