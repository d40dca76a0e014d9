"""The simulator is honest before its figures are: it agrees with closed forms, and the rules hold while it plays."""

import pytest

from benchmarks.estimates_day import measure
from benchmarks.queue_day import erlang_wait_min, mmc_check, most_in_row, play_days
from benchmarks.simulated_hall import FIGURES, SimulatedHall, people_of, reference_hall, resting_windows
from hall.ids import WindowId


def test_the_closed_form_gives_the_known_waits() -> None:
    assert erlang_wait_min(1, 0.5, 1.0) == pytest.approx(1.0)  # M/M/1: load x mean / (1 - load)
    assert erlang_wait_min(2, 1.0, 1.0) == pytest.approx(1 / 3)


def test_the_simulator_agrees_with_the_closed_form_of_many_equal_windows() -> None:
    check = mmc_check(6)
    assert abs(check["theory_min"] - check["simulated_min"]) <= check["ci95_min"]
    assert check["ci95_min"] < check["theory_min"]


def test_everybody_of_a_day_is_served_and_the_same_day_comes_out_twice() -> None:
    people = people_of("pension_45", 0)
    first = SimulatedHall(reference_hall()).play(people, resting_windows())
    again = SimulatedHall(reference_hall()).play(people_of("pension_45", 0), resting_windows())
    assert first == again
    assert len(first) == len(people)
    assert all(visit.called_at >= visit.issued_at for visit in first)


def test_the_shares_of_the_day_add_up() -> None:
    assert sum(span["share"] for span in FIGURES["arrivals"]["spans"]) == pytest.approx(1.0)


@pytest.mark.row("QUE-11", part="rule")
def test_on_a_pension_day_priority_is_quick_and_at_most_three_in_a_row() -> None:
    ours, in_row = play_days("pension_45", "apq_target", 3)
    strict, _ = play_days("pension_45", "strict", 3)
    first_come, _ = play_days("pension_45", "first_come", 3)
    assert in_row <= 3
    assert ours["priority_p95_min"] < first_come["priority_p95_min"]
    assert ours["regular_p95_min"] < strict["regular_p95_min"]


def test_rows_of_priority_calls_are_counted_by_window_and_only_while_ordinary_people_wait() -> None:
    one, two = WindowId("1"), WindowId("2")
    calls = [(one, True, True), (two, True, True), (one, True, True), (one, True, False), (one, True, True)]
    assert most_in_row(calls) == 2


def test_our_quotes_are_nearer_than_the_last_to_enter_service_on_the_peak_day() -> None:
    found = measure("pension_20", 3)
    for who in ("regular_mae_min", "priority_mae_min"):
        assert found["ours"][who] < found["last_to_enter"][who] < found["position_times_mean"][who]
