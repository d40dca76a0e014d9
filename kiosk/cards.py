"""What cards tell: the words of both kinds of card readers. `kiosk.ports` passes them on."""

from dataclasses import dataclass, field
from enum import StrEnum


class CardProblem(StrEnum):
    """Why a card gave nothing."""

    EXPIRED = "expired"
    DAMAGED = "damaged"
    MOVED = "moved"
    UNKNOWN_CARD = "unknown_card"
    HIDES_HOLDER = "hides_holder"
    SUSPICIOUS = "suspicious"
    LOCKED = "locked"
    REPLACE = "replace"
    """The card has shut itself for good: its issuer must give another one."""
    SAME_CARD = "same_card"
    """Another person's card was asked for; this is the one that was read before."""
    READER = "reader"


@dataclass(frozen=True, slots=True)
class IdCard:
    """What a flow needs of an identity card, and nothing else. `birth` is YYYYMMDD."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    birth: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SocialCard:
    """Holder as the card tells; `authenticated` only after a PIN was accepted.

    `genuine` only where a PSAM or a verifier has shown that the card is no copy.
    """

    name: str = field(repr=False)
    number: str = field(repr=False)
    version: str = ""
    authenticated: bool = False
    genuine: bool = False


class SocialField(StrEnum):
    """What a social-security card may hide."""

    CARD_NUMBER = "card_number"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class NeedsAuthentication:
    """The card is sound, but shows its holder only to a PSAM or a verifier: nothing is wrong with it."""

    missing: tuple[SocialField, ...]


@dataclass(frozen=True, slots=True)
class PinOutcome:
    """One try, one answer. `tries_left` None when the card does not tell."""

    accepted: bool
    tries_left: int | None = None
