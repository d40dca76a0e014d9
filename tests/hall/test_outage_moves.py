"""Moves of a ticket that cut-off windows told differently."""

from hall.events import (
    TicketMissed,
)
from hall.ids import (
    SERVER,
    TicketId,
    WindowId,
)
from hall.moves import CallLapsed, NextItemBegun, TicketCancelled, TicketHeld, TicketResumed, TicketSteppedAway
from hall.queue.tickets import TicketState
from tests.hall.cut_off_hall import STAFF, TEN, Hall, adopted, call, finish, start, swapped, transferred, withdrawn
from tests.hall.world import PENSION


def test_a_window_that_lost_the_call_cannot_mark_the_number_missed_for_the_one_that_has_it() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.called("t1", "7", TEN + 60)
    lost = hall.called("t1", "9", TEN + 61)
    miss = hall.note("W09", TEN + 200, TicketMissed(ticket=TicketId("t1"), window=WindowId("9"), missed_at=TEN + 200))
    assert hall.ticket("t1").state is TicketState.CALLED
    assert hall.oddities() == {lost.event_id: "already_called", miss.event_id: "missed_elsewhere"}


def test_a_terminal_whose_clock_is_fast_gives_nobody_a_worse_place() -> None:
    hall = Hall(fast_s={"K2": 900.0})
    hall.issued("t1", TEN)
    assert hall.ticket("t1").since == TEN


def test_a_withdrawal_never_takes_back_what_a_panel_called_itself() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.note("W07", TEN + 60, call("t1", "7", TEN + 60, call_seq=42))
    hall.note("W07", TEN + 61, withdrawn("7", after=41, at=TEN + 61))
    assert hall.ticket("t1").state is TicketState.CALLED


def test_a_transferred_number_is_called_again_by_another_window_without_a_flag() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.called("t1", "7", TEN + 60)
    hall.note("W07", TEN + 70, start("t1", "7", TEN + 70))
    hall.note("W07", TEN + 90, transferred("t1", "7", TEN + 90))
    assert (hall.ticket("t1").state, hall.ticket("t1").since) == (TicketState.WAITING, TEN)
    hall.called("t1", "9", TEN + 100)
    hall.served("t1", "9", TEN + 110)
    assert (hall.ticket("t1").state, hall.ticket("t1").window, hall.oddities()) == (TicketState.DONE, "9", {})


def test_a_service_that_paused_goes_on_where_it_was_taken_up_again() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.called("t1", "7", TEN + 60)
    hall.note("W07", TEN + 70, start("t1", "7", TEN + 70))
    ticket = TicketId("t1")
    hall.note("W07", TEN + 80, TicketHeld(ticket=ticket, move=1, at=TEN + 80, window=WindowId("7"), staff=STAFF))
    assert hall.ticket("t1").state is TicketState.HELD
    hall.note("W09", TEN + 90, TicketResumed(ticket=ticket, move=2, at=TEN + 90, window=WindowId("9"), staff=STAFF))
    hall.note("W09", TEN + 95, finish("t1", "9", TEN + 95))
    assert (hall.ticket("t1").state, hall.oddities()) == (TicketState.DONE, {})
    hall.note("W09", TEN + 96, NextItemBegun(ticket=ticket, move=3, at=TEN + 96, item=PENSION, window=WindowId("9")))
    assert (hall.ticket("t1").state, hall.ticket("t1").window) == (TicketState.CALLED, "9")
    hall.note(SERVER, TEN + 300, CallLapsed(ticket=ticket, move=4, at=TEN + 300, window=WindowId("9"), cause="x"))
    assert (hall.ticket("t1").state, hall.ticket("t1").window, hall.oddities()) == (TicketState.WAITING, None, {})


def test_a_cancelled_number_that_a_cut_off_window_calls_and_serves_is_flagged_and_was_served() -> None:
    hall = Hall()
    hall.issued("t1")
    away = TicketSteppedAway(ticket=TicketId("t1"), move=1, at=TEN + 5, until=TEN + 600)
    hall.note("D1", TEN + 5, away)
    hall.note("D1", TEN + 10, TicketCancelled(ticket=TicketId("t1"), move=2, at=TEN + 10, staff=STAFF))
    late = hall.called("t1", "9", TEN + 60)
    assert (hall.ticket("t1").state, hall.oddities()) == (TicketState.CANCELLED, {late.event_id: "called_too_late"})
    odd = hall.note("D1", TEN + 61, TicketCancelled(ticket=TicketId("t1"), move=3, at=TEN + 61, staff=STAFF))
    assert hall.oddities()[odd.event_id] == "out_of_place"
    hall.served("t1", "9", TEN + 70)
    assert hall.ticket("t1").state is TicketState.DONE
    assert "served_uncalled" in hall.oddities().values()


def test_a_slip_that_a_guide_brought_in_is_a_ticket_before_and_after_its_terminal_tells_of_it() -> None:
    hall = Hall()
    hall.note("D1", TEN + 30, adopted("t1", TEN))
    assert (hall.ticket("t1").state, hall.ticket("t1").since) == (TicketState.WAITING, TEN)
    hall.note("D1", TEN + 40, swapped("t1", TEN + 40))
    assert hall.ticket("t1").label == "C005"
    before = hall.ticket("t1")
    hall.issued("t1", TEN)
    assert (hall.ticket("t1"), hall.oddities()) == (before, {})


def test_a_start_or_finish_that_is_told_twice_changes_nothing() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.called("t1", "7", TEN + 60)
    hall.note("W07", TEN + 70, start("t1", "7", TEN + 70))
    hall.note("W07", TEN + 71, start("t1", "7", TEN + 70))
    assert (hall.ticket("t1").state, hall.oddities()) == (TicketState.SERVING, {})
    stray = hall.note("W09", TEN + 80, finish("t1", "9", TEN + 80))
    assert (hall.ticket("t1").state, hall.oddities()) == (TicketState.SERVING, {stray.event_id: "finished_unseen"})


def test_a_window_that_lost_the_call_cannot_transfer_the_number_away_from_the_one_that_serves_it() -> None:
    hall = Hall()
    hall.issued("t1")
    hall.called("t1", "7", TEN + 60)
    hall.note("W07", TEN + 70, start("t1", "7", TEN + 70))
    odd = hall.note("W09", TEN + 80, transferred("t1", "9", TEN + 80))
    assert (hall.ticket("t1").state, hall.ticket("t1").window) == (TicketState.SERVING, "7")
    assert hall.oddities() == {odd.event_id: "out_of_place"}
