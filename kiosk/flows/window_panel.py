"""The window panel: sign in, call, start, finish. At most one request is on its way; the hall decides.

Three homes (nobody, called, serving) hold the moves that are one press; `panel_moves` holds the choices, and
`panel_asking` what the hall's answers make of the panel.
"""

from dataclasses import replace
from typing import get_args

import msgspec

from hall.errors import Reason
from hall.wire.board import WindowShown
from kiosk.flows import bringing_in, keypad, panel_moves, panel_staying, panel_told, signing_in
from kiosk.flows.bringing_in import BringingIn
from kiosk.flows.pad_words import KeypadPressed
from kiosk.flows.panel_asking import REST, TOLD, UNKNOWN_SERVICE, Home, Move, answered, ask, found_here
from kiosk.flows.panel_steps import PanelChoice, PanelHeld, PanelPicking, PanelStaying
from kiosk.flows.scan_words import Scanned
from kiosk.flows.staying_words import HallAway, MayStay
from kiosk.flows.steps import NotReady, PanelAsking, PanelCalling, PanelReady, PanelServing, SigningIn
from kiosk.flows.words import (
    AskNear,
    BeginService,
    BoardChanged,
    CallTicket,
    EndService,
    HallKnown,
    Happened,
    HoldService,
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
    SignedOff,
    StaffArrived,
    Step,
    TimerFired,
    ToggledWhy,
)

KEYS = (
    PressedAddItem,
    PressedCall,
    PressedFinish,
    PressedHold,
    PressedMissed,
    PressedPrecall,
    PressedRecall,
    PressedStart,
    PressedTransfer,
)
"""What a keypad says, and what 更多 offers: it works wherever the screen stands, as it does at the home."""
CHOICES = get_args(PanelChoice)


def advance(step: Step, happened: Happened) -> Move:
    """Return the next step and what must now be done; inputs that do not fit change nothing."""
    match step, happened:
        case NotReady(), HallKnown():
            return SigningIn("window_panel"), ()
        case SigningIn(asking=True), StaffArrived(who):
            return PanelReady(who.staff, who.name, fresh=True), ()
        case _, KeypadPressed() | TimerFired(keypad.CODE_TIMER):
            return keypad.advance(step, happened, advance)
        case SigningIn(), HallAway() | MayStay():
            return panel_staying.offered(step, happened)
        case SigningIn(), _:
            return signing_in.advance(step, happened)
        case PanelStaying(), _:
            return panel_staying.advance(step, happened)
        case PanelAsking(), BoardChanged():
            return replace(step, board=happened), ()
        case PanelAsking(), _:
            return _answered(step, happened)
        case PanelReady() | PanelCalling() | PanelServing(), BoardChanged():
            return _told(step, happened), ()
        case PanelReady(), _:
            return _ready(step, happened)
        case PanelCalling(), _:
            return _calling(step, happened)
        case PanelServing(), _:
            return _serving(step, happened)
        case BringingIn(), Scanned(text) if not step.asking and isinstance(step.before, PanelReady):
            return bringing_in.begin(step.before, text)
        case BringingIn(), _:
            return bringing_in.advance(step, happened)
    return _choosing(step, happened) if isinstance(step, CHOICES) else (step, ())


def _answered(step: PanelAsking, happened: Happened) -> Move:
    """Return what the answer makes of the panel; who the board told to be here meanwhile is found at once."""
    home, effects = answered(step, happened)
    if isinstance(home, PanelReady) and home.fresh and step.board is not None:
        found = _resumed(home, step.board)
        return (home if isinstance(found, PanelReady) else found), effects
    return home, effects


# ---- the homes ---------------------------------------------------------------------------------------------------


def _ready(step: PanelReady, happened: Happened) -> Move:
    match happened:
        case PressedCall():
            return ask(step, "call", CallTicket(step.staff))
        case Scanned(text):
            return bringing_in.begin(step, text)
        case OpenedNumbers():
            return panel_moves.picking(step), ()
        case OpenedHeld():
            return panel_moves.held(step), ()
        case SignedOff():
            return panel_moves.sure(step, "sign_off"), ()
        case TimerFired(name) if name == TOLD:
            return panel_told.quiet(step), ()
    return step, ()


