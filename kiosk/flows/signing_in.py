"""Staff sign-in on a number pad: staff number, then PIN; one question at a time."""

from dataclasses import replace

from hall.ids import StaffId
from kiosk.flows.steps import SigningIn
from kiosk.flows.words import (
    AskRefused,
    ConfirmedDigits,
    Effect,
    ErasedDigit,
    Happened,
    PressedDigit,
    SignInStaff,
    Step,
    WentBack,
    WentIdle,
)

STAFF_DIGITS = 4
PIN_DIGITS = 6
PIN_MIN_DIGITS = 4


def advance(step: SigningIn, happened: Happened) -> tuple[Step, tuple[Effect, ...]]:
    """Return the next step; the answer `StaffArrived` belongs to the role's own flow."""
    match happened:
        case AskRefused(reason, tries_left):
            return SigningIn(step.role, problem=reason, tries_left=tries_left), ()
        case _ if step.asking:
            return step, ()
        case PressedDigit(digit) if digit.isdecimal():
            return _typed(step, digit), ()
        case ErasedDigit():
            return replace(step, pin=step.pin[:-1]) if step.entering_pin else replace(step, staff=step.staff[:-1]), ()
        case WentIdle() if step.staff:
            return SigningIn(step.role), ()  # a PIN half typed and left must not be finished by another
        case WentBack() if step.entering_pin:
            return SigningIn(step.role, staff=step.staff), ()
        case ConfirmedDigits() if not step.entering_pin and len(step.staff) == STAFF_DIGITS:
            return replace(step, entering_pin=True), ()
        case ConfirmedDigits() if step.entering_pin and len(step.pin) >= PIN_MIN_DIGITS:
            asking = replace(step, pin="", asking=True)
            return asking, (SignInStaff(StaffId(step.staff), step.pin),)
    return step, ()


def _typed(step: SigningIn, digit: str) -> SigningIn:
    if step.entering_pin:
        return replace(step, pin=(step.pin + digit)[:PIN_DIGITS])
    return replace(step, staff=(step.staff + digit)[:STAFF_DIGITS], problem=None, tries_left=None)
