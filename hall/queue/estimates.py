"""What a resident is told about the wait: people ahead, and a range of minutes that errs on the long side.

Who will be served before me under the rule in force (`overtaking`), divided by the planned window-minutes that my
queue may expect (`window_minutes`). Lanes that the very same windows call are one queue (`one_queue`). Mean service
times start from the hall's own figure and learn from the services of the day; the rate at which priority people join is
that of the last hour. When nobody knows which window will serve, or how long a service takes, the wait of the last to
enter service is told.

The range holds what is not known: how long the services before mine take, and their mean. A planned rest is known, so
it moves the range and does not widen it; and the more services lie before mine, the better they even out.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection
from itertools import islice
from math import ceil, hypot, inf, sqrt

from hall.events import Quote
from hall.ids import Series, TicketId
from hall.pack.tables import Window
from hall.queue import one_queue, overtaking
from hall.queue.one_queue import Together, may_serve
from hall.queue.overtaking import Ahead, View
from hall.queue.quote_errors import told_min
from hall.queue.state import HallState, Lane, lane_of
from hall.queue.tickets import Ticket
from hall.queue.window_minutes import Capacity, Today
from hall.wire.board import Board

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
LOOK_BACK_S = 3600.0
"""Priority people of the last hour tell how many more will come."""
LEAST_LOOK_S = 900.0
"""When so many came that the look back ends early, the rate is still never taken over less."""
LOOK_BACK_TICKETS = 200
"""Nor over more tickets than these: a bound on the work of one quote."""


def quote(state: HallState, whom: Ticket | Lane, now: float) -> Quote:
    """Return what to tell a waiting ticket, or the next to join a lane (numbers' series, work's series, priority)."""
    lane = lane_of(whom) if isinstance(whom, Ticket) else whom
    place = (whom.since, whom.id) if isinstance(whom, Ticket) else (now, LAST)
    return _quote(state, lane, place, now)


def from_board(board: Board, series: Series) -> Quote:
    """Return what a cut-off terminal can tell from its last board: approximate, and printed with 约."""
    queue = next((queue for queue in board.queues if queue.series == series), None)
    ahead = queue.waiting if queue else 0
    high = min(MAX_MIN, max(MARGIN_MIN, ceil(board.typical_wait_min * 1.5))) if ahead else MARGIN_MIN
    return Quote(
        people_ahead=ahead, low_min=min(board.typical_wait_min, high) if ahead else 0, high_min=high, approximate=True
    )


def typical_wait_min(state: HallState, now: float | None = None) -> int:
    """Return what a newcomer may expect, averaged over the ordinary queues by the people in them.

    Queues without people count only when nobody waits anywhere: one person before an open window must not hear of the
    long wait before closed ones. `now` is the newest moment the day has seen when it is not given.
    """
    at = _latest(state) if now is None else now
    lanes = [(row.code, row.code, False) for row in state.pack.series if not row.priority]
    anybody = any(state.lanes.get(lane) for lane in lanes)
    total, weight = 0.0, 0
    for lane in lanes:
        people = len(state.lanes.get(lane, ())) if anybody else 1
        if people:
            total += people * told_min(_quote(state, lane, (inf, LAST), at))
            weight += people
    return round(total / weight) if weight else 0


def mean_min(state: HallState, series: Series) -> float:
    """Return the mean service time of a series' work in minutes: declared, then learned."""
    return one_queue.mean_min(state, series, DECLARED_WEIGHT)


def last_to_enter_min(state: HallState, work: Series, *, priority: bool) -> float | None:
    """Return how long the last ticket of this work and class that entered service had waited, None before the first."""
    for service in islice(reversed(state.services.values()), LOOK_BACK_TICKETS):
        ticket = state.tickets.get(service.ticket)
        if ticket is not None and ticket.item_series == work and ticket.priority == priority:
            return max(0.0, ticket.first_called_at - ticket.issued_at) / 60
    return None


# ---- one quote ---------------------------------------------------------------------------------------------------


