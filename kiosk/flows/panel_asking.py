"""The window panel's one request on its way, and what each answer makes of the panel."""

from dataclasses import replace

import msgspec

from hall.commands import Called
from hall.errors import Reason
from hall.ids import ItemCode, ServiceId, TicketId, TicketLabel
from hall.wire.board import Board
from kiosk.flows.panel_steps import PanelHeld, PanelPicking
from kiosk.flows.steps import PanelAsking, PanelCalling, PanelReady, PanelServing, SigningIn
from kiosk.flows.words import (
    AskRefused,
    CallTicket,
    Effect,
    Happened,
    MoveMade,
    ServiceBegan,
    ServiceOver,
    StartTimer,
    Step,
    TicketAtWindow,
)

Home = PanelReady | PanelCalling | PanelServing
Move = tuple[Step, tuple[Effect, ...]]

RECALL_REST_S = 6.0
"""About as long as a call is spoken twice: ten quick presses are one announcement."""
REST = "rest"
TOLD = "told"
TOLD_S = 60.0
"""So long it is told what was done with the one before, unless the board knows sooner that it is so no more."""
FINISHES = ("finish", "finish_and_call")
DIGITS = "0123456789"


def calm(home: Home) -> Home:
    """Return the home without what it last told."""
    quiet = replace(home, problem=None, refused="")
    return replace(quiet, done="", known=False) if isinstance(quiet, PanelReady) else quiet


def ask(before: Home, what: str, effect: Effect, label: TicketLabel | None = None) -> Move:
    """Ask the hall; `before` is where most refusals return to."""
    return PanelAsking(before.staff, before.name, what, calm(before), label), (effect,)


def answered(step: PanelAsking, happened: Happened) -> Move:
    """Return what the answer makes of the panel; anything else changes nothing."""
    staff, name, before = step.staff, step.name, step.before
    match happened:
        case TicketAtWindow(called) if step.what == "recall" and isinstance(before, PanelCalling):
            again = PanelCalling(staff, name, _still_why(called, before.called), why=before.why, resting=True)
            return again, (StartTimer(REST, RECALL_REST_S),)
        case TicketAtWindow(called):
            return PanelCalling(staff, name, called), ()
        case ServiceBegan(service) if isinstance(before, PanelCalling):
            return PanelServing(staff, name, before.called, service), ()
        case ServiceBegan(service, called) if step.what == "resume" and step.label is not None:
            return PanelServing(staff, name, called or found_here(step.label, None), service), ()
        case ServiceOver():
            return _over(step)
        case MoveMade():
            return before, ()
        case AskRefused(reason):
            return _refused(step, reason), ()
    return step, ()


def _still_why(called: Called, before: Called) -> Called:
    """A recall is not compared again: why this person was called stays what it was."""
    return msgspec.structs.replace(
        called,
        why_zh=called.why_zh or before.why_zh,
        why_en=called.why_en or before.why_en,
    )


def _over(step: PanelAsking) -> Move:
    last = None if isinstance(step.before, PanelReady) else step.before.called.label
    if step.what == "finish_and_call":
        asking, effects = ask(PanelReady(step.staff, step.name, last=last), "call", CallTicket(step.staff))
        return (replace(asking, board=step.board) if isinstance(asking, PanelAsking) else asking), effects
    if step.what == "finish":  # the next board tells whether the visit goes on here with its next item
        return PanelReady(step.staff, step.name, fresh=True, last=last), ()
    return PanelReady(step.staff, step.name, done=step.what, last=last), (StartTimer(TOLD, TOLD_S),)


def _refused(step: PanelAsking, reason: Reason) -> Step:
    before = step.before
    if reason is Reason.NOT_SIGNED_IN:
        return SigningIn("window_panel", problem=reason)  # whoever signs in finds the person who is here
    if isinstance(before, PanelReady):
        if step.what == "call_number" and reason is Reason.ILLEGAL_MOVE:
            return PanelPicking(step.staff, step.name, before, label=step.label)
        if step.what in ("call_number", "call_early") and reason is not Reason.WINDOW_BUSY:
            letter, digits = _typed(step.label or TicketLabel(""))
            return PanelPicking(step.staff, step.name, before, letter, digits, problem=reason, refused=step.what)
        if step.what == "resume" and reason is not Reason.WINDOW_BUSY:
            return PanelHeld(step.staff, step.name, before, problem=reason, refused=step.what)
        if reason is Reason.WINDOW_BUSY:
            # Somebody is still at this window, from before a restart or with their next item: the next board tells.
            return replace(before, problem=reason, refused=step.what, fresh=True)
    if isinstance(before, PanelServing) and step.what in FINISHES and reason is Reason.ILLEGAL_MOVE:
        # The hall knows this person elsewhere, as after an outage in which two windows had one number.
        return PanelReady(step.staff, step.name, problem=reason, refused="gone", fresh=True, last=before.called.label)
    return replace(before, problem=reason, refused=step.what)


def _typed(label: TicketLabel) -> tuple[str, str]:
    """Return letter and digits as they were typed; a number with a suffix is picked, never typed."""
    letter = label.rstrip(DIGITS)
    return (letter, label[len(letter) :]) if "-" not in label else ("", "")


def found_here(label: TicketLabel, board: Board | None) -> Called:
    """Return what is known of somebody whose call this panel did not make itself.

    How often they were called is not known: one more call, and the hall tells.
    """
    calls = board.calls if board else ()
    call = next((call for call in reversed(calls) if call.label == label), None)
    return Called(
        ticket=TicketId(""),
        label=label,
        item=ItemCode(""),
        priority=call.priority if call else False,
        call_seq=call.call_seq if call else 0,
        waited_s=0.0,
        calls_left=1,
    )


UNKNOWN_SERVICE = ServiceId("")
"""A service that this panel did not begin: the hall knows which it is."""
