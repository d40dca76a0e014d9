"""Walks through the window panel: every move of a ticket, its refusals, and what a board changes."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.errors import Reason
from hall.ids import ServiceId, TicketLabel, WindowId
from kiosk.flows.panel_asking import RECALL_REST_S, REST, TOLD, TOLD_S
from kiosk.flows.panel_steps import PanelAdding, PanelHeld, PanelMore, PanelSending, PanelSure
from kiosk.flows.steps import PanelAsking, PanelCalling, PanelReady, PanelServing, SigningIn
from kiosk.flows.window_panel import advance
from kiosk.flows.words import (
    AskRefused,
    BeginService,
    BoardChanged,
    CallTicket,
    ChoseGroup,
    ChoseItem,
    ChoseNumber,
    ChoseReason,
    ChoseWindow,
    ConfirmedMove,
    EndService,
    ErasedDigit,
    Happened,
    HoldService,
    MissTicket,
    MoveMade,
    OpenedHeld,
    OpenedMoves,
    OpenedNumbers,
    PressedAddItem,
    PressedCall,
    PressedFinish,
    PressedHold,
    PressedMissed,
    PressedPrecall,
    PressedRecall,
    PressedStart,
    PressedTransfer,
    RecallTicket,
    ResumeService,
    ServiceBegan,
    ServiceOver,
    SignedOff,
    SignOutStaff,
    StaffArrived,
    StartTimer,
    Step,
    TicketAtWindow,
    TimerFired,
    ToggledWhy,
    WantsOtherItem,
    WentBack,
)
from tests.flows import samples
from tests.flows.panel_walks import (
    CALLED,
    CALLING,
    GONE,
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

# ---- call, recall, start, finish ---------------------------------------------------------------------------------


@pytest.mark.row("QUE-04", part="rule")
def test_a_clerk_calls_recalls_starts_and_finishes() -> None:
    step, effects = walk(
        READY,
        PressedCall(),
        PressedCall(),
        TicketAtWindow(CALLED),
        PressedRecall(),
        TicketAtWindow(CALLED),
        PressedStart(),
        ServiceBegan(ServiceId("t/1")),
        PressedFinish(),
        ServiceOver(),
        at_14("free"),
    )
    assert step == GONE
    rest = StartTimer(REST, RECALL_REST_S)
    assert effects == (CallTicket(STAFF), RecallTicket(STAFF), rest, BeginService(STAFF), EndService(STAFF))


def test_finish_and_call_is_one_press() -> None:
    step, effects = walk(SERVING, PressedFinish(call_next=True), ServiceOver())
    assert effects == (EndService(STAFF), CallTicket(STAFF))
    step, _ = walk(step, AskRefused(Reason.NOBODY_WAITING))
    assert (type(step), getattr(step, "problem", None)) == (PanelReady, Reason.NOBODY_WAITING)
    assert walk(step, BoardChanged(samples.board()))[0] == PanelReady(STAFF, NAME, last=CALLED.label)


def test_ten_quick_recalls_are_one_announcement_and_the_reason_of_the_call_stays() -> None:
    plain = samples.called()
    again = type(plain)(**{name: getattr(plain, name) for name in plain.__struct_fields__ if "why" not in name})
    step, effects = walk(CALLING, *[PressedRecall()] * 10, TicketAtWindow(again), *[PressedRecall()] * 10)
    assert effects == (RecallTicket(STAFF), StartTimer(REST, RECALL_REST_S))
    assert step == PanelCalling(STAFF, NAME, CALLED, resting=True)
    assert walk(step, TimerFired("other"), TimerFired(REST), PressedRecall())[1] == (RecallTicket(STAFF),)


def test_a_rest_does_not_outlast_another_screen() -> None:
    resting = PanelCalling(STAFF, NAME, CALLED, resting=True)
    for press in (PressedMissed(), PressedTransfer()):
        assert walk(resting, press, WentBack())[0] == CALLING


def test_a_refusal_returns_to_where_the_clerk_was_and_says_what_was_refused() -> None:
    step, _ = walk(CALLING, PressedStart(), AskRefused(Reason.SERVER_AWAY))
    assert step == PanelCalling(STAFF, NAME, CALLED, problem=Reason.SERVER_AWAY, refused="start")
    assert walk(step, BoardChanged(samples.board()))[0] == CALLING


def test_why_this_one_unfolds_and_folds() -> None:
    for home in (CALLING, SERVING):
        step, _ = walk(home, ToggledWhy())
        assert getattr(step, "why", False)
        assert walk(step, ToggledWhy())[0] == home


# ---- missed ------------------------------------------------------------------------------------------------------


TELLS = StartTimer(TOLD, TOLD_S)
"""What was done is told for a while."""


@pytest.mark.row("QUE-04", part="rule")
def test_a_missed_call_is_asked_about_once_and_frees_the_window() -> None:
    step, effects = walk(CALLING, PressedMissed())
    assert (step, effects) == (PanelSure(STAFF, NAME, "missed", CALLING), ())
    assert walk(step, WentBack())[0] == CALLING
    for yes in (ConfirmedMove(), PressedMissed()):
        done, effects = walk(step, yes, ServiceOver())
        assert done == PanelReady(STAFF, NAME, done="missed", last=CALLED.label)
        assert effects == (MissTicket(STAFF), TELLS)
    assert walk(done, PressedCall(), AskRefused(Reason.NOBODY_WAITING))[0] == PanelReady(
        STAFF, NAME, problem=Reason.NOBODY_WAITING, refused="call", last=CALLED.label
    )


def test_somebody_who_comes_while_missed_is_being_asked_about_is_served() -> None:
    _, effects = walk(CALLING, PressedMissed(), PressedStart())
    assert effects == (BeginService(STAFF),)


@pytest.mark.row("QUE-04", part="rule")
def test_missed_is_not_even_asked_for_before_enough_calls() -> None:
    early = PanelCalling(STAFF, NAME, _left(2))
    step, effects = walk(early, PressedMissed())
    assert effects == ()
    assert step == PanelCalling(STAFF, NAME, _left(2), problem=Reason.ILLEGAL_MOVE, refused="missed")


def _left(calls: int) -> Any:
    fields = {name: getattr(CALLED, name) for name in CALLED.__struct_fields__}
    return type(CALLED)(**{**fields, "calls_left": calls})


# ---- hold and resume ---------------------------------------------------------------------------------------------


def test_a_service_is_held_and_taken_up_again_from_the_list() -> None:
    step, effects = walk(SERVING, OpenedMoves(), PressedHold(), ServiceOver())
    assert (step, effects) == (PanelReady(STAFF, NAME, done="hold", last=CALLED.label), (HoldService(STAFF), TELLS))
    step, effects = walk(step, OpenedHeld(), ChoseNumber(CALLED.label), ServiceBegan(ServiceId("t/1")))
    assert effects == (ResumeService(STAFF, CALLED.label),)
    assert isinstance(step, PanelServing)
    assert (step.called.label, step.called.item, step.service) == (CALLED.label, "", "t/1")
    step, _ = walk(step, at_14("serving", CALLED.label, ITEM))
    assert isinstance(step, PanelServing)
    assert step.called.item == ITEM


def test_a_refused_resume_stays_at_the_list() -> None:
    home = READY
    asked, _ = walk(home, OpenedHeld(), ChoseNumber(CALLED.label))
    step, _ = walk(asked, AskRefused(Reason.NOT_ALLOWED))
    assert step == PanelHeld(STAFF, NAME, home, Reason.NOT_ALLOWED, "resume")
    assert walk(step, WentBack())[0] == home
    away, _ = walk(asked, AskRefused(Reason.SERVER_AWAY))
    assert walk(away, BoardChanged(samples.board()))[0] == PanelHeld(STAFF, NAME, home)
    assert walk(asked, AskRefused(Reason.WINDOW_BUSY), at_14("serving", "Y001"))[0] == PanelServing(
        STAFF, NAME, walk_found("Y001"), ServiceId("")
    )


def walk_found(label: str) -> Any:
    step, _ = walk(PanelReady(STAFF, NAME, fresh=True), at_14("called", label))
    assert isinstance(step, PanelCalling)
    return step.called


def test_hold_that_is_refused_says_so_at_the_person() -> None:
    step, _ = walk(SERVING, PressedHold(), AskRefused(Reason.ILLEGAL_MOVE))
    assert step == PanelServing(STAFF, NAME, CALLED, ServiceId("t/1"), problem=Reason.ILLEGAL_MOVE, refused="hold")


# ---- signing in and out, restarts --------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "kind"), [("called", PanelCalling), ("serving", PanelServing), ("free", PanelReady)])
def test_signing_in_again_finds_who_is_still_at_the_window_and_what_they_came_for(state: Any, kind: type[Step]) -> None:
    board = at_14(state, None if state == "free" else "Y001", None if state == "free" else ITEM)
    step, _ = walk(SigningIn("window_panel", asking=True), StaffArrived(samples.CLERK), board)
    assert type(step) is kind
    if isinstance(step, PanelCalling | PanelServing):
        assert (step.called.label, step.called.item) == ("Y001", ITEM)


def test_a_call_that_the_hall_put_back_frees_the_panel_and_an_older_board_does_not() -> None:
    for here in (CALLING, PanelSure(STAFF, NAME, "missed", CALLING), PanelSending(STAFF, NAME, CALLING)):
        assert walk(here, at_14("free"))[0] == here
        assert walk(here, at_14("called", CALLED.label, calls=(samples.call(1, "Y001"),)))[0] == here
        assert walk(here, at_14("free", calls=(samples.call(1, "Y001"),)))[0] == replace(
            READY, done="lapsed", last=CALLED.label
        )


def test_a_busy_window_is_found_out_on_calling() -> None:
    step, _ = walk(READY, PressedCall(), AskRefused(Reason.WINDOW_BUSY))
    assert step == PanelReady(STAFF, NAME, problem=Reason.WINDOW_BUSY, fresh=True, refused="call")
    assert walk(step, at_14("free"))[0] == READY


def test_an_old_board_does_not_bring_back_a_finished_ticket() -> None:
    assert walk(READY, at_14("serving", CALLED.label, calls=(samples.call(3, "Y001"),)))[0] == READY


def test_a_clerk_signs_out_only_with_an_empty_window_and_is_asked_once() -> None:
    sure = PanelSure(STAFF, NAME, "sign_off", READY)
    assert walk(READY, SignedOff()) == (sure, ())
    assert walk(sure, WentBack()) == (READY, ())
    assert walk(sure, ConfirmedMove()) == (SigningIn("window_panel"), (SignOutStaff(STAFF),))
    assert walk(CALLING, SignedOff()) == (CALLING, ())


def test_a_clerk_whose_sign_in_is_no_longer_valid_signs_in_again_and_finds_the_person() -> None:
    step, _ = walk(SERVING, PressedFinish(), AskRefused(Reason.NOT_SIGNED_IN))
    assert step == SigningIn("window_panel", problem=Reason.NOT_SIGNED_IN)


@pytest.mark.parametrize(
    "here",
    [
        PanelMore(STAFF, NAME, SERVING),
        PanelAdding(STAFF, NAME, SERVING),
        PanelSending(STAFF, NAME, SERVING),
    ],
)
def test_a_keypad_works_wherever_the_screen_stands(here: Step) -> None:
    assert walk(here, PressedFinish(call_next=True))[1] == (EndService(STAFF),)
    assert walk(here, PressedCall(), PressedRecall(), PressedStart()) == (here, ())
    assert walk(here, BoardChanged(samples.board()))[0] == here
    assert walk(PanelMore(STAFF, NAME, SERVING), WentBack())[0] == SERVING


# ---- whatever is pressed -----------------------------------------------------------------------------------------

ANYTHING = st.sampled_from(
    [
        PressedCall(),
        PressedRecall(),
        PressedStart(),
        PressedMissed(),
        PressedFinish(),
        PressedFinish(call_next=True),
        PressedHold(),
        PressedTransfer(),
        PressedAddItem(),
        PressedPrecall(),
        OpenedMoves(),
        OpenedNumbers(),
        OpenedHeld(),
        ChoseWindow(WindowId("8")),
        ChoseWindow(None),
        WantsOtherItem(),
        ChoseGroup("pension"),
        ChoseItem(OTHER),
        ChoseNumber(TicketLabel("C019")),
        ChoseReason("our_mistake"),
        *typed("C", "12"),
        ErasedDigit(),
        ConfirmedMove(),
        WentBack(),
        TicketAtWindow(CALLED),
        ServiceBegan(ServiceId("t/1")),
        ServiceOver(),
        MoveMade(),
        *(AskRefused(reason) for reason in Reason),
        ToggledWhy(),
        TimerFired(REST),
        at_14("free"),
        at_14("called", "Y001", ITEM),
        BoardChanged(samples.board(samples.call(9, "A001"))),
    ]
)


@given(st.lists(ANYTHING, max_size=60))
def test_at_most_one_request_is_on_its_way(inputs: list[Happened]) -> None:
    step: Step = READY
    for happened in inputs:
        before = step
        step, effects = advance(step, happened)
        asked = [effect for effect in effects if not isinstance(effect, StartTimer)]
        assert len(asked) <= 1
        if asked:
            assert isinstance(step, PanelAsking)
            assert not isinstance(before, PanelAsking) or isinstance(happened, ServiceOver)
        assert not isinstance(step, SigningIn) or happened == AskRefused(Reason.NOT_SIGNED_IN)
        if isinstance(step, SigningIn):
            break
