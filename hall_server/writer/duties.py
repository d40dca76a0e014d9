"""What the hall does by itself between the asks: put calls back, and end the day. Asked every few seconds."""

from collections.abc import Callable, Iterator

from hall.day.deciding import EndDay, LookAround
from hall.day.sweeping import day_to_end
from hall.ids import TerminalId, TicketId
from hall.queue.state import HallState
from hall.queue.tickets import TicketState

Lost = Callable[[], frozenset[TerminalId]]
"""The panels that this server itself has missed: heard before, and silent for `health.DOWN_AFTER_S` on a broker that
was there. A last will is a hint and takes nobody's call away."""


def nobody_lost() -> frozenset[TerminalId]:
    """For a writer that nobody tells of panels."""
    return frozenset()


def due(state: HallState, now: float, lost: Lost) -> Iterator[LookAround | EndDay]:
    """Yield what is to be decided now, one after the other: each on the state that the one before has left."""
    if any(_called(state, window.ticket) for window in state.windows.values()):
        yield LookAround(lost())
    ending = day_to_end(state, now)
    if ending is not None:
        yield ending


def _called(state: HallState, ticket: TicketId | None) -> bool:
    known = state.tickets.get(ticket) if ticket else None
    return known is not None and known.state is TicketState.CALLED
