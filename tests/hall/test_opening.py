"""Where in its day the hall stands: morning, lunch, cut-off, evening, days of rest."""

import pytest

from hall.calendar.opening import hours_now, next_opening
from hall.calendar.working_days import local_datetime
from hall.day import board
from tests.hall.asking import working
from tests.hall.world import TUESDAY, World, clock

PACK = World().state.pack
DAY_S = 86_400.0


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("07:00", "before"),
        ("08:59", "before"),
        ("09:00", "open"),
        ("16:44", "open"),
        ("16:45", "cut_off"),
        ("16:59", "cut_off"),
        ("17:00", "closed"),
        ("17:59", "closed"),
        ("18:00", "resting"),
        ("23:59", "resting"),
    ],
)
def test_a_day_goes_from_morning_to_evening(at: str, told: str) -> None:
    assert hours_now(PACK, clock(at)) == told


def test_a_day_of_rest_is_neither_before_nor_after() -> None:
    saturday = clock("10:00") + 5 * DAY_S
    assert hours_now(PACK, saturday) == "resting"
    opens = local_datetime(next_opening(PACK, saturday))
    assert (opens.weekday(), opens.hour) == (0, 9)


def test_the_next_opening_is_today_in_the_morning_and_tomorrow_in_the_evening() -> None:
    assert next_opening(PACK, clock("07:00")) == clock("09:00")
    assert next_opening(PACK, clock("17:30")) == clock("09:00") + DAY_S


@pytest.mark.row("QUE-20", part="rule")
def test_the_board_says_when_service_has_ended_and_when_the_next_begins() -> None:
    world = working()
    for at, hours, opens in (
        ("10:00", "open", 0.0),
        ("16:50", "cut_off", 0.0),
        ("17:10", "closed", clock("09:00") + DAY_S),
    ):
        shown = board.board(world.state, clock(at), 1, 1, TUESDAY)
        assert (shown.hours, shown.next_opening) == (hours, opens)
