"""When the virtual hall's day begins: a working Monday at 09:30, whatever the day outside."""

from datetime import timedelta
from pathlib import Path

from hall.calendar.working_days import is_open_day, local_datetime
from hall.pack.hall_pack import HallPack, parse

START_HOUR = 9
START_MINUTE = 30
MONDAY = 0
MAX_SEARCH_DAYS = 60
"""Longer than any holiday."""


def read_pack(folder: Path) -> HallPack:
    """Read and check the pack's folder; `HallError` names file, line and reason."""
    return parse({path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))})


def clock_offset_s(pack: HallPack, now: float) -> float:
    """Return hall time minus machine time, so that the hall's clock now shows a working Monday at 09:30."""
    local = local_datetime(now)
    start = local.replace(hour=START_HOUR, minute=START_MINUTE, second=0, microsecond=0)
    for days in range(MAX_SEARCH_DAYS):
        day = start + timedelta(days=days)
        if day.weekday() == MONDAY and is_open_day(pack, day.date()):
            return (day - local).total_seconds()
    raise ValueError(f"the pack has no open Monday within {MAX_SEARCH_DAYS} days")
