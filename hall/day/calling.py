"""叫号 and what follows at a window, decided: call, recall, missed, start, finish; and the way back after a miss."""

from hall.commands import (
    Called,
    CallNext,
    CallTicket,
    Done,
    FinishService,
    MarkMissed,
    OutOfOrder,
    Recall,
    ReturnMissed,
    Started,
    StartService,
)
from hall.day.deciding import Asker, Decision, asking_terminal, refused
from hall.day.in_hand import free_window, named, ticket_in_hand
from hall.errors import Reason
from hall.events import (
    HeadCompared,
    ServiceFinished,
    ServiceStarted,
    TicketCalled,
    TicketMissed,
    TicketRecalled,
    TicketReturned,
)
from hall.ids import ServiceId, StaffId, WindowId
from hall.moves import NextItemBegun, TicketLapsed
from hall.queue import queueing
from hall.queue.disciplines import Ground
from hall.queue.explaining import sorry
from hall.queue.state import HallState, lane_of
from hall.queue.tickets import Ticket, TicketState

MISSED_TWICE = "missed_twice"
PLACE_STEP_S = 0.001
"""Behind somebody means so much later than they."""


def call_next(state: HallState, command: CallNext, by: Asker, now: float) -> Decision:
    """Call the ticket that this window asked to come near, else the one that the rule in force puts first."""
    window = free_window(state, command, by)
    if isinstance(window, Decision):
        return window
    compared = queueing.heads(state, command.window, now)
    asked = queueing.precalled(state, command.window, now)
    if asked is not None:
        return _call(state, asked, command.window, now, compared=compared, ground=Ground.PRE_CALLED)
    if not compared:
        return refused(Reason.NOBODY_WAITING, f"nobody waits for window {command.window}")
    chosen, ground = next_of(state, command.window, compared)
    return _call(state, state.tickets[chosen.ticket], command.window, now, compared=compared, ground=ground)


def next_of(state: HallState, number: WindowId, compared: tuple[HeadCompared, ...]) -> tuple[HeadCompared, Ground]:
    """Return who is next for a window among its heads (not empty), and which part of the rule decided."""
    window = state.windows[number]
    return queueing.choose(
        compared,
        window.priority_in_row,
        state.pack.limits,
        priority_first=state.known.windows[number].priority_first,
        owed_ordinary=window.owed_ordinary,
    )


def call_ticket(state: HallState, command: CallTicket, by: Asker, now: float) -> Decision:
    """Call this number. If it is not its turn, only with a reason, which stays in the record of the call."""
    window = free_window(state, command, by)
    if isinstance(window, Decision):
        return window
    ticket = named(state, command.label, TicketState.WAITING)
    if isinstance(ticket, Decision):
        return ticket
    item = state.known.items.get(ticket.item)
    if item is not None and command.window not in item.windows and ticket.bound != command.window:
        return refused(Reason.NOT_ALLOWED, f"{ticket.label} is for windows {', '.join(item.windows)}")
    compared = queueing.heads(state, command.window, now)
    if compared:
        chosen, ground = next_of(state, command.window, compared)
        if chosen.ticket == ticket.id:
            return _call(state, ticket, command.window, now, compared=compared, ground=ground)
    if command.reason is None:
        allowed = ", ".join(reason.value for reason in OutOfOrder)
        return refused(Reason.ILLEGAL_MOVE, f"{ticket.label} is not next; out of order needs a reason: {allowed}")
    reason = command.reason.value
    return _call(state, ticket, command.window, now, compared=compared, ground=Ground.OUT_OF_ORDER, out_of_order=reason)


def _call(
    state: HallState,
    ticket: Ticket,
    window: WindowId,
    now: float,
    *,
    compared: tuple[HeadCompared, ...],
    ground: Ground,
    out_of_order: str = "",
) -> Decision:
    chosen = next((head for head in compared if head.ticket == ticket.id), None)
    if chosen is None:
        chosen = queueing.compare(state, ticket, ticket.since, now)
        compared = (*compared, chosen)
    called = TicketCalled(
        ticket=ticket.id,
        label=ticket.label,
        window=window,
        call_seq=state.call_seq + 1,
        called_at=now,
        compared=compared,
        rule=state.pack.limits.discipline,
        because=ground.value,
        out_of_order=out_of_order,
    )
    why = queueing.why(chosen, ground, state.pack.limits)
    return Decision((called,), _called(state, ticket, called, now, why))


def recall(state: HallState, command: Recall, by: Asker, now: float) -> Decision:
    """Call the ticket in hand again."""
    found = ticket_in_hand(state, command, by, TicketState.CALLED)
    if isinstance(found, Decision):
        return found
    again = TicketRecalled(
        ticket=found.id, label=found.label, window=command.window, call_seq=state.call_seq + 1, called_at=now
    )
    return Decision((again,), _called(state, found, again, now))


