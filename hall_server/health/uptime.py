"""Uptime of every terminal and device over the open hours of a stretch of time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hall.health.intervals import Interval, Span, Standing, availability, standing_as_interval, tile, totals
from hall.health.states import State


@dataclass(frozen=True, slots=True)
class Uptime:
    """`share` is 0 to 1, None when nothing was observed; `seconds` of each state; the tiles that prove it."""

    share: float | None
    seconds: Mapping[State, float]
    tiles: tuple[Interval, ...]


def uptimes(
    closed: Iterable[Interval], standings: Iterable[Standing], span: Span, open_spans: Sequence[Span]
) -> dict[str, Uptime]:
    """Return the uptime of each thing that stands now over `span`, counted in `open_spans` only."""
    known: dict[str, list[Interval]] = defaultdict(list)
    for one in closed:
        known[one.subject].append(one)
    told: dict[str, Uptime] = {}
    for standing in standings:
        tiles = tile([*known[standing.subject], standing_as_interval(standing)], standing.subject, span, open_spans)
        seconds = totals(tiles)
        told[standing.subject] = Uptime(availability(seconds), seconds, tiles)
    return told
