"""代办查询 as it is walked: two cards, a guide's word, the other person's records; and every way in which it ends."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.errors import Reason
from hall.ids import ProxyId, StaffId, TerminalId
from hall.proxies import ProxyNames
from hall.wire.shown import ProxyShown
from kiosk.flows import guide_desk, self_service
from kiosk.flows.proxy_enquiry import WAIT_S
from kiosk.flows.proxy_steps import (
    DeskProxy,
    ProxyAsking,
    ProxyChoosing,
    ProxyFetching,
    ProxyNotice,
    ProxyOtherCard,
    ProxyOwnCard,
    ProxyReadingOther,
    ProxyReadingOwn,
    ProxyStopped,
    ProxyWaiting,
    Stopped,
)
from kiosk.flows.proxy_words import (
    ActsForOther,
    AnswerProxy,
    AskGuide,
    ConfirmsProxy,
    DeclinesProxy,
    DropProxy,
    FetchForPerson,
    GuideAsked,
    Laid,
    LookForOther,
    OpensProxy,
    ProxyAnswered,
    ProxyNamesRead,
    ReadProxyNames,
)
from kiosk.flows.steps import Apology, ChoosingForm, DeskReady, Farewell, Home, ShowingStatement, StillThere
from kiosk.flows.words import (
    Agreed,
    AskedForHelp,
    AskRefused,
    BoardChanged,
    CardFailed,
    CardKind,
    CardSeen,
    CardTaken,
    ChoseForm,
    Ended,
    EndSession,
    FetchStatement,
    GoesOn,
    Happened,
    IdCardRead,
    LookForCard,
    PrintStatement,
    ReadCard,
    StartTimer,
    StatementArrived,
    Step,
    TimerFired,
    WantsPaper,
    WantsStatement,
    WentBack,
    WentIdle,
)
from kiosk.ports import CardProblem, IdCard
from tests.flows import samples
from tests.flows.walking import of_kind, walk

MINE = IdCard("李和", "000000198907220025", "19890722")
FATHERS = IdCard("张安", "000000196203150015", "19620315")
ME, FATHER = Laid(MINE.name, MINE.number), Laid(FATHERS.name, FATHERS.number)
ONE, TWO, K1 = ProxyId("1" * 32), ProxyId("2" * 32), TerminalId("K1")
ID = CardKind.ID
STATEMENT = msgspec.structs.replace(samples.statement(), name="张安", proxy_agent="李*")


def told(state: Any = "confirmed", proxy: ProxyId = ONE) -> BoardChanged:
    shown = ProxyShown(proxy=proxy, terminal=K1, state=state, at=1_000.0)
    return BoardChanged(msgspec.structs.replace(samples.board(), proxies=(shown,)))


BEGUN = (WantsStatement(), ActsForOther(), Agreed())
TO_OTHER = (*BEGUN, CardSeen(ID), IdCardRead(MINE))
TO_WAITING = (*TO_OTHER, CardTaken(ID), CardSeen(ID), IdCardRead(FATHERS), GuideAsked(ONE))
TO_CHOOSING = (*TO_WAITING, told())
TO_SHOWN = (*TO_CHOOSING, ChoseForm("contributions"), StatementArrived(STATEMENT))
WAITING, CHOOSING = ProxyWaiting(ONE, ME, FATHER), ProxyChoosing(ONE, ME, FATHER)


@pytest.mark.row("RGT-07", part="face")
def test_a_daughter_reads_her_fathers_record_after_notice_both_cards_and_a_guides_word() -> None:
    step: Step = Home()
    for happened, next_step, effects in (
        (WantsStatement(), ChoosingForm(), ()),
        (ActsForOther(), ProxyNotice(), ()),
        (CardSeen(ID), ProxyNotice(), ()),
        (Agreed(), ProxyOwnCard(), (LookForCard(),)),
        (CardSeen(ID), ProxyReadingOwn(), (ReadCard(ID),)),
        (IdCardRead(MINE), ProxyOtherCard(ME), (LookForOther(),)),
        (CardTaken(ID), ProxyOtherCard(ME), ()),
        (CardSeen(ID), ProxyReadingOther(ME), (ReadCard(ID),)),
        (IdCardRead(FATHERS), ProxyAsking(ME, FATHER), (AskGuide(ME, FATHER),)),
        (GuideAsked(ONE), WAITING, (StartTimer("proxy", WAIT_S),)),
        (ChoseForm("contributions"), WAITING, ()),
        (told("asked"), WAITING, ()),
        (told("confirmed", TWO), WAITING, ()),
        (told(), CHOOSING, ()),
        (
            ChoseForm("contributions"),
            ProxyFetching("contributions", CHOOSING),
            (FetchForPerson("contributions", ONE, FATHER),),
        ),
        (StatementArrived(STATEMENT), ShowingStatement(STATEMENT, ID, before=CHOOSING), ()),
        (WentBack(), CHOOSING, ()),
        (Ended(), Farewell(ID, both=True), (EndSession(), StartTimer("farewell", self_service.FAREWELL_S))),
    ):
        before = step
        step, done = self_service.advance(step, happened)
        assert (step, done) == (next_step, effects), (before, happened)


@pytest.mark.row("RGT-07", part="face")
def test_nothing_is_asked_for_without_a_confirmation() -> None:
    for answer, why in (
        (told("declined"), Stopped.DECLINED),
        (TimerFired("proxy"), Stopped.LATE),
    ):
        step, effects = walk(Home(), *TO_WAITING, answer, told(), ChoseForm("contributions"))
        assert step == ProxyStopped(why)
        assert DropProxy() in effects
        assert not of_kind(effects, FetchForPerson) + of_kind(effects, FetchStatement)


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (Reason.SERVER_AWAY, Stopped.AWAY),
        (Reason.TOO_LATE, Stopped.AWAY),
        (Reason.NOT_SIGNED_IN, Stopped.NOBODY),
        (Reason.NOT_VERIFIED, Stopped.OTHER),
    ],
)
def test_when_no_guide_can_be_asked_the_next_way_is_told(reason: Reason, why: Stopped) -> None:
    step, effects = walk(Home(), *TO_OTHER, CardSeen(ID), IdCardRead(FATHERS), AskRefused(reason))
    assert step == ProxyStopped(why)
    assert DropProxy() in effects
    for leave in (Ended(), WentBack(), TimerFired("apology")):
        after, done = walk(step, leave)
        assert after == Farewell(ID, both=True)
        assert EndSession() in done


def test_the_same_card_twice_and_a_card_that_cannot_be_read_are_told_and_another_may_be_laid() -> None:
    for failed in (CardFailed(CardProblem.SAME_CARD), IdCardRead(MINE)):
        step, _ = walk(Home(), *TO_OTHER, CardSeen(ID), failed)
        assert step == ProxyOtherCard(ME, CardProblem.SAME_CARD)
        assert walk(step, CardSeen(ID))[0] == ProxyReadingOther(ME)
    step, effects = walk(Home(), *TO_OTHER, CardSeen(ID), CardFailed(CardProblem.EXPIRED))
    assert step == ProxyOtherCard(ME, CardProblem.EXPIRED)
    assert not of_kind(effects, AskGuide)
    step, effects = walk(Home(), *BEGUN, CardSeen(ID), CardFailed(CardProblem.EXPIRED))
    assert step == ProxyOwnCard(CardProblem.EXPIRED)
    assert not of_kind(effects, LookForOther)
    assert walk(Home(), *BEGUN, CardSeen(CardKind.SOCIAL))[0] == ProxyOwnCard()


@pytest.mark.parametrize(
    "inputs", [TO_WAITING[:-1], TO_WAITING, TO_CHOOSING, (*TO_CHOOSING, ChoseForm("contributions")), TO_SHOWN]
)
def test_the_represented_persons_card_taken_away_ends_everything(inputs: tuple[Happened, ...]) -> None:
    step, effects = walk(Home(), *inputs, CardTaken(ID), told(), StatementArrived(STATEMENT))
    assert step == Farewell(both=True)
    assert effects[-2] == EndSession()


def test_who_walks_away_is_asked_and_then_wiped_also_when_the_card_goes_meanwhile() -> None:
    step, _ = walk(Home(), *TO_SHOWN, WentIdle())
    assert isinstance(step, StillThere)
    assert walk(step, GoesOn())[0] == ShowingStatement(STATEMENT, ID, before=CHOOSING)
    for end in (TimerFired("grace"), CardTaken(ID)):
        after, effects = walk(step, end)
        assert isinstance(after, Farewell)
        assert after.both
        assert EndSession() in effects
    assert walk(WAITING, WentIdle()) == (WAITING, [])
    assert isinstance(walk(ProxyOtherCard(ME), WentIdle())[0], StillThere)


def test_records_that_are_not_there_lead_back_and_a_confirmation_that_ran_out_is_told() -> None:
    fetching = ProxyFetching("contributions", CHOOSING)
    assert walk(fetching, AskRefused(Reason.UNKNOWN_PERSON))[0] == replace(CHOOSING, problem=Reason.UNKNOWN_PERSON)
    assert walk(fetching, AskRefused(Reason.NOT_ALLOWED))[0] == ProxyStopped(Stopped.OVER)
    step, effects = walk(fetching, AskRefused(Reason.SOURCE_AWAY))
    assert step == Apology(Reason.SOURCE_AWAY, card=ID)
    assert DropProxy() in effects


def test_going_back_before_any_card_leads_to_the_own_records() -> None:
    assert walk(Home(), *BEGUN, WentBack(), WentBack())[0] == ChoosingForm()
    step, effects = walk(Home(), *TO_OTHER, WentBack())
    assert step == Farewell(ID)
    assert EndSession() in effects


INPUTS = st.sampled_from(
    [
        *BEGUN,
        *TO_WAITING[3:],
        told(),
        told("declined"),
        told("asked"),
        told("confirmed", TWO),
        ChoseForm("contributions"),
        StatementArrived(STATEMENT),
        CardFailed(CardProblem.SAME_CARD),
        AskRefused(Reason.SERVER_AWAY),
        WentBack(),
        Ended(),
        WentIdle(),
        GoesOn(),
        AskedForHelp(),
        WantsPaper(),
        TimerFired("proxy"),
        TimerFired("grace"),
        TimerFired("farewell"),
        TimerFired("apology"),
    ]
)


@given(st.lists(INPUTS, max_size=60))
def test_whatever_happens_records_are_asked_for_only_after_two_cards_and_a_word(inputs: list[Happened]) -> None:
    step: Step = Home()
    read: list[str] = []
    word = False
    for happened in inputs:
        before = step
        step, effects = self_service.advance(step, happened)
        if isinstance(happened, IdCardRead) and isinstance(before, ProxyReadingOwn | ProxyReadingOther):
            read.append(happened.card.number)
        if isinstance(before, ProxyWaiting) and happened == told():
            word = True
        for effect in effects:
            if isinstance(effect, FetchForPerson):
                assert word
                assert {MINE.number, FATHERS.number} <= set(read)
                assert effect.person == FATHER
            if isinstance(effect, EndSession | DropProxy):
                read, word = [], False
        assert not of_kind(list(effects), PrintStatement) or isinstance(before, ShowingStatement)
    for word_of in (step, *(getattr(step, "before", None),)):
        assert FATHER.number not in repr(word_of)
        assert FATHER.name not in repr(word_of)


# ---- the desk ----------------------------------------------------------------------------------------------------

READY = DeskReady(StaffId("0101"), "周敏")
NAMES = ProxyNames(agent="李*", person="张*")
PAGE = DeskProxy(READY.staff, READY.name, ONE, K1)


def desk(step: Step, *inputs: Happened) -> tuple[Step, list[Any]]:
    done: list[Any] = []
    for happened in inputs:
        step, effects = guide_desk.advance(step, happened)
        done += effects
    return step, done


@pytest.mark.row("RGT-07", part="face")
def test_the_guide_sees_two_masks_and_answers_with_one_touch() -> None:
    step, effects = desk(READY, OpensProxy(ONE, K1))
    assert (step, effects) == (PAGE, [ReadProxyNames(ONE, READY.staff)])
    assert desk(step, ConfirmsProxy()) == (PAGE, []), "nothing is confirmed unseen"
    for touch, confirm in ((ConfirmsProxy(), True), (DeclinesProxy(), False)):
        after, done = desk(step, ProxyNamesRead(TWO, NAMES), ProxyNamesRead(ONE, NAMES), touch, touch, WentBack())
        assert after == replace(PAGE, names=NAMES, asking=True)
        assert done == [AnswerProxy(ONE, K1, READY.staff, confirm)]
        assert desk(after, ProxyAnswered(ONE))[0] == READY
        assert desk(after, ProxyAnswered(TWO))[0] == after


def test_who_has_left_is_not_confirmed_and_a_refusal_is_told() -> None:
    seen = replace(PAGE, names=NAMES)
    gone, _ = desk(seen, told("asked"), BoardChanged(samples.board()))
    assert gone == replace(PAGE, gone=True)
    assert desk(gone, ConfirmsProxy(), DeclinesProxy(), BoardChanged(samples.board())) == (gone, [])
    assert desk(gone, WentBack())[0] == READY
    asking = replace(seen, asking=True)
    assert desk(asking, ProxyAnswered(ONE, Reason.ILLEGAL_MOVE))[0] == replace(
        seen, problem=Reason.ILLEGAL_MOVE, gone=True
    )
    assert desk(asking, ProxyAnswered(ONE, Reason.SERVER_AWAY))[0] == replace(seen, problem=Reason.SERVER_AWAY)
    away = replace(PAGE, problem=Reason.SERVER_AWAY)
    assert desk(away, told("asked")) == (PAGE, [ReadProxyNames(ONE, READY.staff)])
