"""The board carries all that a panel, a desk and a lead need, in few bytes and little time."""

import time
from math import ceil

import msgspec
import pytest

from hall.commands import CallNext, CancelTicket, MarkMissed, Recall, ReturnMissed, StartService, StepAway
from hall.day import board, pressing
from hall.day.decisions import HallState
from hall.ids import BusinessDay, ItemCode, Series, TicketId, TicketLabel, WindowId
from hall.outage import sharing
from hall.pack.hall_pack import shown
from hall.queue.tickets import TicketState
from hall.speech.phrases import forbidden_in
from hall.wire.board import MAX_WAITING_SHOWN, Board, WaitingShown
from hall.wire.codec import MAX_MESSAGE_BYTES, encode
from hall.wire.shown import MAX_ASIDE_SHOWN, AsideShown, StaffingShown
from tests.hall.asking import GUIDE, desk, hold, panel, transfer, working
from tests.hall.world import CARD, MONDAY, PENSION, TUESDAY, World, clock

LONGEST_BOARD_S = 0.010
"""A board of a full hall, so that four a second leave the writer its time."""


def seen(world: World) -> Board:
    told = pressing.pressing(world.state, world.now)
    return board.board(world.state, world.now, 7, 1, TUESDAY, staffing=told)


def staffing(world: World) -> dict[str, StaffingShown]:
    return {one.kind: one for one in seen(world).staffing}


def missed(world: World, ticket: str = "t1") -> TicketLabel:
    """Take, call, recall and miss at window 14."""
    label = world.take(ticket, CARD).label
    world.at(CallNext)
    for _ in range(3):
        world.now += world.state.pack.limits.call_spacing_s
        world.at(Recall)
    world.at(MarkMissed)
    assert world.state.tickets[TicketId(ticket)].state is TicketState.MISSED
    return label


# ---- who waits ---------------------------------------------------------------------------------------------------


def test_the_board_names_where_a_ticket_is_bound_who_asked_it_near_and_until_when_it_is_away() -> None:
    world = working()
    for ticket in ("sent", "near", "away"):
        world.take(ticket, CARD)
        world.now += 1
    sent, near, away = (world.state.tickets[TicketId(name)] for name in ("sent", "near", "away"))
    world.at(CallNext)
    panel(world, transfer("7", PENSION))
    near.precalled_by = WindowId("14")
    desk(world, StepAway(label=away.label, staff=GUIDE, minutes=10))
    told = {str(one.ticket): one for one in seen(world).waiting_tickets}
    assert told["sent"].bound == sent.bound == WindowId("7")
    assert told["near"].precalled_by == WindowId("14")
    assert told["away"].away_until == world.now + 600
    assert (told["near"].bound, told["near"].away_until) == (None, 0.0)


def _alone(world: World, window: str) -> list[str]:
    """Who a panel that calls alone from the last board compares."""
    plan = shown(world.state.pack, b"")
    at = seen(world)
    serving = sharing.signed_in(at, plan.windows, plan.items)
    return [
        head.ticket
        for head in sharing.heads(WindowId(window), at.waiting_tickets, serving, world.now, rates=(1.0, 3.0))
    ]


def test_a_panel_on_its_own_leaves_what_was_sent_or_asked_near_to_its_window() -> None:
    world = working()
    world.take("t1", CARD)
    ticket = world.state.tickets[TicketId("t1")]
    for number in ("13", "14"):
        world.state.windows[WindowId(number)].staff = GUIDE
    assert _alone(world, "13") == _alone(world, "14") == ["t1"]
    ticket.bound = WindowId("13")
    assert (_alone(world, "13"), _alone(world, "14")) == (["t1"], [])
    ticket.bound, ticket.precalled_by = None, WindowId("14")
    assert (_alone(world, "13"), _alone(world, "14")) == ([], ["t1"])
    world.state.windows[WindowId("14")].staff = None
    assert _alone(world, "13") == ["t1"], "a window that closed keeps nobody waiting"


def test_a_panel_on_its_own_passes_over_who_stepped_away_and_calls_them_when_the_time_is_over() -> None:
    world = working()
    label = world.take("t1", CARD).label
    desk(world, StepAway(label=label, staff=GUIDE, minutes=10))
    assert _alone(world, "14") == []
    world.now += 600
    assert _alone(world, "14") == ["t1"]


# ---- who is aside ------------------------------------------------------------------------------------------------


def test_missed_held_and_away_stand_aside_with_what_may_follow() -> None:
    world = working()
    assert seen(world).aside == ()
    label = missed(world)
    at_missed = world.now
    world.now += 5
    held = world.take("t2", CARD).label
    world.at(CallNext)
    world.at(StartService)
    panel(world, hold())
    at_held = world.now
    world.now += 5
    away = world.take("t3", CARD).label
    desk(world, StepAway(label=away, staff=GUIDE, minutes=5))
    assert seen(world).aside == (
        AsideShown(label=label, state="missed", at=at_missed, window=WindowId("14"), item=CARD),
        AsideShown(label=held, state="held", at=at_held, window=WindowId("14"), item=CARD),
        AsideShown(label=away, state="away", at=world.now, until=world.now + 300, item=CARD),
    )
    world.now += 300
    assert [one.state for one in seen(world).aside] == ["missed", "held"], "whose time is over stands in line again"
    desk(world, ReturnMissed(label=label, staff=GUIDE))
    desk(world, CancelTicket(label=held, staff=GUIDE))
    assert seen(world).aside == ()


