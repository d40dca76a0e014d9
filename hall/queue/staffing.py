"""When the windows are not enough: the alarm with its remedy, and the move that would help now. Never a reshuffle.

The last ordinary person of a queue has waited w minutes; the people before them bring W window-minutes of work. With c
windows at work on this queue they are called after W / c more minutes. If w + W / c passes the hall's cap, more windows
are needed: the fewest k with w + W / (c + k) <= cap; the latest time to open them follows from the same sum.
"""

from dataclasses import dataclass
from math import ceil

from hall.calendar.working_days import local_datetime
from hall.ids import Series, WindowId
from hall.pack.tables import Window
from hall.queue import estimates
from hall.queue.state import HallState

ROUND_S = 300
"""Times are told to the earlier five minutes: people cannot act on 10:43:17."""


@dataclass(frozen=True, slots=True)
class StaffingAlarm:
    """An ordinary wait that will pass the cap, and what would keep it: `open_more` windows, by `open_by` (hall time).

    `enough` is False when even all closed windows of this work would not keep the cap; then all of them are asked for.
    """

    series: Series
    waiting: int
    expected_wait_min: int
    cap_min: int
    open_more: int
    open_by: float
    candidates: tuple[WindowId, ...]
    enough: bool
    zh: str
    en: str


def remedy(
    *, work_min: float, waited_min: float, windows: float, cap_min: float, most: int
) -> tuple[int, float] | None:
    """Return (windows to open, minutes from now until they must be open), or None when the cap holds as it is.

    `work_min`: window-minutes before the last person; `waited_min`: they have waited that long; `windows` may be a
    share. More than `most` cannot be opened: then (most, 0).

    >>> remedy(work_min=300, waited_min=10, windows=4, cap_min=60, most=5)
    (2, 0.0)
    """
    left = cap_min - waited_min
    if windows > 0 and work_min / windows <= left:
        return None
    if left <= 0:
        return most, 0.0
    more = min(most, max(1, ceil(work_min / left - windows - 1e-9)))
    if more <= 0:
        return 0, 0.0
    return more, max(0.0, ((windows + more) * left - work_min) / more)


def alarms(state: HallState, now: float) -> tuple[StaffingAlarm, ...]:
    """Return the queues whose last ordinary person will wait longer than the cap, worst first."""
    found = [
        alarm for row in state.pack.series if not row.priority and (alarm := _alarm(state, row.code, now)) is not None
    ]
    return tuple(sorted(found, key=lambda alarm: -alarm.expected_wait_min))


def _alarm(state: HallState, work: Series, now: float) -> StaffingAlarm | None:
    ordinary = [entry for lane, entries in state.lanes.items() if lane[1] == work and not lane[2] for entry in entries]
    if not ordinary:
        return None
    waiting = len(ordinary) + sum(len(e) for lane, e in state.lanes.items() if lane[1] == work and lane[2])
    last_since = max(ordinary)[0]
    load, cap = (waiting - 1) * estimates.mean_min(state, work), state.pack.limits.regular_cap_min
    at_work = [window for window in state.open_windows() if work in window.series]
    windows = sum(_share(state, window, work) for window in at_work)
    closed = _closed(state, work)
    waited = max(0.0, now - last_since) / 60
    told = remedy(work_min=load, waited_min=waited, windows=windows, cap_min=cap, most=len(closed))
    if told is None:
        return None
    more, within_min = told
    enough = more > 0 and waited + load / (windows + more) <= cap + 1e-6
    open_by = (now + within_min * 60) // ROUND_S * ROUND_S if within_min > 0 else now
    expected = round(waited + load / windows) if windows else round(waited + load)
    zh, en = _words(work, expected, more, max(now, open_by), closed, enough=enough)
    return StaffingAlarm(
        work, waiting, expected, round(cap), more, max(now, open_by), closed[: max(more, 0)], enough, zh, en
    )


def _share(state: HallState, window: Window, work: Series) -> float:
    """Return which part of a window's time this work may expect, by the people waiting for it."""
    every = sum(len(entries) for lane, entries in state.lanes.items() if lane[1] in window.series)
    own = sum(len(entries) for lane, entries in state.lanes.items() if lane[1] == work)
    return own / every if every else 1.0


def _closed(state: HallState, work: Series) -> tuple[WindowId, ...]:
    """Closed windows that serve this work, those that serve least beside it first."""
    rows = [row for row in state.pack.windows if work in row.series and state.windows[row.number].staff is None]
    return tuple(row.number for row in sorted(rows, key=lambda row: len(row.series)))


def _words(
    work: Series, expected: int, more: int, open_by: float, closed: tuple[WindowId, ...], *, enough: bool
) -> tuple[str, str]:
    at = local_datetime(open_by).strftime("%H:%M")
    if more == 0:
        return (
            f"{work}队列预计最长等候{expected}分钟,相关窗口已全部开放,请引导群众选择自助办理或预约改日。",
            f"Queue {work} will wait up to {expected} min, all its windows open: offer self-service or another day.",
        )
    names, plural = "、".join(closed[:more]), "s" if more > 1 else ""
    rest_zh = "" if enough else ";仍将超过上限,请同时引导分流"
    rest_en = "" if enough else "; the cap is passed even so, so offer other ways too"
    return (
        f"{work}队列预计最长等候{expected}分钟,请在{at}前增开{more}个窗口(如{names}号){rest_zh}。",
        f"Queue {work} will wait up to {expected} min: open {more} window{plural} by {at}{rest_en}.",
    )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One move that would help now: this idle window for that queue."""

    series: Series
    window: WindowId
    waiting: int
    longest_wait_min: int
    zh: str
    en: str


def suggest(state: HallState, now: float) -> Suggestion | None:
    """Return the one best move when a queue waits too long while a window that could serve it is idle (QUE-12).

    Idle is a window that is open with nothing in hand; or one that is closed, when none of the open ones is idle.
    """
    threshold_s = state.pack.limits.waiting_notice_min * 60
    longest: dict[Series, float] = {}
    waiting: dict[Series, int] = {}
    for lane, entries in state.lanes.items():
        longest[lane[1]] = max(longest.get(lane[1], 0.0), now - entries[0][0])
        waiting[lane[1]] = waiting.get(lane[1], 0) + len(entries)
    for work in sorted(longest, key=lambda series: -longest[series]):
        if longest[work] < threshold_s:
            return None
        window = _idle(state, work)
        if window is not None:
            return _suggestion(state, work, window, waiting[work], int(longest[work] // 60))
    return None


def _idle(state: HallState, work: Series) -> WindowId | None:
    idle = [row.number for row in state.open_windows() if work in row.series and not state.windows[row.number].ticket]
    closed = _closed(state, work)
    return idle[0] if idle else closed[0] if closed else None


def _suggestion(state: HallState, work: Series, window: WindowId, waiting: int, minutes: int) -> Suggestion:
    is_open = state.windows[window].staff is not None
    zh = f"{work}队列有{waiting}人等候,最久{minutes}分钟;{window}号窗口可办此项,"
    en = f"{waiting} people wait in queue {work}, the longest {minutes} min; window {window} serves it and "
    zh += "现在空闲,请协助分流。" if is_open else "现在未开放,请考虑开放。"
    en += "is idle: send them there." if is_open else "is closed: consider opening it."
    return Suggestion(work, window, waiting, minutes, zh, en)
