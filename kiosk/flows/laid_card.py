"""A card laid on the home screen: what for is asked once, and nothing of the card is read before the answer."""

from kiosk.flows.card_steps import CardLaid, ReadingForNumber
from kiosk.flows.steps import ChoosingForm, ChoosingGroup, Home
from kiosk.flows.words import (
    CardSeen,
    CardTaken,
    Effect,
    EndSession,
    Happened,
    ReadCard,
    Step,
    WantsStatement,
    WantsTicket,
)


def advance(step: Step, happened: Happened) -> tuple[Step, tuple[Effect, ...]] | None:
    """Return the move, or None when this errand has nothing to say.

    取号 stands under its own notice (what is read, what for, how long), so the card is read at that touch and a number
    still takes three. 查询打印 goes on to form and notice; only 同意 reads.
    """
    match step, happened:
        case Home() | CardLaid(), CardSeen(card):
            return CardLaid(card), ()
        case CardLaid(card), WantsTicket():
            return ReadingForNumber(ChoosingGroup(), card), (ReadCard(card),)
        case CardLaid(card), WantsStatement():
            return ChoosingForm(card), ()
        case CardLaid(card), CardTaken(taken) if card is taken:
            return Home(), (EndSession(),)
    return None
