"""Days and hours of a hall, from the calendar in its pack. Local time is UTC+8; no clock is read here."""

from datetime import UTC, date, datetime, time, timedelta, timezone

from hall.errors import HallError, Reason
from hall.ids import BusinessDay
from hall.pack.hall_pack import HallPack
from hall.pack.tables import Calendar, DayEdit, Hours

LOCAL = timezone(timedelta(hours=8))
MAX_SEARCH_DAYS = 400
"""Longer than any run of rest days: a pack without hours is refused, not searched for ever."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SATURDAY = 5


def local_datetime(at: float) -> datetime:
    """Return hall time (seconds since the epoch) as local date and time."""
    return datetime.fromtimestamp(at, tz=UTC).astimezone(LOCAL)


def business_day(at: float) -> BusinessDay:
    """Return the token that a day at this time would have, `YYYY-MM-DD`."""
    return BusinessDay(local_datetime(at).date().isoformat())


def parse_day(day: BusinessDay) -> date:
    """Return the date of a token, or raise `HallError(MALFORMED)`."""
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise HallError(Reason.MALFORMED, "business day", "a day is written YYYY-MM-DD") from error


def knows_year(pack: HallPack, year: int) -> bool:
    """Tell whether the pack holds the official calendar of that year; days of other years are provisional."""
    return any(row.year == year for row in pack.calendar.years)


def is_open_day(pack: HallPack, day: date) -> bool:
    """Tell whether the hall opens. Without a calendar for the year only the weekday counts (provisional)."""
    return hours_of(pack, day) is not None


def next_open_days(pack: HallPack, day: BusinessDay, count: int) -> tuple[BusinessDay, ...]:
    """Return the next open days after `day`: the tokens that are issued ahead."""
    found: list[BusinessDay] = []
    current = parse_day(day)
    for _ in range(MAX_SEARCH_DAYS):
        if len(found) == count:
            break
        current += timedelta(days=1)
        if is_open_day(pack, current):
            found.append(BusinessDay(current.isoformat()))
    return tuple(found)


def taking_tickets(pack: HallPack, now: float) -> bool:
    """Tell whether numbers are issued now: an open day, inside opening hours, before the last ticket."""
    local = local_datetime(now)
    hours = hours_of(pack, local.date())
    if hours is None or local.time() >= time.fromisoformat(hours.last_ticket):
        return False
    return any(time.fromisoformat(first) <= local.time() < time.fromisoformat(end) for first, end in hours.open)


def open_spans(pack: HallPack, first: float, last: float) -> tuple[tuple[float, float], ...]:
    """Return the opening spans of the days touched by `first` to `last`, in order and uncut, in hall time."""
    day, final = local_datetime(first).date(), local_datetime(last).date()
    spans: list[tuple[float, float]] = []
    while day <= final:
        hours = hours_of(pack, day)
        for opens, closes in hours.open if hours else ():
            times = (datetime.combine(day, time.fromisoformat(told), tzinfo=LOCAL) for told in (opens, closes))
            begin, end = (moment.timestamp() for moment in times)
            spans.append((begin, end))
        day += timedelta(days=1)
    return tuple(spans)


def start_of_day(at: float) -> float:
    """Return the local midnight before `at`, in hall time."""
    return datetime.combine(local_datetime(at).date(), time.min, tzinfo=LOCAL).timestamp()


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Tell whether the day counts for time limits: the official kind of the day, then the hall's own edits.

    Without the calendar of its year only the weekday counts; `due_dates` says so wherever that matters.
    """
    return _kind(calendar, day) is not None


def hours_of(pack: HallPack, day: date) -> Hours | None:
    """Return the opening hours and the cut-off of that day, None when the hall stays shut."""
    edit = _edit(pack.calendar, day)
    if edit is not None and edit.kind == "closed":
        return None
    if edit is not None and edit.kind == "hours":
        return Hours(days=(), open=edit.open, last_ticket=edit.last_ticket)
    kind = _kind(pack.calendar, day)
    return next((hours for hours in pack.hours if kind in hours.days), None)


def _kind(calendar: Calendar, day: date) -> str | None:
    """Return the weekday, `make_up` for a working weekend day, None for a day of rest."""
    edit, text, weekday = _edit(calendar, day), day.isoformat(), WEEKDAYS[day.weekday()]
    weekend = day.weekday() >= SATURDAY
    if edit is not None and edit.kind in ("rest", "work"):
        return None if edit.kind == "rest" else "make_up" if weekend else weekday
    for year in calendar.years:
        if text in year.rest_days:
            return None
        if text in year.make_up_days:
            return "make_up"
    return None if weekend else weekday


def _edit(calendar: Calendar, day: date) -> DayEdit | None:
    text = day.isoformat()
    return next((edit for edit in calendar.edits if edit.day == text), None)


CALLS_A_DAY = 10_000
"""Room for one day's calls, recalls included."""


def first_call_seq(day: BusinessDay) -> int:
    """Return what the day's call numbers start after: they grow from day to day without anybody remembering them.

    A display remembers the last call it spoke, so a number must never come back, even after the ledger was rebuilt.
    A token that is no date gives 0.
    """
    try:
        return date.fromisoformat(day).toordinal() * CALLS_A_DAY
    except ValueError:
        return 0
