"""The panel's moves decided by the real rules: what the clerk sees is what the hall did."""

import pytest

from hall.errors import Reason
from hall.ids import ItemCode, TicketId, TicketLabel, WindowId
from hall.queue.fairness import out_of_order
from hall.queue.tickets import TicketState
from kiosk.flows.panel_asking import REST
from kiosk.flows.panel_steps import PanelHeld, PanelPicking
from kiosk.flows.steps import PanelCalling, PanelReady, PanelServing
from kiosk.flows.words import (
    ChoseGroup,
    ChoseItem,
    ChoseNumber,
    ChoseReason,
    ChoseWindow,
    ConfirmedDigits,
    ConfirmedMove,
    Happened,
    OpenedHeld,
    OpenedMoves,
    OpenedNumbers,
    PressedAddItem,
    PressedCall,
    PressedDigit,
    PressedFinish,
    PressedHold,
    PressedLetter,
    PressedMissed,
    PressedPrecall,
    PressedRecall,
    PressedStart,
    PressedTransfer,
    TimerFired,
    WantsOtherItem,
)
from tests.flows.panel_in_the_hall import PanelInTheHall
from tests.hall.asking import working
from tests.hall.world import CARD, PENSION, World

SERVED = (PressedCall(), PressedStart())


def hall(people: int = 3) -> World:
    world = working()
    for number in range(1, people + 1):
        world.take(f"t{number}")
        world.now += 60
    return world


def state_of(world: World, ticket: str) -> TicketState:
    return world.state.tickets[TicketId(ticket)].state


def test_a_person_is_held_another_is_served_and_the_first_goes_on_with_item_and_number() -> None:
    panel = PanelInTheHall(hall())
    held = panel.press(*SERVED, OpenedMoves(), PressedHold())
    assert isinstance(held, PanelReady)
    assert (held.done, held.last) == ("hold", "C001")
    panel.press(*SERVED, PressedFinish())
    step = panel.press(OpenedHeld(), ChoseNumber(TicketLabel("C001")))
    assert isinstance(step, PanelServing)
    assert (step.called.label, step.called.item) == ("C001", PENSION)
    panel.press(PressedFinish())
    assert [state_of(panel.world, ticket) for ticket in ("t1", "t2")] == [TicketState.DONE, TicketState.DONE]


def test_a_number_held_at_another_open_window_stays_there() -> None:
    world = hall()
    PanelInTheHall(world, "7").press(*SERVED, PressedHold())
    step = PanelInTheHall(world).press(OpenedHeld(), ChoseNumber(TicketLabel("C001")))
    assert isinstance(step, PanelHeld)
    assert (step.problem, step.refused) == (Reason.NOT_ALLOWED, "resume")


@pytest.mark.row("QUE-17", part="rule")
def test_somebody_sent_to_another_window_is_called_there_before_later_ones_with_the_same_number() -> None:
    world = hall()
    here, there = PanelInTheHall(world), PanelInTheHall(world, "7")
    here.press(*SERVED, PressedTransfer(), ChoseWindow(WindowId("7")), ConfirmedMove())
    assert isinstance(here.step, PanelReady)
    assert (here.step.done, here.step.last) == ("transfer", "C001")
    called = there.press(PressedCall())
    assert isinstance(called, PanelCalling)
    assert called.called.label == "C001"


def test_a_wrong_item_is_sent_on_to_a_window_that_does_the_right_one() -> None:
    world = hall(1)
    seven, general = PanelInTheHall(world, "7"), PanelInTheHall(world)
    to_any = (WantsOtherItem(), ChoseGroup("card"), ChoseItem(CARD), ChoseWindow(None), ConfirmedMove())
    seven.press(*SERVED, PressedTransfer(), *to_any)
    step = general.press(PressedCall())
    assert isinstance(step, PanelCalling)
    assert (step.called.label, step.called.item) == ("C001", CARD)


def test_a_closed_window_takes_nobody_and_the_person_stays() -> None:
    panel = PanelInTheHall(hall())
    step = panel.press(*SERVED, PressedTransfer(), ChoseWindow(WindowId("8")), ConfirmedMove())
    assert isinstance(step, PanelServing)
    assert (step.problem, step.refused) == (Reason.NOT_ALLOWED, "transfer")


