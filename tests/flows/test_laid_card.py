"""A card laid on the home screen: one question, and nothing is read before it was answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.ids import ItemCode
from kiosk.flows.card_steps import CardLaid, ReadingForNumber
from kiosk.flows.held_cards import CardWeighed, HeldCard
from kiosk.flows.steps import ChoosingForm, ChoosingGroup, Farewell, Home, Issuing, StillThere
from kiosk.flows.words import (
    AskedForHelp,
    CardKind,
    CardSeen,
    CardTaken,
    ChoseForm,
    ChoseGroup,
    ChoseItem,
    Ended,
    EndSession,
    GoesOn,
    Happened,
    IdCardRead,
    Issue,
    ReadCard,
    RecordHelp,
    TimerFired,
    Touch,
    WantsStatement,
    WantsTicket,
    WentBack,
    WentIdle,
)
from tests.flows.walking import ID_CARD, of_kind, walk

ITEM = ItemCode("SI-301")
HELD = HeldCard(CardKind.ID, ID_CARD.number, ID_CARD.birth)


@pytest.mark.parametrize("card", list(CardKind))
def test_a_card_on_the_home_screen_is_asked_about_and_not_read(card: CardKind) -> None:
    assert walk(Home(), CardSeen(card)) == (CardLaid(card), [])
    other = CardKind.SOCIAL if card is CardKind.ID else CardKind.ID
    assert walk(CardLaid(card), CardSeen(other)) == (CardLaid(other), []), "the last one laid is who stands here"
    assert walk(CardLaid(card), CardTaken(other)) == (CardLaid(card), [])


def test_who_laid_a_card_may_look_up_their_records_or_take_a_number() -> None:
    assert walk(CardLaid(CardKind.ID), WantsStatement()) == (ChoosingForm(CardKind.ID), [])
    step, effects = walk(CardLaid(CardKind.ID), WantsTicket())
    assert step == ReadingForNumber(ChoosingGroup(), CardKind.ID)
    assert effects == [ReadCard(CardKind.ID)]


@pytest.mark.row("QUE-02", part="rule")
def test_a_number_takes_three_touches_also_for_who_laid_a_card_first() -> None:
    happened: tuple[Happened, ...] = (
        CardSeen(CardKind.ID),
        WantsTicket(),
        IdCardRead(ID_CARD),
        CardWeighed(HELD),
        ChoseGroup("pension"),
        ChoseItem(ITEM),
    )
    step, effects = walk(Home(), *happened)
    assert sum(isinstance(each, Touch) for each in happened) == 3
    assert step == Issuing(ITEM, CardKind.ID, by_card=True)
    assert of_kind(effects, Issue) == [Issue(ITEM, held=HELD)]


@pytest.mark.row("RGT-02", part="rule")
@given(
    st.lists(
        st.sampled_from(
            [
                CardSeen(CardKind.ID),
                CardSeen(CardKind.SOCIAL),
                CardTaken(CardKind.ID),
                WantsStatement(),
                ChoseForm("contributions"),
                WentBack(),
                WentIdle(),
                GoesOn(),
                AskedForHelp(),
                TimerFired("grace"),
                TimerFired("farewell"),
                Ended(),
            ]
        ),
        max_size=30,
    )
)
def test_without_taking_a_number_or_agreeing_no_card_is_ever_read(inputs: list[Happened]) -> None:
    _, effects = walk(Home(), *inputs)
    assert not of_kind(effects, ReadCard)


def test_who_takes_the_card_back_may_begin_without_it() -> None:
    step, effects = walk(Home(), CardSeen(CardKind.ID), CardTaken(CardKind.ID))
    assert (step, effects) == (Home(), [EndSession()])
    assert walk(step, WantsTicket())[0] == ChoosingGroup()


@pytest.mark.parametrize("leaves", [WentBack(), Ended()])
def test_a_card_that_still_lies_there_is_not_forgotten(leaves: Happened) -> None:
    assert walk(CardLaid(CardKind.SOCIAL), leaves)[0] == Farewell(CardKind.SOCIAL)


def test_who_hesitates_is_asked_and_then_reminded_of_the_card() -> None:
    step, _ = walk(CardLaid(CardKind.ID), WentIdle())
    assert step == StillThere(CardLaid(CardKind.ID))
    assert walk(step, GoesOn())[0] == CardLaid(CardKind.ID)
    assert walk(step, TimerFired("grace"))[0] == Farewell(CardKind.ID)


def test_help_is_called_from_the_question_too() -> None:
    assert walk(CardLaid(CardKind.ID), AskedForHelp()) == (CardLaid(CardKind.ID), [RecordHelp("CardLaid")])
