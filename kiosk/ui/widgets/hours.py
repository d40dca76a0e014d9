"""When the hall opens next, and how its screens say politely that it is not open now."""

from hall.calendar.working_days import local_datetime, start_of_day
from kiosk.session import Frame
from kiosk.ui.widgets.painter import Painter

TOLD = {"before": "before", "closed": "ended", "resting": "resting"}
"""What is told of a moment of the hall's day; at the cut-off the hall is open and says so elsewhere."""


def closing(p: Painter, frame: Frame, what: str) -> str:
    """Return the sentence of `what` (`home` or `display`) while the hall is shut; empty while it is not."""
    board = frame.board
    if board is None or board.taking_tickets or board.hours not in TOLD or not board.next_opening:
        return ""
    hotline = frame.pack.hotline if frame.pack else "12333"
    return p.say(f"{what}.{TOLD[board.hours]}", when=_when(p, board.next_opening, board.at), hotline=hotline)


def _when(p: Painter, opens: float, now: float) -> str:
    """Return 今天 13:30 or 11月24日(周二)09:00."""
    at = local_datetime(opens)
    time = at.strftime("%H:%M")
    if start_of_day(opens) == start_of_day(now):
        return p.say("when.today", time=time)
    weekday = p.say(f"weekday.{at.weekday()}")
    return p.say("when.day", month=at.month, day=at.day, weekday=weekday, time=time)