def as_called(ticket: Ticket) -> Called:
    """Return what a panel shows of a ticket whose call is over: it may go on at a panel that did not make the call."""
    return Called(
        ticket=ticket.id,
        label=ticket.label,
        item=ticket.item,
        priority=ticket.priority,
        call_seq=ticket.call_seq,
        waited_s=max(0.0, ticket.first_called_at - ticket.issued_at),
    )


def mark_missed(state: HallState, command: MarkMissed, by: Asker, now: float) -> Decision:
    """Give up a call: only after enough calls, and after time enough to walk there."""
    found = ticket_in_hand(state, command, by, TicketState.CALLED)
    if isinstance(found, Decision):
        return found
    limits = state.pack.limits
    least_s = (limits.calls_before_missed - 1) * limits.call_spacing_s
    if found.calls < limits.calls_before_missed or now - found.first_called_at < least_s:
        told = f"{found.label} was called {found.calls} times in {max(0, now - found.first_called_at):.0f} s"
        return refused(
            Reason.ILLEGAL_MOVE, f"{told}; missed only after {limits.calls_before_missed} calls and {least_s:.0f} s"
        )
    missed = TicketMissed(ticket=found.id, window=command.window, missed_at=now, call_seq=found.call_seq)
    if found.returned:
        return Decision(
            (missed, TicketLapsed(ticket=found.id, move=found.moves + 1, at=now, cause=MISSED_TWICE)), Done()
        )
    return Decision((missed,), Done())


def start(state: HallState, command: StartService, by: Asker, now: float) -> Decision:
    """The person is here: begin the service."""
    found = ticket_in_hand(state, command, by, TicketState.CALLED)
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
    """办结 of this item; the rating screen will ask once. With further items on the number the visit goes on."""
    found = ticket_in_hand(state, command, by, TicketState.SERVING)
    if isinstance(found, Decision):
        return found
    service = state.windows[command.window].service
    if service is None:
        return refused(Reason.ILLEGAL_MOVE, "no service was started at this window")
    finished = ServiceFinished(
        ticket=found.id, service=service, window=command.window, staff=command.staff, finished_at=now
    )
    following = _next_item(found, command.window, state, now)
    return Decision((finished,) if following is None else (finished, following), Done())


def _next_item(ticket: Ticket, window: WindowId, state: HallState, now: float) -> NextItemBegun | None:
    """An item this window serves goes on in the same hand; others wait elsewhere with the first issue time."""
    if not ticket.items_left:
        return None
    here = [item for item in ticket.items_left if window in state.known.items[item].windows]
    item = here[0] if here else ticket.items_left[0]
    return NextItemBegun(ticket=ticket.id, move=ticket.moves + 1, at=now, item=item, window=window if here else None)


def return_missed(state: HallState, command: ReturnMissed, by: Asker, now: float) -> Decision:
    """Put a missed ticket back, once, a few places behind the head of its lane."""
    terminal = asking_terminal(state, by, "guide_desk")
    if isinstance(terminal, Decision):
        return terminal
    if state.desks.get(by.terminal) != command.staff:
        return refused(Reason.NOT_SIGNED_IN, f"sign in at {by.terminal} first")
    found = named(state, command.label, TicketState.MISSED)
    if isinstance(found, Decision):
        return found
    back = put_back(state, found, command.staff, now)
    return back if isinstance(back, Decision) else Decision((back,), Done())


def put_back(state: HallState, missed: Ticket, staff: StaffId, now: float) -> TicketReturned | Decision:
    """Return what puts a missed ticket a few places behind the head of its lane, or the refusal: only once."""
    if missed.returned:
        return refused(Reason.ILLEGAL_MOVE, "a missed ticket comes back only once")
    since = _place_behind(state, missed, state.pack.limits.return_places)
    return TicketReturned(ticket=missed.id, staff=staff, since=since, returned_at=now)


def _place_behind(state: HallState, ticket: Ticket, places: int) -> float:
    ahead = state.lanes.get(lane_of(ticket), [])[:places]
    return max(ticket.since, ahead[-1][0] + PLACE_STEP_S) if ahead else ticket.since


def _called(
    state: HallState, ticket: Ticket, event: TicketCalled | TicketRecalled, now: float, why: tuple[str, str] = ("", "")
) -> Called:
    """`event` is the call that is being made: it counts, though the ticket does not know of it yet."""
    limits = state.pack.limits
    calls = ticket.calls if isinstance(event, TicketRecalled) else 0
    first_called_at = ticket.first_called_at if calls else now
    waited_s = max(0.0, now - ticket.issued_at)
    sorry_zh, sorry_en = sorry(waited_s, ticket.quote)
    return Called(
        ticket=ticket.id,
        label=ticket.label,
        item=ticket.item,
        priority=ticket.priority,
        call_seq=event.call_seq,
        waited_s=waited_s,
        why_zh=why[0],
        why_en=why[1],
        sorry_zh=sorry_zh,
        sorry_en=sorry_en,
        may_miss_at=first_called_at + (limits.calls_before_missed - 1) * limits.call_spacing_s,
        calls_left=max(0, limits.calls_before_missed - calls - 1),
    )
