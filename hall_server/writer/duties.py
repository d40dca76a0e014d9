"""What the hall does by itself between the asks: put calls back, end the day, settle what panels did alone."""

import time
from collections.abc import Callable, Iterator
from typing import Final

from hall.day.deciding import EndDay, LookAround
from hall.day.decisions import Decidable
from hall.day.sweeping import day_to_end
from hall.ids import TerminalId, TicketId
from hall.queue.state import HallState
from hall.queue.tickets import TicketState
from hall_server.ledger.store import Ledger
from hall_server.writer.standing import DAYS_REPLAYED, Standing
from hall_server.writer.unsettled import gathered

LOOK_AROUND_S: Final = 5.0
"""How often the hall looks whether a call was not started; its own limit is minutes, so seconds more hurt nobody."""
RETURN_S: Final = 15.0
"""A server that starts hears first what panels did without it (they are back within 6 s); only then it puts back calls
that nobody started, or it would put back people who were served long ago."""
TOLD_WITHIN_S: Final = 6.0
"""Within this after a start every panel has told what it did alone; settling half of it would flag what is none."""
RECONCILE_EVERY_S: Final = 1.0
"""Settling reads two days of the ledger; after an outage the panels' events come in many messages within seconds."""
RECONCILE_REST: Final = 9
"""At the end of a full day (30,000 events) one takes some 0.4 s: the queue keeps nine tenths of the writer's time."""

Lost = Callable[[], frozenset[TerminalId]]
"""The panels that this server itself has missed: heard before, and silent for `health.DOWN_AFTER_S` on a broker that
was there. A last will is a hint and takes nobody's call away."""
Stand = Callable[[], Standing]
"""What stands now; another one after each thing that was done."""
Do = Callable[[Decidable], None]
"""Decide and commit."""


def nobody_lost() -> frozenset[TerminalId]:
    """For a writer that nobody tells of panels."""
    return frozenset()


class Duties:
    """Lives on the writer's thread. Waits are monotonic, decisions are at hall time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.lost: Lost = nobody_lost
        self._looked_at = float("-inf")
        self.look_after_s = float("-inf")
        self.reconcile_after_s = float("-inf")

    def begin(self) -> None:
        """The server has just started: hear first what panels did without it."""
        self.look_after_s = time.monotonic() + RETURN_S
        self.reconcile_after_s = time.monotonic() + TOLD_WITHIN_S

    def look_around(self, stand: Stand, do: Do, now: float) -> None:
        """Put calls that nobody started back to their place, and end the day when it is over."""
        if 0 <= now - self._looked_at < LOOK_AROUND_S or time.monotonic() < self.look_after_s:
            return
        self._looked_at = now
        for command in due(stand().state, now, self.lost):
            do(command)

    def reconcile(self, stand: Stand, do: Do) -> None:
        """Settle what panels did on their own; what they still have to tell comes in the next seconds."""
        unsettled = stand().unsettled
        began_s = time.monotonic()
        if not unsettled.pending or began_s < self.reconcile_after_s:
            return
        told = gathered(self._ledger.since_last("DayOpened", DAYS_REPLAYED), unsettled.pending)
        unsettled.pending.clear()
        do(told)
        ended_s = time.monotonic()
        self.reconcile_after_s = ended_s + max(RECONCILE_EVERY_S, RECONCILE_REST * (ended_s - began_s))


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
