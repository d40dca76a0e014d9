"""What must hold of a pack's days and hours: dates that exist, spans in order, a document for each year."""

from collections.abc import Iterable
from datetime import date, time

from hall.errors import HallError, Reason
from hall.pack.tables import Calendar, CalendarYear, DayEdit

SATURDAY = 5


def refuse(where: str, sentence: str) -> HallError:
    """Return the refusal of a pack: `where` is `file:key`, the sentence names what is allowed."""
    return HallError(Reason.MALFORMED, where, sentence)


def known(where: str, name: str, allowed: Iterable[str]) -> None:
    """Refuse a reference to what does not exist, naming what does."""
    allowed = tuple(allowed)
    if name not in allowed:
        raise refuse(where, f"{name!r} is not known; allowed are {', '.join(allowed) or 'none'}")


def check_calendar(calendar: Calendar) -> None:
    """Refuse days that do not exist, contradict each other or name no document."""
    if not calendar.notice:
        raise refuse("calendar.toml:notice", "must name the official document")
    for year in calendar.years:
        if len(calendar.years) > 1 and not year.notice:
            raise refuse(f"calendar.toml:{year.year}.notice", "each of several years names its own official notice")
        _check_year(year)
    days = [edit.day for edit in calendar.edits]
    for edit in calendar.edits:
        if days.count(edit.day) > 1:
            raise refuse(f"calendar.toml:edits.{edit.day}", "stands there twice; a day has one edit")
        _check_edit(edit)


def check_spans(where: str, spans: tuple[tuple[str, str], ...], last_ticket: str) -> None:
    """Refuse opening spans that overlap or end before they begin, and a last ticket after closing time."""
    last = -1
    for first, end in spans:
        begin = minutes(f"{where}.open", first)
        if begin <= last or minutes(f"{where}.open", end) <= begin:
            raise refuse(f"{where}.open", "spans must follow each other and end after they begin")
        last = minutes(f"{where}.open", end)
    if not 0 <= minutes(f"{where}.last_ticket", last_ticket) <= last:
        raise refuse(f"{where}.last_ticket", "must not be after the last closing time")


def check_day(where: str, text: str) -> None:
    """Refuse what is not a day that exists, `YYYY-MM-DD`."""
    if _date(text) is None:
        raise refuse(where, f"{text!r} is not a day YYYY-MM-DD")


def _check_year(year: CalendarYear) -> None:
    where = f"calendar.toml:{year.year}"
    for day in (*year.rest_days, *year.make_up_days):
        told = _date(day)
        if told is None or told.year != year.year:
            raise refuse(where, f"{day!r} is not a day YYYY-MM-DD of that year")
        if day in year.make_up_days and day in year.rest_days:
            raise refuse(f"{where}.make_up_days", f"{day} is both a day of rest and a working day")
        if day in year.make_up_days and told.weekday() < SATURDAY:
            raise refuse(f"{where}.make_up_days", f"{day} is no weekend day; only weekends are made up")


def _check_edit(edit: DayEdit) -> None:
    where = f"calendar.toml:edits.{edit.day}"
    if _date(edit.day) is None:
        raise refuse(where, "is not a day YYYY-MM-DD")
    if not edit.reason:
        raise refuse(f"{where}.reason", "an edit of a day needs its reason")
    if edit.kind == "hours":
        if not edit.open:
            raise refuse(f"{where}.open", "own hours need `open` and `last_ticket`")
        check_spans(where, edit.open, edit.last_ticket)
    elif edit.open or edit.last_ticket:
        raise refuse(where, "only hours edits carry `open` and `last_ticket`")


def minutes(where: str, text: str) -> int:
    """Return the minutes after midnight of `HH:MM`, or refuse what is no time."""
    try:
        at = time.fromisoformat(text)
    except ValueError as error:
        raise refuse(where, f"{text!r} is not a time HH:MM") from error
    return at.hour * 60 + at.minute


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
