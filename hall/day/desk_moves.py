"""What the guide may do for somebody with a number: put it right, add to it, keep its place, grant."""

from dataclasses import replace

from hall.commands import (
    AddItem,
    CancelTicket,
    ComeBack,
    Done,
    GrantPriority,
    Leased,
    StepAway,
    SwapItem,
)
from hall.day.deciding import Asker, Decision, asking_terminal, refused
from hall.day.granting import over_the_cap
from hall.day.in_hand import named
from hall.day.leasing import MAX_ITEMS
from hall.errors import Reason
from hall.events import LabelLeased, PriorityGranted
from hall.moves import ItemAdded, ItemSwapped, TicketCameBack, TicketCancelled, TicketSteppedAway
from hall.pack.tables import ServiceItem
from hall.queue import estimates, numbering
from hall.queue.state import HallState
from hall.queue.tickets import Ticket, TicketState

AtDesk = SwapItem | AddItem | CancelTicket | StepAway | ComeBack | GrantPriority
OPEN = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD, TicketState.MISSED)


def decide_at_desk(state: HallState, command: AtDesk, by: Asker, now: float) -> Decision:
    """Decide a request of the guide desk; whoever asks must be signed in there. A panel may add to its own number."""
    if isinstance(command, AddItem) and by.role == "window_panel":
        return _add_in_hand(state, command, by, now)
    terminal = asking_terminal(state, by, "guide_desk")
    if isinstance(terminal, Decision):
        return terminal
    if state.desks.get(by.terminal) != command.staff:
        return refused(Reason.NOT_SIGNED_IN, f"sign in at {by.terminal} first")
    match command:
        case SwapItem():
            return _swap(state, command, by, now)
        case AddItem():
            return _add_item(state, command, now)
        case CancelTicket():
            return _cancel(state, command, now)
        case StepAway():
            return _step_away(state, command, now)
        case ComeBack():
            return _come_back(state, command, now)
        case GrantPriority():
            return _grant(state, command)


# ---- a wrong item put right --------------------------------------------------------------------------------------


def _swap(state: HallState, command: SwapItem, by: Asker, now: float) -> Decision:
    found = named(state, command.label, TicketState.WAITING)
    if isinstance(found, Decision):
        return found
    item = state.known.items.get(command.item)
    if item is None:
        return refused(Reason.UNKNOWN_ITEM, f"{command.item} is not an item of this hall's pack")
    if item.code == found.item:
        return refused(Reason.ILLEGAL_MOVE, f"{found.label} is for {item.code} already")
    if found.series in (item.series, state.known.priority_series):
        return _swapped(state, found, item, command, now)
    key = (found.day, item.series)
    number = numbering.next_leased(state.taken.get(key, set()), state.last_leased.get(key, 0), state.pack.leased)
    if number is None:
        return refused(Reason.RANGE_EXHAUSTED, f"all numbers of series {item.series} are given out; reserves remain")
    second = LabelLeased(ticket=found.id, terminal=by.terminal, day=found.day, series=item.series, number=number)
    renamed = replace(found, series=item.series, number=number, suffix="", label=numbering.label(item.series, number))
    decision = _swapped(state, renamed, item, command, now)
    return Decision((second, *decision.events), decision.reply)


def _swapped(state: HallState, named_so: Ticket, item: ServiceItem, command: SwapItem, now: float) -> Decision:
    """The ticket as it is called from now on; the state itself is not touched."""
    swapped = ItemSwapped(
        ticket=named_so.id,
        move=named_so.moves + 1,
        at=now,
        staff=command.staff,
        item=item.code,
        series=named_so.series,
        number=named_so.number,
        suffix=named_so.suffix,
        label=named_so.label,
    )
    reply = Leased(
        ticket=named_so.id,
        day=named_so.day,
        series=named_so.series,
        number=named_so.number,
        label=named_so.label,
        windows=item.windows,
        area=item.area,
        quote=estimates.quote(state, replace(named_so, item_series=item.series), now),
    )
    return Decision((swapped,), reply)


