"""What a clerk may do with a ticket, and what is refused with its reason."""

import msgspec
import pytest

from hall.commands import (
    Called,
    CallNext,
    Done,
    FinishService,
    MarkMissed,
    OutOfOrder,
    PrecallNext,
    Recall,
    ReturnMissed,
    SignIn,
    SignOut,
    Started,
    StartService,
)
from hall.day.board import board
from hall.day.decisions import HallState, LookAround
from hall.errors import Reason
from hall.events import TicketCalled
from hall.ids import ItemCode, StaffId, TerminalId, TicketId, TicketLabel, WindowId
from hall.queue.explaining import explain
from hall.queue.fairness import out_of_order
from hall.queue.tickets import TicketState
from hall.speech.phrases import forbidden_in
from tests.hall.asking import (
    CLERK,
    GUIDE,
    SEVEN,
    call,
    desk,
    hold,
    no,
    panel,
    resume,
    state_of,
    told,
    transfer,
    working,
)
from tests.hall.world import CARD, ENQUIRY, TUESDAY, World, qinghe

# ---- hold and resume ---------------------------------------------------------------------------------------------


def test_a_held_service_goes_on_as_the_same_service_and_its_pause_teaches_nothing() -> None:
    world = working()
    world.take("t1")
    world.take("t2")
    world.at(CallNext)
    started = told(world.at(StartService).reply, Started)
    world.now += 120
    told(panel(world, hold()), Done)
    assert state_of(world, "t1") is TicketState.HELD
    assert told(world.at(CallNext).reply, Called).label == "C002"
    assert no(panel(world, resume("C001"))) is Reason.WINDOW_BUSY
    world.at(StartService)
    world.at(FinishService)
    world.now += 1800
    assert told(panel(world, resume("C001")), Started).service == started.service
    world.now += 60
    told(world.at(FinishService).reply, Done)
    assert state_of(world, "t1") is TicketState.DONE
    assert world.state.taught["C"].minutes == 3  # type: ignore[index]


def test_only_a_service_is_held_and_only_a_held_one_resumes() -> None:
    world = working(held_per_window=1)
    for number in range(3):
        world.take(f"t{number}")
    assert no(panel(world, hold())) is Reason.ILLEGAL_MOVE
    world.at(CallNext)
    assert no(panel(world, hold())) is Reason.ILLEGAL_MOVE
    assert no(panel(world, resume("C002"))) is Reason.WINDOW_BUSY
    world.at(StartService)
    panel(world, hold())
    assert no(panel(world, resume("C002"))) is Reason.ILLEGAL_MOVE
    world.at(CallNext)
    world.at(StartService)
    assert no(panel(world, hold())) is Reason.ILLEGAL_MOVE, "one window holds only so many"


def test_a_held_ticket_resumes_elsewhere_only_when_its_window_is_closed_and_the_other_serves_it() -> None:
    world = working()
    world.take("t1")
    world.take("t2", ENQUIRY)
    for _ in range(2):
        world.at(CallNext)
        world.at(StartService)
        panel(world, hold())
    assert no(panel(world, resume("C001", "7", SEVEN), "7")) is Reason.NOT_ALLOWED
    world.ask(SignOut(staff=CLERK), "W14")
    assert no(panel(world, resume("A001", "7", SEVEN), "7")) is Reason.NOT_ALLOWED
    told(panel(world, resume("C001", "7", SEVEN), "7"), Started)
    assert world.state.services["t1/1"].window == "7"  # type: ignore[index]


# ---- transfer ----------------------------------------------------------------------------------------------------


@pytest.mark.row("QUE-17", part="rule")
def test_a_transferred_ticket_is_called_at_its_new_window_before_later_ones_with_the_same_number() -> None:
    world = working()
    world.take("t1")
    world.at(CallNext)
    world.at(StartService)
    issued = world.state.tickets[TicketId("t1")].issued_at
    world.now += 600
    world.take("t2")
    world.now += 600
    told(panel(world, transfer("7")), Done)
    moved = world.state.tickets[TicketId("t1")]
    assert (moved.label, moved.issued_at, moved.since) == ("C001", issued, issued)
    assert told(world.at(CallNext).reply, Called).label == "C002", "another window leaves it to the one it was sent to"
    assert told(world.at(CallNext, "7").reply, Called).label == "C001"


def test_a_ticket_sent_to_a_window_is_not_stranded_when_that_window_closes() -> None:
    world = working()
    world.take("p", terminal="D1", grant=True)
    world.at(CallNext)
    panel(world, transfer("7"))
    assert no(world.at(CallNext).reply) is Reason.NOBODY_WAITING
    world.ask(SignOut(staff=SEVEN), "W07")
    assert told(world.at(CallNext).reply, Called).label == "Y001"


