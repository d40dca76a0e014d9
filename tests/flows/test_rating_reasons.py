"""After a poor rating: which of the five dimensions, several, one or none; the grade is recorded before it is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.ids import ServiceId, WindowId
from hall.rating_facts import Dimension
from hall.wire.board import WindowShown
from kiosk.flows import rating_screen
from kiosk.flows.pad_words import KeypadPressed
from kiosk.flows.rating_words import AskingReasons, RecordReasons, SentReasons, SkippedReasons, ToggledDimension
from kiosk.flows.steps import AskingRating, RatingIdle, RatingThanks
from kiosk.flows.words import (
    BoardChanged,
    ChoseGrade,
    DeclinedRating,
    Effect,
    Happened,
    RecordRating,
    StartTimer,
    Step,
    TimerFired,
)
from kiosk.ports import Key
from tests.flows import samples
from tests.flows.walking import walk_through as walk

W14 = WindowId("14")
FIRST = ServiceId("t/1")
ASKING = AskingRating(W14, FIRST)
REASONS = AskingReasons(W14, FIRST, 2)
LATE, RUDE = Dimension.TIMELINESS, Dimension.LANGUAGE


def finished(service: str | None) -> BoardChanged:
    shown = WindowShown(window=W14, state="free", finished_service=ServiceId(service) if service else None)
    return BoardChanged(samples.board(windows=(shown,)), window=W14)


def kept(effects: list[Effect]) -> list[Effect]:
    return [one for one in effects if isinstance(one, RecordRating | RecordReasons)]


@pytest.mark.row("SUP-08", part="face")
@pytest.mark.parametrize("grade", [1, 2])
def test_a_poor_grade_is_recorded_at_once_and_then_asks_which_dimensions(grade: int) -> None:
    step, effects = walk(rating_screen.advance, ASKING, ChoseGrade(grade))
    assert step == AskingReasons(W14, FIRST, grade)
    assert effects == [RecordRating(FIRST, grade), StartTimer("reasons", 60.0)]


@pytest.mark.parametrize("happened", [ChoseGrade(5), ChoseGrade(4), ChoseGrade(3), DeclinedRating()])
def test_nobody_else_is_asked_for_reasons(happened: Happened) -> None:
    assert isinstance(walk(rating_screen.advance, ASKING, happened)[0], RatingThanks)


def test_the_evaluators_button_leads_there_too_and_a_second_button_changes_nothing() -> None:
    step, effects = walk(rating_screen.advance, ASKING, KeypadPressed(Key.GRADE, 2), KeypadPressed(Key.GRADE, 5))
    assert step == REASONS
    assert kept(effects) == [RecordRating(FIRST, 2)]


@pytest.mark.row("SUP-08", part="face")
def test_several_dimensions_are_sent_in_the_standards_order_and_one_may_be_taken_back() -> None:
    touched = (RUDE, Dimension.APPEARANCE, LATE, Dimension.APPEARANCE)
    step, effects = walk(rating_screen.advance, REASONS, *map(ToggledDimension, touched), SentReasons(), SentReasons())
    assert step == RatingThanks(W14, FIRST, 2)
    assert kept(effects) == [RecordReasons(FIRST, (LATE, RUDE))]


@pytest.mark.parametrize("leave", [(SentReasons(),), (SkippedReasons(),), (ToggledDimension(LATE), SkippedReasons())])
def test_to_name_nothing_or_to_skip_tells_nothing(leave: tuple[Happened, ...]) -> None:
    step, effects = walk(rating_screen.advance, REASONS, *leave)
    assert step == RatingThanks(W14, FIRST, 2)
    assert kept(effects) == []


def test_a_page_that_nobody_answers_goes_away_and_is_neither_answer_nor_refusal() -> None:
    step, effects = walk(rating_screen.advance, REASONS, ToggledDimension(LATE), TimerFired("reasons"))
    assert step == RatingIdle(W14, FIRST)
    assert effects == [StartTimer("reasons", 60.0)], "each touch begins the minute anew, and its end records nothing"


def test_the_next_services_prompt_takes_the_place_at_once_and_the_boards_of_this_one_do_not() -> None:
    begun = walk(rating_screen.advance, REASONS, ToggledDimension(LATE), finished("t/1"), finished(None))[0]
    assert begun == AskingReasons(W14, FIRST, 2, frozenset({LATE}))
    step, effects = walk(rating_screen.advance, begun, finished("t/2"), TimerFired("reasons"), SentReasons())
    assert step == AskingRating(W14, ServiceId("t/2"))
    assert kept(effects) == []


SERVICES = st.sampled_from(["t/1", "t/2", "t/3", None])
INPUTS = st.one_of(
    st.builds(finished, SERVICES),
    st.builds(ChoseGrade, st.integers(0, 6)),
    st.builds(KeypadPressed, st.just(Key.GRADE), st.integers(0, 6)),
    st.builds(ToggledDimension, st.sampled_from(Dimension)),
    st.sampled_from([DeclinedRating(), SentReasons(), SkippedReasons()]),
    st.builds(TimerFired, st.sampled_from(["rating", "reasons", "thanks"])),
)


@given(inputs=st.lists(INPUTS, max_size=40))
def test_whatever_happens_reasons_follow_a_poor_grade_of_the_same_service_and_come_once_for_each(
    inputs: list[Happened],
) -> None:
    """The boards here may prompt for a service again; its grade then comes again too, and the hall refuses it."""
    step: Step = RatingIdle(W14)
    graded: RecordRating | None = None
    for happened in inputs:
        step, effects = rating_screen.advance(step, happened)
        for effect in effects:
            if isinstance(effect, RecordRating):
                graded = effect
            if isinstance(effect, RecordReasons):
                assert graded is not None
                assert (graded.service, graded.grade in (1, 2)) == (effect.service, True)
                assert 1 <= len(effect.dimensions) == len(set(effect.dimensions))
                graded = None
