import functools
import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.events import (
    PriorityGranted,
    TicketCalled,
    TicketMissed,
    TicketReturned,
)
from hall.ids import (
    TicketId,
    WindowId,
)
from hall.moves import CallLapsed, NextItemBegun, TicketTransferred
from hall.oddities import TOLD, Oddity
from hall.outage.merging import NOTHING, Merged, Noted, in_order, merge
from hall.outage.settling import left_over, placed_ahead, queue, settle
from hall.queue.tickets import TicketState
from hall.speech.phrases import forbidden_in
from tests.hall.cut_off_hall import (
    STAFF,
    TEN,
    Hall,
    announced,
    finish,
    many,
    withdrawn,
)
from tests.hall.world import MONDAY, TUESDAY, clock, offline_ticket


@given(many, many, many)
def test_it_does_not_matter_who_merged_what_first_or_how_often(
    one: list[Noted], two: list[Noted], three: list[Noted]
) -> None:
    assert merge(one, two) == merge(two, one)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    whole = merge(one, two, three)
    assert merge(whole, whole, two) == whole
    assert merge(whole, NOTHING) == whole
    assert msgspec.json.encode(whole) == msgspec.json.encode(merge(three, two, one))


@given(many, st.data())
def test_whatever_the_order_of_arrival_the_hall_settles_the_same(told: list[Noted], data: st.DataObject) -> None:
    """In one go, or trickling in one by one, shuffled, with repeats."""
    trickling = data.draw(st.permutations(told + told[:3]))
    step_by_step: Merged = functools.reduce(lambda held, one: merge(held, [one]), trickling, NOTHING)
    assert settle(step_by_step) == settle(merge(told))


@given(many)
def test_no_ticket_is_lost_and_no_call_goes_without_a_ticket_or_a_flag(told: list[Noted]) -> None:
    whole = merge(told)
    settled = settle(whole)
    flagged = {flag.event_id for flag in settled.flags}
    kept = {one.event_id: one for one in reversed(whole)}.values()
    issued = {one.event.ticket for one in kept if one.event.__class__.__name__ == "TicketIssued"}  # type: ignore[union-attr]
    names = [one.ticket for one in settled.tickets]
    assert issued <= set(names)
    assert len(set(names)) == len(names)
    for ticket in names:
        plain = [
            one
            for one in kept
            if isinstance(one.event, TicketCalled) and one.event.ticket == ticket and one.event_id not in flagged
        ]
        ways_back = (TicketReturned, CallLapsed, TicketTransferred, NextItemBegun)
        returns = sum(isinstance(one.event, ways_back) and one.event.ticket == ticket for one in kept)
        assert len(plain) <= 1 + returns
    assert all(flag.told for flag in settled.flags)


@given(st.lists(st.tuples(st.integers(-3, 3), st.sampled_from(["7", "9", "11"])), min_size=1, max_size=6, unique=True))
def test_the_first_call_by_corrected_time_then_event_id_wins_and_all_others_are_flagged(
    calls: list[tuple[int, str]],
) -> None:
    hall = Hall(fast_s={"W07": 120.0, "W09": -45.0})
    hall.issued("t1", TEN - 600)
    made = [hall.called("t1", window, TEN + at) for at, window in sorted(calls, key=lambda row: row[0])]
    first = min(made, key=lambda one: (one.hall_time, one.event_id))
    assert (hall.ticket("t1").state, hall.ticket("t1").call) == (TicketState.CALLED, first.event_id)
    assert hall.oddities() == {one.event_id: "already_called" for one in made if one is not first}


def test_two_windows_that_were_cut_off_call_the_same_number_and_the_second_learns_who_has_it() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.called("t1", "9", TEN + 65)
    hall.called("t1", "7", TEN + 60)
    (flag,) = hall.settled().flags
    assert (flag.oddity, flag.window, flag.other) == (Oddity.ALREADY_CALLED, "9", "7")
    assert flag.told == "这个号已由7号窗口先呼叫"
    assert hall.ticket("t1").window == "7"


def test_the_person_went_to_the_other_window_and_is_served_there_not_missed_here() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.called("t1", "7", TEN + 60)
    hall.called("t1", "9", TEN + 62)
    hall.served("t1", "9", TEN + 120)
    hall.note("W07", TEN + 240, TicketMissed(ticket=TicketId("t1"), window=WindowId("7"), missed_at=TEN + 240))
    assert (hall.ticket("t1").state, hall.ticket("t1").window) == (TicketState.DONE, "9")
    assert list(hall.oddities().values()) == ["already_called", "served_elsewhere", "missed_elsewhere"]