def test_a_priority_number_reaches_a_window_that_has_no_priority_numbers() -> None:
    world = working()
    world.take("p", terminal="D1", grant=True)
    world.at(CallNext)
    panel(world, transfer("7"))
    assert told(world.at(CallNext, "7").reply, Called).label == "Y001"


@pytest.mark.row("WIN-06", part="rule")
def test_nothing_is_sent_where_nobody_can_serve_it() -> None:
    world = working()
    world.take("t1")
    assert no(panel(world, transfer("7"))) is Reason.ILLEGAL_MOVE, "nothing in hand"
    world.at(CallNext)
    assert no(panel(world, transfer("10"))) is Reason.NOT_ALLOWED, "a work-injury window serves no pensions"
    assert no(panel(world, transfer("8"))) is Reason.NOT_ALLOWED, "closed"
    assert no(panel(world, transfer("99"))) is Reason.UNKNOWN_WINDOW
    assert no(panel(world, transfer("14"))) is Reason.ILLEGAL_MOVE
    assert no(panel(world, transfer(None))) is Reason.ILLEGAL_MOVE
    assert no(panel(world, transfer(None, ItemCode("SI-999")))) is Reason.UNKNOWN_ITEM
    told(panel(world, transfer(None, CARD)), Done)
    assert no(world.at(CallNext, "7").reply) is Reason.NOBODY_WAITING
    assert told(world.at(CallNext).reply, Called).item == CARD


@pytest.mark.row("WIN-06", part="rule")
def test_a_general_window_calls_every_mapped_item_and_a_special_one_only_its_own() -> None:
    world = working()
    world.take("t1", ItemCode("SI-501"))  # unemployment
    world.ask(SignIn(staff=StaffId("0306"), sealed_pin=b""), "W10")
    assert no(world.at(CallNext, "7").reply) is Reason.NOBODY_WAITING
    assert no(panel(world, call("F001", OutOfOrder.LEAD_DECIDED, "7", SEVEN), "7")) is Reason.NOT_ALLOWED
    assert told(world.at(CallNext, "14").reply, Called).label == "F001"


def test_a_window_with_a_preference_helps_out_only_when_others_wait_long() -> None:
    pack = qinghe()
    general = tuple(msgspec.structs.replace(row, prefers=("H",)) if row.number == "14" else row for row in pack.windows)
    world = World(HallState(msgspec.structs.replace(pack, windows=general))).open().sign_in_all()
    world.take("old")
    world.now += 60
    world.take("card", CARD)
    world.now += 60
    assert told(world.at(CallNext).reply, Called).ticket == "card"
    world.at(StartService)
    world.at(FinishService)
    world.now += 15 * 60
    world.take("card2", CARD)
    assert told(world.at(CallNext).reply, Called).ticket == "old"


# ---- calls -------------------------------------------------------------------------------------------------------


@pytest.mark.row("QUE-14", part="rule")
def test_calling_out_of_order_needs_a_reason_and_the_report_lists_it() -> None:
    world = working()
    for number in range(3):
        world.take(f"t{number}")
        world.now += 60
    assert no(panel(world, call("C003"))) is Reason.ILLEGAL_MOVE
    called = told(panel(world, call("C003", OutOfOrder.CASE_CONTINUES)), Called)
    assert called.label == "C003"
    assert "原因已记录" in called.why_zh
    world.at(StartService)
    world.at(FinishService)
    assert told(panel(world, call("C001")), Called).label == "C001", "the next one needs no reason"
    (listed,) = out_of_order(event for event, _, _ in world.log)
    assert (listed.label, listed.reason, listed.passed_over) == ("C003", "case_continues", ("C001",))


def test_a_number_that_does_not_wait_is_not_called() -> None:
    world = working()
    world.take("t1")
    assert no(panel(world, call("C009"))) is Reason.UNKNOWN_TICKET
    world.serve("7")
    assert no(panel(world, call("C001", OutOfOrder.OUR_MISTAKE))) is Reason.ILLEGAL_MOVE


