import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.health.evidence import Kept, boot_began, claims, corrections
from hall.health.intervals import Interval, availability, tile, totals
from hall.health.states import SILENT, State
from tests.hall.world import clock

TOLD = [State.UP, State.DEGRADED, State.DOWN, State.MAINTENANCE]
DAY = (clock("09:00"), clock("17:00"))
moments = st.integers(0, 300).map(float)


def row(state: State, began: float, ended: float, code: str = "", revision: int = 0) -> Interval:
    return Interval(subject="K1", state=state, code=code, began=began, ended=ended, revision=revision)


@st.composite
def rows(draw: st.DrawFn) -> Interval:
    began, ended = sorted((draw(moments), draw(moments)))
    state = draw(st.sampled_from([*TOLD, State.UNOBSERVED]))
    code = draw(st.sampled_from(["", SILENT])) if state is State.DOWN else ""
    return row(state, began, ended, code, draw(st.integers(0, 3)))


@st.composite
def evidence(draw: st.DrawFn) -> tuple[Interval, ...]:
    kept = draw(
        st.lists(
            st.builds(
                Kept,
                boot=st.sampled_from(["b1", "b2", "never heard"]),
                mono_s=st.integers(0, 150).map(float),
                state=st.sampled_from(TOLD),
            ),
            max_size=20,
        )
    )
    return claims("K1", kept, {"b1": 0.0, "b2": 150.0})


@given(st.lists(rows(), max_size=12), moments, moments)
def test_tiles_of_any_rows_of_any_revision_have_no_gap_and_no_overlap(
    known: list[Interval], one: float, other: float
) -> None:
    span = (min(one, other), max(one, other))
    tiles = tile(known, "K1", span, [span])
    edges = [span[0], *(piece.ended for piece in tiles)]
    assert [piece.began for piece in tiles] == edges[:-1]
    assert edges[-1] == span[1]
    assert all(piece.ended > piece.began for piece in tiles)


@given(st.lists(rows(), max_size=10), st.floats(0, 300, exclude_max=True))
def test_at_every_moment_the_highest_revision_counts(known: list[Interval], at: float) -> None:
    (shown,) = [one for one in tile(known, "K1", (0.0, 300.0), [(0.0, 300.0)]) if one.began <= at < one.ended]
    there = [one for one in known if one.began <= at < one.ended]
    if not there:
        assert shown.state is State.UNOBSERVED
        return
    highest = max(one.revision for one in there)
    assert (shown.state, shown.code) in {(one.state, one.code) for one in there if one.revision == highest}


@given(st.lists(rows(), max_size=10), evidence(), st.floats(0, 300, exclude_max=True))
def test_late_evidence_fills_what_was_not_observed_and_overrules_nothing_that_was(
    known: list[Interval], late: tuple[Interval, ...], at: float
) -> None:
    span = (0.0, 300.0)
    new = corrections(known, late, "K1")

    def shown(all_rows: list[Interval]) -> tuple[State, str]:
        (one,) = [piece for piece in tile(all_rows, "K1", span, [span]) if piece.began <= at < piece.ended]
        return one.state, one.code

    before, after = shown(known), shown([*known, *new])
    proved = {(one.state, one.code) for one in late if one.began <= at < one.ended}
    if before[0] is not State.UNOBSERVED and before[1] != SILENT:
        assert after == before
    else:
        assert after in (proved or {before})


@given(st.lists(rows(), max_size=10), evidence())
def test_the_same_evidence_again_appends_nothing_and_no_row_is_edited(
    known: list[Interval], late: tuple[Interval, ...]
) -> None:
    held = [msgspec.structs.replace(one) for one in known]
    new = corrections(known, late, "K1")
    assert known == held
    assert all(one.revision > 0 for one in new)
    assert corrections([*known, *new], late, "K1") == ()
    assert all(one.ended <= other.began for one, other in itertools.pairwise(sorted(new, key=lambda one: one.began)))


def test_a_terminal_that_served_cut_off_for_an_hour_was_up_and_the_report_says_so_afterwards() -> None:
    """Down by silence from 10:01; its own heartbeats, sent at 11:00, show that it gave numbers all the time."""
    ten, eleven = clock("10:00"), clock("11:00")
    known = [
        row(State.UP, DAY[0], ten),
        row(State.UNOBSERVED, ten, ten + 60),
        row(State.DOWN, ten + 60, eleven, SILENT),
        row(State.UP, eleven, DAY[1]),
    ]
    seconds = totals(tile(known, "K1", DAY, [DAY]))
    assert availability(seconds) == pytest.approx(1 - 3540 / 28740)
    began = boot_began(mono_s=7_200.0, heard_at=eleven)
    kept = [Kept(boot="b7", mono_s=3_600.0 + 10 * beat, state=State.UP) for beat in range(361)]
    late = claims("K1", kept, {"b7": began})
    assert late == (row(State.UP, ten, eleven),)
    new = corrections(known, late, "K1")
    assert new == (row(State.UP, ten, ten + 60, revision=1), row(State.UP, ten + 60, eleven, revision=1))
    seconds = totals(tile([*known, *new], "K1", DAY, [DAY]))
    assert (availability(seconds), seconds[State.UNOBSERVED]) == (1.0, 0.0)


def test_a_printer_that_was_out_of_paper_while_nobody_listened_was_down_then() -> None:
    kept = [
        Kept(boot="b", mono_s=0.0, state=State.UP),
        Kept(boot="b", mono_s=10.0, state=State.DOWN, code="no_paper"),
        Kept(boot="b", mono_s=20.0, state=State.UP),
        Kept(boot="b", mono_s=30.0, state=State.UP),
    ]
    late = claims("K1", kept, {"b": 100.0})
    new = corrections([row(State.UP, 0.0, 105.0)], late, "K1")
    assert [(one.state, one.began, one.ended) for one in new] == [
        (State.UP, 105.0, 110.0),
        (State.DOWN, 110.0, 120.0),
        (State.UP, 120.0, 130.0),
    ]


def test_heartbeats_of_a_boot_whose_time_nobody_knows_and_long_pauses_prove_nothing() -> None:
    beats = [Kept(boot="b", mono_s=at, state=State.UP) for at in (0.0, 25.0, 51.0)]
    assert claims("K1", beats, {}) == ()
    assert claims("K1", beats, {"b": 0.0}) == (row(State.UP, 0.0, 25.0),)
    two_boots = [Kept(boot="a", mono_s=100.0, state=State.UP), Kept(boot="b", mono_s=5.0, state=State.UP)]
    assert claims("K1", two_boots, {"a": 0.0, "b": 100.0}) == ()
    assert corrections([], (), "K1") == ()