def _quote(state: HallState, lane: Lane, place: tuple[float, TicketId], now: float) -> Quote:
    today = Today(state, now)
    serving, known = _serving(state, lane, today)
    queue = one_queue.of(state, lane, DECLARED_WEIGHT, VARIATION)
    busy = sum(state.windows[window.number].ticket is not None for window in serving)
    in_hand = 1 if serving and busy >= len(serving) else 0
    shares = [(window, queue.share(window)) for window in serving]
    minutes = today.capacity(shares)
    numbers_first = all(window.priority_first for window in serving if state.known.priority_series in window.series)
    rule = overtaking.rule_of(state.pack.limits, priority_first=numbers_first)
    view = View(rule, now, _finish(minutes, in_hand, queue.mean_min * 60))
    ahead = _ahead(state, lane, queue, place, view)
    last = last_to_enter_min(state, lane[1], priority=lane[2]) if not known or queue.mean_min <= 0 else None
    wait_min = ahead.wait_s / 60 if last is None else last
    rest_min = minutes.resting_s(ahead.wait_s) / 60 if last is None else 0.0
    mine = sum(share for _, share in shares) / len(shares) if shares else 1.0
    jobs = (ahead.jobs + in_hand) / mine if last is None else 1.0
    low, high = _range(wait_min, rest_min, jobs, queue.uncertainty)
    return Quote(people_ahead=ahead.people, low_min=low, high_min=high)


def _finish(minutes: Capacity, in_hand: int, mean_s: float) -> Callable[[float], float]:
    return lambda people: minutes.until_s(people + in_hand, mean_s) if people + in_hand > 0 else 0.0


def _range(wait_min: float, rest_min: float, jobs: float, uncertainty: float) -> tuple[int, int]:
    """Return the 20 and the 80 % of a wait in which the windows rest for `rest_min` and do so many jobs otherwise."""
    spread = Z80 * (wait_min - rest_min) * hypot(VARIATION / sqrt(max(1.0, jobs)), uncertainty)
    low = min(MAX_MIN - MARGIN_MIN, int(max(0.0, wait_min - spread)))
    return low, min(MAX_MIN, max(low + MARGIN_MIN, ceil(wait_min + spread)))


def _ahead(state: HallState, lane: Lane, queue: Together, place: tuple[float, TicketId], view: View) -> Ahead:
    own, rivals = 0, []
    for other, entries in state.lanes.items():
        if other in queue.lanes or (lane[2] and other[2]):
            own += bisect_left(entries, place)
        elif other[2] != lane[2] and (other[1] in queue.works or lane[2]):
            rivals.append(entries)
    if lane[2]:
        return overtaking.priority(own, place[0], rivals, view)
    return overtaking.ordinary(own, place[0], rivals, view, _joining_a_second(state, queue.works, view.now))


def _joining_a_second(state: HallState, works: Collection[Series], now: float) -> float:
    """Return how many priority people a second have lately joined for these works."""
    joined, seen, oldest, horizon = 0, 0, now, now - LOOK_BACK_S
    for ticket in islice(reversed(state.tickets.values()), LOOK_BACK_TICKETS):
        if ticket.issued_at < horizon:
            break
        seen += 1
        if ticket.day == state.day:
            oldest = min(oldest, ticket.issued_at)
            joined += ticket.priority and ticket.item_series in works
    # One who came in the first minutes of a day is no stream: only a busy hall is measured over less than the hour.
    return joined / (LOOK_BACK_S if seen < LOOK_BACK_TICKETS else max(LEAST_LOOK_S, now - oldest))


def _serving(state: HallState, lane: Lane, today: Today) -> tuple[list[Window], bool]:
    """Return the windows that will serve the lane, and whether that is known rather than hoped."""
    windows = list(state.open_windows())
    found = may_serve(windows, windows, lane)
    open_now = {window.number for window in found}
    away = [window for window in state.known.windows.values() if window.breaks and window.number not in open_now]
    found += [window for window in may_serve(away, windows, lane) if today.away(window)]
    if found:
        return found, True
    return may_serve(list(state.known.windows.values()), windows, lane), False


def _latest(state: HallState) -> float:
    """Return the newest moment the day has seen."""
    last = max((entries[-1][0] for entries in state.lanes.values()), default=0.0)
    return max(last, max((window.signed_at for window in state.windows.values()), default=0.0))
