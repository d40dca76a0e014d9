"""Walks with a card while a number is taken: never needed, read at any moment, gone when the number is asked for."""

from dataclasses import fields

import pytest

from hall.errors import Reason
from hall.ids import ItemCode, JobId, TicketLabel
from kiosk.flows.card_steps import HoldingAlready, LayingCard, OfferingPriority, ReadingForNumber
from kiosk.flows.held_cards import AlreadyHolds, AnsweredOffer, CardWeighed, HeldCard, UsesCard, WeighCard
from kiosk.flows.steps import (
    Apology,
    ChoosingGroup,
    ChoosingItem,
    Farewell,
    Home,
    Issuing,
    Paper,
    ShowingTicket,
    StillThere,
)
from kiosk.flows.words import (
    AskRefused,
    CardFailed,
    CardKind,
    CardSeen,
    CardTaken,
    ChoseGroup,
    ChoseItem,
    Ended,
    EndSession,
    GoesOn,
    Happened,
    IdCardRead,
    Issue,
    LookForCard,
    PrintEnded,
    PrintTicket,
    ReadCard,
    SocialCardRead,
    StartTimer,
    TicketReady,
    TimerFired,
    WantsPaper,
    WantsTicket,
    WentBack,
    WentIdle,
)
from kiosk.ports import CardProblem, IdCard, PrintOutcome
from tests.flows import samples
from tests.flows.walking import ID_CARD, SOCIAL_CARD, TICKET_JOB, of_kind, walk

ITEM = ItemCode("SI-301")
OLD = HeldCard(CardKind.ID, "000000195611230039", "19561123", may_go_first=True)
YOUNG = HeldCard(CardKind.ID, ID_CARD.number, ID_CARD.birth)
OTHER = IdCard(name="王平", number="000000197511030036", birth="19751103")
LAID = (WantsTicket(), CardSeen(CardKind.ID), IdCardRead(ID_CARD))
READ = (*LAID, CardWeighed(YOUNG))
CHOSE = (ChoseGroup("pension"), ChoseItem(ITEM))
READY = TicketReady(samples.issued(), samples.leased())


def test_a_card_laid_while_choosing_is_read_weighed_and_goes_with_the_number() -> None:
    step, effects = walk(Home(), *READ)
    assert step == ChoosingGroup(YOUNG)
    assert effects == [ReadCard(CardKind.ID), WeighCard(HeldCard(CardKind.ID, ID_CARD.number, ID_CARD.birth))]
    step, effects = walk(step, *CHOSE)
    assert step == Issuing(ITEM, CardKind.ID, by_card=True)
    assert effects == [Issue(ITEM, held=YOUNG)]


def test_a_card_laid_at_the_last_choice_leads_back_to_that_choice() -> None:
    step, _ = walk(ChoosingItem("pension"), CardSeen(CardKind.SOCIAL), SocialCardRead(SOCIAL_CARD))
    assert step == ReadingForNumber(ChoosingItem("pension"), CardKind.SOCIAL)
    held = HeldCard(CardKind.SOCIAL, SOCIAL_CARD.number)
    assert walk(step, CardWeighed(held))[0] == ChoosingItem("pension", held)


def test_who_asks_to_use_a_card_is_shown_where_and_may_go_on_without() -> None:
    step, effects = walk(Home(), WantsTicket(), UsesCard())
    assert (step, effects) == (LayingCard(ChoosingGroup()), [LookForCard()])
    assert walk(step, WentBack())[0] == ChoosingGroup()
    assert walk(step, CardSeen(CardKind.ID))[0] == ReadingForNumber(ChoosingGroup(), CardKind.ID)


@pytest.mark.parametrize("problem", list(CardProblem))
def test_whatever_is_wrong_with_the_card_the_number_is_taken_without_it(problem: CardProblem) -> None:
    step, _ = walk(Home(), WantsTicket(), ChoseGroup("pension"), CardSeen(CardKind.ID), CardFailed(problem))
    assert step == ChoosingItem("pension", note=problem.value)
    assert walk(step, ChoseItem(ITEM)) == (Issuing(ITEM), [Issue(ITEM)])


