"""The hall display: shows the last calls and announces each once, in order, also after a pause in the news."""

from dataclasses import replace

from hall.outage.sharing import NO_CALL_SEQ
from hall.speech.phrases import call_spoken, call_text
from hall.wire.board import Board, CallShown
from hall.wire.peers import CallSaid
from kiosk.flows.hall_day import has_closed, has_ended
from kiosk.flows.steps import CallRow, DisplayShowing, NotReady
from kiosk.flows.words import Announce, BoardChanged, Effect, HallKnown, Happened, PeerCall, ShowBar, Step

ROWS = 5
PEERS_KEPT = 20
STALE_S = 120.0
"""A call older than this is shown but no longer spoken: the person has long been served or recalled."""


def advance(step: Step, happened: Happened) -> tuple[Step, tuple[Effect, ...]]:
    """Return the next step and what must now be done; the display accepts no touch."""
    match step, happened:
        case NotReady(), HallKnown():
            return DisplayShowing(), ()
        case DisplayShowing(), BoardChanged(board, last_spoken):
            known = max(step.announced, last_spoken)
            fresh = [call for call in board.calls if call.call_seq > known and board.at - call.at <= STALE_S]
            rest = "ended" if has_ended(board) else "dark" if has_closed(board) else ""  # else each tells its window
            bars = tuple((each.window, rest or each.state, each.label) for each in board.windows)
            changed = tuple(ShowBar(*bar) for bar in bars if bar not in step.bars)
            announced = max([known, *(call.call_seq for call in board.calls)])
            shown = replace(step, rows=_rows(board), announced=announced, bars=bars)
            return shown, (*changed, *(_announce(call) for call in fresh))  # a call's own text comes last on its bar
        case DisplayShowing(), PeerCall(call) if (call.window, call.at) not in step.peers:
            return _with_peer(step, call), (_announce_peer(call),)
    return step, ()


def _with_peer(step: DisplayShowing, call: CallSaid) -> DisplayShowing:
    """A window called without the hall server: its call stands on top until a board comes again."""
    others = [replace(row, newest=False) for row in step.rows if row.label != call.label]
    top = CallRow(NO_CALL_SEQ, call.label, call.window, call.priority, newest=True)
    peers = (*step.peers, (call.window, call.at))[-PEERS_KEPT:]
    return replace(step, rows=(top, *others)[:ROWS], peers=peers)


def _announce_peer(call: CallSaid) -> Announce:
    return Announce(
        NO_CALL_SEQ,
        call.label,
        call.window,
        shown=call_text(call.label, call.window, recalled=call.recalled),
        spoken=call_spoken(call.label, call.window, recalled=call.recalled),
    )


def _rows(board: Board) -> tuple[CallRow, ...]:
    rows: list[CallRow] = []
    for call in reversed(board.calls):
        if all(row.label != call.label for row in rows):
            rows.append(CallRow(call.call_seq, call.label, call.window, call.priority, newest=not rows))
    return tuple(rows[:ROWS])


def _announce(call: CallShown) -> Announce:
    return Announce(
        call.call_seq,
        call.label,
        call.window,
        shown=call_text(call.label, call.window, recalled=call.recalled),
        spoken=call_spoken(call.label, call.window, recalled=call.recalled),
    )
