"""「总览」: the big numbers of the hall now."""

import statistics
from collections.abc import Sequence

import msgspec

from hall.ids import WindowId
from hall.queue.state import HallState

CALLS_SHOWN = 6
TURNS_TOLD = 1000
"""Durations handed out: those of the last turns."""


class WindowNowShown(msgspec.Struct, frozen=True, kw_only=True):
    """A window at which somebody works now."""

    window: str
    title: str
    staff: str
    label: str | None
    state: str
    """free, called, serving or closed."""
    item: str = ""
    """What the number in hand is for."""


class CallNowShown(msgspec.Struct, frozen=True, kw_only=True):
    """One of the last calls."""

    label: str
    window: str
    priority: bool
    recalled: bool
    at: float


class RatingsShown(msgspec.Struct, frozen=True, kw_only=True):
    """Today's ratings: how many services were asked about, answered, and how many said 满意 or better."""

    asked: int
    answered: int
    satisfied: int


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds of the writer's last turns that changed something; None before the first."""

    turns: int
    p50: float | None
    max: float | None
    last: tuple[float, ...]


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The hall now."""

    at: float
    day: str
    hall: str
    taking_tickets: bool
    issued: int
    waiting: int
    priority_waiting: int
    done: int
    missed: int
    longest_wait_min: float
    mean_wait_min: float | None
    windows: tuple[WindowNowShown, ...]
    calls: tuple[CallNowShown, ...]
    """The last calls, newest first."""
    ratings: RatingsShown
    help_open: int
    health: dict[str, int]
    """Terminals and devices by state."""
    alerts: int
    broker: bool
    ledger_entries: int
    chain_head: str
    quarantined: int
    """Entries nobody has seen to."""
    commits: int
    decide_and_commit_ms: Timing


SATISFIED = 4
"""满意 or better of the five official grades."""


def windows_now(state: HallState) -> tuple[WindowNowShown, ...]:
    """Return the windows at which somebody works, in the pack's order."""
    return tuple(window_now(state, number) for number, now in state.windows.items() if now.staff is not None)


def window_now(state: HallState, number: WindowId) -> WindowNowShown:
    """Return one window, closed ones too."""
    now = state.windows[number]
    ticket = state.tickets.get(now.ticket) if now.ticket else None
    member = state.known.staff.get(now.staff) if now.staff else None
    item = state.known.items.get(ticket.item) if ticket else None
    doing = "free" if ticket is None else "serving" if now.service else "called"
    return WindowNowShown(
        window=number,
        title=state.known.windows[number].title,
        staff=member.name if member else now.staff or "",
        label=ticket.label if ticket else None,
        state=doing if now.staff else "closed",
        item=item.title if item else "",
    )


def calls_now(state: HallState) -> tuple[CallNowShown, ...]:
    """Return the last calls, newest first."""
    return tuple(
        CallNowShown(label=one.label, window=one.window, priority=one.priority, recalled=one.recalled, at=one.at)
        for one in reversed(state.calls[-CALLS_SHOWN:])
    )


def ratings_now(state: HallState) -> RatingsShown:
    """Return today's ratings; a declined one counts as asked, not as answered."""
    finished = [one for one in state.services.values() if one.finished_at is not None]
    grades = [one.grade for one in finished if one.rated and one.grade is not None]
    satisfied = sum(1 for grade in grades if grade >= SATISFIED)
    return RatingsShown(asked=len(finished), answered=len(grades), satisfied=satisfied)


def timing(turn_ms: Sequence[float]) -> Timing:
    """Return the spread of the writer's last turns."""
    last = tuple(round(one, 2) for one in turn_ms[-TURNS_TOLD:])
    return Timing(
        turns=len(last),
        p50=round(statistics.median(last), 2) if last else None,
        max=max(last) if last else None,
        last=last,
    )
