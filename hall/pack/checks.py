"""What must hold across the tables of a pack: references, mandatory facts, unique codes, disjoint reserves, dates."""

from hall.pack.days import check_calendar, check_day, check_spans, known, refuse
from hall.pack.guides import check_guidance
from hall.pack.items import check_service_item
from hall.pack.limits import check_limits
from hall.pack.reading import Files
from hall.pack.speech import check_speech
from hall.pack.wiring import check_equipment
from hall.pack.words import check_search
from hall.statements.forms import FORMS

MAX_TILES = 8
"""Groups on the choosing screen, and items in a group: one page of tiles that a thumb can hit."""

MAX_SERVICE_MIN = 240
"""A service of half a day is no queue any more."""
HIGHEST_NUMBER = 999
"""Labels have three digits."""


def check(files: Files) -> None:
    """Raise `HallError(MALFORMED)` naming file and key of the first thing that does not hold."""
    _check_unique(files)
    _check_facts(files)
    check_calendar(files.calendar)
    _check_hours(files)
    _check_windows(files)
    _check_items(files)
    _check_staff(files)
    _check_terminals(files)
    _check_reserves(files)
    check_limits(files.limits.limits)
    check_equipment(files)
    for form in files.statements.forms:
        known("statements.toml:forms", form.code, FORMS)
    check_guidance(files)
    check_search(files)
    check_speech(files)


def _check_unique(files: Files) -> None:
    for file, table, codes in (
        ("windows.toml", "areas", [str(row.code) for row in files.windows.areas]),
        ("windows.toml", "windows", [str(row.number) for row in files.windows.windows]),
        ("series.toml", "series", [str(row.code) for row in files.series.series]),
        ("terminals.toml", "terminals", [str(row.id) for row in files.terminals.terminals]),
        ("staff.toml", "staff", [str(row.id) for row in files.staff.staff]),
        ("items.toml", "groups", [row.code for row in files.items.groups]),
        ("items.toml", "items", [str(row.code) for row in files.items.items]),
        ("statements.toml", "forms", [row.code for row in files.statements.forms]),
        ("rules.toml", "links", [row.title for row in files.rules.links]),
        ("rules.toml", "insurances", [row.title for row in files.rules.insurances]),
        ("rules.toml", "references", [row.number for row in files.rules.references]),
        ("directory.toml", "departments", [row.name for row in files.directory.departments]),
        ("directory.toml", "agencies", [row.code for row in files.directory.agencies]),
        ("directory.toml", "offices", [row.code for row in files.directory.offices]),
        ("directory.toml", "referrals", [row.code for row in files.directory.referrals]),
        ("answers.toml", "answers", [row.code for row in files.answers.answers]),
        ("calendar.toml", "years", [str(row.year) for row in files.calendar.years]),
    ):
        if not codes:
            raise refuse(f"{file}:{table}", "must not be empty")
        for index, code in enumerate(codes):
            if not code:
                raise refuse(f"{file}:{table}[{index}]", "its code must not be empty")
            if code in codes[:index]:
                raise refuse(f"{file}:{table}[{index}]", f"{code!r} stands there twice")


def _check_facts(files: Files) -> None:
    hall = files.hall.hall
    for key in (
        "id",
        "title",
        "agency",
        "hotline",
        "supervision",
        "duty_lead",
        "serial_prefix",
        "hours_text",
        "address",
    ):
        if not getattr(hall, key):
            raise refuse(f"hall.toml:hall.{key}", "is a mandatory fact and must not be empty")
    if hall.urban_population < 0 or hall.insured_count < 0:
        raise refuse("hall.toml:hall.insured_count", "numbers of people must not be negative")
    check_day("hall.toml:hall.counted_on", hall.counted_on)


def _check_hours(files: Files) -> None:
    seen: set[str] = set()
    for index, hours in enumerate(files.hall.hours):
        where = f"hall.toml:hours[{index}]"
        for day in hours.days:
            if day in seen:
                raise refuse(f"{where}.days", f"{day} has hours already")
            seen.add(day)
        check_spans(where, hours.open, hours.last_ticket)