def test_the_newest_stand_on_the_board_the_oldest_first() -> None:
    world = working()
    for number in range(MAX_ASIDE_SHOWN + 5):
        label = world.take(f"t{number:03}", CARD).label
        desk(world, StepAway(label=label, staff=GUIDE, minutes=15))
        world.now += 1
    told = seen(world).aside
    assert len(told) == MAX_ASIDE_SHOWN
    assert [one.label for one in told] == [f"H{number:03}" for number in range(6, MAX_ASIDE_SHOWN + 6)]


# ---- what presses ------------------------------------------------------------------------------------------------


@pytest.mark.row("QUE-12", part="rule")
def test_a_passed_cap_comes_before_a_helpful_move_and_both_name_the_window() -> None:
    world = working(regular_cap_min=20)
    for number in range(20):
        world.take(f"t{number:02}")
    world.now += 31 * 60
    told = seen(world).staffing
    assert [one.kind for one in told] == ["cap", "balance"]
    assert (told[0].work, told[0].window, told[1].window) == ("C", "8", "7")


def test_a_series_at_seventy_percent_is_told_and_comes_first_when_it_is_used_up() -> None:
    world = working(regular_cap_min=20)
    first, last = world.state.pack.leased
    key = (MONDAY, Series("C"))
    world.state.last_leased[key] = first + ceil((last - first + 1) * 0.7) - 2
    assert "capacity" not in staffing(world)
    world.state.last_leased[key] += 1
    assert staffing(world)["capacity"].work == "C"
    world.state.last_leased[BusinessDay("2026-11-20"), Series("A")] = last
    assert [one.work for one in seen(world).staffing] == ["C"], "another day's numbers say nothing of today's"
    for number in range(20):
        world.take(f"t{number:02}")
    assert [one.kind for one in seen(world).staffing] == ["cap", "capacity"]
    world.state.last_leased[key] = last
    assert [one.kind for one in seen(world).staffing] == ["capacity", "cap"]


@pytest.mark.row("QUE-20", part="rule")
def test_from_the_cut_off_on_the_lead_sees_who_still_holds_a_number() -> None:
    world = working()
    world.now = clock("16:44")
    labels = [world.take(f"t{number}", CARD).label for number in range(7)]
    assert "still_to_serve" not in staffing(world)
    world.now = clock("16:45")
    told = staffing(world)["still_to_serve"]
    assert told.labels == tuple(labels)
    assert "7位" in told.zh
    assert "17:00" in told.en
    world.now = clock("17:05")
    assert "下班" in staffing(world)["still_to_serve"].zh
    for label in labels:
        desk(world, CancelTicket(label=label, staff=GUIDE))
    assert "still_to_serve" not in staffing(world)


def test_before_the_doors_open_nothing_presses() -> None:
    assert pressing.pressing(World().state, clock("08:00")) == ()


def test_every_sentence_is_courteous_and_complete() -> None:
    world = working(regular_cap_min=20)
    for number in range(20):
        world.take(f"t{number:02}")
    world.now = clock("16:50")
    world.state.last_leased[MONDAY, Series("A")] = 600
    world.state.last_leased[MONDAY, Series("B")] = world.state.pack.leased[1]
    told = seen(world).staffing
    assert [one.kind for one in told] == ["capacity", "cap", "still_to_serve", "balance", "capacity"]
    for one in told:
        assert forbidden_in(one.zh) == ()
        assert one.zh.endswith("。")
        assert one.en.endswith(".")


# ---- size and time -----------------------------------------------------------------------------------------------


def crowded(waiting: int) -> World:
    """A hall where so many wait, with all kinds of work, some with priority."""
    world = World(HallState(working().state.pack)).open().sign_in_all()
    items = [ItemCode(item.code) for item in world.state.pack.items]
    for number in range(waiting):
        world.now += 1
        world.take(
            f"{number:032x}", items[number % len(items)], "D1" if number % 7 == 0 else "K1", grant=number % 7 == 0
        )
    return world


def test_a_full_board_stays_far_below_the_largest_message() -> None:
    world = crowded(10)
    full = WaitingShown(
        TicketId("0" * 32),
        TicketLabel("A12-K3"),
        PENSION,
        Series("A"),
        Series("A"),
        priority=True,
        since=1_795_000_000.123456,
        bound=WindowId("14"),
        precalled_by=WindowId("14"),
        away_until=1_795_000_000.123456,
    )
    aside = AsideShown(label=TicketLabel("A12-K3"), state="missed", at=1_795_000_000.123456, window=WindowId("14"))
    pressed = StaffingShown(kind="cap", zh="等" * 100, en="w" * 200, labels=(TicketLabel("A12-K3"),) * MAX_ASIDE_SHOWN)
    shown_board = msgspec.structs.replace(
        seen(world),
        waiting_tickets=(full,) * MAX_WAITING_SHOWN,
        aside=(aside,) * MAX_ASIDE_SHOWN,
        staffing=(pressed,) * 20,
    )
    assert len(encode(shown_board)) < MAX_MESSAGE_BYTES / 2


def test_a_board_of_five_hundred_is_made_in_a_moment() -> None:
    world = crowded(500)
    took: list[float] = []
    for _ in range(5):
        began = time.perf_counter()
        told = seen(world)
        took.append(time.perf_counter() - began)
    assert told.waiting == 500
    assert len(told.waiting_tickets) == MAX_WAITING_SHOWN
    assert min(took) < LONGEST_BOARD_S, f"the quickest of five took {min(took) * 1000:.1f} ms"