def test_without_the_server_the_card_is_put_aside_and_the_number_comes_all_the_same() -> None:
    step, _ = walk(Home(), *LAID, CardWeighed(None, "away"))
    assert step == ChoosingGroup(note="away")
    assert walk(step, *CHOSE)[1] == [Issue(ITEM)]


@pytest.mark.row("QUE-11", part="rule")
@pytest.mark.parametrize("wants", [True, False])
def test_who_may_go_first_is_asked_and_decides(wants: bool) -> None:
    step, _ = walk(Home(), *LAID, CardWeighed(OLD))
    assert step == OfferingPriority(ChoosingGroup(), OLD)
    assert isinstance(walk(step, *CHOSE)[0], OfferingPriority), "nothing goes on before the answer"
    step, effects = walk(step, AnsweredOffer(wants), *CHOSE)
    assert isinstance(step, Issuing)
    (issue,) = of_kind(effects, Issue)
    assert isinstance(issue, Issue)
    assert issue.held is not None
    assert issue.held.wants_first is wants


def test_going_back_from_the_offer_is_no_wish_for_priority() -> None:
    step, _ = walk(OfferingPriority(ChoosingItem("pension"), OLD), WentBack())
    assert step == ChoosingItem("pension", OLD)
    assert not OLD.wants_first


@pytest.mark.parametrize("reason", [Reason.NOT_VERIFIED, Reason.MALFORMED])
def test_a_card_the_hall_does_not_take_is_left_out_once(reason: Reason) -> None:
    step, effects = walk(Home(), *READ, *CHOSE, AskRefused(reason))
    assert step == Issuing(ITEM, CardKind.ID)
    assert of_kind(effects, Issue) == [Issue(ITEM, held=YOUNG), Issue(ITEM)]
    assert walk(step, AskRefused(reason))[0] == Apology(reason, ITEM, CardKind.ID)


def test_who_wanted_priority_and_got_an_ordinary_number_is_told() -> None:
    start = OfferingPriority(ChoosingItem("pension"), OLD)
    reserve = TicketReady(samples.issued(reserve=True), None)
    step, _ = walk(start, AnsweredOffer(True), ChoseItem(ITEM), reserve)
    assert isinstance(step, ShowingTicket)
    assert step.unmet
    granted = TicketReady(samples.issued("Y001", priority=True), samples.leased("Y001"))
    step, _ = walk(start, AnsweredOffer(True), ChoseItem(ITEM), granted)
    assert isinstance(step, ShowingTicket)
    assert not step.unmet
    step, _ = walk(start, AnsweredOffer(False), ChoseItem(ITEM), reserve)
    assert isinstance(step, ShowingTicket)
    assert not step.unmet


def test_who_holds_a_number_hears_it_and_may_have_it_on_paper_once_more() -> None:
    held = AlreadyHolds(TicketLabel("C012"), samples.issued(), samples.leased())
    step, effects = walk(Issuing(ITEM, CardKind.ID, by_card=True), held)
    assert step == HoldingAlready(TicketLabel("C012"), samples.issued(), samples.leased(), CardKind.ID)
    assert effects == [StartTimer("apology", 45.0)]
    step, effects = walk(step, WantsPaper(), WantsPaper())
    assert of_kind(effects, PrintTicket) == [PrintTicket(samples.issued(), samples.leased(), copy=True)]
    copied = PrintEnded(JobId(f"{TICKET_JOB}#4"), PrintOutcome.PRINTED, None)
    step, _ = walk(step, copied)
    assert isinstance(step, ShowingTicket)
    assert (step.paper, step.card) == (Paper.OUT, CardKind.ID)


