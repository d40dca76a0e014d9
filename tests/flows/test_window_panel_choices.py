"""Walks through the window panel's choices: where to send somebody, what to add, whom to call out of turn."""

from typing import Any

import pytest

from hall.commands import OutOfOrder
from hall.errors import Reason
from hall.ids import ServiceId, TicketLabel, WindowId
from kiosk.flows.panel_steps import PanelAdding, PanelPicking, PanelSending
from kiosk.flows.steps import PanelCalling, PanelReady, PanelServing
from kiosk.flows.words import (
    AddToNumber,
    AskNear,
    AskRefused,
    CallNumber,
    ChoseGroup,
    ChoseItem,
    ChoseNumber,
    ChoseReason,
    ChoseWindow,
    ConfirmedDigits,
    ConfirmedMove,
    ErasedDigit,
    MoveMade,
    OpenedMoves,
    OpenedNumbers,
    PressedAddItem,
    PressedDigit,
    PressedFinish,
    PressedLetter,
    PressedMissed,
    PressedPrecall,
    PressedTransfer,
    SendOn,
    ServiceOver,
    TicketAtWindow,
    WantsOtherItem,
    WentBack,
)
from tests.flows import samples
from tests.flows.panel_walks import (
    CALLED,
    CALLING,
    ITEM,
    NAME,
    OTHER,
    READY,
    SERVING,
    STAFF,
    at_14,
    typed,
    walk,
)

# ---- transfer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("home", [CALLING, SERVING])
def test_somebody_is_sent_to_another_window_after_one_question(home: Any) -> None:
    step, effects = walk(home, PressedTransfer(), ChoseWindow(None), ChoseItem(OTHER), ConfirmedMove())
    assert (step, effects) == (PanelSending(STAFF, NAME, home), ())
    step, effects = walk(step, ChoseWindow(WindowId("8")), ChoseWindow(WindowId("7")))
    assert (step, effects) == (PanelSending(STAFF, NAME, home, window=WindowId("8"), sure=True), ())
    assert walk(step, WentBack(), WentBack())[0] == home
    step, effects = walk(step, ConfirmedMove(), ServiceOver())
    assert effects[:-1] == (SendOn(STAFF, WindowId("8")),)
    assert step == PanelReady(STAFF, NAME, done="transfer", last=CALLED.label)


@pytest.mark.parametrize("window", [None, WindowId("13")])
def test_a_wrong_item_is_sent_on_for_another_one_to_a_window_or_to_any(window: WindowId | None) -> None:
    opened = (PressedTransfer(), WantsOtherItem(), ChoseGroup("cards"), ChoseItem(OTHER))
    step, _ = walk(SERVING, *opened)
    assert step == PanelSending(STAFF, NAME, SERVING, other=True, group="cards", item=OTHER)
    _, effects = walk(step, ChoseWindow(window), ConfirmedMove())
    assert effects == (SendOn(STAFF, window, OTHER),)
    for left in range(1, 5):
        back, _ = walk(step, *[WentBack()] * left)
        assert (back == SERVING) is (left == 4)


def test_the_same_item_again_leaves_only_a_window_to_choose() -> None:
    step, _ = walk(SERVING, PressedTransfer(), WantsOtherItem(), ChoseGroup("pension"), ChoseItem(ITEM))
    assert step == PanelSending(STAFF, NAME, SERVING)
    choosing, _ = walk(SERVING, PressedTransfer(), WantsOtherItem(), ChoseWindow(WindowId("8")))
    assert choosing == PanelSending(STAFF, NAME, SERVING, other=True)


def test_a_refused_transfer_keeps_the_person_here() -> None:
    to_8 = (PressedTransfer(), ChoseWindow(WindowId("8")), ConfirmedMove())
    step, _ = walk(SERVING, *to_8, AskRefused(Reason.NOT_ALLOWED))
    assert step == PanelServing(STAFF, NAME, CALLED, ServiceId("t/1"), problem=Reason.NOT_ALLOWED, refused="transfer")


# ---- one more item, pre-call -------------------------------------------------------------------------------------


def test_one_more_item_is_added_after_one_question_and_the_person_stays() -> None:
    step, effects = walk(SERVING, OpenedMoves(), PressedAddItem(), ChoseGroup("pension"), ChoseItem(ITEM))
    assert (step, effects) == (PanelAdding(STAFF, NAME, SERVING, "pension"), ()), "it is what they came for already"
    step, _ = walk(step, WentBack(), ChoseItem(OTHER), ChoseGroup("cards"), ChoseItem(OTHER), WentBack())
    assert step == PanelAdding(STAFF, NAME, SERVING, "cards")
    asked, effects = walk(step, ChoseItem(OTHER), ConfirmedMove())
    assert effects == (AddToNumber(STAFF, CALLED.label, OTHER),)
    assert walk(asked, MoveMade())[0] == SERVING
    refused, _ = walk(asked, AskRefused(Reason.ILLEGAL_MOVE))
    assert getattr(refused, "refused", "") == "add"
    assert walk(step, WentBack(), WentBack())[0] == SERVING