def test_the_next_person_may_be_asked_to_come_near_and_nobody_else_calls_them() -> None:
    world = working()
    ask = PrecallNext(window=WindowId("14"), staff=CLERK)
    assert no(panel(world, ask)) is Reason.ILLEGAL_MOVE, "a free window calls"
    for number in range(3):
        world.take(f"t{number}")
        world.now += 60
    world.at(CallNext)
    world.at(StartService)
    told(panel(world, ask), Done)
    assert no(panel(world, ask)) is Reason.ILLEGAL_MOVE
    assert told(world.at(CallNext, "7").reply, Called).label == "C003"
    assert no(panel(world, PrecallNext(window=WindowId("7"), staff=SEVEN), "7")) is Reason.NOBODY_WAITING
    world.at(FinishService)
    decision = world.at(CallNext)
    assert told(decision.reply, Called).label == "C002"
    event = decision.events[0]
    assert isinstance(event, TicketCalled)
    assert event.because == "pre_called"
    assert world.state.windows[WindowId("14")].precalled is None


def test_the_board_shows_who_was_asked_to_come_near() -> None:
    world = working()
    world.take("t1")
    world.take("t2")
    world.at(CallNext)
    panel(world, PrecallNext(window=WindowId("14"), staff=CLERK))
    shown = {row.window: row.next_label for row in board(world.state, world.now, 1, 1, TUESDAY).windows}
    assert (shown[WindowId("14")], shown[WindowId("7")]) == ("C002", None)


@pytest.mark.row("QUE-18", part="rule")
def test_a_wait_beyond_what_was_told_is_followed_by_an_apology_at_the_call() -> None:
    world = working()
    quote = world.take("t1").quote
    assert quote is not None
    world.now += quote.high_min * 60
    assert told(world.at(CallNext).reply, Called).sorry_zh == ""
    world.now += 1
    again = told(world.at(Recall).reply, Called)
    assert "久等" in again.sorry_zh
    assert forbidden_in(again.sorry_zh) == ()
    assert again.sorry_en


def test_a_pre_call_ends_with_its_window() -> None:
    world = working()
    world.take("t1")
    world.take("t2")
    world.at(CallNext)
    panel(world, PrecallNext(window=WindowId("14"), staff=CLERK))
    world.at(StartService)
    world.at(FinishService)
    world.ask(SignOut(staff=CLERK), "W14")
    assert told(world.at(CallNext, "7").reply, Called).label == "C002"


def test_every_call_explains_itself_politely_in_two_languages_without_the_ground() -> None:
    world = working()
    for number in range(4):
        world.take(f"o{number}")
        world.take(f"p{number}", terminal="D1", grant=True)
        world.now += 60
    for _ in range(8):
        event = world.at(CallNext).events[0]
        assert isinstance(event, TicketCalled)
        zh, en = explain(event)
        assert event.label in zh
        assert event.label in en
        assert forbidden_in(zh) == ()
        assert not any(word in zh + en for word in ("老", "病", "残", "孕", "军", "age", "disab", "pregnan"))
        world.at(StartService)
        world.at(FinishService)
    bare = TicketCalled(
        ticket=TicketId("x"), label=TicketLabel("A001"), window=WindowId("1"), call_seq=1, called_at=0.0
    )
    assert "A001" in explain(bare)[0]


def test_a_call_nobody_starts_goes_back_to_its_place_after_three_minutes() -> None:
    world = working()
    world.take("t1")
    world.now += 10
    world.take("t2")
    world.at(CallNext)
    world.now += 179
    assert world.ask(LookAround()).events == ()
    world.at(Recall)
    world.now += 179
    assert world.ask(LookAround()).events == (), "a recall is a sign of life"
    world.now += 1
    assert len(world.ask(LookAround()).events) == 1
    assert state_of(world, "t1") is TicketState.WAITING
    assert world.state.windows[WindowId("14")].ticket is None
    assert told(world.at(CallNext, "7").reply, Called).label == "C001"


def test_a_lost_panel_returns_its_call_but_not_its_service() -> None:
    world = working()
    world.take("t1")
    world.take("t2")
    world.at(CallNext, "7")
    world.at(CallNext)
    world.at(StartService)
    events = world.ask(LookAround(frozenset({TerminalId("W07"), TerminalId("W14")}))).events
    assert [(type(event).__name__, event.ticket) for event in events] == [("CallLapsed", "t1")]  # type: ignore[union-attr]
    assert no(world.ask(LookAround(), "K1").reply) is Reason.NOT_ALLOWED


def test_who_is_missed_twice_gives_the_number_up() -> None:
    world = working(calls_before_missed=1)
    world.take("t1")
    world.at(CallNext)
    world.at(MarkMissed)
    assert state_of(world, "t1") is TicketState.MISSED
    back = ReturnMissed(label=TicketLabel("C001"), staff=GUIDE)
    told(desk(world, back), Done)
    world.now += 10
    world.at(CallNext)
    world.at(MarkMissed)
    assert state_of(world, "t1") is TicketState.LAPSED
    assert no(desk(world, back)) is Reason.ILLEGAL_MOVE
