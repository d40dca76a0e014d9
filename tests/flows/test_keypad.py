"""The keypad beside the panel: each key is the touch it stands for, and a code leaves its digits nowhere."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.errors import Reason
from hall.ids import ServiceId, StaffId, WindowId
from kiosk.flows import rating_screen, window_panel
from kiosk.flows.keypad import CODE_S, CODE_TIMER
from kiosk.flows.pad_words import KeypadPressed, RatedByButton
from kiosk.flows.panel_steps import PanelHeld, PanelPicking, PanelSending, PanelSure
from kiosk.flows.steps import (
    AskingRating,
    NotReady,
    PanelAsking,
    PanelCalling,
    PanelReady,
    PanelServing,
    RatingIdle,
    SigningIn,
)
from kiosk.flows.words import (
    AskRefused,
    BeginService,
    CallTicket,
    ConfirmedDigits,
    EndService,
    Happened,
    MissTicket,
    PressedDigit,
    RecallTicket,
    RecordRating,
    ServiceBegan,
    ServiceOver,
    SignInStaff,
    SignOutStaff,
    StaffArrived,
    StartTimer,
    Step,
    TicketAtWindow,
    TimerFired,
)
from kiosk.ports import Key
from tests.flows import samples
from tests.flows.walking import of_kind, walk_through

STAFF = StaffId("0310")
READY = PanelReady(STAFF, "样例员工")
CALLED = samples.called()
CALLING = PanelCalling(STAFF, "样例员工", CALLED)
SERVING = PanelServing(STAFF, "样例员工", CALLED, ServiceId("t/1"))
SIGNING = SigningIn("window_panel")
EVERY_KEY = [KeypadPressed(key, 1 if key in (Key.DIGIT, Key.GRADE) else None) for key in Key]


def key(name: Key) -> KeypadPressed:
    return KeypadPressed(name)


def code(digits: str) -> tuple[Happened, ...]:
    return (*(KeypadPressed(Key.DIGIT, int(digit)) for digit in digits), key(Key.CONFIRM))


def walk(step: Step, *inputs: Happened) -> tuple[Step, list[Any]]:
    after, effects = walk_through(window_panel.advance, step, *inputs)
    return after, [effect for effect in effects if not isinstance(effect, StartTimer)]


@pytest.mark.row("QUE-04", part="rule")
def test_a_visit_is_worked_from_the_keypad_alone() -> None:
    step, effects = walk(
        READY,
        key(Key.CALL),
        TicketAtWindow(CALLED),
        key(Key.CONFIRM),
        ServiceBegan(ServiceId("t/1")),
        key(Key.EVALUATE),
        ServiceOver(),
    )
    assert isinstance(step, PanelReady)
    assert effects == [CallTicket(STAFF), BeginService(STAFF), EndService(STAFF)]


def test_recall_and_giving_up_from_the_keypad() -> None:
    assert walk(CALLING, key(Key.RECALL))[1] == [RecallTicket(STAFF)]
    asked, effects = walk(CALLING, key(Key.GIVE_UP))
    assert (type(asked), effects) == (PanelSure, [])
    assert walk(asked, key(Key.CONFIRM))[1] == [MissTicket(STAFF)]
    assert walk(asked, key(Key.CANCEL)) == (CALLING, [])


def test_calling_while_serving_ends_the_service_and_calls() -> None:
    step, effects = walk(SERVING, key(Key.CALL), ServiceOver())
    assert effects == [EndService(STAFF), CallTicket(STAFF)]
    assert isinstance(step, PanelAsking)


def test_hold_transfer_and_call_back_open_what_the_screen_opens() -> None:
    held, effects = walk(SERVING, key(Key.HOLD))
    assert isinstance(held, PanelAsking)
    assert len(effects) == 1
    assert isinstance(walk(SERVING, key(Key.TRANSFER))[0], PanelSending)
    assert isinstance(walk(CALLING, key(Key.TRANSFER))[0], PanelSending)
    assert isinstance(walk(READY, key(Key.CALL_BACK))[0], PanelHeld)


def test_pause_asks_before_the_window_is_closed() -> None:
    asked, effects = walk(READY, key(Key.PAUSE))
    assert (type(asked), effects) == (PanelSure, [])
    assert walk(asked, key(Key.CONFIRM)) == (SIGNING, [SignOutStaff(STAFF)])
    assert walk(SERVING, key(Key.PAUSE)) == (SERVING, [])


def test_a_number_that_is_being_picked_can_be_typed_on_the_keypad() -> None:
    picking = PanelPicking(STAFF, "样例员工", READY, letter="A")
    step, effects = walk(picking, *code("012"))
    assert isinstance(step, PanelAsking)
    assert effects[0].label == "A012"


# ---- signing in by code ------------------------------------------------------------------------------------------


@pytest.mark.row("QUE-03", part="rule")
def test_a_clerk_signs_in_by_code_on_the_keypad() -> None:
    step, effects = walk(SIGNING, *code("0310"), *code("246810"))
    assert step == SigningIn("window_panel", staff="0310", entering_pin=True, asking=True)
    assert effects == [SignInStaff(STAFF, "246810")]
    assert type(walk(step, StaffArrived(samples.CLERK))[0]) is PanelReady


def test_cancel_clears_the_whole_code() -> None:
    typing = (*code("0310"), *code("2468")[:-1])
    assert walk(SIGNING, *typing, key(Key.CANCEL)) == (SIGNING, [])


def test_a_code_that_was_left_is_cleared_after_half_a_minute() -> None:
    typing = (*code("0310"), *code("2468")[:-1])
    _, effects = walk_through(window_panel.advance, SIGNING, *typing)
    assert set(effects) == {StartTimer(CODE_TIMER, CODE_S)}
    assert CODE_S == 30.0
    assert walk(SIGNING, *typing, TimerFired(CODE_TIMER)) == (SIGNING, [])


def test_a_code_that_is_being_checked_is_not_cleared() -> None:
    asking, _ = walk(SIGNING, *code("0310"), *code("2468"))
    assert walk(asking, TimerFired(CODE_TIMER), key(Key.CANCEL))[0] == asking
    refused, _ = walk(asking, AskRefused(Reason.WRONG_PIN, 4))
    assert refused == SigningIn("window_panel", problem=Reason.WRONG_PIN, tries_left=4)


@given(st.text("0123456789", min_size=4, max_size=6), st.text("0123456789", min_size=4, max_size=4))
def test_no_digit_of_a_pin_is_in_any_name(pin: str, staff: str) -> None:
    typed = (*code(staff), *code(pin)[:-1])
    step, _ = walk(SIGNING, *typed)
    assert isinstance(step, SigningIn)
    assert step.pin == pin
    assert repr(step) == repr(SigningIn("window_panel", staff=staff, entering_pin=True))
    assert repr(typed) == repr((*code("0" * len(staff)), *code("0" * len(pin))[:-1]))


# ---- grades ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [READY, CALLING, SERVING, SIGNING, PanelSure(STAFF, "样例员工", "missed", CALLING)])
def test_a_grade_without_a_rating_screen_goes_to_the_hall_and_leaves_the_panel_alone(step: Step) -> None:
    assert walk(step, KeypadPressed(Key.GRADE, 4)) == (step, [RatedByButton(4)])
    assert walk(step, KeypadPressed(Key.GRADE, 9)) == (step, [])


@pytest.mark.row("SUP-07", part="rule")
def test_a_button_of_the_evaluator_is_a_face_on_the_rating_screen() -> None:
    asking = AskingRating(WindowId("14"), ServiceId("t/1"))
    _, effects = walk_through(rating_screen.advance, asking, KeypadPressed(Key.GRADE, 5), KeypadPressed(Key.GRADE, 1))
    assert of_kind(effects, RecordRating) == [RecordRating(ServiceId("t/1"), 5)]
    idle = RatingIdle(WindowId("14"))
    assert walk_through(rating_screen.advance, idle, KeypadPressed(Key.GRADE, 5)) == (idle, [])


# ---- always ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [NotReady("window_panel"), READY, CALLING, SERVING, SIGNING])
def test_a_key_without_meaning_here_changes_nothing(step: Step) -> None:
    assert walk(step, key(Key.LINE)) == (step, [])


@given(st.lists(st.sampled_from([*EVERY_KEY, TicketAtWindow(CALLED), ServiceOver(), TimerFired(CODE_TIMER)])))
def test_whatever_is_pressed_at_most_one_request_is_on_its_way(inputs: list[Happened]) -> None:
    step: Step = READY
    for happened in inputs:
        before = step
        step, effects = window_panel.advance(step, happened)
        asked = [effect for effect in effects if not isinstance(effect, StartTimer | RatedByButton)]
        assert len(asked) <= 1
        if asked and not isinstance(step, SigningIn):
            assert isinstance(step, PanelAsking)
            assert not isinstance(before, PanelAsking) or isinstance(happened, ServiceOver)


def test_the_screens_number_pad_still_signs_in_without_a_timer() -> None:
    typed = [PressedDigit(digit) for digit in "0310"]
    step, effects = walk_through(window_panel.advance, SIGNING, *typed, ConfirmedDigits())
    assert (step, effects) == (SigningIn("window_panel", staff="0310", entering_pin=True), [])