def test_a_visit_with_one_more_item_goes_on_at_this_window() -> None:
    calls = (samples.call(1, "Y001"),)
    over, _ = walk(SERVING, PressedFinish(), ServiceOver(), at_14("serving", "Y001", ITEM, calls))
    assert over == PanelReady(STAFF, NAME, fresh=True, last=CALLED.label), "a board from before changes nothing"
    step, _ = walk(over, at_14("called", "Y001", OTHER, calls))
    assert isinstance(step, PanelCalling)
    assert (step.called.label, step.called.item, step.called.priority) == ("Y001", OTHER, True)
    assert walk(step, PressedMissed())[1] == (), "how often they were called is not known here"


def test_finish_and_call_with_one_more_item_finds_the_same_person() -> None:
    busy = (PressedFinish(call_next=True), ServiceOver(), AskRefused(Reason.WINDOW_BUSY))
    step, _ = walk(SERVING, *busy, at_14("called", "Y001", OTHER))
    assert isinstance(step, PanelCalling)
    assert step.called.item == OTHER


def test_the_same_person_is_found_at_once_when_the_board_came_before_the_refusal() -> None:
    goes_on, before = at_14("called", "Y001", OTHER), at_14("serving", "Y001", ITEM)
    for told in ((ServiceOver(), goes_on), (goes_on, ServiceOver())):
        step, _ = walk(SERVING, PressedFinish(call_next=True), *told, AskRefused(Reason.WINDOW_BUSY))
        assert isinstance(step, PanelCalling), "no five seconds of a wrong refusal until the next board"
        assert (step.called.item, step.problem) == (OTHER, None)
    over, _ = walk(SERVING, PressedFinish(), goes_on, ServiceOver())
    assert isinstance(over, PanelCalling)
    over, _ = walk(SERVING, PressedFinish(), before, ServiceOver())
    assert over == PanelReady(STAFF, NAME, fresh=True, last=CALLED.label), "a board from before changes nothing"


def test_the_next_person_is_asked_to_come_near() -> None:
    step, effects = walk(SERVING, PressedPrecall(), PressedPrecall(), MoveMade())
    assert (step, effects) == (SERVING, (AskNear(STAFF),))
    step, _ = walk(SERVING, PressedPrecall(), AskRefused(Reason.NOBODY_WAITING))
    assert getattr(step, "refused", "") == "precall"


# ---- a number out of turn ----------------------------------------------------------------------------------------


def test_a_number_is_called_by_typing_it() -> None:
    step, effects = walk(READY, OpenedNumbers(), ConfirmedDigits(), *typed("C", "12"), TicketAtWindow(CALLED))
    assert effects == (CallNumber(STAFF, TicketLabel("C012")),)
    assert step == CALLING


def test_typing_can_be_mended_and_ends_at_three_digits() -> None:
    step, effects = walk(READY, OpenedNumbers(), *typed("C", "000"), PressedDigit("4"), PressedDigit("x"))
    assert (step, effects) == (PanelPicking(STAFF, NAME, READY, "C", "000"), ())
    step, _ = walk(step, *[ErasedDigit()] * 5, PressedLetter("A"))
    assert step == PanelPicking(STAFF, NAME, READY, "A")
    assert walk(step, WentBack())[0] == READY


def test_out_of_turn_the_list_of_reasons_appears_and_nobody_is_called_without_one() -> None:
    step, _ = walk(READY, OpenedNumbers(), ChoseNumber(TicketLabel("C019")), AskRefused(Reason.ILLEGAL_MOVE))
    assert step == PanelPicking(STAFF, NAME, READY, label=TicketLabel("C019"))
    still, effects = walk(step, ChoseReason("a friend"), ConfirmedMove(), ConfirmedDigits(), ChoseNumber(CALLED.label))
    assert (still, effects) == (step, ())
    asked, effects = walk(step, ChoseReason("case_continues"))
    assert effects == (CallNumber(STAFF, TicketLabel("C019"), OutOfOrder.CASE_CONTINUES),)
    refused, _ = walk(asked, AskRefused(Reason.ILLEGAL_MOVE))
    assert refused == PanelPicking(STAFF, NAME, READY, "C", "019", problem=Reason.ILLEGAL_MOVE, refused="call_early")
    assert walk(step, WentBack())[0] == PanelPicking(STAFF, NAME, READY)


@pytest.mark.parametrize("reason", [Reason.UNKNOWN_TICKET, Reason.NOT_ALLOWED, Reason.SERVER_AWAY])
def test_a_number_that_cannot_be_called_is_told_where_it_was_typed(reason: Reason) -> None:
    step, _ = walk(READY, OpenedNumbers(), *typed("C", "12"), AskRefused(reason))
    assert step == PanelPicking(STAFF, NAME, READY, "C", "012", problem=reason, refused="call_number")
    assert getattr(walk(step, ErasedDigit())[0], "problem", None) is None


def test_a_number_with_a_suffix_is_picked_and_not_typed_again() -> None:
    step, _ = walk(READY, OpenedNumbers(), ChoseNumber(TicketLabel("B12-K3")), AskRefused(Reason.NOT_ALLOWED))
    assert step == PanelPicking(STAFF, NAME, READY, problem=Reason.NOT_ALLOWED, refused="call_number")
