"""The window panel's choices: which window, item, number or reason; and one question before a person would feel it."""

from dataclasses import replace

from hall.commands import OutOfOrder
from hall.ids import Series
from hall.queue import numbering
from kiosk.flows.panel_asking import Move, ask, calm
from kiosk.flows.panel_steps import (
    PanelAdding,
    PanelChoice,
    PanelHeld,
    PanelMore,
    PanelPicking,
    PanelSending,
    PanelSure,
)
from kiosk.flows.steps import PanelCalling, PanelReady, PanelServing, SigningIn
from kiosk.flows.words import (
    AddToNumber,
    CallNumber,
    ChoseGroup,
    ChoseItem,
    ChoseNumber,
    ChoseReason,
    ChoseWindow,
    ConfirmedDigits,
    ConfirmedMove,
    ErasedDigit,
    Happened,
    MissTicket,
    PressedDigit,
    PressedLetter,
    PressedMissed,
    ResumeService,
    SendOn,
    SignedOff,
    SignOutStaff,
    Step,
    WantsOtherItem,
    WentBack,
)

REASONS = frozenset(reason.value for reason in OutOfOrder)


def sending(home: PanelCalling | PanelServing) -> Step:
    """Open 转移."""
    calmed = calm(home)
    return home if isinstance(calmed, PanelReady) else PanelSending(home.staff, home.name, calmed)


def adding(home: PanelServing) -> Step:
    """Open 加办一项."""
    calmed = calm(home)
    return PanelAdding(home.staff, home.name, calmed) if isinstance(calmed, PanelServing) else home


def more(home: PanelServing) -> Step:
    """Open 更多."""
    calmed = calm(home)
    return PanelMore(home.staff, home.name, calmed) if isinstance(calmed, PanelServing) else home


def picking(home: PanelReady) -> Step:
    """Open 呼叫指定号."""
    calmed = calm(home)
    return PanelPicking(home.staff, home.name, calmed) if isinstance(calmed, PanelReady) else home


def held(home: PanelReady) -> Step:
    """Open 挂起的号."""
    calmed = calm(home)
    return PanelHeld(home.staff, home.name, calmed) if isinstance(calmed, PanelReady) else home


def sure(home: PanelReady | PanelCalling, what: str) -> Step:
    """Ask once."""
    return PanelSure(home.staff, home.name, what, calm(home))


def choosing(step: PanelChoice, happened: Happened) -> Move:
    """Return the next step of a choice; inputs that do not fit change nothing."""
    match step:
        case PanelSure():
            return _sure(step, happened)
        case PanelSending():
            return _sending(step, happened)
        case PanelAdding():
            return _adding(step, happened)
        case PanelPicking():
            return _picking(step, happened)
        case PanelHeld():
            return _held(step, happened)
        case _:
            return (step.before if isinstance(happened, WentBack) else step), ()


def _sure(step: PanelSure, happened: Happened) -> Move:
    match happened:
        case WentBack():
            return step.before, ()
        case ConfirmedMove() | PressedMissed() if step.what == "missed":
            return ask(step.before, "missed", MissTicket(step.staff))
        case ConfirmedMove() | SignedOff() if step.what == "sign_off":
            return SigningIn("window_panel"), (SignOutStaff(step.staff),)
    return step, ()


def _sending(step: PanelSending, happened: Happened) -> Move:
    match happened:
        case WentBack():
            return _one_back(step), ()
        case ConfirmedMove() if step.sure:
            return ask(step.before, "transfer", SendOn(step.staff, step.window, step.item))
        case _ if step.sure:
            return step, ()
        case ChoseWindow(None) if step.item is not None:
            return replace(step, sure=True), ()
        case ChoseWindow(window) if window is not None and (step.item is not None or not step.other):
            return replace(step, window=window, sure=True), ()
        case WantsOtherItem():
            return replace(step, other=True, group=None, item=None), ()
        case ChoseGroup(group) if step.other and step.item is None:
            return replace(step, group=group), ()
        case ChoseItem(item) if step.group is not None and item == step.before.called.item:
            return replace(step, other=False, group=None, item=None), ()  # the same item: only a window is to be chosen
        case ChoseItem(item) if step.group is not None and step.item is None:
            return replace(step, item=item), ()
    return step, ()


def _one_back(step: PanelSending) -> Step:
    if step.sure:
        return replace(step, sure=False, window=None)
    if step.item is not None:
        return replace(step, item=None)
    if step.group is not None:
        return replace(step, group=None)
    return replace(step, other=False) if step.other else step.before


def _adding(step: PanelAdding, happened: Happened) -> Move:
    match happened:
        case WentBack() if step.item is not None:
            return replace(step, item=None), ()
        case WentBack() if step.group is not None:
            return replace(step, group=None), ()
        case WentBack():
            return step.before, ()
        case ChoseGroup(group) if step.item is None:
            return replace(step, group=group), ()
        case ChoseItem(item) if step.group is not None and step.item is None and item != step.before.called.item:
            return replace(step, item=item), ()
        case ConfirmedMove() if step.item is not None:
            return ask(step.before, "add", AddToNumber(step.staff, step.before.called.label, step.item))
    return step, ()


def _picking(step: PanelPicking, happened: Happened) -> Move:
    staff, quiet = step.staff, replace(step, problem=None, refused="")
    match happened:
        case WentBack() if step.label is not None:
            return replace(quiet, label=None), ()
        case WentBack():
            return step.before, ()
        case ChoseReason(reason) if step.label is not None and reason in REASONS:
            return ask(step.before, "call_early", CallNumber(staff, step.label, OutOfOrder(reason)), step.label)
        case _ if step.label is not None:
            return step, ()
        case ChoseNumber(label):
            return ask(step.before, "call_number", CallNumber(staff, label), label)
        case PressedLetter(letter):
            return replace(quiet, letter=letter), ()
        case PressedDigit(digit) if digit.isdecimal() and len(step.digits) < numbering.LABEL_DIGITS:
            return replace(quiet, digits=step.digits + digit), ()
        case ErasedDigit() if step.digits:
            return replace(quiet, digits=step.digits[:-1]), ()
        case ErasedDigit() if step.letter:
            return replace(quiet, letter=""), ()
        case ConfirmedDigits() if step.letter and step.digits and int(step.digits):
            label = numbering.label(Series(step.letter), int(step.digits))
            return ask(step.before, "call_number", CallNumber(staff, label), label)
    return step, ()


def _held(step: PanelHeld, happened: Happened) -> Move:
    match happened:
        case WentBack():
            return step.before, ()
        case ChoseNumber(label):
            return ask(step.before, "resume", ResumeService(step.staff, label), label)
    return step, ()
