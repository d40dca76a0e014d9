from datetime import date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.calendar.due_dates import Known, Provisional, due, ends_at, gaps, last_safe_day, overdue
from hall.calendar.working_days import LOCAL, hours_of, is_open_day, is_working_day, taking_tickets
from hall.errors import HallError
from hall.pack.hall_pack import HallPack, parse
from hall.pack.tables import Calendar
from tests.hall.world import clock, pack_files, qinghe

# requirements.md 8: received, then the last day of 3, 5 and 10 working days; None where the calendar of 2027 is needed.
VECTORS = [
    ("2026-04-30", "2026-05-08", "2026-05-11", "2026-05-18"),
    ("2026-09-24", "2026-09-30", "2026-10-09", "2026-10-15"),
    ("2026-11-21", "2026-11-25", "2026-11-27", "2026-12-04"),
    ("2026-12-17", "2026-12-22", "2026-12-24", "2026-12-31"),
    ("2026-12-25", "2026-12-30", None, None),
]


def calendar() -> Calendar:
    return qinghe().calendar


def day(text: str) -> date:
    return date.fromisoformat(text)


def edited(edits: str) -> HallPack:
    files = pack_files()
    files["calendar.toml"] += edits
    return parse(files)


@pytest.mark.row("SLA-06", part="rule")
@pytest.mark.parametrize(("received", "three", "five", "ten"), VECTORS)
def test_working_days_follow_the_official_calendar_and_never_guess(
    received: str, three: str | None, five: str | None, ten: str | None
) -> None:
    for days, wanted in ((3, three), (5, five), (10, ten)):
        found = due(calendar(), day(received), days)
        if wanted is None:
            assert isinstance(found, Provisional)
            assert found.gap == 2027
            assert "日历未维护" in found.reason
        else:
            assert found == Known(day(wanted))


@pytest.mark.row("EXT-12", part="rule")
def test_legal_limits_of_items_run_in_working_days() -> None:
    assert due(calendar(), day("2026-09-24"), 20) == Known(day("2026-10-29"))
    assert due(calendar(), day("2026-09-24"), 15) == Known(day("2026-10-22"))
    items = {item.code: item for item in qinghe().items}
    limits = {code: (items[code].legal_days, items[code].legal_basis) for code in items if items[code].legal_days}
    assert limits == {
        "SI-101": (10, "社会保险经办条例第6条"),
        "SI-102": (10, "社会保险经办条例第9、10条"),
        "SI-103": (10, "社会保险经办条例第9、10条"),
        "SI-104": (10, "社会保险经办条例第10条"),
        "SI-301": (20, "社会保险经办条例第18条"),
        "SI-302": (20, "社会保险经办条例第18条"),
        "SI-401": (20, "社会保险经办条例第22条"),
        "SI-501": (10, "社会保险法第45、50条;社会保险经办条例第24条"),
        "SI-502": (10, "社会保险经办条例第24条"),
    }


@pytest.mark.row("SLA-06", part="rule")
def test_importing_the_next_calendar_makes_a_provisional_day_known() -> None:
    text = '\n[[years]]\nyear = 2027\nnotice = "样例"\nrest_days = ["2027-01-01"]\nmake_up_days = []\n'
    files = pack_files()
    files["calendar.toml"] = files["calendar.toml"].replace("[[years]]", '[[years]]\nnotice = "样例"', 1) + text
    assert due(parse(files).calendar, day("2026-12-25"), 5) == Known(day("2027-01-04"))
    found = due(calendar(), day("2026-12-25"), 5)
    assert isinstance(found, Provisional)
    assert found.day == day("2027-01-01")


def test_the_missing_year_is_told_from_the_first_of_october() -> None:
    assert gaps(calendar(), day("2026-09-30")) == ()
    assert gaps(calendar(), day("2026-10-01")) == (2027,)
    assert gaps(calendar(), day("2027-01-01")) == (2027,)
    assert gaps(calendar(), day("2027-11-01")) == (2027, 2028)
    assert last_safe_day(calendar(), day("2026-11-21"), 10) == day("2026-12-17")
    assert last_safe_day(calendar(), day("2027-03-01"), 3) is None
    assert last_safe_day(calendar(), day("2025-06-01"), 3) is None, "the year before is unknown too"
    assert last_safe_day(msgspec.structs.replace(calendar(), years=years(2020, 2030)), day("2026-01-01"), 3) is None


def years(first: int, last: int) -> tuple[object, ...]:
    one = calendar().years[0]
    return tuple(msgspec.structs.replace(one, year=year) for year in range(first, last + 1))


