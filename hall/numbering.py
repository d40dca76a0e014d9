"""Numbers and labels: what is printed and called. Leased numbers, day reserves and last-resort suffixes never meet."""

from collections.abc import Mapping

from hall.ids import Series, TerminalId, TicketLabel
from hall.wire import Reserve

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