def test_two_windows_that_both_say_they_served_the_same_number_are_shown_to_somebody() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.called("t1", "7", TEN + 60)
    hall.served("t1", "7", TEN + 90)
    hall.served("t1", "9", TEN + 100)
    assert hall.ticket("t1").state is TicketState.DONE
    assert [flag.told for flag in hall.settled().flags] == ["7号窗口和9号窗口都记录了办理,请核对"]


def test_a_call_that_was_committed_but_never_announced_returns_its_ticket_to_its_place() -> None:
    """The server died between its commit and its answer; window 7 gave up, called another, and came back first."""
    hall = Hall()
    hall.issued("t1", TEN - 600, 701)
    hall.issued("t2", TEN - 500, 702)
    unheard = hall.called("t1", "7", TEN, call_seq=42)
    assert hall.ticket("t1").state is TicketState.CALLED
    hall.note("W07", TEN + 6, withdrawn("7", after=41, at=TEN + 6))
    hall.called("t2", "7", TEN + 7)
    assert hall.oddities() == {unheard.event_id: "call_returned"}
    assert [(one.ticket, one.since) for one in queue(hall.settled(), MONDAY)] == [("t1", TEN - 600)]
    hall.called("t1", "9", TEN + 30)
    assert (hall.ticket("t1").window, hall.oddities()) == ("9", {unheard.event_id: "call_returned"})


@pytest.mark.parametrize(
    ("after", "withdrawn_at", "spoken", "expected"),
    [
        (41, TEN + 6, True, TicketState.CALLED),
        (42, TEN + 6, False, TicketState.CALLED),
        (41, TEN - 1, False, TicketState.CALLED),
        (41, TEN + 6, False, TicketState.WAITING),
    ],
)
def test_a_call_stands_that_a_display_spoke_that_the_panel_knew_or_that_came_after_the_withdrawal(
    after: int, withdrawn_at: float, spoken: bool, expected: TicketState
) -> None:
    hall = Hall()
    hall.issued("t1", TEN - 600)
    hall.called("t1", "7", TEN, call_seq=42)
    hall.note("W07", withdrawn_at, withdrawn("7", after, withdrawn_at))
    if spoken:
        hall.note("S1", TEN + 1, announced("7", 42, TEN + 1))
    assert hall.ticket("t1").state is expected


def test_yesterdays_events_that_come_today_settle_yesterday_and_leave_todays_queue_alone() -> None:
    hall = Hall()
    hall.issued("today", clock("09:05", TUESDAY))
    tuesday = offline_ticket("today", "A", 701, clock("09:05", TUESDAY), day=TUESDAY)
    hall.facts[0] = msgspec.structs.replace(hall.facts[0], event=tuesday)
    before = queue(hall.settled(), TUESDAY)
    hall.issued("served", clock("16:40"))
    hall.issued("forgotten", clock("16:50"), 702)
    hall.called("served", "7", clock("16:45"))
    hall.served("served", "7", clock("16:46"))
    settled = hall.settled()
    assert queue(settled, TUESDAY) == before
    assert [one.ticket for one in before] == ["today"]
    assert [one.ticket for one in left_over(settled, TUESDAY)] == ["forgotten"]
    assert left_over(settled, MONDAY) == ()
    assert hall.ticket("served").state is TicketState.DONE
    assert settled.flags == ()


def test_a_panel_whose_clock_is_two_minutes_fast_does_not_lose_a_call_it_made_first() -> None:
    hall = Hall(fast_s={"W09": 120.0})
    hall.issued("t1", TEN - 60)
    first = hall.called("t1", "9", TEN)
    hall.called("t1", "7", TEN + 30)
    assert hall.ticket("t1").call == first.event_id


def test_a_clock_that_is_set_back_between_call_and_start_does_not_turn_them_round() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.called("t1", "7", TEN + 60)
    hall.served("t1", "7", TEN - 3600)
    assert hall.ticket("t1").state is TicketState.DONE
    assert hall.oddities() == {}
    assert [one.seq for one in in_order(hall.facts) if one.device == "W07"] == [1, 2, 3]


