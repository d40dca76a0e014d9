"""A hall that is not open: before the doors open, after closing, at night."""

from typing import Literal

import msgspec

from hall.calendar.working_days import start_of_day
from hall.wire.board import Board
from kiosk.flows.steps import DisplayShowing, Home
from tests.ui.display_samples import rows
from tests.ui.samples import NOW, SELF_SERVICE, WALL, Shot, board, frame


def shut(hours: Literal["before", "cut_off", "closed", "resting"], days: int = 1) -> Board:
    """The board of an empty hall that is not open; it opens next at 09:00, `days` from today."""
    opens = start_of_day(NOW) + days * 86_400 + 9 * 3600
    at = opens - 1800 if not days else NOW
    empty = board(waiting=0, taking=False, helping=False)
    return msgspec.structs.replace(empty, at=at, windows=(), calls=(), hours=hours, next_opening=opens)


def hours_shots() -> list[Shot]:
    """Home and display at each of these times; calls of the day still stand when service has just ended."""
    times = (("ended", shut("closed")), ("resting", shut("resting")), ("before", shut("before", 0)))
    homes = [(f"home_{name}", SELF_SERVICE, frame("K1", "self_service", board=told), Home()) for name, told in times]
    step = DisplayShowing(rows())
    walls = [(f"display_{name}", WALL, frame("S1", "hall_display", board=told), step) for name, told in times]
    return [*homes, *walls]