def test_one_more_item_goes_on_in_the_same_hand_with_the_same_number() -> None:
    panel = PanelInTheHall(hall(1))
    add = (PressedAddItem(), ChoseGroup("card"), ChoseItem(CARD), ConfirmedMove())
    panel.press(*SERVED, OpenedMoves(), *add)
    assert isinstance(panel.step, PanelServing)
    assert panel.board().windows[13].items_left == (CARD,)
    again = panel.press(*add)
    assert isinstance(again, PanelServing)
    assert (again.problem, again.refused) == (Reason.ILLEGAL_MOVE, "add")
    step = panel.press(PressedFinish())
    assert isinstance(step, PanelCalling)
    assert (step.called.label, step.called.item) == ("C001", CARD)
    panel.press(PressedStart(), PressedFinish())
    assert state_of(panel.world, "t1") is TicketState.DONE


def test_finish_and_call_with_one_more_item_here_comes_back_to_the_same_person() -> None:
    panel = PanelInTheHall(hall())
    panel.press(*SERVED, PressedAddItem(), ChoseGroup("card"), ChoseItem(CARD), ConfirmedMove())
    step = panel.press(PressedFinish(call_next=True))
    assert isinstance(step, PanelCalling)
    assert (step.called.label, step.called.item, step.problem) == ("C001", CARD, None)


def test_who_was_asked_to_come_near_is_shown_and_called_next() -> None:
    panel = PanelInTheHall(hall())
    panel.press(*SERVED, PressedPrecall())
    assert panel.board().windows[13].next_label == "C002"
    twice = panel.press(PressedPrecall())
    assert isinstance(twice, PanelServing)
    assert (twice.problem, twice.refused) == (Reason.ILLEGAL_MOVE, "precall")
    step = panel.press(PressedFinish(call_next=True))
    assert isinstance(step, PanelCalling)
    assert step.called.label == "C002"


@pytest.mark.row("QUE-14", part="rule")
def test_out_of_turn_nobody_is_called_without_a_reason_and_the_reason_is_in_the_report() -> None:
    panel = PanelInTheHall(hall())
    typed: tuple[Happened, ...] = (PressedLetter("C"), PressedDigit("3"), ConfirmedDigits())
    asked = panel.press(OpenedNumbers(), *typed)
    assert isinstance(asked, PanelPicking)
    assert asked.label == "C003"
    assert state_of(panel.world, "t3") is TicketState.WAITING
    step = panel.press(ChoseReason("case_continues"))
    assert isinstance(step, PanelCalling)
    assert step.called.label == "C003"
    report = out_of_order(event for event, _, _ in panel.world.log)
    assert [(row.label, row.reason) for row in report] == [("C003", "case_continues")]


def test_the_next_in_turn_needs_no_reason_and_others_say_why_not() -> None:
    panel = PanelInTheHall(hall())
    panel.press(OpenedNumbers(), ChoseNumber(TicketLabel("C009")))
    assert isinstance(panel.step, PanelPicking)
    assert (panel.step.problem, panel.step.refused) == (Reason.UNKNOWN_TICKET, "call_number")
    step = panel.press(ChoseNumber(TicketLabel("C001")))
    assert isinstance(step, PanelCalling)


def test_missed_needs_calls_and_time_and_says_which_before_it_is_pressed() -> None:
    panel = PanelInTheHall(hall())
    step = panel.press(PressedCall(), PressedMissed())
    assert isinstance(step, PanelCalling)
    left = step.called.calls_left
    assert left > 0
    for _ in range(left):
        panel.press(PressedRecall(), TimerFired(REST))
    assert isinstance(panel.step, PanelCalling)
    assert panel.step.called.calls_left == 0
    panel.world.now = panel.step.called.may_miss_at
    gone = panel.press(PressedMissed(), ConfirmedMove())
    assert isinstance(gone, PanelReady)
    assert (gone.done, gone.last) == ("missed", "C001")
    assert state_of(panel.world, "t1") is TicketState.MISSED


def test_an_item_of_another_window_is_refused_by_its_number() -> None:
    world = hall(1)
    world.take("e1", ItemCode("SI-801"))
    panel = PanelInTheHall(world, "7")
    step = panel.press(OpenedNumbers(), ChoseNumber(TicketLabel("A001")))
    assert isinstance(step, PanelPicking)
    assert (step.problem, step.refused) == (Reason.NOT_ALLOWED, "call_number")
