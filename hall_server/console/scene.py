"""「现场」: what the lead should act on now, the most pressing first; who is set aside; who works where on what."""

import msgspec

from hall.day import board, sweeping
from hall.day.pressing import pressing
from hall.queue.state import HallState
from hall.wire.shown import AsideShown, StaffingShown
from hall_server.console.overview import WindowNowShown, window_now

MAX_LABELS = 200
"""More than ever hold a number at closing."""


class ToServe(msgspec.Struct, frozen=True, kw_only=True):
    """A number whose holder is still to be served."""

    label: str
    priority: bool
    state: str
    window: str | None


class QueueNow(msgspec.Struct, frozen=True, kw_only=True):
    """Waiting people of one kind of work; `open_windows` serve it now, of `windows` that could."""

    work: str
    title: str
    waiting: int
    longest_wait_min: int
    open_windows: int
    windows: int


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """The hall now, for its lead."""

    at: float
    day: str
    pressing: tuple[StaffingShown, ...]
    to_serve: tuple[ToServe, ...]
    """From the cut-off on, who holds a number, by place; empty before."""
    queues: tuple[QueueNow, ...]
    windows: tuple[WindowNowShown, ...]
    """All of them, closed ones too."""
    aside: tuple[AsideShown, ...]


def scene(state: HallState, now: float) -> Scene:
    """Return the scene. Empty lists where nothing is to be done."""
    return Scene(
        at=now,
        day=state.day or "",
        pressing=pressing(state, now),
        to_serve=_to_serve(state, now),
        queues=_queues(state, now),
        windows=tuple(window_now(state, number) for number in state.windows),
        aside=board.aside(state, now) if state.day is not None else (),
    )


def _to_serve(state: HallState, now: float) -> tuple[ToServe, ...]:
    stops = sweeping.closing(state, now)
    if stops is None or now < stops.last_ticket_at:
        return ()
    return tuple(
        ToServe(label=one.label, priority=one.priority, state=one.state.value, window=one.window)
        for one in sweeping.still_to_serve(state)[:MAX_LABELS]
    )


def _queues(state: HallState, now: float) -> tuple[QueueNow, ...]:
    working = [set(window.series) for window in state.open_windows()]
    shown = []
    for row in state.pack.series:
        since = [entry[0] for lane, entries in state.lanes.items() if lane[1] == row.code for entry in entries]
        if not since:
            continue
        shown.append(
            QueueNow(
                work=row.code,
                title=row.title,
                waiting=len(since),
                longest_wait_min=int(max(0.0, now - min(since)) // 60),
                open_windows=sum(row.code in served for served in working),
                windows=sum(row.code in window.series for window in state.pack.windows),
            )
        )
    return tuple(sorted(shown, key=lambda one: -one.longest_wait_min))
