"""The self-service steps around a card that is laid while a number is taken."""

from dataclasses import dataclass, field

from hall.commands import Leased
from hall.events import TicketIssued
from hall.ids import TicketLabel
from kiosk.flows.held_cards import HeldCard
from kiosk.flows.steps import ChoosingGroup, ChoosingItem
from kiosk.flows.words import CardKind, Step

Choosing = ChoosingGroup | ChoosingItem


@dataclass(frozen=True, slots=True)
class CardLaid(Step):
    """A card lies there and nobody has said what for: 取号 or 查询打印? Nothing of it is read before the answer."""

    card: CardKind


@dataclass(frozen=True, slots=True)
class LayingCard(Step):
    """Where to put which card, and what it is for: one number in each queue, the elderly first, nothing kept."""

    before: Choosing = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadingForNumber(Step):
    """Please hold still."""

    before: Choosing = field(repr=False)
    card: CardKind


@dataclass(frozen=True, slots=True)
class OfferingPriority(Step):
    """您可以优先办理: 要 or 不用. The screen says that it may be, not why."""

    before: Choosing = field(repr=False)
    held: HeldCard = field(repr=False)


@dataclass(frozen=True, slots=True)
class HoldingAlready(Step):
    """The number this person holds already, to its holder; once more on paper where this terminal gave it out."""

    label: TicketLabel
    issued: TicketIssued | None = None
    leased: Leased | None = None
    card: CardKind | None = None