def _calling(step: PanelCalling, happened: Happened) -> Move:
    match happened:
        case PressedStart():
            return ask(step, "start", BeginService(step.staff))
        case PressedRecall() if not step.resting:
            return ask(step, "recall", RecallTicket(step.staff))
        case TimerFired(name) if name == REST:
            return replace(step, resting=False), ()
        case PressedMissed() if step.called.calls_left > 0:
            return replace(step, problem=Reason.ILLEGAL_MOVE, refused="missed"), ()
        case PressedMissed():
            return panel_moves.sure(replace(step, resting=False), "missed"), ()
        case PressedTransfer():
            return panel_moves.sending(replace(step, resting=False)), ()
        case ToggledWhy():
            return replace(step, why=not step.why), ()
    return step, ()


def _serving(step: PanelServing, happened: Happened) -> Move:
    match happened:
        case PressedFinish(call_next):
            return ask(step, "finish_and_call" if call_next else "finish", EndService(step.staff))
        case PressedPrecall():
            return ask(step, "precall", AskNear(step.staff))
        case PressedHold():
            return ask(step, "hold", HoldService(step.staff))
        case PressedTransfer():
            return panel_moves.sending(step), ()
        case PressedAddItem():
            return panel_moves.adding(step), ()
        case OpenedMoves():
            return panel_moves.more(step), ()
        case ToggledWhy():
            return replace(step, why=not step.why), ()
    return step, ()


def _choosing(step: PanelChoice, happened: Happened) -> Move:
    chosen, effects = panel_moves.choosing(step, happened)
    if chosen is not step or effects:
        return chosen, effects
    if isinstance(happened, BoardChanged):
        return _told_while_choosing(step, happened), ()
    if isinstance(happened, KEYS):
        home, effects = advance(step.before, happened)
        return (home, effects) if home is not step.before else (step, ())
    return step, ()


# ---- what a board tells ------------------------------------------------------------------------------------------


def _told(step: Home, happened: BoardChanged) -> Step:
    if isinstance(step, PanelReady):
        return _resumed(step, happened) if step.fresh else panel_told.still_so(_no_longer(step, happened), happened)
    if isinstance(step, PanelCalling) and _went_back(step, happened):
        return _put_back(step)
    return _no_longer(_with_item(step, _mine(happened)), happened)


def _told_while_choosing(step: PanelChoice, happened: BoardChanged) -> Step:
    if isinstance(step.before, PanelCalling) and _went_back(step.before, happened):
        return _put_back(step.before)
    return _no_longer(step, happened) if isinstance(step, PanelPicking | PanelHeld) else step


def _mine(happened: BoardChanged) -> WindowShown | None:
    return next((shown for shown in happened.board.windows if shown.window == happened.window), None)


def _went_back(step: PanelCalling, happened: BoardChanged) -> bool:
    """A board that knows this call, and on which the window no longer holds its number. An older board says nothing."""
    knows = any(call.call_seq >= step.called.call_seq for call in happened.board.calls)
    mine = _mine(happened)
    return knows and mine is not None and mine.label != step.called.label


def _put_back(step: PanelCalling) -> PanelReady:
    """Not started in time: the hall put the number back in line, and the clerk is told which."""
    return PanelReady(step.staff, step.name, done="lapsed", last=step.called.label)


def _with_item(step: PanelCalling | PanelServing, mine: WindowShown | None) -> PanelCalling | PanelServing:
    """Somebody whose call this panel did not make: the board knows what they came for."""
    if step.called.item or mine is None or mine.item is None or mine.label != step.called.label:
        return step
    return replace(step, called=msgspec.structs.replace(step.called, item=mine.item))


def _no_longer(step: Home | PanelPicking | PanelHeld, happened: BoardChanged) -> Step:
    """A board from the server says that it is back; a board with people waiting that somebody can be called."""
    over = step.problem in (Reason.SERVER_AWAY, Reason.TOO_LATE) or (
        step.problem is Reason.NOBODY_WAITING and happened.board.waiting > 0
    )
    return replace(step, problem=None, refused="") if over else step


def _resumed(step: PanelReady, happened: BoardChanged) -> Step:
    """A clerk who signs in again finds the person who was there; a visit with one more item goes on here."""
    mine = _mine(happened)
    if mine is None or mine.label is None or mine.state not in ("called", "serving"):
        quiet = replace(step, problem=None, refused="") if step.problem is Reason.WINDOW_BUSY else step
        return _no_longer(replace(quiet, fresh=False), happened)
    if mine.state == "serving" and mine.label == step.last:
        return step  # a board from before this person's item was finished
    called = found_here(mine.label, happened.board)
    if mine.state == "called":
        return _with_item(PanelCalling(step.staff, step.name, called), mine)
    return _with_item(PanelServing(step.staff, step.name, called, UNKNOWN_SERVICE), mine)
