"""代办查询: own card, the other person's card, a guide's word, then that person's records in this session only.

Nothing of it opens anything by itself: the hall server decides. Whatever breaks off, everything is wiped.
"""

from dataclasses import replace

from hall.errors import Reason
from hall.ids import ProxyId
from hall.wire.board import Board
from kiosk.flows.proxy_steps import (
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
from kiosk.flows.proxy_words import ActsForOther, AskGuide, DropProxy, FetchForPerson, GuideAsked, Laid, LookForOther
from kiosk.flows.steps import Apology, ChoosingForm, Farewell, ShowingStatement
from kiosk.flows.words import (
    Agreed,
    AskRefused,
    BoardChanged,
    CardFailed,
    CardKind,
    CardSeen,
    CardTaken,
    ChoseForm,
    Effect,
    EndSession,
    Happened,
    IdCardRead,
    LookForCard,
    ReadCard,
    StartTimer,
    StatementArrived,
    Step,
    TimerFired,
)
from kiosk.ports import CardProblem

Move = tuple[Step, tuple[Effect, ...]]

WAIT_S = 240.0
"""So long a guide is waited for; a little less than the hall server waits (`hall.day.proxying.ASKED_S`)."""
STOPPED_S = 60.0
"""Time to read two sentences and to take two cards."""
FAREWELL_S = 6.0
IN_FLIGHT = (ProxyReadingOwn, ProxyReadingOther, ProxyAsking, ProxyFetching)
OWN_TIMER = (ProxyWaiting, ProxyStopped)
BOTH_READ = (ProxyAsking, ProxyWaiting, ProxyChoosing, ProxyFetching)
TWO_CARDS = (ProxyReadingOther, *BOTH_READ, ProxyStopped)
"""Two cards were brought; neither must be forgotten."""
_WHY = {
    Reason.NOT_SIGNED_IN: Stopped.NOBODY,
    Reason.SERVER_AWAY: Stopped.AWAY,
    Reason.TOO_LATE: Stopped.AWAY,
}


def advance(step: Step, happened: Happened) -> Move | None:
    """Return the move, or None when this errand has nothing to say."""
    if card_taken(step, happened):
        return Farewell(both=True), (EndSession(), StartTimer("farewell", FAREWELL_S))
    match step:
        case ChoosingForm() if isinstance(happened, ActsForOther):
            return ProxyNotice(), ()
        case ProxyNotice() | ProxyOwnCard() | ProxyReadingOwn():
            return _own_card(step, happened)
        case ProxyOtherCard() | ProxyReadingOther():
            return _other_card(step, happened)
        case ProxyAsking() | ProxyWaiting():
            return _guide(step, happened)
        case ProxyChoosing() | ProxyFetching():
            return _records(step, happened)
    return None


def card_taken(step: Step, happened: Happened) -> bool:
    """Tell whether the represented person's card has left the reader: what it was to open stays shut."""
    here = isinstance(step, BOTH_READ) or (isinstance(step, ShowingStatement) and step.before is not None)
    return here and happened == CardTaken(CardKind.ID)


def card_in_hand(step: Step) -> CardKind | None:
    """Return the reader on which a card may still lie."""
    lies = isinstance(step, (ProxyOtherCard, *TWO_CARDS)) or (isinstance(step, ProxyOwnCard) and step.problem)
    return CardKind.ID if lies else None


def two_cards(step: Step) -> bool:
    """Tell whether two cards were brought, so that both are asked to be taken."""
    return isinstance(step, TWO_CARDS) or (isinstance(step, ShowingStatement) and step.before is not None)


def back(step: Step) -> Move | None:
    """Return where 返回 leads, or None where the whole errand is given up."""
    match step:
        case ProxyNotice():
            return ChoosingForm(), ()
        case ProxyOwnCard():
            return ProxyNotice(), ()
        case ShowingStatement(before=ProxyChoosing() as before):
            return before, ()
    return None


def _own_card(step: ProxyNotice | ProxyOwnCard | ProxyReadingOwn, happened: Happened) -> Move | None:
    match step, happened:
        case ProxyNotice(), Agreed():
            return ProxyOwnCard(), (LookForCard(),)
        case ProxyOwnCard(), CardSeen(CardKind.ID):
            return ProxyReadingOwn(), (ReadCard(CardKind.ID),)
        case ProxyReadingOwn(), IdCardRead(card):
            return ProxyOtherCard(Laid(card.name, card.number)), (LookForOther(),)
        case ProxyReadingOwn(), CardFailed(problem):
            return ProxyOwnCard(problem), ()
    return None


def _other_card(step: ProxyOtherCard | ProxyReadingOther, happened: Happened) -> Move | None:
    match step, happened:
        case ProxyOtherCard(agent), CardSeen(CardKind.ID):
            return ProxyReadingOther(agent), (ReadCard(CardKind.ID),)
        case ProxyReadingOther(agent), IdCardRead(card) if card.number == agent.number:
            return ProxyOtherCard(agent, CardProblem.SAME_CARD), (LookForOther(),)
        case ProxyReadingOther(agent), IdCardRead(card):
            person = Laid(card.name, card.number)
            return ProxyAsking(agent, person), (AskGuide(agent, person),)
        case ProxyReadingOther(agent), CardFailed(problem):
            return ProxyOtherCard(agent, problem), ()
    return None


def _guide(step: ProxyAsking | ProxyWaiting, happened: Happened) -> Move | None:
    match step, happened:
        case ProxyAsking(agent, person), GuideAsked(proxy):
            return ProxyWaiting(proxy, agent, person), (StartTimer("proxy", WAIT_S),)
        case ProxyAsking(), AskRefused(reason):
            return _stopped(_WHY.get(reason, Stopped.OTHER))
        case ProxyWaiting(proxy, agent, person), BoardChanged(board):
            answer = _answer(board, proxy)
            if answer == "confirmed":
                return ProxyChoosing(proxy, agent, person), ()
            return _stopped(Stopped.DECLINED) if answer == "declined" else None
        case ProxyWaiting(), TimerFired("proxy"):
            return _stopped(Stopped.LATE)
    return None


def _answer(board: Board, proxy: ProxyId) -> str:
    """Only a hint: what it opens is decided by the hall server at every statement."""
    return next((one.state for one in board.proxies if one.proxy == proxy), "")


def _stopped(why: Stopped) -> Move:
    return ProxyStopped(why), (DropProxy(), StartTimer("apology", STOPPED_S))


def _records(step: ProxyChoosing | ProxyFetching, happened: Happened) -> Move | None:
    match step, happened:
        case ProxyChoosing(proxy, _, person), ChoseForm(form):
            return ProxyFetching(form, replace(step, problem=None)), (FetchForPerson(form, proxy, person),)
        case ProxyFetching(_, before), StatementArrived(statement):
            return ShowingStatement(statement, CardKind.ID, before=before), ()
        case ProxyFetching(_, before), AskRefused(Reason.UNKNOWN_PERSON | Reason.UNKNOWN_FORM as reason):
            return replace(before, problem=reason), ()
        case ProxyFetching(), AskRefused(Reason.NOT_ALLOWED):
            return _stopped(Stopped.OVER)
        case ProxyFetching(), AskRefused(reason):
            return Apology(reason, card=CardKind.ID), (DropProxy(), StartTimer("apology", STOPPED_S))
    return None
