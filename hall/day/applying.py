"""What each event means for the queue day. `apply` is total and idempotent: neither a repeat nor a stranger hurts."""

from collections.abc import Callable
from typing import Any

from hall.day import applying_alone as alone
from hall.day import applying_at_windows as at_windows
from hall.day import applying_days as days
from hall.day import applying_moves as moves
from hall.day import proxying, self_tests, upkeep
from hall.day.examining import has_a_say
from hall.day_facts import DayConfirmed, DayKeyRenewed, DayOpened, DayWithdrawn
from hall.events import (
    CallAnnounced,
    DeviceChanged,
    Event,
    HelpAcknowledged,
    HelpRequested,
    LabelLeased,
    PriorityGranted,
    RequestWithdrawn,
    SelfTestEnded,
    SelfTestOrdered,
    ServiceFinished,
    ServiceRated,
    ServiceStarted,
    SlipEnded,
    StaffSignedIn,
    StaffSignedOut,
    StatementEnded,
    StatementPrepared,
    TerminalStarted,
    TicketAdopted,
    TicketCalled,
    TicketIssued,
    TicketMissed,
    TicketRecalled,
    TicketReturned,
)
from hall.ids import TerminalId
from hall.moves import (
    CallLapsed,
    ItemAdded,
    ItemSwapped,
    NextItemBegun,
    TicketCameBack,
    TicketCancelled,
    TicketHeld,
    TicketLapsed,
    TicketPrecalled,
    TicketReconciled,
    TicketResumed,
    TicketSteppedAway,
    TicketTransferred,
)
from hall.proxies import ProxyAsked, ProxyClosed, ProxyConfirmed, ProxyDeclined
from hall.queue.appointments import head_start_s
from hall.queue.state import HallState, dequeue, enqueue
from hall.queue.tickets import Lease, Ticket
from hall.rating_facts import RatingFollowedUp, RatingReasonsGiven
from hall.slip_keys import SlipKeyTrusted
from hall.staff_facts import StaffContinued
from hall.statements.serials import number_in
from hall.upkeep import MaintenanceRecorded, OpeningChecklistSigned
from hall.wire.board import HelpShown


def apply(state: HallState, event: Event, device: TerminalId, at: float) -> None:
    """Change the state by one event of `device` at hall time `at`. Never raises on what an event says.

    What `device` has no say in stays a flagged fact of the ledger and moves nobody: no terminal opens a day.
    """
    if has_a_say(state, event, device):
        _MEANING[type(event)](state, event, device, at)


# ---- leases -----------------------------------------------------------------------------------------------------


def _label_leased(state: HallState, event: LabelLeased, _device: TerminalId, at: float) -> None:
    if state.day is not None and event.day < state.day:
        return
    key = (event.day, event.series)
    if event.ticket not in state.leases:
        work = event.work or event.series
        told = Lease(
            event.day, event.series, event.number, event.person, event.appointment_at, at, event.terminal, work
        )
        state.leases[event.ticket] = told
        if event.person:
            state.holders[event.person, work] = event.ticket
    state.taken.setdefault(key, set()).add(event.number)
    state.last_leased[key] = max(state.last_leased.get(key, 0), event.number)


# ---- tickets -----------------------------------------------------------------------------------------------------


def _ticket_issued(state: HallState, event: TicketIssued, device: TerminalId, _at: float) -> None:
    if state.day is not None and event.day < state.day:
        return
    before = state.tickets.get(event.ticket)
    if before is not None:
        before.adopted = before.adopted and before.terminal != device
        return
    lease = state.leases.get(event.ticket)
    ahead_s = head_start_s(lease.appointment_at, event.issued_at, state.pack.limits) if lease else 0.0
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
        priority=event.priority or event.ticket in state.grants or (item is not None and item.priority),
        issued_at=event.issued_at,
        since=event.issued_at - ahead_s,
        reserve=event.reserve,
        quote=event.quote,
        items_left=tuple(code for code in event.more_items if code in state.known.items),
        appointment=ahead_s > 0,
    )
    state.tickets[ticket.id] = ticket
    state.labels.setdefault((event.day, event.series, event.number, event.suffix), event.ticket)
    if not event.suffix:
        state.taken.setdefault((event.day, event.series), set()).add(event.number)
    enqueue(state, ticket)


