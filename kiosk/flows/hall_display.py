"""The hall display: shows the last calls and announces each once, in order, also after a pause in the news."""

from dataclasses import replace

from hall.phrases import call_spoken, call_text
from hall.wire import Board, CallShown
from kiosk.flows.hall_day import has_closed
from kiosk.flows.steps import CallRow, DisplayShowing, NotReady
from kiosk.flows.words import Announce, BoardChanged, Effect, HallKnown, Happened, ShowBar, Step

ROWS = 5
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
            dark = has_closed(board)  # nobody is called before opening and after the last person: the bars rest
            bars = tuple((each.window, "dark" if dark else each.state, each.label) for each in board.windows)
            changed = tuple(ShowBar(*bar) for bar in bars if bar not in step.bars)
            announced = max([known, *(call.call_seq for call in board.calls)])
            shown = replace(step, rows=_rows(board), announced=announced, bars=bars)
            return shown, (*changed, *(_announce(call) for call in fresh))  # a call's own text comes last on its bar
    return step, ()


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
