"""Lanes that the very same windows call are one queue: who came before me counts, whatever they came for."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hall.commands import SignIn
from hall.ids import Series, StaffId, WindowId
from hall.queue import estimates, one_queue
from hall.queue.one_queue import may_serve
from hall.queue.queueing import may_call
from hall.queue.quote_errors import holds, told_min
from hall.queue.state import HallState
from hall.queue.window_minutes import Capacity
from tests.hall.world import World, clock, qinghe

WORKS = [Series(code) for code in "ABCDEFGH"]
ITEMS = {series: next(item.code for item in qinghe().items if item.series == series) for series in WORKS}
STAFF = {window: member.id for member in qinghe().staff for window in member.windows}


def hall(*windows: str, at: str = "09:30") -> World:
    world = World(state=HallState(qinghe()), now=clock(at)).open()
    for number in windows:
        staff = StaffId("0310") if number == "14" else STAFF[WindowId(number)]
        world.ask(SignIn(staff=staff, sealed_pin=b"", window=WindowId(number)), f"W{int(number):02d}")
    return world


def crowd(world: World, works: str) -> World:
    for number, work in enumerate(works):
        world.take(f"t{number}", ITEMS[Series(work)])
        world.now += 20
    return world


def lane(work: str) -> tuple[Series, Series, bool]:
    return Series(work), Series(work), False


def test_where_one_general_window_is_open_everybody_there_stands_before_me() -> None:
    world = crowd(hall("14"), "ABDEFGHA")
    for work in "ABH":
        assert estimates.quote(world.state, lane(work), world.now).people_ahead == 8
    both = crowd(hall("7", "14"), "ABDEFGHA")
    assert estimates.quote(both.state, lane("A"), both.now).people_ahead == 8
    assert estimates.quote(both.state, lane("C"), both.now).people_ahead == 0, "window 7 does nothing else"


def test_windows_of_their_own_keep_queues_apart() -> None:
    world = crowd(hall("1", "7", "14"), "ACACA")
    assert estimates.quote(world.state, lane("A"), world.now).people_ahead == 3
    assert estimates.quote(world.state, lane("C"), world.now).people_ahead == 2


def test_a_range_over_many_services_is_narrower_for_its_length_than_one_over_few() -> None:
    """Three of one's own work ahead at the only open window were once told twenty to a hundred and ninety minutes."""
    world = crowd(hall("7", "14"), "ABCDEFGH" * 2)
    quote = estimates.quote(world.state, lane("G"), world.now)
    assert told_min(quote) > 60
    assert quote.high_min < 2 * quote.low_min


def test_a_planned_noon_moves_a_range_and_does_not_widen_it() -> None:
    early, noon = crowd(hall("7", at="09:30"), "CCC"), crowd(hall("7", at="11:40"), "CCC")
    morning = estimates.quote(early.state, lane("C"), early.now)
    over_noon = estimates.quote(noon.state, lane("C"), noon.now)
    assert 80 <= told_min(over_noon) - told_min(morning) <= 90, "a window that comes back calls at once"
    assert over_noon.high_min - over_noon.low_min <= morning.high_min - morning.low_min + 1


def test_one_early_priority_number_is_no_stream_of_them() -> None:
    calm, one = crowd(hall("14"), "AAAAAAAAAA"), hall("14")
    one.ask(SignIn(staff=StaffId("0101"), sealed_pin=b""), "D1")
    one.take("p", ITEMS[Series("A")], terminal="D1", grant=True)
    crowd(one, "AAAAAAAAAA")
    later = told_min(estimates.quote(one.state, lane("A"), one.now))
    assert later < 1.5 * told_min(estimates.quote(calm.state, lane("A"), calm.now))


@settings(max_examples=60)
@given(st.sets(st.sampled_from([str(number) for number in range(1, 15)])), st.text("ABCDEFGH", max_size=12))
def test_who_may_serve_a_lane_is_who_may_call_it(windows: set[str], works: str) -> None:
    world = crowd(hall(*sorted(windows, key=int)), works)
    opened = list(world.state.open_windows())
    for key in [*world.state.lanes, *(lane(work) for work in "ABCDEFGH"), (Series("Y"), Series("C"), True)]:
        every = list(world.state.known.windows.values())
        assert may_serve(every, opened, key) == [each for each in every if may_call(world.state, each, key)]
        queue = one_queue.of(world.state, key, 5, 0.8)
        assert key in queue.lanes
        assert all(0 < queue.share(window) <= 1 for window in every)
        assert 0 < queue.uncertainty <= 0.8


@given(st.floats(0, 30_000), st.lists(st.tuples(st.floats(0, 20_000), st.booleans()), min_size=1, max_size=6))
def test_rest_is_never_longer_than_the_wait_it_is_part_of(until: float, told: list[tuple[float, bool]]) -> None:
    ats = sorted({0.0, *(at for at, _ in told)})
    steps = tuple((at, float(works), 0.0) for at, (_, works) in zip(ats, told * 2, strict=False))
    assert 0 <= Capacity(steps).resting_s(until) <= until + 1e-6


def test_a_quote_holds_at_both_of_its_ends() -> None:
    quote = estimates.quote(crowd(hall("7"), "CCCCC").state, lane("C"), clock("09:40"))
    assert holds(quote, quote.low_min)
    assert holds(quote, quote.high_min)
    assert not holds(quote, quote.high_min + 0.1)
