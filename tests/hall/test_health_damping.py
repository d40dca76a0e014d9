import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.health import damping, forecasts
from hall.health.damping import HIGH, LOOKS, LOW, Damper
from hall.health.forecasts import Roll
from hall.health.states import State
from hall.speech.phrases import forbidden_in

states = st.sampled_from([State.UP, State.DOWN, State.DEGRADED])


def look(damper: Damper, *states: State) -> list[tuple[State, str]]:
    shown = []
    for state in states:
        damper = damping.looked(damper, state)
        shown.append(damper.shown)
    return shown


def steady(state: State = State.UP) -> Damper:
    return Damper(state=state)


def test_a_plug_that_wobbles_becomes_one_state_until_it_is_steady_again() -> None:
    wobble = [State.DOWN, State.UP] * 15
    shown = look(steady(), *wobble, *[State.UP] * LOOKS)
    assert shown[: HIGH - 1] == [(state, "") for state in wobble[: HIGH - 1]]
    assert set(shown[HIGH - 1 : len(wobble)]) == {(State.DEGRADED, "flapping")}
    assert shown[-1] == (State.UP, "")
    assert len(list(itertools.groupby(shown))) == HIGH - 1 + 2


def test_one_fault_and_its_repair_are_no_flapping() -> None:
    assert (State.DEGRADED, "flapping") not in look(steady(), *[State.DOWN] * 5, *[State.UP] * 30, State.DOWN, State.UP)


def test_between_the_thresholds_it_stays_as_it_was() -> None:
    almost = look(steady(), *[State.DOWN, State.UP] * ((HIGH - 1) // 2), *[State.UP] * 5)
    assert {code for _, code in almost} == {""}
    calming = look(steady(), *[State.DOWN, State.UP] * (HIGH // 2), *[State.UP] * (LOOKS - HIGH + LOW - 1))
    assert calming[-1] == (State.DEGRADED, "flapping")
    assert look(steady(), *[State.DOWN, State.UP] * (HIGH // 2), *[State.UP] * (LOOKS - HIGH + LOW))[-1] == (
        State.UP,
        "",
    )


def test_somebody_who_works_on_it_all_day_makes_no_flapping() -> None:
    shown = look(steady(), *[State.MAINTENANCE, State.UP] * 20)
    assert {code for _, code in shown} == {""}


@given(st.lists(states, max_size=80))
def test_what_is_shown_never_changes_more_often_than_what_was_said(said: list[State]) -> None:
    shown = [(State.UP, ""), *look(steady(), *said)]
    changes = sum(one != other for one, other in itertools.pairwise(shown))
    assert changes <= sum(one is not other for one, other in itertools.pairwise([State.UP, *said]))


@given(st.lists(states, max_size=60), states)
def test_whatever_happened_twenty_quiet_looks_later_it_is_shown_as_it_is(said: list[State], last: State) -> None:
    assert look(steady(), *said, *[last] * (LOOKS + 1))[-1] == (last, "")


def test_what_hangs_on_a_dead_switch_is_one_trouble() -> None:
    parents = {"K1.printer": "K1", "K1": "switch", "K2": "switch", "W07": "switch east"}
    assert damping.causes(["K1.printer", "K2", "switch", "W07"], parents) == {
        "W07": (),
        "switch": ("K1.printer", "K2"),
    }
    assert damping.causes(["K1.printer"], parents) == {"K1.printer": ()}


names = st.sampled_from("abcdef")


@given(st.sets(names), st.dictionaries(names, names))
def test_every_trouble_is_told_or_hidden_by_one_that_is_also_when_things_hang_in_a_ring(
    troubled: set[str], parents: dict[str, str]
) -> None:
    told = damping.causes(troubled, parents)
    everything = [*told, *(one for hidden in told.values() for one in hidden)]
    assert sorted(everything) == sorted(troubled)
    for cause, hidden in told.items():
        for one in hidden:
            line, at = set(), one
            while (at := parents.get(at, "")) and at not in line:
                line.add(at)
            assert cause in line


def test_paper_for_forty_more_tickets_is_said_when_it_is_so() -> None:
    left = forecasts.left_mm(Roll(roll_mm=80_000, used_mm=74_000))
    assert left == 6_000
    assert forecasts.slips_left(left, [130.0] * 5, usual_mm=120.0) == 40
    assert forecasts.told(40) == "纸还够打印约40张,请准备新的纸卷"
    assert forecasts.told(0) == "纸即将用完,请现在更换纸卷"
    assert forecasts.told(50) == ""
    assert not forbidden_in(forecasts.told(40) + forecasts.told(0))


def test_the_sensor_knows_better_than_a_count_that_began_with_half_a_roll() -> None:
    roll = Roll(roll_mm=80_000, used_mm=30_000, near_end_mm=5_000, used_at_near_end_mm=28_000)
    assert forecasts.left_mm(roll) == 3_000
    worn = Roll(roll_mm=80_000, used_mm=79_000, near_end_mm=5_000, used_at_near_end_mm=79_000)
    assert forecasts.left_mm(worn) == 1_000


@pytest.mark.parametrize(
    ("left", "recent", "usual", "expected"),
    [
        (6_000, [], 120.0, 40),
        (6_000, [60.0] * 20, 120.0, 40),
        (6_000, [600.0] * 50 + [300.0] * 20, 120.0, 18),
        (1_000, [], 120.0, 7),
        (-5, [130.0], 120.0, 0),
        (1_000, [], 0.0, 0),
    ],
)
def test_the_forecast_learns_from_the_last_slips_and_is_rather_too_low(
    left: float, recent: list[float], usual: float, expected: int
) -> None:
    assert forecasts.slips_left(left, recent, usual) == expected


@given(st.floats(0, 100_000), st.lists(st.floats(20, 400), max_size=30), st.floats(50, 300))
def test_so_many_slips_of_the_usual_length_always_fit_on_what_is_left(
    left: float, recent: list[float], usual: float
) -> None:
    assert forecasts.slips_left(left, recent, usual) * usual <= left


def test_it_says_until_when_at_the_pace_so_far() -> None:
    printed = [0.0, 600.0, 1_200.0, 1_800.0]
    assert forecasts.lasts_until(4, printed, 2_400.0) == 4_800.0
    assert forecasts.lasts_until(4, [], 2_400.0) is None
    assert forecasts.lasts_until(4, [2_400.0], 2_400.0) is None
