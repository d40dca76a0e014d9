"""The window's rating screen: prompts once for each finished service; may be declined (SUP-07).

A grade is recorded at once. After a poor one a further page asks which of the five dimensions (SUP-08): several, one or
none, or skipped; a page that nobody answers goes away, and the next service's prompt takes its place at any time.
"""

from dataclasses import replace

from hall.ids import ServiceId, WindowId
from hall.services.ratings import dimensions_asked
from hall.wire.board import Board, WindowShown
from kiosk.flows.pad_words import KeypadPressed
from kiosk.flows.rating_words import AskingReasons, RecordReasons, SentReasons, SkippedReasons, ToggledDimension
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
REASONS_S = 60.0
"""Since the last touch: a page of reasons that nobody answers goes away, and nothing of it is told."""
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
            return _graded(window, service, grade)
        case AskingRating(), KeypadPressed(Key.GRADE, grade) if grade is not None:
            return advance(step, ChoseGrade(grade))
        case AskingReasons(), _:
            return _reasons(step, happened)
        case AskingRating(window, service), DeclinedRating():
            thanks = RatingThanks(window, service, None)
            return thanks, (RecordRating(service, None), StartTimer("thanks", THANKS_S))
        case AskingRating(window, service), TimerFired("rating"):
            return RatingIdle(window, service), ()
        case RatingThanks(window, service), TimerFired("thanks"):
            return RatingIdle(window, service), ()
    return step, ()


def _graded(window: WindowId, service: ServiceId, grade: int) -> Move:
    record = RecordRating(service, grade)
    if dimensions_asked(grade):
        return AskingReasons(window, service, grade), (record, StartTimer("reasons", REASONS_S))
    return RatingThanks(window, service, grade), (record, StartTimer("thanks", THANKS_S))


def _reasons(step: AskingReasons, happened: Happened) -> Move:
    thanks = RatingThanks(step.window, step.service, step.grade)
    leave = StartTimer("thanks", THANKS_S)
    match happened:
        case ToggledDimension(dimension) if dimension in dimensions_asked(step.grade):
            return replace(step, chosen=step.chosen ^ {dimension}), (StartTimer("reasons", REASONS_S),)
        case SentReasons():
            named = tuple(one for one in dimensions_asked(step.grade) if one in step.chosen)
            return thanks, (RecordReasons(step.service, named), leave) if named else (leave,)
        case SkippedReasons():
            return thanks, (leave,)
        case TimerFired("reasons"):
            return RatingIdle(step.window, step.service), ()
        case BoardChanged(board):
            return _prompt(step, step.window, step.service, board)
    return step, ()


def _prompt(step: Step, window: WindowId, done: str | None, board: Board) -> Move:
    mine = _own(board, window)
    if mine is None or mine.finished_service is None or mine.finished_service == done:
        return step, ()
    return AskingRating(window, mine.finished_service), (StartTimer("rating", RATING_S),)


def _own(board: Board, window: WindowId) -> WindowShown | None:
    return next((shown for shown in board.windows if shown.window == window), None)
