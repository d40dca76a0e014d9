"""What was known of a thing, when: states tile time without gap or overlap, and availability is read from the tiles.

A thing is a terminal or a device. Times are hall time in seconds. Silence is never health: what nobody heard of is
`unobserved`, and an observed state is claimed only up to the last moment it was heard.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from hall.health.states import DEGRADED_WEIGHT, State

Span = tuple[float, float]
"""Begin and end; the end does not belong to it."""


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """One state of one thing from `began` to `ended`. `code` says why, empty when all is well.

    `revision` 0 was noted at the time; what came to be known later is a new row of a higher one (`evidence`).
    """

    subject: str
    state: State
    code: str = ""
    began: float
    ended: float
    revision: int = 0


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The interval that is still open: since when, and up to when it is known to hold."""

    subject: str
    state: State
    code: str = ""
    since: float
    seen: float


def observed(standing: Standing, state: State, code: str, at: float) -> tuple[Standing, Interval | None]:
    """Return what stands after this was heard at `at`, and the interval that ended by it, if one did.

    A clock that was set back changes no past: `at` counts from the last moment that is known.
    """
    at = max(at, standing.seen)
    if (state, code) == (standing.state, standing.code):
        return msgspec.structs.replace(standing, seen=at), None
    return Standing(subject=standing.subject, state=state, code=code, since=at, seen=at), _ended(standing, at)


def lost(standing: Standing, at: float) -> tuple[Standing, Interval | None]:
    """Return what stands when nothing was heard any more: unobserved from the last word on, not from its absence on."""
    if standing.state is State.UNOBSERVED:
        return observed(standing, State.UNOBSERVED, standing.code, at)
    now = Standing(subject=standing.subject, state=State.UNOBSERVED, since=standing.seen, seen=max(at, standing.seen))
    return now, _ended(standing, standing.seen)


def standing_as_interval(standing: Standing) -> Interval:
    """Return the open interval as far as it is known."""
    return Interval(
        subject=standing.subject,
        state=standing.state,
        code=standing.code,
        began=standing.since,
        ended=standing.seen,
    )


def tile(intervals: Iterable[Interval], subject: str, span: Span, open_spans: Sequence[Span]) -> tuple[Interval, ...]:
    """Return tiles that cover `span` exactly: gaps are unobserved, time outside `open_spans` is off hours.

    Where two intervals claim the same time, the higher revision has it; of the same, the one that began earlier.
    """
    known = _without_gaps(_layered(intervals), subject, span)
    cut = (piece for one in known for piece in _by_hours(one, open_spans))
    return tuple(_joined(cut))


def totals(tiles: Iterable[Interval]) -> dict[State, float]:
    """Return seconds spent in each state; every state is named."""
    sums = dict.fromkeys(State, 0.0)
    for one in tiles:
        sums[one.state] += one.ended - one.began
    return sums


def availability(seconds: Mapping[State, float], degraded_weight: float = DEGRADED_WEIGHT) -> float | None:
    """Return (up + w·degraded) / (up + degraded + down), 0 to 1; None when nothing was observed.

    Unobserved time is in neither part; print it beside the figure.
    """
    up, degraded, down = seconds[State.UP], seconds[State.DEGRADED], seconds[State.DOWN]
    known = up + degraded + down
    return (up + degraded_weight * degraded) / known if known > 0 else None


def _ended(standing: Standing, at: float) -> Interval | None:
    """Return the interval that ends at `at`, None when it has no length."""
    if at <= standing.since:
        return None
    return Interval(subject=standing.subject, state=standing.state, code=standing.code, began=standing.since, ended=at)


def _layered(intervals: Iterable[Interval]) -> list[Interval]:
    """Return what counts, in order and without overlap: each layer shows where no higher revision lies on it."""
    layers: dict[int, list[Interval]] = defaultdict(list)
    for one in intervals:
        layers[one.revision].append(one)
    found: list[Interval] = []
    for revision in sorted(layers, reverse=True):
        layer = _without_overlap(sorted(layers[revision], key=lambda one: (one.began, one.ended)))
        found = sorted([*found, *_uncovered(layer, found)], key=lambda one: one.began)
    return found


def _without_overlap(layer: Iterable[Interval]) -> Iterator[Interval]:
    at = float("-inf")
    for one in layer:
        if one.ended > max(one.began, at):
            yield msgspec.structs.replace(one, began=max(one.began, at))
            at = one.ended


def _uncovered(lower: Iterable[Interval], upper: Sequence[Interval]) -> Iterator[Interval]:
    """Yield the parts of `lower` that lie beside `upper`; both are in order and without overlap."""
    first = 0
    for one in lower:
        at = one.began
        while first < len(upper) and upper[first].ended <= at:
            first += 1
        for above in itertools.islice(upper, first, None):
            if above.began >= one.ended:
                break
            if above.began > at:
                yield msgspec.structs.replace(one, began=at, ended=above.began)
            at = above.ended
        if at < one.ended:
            yield msgspec.structs.replace(one, began=at)


def _without_gaps(intervals: Iterable[Interval], subject: str, span: Span) -> Iterator[Interval]:
    at, end = span
    for one in intervals:
        began, ended = max(one.began, at), min(one.ended, end)
        if ended <= began:
            continue
        if began > at:
            yield Interval(subject=subject, state=State.UNOBSERVED, began=at, ended=began)
        yield msgspec.structs.replace(one, subject=subject, began=began, ended=ended)
        at = ended
    if at < end:
        yield Interval(subject=subject, state=State.UNOBSERVED, began=at, ended=end)


def _by_hours(one: Interval, open_spans: Sequence[Span]) -> Iterator[Interval]:
    """Cut an interval at opening and closing; what lies outside is off hours."""
    at = one.began
    for first, last in sorted(open_spans):
        began, ended = max(first, at), min(last, one.ended)
        if ended <= began:
            continue
        if began > at:
            yield Interval(subject=one.subject, state=State.OFF_HOURS, began=at, ended=began)
        yield msgspec.structs.replace(one, began=began, ended=ended)
        at = ended
    if at < one.ended:
        yield Interval(subject=one.subject, state=State.OFF_HOURS, began=at, ended=one.ended)


def _joined(pieces: Iterable[Interval]) -> Iterator[Interval]:
    """Neighbours that say the same become one."""
    held: Interval | None = None
    for one in pieces:
        if held is not None and (held.state, held.code) == (one.state, one.code):
            held = msgspec.structs.replace(held, ended=one.ended, revision=max(held.revision, one.revision))
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held
