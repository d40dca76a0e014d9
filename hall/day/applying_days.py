"""What it means for the queue day that a day opens, is confirmed, or is withdrawn."""

from hall.calendar.working_days import first_call_seq
from hall.day_facts import DayConfirmed, DayOpened, DayWithdrawn
from hall.ids import TerminalId
from hall.queue.state import HallState, enqueue
from hall.queue.tickets import WindowNow
from hall.wire.upkeep_shown import OpeningShown


def opened(state: HallState, event: DayOpened, _device: TerminalId, _at: float) -> None:
    """Let go of all that belongs to earlier days, and let in what terminals told of this one before it opened."""
    if state.day is not None and event.day <= state.day:
        return
    state.unissued = {
        key: lease for key, lease in state.leases.items() if lease.day < event.day and key not in state.tickets
    }
    _keep_from(state, event)
    state.day = state.believed = event.day
    _forget_the_floor(state)
    floor = max(first_call_seq(event.day), event.after_number)
    state.call_seq, state.numbered_above = max(state.call_seq, floor), floor
    _number_on(state, event)
    for ticket in state.tickets.values():
        enqueue(state, ticket)


def confirmed(state: HallState, event: DayConfirmed, _device: TerminalId, _at: float) -> None:
    """From here on days follow this one."""
    state.believed = event.day


def withdrawn(state: HallState, event: DayWithdrawn, _device: TerminalId, _at: float) -> None:
    """No day is open, and what bore the withdrawn date is in the ledger only."""
    if state.day != event.day:
        return
    state.tickets = {key: ticket for key, ticket in state.tickets.items() if ticket.day != event.day}
    state.leases = {key: lease for key, lease in state.leases.items() if lease.day != event.day}
    state.taken = {key: numbers for key, numbers in state.taken.items() if key[0] != event.day}
    state.last_leased = {key: last for key, last in state.last_leased.items() if key[0] != event.day}
    state.labels = {key: holder for key, holder in state.labels.items() if key[0] != event.day}
    state.grants = {key: who for key, who in state.grants.items() if key in state.tickets or key in state.leases}
    state.holders, state.unissued, state.day = {}, {}, None
    _forget_the_floor(state)


def _keep_from(state: HallState, event: DayOpened) -> None:
    day = event.day
    state.tickets = {key: ticket for key, ticket in state.tickets.items() if ticket.day >= day}
    state.leases = {key: lease for key, lease in state.leases.items() if lease.day >= day}
    state.taken = {key: numbers for key, numbers in state.taken.items() if key[0] >= day}
    state.last_leased = {key: last for key, last in state.last_leased.items() if key[0] >= day}
    state.labels = {key: holder for key, holder in state.labels.items() if key[0] >= day}
    known = (state.tickets, state.leases, state.unissued)
    state.grants = {key: who for key, who in state.grants.items() if any(key in one for one in known)}
    state.holders = {key: ticket for key, ticket in state.holders.items() if ticket in state.leases}


def _forget_the_floor(state: HallState) -> None:
    """Whatever was called, served, signed in, signed and ordered belongs to one life of a day."""
    state.bound, state.lanes, state.services, state.taught, state.calls = {}, {}, {}, {}, []
    state.windows = {number: WindowNow() for number in state.known.windows}
    state.desks, state.desk_signed_at, state.orders, state.tests = {}, {}, {}, {}
    state.statements, state.statement_counts, state.statement_numbers = {}, {}, {}
    state.proxies, state.opening = {}, OpeningShown()


def _number_on(state: HallState, event: DayOpened) -> None:
    """Go on after what an earlier life of this day has given out."""
    if event.given is None:
        return
    for series, number in event.given.numbers.items():
        key = (event.day, series)
        state.last_leased[key] = max(state.last_leased.get(key, 0), number)
    for terminal, number in event.given.statements.items():
        state.statement_numbers[terminal] = number
