"""What the status byte SW3 of a SAM answer means, as one table. Devices reference 1.3."""

from enum import StrEnum


class Meaning(StrEnum):
    """What the driver does about a status."""

    OK = "ok"
    OK_EMPTY = "ok_empty"
    LINE = "line"
    """The request came in broken: once more, then a fault of the line."""
    SEQUENCE = "sequence"
    NO_CARD = "no_card"
    NOT_SELECTED = "not_selected"
    WRONG_CARD = "wrong_card"
    READ_FAILED = "read_failed"
    AGAIN = "again"
    SUSPICIOUS = "suspicious"
    HARDWARE = "hardware"
    UNLISTED = "unlisted"


MEANINGS = {
    0x90: Meaning.OK,
    0x9F: Meaning.OK,
    0x91: Meaning.OK_EMPTY,
    0x10: Meaning.LINE,
    0x11: Meaning.LINE,
    0x21: Meaning.LINE,
    0x23: Meaning.SEQUENCE,
    0x24: Meaning.SEQUENCE,
    0x31: Meaning.SUSPICIOUS,
    0x32: Meaning.SUSPICIOUS,
    0x33: Meaning.SUSPICIOUS,
    0x40: Meaning.WRONG_CARD,
    0x41: Meaning.READ_FAILED,
    0x47: Meaning.AGAIN,
    0x60: Meaning.HARDWARE,
    0x66: Meaning.HARDWARE,
    0x80: Meaning.NO_CARD,
    0x81: Meaning.NOT_SELECTED,
}


def meaning(status: int) -> Meaning:
    """Return the meaning of SW3; codes outside the table are `UNLISTED`, never guessed."""
    return MEANINGS.get(status, Meaning.UNLISTED)
