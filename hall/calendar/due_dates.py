"""Until which day: working days from receipt, and the gap told in time where the official calendar is not there yet.

Counting (decisions D-03 to D-05): the day of receipt is day 0, day 1 is the next working day, and a limit ends at
closing time of its last day. What arrives on a day of rest counts from the same day 1.
"""

from datetime import date, datetime, time, timedelta

import msgspec

from hall.calendar.working_days import LOCAL, MAX_SEARCH_DAYS, hours_of, is_working_day
from hall.errors import HallError, Reason
from hall.pack.hall_pack import HallPack
from hall.pack.tables import Calendar

OCTOBER = 10
"""The State Council's notice for the next year comes out in November; from 1 October somebody must look for it."""
MAX_LIMIT_DAYS = 200
"""Longer than any limit of an item; a larger one is a slip of the finger."""
NO_CALENDAR = "日历未维护"
SPAN_DAYS = 2 * MAX_SEARCH_DAYS


class Known(msgspec.Struct, frozen=True):
    """Every day up to `day` stands in an official calendar."""

    day: date


class Provisional(msgspec.Struct, frozen=True, kw_only=True):
    """`day` counts weekdays where the calendar of a year is missing; it may move once that calendar is imported."""

    day: date
    gap: int
    """First year without an official calendar."""
    reason: str
    """What a page shows beside the day, in Chinese."""


Due = Known | Provisional


def due(calendar: Calendar, received: date, days: int) -> Due:
    """Return the last day of a limit of `days` working days that starts with the receipt of something.

    Raises `HallError(MALFORMED)` for a limit outside 0 to `MAX_LIMIT_DAYS`. Without a calendar the day is provisional.
    """
    if not 0 <= days <= MAX_LIMIT_DAYS:
        raise HallError(Reason.MALFORMED, "limit", f"{days} working days; allowed are 0 to {MAX_LIMIT_DAYS}")
    day, left = received, days
    for _ in range(SPAN_DAYS):
        if left == 0:
            return _told(calendar, received, day)
        day += timedelta(days=1)
        left -= is_working_day(calendar, day)
    raise HallError(Reason.MALFORMED, "calendar", f"fewer than {days} working days follow {received}")


def _told(calendar: Calendar, received: date, day: date) -> Due:
    known = {year.year for year in calendar.years}
    # The day of receipt itself is never counted, so its own year need not be known when day 1 is in the next.
    first = received + timedelta(days=1) if day > received else day
    gap = next((year for year in range(first.year, day.year + 1) if year not in known), None)
    if gap is None:
        return Known(day)
    return Provisional(day=day, gap=gap, reason=f"{NO_CALENDAR}: 缺少{gap}年官方放假安排,日期为暂定")


def ends_at(pack: HallPack, limit: Due) -> datetime:
    """Return the moment a limit ends, local time: closing time of its last day, midnight when the hall is shut."""
    hours = hours_of(pack, limit.day)
    if hours is None:
        return datetime.combine(limit.day + timedelta(days=1), time.min, tzinfo=LOCAL)
    return datetime.combine(limit.day, time.fromisoformat(hours.open[-1][1]), tzinfo=LOCAL)


def gaps(calendar: Calendar, today: date) -> tuple[int, ...]:
    """Return the years whose calendar somebody must import now: this year's, and from 1 October the next one's."""
    wanted = (today.year, today.year + 1) if today.month >= OCTOBER else (today.year,)
    known = {year.year for year in calendar.years}
    return tuple(year for year in wanted if year not in known)


def last_safe_day(calendar: Calendar, today: date, days: int) -> date | None:
    """Return the last day of receipt, from `today` on, whose limit of `days` is still known; None when today's is not.

    None also when nothing within a year from today is provisional: then there is nothing to tell.
    """
    last = None
    for ahead in range(MAX_SEARCH_DAYS):
        day = today + timedelta(days=ahead)
        if isinstance(due(calendar, day, days), Provisional):
            return last
        last = day
    return None


def overdue(pack: HallPack, limit: Due, now: datetime) -> bool:
    """Tell whether a limit has passed. A provisional day is not held against anybody: its gap is reported instead."""
    return isinstance(limit, Known) and now >= ends_at(pack, limit)
