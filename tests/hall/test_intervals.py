import itertools
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.calendar.working_days import open_spans, start_of_day
from hall.health.intervals import Interval, Standing, availability, lost, observed, standing_as_interval, tile, totals
from hall.health.states import State
from tests.hall.world import clock, qinghe

HEARD = [State.UP, State.DEGRADED, State.DOWN, State.MAINTENANCE]
moments = st.integers(0, 1_000).map(float)
spans = st.tuples(moments, moments).map(lambda pair: (min(pair), max(pair)))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    began, ended = draw(spans)
    return Interval(subject="K1", state=draw(st.sampled_from(HEARD)), began=began, ended=ended)


def up(began: float, ended: float) -> Interval:
    return Interval(subject="K1", state=State.UP, began=began, ended=ended)


@given(st.lists(intervals(), max_size=12), spans, st.lists(spans, max_size=4))
def test_tiles_cover_the_span_exactly_whatever_was_recorded(
    known: list[Interval], span: tuple[float, float], hours: list[tuple[float, float]]
) -> None:
    tiles = tile(known, "K1", span, hours)
    edges = [one.began for one in tiles] + [tiles[-1].ended if tiles else span[0]]
    assert edges[0] == span[0]
    assert edges[-1] == (span[1] if tiles else span[0])
    assert all(one.ended == following for one, following in zip(tiles, edges[1:], strict=True))
    assert all(one.ended > one.began for one in tiles)
    assert sum(totals(tiles).values()) == pytest.approx(span[1] - span[0])


@given(st.lists(intervals(), max_size=12), spans, st.lists(spans, max_size=4))
def test_time_outside_opening_hours_counts_for_nobody(
    known: list[Interval], span: tuple[float, float], hours: list[tuple[float, float]]
) -> None:
    for one in tile(known, "K1", span, hours):
        middle = (one.began + one.ended) / 2
        is_open = any(first <= middle < last for first, last in hours)
        assert is_open == (one.state is not State.OFF_HOURS)


@given(st.lists(intervals(), max_size=12), spans)
def test_availability_lies_between_nothing_and_all(known: list[Interval], span: tuple[float, float]) -> None:
    seconds = totals(tile(known, "K1", span, [span]))
    share = availability(seconds)
    observed_s = seconds[State.UP] + seconds[State.DEGRADED] + seconds[State.DOWN]
    if observed_s == 0:
        assert share is None
    else:
        assert share is not None
        assert 0 <= share <= 1


def test_an_hour_of_degraded_service_counts_half_and_unobserved_time_counts_nowhere() -> None:
    known = [
        up(0, 60),
        Interval(subject="K1", state=State.DEGRADED, began=60, ended=80),
        Interval(subject="K1", state=State.DOWN, began=80, ended=100),
    ]
    seconds = totals(tile(known, "K1", (0, 400), [(0, 400)]))
    assert availability(seconds) == 0.7
    assert seconds[State.UNOBSERVED] == 300


def test_maintenance_is_neither_up_nor_down() -> None:
    known = [up(0, 50), Interval(subject="K1", state=State.MAINTENANCE, began=50, ended=100)]
    assert availability(totals(tile(known, "K1", (0, 100), [(0, 100)]))) == 1.0


words = st.lists(
    st.tuples(st.sampled_from(["up", "degraded", "down", "lost"]), st.integers(-500, 500).map(float)), max_size=30
)


@given(words)
def test_states_follow_each_other_without_gap_or_overlap_even_when_the_clock_is_set(
    told: list[tuple[str, float]],
) -> None:
    standing = Standing(subject="K1", state=State.UNOBSERVED, since=0, seen=0)
    closed: list[Interval] = []
    at = 0.0
    for word, step in told:
        at += step
        standing, ended = lost(standing, at) if word == "lost" else observed(standing, State(word), "", at)
        if ended is not None:
            closed.append(ended)
    whole = [*closed, standing_as_interval(standing)]
    assert whole[0].began == 0
    assert all(one.ended == following.began for one, following in itertools.pairwise(whole))
    assert all(one.ended > one.began for one in closed)


def test_what_was_lost_is_unobserved_from_the_last_word_on() -> None:
    standing, _ = observed(Standing(subject="K1", state=State.UP, since=0, seen=100), State.UP, "", 110)
    standing, ended = lost(standing, 140)
    assert ended == up(0, 110)
    assert (standing.state, standing.since, standing.seen) == (State.UNOBSERVED, 110, 140)


def test_opening_hours_come_from_the_packs_calendar() -> None:
    day = open_spans(qinghe(), clock("00:00"), clock("23:59"))
    assert day == ((clock("09:00"), clock("12:00")), (clock("13:30"), clock("17:00")))
    saturday = "2026-11-28"
    assert open_spans(qinghe(), clock("00:00", saturday), clock("23:59", saturday)) == ()
    week = open_spans(qinghe(), clock("12:00"), clock("12:00", "2026-11-29"))
    assert len(week) == 10


def test_a_day_begins_at_local_midnight() -> None:
    begin = datetime.fromisoformat("2026-11-23T00:00:00+08:00").timestamp()
    assert start_of_day(clock("00:00")) == begin
    assert start_of_day(clock("23:59:59")) == begin
