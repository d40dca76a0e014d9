"""Planned window-minutes: which windows will serve a queue, and when, as far as a hall can know it now.

A window that is signed in serves on until its next planned break; one that is away in its planned break comes back at
its end; between the opening spans of the day everybody rests, and after the last one whoever holds a number is served.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from hall.calendar.working_days import open_spans, start_of_day
from hall.pack.tables import Window
from hall.queue.state import HallState
from hall.queue.tickets import WindowNow

RETURNING_JOBS = 0.8
"""A window that comes back calls at once: so many jobs more than a steady one (renewal with variation 0.8)."""
NEVER_S = 1e9
"""Longer than anybody waits: no window is planned to come back."""

Spans = tuple[tuple[float, float], ...]
"""From and until, in seconds from now."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """Windows at work from now on: steps of (from, windows, jobs called at once), in seconds from now."""

    steps: tuple[tuple[float, float, float], ...]

    def until_s(self, jobs: float, mean_s: float) -> float:
        """Return in how many seconds so many jobs of this mean length will have been called."""
        left, last = jobs * mean_s, len(self.steps) - 1
        for index, (at, windows, jump) in enumerate(self.steps):
            left -= jump * mean_s
            if left <= 0:
                return at
            end = self.steps[index + 1][0] if index < last else NEVER_S
            if left <= windows * (end - at):
                return at + left / windows
            left -= windows * (end - at)
        return NEVER_S

    def resting_s(self, until: float) -> float:
        """Return for how many of the seconds from now to `until` no window is planned to work."""
        ends = [*(at for at, _, _ in self.steps[1:]), NEVER_S]
        rests = ((at, end) for (at, windows, _), end in zip(self.steps, ends, strict=True) if windows <= 0)
        return sum(max(0.0, min(end, until) - at) for at, end in rests if at < until)


class Today:
    """The planned rests of one hall as seen at one moment of its day."""

    def __init__(self, state: HallState, now: float) -> None:
        self._state = state
        self._now = now
        midnight, spans = start_of_day(now), open_spans(state.pack, now, now)
        self._passed_s = now - midnight
        ends = [midnight, *(end for _, end in spans)]
        self._hall = [(end - now, first - now) for end, (first, _) in zip(ends, spans, strict=False) if first > now]
        """Before the hall opens, and between its opening spans."""
        self._planned: dict[tuple[tuple[str, str], ...], Spans] = {}

    def rests(self, window: Window) -> Spans:
        """Return when a window is planned to be closed; a rest that it works through is none."""
        planned = self._planned.get(window.breaks)
        if planned is None:
            planned = self._planned[window.breaks] = _joined([*self._hall, *self._breaks(window)])
        if planned and planned[0][0] <= 0 and self._works_through(window, self._now + planned[0][0]):
            return planned[1:]
        return planned

    def away(self, window: Window) -> bool:
        """Tell whether the window is closed now by plan, so that it is expected back."""
        planned = self.rests(window)
        return bool(planned) and planned[0][0] <= 0

    def capacity(self, shares: Iterable[tuple[Window, float]]) -> Capacity:
        """Return the windows' planned work on a queue; each window gives it a share of its time, 0 to 1."""
        changes: dict[float, list[float]] = {0.0: [0.0, 0.0]}
        for window, share in shares:
            closed = self.rests(window)
            if not closed or closed[0][0] > 0:
                changes[0.0][0] += share
            for first, end in closed:
                if first > 0:
                    changes.setdefault(first, [0.0, 0.0])[0] -= share
                back = changes.setdefault(end, [0.0, 0.0])
                back[0] += share
                back[1] += share * RETURNING_JOBS
        steps, windows = [], 0.0
        for at in sorted(changes):
            windows += changes[at][0]
            steps.append((at, max(0.0, windows), changes[at][1]))
        return Capacity(tuple(steps))

    def _breaks(self, window: Window) -> list[tuple[float, float]]:
        return [(_seconds(first) - self._passed_s, _seconds(end) - self._passed_s) for first, end in window.breaks]

    def _works_through(self, window: Window, since: float) -> bool:
        at: WindowNow | None = self._state.windows.get(window.number)
        ticket = self._state.tickets.get(at.ticket) if at and at.ticket else None
        return ticket is not None and ticket.called_at >= since


def _joined(rests: list[tuple[float, float]]) -> Spans:
    """Return rests that are not over yet, in order, those that touch as one."""
    found: list[tuple[float, float]] = []
    for first, end in sorted(rests):
        if end <= 0 or end <= first:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((first, end))
    return tuple(found)


@lru_cache(maxsize=256)
def _seconds(text: str) -> float:
    """Seconds after midnight of `HH:MM`."""
    hours, minutes = text.split(":")[:2]
    return int(hours) * 3600.0 + int(minutes) * 60.0
