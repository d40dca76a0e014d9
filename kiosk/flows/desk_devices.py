"""The guide desk's devices page: look at every terminal, have one or all of them test themselves.

What the tests found is on the board and comes by itself; the step only remembers what was asked for and not yet told.
"""

from dataclasses import replace

from hall.errors import Reason
from hall.ids import TerminalId
from hall.wire.board import Board
from hall.wire.devices_shown import MAX_TERMINALS_SHOWN
from kiosk.flows.desk_steps import DeskDevices
from kiosk.flows.desk_words import ChoseTerminal, OrdersAllTests, OrdersTest, OrderTest, TestOrdered
from kiosk.flows.steps import DeskReady
from kiosk.flows.words import BoardChanged, Effect, Ended, Happened, Step, WentBack

Move = tuple[Step, tuple[Effect, ...]]
FOR_ALL = (Reason.SERVER_AWAY, Reason.TOO_LATE, Reason.NOT_SIGNED_IN, Reason.DAY_NOT_OPEN)
"""What is refused for one of these is refused for every terminal: the rest of a round is not asked for."""


def advance(step: DeskDevices, happened: Happened) -> Move:
    """Return the next step and what must now be done; who asks twice has asked once."""
    match happened:
        case OrdersTest(terminal):
            return _with_orders(step, (terminal,))
        case OrdersAllTests(terminals):
            return _with_orders(step, terminals[:MAX_TERMINALS_SHOWN])
        case TestOrdered(terminal, reason) if terminal == step.asking:
            return _answered(step, terminal, reason)
        case BoardChanged(board):
            return _after(step, board), ()
        case ChoseTerminal(terminal):
            return replace(step, chosen=terminal), ()
        case WentBack() if step.chosen is not None:
            return replace(step, chosen=None), ()
        case WentBack() | Ended():
            return DeskReady(step.staff, step.name), ()
    return step, ()


def _with_orders(step: DeskDevices, wanted: tuple[TerminalId, ...]) -> Move:
    under_way = {step.asking, *step.queued, *step.ordered}
    fresh = tuple(each for each in dict.fromkeys(wanted) if each not in under_way)
    if not fresh:
        return step, ()
    refused = tuple(each for each in step.refused if each not in fresh)
    return _next(replace(step, queued=step.queued + fresh, refused=refused, problem=None))


def _next(step: DeskDevices) -> Move:
    """One order at a time: the next is sent when the one before it is written down."""
    if step.asking is not None or not step.queued:
        return step, ()
    first, *rest = step.queued
    return replace(step, asking=first, queued=tuple(rest)), (OrderTest(first, step.staff),)


def _answered(step: DeskDevices, terminal: TerminalId, reason: Reason | None) -> Move:
    if reason is None:
        return _next(replace(step, asking=None, ordered=(*step.ordered, terminal)))
    left = () if reason in FOR_ALL else step.queued
    not_asked = (terminal, *step.queued) if reason in FOR_ALL else (terminal,)
    return _next(replace(step, asking=None, queued=left, refused=(*step.refused, *not_asked), problem=reason))


def _after(step: DeskDevices, board: Board) -> DeskDevices:
    """Forget what was ordered once the board no longer waits for it: its result stands there."""
    waiting = {test.terminal for test in board.self_tests if test.waiting}
    ordered = tuple(each for each in step.ordered if each in waiting)
    back = step.problem in (Reason.SERVER_AWAY, Reason.TOO_LATE)
    if ordered == step.ordered and not back:
        return step
    return replace(step, ordered=ordered, problem=None if back else step.problem)