def test_a_missed_number_that_came_back_is_called_again_and_its_place_is_the_new_one() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.called("t1", "7", TEN + 60)
    hall.note("W07", TEN + 200, TicketMissed(ticket=TicketId("t1"), window=WindowId("7"), missed_at=TEN + 200))
    late = hall.called("t1", "9", TEN + 210)
    assert hall.oddities() == {late.event_id: "called_too_late"}
    back = TicketReturned(ticket=TicketId("t1"), staff=STAFF, since=TEN + 90, returned_at=TEN + 300)
    hall.note("D1", TEN + 300, back)
    assert (hall.ticket("t1").state, hall.ticket("t1").since) == (TicketState.WAITING, TEN + 90)
    again = hall.note("D1", TEN + 301, back)
    assert hall.oddities()[again.event_id] == "not_missed"
    hall.called("t1", "9", TEN + 310)
    assert (hall.ticket("t1").state, hall.ticket("t1").window) == (TicketState.CALLED, "9")


def test_a_call_that_arrives_before_its_ticket_waits_for_the_rest_of_the_story() -> None:
    hall = Hall()
    made = hall.called("t1", "7", TEN + 60)
    assert hall.oddities() == {made.event_id: "not_issued"}
    assert (hall.ticket("t1").label, hall.ticket("t1").day) == ("A701", "")
    assert queue(hall.settled(), MONDAY) == ()
    hall.issued("t1", TEN + 61)
    assert (hall.ticket("t1").state, hall.oddities()) == (TicketState.CALLED, {})


def test_one_label_for_two_people_stays_valid_for_both_and_the_later_is_flagged() -> None:
    hall = Hall()
    hall.issued("t1", TEN)
    second = hall.issued("t2", TEN + 5)
    hall.note("K1", TEN, PriorityGranted(ticket=TicketId("t2"), issuer=STAFF, sealed=b"sealed"))
    assert hall.oddities() == {second.event_id: "label_clash"}
    assert [(one.ticket, one.priority) for one in queue(hall.settled(), MONDAY)] == [("t1", False), ("t2", True)]


def test_one_event_id_for_two_things_is_told_and_the_hall_goes_on_with_one_of_them() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.called("t1", "7", TEN + 60, event_id="same")
    hall.called("t1", "9", TEN + 50, event_id="same")
    assert hall.oddities() == {"same": "one_id_twice"}
    again = Hall(facts=list(reversed(hall.facts)))
    assert again.settled() == hall.settled()


def test_a_second_issue_and_a_finish_without_a_start_are_flagged() -> None:
    hall = Hall()
    hall.issued("t1")
    second = hall.issued("t1", TEN + 9)
    unseen = hall.note("W07", TEN + 90, finish("t1", "7", TEN + 90))
    assert hall.oddities() == {second.event_id: "second_issue", unseen.event_id: "finished_unseen"}
    assert (hall.ticket("t1").state, hall.ticket("t1").since) == (TicketState.DONE, TEN)


def test_every_reordering_is_told_with_how_many_were_overtaken() -> None:
    hall = Hall()
    hall.issued("t1", TEN, 701)
    hall.issued("t3", TEN + 120, 703)
    before = [one.ticket for one in queue(hall.settled(), MONDAY)]
    hall.issued("t2", TEN + 60, 702)
    hall.issued("t4", TEN + 180, 704)
    after = [one.ticket for one in queue(hall.settled(), MONDAY)]
    assert after == ["t1", "t2", "t3", "t4"]
    assert placed_ahead(before, after) == (("t2", 1),)


def test_what_staff_read_of_an_oddity_is_courteous_and_complete() -> None:
    assert set(TOLD) == set(Oddity)
    assert [text for text in TOLD.values() if forbidden_in(text)] == []


def test_a_day_without_trouble_settles_without_a_flag() -> None:
    hall = Hall()
    numbers = itertools.count()
    for name in (f"t{number:04d}" for number in range(40)):
        at = TEN + 60 * next(numbers)
        hall.issued(name, at, 100 + next(numbers))
        hall.called(name, "7", at + 30)
        hall.served(name, "7", at + 40)
    settled = hall.settled()
    assert {one.state for one in settled.tickets} == {TicketState.DONE}
    assert settled.flags == ()