def test_a_number_of_another_terminal_is_told_and_leaves_by_itself() -> None:
    step, _ = walk(Issuing(ITEM, by_card=True), AlreadyHolds(TicketLabel("A101")))
    assert walk(step, WantsPaper()) == (step, [])
    assert walk(step, TimerFired("apology"))[0] == Home()


# ---- whose card it is, and when it is gone -----------------------------------------------------------------------


def test_the_card_may_be_taken_back_at_once_and_nobody_is_reminded_of_it() -> None:
    step, _ = walk(Home(), *READ, CardTaken(CardKind.ID), *CHOSE, READY)
    assert isinstance(step, ShowingTicket)
    assert step.card is None
    assert walk(step, Ended())[0] == Home()


@pytest.mark.parametrize("leaves", [Ended(), TimerFired("ticket")])
def test_a_card_that_still_lies_there_is_not_forgotten(leaves: Happened) -> None:
    step, _ = walk(Home(), *READ, *CHOSE, READY)
    assert isinstance(step, ShowingTicket)
    assert step.card is CardKind.ID
    assert walk(step, CardTaken(CardKind.SOCIAL))[0] is step
    assert walk(step, leaves)[0] == Farewell(CardKind.ID)
    assert walk(step, CardTaken(CardKind.ID), leaves)[0] == Home()


@pytest.mark.row("RGT-03", part="rule")
def test_who_walks_away_leaves_nothing_of_the_card() -> None:
    for before in (ChoosingGroup(OLD), ChoosingItem("pension", OLD), OfferingPriority(ChoosingGroup(), OLD)):
        step, effects = walk(before, WentIdle(), TimerFired("grace"))
        assert step == Farewell(CardKind.ID)
        assert len(of_kind(effects, EndSession)) == 1
        step, _ = walk(step, TimerFired("farewell"))
        assert step == Home()
        assert fields(step) == ()
    covered, _ = walk(ChoosingGroup(OLD), WentIdle())
    assert covered == StillThere(ChoosingGroup(OLD))
    assert walk(covered, GoesOn())[0] == ChoosingGroup(OLD)


def test_the_second_of_two_people_takes_a_number_of_their_own() -> None:
    first = (*READ, *CHOSE, READY, CardTaken(CardKind.ID), Ended())
    step, effects = walk(Home(), *first, WantsTicket(), *CHOSE)
    assert [getattr(issue, "held", None) for issue in of_kind(effects, Issue)] == [YOUNG, None]
    assert step == Issuing(ITEM)


def test_another_card_takes_the_place_of_the_one_before() -> None:
    step, _ = walk(Home(), *READ, CardSeen(CardKind.ID))
    assert step == ReadingForNumber(ChoosingGroup(), CardKind.ID)
    other = HeldCard(CardKind.ID, OTHER.number, OTHER.birth)
    step, effects = walk(step, IdCardRead(OTHER), CardWeighed(other), *CHOSE)
    assert of_kind(effects, Issue) == [Issue(ITEM, held=other)]


def test_the_card_stays_in_hand_when_the_group_is_chosen_anew() -> None:
    assert walk(ChoosingItem("pension", YOUNG), WentBack())[0] == ChoosingGroup(YOUNG)
    assert walk(ChoosingGroup(YOUNG), UsesCard()) == (ChoosingGroup(YOUNG), [])


def test_a_read_under_way_is_neither_idle_nor_ended() -> None:
    step = ReadingForNumber(ChoosingGroup(), CardKind.ID)
    assert walk(step, WentIdle(), Ended(), WentBack(), CardSeen(CardKind.ID)) == (step, [])


def test_no_repr_says_anything_of_the_card() -> None:
    told = (OLD, ChoosingGroup(OLD), LayingCard(ChoosingGroup(OLD)), OfferingPriority(ChoosingGroup(), OLD))
    for each in (*told, Issue(ITEM, held=OLD), WeighCard(OLD), CardWeighed(OLD)):
        assert OLD.number not in repr(each)
        assert OLD.birth not in repr(each)
        assert "may_go_first" not in repr(each)
