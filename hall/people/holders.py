"""Whose card is in hand, and how that was shown. Personal: sealed wherever it travels, printed nowhere."""

from enum import StrEnum

import msgspec


class Proof(StrEnum):
    """How the holder's identity was shown at the terminal (design 9)."""

    ID_CARD = "id_card"
    SOCIAL_CARD_PIN = "social_card_pin"
    SOCIAL_CARD_DEMO = "social_card_demo"
    """Read without authentication: opens records in the demo only."""


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whose records, as read from the card in hand. Never in clear outside the terminal's memory and the server's."""

    name: str
    """May be empty where a number is taken: only a statement needs it."""
    number: str
    proof: Proof
    birth: str = ""
    """YYYYMMDD as on the card; for numbers that tell no birth date."""

    def __repr__(self) -> str:
        """Say nothing of the person, wherever this is printed."""
        return f"Holder(proof={self.proof.value})"
