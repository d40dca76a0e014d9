"""Alarms with their remedy, suggestions, and ranges that run out."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.day.decisions import HallState
from hall.ids import Series
from hall.queue import staffing
from hall.queue.numbering import RangeFilling, filling
from hall.speech.phrases import forbidden_in
from tests.hall.asking import working
from tests.hall.world import CARD, World, clock, qinghe


def test_a_cap_that_holds_raises_nothing() -> None:
    assert staffing.remedy(work_min=200, waited_min=5, windows=4, cap_min=60, most=3) is None


@pytest.mark.parametrize(
    ("work", "waited", "windows", "most", "told"),
    [
        (300.0, 10.0, 4.0, 5, (2, 0.0)),
        (300.0, 0.0, 4.0, 5, (1, 0.0)),
        (260.0, 0.0, 4.0, 5, (1, 40.0)),
        (100.0, 0.0, 0.0, 5, (2, 10.0)),
        (600.0, 10.0, 4.0, 3, (3, 0.0)),
        (10.0, 70.0, 4.0, 3, (3, 0.0)),
        (300.0, 10.0, 4.0, 0, (0, 0.0)),
    ],
)
def test_the_remedy_is_the_fewest_windows_and_the_latest_time(
    work: float, waited: float, windows: float, most: int, told: tuple[int, float]
) -> None:
    assert staffing.remedy(work_min=work, waited_min=waited, windows=windows, cap_min=60, most=most) == told


@given(
    work=st.floats(1, 2000),
    waited=st.floats(0, 50),
    windows=st.floats(0.1, 12),
    most=st.integers(1, 20),
)
def test_a_remedy_keeps_the_cap_and_one_window_less_would_not(
    work: float, waited: float, windows: float, most: int
) -> None:
    told = staffing.remedy(work_min=work, waited_min=waited, windows=windows, cap_min=60, most=most)
    left = 60 - waited
    if told is None:
        assert work / windows <= left
        return
    more, within = told
    if more < most:
        assert windows * within + (windows + more) * (left - within) >= work - 1e-6
        assert (windows + more - 1) * left < work + 1e-6


def test_a_long_ordinary_queue_names_how_many_windows_to_open_and_by_when() -> None:
    world = working(regular_cap_min=60)
    for number in range(20):
        world.take(f"t{number}")
    (alarm,) = staffing.alarms(world.state, world.now)
    assert (alarm.series, alarm.waiting, alarm.open_more, alarm.enough) == ("C", 20, 1, True)
    assert alarm.candidates == ("8",)
    assert clock("09:30") <= alarm.open_by < clock("10:30")
    assert "增开1个窗口" in alarm.zh
    assert "open 1 window by " in alarm.en
    assert forbidden_in(alarm.zh) == ()


def test_when_all_windows_are_open_other_ways_are_offered() -> None:
    world = working(regular_cap_min=10)
    for number in range(30):
        world.take(f"t{number}")
    (alarm,) = staffing.alarms(world.state, world.now)
    assert (alarm.open_more, alarm.enough) == (1, False)
    world.state.windows["8"].staff = world.state.windows["7"].staff  # type: ignore[index]
    (alarm,) = staffing.alarms(world.state, world.now)
    assert (alarm.open_more, alarm.enough) == (0, False)
    assert "自助" in alarm.zh
    assert forbidden_in(alarm.zh) == ()


def test_a_short_queue_raises_no_alarm() -> None:
    world = working()
    world.take("t1")
    assert staffing.alarms(world.state, world.now) == ()


@pytest.mark.row("QUE-12", part="rule")
def test_an_imbalance_yields_one_suggestion_naming_the_window() -> None:
    world = working()
    assert staffing.suggest(world.state, world.now) is None
    for number in range(4):
        world.take(f"c{number}")
        world.take(f"h{number}", CARD)
    assert staffing.suggest(world.state, world.now) is None, "nobody has waited long"
    world.now += 31 * 60
    told = staffing.suggest(world.state, world.now)
    assert told is not None
    assert (told.series, told.window, told.waiting, told.longest_wait_min) == ("C", "7", 4, 31)
    assert "7号窗口" in told.zh
    assert forbidden_in(told.zh) == ()


@pytest.mark.row("QUE-12", part="rule")
def test_a_closed_window_is_suggested_when_no_open_one_is_idle() -> None:
    world = World(HallState(qinghe())).open()
    world.take("t1")
    world.now += 31 * 60
    told = staffing.suggest(world.state, world.now)
    assert told is not None
    assert told.window == "7"
    assert "未开放" in told.zh


def test_a_series_that_runs_out_is_told_at_seventy_percent() -> None:
    given_numbers = {Series("A"): 490, Series("B"): 489, Series("C"): 700}
    assert filling(given_numbers, (1, 700), 0.7) == (
        RangeFilling(Series("C"), 700, 700),
        RangeFilling(Series("A"), 490, 700),
    )


def test_the_packs_own_share_decides() -> None:
    limits = msgspec.structs.replace(qinghe().limits, capacity_alarm_share=0.5)
    assert filling({Series("A"): 350}, (1, 700), limits.capacity_alarm_share)
