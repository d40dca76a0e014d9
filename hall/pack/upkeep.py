"""What must hold of a pack's upkeep: plans that can be counted from a day, opening lines with both languages."""

import re

from hall.pack.days import check_day, refuse
from hall.pack.equipment import MaintenancePlan, OpeningLine, UpkeepTable

MAX_DAYS = 3660
MAX_SLIPS = 5000
MAX_OPENING = 40
_LINE = re.compile(r"[a-z][a-z0-9_]{0,31}")


def check_upkeep(upkeep: UpkeepTable, plans: tuple[MaintenancePlan, ...], opening: tuple[OpeningLine, ...]) -> None:
    """Refuse a plan that cannot be counted, or a line that is there twice; each by file and key."""
    if upkeep.since:
        check_day("devices.toml:upkeep.since", upkeep.since)
    elif plans:
        raise refuse("devices.toml:maintenance", "a plan counts from a day: say upkeep.since (YYYY-MM-DD)")
    if not 1 <= upkeep.slips_a_day <= MAX_SLIPS:
        raise refuse("devices.toml:upkeep.slips_a_day", f"must be 1 to {MAX_SLIPS}")
    seen: set[tuple[str, str]] = set()
    for index, plan in enumerate(plans):
        where = f"devices.toml:maintenance[{index}]"
        if (plan.kind, plan.work) in seen:
            raise refuse(f"{where}.kind", f"{plan.kind} has a plan of {plan.work} already")
        seen.add((plan.kind, plan.work))
        if not 1 <= plan.days <= MAX_DAYS:
            raise refuse(f"{where}.days", f"must be 1 to {MAX_DAYS}")
        if not (plan.what.strip() and plan.what_en.strip()):
            raise refuse(f"{where}.what", "says in both languages what is done")
    _check_opening(opening)


def _check_opening(opening: tuple[OpeningLine, ...]) -> None:
    if len(opening) > MAX_OPENING:
        raise refuse("devices.toml:opening", f"at most {MAX_OPENING} lines")
    codes = [line.code for line in opening]
    for index, line in enumerate(opening):
        where = f"devices.toml:opening[{index}]"
        if not _LINE.fullmatch(line.code):
            raise refuse(f"{where}.code", "small letters, digits and _, such as leaflets")
        if codes.count(line.code) > 1:
            raise refuse(f"{where}.code", f"{line.code} stands there twice")
        if not (line.title.strip() and line.title_en.strip()):
            raise refuse(f"{where}.title", "says in both languages what is looked at")