def test_a_limit_ends_at_closing_time_of_its_last_day() -> None:
    limit = due(calendar(), day("2026-09-24"), 3)
    assert ends_at(qinghe(), limit) == datetime(2026, 9, 30, 17, tzinfo=LOCAL)
    assert not overdue(qinghe(), limit, datetime(2026, 9, 30, 16, 59, tzinfo=LOCAL))
    assert overdue(qinghe(), limit, datetime(2026, 9, 30, 17, tzinfo=LOCAL))
    unknown = due(calendar(), day("2026-12-25"), 5)
    assert not overdue(qinghe(), unknown, datetime(2027, 6, 1, tzinfo=LOCAL)), "an unknown day is nobody's fault"
    shut = edited('[[edits]]\nday = "2026-09-30"\nkind = "closed"\nreason = "停电检修"\n')
    assert ends_at(shut, limit) == datetime(2026, 10, 1, tzinfo=LOCAL)


@pytest.mark.row("SLA-06", part="rule")
def test_a_hall_may_edit_single_days_with_a_reason() -> None:
    pack = edited(
        '[[edits]]\nday = "2026-11-23"\nkind = "rest"\nreason = "地方节日(样例)"\n'
        '[[edits]]\nday = "2026-11-22"\nkind = "work"\nreason = "地方调休(样例)"\n'
        '[[edits]]\nday = "2026-11-24"\nkind = "closed"\nreason = "停电检修(样例)"\n'
        '[[edits]]\nday = "2026-11-25"\nkind = "hours"\nreason = "延时服务(样例)"\n'
        'open = [["09:00", "19:00"]]\nlast_ticket = "18:30"\n'
    )
    assert not is_open_day(pack, day("2026-11-23"))
    assert is_open_day(pack, day("2026-11-22")), "a Sunday that works has the hours of make-up days"
    assert not is_open_day(pack, day("2026-11-24"))
    assert is_working_day(pack.calendar, day("2026-11-24")), "a shut hall lengthens nobody's limit"
    assert due(pack.calendar, day("2026-11-20"), 3) == Known(day("2026-11-25"))
    hours = hours_of(pack, day("2026-11-25"))
    assert hours is not None
    assert hours.open == (("09:00", "19:00"),)
    assert taking_tickets(pack, clock("18:00", "2026-11-25"))
    assert not taking_tickets(pack, clock("18:30", "2026-11-25"))
    weekday = edited('[[edits]]\nday = "2026-10-05"\nkind = "work"\nreason = "样例"\n')
    assert is_open_day(weekday, day("2026-10-05")), "a working Monday has a Monday's hours"


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ('day = "2026-11-31"\nkind = "rest"\nreason = "r"', "YYYY-MM-DD"),
        ('day = "2026-11-30"\nkind = "rest"\nreason = ""', "reason"),
        ('day = "2026-11-30"\nkind = "hours"\nreason = "r"', "open"),
        ('day = "2026-11-30"\nkind = "hours"\nreason = "r"\nopen = [["9", "x"]]\nlast_ticket = "16:00"', "HH:MM"),
        ('day = "2026-11-30"\nkind = "rest"\nreason = "r"\nopen = [["09:00", "10:00"]]', "only hours"),
        (
            "\n[[edits]]\n".join(f'day = "2026-11-30"\nkind = "{kind}"\nreason = "r"' for kind in ("rest", "work")),
            "twice",
        ),
    ],
)
def test_a_wrong_edit_is_refused_by_name(edit: str, told: str) -> None:
    with pytest.raises(HallError, match=rf"calendar\.toml:.*{told}"):
        edited(f"[[edits]]\n{edit}\n")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('make_up_days = ["2026-01-04"', 'make_up_days = ["2026-01-05"', "weekend"),
        ('make_up_days = ["2026-01-04"', 'make_up_days = ["2026-01-03"', "both"),
        ("[[years]]", "[[years]]\nyear = 2027\nrest_days = []\nmake_up_days = []\n[[years]]", "notice"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(old: str, new: str, told: str) -> None:
    files = pack_files()
    files["calendar.toml"] = files["calendar.toml"].replace(old, new, 1)
    with pytest.raises(HallError, match=told):
        parse(files)


def test_limits_out_of_reach_are_refused_and_a_calendar_of_rest_ends_the_search() -> None:
    with pytest.raises(HallError, match="allowed are 0 to 200"):
        due(calendar(), day("2026-11-23"), 201)
    one = calendar().years[0]
    rest = tuple((day("2026-01-01") + timedelta(days=n)).isoformat() for n in range(900))
    never = msgspec.structs.replace(calendar(), years=(msgspec.structs.replace(one, rest_days=rest),))
    with pytest.raises(HallError, match="fewer than 5"):
        due(never, day("2026-01-01"), 5)


@given(st.dates(date(2025, 12, 1), date(2027, 12, 31)), st.integers(0, 60))
def test_a_longer_limit_never_ends_earlier_and_its_last_day_works(received: date, days: int) -> None:
    one, other = due(calendar(), received, days), due(calendar(), received, days + 1)
    assert one.day < other.day
    assert is_working_day(calendar(), other.day)
    counted = sum(
        is_working_day(calendar(), received + timedelta(days=n + 1)) for n in range((one.day - received).days)
    )
    assert counted == days
