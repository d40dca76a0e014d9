"""A window's keypad beside its screen: each key is the touch that it stands for on this step, or nothing.

Signing in by code is number, 确认, PIN, 确认; 取消 clears it, and so does half a minute without a key. Digits go into
the step of the sign-in and nowhere else. A grade given here, without a rating screen, goes to the hall at once.
"""

from collections.abc import Callable, Mapping
from typing import get_args

from kiosk.flows.kinds import Effect, Happened, Step, Touch
from kiosk.flows.pad_words import KeypadPressed, RatedByButton
from kiosk.flows.panel_steps import PanelChoice, PanelPicking, PanelStaying
from kiosk.flows.rating_screen import BEST, WORST
from kiosk.flows.steps import PanelCalling, PanelReady, PanelServing, SigningIn
from kiosk.flows.words import (
    ConfirmedDigits,
    ConfirmedMove,
    OpenedHeld,
    PressedCall,
    PressedDigit,
    PressedFinish,
    PressedHold,
    PressedMissed,
    PressedRecall,
    PressedStart,
    PressedTransfer,
    SignedOff,
    StartTimer,
    TimerFired,
    WentBack,
    WentIdle,
)
from kiosk.ports import Key

CODE_S = 30.0
"""A code half typed must not be finished by another."""
CODE_TIMER = "keypad_code"

Move = tuple[Step, tuple[Effect, ...]]
Advance = Callable[[Step, Happened], Move]

AT_HOME: Mapping[type[Step], Mapping[Key, Touch]] = {
    PanelStaying: {Key.CONFIRM: ConfirmedMove(), Key.CANCEL: WentBack(), Key.PAUSE: SignedOff()},
    PanelReady: {Key.CALL: PressedCall(), Key.CALL_BACK: OpenedHeld(), Key.PAUSE: SignedOff()},
    PanelCalling: {
        Key.RECALL: PressedRecall(),
        Key.CONFIRM: PressedStart(),
        Key.GIVE_UP: PressedMissed(),
        Key.TRANSFER: PressedTransfer(),
    },
    PanelServing: {
        Key.EVALUATE: PressedFinish(),
        Key.CALL: PressedFinish(call_next=True),
        Key.HOLD: PressedHold(),
        Key.TRANSFER: PressedTransfer(),
    },
}
"""Where the panel stands to what a key does there. 暂停 asks whether to sign off: a paused window is a closed one."""
CHOICES = get_args(PanelChoice)


def advance(step: Step, happened: KeypadPressed | TimerFired, flow: Advance) -> Move:
    """Return what `flow` makes of the touch that the key stands for; a key without meaning here changes nothing."""
    if isinstance(happened, TimerFired):
        return flow(step, WentIdle()) if isinstance(step, SigningIn) else (step, ())
    if happened.key is Key.GRADE:
        grade = happened.value or 0
        return step, (RatedByButton(grade),) if WORST <= grade <= BEST else ()
    meant = meaning(step, happened)
    if meant is None:
        return step, ()
    after, effects = flow(step, meant)
    if isinstance(after, SigningIn) and isinstance(meant, PressedDigit | ConfirmedDigits):
        return after, (*effects, StartTimer(CODE_TIMER, CODE_S))
    return after, effects


def meaning(step: Step, pressed: KeypadPressed) -> Happened | None:
    """Return what the key stands for on this step."""
    key = pressed.key
    if isinstance(step, SigningIn):
        return WentIdle() if key is Key.CANCEL else _typed(pressed)
    if isinstance(step, CHOICES):
        return _choosing(step, pressed)
    return AT_HOME.get(type(step), {}).get(key)


def _choosing(step: PanelChoice, pressed: KeypadPressed) -> Happened | None:
    if pressed.key is Key.CANCEL:
        return WentBack()
    if isinstance(step, PanelPicking) and step.label is None and pressed.key in (Key.DIGIT, Key.CONFIRM):
        return _typed(pressed)
    if pressed.key is Key.CONFIRM:
        return ConfirmedMove()
    return AT_HOME.get(type(step.before), {}).get(pressed.key)


def _typed(pressed: KeypadPressed) -> Happened | None:
    if pressed.key is Key.DIGIT and pressed.value is not None:
        return PressedDigit(str(pressed.value))
    return ConfirmedDigits() if pressed.key is Key.CONFIRM else None