# ---- more, or no more --------------------------------------------------------------------------------------------


def _add_item(state: HallState, command: AddItem, now: float) -> Decision:
    found = named(state, command.label, *OPEN)
    if isinstance(found, Decision):
        return found
    if command.item not in state.known.items:
        return refused(Reason.UNKNOWN_ITEM, f"{command.item} is not an item of this hall's pack")
    if command.item == found.item or command.item in found.items_left:
        return refused(Reason.ILLEGAL_MOVE, f"{found.label} is for {command.item} already")
    if len(found.items_left) + 1 >= MAX_ITEMS:
        return refused(Reason.ILLEGAL_MOVE, f"at most {MAX_ITEMS} items on one number")
    added = ItemAdded(ticket=found.id, move=found.moves + 1, at=now, staff=command.staff, item=command.item)
    return Decision((added,), Done())


def _add_in_hand(state: HallState, command: AddItem, by: Asker, now: float) -> Decision:
    """A clerk adds to the number in hand and to no other; everything else about numbers is the guide's."""
    terminal = asking_terminal(state, by, "window_panel")
    if isinstance(terminal, Decision):
        return terminal
    window = state.windows.get(terminal.window) if terminal.window else None
    if window is None or window.staff is None or window.staff != command.staff or window.terminal != by.terminal:
        return refused(Reason.NOT_SIGNED_IN, f"sign in at window {terminal.window} first")
    ticket = state.tickets.get(window.ticket) if window.ticket else None
    if ticket is None or command.label not in (ticket.label, *ticket.earlier_labels):
        return refused(Reason.NOT_ALLOWED, f"a window adds only to the number in hand; {command.label} is not")
    return _add_item(state, command, now)


def _cancel(state: HallState, command: CancelTicket, now: float) -> Decision:
    found = named(state, command.label, TicketState.WAITING, TicketState.MISSED, TicketState.HELD)
    if isinstance(found, Decision):
        return found
    cancelled = TicketCancelled(ticket=found.id, move=found.moves + 1, at=now, staff=command.staff)
    return Decision((cancelled,), Done())


# ---- 暂离 --------------------------------------------------------------------------------------------------------


def _step_away(state: HallState, command: StepAway, now: float) -> Decision:
    found = named(state, command.label, TicketState.WAITING)
    if isinstance(found, Decision):
        return found
    limits = state.pack.limits
    if not 0 < command.minutes <= limits.away_max_min:
        return refused(Reason.ILLEGAL_MOVE, f"a place is kept for up to {limits.away_max_min:.0f} minutes")
    if found.away_until > now:
        return refused(Reason.ILLEGAL_MOVE, f"{found.label} is away already; its place is kept")
    if found.away_times >= limits.away_times:
        return refused(Reason.ILLEGAL_MOVE, f"a place is kept {limits.away_times} times for one number")
    until = now + command.minutes * 60
    return Decision((TicketSteppedAway(ticket=found.id, move=found.moves + 1, at=now, until=until),), Done())


def _come_back(state: HallState, command: ComeBack, now: float) -> Decision:
    found = named(state, command.label, TicketState.WAITING)
    if isinstance(found, Decision):
        return found
    if found.away_until <= now:
        return Decision((), Done())
    return Decision((TicketCameBack(ticket=found.id, move=found.moves + 1, at=now),), Done())


# ---- priority ----------------------------------------------------------------------------------------------------


def _grant(state: HallState, command: GrantPriority) -> Decision:
    found = named(state, command.label, *OPEN)
    if isinstance(found, Decision):
        return found
    if found.priority:
        return Decision((), Done())
    said_no = over_the_cap(state, command.staff)
    if said_no is not None:
        return said_no
    granted = PriorityGranted(ticket=found.id, issuer=command.staff, sealed=command.sealed_grant)
    return Decision((granted,), Done())
