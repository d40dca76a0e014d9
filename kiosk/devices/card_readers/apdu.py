"""Commands to a social-security card and the words it answers: bytes, no ports. Devices reference 3.1, 3.4, 3.5."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

ENVIRONMENT: Final = b"sx1.sh." + "社会保障".encode("gbk")
"""Name of the social-security environment on the card."""

EF_CARD: Final = 0xEF05
EF_HOLDER: Final = 0xEF06

SELECT_EF_WAYS: Final = (0x02, 0x00)
"""P1 of SELECT for an elementary file; cards differ, so the second is tried when the first is refused."""

TAG_AND_LENGTH_BYTES: Final = 2


@dataclass(frozen=True, slots=True)
class Reply:
    """What the card answered: its status word and, never shown, its data."""

    word: int
    data: bytes = field(default=b"", repr=False)


class Word(StrEnum):
    """What a status word means for us."""

    OK = "ok"
    MORE = "more"
    """61 xx: fetch xx bytes."""
    LENGTH = "length"
    """6C xx: ask again for xx bytes."""
    WRONG_PIN = "wrong_pin"
    BLOCKED = "blocked"
    LOCKED_FOR_GOOD = "locked_for_good"
    """93 03: the card must be replaced."""
    NEEDS_AUTHENTICATION = "needs_authentication"
    ABSENT = "absent"
    """File or record is not on this card."""
    REFUSED = "refused"
    """The card does not know this command, class or parameter."""
    FAILED = "failed"


_WORDS = {
    0x9000: Word.OK,
    0x6581: Word.FAILED,  # memory
    0x6700: Word.FAILED,  # length
    0x6881: Word.REFUSED,  # logical channel
    0x6882: Word.NEEDS_AUTHENTICATION,  # secure messaging
    0x6981: Word.REFUSED,  # another kind of file
    0x6982: Word.NEEDS_AUTHENTICATION,
    0x6983: Word.BLOCKED,
    0x6984: Word.FAILED,  # stale random number
    0x6985: Word.NEEDS_AUTHENTICATION,  # conditions of use
    0x6986: Word.ABSENT,  # no file is selected
    0x6988: Word.NEEDS_AUTHENTICATION,  # message authentication code
    0x6A80: Word.FAILED,  # data
    0x6A81: Word.REFUSED,
    0x6A82: Word.ABSENT,
    0x6A83: Word.ABSENT,
    0x6A86: Word.REFUSED,
    0x6B00: Word.REFUSED,
    0x6D00: Word.REFUSED,
    0x6E00: Word.REFUSED,
    0x9303: Word.LOCKED_FOR_GOOD,
}
"""Every word of devices reference 3.5 that has one value."""

_TRIES_MASK = 0x0F


def word(reply_word: int) -> Word:
    """Sort a status word; whatever the table does not name has failed (65 81 memory, 67 00 length, 6F 00 …)."""
    known = _WORDS.get(reply_word)
    if known is not None:
        return known
    high = reply_word >> 8
    if high == 0x61:  # noqa: PLR2004 - status words are named in the table's heading
        return Word.MORE
    if high == 0x6C:  # noqa: PLR2004
        return Word.LENGTH
    if high == 0x63:  # noqa: PLR2004
        return Word.WRONG_PIN
    return Word.FAILED


def tries_left(reply_word: int) -> int | None:
    """Return x of 63 Cx; None when the card only says that the PIN was wrong."""
    return reply_word & _TRIES_MASK if reply_word & 0xFFF0 == 0x63C0 else None  # noqa: PLR2004


def select_environment() -> bytes:
    """SELECT the environment by name."""
    return bytes((0x00, 0xA4, 0x04, 0x00, len(ENVIRONMENT))) + ENVIRONMENT


def select_file(file: int, way: int) -> bytes:
    """SELECT an elementary file; `way` is one of `SELECT_EF_WAYS`."""
    return bytes((0x00, 0xA4, way, 0x00, 0x02)) + file.to_bytes(2, "big")


def read_record(tag: int, value_bytes: int) -> bytes:
    """READ RECORD by tag; the answer is tag, length, value."""
    return bytes((0x00, 0xB2, tag, 0x00, value_bytes + TAG_AND_LENGTH_BYTES))


def read_record_number(number: int, value_bytes: int) -> bytes:
    """READ RECORD by its number, from 1; the answer is tag, length, value of whatever record that is."""
    return bytes((0x00, 0xB2, number, 0x04, value_bytes + TAG_AND_LENGTH_BYTES))


def with_length(command: bytes, expected_bytes: int) -> bytes:
    """Return the same command asking for another number of bytes (after 6C xx)."""
    return command[:-1] + bytes((expected_bytes,))


def get_response(expected_bytes: int) -> bytes:
    """GET RESPONSE for what 61 xx announced."""
    return bytes((0x00, 0xC0, 0x00, 0x00, expected_bytes))


class PinCoding(StrEnum):
    """How a card profile writes PIN digits. One is configured; another is never tried: each wrong form burns a try."""

    BCD = "bcd"
    ASCII = "ascii"


def verify(pin: str, coding: PinCoding) -> bytes:
    """VERIFY with one PIN of ASCII digits; in BCD an odd last half byte is padded with F."""
    digits = pin.encode("ascii") if coding is PinCoding.ASCII else bytes.fromhex(pin + "F" * (len(pin) % 2))
    return bytes((0x00, 0x20, 0x00, 0x00, len(digits))) + digits
