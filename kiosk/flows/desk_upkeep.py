"""The guide desk's upkeep: the opening checklist, works that are due, what is left to do at the day's end.

What is due and what is signed stands in the hall's snapshots; the step remembers what was pressed and not yet told.
"""

from dataclasses import replace

from hall.errors import Reason
from hall.ids import DeviceId
from hall.upkeep import LineState, Work
from hall.wire.board import Board
from kiosk.flows.desk_steps import DeskUpkeep
from kiosk.flows.steps import DeskReady, SigningIn
from kiosk.flows.upkeep_words import (
    ChecklistSigned,
    ChoseFinding,
    ChoseWork,
    MaintenanceTold,
    MarkedLine,
    NoteMaintenance,
    OpensUpkeep,
    SignChecklist,
    SignsOpening,
)
from kiosk.flows.words import (
    BoardChanged,
    Effect,
    Ended,
    GoesToHelp,
    GoToHelp,
    Happened,
    SignedOff,
    SignOutStaff,
    Step,
    WentBack,
)

Move = tuple[Step, tuple[Effect, ...]]
AWAY = (Reason.SERVER_AWAY, Reason.TOO_LATE)


def advance(step: DeskUpkeep, happened: Happened) -> Move:
    """Return the next step and what must now be done; while something is being written down nothing else is."""
    match happened:
        case ChecklistSigned() if step.signing:
            return _after_signature(step, happened.reason), ()
        case MaintenanceTold(device) if step.noting and step.chosen is not None and step.chosen[0] == device:
            return _after_record(step, happened), ()
        case BoardChanged(board):
            return _with_board(step, board), ()
        case GoesToHelp(terminal):
            return step, (GoToHelp(terminal, step.staff),)
        case _ if step.signing or step.noting:
            return step, ()
        case SignedOff():
            return SigningIn("guide_desk"), (SignOutStaff(step.staff),)
        case MarkedLine() | SignsOpening():
            return _opening(step, happened)
        case ChoseWork() | ChoseFinding():
            return _due(step, happened)
        case OpensUpkeep(page):
            return replace(step, page=page, chosen=None, noted=None, problem=None), ()
        case WentBack() if step.chosen is not None:
            return replace(step, chosen=None, problem=None), ()
        case WentBack() | Ended():
            return DeskReady(step.staff, step.name), ()
    return step, ()


def _opening(step: DeskUpkeep, happened: MarkedLine | SignsOpening) -> Move:
    match happened:
        case MarkedLine(line, state) if state is not LineState.OPEN:
            others = tuple(mark for mark in step.marks if mark[0] != line)
            return replace(step, marks=(*others, (line, state)), problem=None), ()
        case SignsOpening(day, lines) if lines:
            return replace(step, signing=True, problem=None), (SignChecklist(day, lines, step.staff),)
    return step, ()


def _after_signature(step: DeskUpkeep, reason: Reason | None) -> DeskUpkeep:
    """What was marked stays in view until the board tells that it is signed."""
    return replace(step, signing=False, problem=reason)


def _with_board(step: DeskUpkeep, board: Board) -> DeskUpkeep:
    """Forget the marks that the board has as signed; the hall is back when it tells of itself."""
    signed = {one.line: one.state for one in board.opening.signed} if board.opening.day == board.day else {}
    marks = tuple(mark for mark in step.marks if signed.get(mark[0]) != mark[1])
    problem = None if step.problem in AWAY else step.problem
    if marks == step.marks and problem == step.problem:
        return step
    return replace(step, marks=marks, problem=problem)


def _due(step: DeskUpkeep, happened: ChoseWork | ChoseFinding) -> Move:
    match happened, step.chosen:
        case ChoseWork(device, work), _:
            return replace(step, chosen=(device, work), noted=None, problem=None), ()
        case ChoseFinding(finding), (device, work):
            asked = NoteMaintenance(DeviceId(device), Work(work), finding, step.staff)
            return replace(step, noting=True, problem=None), (asked,)
    return step, ()


def _after_record(step: DeskUpkeep, told: MaintenanceTold) -> DeskUpkeep:
    if told.noted is None:
        return replace(step, noting=False, problem=told.reason or Reason.INTERNAL)
    return replace(step, noting=False, chosen=None, noted=told.noted, problem=None)
