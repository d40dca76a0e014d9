"""A card laid while a number is taken, and the words around it. It is never needed; it serves this one number."""

from dataclasses import dataclass, field

from hall.commands import Leased
from hall.events import TicketIssued
from hall.ids import TicketLabel
from kiosk.flows.happenings import CardKind
from kiosk.flows.kinds import Effect, Happened, Touch

AWAY = "away"
"""The hall server cannot be asked: a card changes nothing now."""
ID_ONLY = "id_only"
"""This hall takes numbers by identity card only: nothing shows whether a social-security card is a copy."""


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card that was read for a number. In memory until the number is asked for, and no longer; never the name."""

    kind: CardKind
    number: str = field(repr=False)
    birth: str = field(default="", repr=False)
    """YYYYMMDD as on the card; empty where the card does not tell it apart from its number."""
    may_go_first: bool = field(default=False, repr=False)
    """By the age on the card; told on no screen and no paper."""
    wants_first: bool = field(default=False, repr=False)
    lies: bool = True
    """Still on its reader, as far as the reader can tell: not to be forgotten."""


@dataclass(frozen=True, slots=True)
class UsesCard(Touch):
    """刷卡取号."""


@dataclass(frozen=True, slots=True)
class AnsweredOffer(Touch):
    """要 or 不用, asked whether a priority number is wanted."""

    wants: bool


@dataclass(frozen=True, slots=True)
class WeighCard(Effect):
    """Find out what this card can do here and now; answers `CardWeighed`."""

    card: HeldCard = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardWeighed(Happened):
    """What the card can do: nothing (None, `note` says why), or the card with `may_go_first` made out."""

    card: HeldCard | None = field(repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class AlreadyHolds(Happened):
    """The holder of the card has an open number in this queue. `issued` where this terminal gave it out today."""

    label: TicketLabel
    issued: TicketIssued | None = None
    leased: Leased | None = None
