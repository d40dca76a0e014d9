"""刷卡取号: a card laid at any moment of choosing. One number for each person and queue; the elderly may go first.

Whatever is wrong with the card, the number is taken all the same: the way on never depends on it.
"""

from dataclasses import replace

from kiosk.flows.card_steps import Choosing, HoldingAlready, LayingCard, OfferingPriority, ReadingForNumber
from kiosk.flows.held_cards import AlreadyHolds, AnsweredOffer, CardWeighed, HeldCard, UsesCard, WeighCard
from kiosk.flows.steps import ChoosingGroup, ChoosingItem, Issuing, Paper, ShowingTicket
from kiosk.flows.words import (
    CardFailed,
    CardKind,
    CardSeen,
    CardTaken,
    Effect,
    Happened,
    IdCardRead,
    LookForCard,
    PrintTicket,
    ReadCard,
    SocialCardRead,
    StartTimer,
    Step,
    WantsPaper,
)

Move = tuple[Step, tuple[Effect, ...]]

COPY_S = 30.0
"""As long as a number that was just taken."""
HELD_S = 45.0
"""Time to read a number and to look for its slip in a bag."""


def advance(step: Step, happened: Happened) -> Move | None:
    """Return the move, or None when this errand has nothing to say."""
    match step:
        case ChoosingGroup() | ChoosingItem():
            return _choosing(step, happened)
        case LayingCard(before):
            return _read(before, happened.card) if isinstance(happened, CardSeen) else None
        case ReadingForNumber():
            return _reading(step, happened)
        case OfferingPriority():
            return _offering(step, happened)
        case Issuing() | ShowingTicket() | HoldingAlready():
            return _taken(step, happened)
    return None


def _choosing(step: Choosing, happened: Happened) -> Move | None:
    match happened:
        case UsesCard() if step.held is None:
            return LayingCard(replace(step, note="")), (LookForCard(),)
        case CardSeen(card):
            return _read(step, card)
        case CardTaken(card) if step.held is not None and step.held.kind is card:
            return replace(step, held=replace(step.held, lies=False)), ()
    return None


def _read(before: Choosing, card: CardKind) -> Move:
    """Another card takes the place of the one before: the last one laid is the person who stands here."""
    return ReadingForNumber(replace(before, held=None, note=""), card), (ReadCard(card),)


def _reading(step: ReadingForNumber, happened: Happened) -> Move | None:
    match happened:
        case IdCardRead(card):
            return step, (WeighCard(HeldCard(CardKind.ID, card.number, card.birth)),)
        case SocialCardRead(card):
            return step, (WeighCard(HeldCard(CardKind.SOCIAL, card.number)),)
        case CardFailed(problem):
            return replace(step.before, note=problem.value), ()
        case CardWeighed(None, note):
            return replace(step.before, note=note), ()
        case CardWeighed(HeldCard(may_go_first=True) as held):
            return OfferingPriority(step.before, held), ()
        case CardWeighed(HeldCard() as held):
            return replace(step.before, held=held), ()
    return None


def _offering(step: OfferingPriority, happened: Happened) -> Move | None:
    match happened:
        case AnsweredOffer(wants):
            return replace(step.before, held=replace(step.held, wants_first=wants)), ()
        case CardTaken(card) if card is step.held.kind:
            return replace(step, held=replace(step.held, lies=False)), ()
        case CardSeen(card):
            return _read(step.before, card)
    return None


def _taken(step: Issuing | ShowingTicket | HoldingAlready, happened: Happened) -> Move | None:
    match step, happened:
        case _, CardTaken(card) if step.card is card:
            return replace(step, card=None), ()
        case Issuing(), AlreadyHolds(label, issued, leased):
            return HoldingAlready(label, issued, leased, step.card), (StartTimer("apology", HELD_S),)
        case HoldingAlready(_, issued, leased), WantsPaper() if issued is not None:
            again = ShowingTicket(issued, leased, Paper.PRINTING, card=step.card)
            return again, (PrintTicket(issued, leased, copy=True), StartTimer("ticket", COPY_S))
    return None
