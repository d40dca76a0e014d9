"""叫号 and what follows at a window, decided: call, recall, missed, start, finish; and the way back after a miss."""

from hall import queueing
from hall.commands import (
    Called,
    CallNext,
    Done,
    FinishService,
    MarkMissed,
    Recall,
    ReturnMissed,
    Started,
    StartService,
)
from hall.deciding import Asker, Decision, asking_terminal, refused
from hall.errors import Reason
from hall.events import ServiceFinished, ServiceStarted, TicketCalled, TicketMissed, TicketRecalled, TicketReturned
from hall.ids import ServiceId
from hall.state import HallState, lane_of
from hall.tickets import Ticket, TicketState, WindowNow

AtWindow = CallNext | Recall | MarkMissed | StartService | FinishService
PLACE_STEP_S = 0.001
"""Behind somebody means so much later than they."""


def call_next(state: HallState, command: CallNext, by: Asker, now: float) -> Decision:
    """Call the ticket that the rule in force puts first for this window."""
    window = _own_window(state, command, by)
    if isinstance(window, Decision):
        return window
    if window.ticket is not None:
        return refused(Reason.WINDOW_BUSY, "finish or mark missed the ticket in hand first")
    compared = queueing.heads(state, command.window, now)
    if not compared:
        return refused(Reason.NOBODY_WAITING, f"nobody waits for window {command.window}")
    plan, limits = state.known.windows[command.window], state.pack.limits
    chosen, ground = queueing.choose(
        compared,
        window.priority_in_row,
        limits,
        priority_first=plan.priority_first,
        owed_ordinary=window.owed_ordinary,
    )
    ticket = state.tickets[chosen.ticket]
    called = TicketCalled(
        ticket=ticket.id,
        label=ticket.label,
        window=command.window,
        call_seq=state.call_seq + 1,
        called_at=now,
        compared=compared,
        rule=limits.discipline,
    )
    why_zh, why_en = queueing.why(chosen, ground, limits)
    return Decision((called,), _called(ticket, called, now, why_zh, why_en))


def recall(state: HallState, command: Recall, by: Asker, now: float) -> Decision:
    """Call the ticket in hand again."""
    found = _ticket_in_hand(state, command, by, TicketState.CALLED)
    if isinstance(found, Decision):
        return found
    again = TicketRecalled(
        ticket=found.id, label=found.label, window=command.window, call_seq=state.call_seq + 1, called_at=now
    )
    return Decision((again,), _called(found, again, now))


def mark_missed(state: HallState, command: MarkMissed, by: Asker, now: float) -> Decision:
    """Give up a call: only after enough calls, and after time enough to walk there."""
    found = _ticket_in_hand(state, command, by, TicketState.CALLED)
    if isinstance(found, Decision):
        return found
    limits = state.pack.limits
    least_s = (limits.calls_before_missed - 1) * limits.call_spacing_s
    if found.calls < limits.calls_before_missed or now - found.first_called_at < least_s:
        told = f"{found.label} was called {found.calls} times in {max(0, now - found.first_called_at):.0f} s"
        return refused(
            Reason.ILLEGAL_MOVE, f"{told}; missed only after {limits.calls_before_missed} calls and {least_s:.0f} s"
        )
    return Decision((TicketMissed(ticket=found.id, window=command.window, missed_at=now),), Done())


def start(state: HallState, command: StartService, by: Asker, now: float) -> Decision:
    """The person is here: begin the service."""
    found = _ticket_in_hand(state, command, by, TicketState.CALLED)
    if isinstance(found, Decision):
        return found
    count = 1
    while ServiceId(f"{found.id}/{count}") in state.services:
        count += 1
    service = ServiceId(f"{found.id}/{count}")
    started = ServiceStarted(
        ticket=found.id, service=service, window=command.window, staff=command.staff, started_at=now
    )
    return Decision((started,), Started(service=service, ticket=found.id))


def finish(state: HallState, command: FinishService, by: Asker, now: float) -> Decision:
    """办结 of this visit at this window; the rating screen will ask once."""
    found = _ticket_in_hand(state, command, by, TicketState.SERVING)
    if isinstance(found, Decision):
        return found
    service = state.windows[command.window].service
    if service is None:
        return refused(Reason.ILLEGAL_MOVE, "no service was started at this window")
    finished = ServiceFinished(
        ticket=found.id, service=service, window=command.window, staff=command.staff, finished_at=now
    )
    return Decision((finished,), Done())


def return_missed(state: HallState, command: ReturnMissed, by: Asker, now: float) -> Decision:
    """Put a missed ticket back, once, a few places behind the head of its lane."""
    terminal = asking_terminal(state, by, "guide_desk")
    if isinstance(terminal, Decision):
        return terminal
    if state.desks.get(by.terminal) != command.staff:
        return refused(Reason.NOT_SIGNED_IN, f"sign in at {by.terminal} first")
    same = [t for t in state.tickets.values() if t.label == command.label and t.day == state.day]
    if not same:
        return refused(Reason.UNKNOWN_TICKET, f"{command.label} is not a ticket of this day")
    found = next((ticket for ticket in same if ticket.state is TicketState.MISSED and not ticket.returned), None)
    if found is None:
        return refused(Reason.ILLEGAL_MOVE, "only a missed ticket comes back, and only once")
    since = _place_behind(state, found, state.pack.limits.return_places)
    returned = TicketReturned(ticket=found.id, staff=command.staff, since=since, returned_at=now)
    return Decision((returned,), Done())


def _place_behind(state: HallState, ticket: Ticket, places: int) -> float:
    ahead = state.lanes.get(lane_of(ticket), [])[:places]
    return max(ticket.since, ahead[-1][0] + PLACE_STEP_S) if ahead else ticket.since


def _own_window(state: HallState, command: AtWindow, by: Asker) -> WindowNow | Decision:
    """The window if the asker is its panel and the member of staff is signed in there."""
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


def _ticket_in_hand(state: HallState, command: AtWindow, by: Asker, wanted: TicketState) -> Ticket | Decision:
    window = _own_window(state, command, by)
    if isinstance(window, Decision):
        return window
    ticket = state.tickets.get(window.ticket) if window.ticket else None
    if ticket is None:
        return refused(Reason.ILLEGAL_MOVE, f"window {command.window} has no ticket in hand; call one first")
    if ticket.state is not wanted:
        return refused(Reason.ILLEGAL_MOVE, f"{ticket.label} is {ticket.state.value}; it must be {wanted.value}")
    return ticket


def _called(ticket: Ticket, event: TicketCalled | TicketRecalled, now: float, zh: str = "", en: str = "") -> Called:
    return Called(
        ticket=ticket.id,
        label=ticket.label,
        item=ticket.item,
        priority=ticket.priority,
        call_seq=event.call_seq,
        waited_s=max(0.0, now - ticket.issued_at),
        why_zh=zh,
        why_en=en,
    )
