"""Which lanes are one queue: those that the very same windows call, in the order of coming.

Where one general window is all that is open, whoever came for other work stands before me too, and is counted. In a
hall with windows for each work every lane is a queue of its own, and a window that helps out gives it a share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

from hall.ids import Series, WindowId
from hall.pack.tables import Window
from hall.queue.state import HallState, Lane


@dataclass(frozen=True, slots=True)
class Together:
    """The lanes that wait as one, with what is known of their work."""

    lane: Lane
    """Whose view this is."""
    lanes: frozenset[Lane]
    works: frozenset[Series]
    mean_min: float
    """Of a service, over whoever waits in these lanes."""
    uncertainty: float
    """The standard error of that mean, as a part of it."""
    waiting: dict[Lane, tuple[frozenset[WindowId], int]]
    """Every lane of the hall: which open windows call it, how many wait in it."""

    def share(self, window: Window) -> float:
        """Return which part of a window's time this queue may expect, 0 to 1."""
        if self.lane[2] and window.priority_first:
            return 1.0
        own = every = 1
        for other, (callers, people) in self.waiting.items():
            if window.number in callers or (not callers and _does(window, other)):
                every += people
                if other in self.lanes or other[1] in self.works or (self.lane[2] and other[2]):
                    own += people
        return own / every


def may_serve(candidates: Sequence[Window], open_windows: Sequence[Window], lane: Lane) -> list[Window]:
    """Return the candidates that may call from the lane, as `queueing.may_call` has it, for many at once."""
    numbers, work, _ = lane
    does = [window for window in candidates if work in window.series]
    if any(numbers in window.series and work in window.series for window in open_windows):
        return [window for window in does if numbers in window.series]
    return does


def of(state: HallState, lane: Lane, declared_weight: float, variation: float) -> Together:
    """Return the queue to which a lane belongs. Priority numbers wait for one another whatever the work."""
    open_windows = list(state.open_windows())
    waiting = {
        other: (_callers(open_windows, other), len(entries)) for other, entries in state.lanes.items() if entries
    }
    mine = _callers(open_windows, lane)
    same = [other for other, (callers, _) in waiting.items() if mine and callers == mine and other[2] == lane[2]]
    lanes = frozenset({lane, *same}) if not lane[2] else frozenset({lane})
    people: dict[Series, int] = {lane[1]: 1}
    for other in lanes:
        people[other[1]] = people.get(other[1], 0) + waiting.get(other, (mine, 0))[1]
    minutes = {work: count * mean_min(state, work, declared_weight) for work, count in people.items()}
    total = sum(minutes.values())
    errors = (told * _error(state, work, declared_weight, variation) for work, told in minutes.items())
    return Together(
        lane=lane,
        lanes=lanes,
        works=frozenset(people),
        mean_min=total / sum(people.values()),
        uncertainty=hypot(*errors) / total if total > 0 else variation,
        waiting=waiting,
    )


def mean_min(state: HallState, work: Series, declared_weight: float) -> float:
    """Return the mean service time of a work in minutes: the hall's own figure, then what the day has taught."""
    declared, taught = state.known.means.get(work, 0.0), state.taught.get(work)
    if taught is None:
        return declared
    return (declared * declared_weight + taught.minutes) / (declared_weight + taught.services)


def _error(state: HallState, work: Series, declared_weight: float, variation: float) -> float:
    taught = state.taught.get(work)
    return variation / sqrt(declared_weight + (taught.services if taught else 0))


def _callers(open_windows: Sequence[Window], lane: Lane) -> frozenset[WindowId]:
    return frozenset(window.number for window in may_serve(open_windows, open_windows, lane))


def _does(window: Window, lane: Lane) -> bool:
    return lane[1] in window.series
