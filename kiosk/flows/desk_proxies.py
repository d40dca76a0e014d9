"""代办查询 at the guide desk: open one request, look at both cards, confirm or decline with one touch."""

from dataclasses import replace

from hall.errors import Reason
from hall.wire.board import Board
from kiosk.flows.desk_steps import DeskTyping
from kiosk.flows.proxy_steps import DeskProxy
from kiosk.flows.proxy_words import (
    AnswerProxy,
    ConfirmsProxy,
    DeclinesProxy,
    OpensProxy,
    ProxyAnswered,
    ProxyNamesRead,
    ReadProxyNames,
)
from kiosk.flows.steps import DeskIssued, DeskReady
from kiosk.flows.words import BoardChanged, Effect, Ended, Happened, Step, WentBack

Move = tuple[Step, tuple[Effect, ...]]


def opened(step: DeskReady | DeskIssued | DeskTyping, wanted: OpensProxy) -> Move:
    """Show one request; its names are asked for, sealed to this desk."""
    page = DeskProxy(step.staff, step.name, wanted.proxy, wanted.terminal)
    return page, (ReadProxyNames(wanted.proxy, step.staff),)


def advance(step: DeskProxy, happened: Happened) -> Move:
    """Return the next step and what must now be done; who presses twice has answered once."""
    match happened:
        case ProxyNamesRead(proxy, names) if proxy == step.proxy:
            return replace(step, names=names, problem=None), ()
        case ConfirmsProxy() if step.names is not None and not step.asking and not step.gone:
            return _answer(step, confirm=True)
        case DeclinesProxy() if not step.asking and not step.gone:
            return _answer(step, confirm=False)
        case ProxyAnswered(proxy, None) if proxy == step.proxy:
            return DeskReady(step.staff, step.name), ()
        case ProxyAnswered(proxy, reason) if proxy == step.proxy:
            return replace(step, asking=False, problem=reason, gone=reason is Reason.ILLEGAL_MOVE), ()
        case BoardChanged(board):
            return _with_board(step, board)
        case WentBack() | Ended() if not step.asking:
            return DeskReady(step.staff, step.name), ()
    return step, ()


def _answer(step: DeskProxy, *, confirm: bool) -> Move:
    return replace(step, asking=True, problem=None), (AnswerProxy(step.proxy, step.terminal, step.staff, confirm),)


def _with_board(step: DeskProxy, board: Board) -> Move:
    """Whoever asked may have left; and the server that was away may be back."""
    waits = any(one.proxy == step.proxy and one.state == "asked" for one in board.proxies)
    if not waits and not step.asking:
        return (step, ()) if step.gone else (replace(step, gone=True, names=None), ())
    if step.problem in (Reason.SERVER_AWAY, Reason.TOO_LATE) and step.names is None and not step.asking:
        return replace(step, problem=None), (ReadProxyNames(step.proxy, step.staff),)
    return step, ()
