"""Where in its day the hall stands, so that screens can tell the evening from the early morning."""

from datetime import datetime, time, timedelta
from typing import Literal

from hall.calendar.working_days import LOCAL, MAX_SEARCH_DAYS, hours_of, local_datetime, open_spans, start_of_day
from hall.pack.hall_pack import HallPack

HoursNow = Literal["before", "open", "cut_off", "closed", "resting"]
"""`before`: it opens today, also after lunch. `cut_off`: open, no new numbers. `closed`: done for today, not long ago.
`resting`: done for longer than `TOLD_AFTER_CLOSING_S`, or no open day at all."""
TOLD_AFTER_CLOSING_S = 3600.0
"""So long after closing the hall still says that today's service has ended; then bars are dark."""


def hours_now(pack: HallPack, now: float) -> HoursNow:
    """Return where in its day the hall stands at `now`, by its hours alone; people may still be served after closing.

    With 09:00 to 12:00 and 13:30 to 17:00, last ticket 16:45: 08:00 before, 12:30 before, 16:50 cut_off,
    17:30 closed, 18:30 resting.
    """
    spans = open_spans(pack, now, now)
    if not spans or now >= spans[-1][1] + TOLD_AFTER_CLOSING_S:
        return "resting"
    if now >= spans[-1][1]:
        return "closed"
    hours = hours_of(pack, local_datetime(now).date())
    if hours is not None and local_datetime(now).time() >= time.fromisoformat(hours.last_ticket):
        return "cut_off"
    return "open" if any(first <= now < end for first, end in spans) else "before"


def next_opening(pack: HallPack, now: float) -> float:
    """Return when the hall opens next after `now`, hall time; 0 when its calendar knows of no open day."""
    day = local_datetime(start_of_day(now))
    for _ in range(MAX_SEARCH_DAYS):
        hours = hours_of(pack, day.date())
        for first, _ in hours.open if hours else ():
            opens = datetime.combine(day.date(), time.fromisoformat(first), tzinfo=LOCAL).timestamp()
            if opens > now:
                return opens
        day += timedelta(days=1)
    return 0.0
