"""What the fairness report says of a day: who was called before their turn and why, and who granted priority."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hall.events import Event, PriorityGranted, TicketCalled
from hall.ids import StaffId, TicketLabel, WindowId


@dataclass(frozen=True, slots=True)
class OutOfOrderCall:
    """A call before its turn. `passed_over`: people whose heads had more credit, by label."""

    label: TicketLabel
    window: WindowId
    called_at: float
    reason: str
    passed_over: tuple[TicketLabel, ...]


def out_of_order(events: Iterable[Event]) -> tuple[OutOfOrderCall, ...]:
    """Return all calls out of order, oldest first. Each has a reason: without one the call is refused."""
    calls = [event for event in events if isinstance(event, TicketCalled) and event.out_of_order]
    return tuple(_told(call) for call in sorted(calls, key=lambda call: call.call_seq))


def _told(call: TicketCalled) -> OutOfOrderCall:
    others = tuple(head.label for head in call.compared if head.ticket != call.ticket)
    return OutOfOrderCall(call.label, call.window, call.called_at, call.out_of_order, others)


def grants(events: Iterable[Event]) -> Counter[StaffId]:
    """Return how many tickets each issuer gave priority; a ticket counts once, for the first to grant it."""
    first: dict[str, StaffId] = {}
    for event in events:
        if isinstance(event, PriorityGranted):
            first.setdefault(event.ticket, event.issuer)
    return Counter(first.values())