def _check_windows(files: Files) -> None:
    areas = [area.code for area in files.windows.areas]
    series = [row.code for row in files.series.series]
    for window in files.windows.windows:
        where = f"windows.toml:{window.number}"
        known(f"{where}.area", window.area, areas)
        for code in window.series:
            known(f"{where}.series", code, series)
        if not window.series or not window.title or not window.room:
            raise refuse(where, "series, title and room are mandatory facts")
        if window.breaks:
            check_spans(f"{where}.breaks", window.breaks, window.breaks[-1][1])
        for code in window.prefers:
            known(f"{where}.prefers", code, window.series)
    for row in files.series.series:
        if not 0 < row.mean_service_min <= MAX_SERVICE_MIN:
            raise refuse(
                f"series.toml:{row.code}.mean_service_min", f"must be more than 0 and at most {MAX_SERVICE_MIN}"
            )
        if not any(row.code in window.series for window in files.windows.windows):
            raise refuse(f"series.toml:{row.code}", "no window serves this series")
    if sum(row.priority for row in files.series.series) != 1:
        raise refuse("series.toml:series", "exactly one series must be the priority series")


def _check_items(files: Files) -> None:
    groups = [group.code for group in files.items.groups]
    if len(groups) > MAX_TILES:
        raise refuse("items.toml:groups", f"at most {MAX_TILES} groups fit the choosing screen")
    for group in groups:
        if sum(item.group == group for item in files.items.items) not in range(1, MAX_TILES + 1):
            raise refuse(f"items.toml:{group}", f"a group holds 1 to {MAX_TILES} items")
    windows = {window.number: window for window in files.windows.windows}
    ordinary = [row.code for row in files.series.series if not row.priority]
    for item in files.items.items:
        where = f"items.toml:{item.code}"
        known(f"{where}.group", item.group, groups)
        known(f"{where}.series", item.series, ordinary)
        known(f"{where}.area", item.area, [area.code for area in files.windows.areas])
        if item.self_service_form:
            known(f"{where}.self_service_form", item.self_service_form, [form.code for form in files.statements.forms])
        if not item.windows or not item.title or not item.national_group:
            raise refuse(where, "title, national_group and windows are mandatory facts")
        for number in item.windows:
            known(f"{where}.windows", number, windows)
            if item.series not in windows[number].series:
                raise refuse(f"{where}.windows", f"window {number} does not serve series {item.series}")
        check_service_item(files, item)


def _check_staff(files: Files) -> None:
    windows = [window.number for window in files.windows.windows]
    for member in files.staff.staff:
        for number in member.windows:
            known(f"staff.toml:{member.id}.windows", number, windows)
        if not member.name or not member.roles:
            raise refuse(f"staff.toml:{member.id}", "name and roles are mandatory facts")


def _check_terminals(files: Files) -> None:
    windows = [window.number for window in files.windows.windows]
    for terminal in files.terminals.terminals:
        where = f"terminals.toml:{terminal.id}"
        known(f"{where}.area", terminal.area, [area.code for area in files.windows.areas])
        needs_window = terminal.role in ("window_panel", "rating_screen", "window_screen")
        if needs_window != (terminal.window is not None):
            raise refuse(f"{where}.window", f"a {terminal.role} {'needs' if needs_window else 'has no'} window")
        if terminal.window is not None:
            known(f"{where}.window", terminal.window, windows)


def _check_reserves(files: Files) -> None:
    numbers = files.series
    if not 1 <= numbers.leased_first <= numbers.leased_last < numbers.reserve_first <= numbers.reserve_last:
        sentence = "numbers must run leased_first ≤ leased_last < reserve_first ≤ reserve_last"
        raise refuse("series.toml:leased_first", sentence)
    taken: list[tuple[int, int, str]] = []
    for terminal in files.terminals.terminals:
        where = f"terminals.toml:{terminal.id}.reserve"
        if terminal.reserve is None:
            if terminal.role in ("self_service", "guide_desk"):
                raise refuse(where, f"a {terminal.role} issues tickets and needs a reserve")
            continue
        first, last = terminal.reserve
        if not numbers.reserve_first <= first <= last <= numbers.reserve_last:
            raise refuse(where, f"must lie within {numbers.reserve_first} to {numbers.reserve_last}")
        for other_first, other_last, other in taken:
            if first <= other_last and other_first <= last:
                raise refuse(where, f"overlaps the reserve of {other} ({other_first} to {other_last})")
        taken.append((first, last, terminal.id))
