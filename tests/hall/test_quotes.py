"""The wait a person is told: properties of the arithmetic, and what a hall's plan and its day do to it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.commands import CallNext, FinishService, SignOut, StartService
from hall.errors import HallError
from hall.ids import Series, StaffId, TicketId, WindowId
from hall.pack.hall_pack import HallPack, parse
from hall.queue import estimates, overtaking
from hall.queue.overtaking import Rule, View, rule_of
from hall.queue.quote_errors import QuoteErrors, of_the_day, quote_errors, told_min
from hall.queue.state import HallState
from hall.queue.window_minutes import Today
from tests.hall.world import World, clock, pack_files, qinghe

C = (Series("C"), Series("C"), False)
Y = (Series("Y"), Series("C"), True)
NOW = 36_000.0
MEAN_S = 450.0

waits = st.lists(st.floats(0, 7200), max_size=40)
rules = st.sampled_from(
    [
        rule_of(msgspec.structs.replace(qinghe().limits, discipline=name), priority_first=False)
        for name in ("apq_target", "apq", "ratio_1_2", "strict", "first_come")
    ]
)
windows_open = st.integers(1, 12)


def places(waited_s: list[float]) -> list[tuple[float, TicketId]]:
    return sorted((NOW - waited, TicketId(f"{index:03}")) for index, waited in enumerate(waited_s))


def told(
    rule: Rule, own: list[float], rivals: list[float], windows: int, a_second: float = 0.0, *, priority: bool
) -> overtaking.Ahead:
    def finish(people: float) -> float:
        return (people + 1) * MEAN_S / windows

    view = View(rule, NOW, finish)
    if priority:
        return overtaking.priority(len(own), NOW, [places(rivals)], view)
    return overtaking.ordinary(len(own), NOW, [places(rivals)], view, a_second)


@given(rules, waits, waits, windows_open, st.booleans())
def test_a_told_wait_is_never_negative_and_counts_nobody_who_is_not_there(
    rule: Rule, own: list[float], rivals: list[float], windows: int, priority: bool
) -> None:
    found = told(rule, own, rivals, windows, 0.01, priority=priority)
    assert 0 <= found.wait_s <= overtaking.LONGEST_S
    assert len(own) <= found.people <= len(own) + len(rivals)


@given(rule=rules, own=waits, rivals=waits, windows=windows_open, priority=st.booleans(), a_second=st.floats(0, 0.05))
def test_one_more_person_ahead_never_shortens_a_told_wait(
    rule: Rule, own: list[float], rivals: list[float], windows: int, *, priority: bool, a_second: float
) -> None:
    found = told(rule, own, rivals, windows, a_second, priority=priority)
    assert told(rule, [*own, 0.0], rivals, windows, a_second, priority=priority).wait_s >= found.wait_s
    assert told(rule, own, [*rivals, 600.0], windows, a_second, priority=priority).wait_s >= found.wait_s


@given(rule=rules, own=waits, rivals=waits, windows=windows_open, priority=st.booleans(), a_second=st.floats(0, 0.05))
def test_one_more_window_never_lengthens_a_told_wait(
    rule: Rule, own: list[float], rivals: list[float], windows: int, *, priority: bool, a_second: float
) -> None:
    found = told(rule, own, rivals, windows, a_second, priority=priority)
    assert told(rule, own, rivals, windows + 1, a_second, priority=priority).wait_s <= found.wait_s


def test_first_come_lets_nobody_pass_and_strict_lets_every_priority_person_pass() -> None:
    own, rivals = [600.0] * 5, [300.0] * 4
    first_come, strict = Rule(1.0, in_row=3), Rule(0.0)
    assert told(first_come, own, rivals, 2, priority=False).people == 9  # all of them came before me
    later = overtaking.ordinary(5, NOW - 600, [places(rivals)], View(first_come, NOW, lambda people: people * 60), 0.0)
    assert later.people == 5
    assert told(strict, own, rivals, 2, priority=True).people == 5
    assert (
        told(strict, own, rivals, 2, 0.001, priority=False).wait_s > told(strict, own, rivals, 2, priority=False).wait_s
    )


def with_lunch(*numbers: str) -> HallPack:
    """The demo pack open through noon, with these windows at lunch from 12:00 to 13:30."""
    pack = qinghe()
    hours = tuple(msgspec.structs.replace(row, open=(("09:00", "17:00"),)) for row in pack.hours)
    windows = tuple(
        msgspec.structs.replace(row, breaks=(("12:00", "13:30"),) if row.number in numbers else ())
        for row in pack.windows
    )
    return msgspec.structs.replace(pack, hours=hours, windows=windows)


def before_noon(pack: HallPack, at: str = "11:40") -> World:
    world = World(state=HallState(pack), now=clock(at)).open().sign_in_all()
    for number in range(8):
        world.take(f"t{number}")
    return world


def test_a_planned_lunch_lengthens_the_told_wait_before_it_comes() -> None:
    none = estimates.quote(before_noon(with_lunch()).state, C, clock("11:40"))
    one = estimates.quote(before_noon(with_lunch("7")).state, C, clock("11:40"))
    both = estimates.quote(before_noon(with_lunch("7", "14")).state, C, clock("11:40"))
    assert none.high_min < one.high_min < both.high_min
    assert told_min(both) > 110 > told_min(none)


def test_the_halls_own_noon_counts_like_a_lunch_of_all_windows() -> None:
    world = before_noon(qinghe())
    assert told_min(estimates.quote(world.state, C, clock("11:40"))) > 90
    morning = before_noon(qinghe(), "09:30")
    assert told_min(estimates.quote(morning.state, C, clock("09:30"))) < 60


def test_a_window_at_lunch_is_expected_back_and_one_that_went_home_is_not() -> None:
    world = before_noon(with_lunch("7"), "12:10")
    world.ask(SignOut(staff=StaffId("0303")), "W07")
    back = estimates.quote(world.state, C, clock("13:20"))
    gone = estimates.quote(world.state, C, clock("13:31"))
    assert back.high_min < gone.high_min


def test_a_window_that_works_through_its_lunch_counts() -> None:
    world = before_noon(with_lunch("7"), "12:10")
    window = world.state.known.windows[WindowId("7")]
    assert Today(world.state, world.now).away(window)
    world.at(CallNext, "7")
    assert not Today(world.state, world.now).away(window)
    assert Today(world.state, clock("13:40")).rests(window) == ()


def test_when_nobody_knows_which_window_will_serve_the_last_wait_is_told() -> None:
    world = World().open().sign_in_all()
    world.take("a")
    world.now += 25 * 60
    for move in (CallNext, StartService, FinishService):
        world.at(move)
    assert estimates.last_to_enter_min(world.state, Series("C"), priority=False) == 25
    assert estimates.last_to_enter_min(world.state, Series("C"), priority=True) is None
    for staff, panel in (("0303", "W07"), ("0310", "W14")):
        world.ask(SignOut(staff=StaffId(staff)), panel)
    quote = estimates.quote(world.state, C, world.now)
    assert quote.low_min <= 25 <= quote.high_min


def test_priority_people_of_the_last_hour_lengthen_the_told_wait_of_ordinary_people() -> None:
    calm, busy = World().open().sign_in_all(), World().open().sign_in_all()
    for world in (calm, busy):
        for number in range(12):
            world.take(f"o{number}")
    for number in range(8):
        busy.take(f"p{number}", terminal="D1", grant=True)
    assert told_min(estimates.quote(busy.state, C, busy.now)) > told_min(estimates.quote(calm.state, C, calm.now))
    assert estimates.quote(busy.state, Y, busy.now).people_ahead == 10  # two ordinary ones after three in a row


def test_the_error_of_quotes_is_plain_arithmetic() -> None:
    assert quote_errors([]) is None
    assert quote_errors([(10, 12), (10, 4), (0, 5), (20, 29)]) == QuoteErrors(
        quotes=4, mean_absolute_min=5.5, bias_min=-2.5, within_5_share=0.5
    )


def test_the_day_reports_the_error_of_what_it_told() -> None:
    world = World().open().sign_in_all()
    assert of_the_day(world.state, priority=False) is None
    event = world.take("a")
    assert event.quote is not None
    world.now += 11 * 60
    world.at(CallNext)
    world.take("b")
    found = of_the_day(world.state, priority=False)
    assert found is not None
    assert (found.quotes, found.bias_min) == (1, told_min(event.quote) - 11)
    assert of_the_day(world.state, priority=True) is None


@pytest.mark.parametrize(
    "told", ['[["13:30", "12:00"]]', '[["12:00", "noon"]]', '[["12:00", "13:00"], ["12:30", "13:30"]]']
)
def test_a_break_that_is_no_span_of_the_day_is_refused_with_its_window(told: str) -> None:
    files = pack_files()
    files["windows.toml"] = files["windows.toml"].replace('number = "7"', f'number = "7"\nbreaks = {told}')
    with pytest.raises(HallError, match=r"7\.breaks"):
        parse(files)


def test_a_pack_with_breaks_is_a_pack() -> None:
    files = pack_files()
    files["windows.toml"] = files["windows.toml"].replace('number = "7"', 'number = "7"\nbreaks = [["12:00", "13:00"]]')
    window = next(window for window in parse(files).windows if window.number == "7")
    assert window.breaks == (("12:00", "13:00"),)