def _ticket_adopted(state: HallState, event: TicketAdopted, _device: TerminalId, at: float) -> None:
    if event.issued.ticket not in state.tickets:
        _ticket_issued(state, event.issued, event.terminal, at)
        ticket = state.tickets.get(event.issued.ticket)
        if ticket is not None:
            ticket.adopted = True


def _priority_granted(state: HallState, event: PriorityGranted, _device: TerminalId, _at: float) -> None:
    state.grants.setdefault(event.ticket, event.issuer)
    ticket = state.tickets.get(event.ticket)
    if ticket is not None and not ticket.priority:
        dequeue(state, ticket)
        ticket.priority = True
        enqueue(state, ticket)


def _slip_ended(state: HallState, event: SlipEnded, _device: TerminalId, _at: float) -> None:
    ticket = state.tickets.get(event.ticket)
    if ticket is not None:
        ticket.slip = event.outcome


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


def _slip_key_trusted(state: HallState, event: SlipKeyTrusted, _device: TerminalId, _at: float) -> None:
    state.slip_keys[event.terminal] = event.key


def _nothing(_state: HallState, _event: Event, _device: TerminalId, _at: float) -> None:
    """Others read these facts from the ledger; the queue does not depend on them."""


_MEANING: dict[type, Callable[[HallState, Any, TerminalId, float], None]] = {
    DayOpened: days.opened,
    DayConfirmed: days.confirmed,
    DayWithdrawn: days.withdrawn,
    DayKeyRenewed: _nothing,
    LabelLeased: _label_leased,
    TicketIssued: _ticket_issued,
    PriorityGranted: _priority_granted,
    SlipEnded: _slip_ended,
    TicketAdopted: _ticket_adopted,
    TicketHeld: moves.held,
    TicketResumed: moves.resumed,
    TicketTransferred: moves.transferred,
    ItemSwapped: moves.swapped,
    ItemAdded: moves.item_added,
    NextItemBegun: moves.next_item,
    TicketCancelled: moves.cancelled,
    TicketLapsed: moves.lapsed,
    CallLapsed: moves.call_lapsed,
    TicketSteppedAway: moves.stepped_away,
    TicketCameBack: moves.came_back,
    TicketPrecalled: moves.precalled,
    TicketReconciled: alone.reconciled,
    StaffSignedIn: at_windows.signed_in,
    StaffSignedOut: at_windows.signed_out,
    StaffContinued: at_windows.continued,
    TicketCalled: at_windows.called,
    TicketRecalled: at_windows.recalled,
    TicketMissed: at_windows.missed,
    TicketReturned: at_windows.returned,
    ServiceStarted: at_windows.started,
    ServiceFinished: at_windows.finished,
    ServiceRated: at_windows.rated,
    RatingReasonsGiven: at_windows.reasons_given,
    SelfTestOrdered: self_tests.ordered,
    SelfTestEnded: self_tests.ended,
    HelpRequested: _help_requested,
    HelpAcknowledged: _help_acknowledged,
    StatementPrepared: _statement_prepared,
    ProxyAsked: proxying.asked,
    ProxyConfirmed: proxying.confirmed,
    ProxyDeclined: proxying.declined,
    ProxyClosed: proxying.closed,
    OpeningChecklistSigned: upkeep.opening_signed,
    MaintenanceRecorded: _nothing,
    RatingFollowedUp: _nothing,
    RequestWithdrawn: _nothing,
    CallAnnounced: _nothing,
    StatementEnded: _nothing,
    DeviceChanged: _nothing,
    TerminalStarted: _nothing,
    SlipKeyTrusted: _slip_key_trusted,
}
