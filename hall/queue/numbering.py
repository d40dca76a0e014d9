"""Numbers and labels: what is printed and called. Leased numbers, day reserves and last-resort suffixes never meet."""

from collections.abc import Mapping
from dataclasses import dataclass

from hall.ids import Series, TerminalId, TicketLabel
from hall.wire.pack_shown import Reserve

LABEL_DIGITS = 3


def label(series: Series, number: int, suffix: str = "") -> TicketLabel:
    """Return `A012`, `A705`, or with a suffix `A12-K3` (not padded, so that it cannot be taken for another)."""
    if suffix:
        return TicketLabel(f"{series}{number}-{suffix}")
    return TicketLabel(f"{series}{number:0{LABEL_DIGITS}d}")


def next_offline(
    used: Mapping[Series, int], reserve: Reserve | None, series: Series, terminal: TerminalId
) -> tuple[int, str]:
    """Return (number, suffix) for a cut-off terminal.

    `used[series]` counts the numbers this terminal has already issued offline today in that series.
    First its reserve from the first number on; when that is used up, 1, 2, 3 … with the terminal as suffix.
    """
    count = used.get(series, 0)
    size = reserve.last - reserve.first + 1 if reserve else 0
    if reserve and count < size:
        return reserve.first + count, ""
    return count - size + 1, str(terminal)


def next_leased(taken: set[int], last_given: int, leased: tuple[int, int]) -> int | None:
    """Return the lowest free number above the last one given, None when the range is exhausted."""
    first, last = leased
    number = max(first, last_given + 1)
    while number in taken:
        number += 1
    return number if number <= last else None


@dataclass(frozen=True, slots=True)
class RangeFilling:
    """A series whose numbers run out: `given` of `size` leased numbers are out, so that the lead can act in time."""

    series: Series
    given: int
    size: int


def filling(given: Mapping[Series, int], leased: tuple[int, int], alarm_share: float) -> tuple[RangeFilling, ...]:
    """Return the series with so large a share of their leased range given out, fullest first.

    `given[series]` counts the highest number given, because numbers are never given twice or out of order.

    >>> filling({Series("A"): 490, Series("B"): 400}, (1, 700), 0.7)
    (RangeFilling(series='A', given=490, size=700),)
    """
    first, last = leased
    size = last - first + 1
    found = [
        RangeFilling(series, number - first + 1, size)
        for series, number in given.items()
        if number - first + 1 >= alarm_share * size
    ]
    return tuple(sorted(found, key=lambda row: (-row.given, row.series)))
