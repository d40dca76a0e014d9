"""Whether a clock's date can be believed as the next business day: the ledger knows which day it was last.

A clock that is wrong by years would open a day after which no earlier one could follow. So a day opens by itself only
where it follows the last one believably; everything else is the administrator's word (decision 0010).
"""

from datetime import timedelta
from enum import StrEnum

from hall.calendar.working_days import parse_day
from hall.ids import BusinessDay

FIRST_DAY = BusinessDay("2026-01-01")
"""This software is not older: a clock that says so has lost its battery."""
DAYS_BELIEVED = 14
"""Calendar days from one open day to the next. The longest official holiday (Spring Festival, 9 days of rest) makes
them 10, and some halls shut a day or two more; a hall that was shut longer, for a move or for building work, needs the
administrator's word, and so does a clock that is wrong by more."""


class Doubt(StrEnum):
    """Why a date is not believed."""

    BEFORE_SOFTWARE = "before_software"
    BEFORE_LAST_DAY = "before_last_day"
    LONG_AFTER_LAST_DAY = "long_after_last_day"


def doubt(last: BusinessDay | None, today: BusinessDay) -> Doubt | None:
    """Return why `today` cannot follow the last day that was opened or confirmed, None when it can.

    A ledger without any day believes every date from `FIRST_DAY` on. Last 2026-11-20: 11-20 to 12-04 are believed,
    11-19 and 12-05 are not.
    """
    if today < FIRST_DAY:
        return Doubt.BEFORE_SOFTWARE
    if last is None:
        return None
    if today < last:
        return Doubt.BEFORE_LAST_DAY
    if parse_day(today) - parse_day(last) > timedelta(days=DAYS_BELIEVED):
        return Doubt.LONG_AFTER_LAST_DAY
    return None
