"""Waiting and service times of the open day, by item, by window and by hour: how many, the median, the 90th percentile.

A percentile is a time somebody really had: the least one that so great a share of people did not exceed (nearest rank).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from hall.calendar.working_days import local_datetime
from hall.queue.state import HallState

By = Literal["item", "window", "hour"]


@dataclass(frozen=True, slots=True)
class Times:
    """Figures over some people, in minutes."""

    count: int
    median_min: float
    p90_min: float


@dataclass(frozen=True, slots=True)
class TimesRow:
    """One line of the report; `service` is None while nobody of it has finished. The hour is that of the number."""

    by: By
    key: str
    waiting: Times
    service: Times | None


def times(minutes: Sequence[float]) -> Times | None:
    """Return the figures, None of nothing.

    >>> times([1, 2, 3, 4, 10])
    Times(count=5, median_min=3, p90_min=10)
    """
    if not minutes:
        return None
    ranked = sorted(minutes)
    return Times(len(ranked), _rank(ranked, 0.5), _rank(ranked, 0.9))


def report(state: HallState) -> tuple[TimesRow, ...]:
    """Return the open day's rows: items, then windows, then hours, each in order of its key."""
    waited: dict[tuple[By, str], list[float]] = defaultdict(list)
    served: dict[tuple[By, str], list[float]] = defaultdict(list)
    for service in state.services.values():
        ticket = state.tickets.get(service.ticket)
        if ticket is None or ticket.day != state.day:
            continue
        hour = f"{local_datetime(ticket.issued_at).hour:02d}"
        keys: tuple[tuple[By, str], ...] = (("item", ticket.item), ("window", service.window), ("hour", hour))
        for group in keys:
            waited[group].append(max(0.0, ticket.first_called_at - ticket.issued_at) / 60)
            if service.finished_at is not None:
                served[group].append((service.finished_at - service.started_at) / 60)
    order: tuple[By, ...] = ("item", "window", "hour")
    rows = []
    for found in sorted(waited, key=lambda one: (order.index(one[0]), one[1])):
        waiting = times(waited[found])
        if waiting is not None:
            rows.append(TimesRow(*found, waiting, times(served[found])))
    return tuple(rows)


def _rank(ranked: Sequence[float], share: float) -> float:
    return ranked[max(0, ceil(share * len(ranked)) - 1)]
