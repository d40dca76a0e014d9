"""The hall display: shows the last calls and announces each once, in order, also after a pause in the news."""

from dataclasses import replace

from hall.ids import TicketLabel
from hall.outage.sharing import NO_CALL_SEQ
from hall.speech.phrases import call_spoken, call_text
from hall.wire.board import Board, CallShown
from hall.wire.peers import CallSaid
from kiosk.flows.hall_day import has_closed, has_ended
from kiosk.flows.steps import CallRow, DisplayShowing, NotReady
from kiosk.flows.words import Announce, BoardChanged, Effect, HallKnown, Happened, PeerCall, ShowBar, Step

ROWS = 5
MISSED_SHOWN = 6
"""Missed numbers that a display tells; whoever is not among them finds theirs at any terminal and at the guide desk."""
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
            shown = replace(step, rows=_rows(board), announced=announced, bars=bars, missed=missed(board))
            return shown, (*changed, *(_announce(call) for call in fresh))  # a call's own text comes last on its bar
        case DisplayShowing(), PeerCall(call) if (call.window, call.at) not in step.peers:
            return _with_peer(step, call), (_announce_peer(call),)
    return step, ()


def _with_peer(step: DisplayShowing, call: CallSaid) -> DisplayShowing:
    """A window called without the hall server: its call stands on top until a board comes again."""
    others = [replace(row, newest=False) for row in step.rows if row.label != call.label]
    top = CallRow(NO_CALL_SEQ, call.label, call.window, call.priority, newest=True)
    peers = (*step.peers, (call.window, call.at))[-PEERS_KEPT:]
    left = tuple(label for label in step.missed if label != call.label)
    return replace(step, rows=(top, *others)[:ROWS], peers=peers, missed=left)


def missed(board: Board) -> tuple[TicketLabel, ...]:
    """Return the numbers to tell as 过号: those missed last, the newest first; none once the hall has closed.

    A number that came back, was called again or ended is not on the board as missed and so is not told.
    """
    if has_closed(board):
        return ()
    found = sorted((one for one in board.aside if one.state == "missed"), key=lambda one: (-one.at, one.label))
    return tuple(one.label for one in found[:MISSED_SHOWN])


def _announce_peer(call: CallSaid) -> Announce:
    return Announce(
        NO_CALL_SEQ,
        call.label,
        call.window,
        shown=call_text(call.label, call.window, recalled=call.recalled),
        spoken=call_spoken(call.label, call.window, recalled=call.recalled),
    )


def _rows(board: Board) -> tuple[CallRow, ...]:
    """The last calls, each number once; a missed one stands below: nobody shall be sent to a window that went on."""
    rows: list[CallRow] = []
    gone = {one.label for one in board.aside if one.state == "missed"}
    newest = max((call.call_seq for call in board.calls), default=0)
    for call in reversed(board.calls):
        if call.label not in gone and all(row.label != call.label for row in rows):
            rows.append(CallRow(call.call_seq, call.label, call.window, call.priority, newest=call.call_seq == newest))
    return tuple(rows[:ROWS])


def _announce(call: CallShown) -> Announce:
    return Announce(
        call.call_seq,
        call.label,
        call.window,
        shown=call_text(call.label, call.window, recalled=call.recalled),
        spoken=call_spoken(call.label, call.window, recalled=call.recalled),
    )
