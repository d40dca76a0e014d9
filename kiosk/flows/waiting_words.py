"""A told wait in words a person can use: exact while it is short, round when it is long, never with false precision."""

from math import ceil, floor

from hall.events import Quote
from hall.queue.quote_errors import told_min
from kiosk.flows.statement_sheets import Say

EXACT_TO_MIN = 20
"""Up to here every minute counts; above it, fives."""
MINUTES_TO = 90
"""Longer waits are told in hours and halves."""
FIVE, HALF_HOUR, HOUR = 5, 30, 60
WIDE_MIN = 60
"""A range wider than this, whose end is more than twice its beginning, helps nobody: its middle is told instead."""
HALF_A_DAY_MIN = 240
"""Beyond, only "or more" is told: nobody sits that long without asking."""


def wait_text(say: Say, quote: Quote) -> str:
    """Return the range in words, without 约.

    0–2 → 0–2 分钟; 12–19 → 12–19 分钟; 22–51 → 20–55 分钟; 65–115 → 1–2 小时; 20–190 → 2 小时,可早可晚;
    300–420 → 5 小时以上.
    """
    low, high = max(0, quote.low_min), quote.high_min
    if low >= HALF_A_DAY_MIN:
        return say("wait.more", hours=_hours(floor(low / HALF_HOUR)))
    if low >= high:
        return duration_text(say, high)
    if high - low > WIDE_MIN and high > 2 * low:
        return say("wait.wide", wait=duration_text(say, told_min(quote)))
    if high <= EXACT_TO_MIN:
        return say("wait.range", low=low, high=high)
    if high <= MINUTES_TO:
        return say("wait.range", low=floor(low / FIVE) * FIVE, high=ceil(high / FIVE) * FIVE)
    return say("wait.hours_range", low=_hours(floor(low / HALF_HOUR)), high=_hours(ceil(high / HALF_HOUR)))


def duration_text(say: Say, minutes: float) -> str:
    """Return one length of time in words, rather more than less: 17 → 17 分钟, 41 → 45 分钟, 105 → 2 小时."""
    if minutes <= EXACT_TO_MIN:
        return say("wait.minutes", minutes=ceil(minutes))
    if minutes <= MINUTES_TO - HALF_HOUR:
        return say("wait.minutes", minutes=ceil(minutes / FIVE) * FIVE)
    halves = ceil(minutes / HALF_HOUR)
    return say("wait.hour" if halves * HALF_HOUR == HOUR else "wait.hours", hours=_hours(halves))


def _hours(halves: int) -> str:
    return f"{halves * HALF_HOUR / HOUR:g}"
