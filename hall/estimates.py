"""What a resident is told about the wait: people ahead, and a range of minutes that errs on the long side.

Work ahead divided by the share of the windows that serve it: a window that serves several queues counts for each by
the people waiting there. Mean service times start from the hall's own figure and learn from the services of the day.
"""

from bisect import bisect_left
from math import ceil, sqrt

from hall.events import Quote
from hall.ids import Series, TicketId
from hall.pack_tables import Window
from hall.queueing import may_call
from hall.state import HallState, Lane, lane_of
from hall.tickets import Ticket
from hall.wire import Board

DECLARED_WEIGHT = 5
"""The hall's own mean counts as so many observed services."""
VARIATION = 0.8
"""Coefficient of variation of service times (reference queues 7.3)."""
Z80 = 0.84
"""Standard deviations from the mean to the 80th percentile."""
MARGIN_MIN = 2
"""The upper end says at least so much more than the lower: walking there takes time too."""
LAST = TicketId("~")
"""Sorts behind every ticket id."""
MAX_MIN = 480
"""Nobody is told more than a working day."""


def quote(state: HallState, whom: Ticket | Lane, now: float) -> Quote:
    """Return what to tell a waiting ticket, or the next to join a lane (numbers' series, work's series, priority)."""
    lane = lane_of(whom) if isinstance(whom, Ticket) else whom
    since = whom.since if isinstance(whom, Ticket) else now
    ahead = _people_ahead(state, lane, since, whom.id if isinstance(whom, Ticket) else None)
    low, high = _range(state, lane, ahead)
    return Quote(people_ahead=ahead, low_min=low, high_min=high)


def from_board(board: Board, series: Series) -> Quote:
    """Return what a cut-off terminal can tell from its last board: approximate, and printed with 约."""
    queue = next((queue for queue in board.queues if queue.series == series), None)
    ahead = queue.waiting if queue else 0
    high = min(MAX_MIN, max(MARGIN_MIN, ceil(board.typical_wait_min * 1.5))) if ahead else MARGIN_MIN
    return Quote(
        people_ahead=ahead, low_min=min(board.typical_wait_min, high) if ahead else 0, high_min=high, approximate=True
    )


def typical_wait_min(state: HallState) -> int:
    """Return what a newcomer may expect, averaged over the ordinary queues by the people in them.

    Queues without people count only when nobody waits anywhere: one person before an open window must not hear of the
    long wait before closed ones.
    """
    lanes = [(row.code, row.code, False) for row in state.pack.series if not row.priority]
    anybody = any(state.lanes.get(lane) for lane in lanes)
    total, weight = 0.0, 0
    for lane in lanes:
        people = len(state.lanes.get(lane, ())) if anybody else 1
        low, high = _range(state, lane, _people_ahead(state, lane, float("inf"), None))
        total += people * (low + high) / 2
        weight += people
    return round(total / weight) if weight else 0


def mean_min(state: HallState, series: Series) -> float:
    """Return the mean service time of a series' work in minutes: declared, then learned."""
    declared, taught = state.known.means.get(series, 0.0), state.taught.get(series)
    if taught is None:
        return declared
    return (declared * DECLARED_WEIGHT + taught.minutes) / (DECLARED_WEIGHT + taught.services)


def _people_ahead(state: HallState, lane: Lane, since: float, own_id: TicketId | None) -> int:
    """Count who will be served before: the same lane up to this place, and for ordinary tickets the priority ones.

    For priority tickets everybody with priority who came earlier and may be called by the same windows.
    """
    _, work, priority = lane
    ahead = 0
    for other, entries in state.lanes.items():
        if other == lane or (priority and other[2]):
            ahead += bisect_left(entries, (since, own_id or LAST))
        elif not priority and other[1] == work and other[2]:
            ahead += len(entries)
    return ahead


def _range(state: HallState, lane: Lane, ahead: int) -> tuple[int, int]:
    serving = [window for window in state.open_windows() if may_call(state, window, lane)]
    busy = sum(state.windows[window.number].ticket is not None for window in serving)
    if not serving:
        serving = [window for window in state.known.windows.values() if may_call(state, window, lane)]
    capacity = sum(_share(state, window, lane) for window in serving) or 1.0
    mean = mean_min(state, lane[1])
    jobs = ahead + (1 if serving and busy >= len(serving) else 0)
    wait, spread = jobs * mean / capacity, Z80 * VARIATION * mean * sqrt(jobs) / capacity
    low = min(MAX_MIN - MARGIN_MIN, int(max(0.0, wait - spread)))
    return low, min(MAX_MIN, max(low + MARGIN_MIN, ceil(wait + spread)))


def _share(state: HallState, window: Window, lane: Lane) -> float:
    """Return which part of a window's time this lane may expect."""
    if lane[2] and window.priority_first:
        return 1.0
    own = sum(
        len(entries) for other, entries in state.lanes.items() if other[1] == lane[1] and may_call(state, window, other)
    )
    every = sum(len(entries) for other, entries in state.lanes.items() if may_call(state, window, other))
    return (own + 1) / (every + 1)
