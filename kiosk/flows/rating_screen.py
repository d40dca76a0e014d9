"""The window's rating screen: prompts once for each finished service; may be declined (SUP-07)."""

from hall.ids import WindowId
from hall.wire.board import Board, WindowShown
from kiosk.flows.pad_words import KeypadPressed
from kiosk.flows.steps import AskingRating, NotReady, RatingIdle, RatingThanks
from kiosk.flows.words import (
    BoardChanged,
    ChoseGrade,
    DeclinedRating,
    Effect,
    HallKnown,
    Happened,
    RecordRating,
    StartTimer,
    Step,
    TimerFired,
)
from kiosk.ports import Key

RATING_S = 60.0
"""An unanswered prompt goes away; that is neither a grade nor a refusal."""
THANKS_S = 4.0
BEST, WORST = 5, 1

Move = tuple[Step, tuple[Effect, ...]]


def advance(step: Step, happened: Happened) -> Move:
    """Return the next step and what must now be done; inputs that do not fit change nothing."""
    match step, happened:
        case NotReady(), HallKnown(window) if window is not None:
            return RatingIdle(window), ()
        case RatingIdle(window, done) | RatingThanks(window, done), BoardChanged(board):
            return _prompt(step, window, done, board)
        case AskingRating(window, service), BoardChanged(board):
            return _prompt(step, window, service, board)
        case AskingRating(window, service), ChoseGrade(grade) if WORST <= grade <= BEST:
            thanks = RatingThanks(window, service, grade)
            return thanks, (RecordRating(service, grade), StartTimer("thanks", THANKS_S))
        case AskingRating(), KeypadPressed(Key.GRADE, grade) if grade is not None:
            return advance(step, ChoseGrade(grade))
        case AskingRating(window, service), DeclinedRating():
            thanks = RatingThanks(window, service, None)
            return thanks, (RecordRating(service, None), StartTimer("thanks", THANKS_S))
        case AskingRating(window, service), TimerFired("rating"):
            return RatingIdle(window, service), ()
        case RatingThanks(window, service), TimerFired("thanks"):
            return RatingIdle(window, service), ()
    return step, ()


def _prompt(step: Step, window: WindowId, done: str | None, board: Board) -> Move:
    mine = _own(board, window)
    if mine is None or mine.finished_service is None or mine.finished_service == done:
        return step, ()
    return AskingRating(window, mine.finished_service), (StartTimer("rating", RATING_S),)


def _own(board: Board, window: WindowId) -> WindowShown | None:
    return next((shown for shown in board.windows if shown.window == window), None)
