import pytest

from hall.commands import CallNext, FinishService, StartService
from hall.queue.waiting_times import Times, TimesRow, report, times
from tests.hall.world import CARD, PENSION, World


@pytest.mark.row("QUE-15", part="rule")
def test_median_and_ninetieth_percentile_of_a_day_equal_a_hand_count() -> None:
    world = World().open().sign_in_all()
    for number, (item, waits_min, takes_min) in enumerate(
        ((PENSION, 2, 5), (PENSION, 4, 7), (CARD, 30, 3), (PENSION, 6, 9), (PENSION, 12, 1), (PENSION, 3, 20))
    ):
        world.take(f"t{number}", item)
        world.now += waits_min * 60
        world.at(CallNext)
        world.at(StartService)
        world.now += takes_min * 60
        world.at(FinishService)
    rows = {(row.by, row.key): row for row in report(world.state)}
    # pension waits 2 3 4 6 12: the third is 4, the fifth (90 % of five) 12; services 1 5 7 9 20
    pension = Times(count=5, median_min=4, p90_min=12)
    assert rows["item", PENSION] == TimesRow("item", PENSION, pension, Times(count=5, median_min=7, p90_min=20))
    assert rows["item", CARD].waiting == Times(count=1, median_min=30, p90_min=30)
    # all six at window 14: waits 2 3 4 6 12 30, the third and the sixth
    assert rows["window", "14"].waiting == Times(count=6, median_min=4, p90_min=30)
    # numbers of 09:30, 09:37 and 09:48 belong to nine o'clock, those of 10:21, 10:36 and 10:49 to ten
    assert rows["hour", "09"].waiting == Times(count=3, median_min=4, p90_min=30)
    assert rows["hour", "10"].waiting == Times(count=3, median_min=6, p90_min=12)
    assert [row.by for row in report(world.state)] == ["item", "item", "window", "hour", "hour"]


def test_nobody_gives_no_figures_and_an_open_service_no_service_time() -> None:
    assert times([]) is None
    world = World().open().sign_in_all()
    assert report(world.state) == ()
    world.take("t")
    world.at(CallNext)
    world.at(StartService)
    assert all(row.service is None and row.waiting.count == 1 for row in report(world.state))
