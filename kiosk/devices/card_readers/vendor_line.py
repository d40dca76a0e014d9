"""The line that the ministry's terminal functions answer, and what their codes mean: pure. Devices reference 3.6.

Region | social-security number | card number | card code | name | ATR history | version | issued | expires | terminal
number | terminal device number |. Codes: the table of the functions' specification as a public control for them has it;
what the card itself answered comes as its status word, negated (-27010 is 69 82).
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from hall.people import identity_numbers
from kiosk.devices.card_readers import apdu
from kiosk.devices.card_readers.apdu import Word, word
from kiosk.devices.card_readers.social_files import card_number_in, name_in, number_in, version_in
from kiosk.ports import SocialField

MAX_LINE_BYTES = 1024
"""Every caller that was seen gives the functions a buffer of this size."""
FEWEST_FIELDS, MOST_FIELDS = 7, 16
"""Up to the version; some services end there, some add fields of their own."""

_REGION = re.compile(rb"[0-9]{6}")
_CARD_CODE = re.compile(rb"[0-9]{6}D156000005[0-9A-Fa-f]{16}")


@dataclass(frozen=True, slots=True)
class VendorCard:
    """What a flow needs of the line; `expires` is YYYYMMDD or empty, an empty field was hidden."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    card_number: str = field(repr=False)
    version: str
    expires: str

    def missing(self) -> tuple[SocialField, ...]:
        """Name what the card hid."""
        told = {
            SocialField.CARD_NUMBER: self.card_number,
            SocialField.NUMBER: self.number,
            SocialField.NAME: self.name,
        }
        return tuple(which for which, value in told.items() if not value)


class LineProblem(StrEnum):
    """Why a line is no card."""

    NO_LINE = "no_line"
    """Not in the form of the specification: the service's fault."""
    UNSOUND = "unsound"
    """In its form, but a check digit, a date or a name is wrong: the card's fault."""


def parse(line: bytes, *, check_card_number: bool = True) -> VendorCard | LineProblem:
    """Read the line (GBK, or GB18030). Region and card code must have their form: a shifted line is nobody's card."""
    parts = [part.strip(b" \0") for part in line.split(b"|")]
    if len(line) > MAX_LINE_BYTES or not FEWEST_FIELDS <= len(parts) <= MOST_FIELDS + 1:
        return LineProblem.NO_LINE
    region, number, card_number, card_code, name, _, version, _, expires, *_ = [*parts, b"", b""]
    if not _REGION.fullmatch(region) or not _CARD_CODE.fullmatch(card_code) or card_code[:6] != region:
        return LineProblem.NO_LINE
    told_version = version_in(version)
    told_number, told_name, told_card = number_in(number), name_in(name), card_number_in(card_number)
    day = _day(expires)
    if not told_version:
        return LineProblem.NO_LINE
    if told_card is None and not check_card_number:
        told_card = "unchecked"
    if told_number is None or told_name is None or told_card is None or day is None:
        return LineProblem.UNSOUND
    return VendorCard(told_name, told_number, told_card, told_version, day)


def _day(text: bytes) -> str | None:
    """YYYYMMDD, empty when it is not told, None when it is no day."""
    told = text.decode("ascii", "replace")
    if not told.strip("0F"):
        return ""
    return told if identity_numbers.is_day(told) else None


class Meaning(StrEnum):
    """What a code means for us."""

    OK = "ok"
    NO_CARD = "no_card"
    WRONG_CARD = "wrong_card"
    MUTE = "mute"
    """A card is there and does not answer, or not as its kind should."""
    SUSPICIOUS = "suspicious"
    NEEDS_AUTHENTICATION = "needs_authentication"
    """No PSAM, or not the right one: the route by a remote HSM is the vendor's own."""
    WRONG_PIN = "wrong_pin"
    BLOCKED = "blocked"
    REPLACE = "replace"
    NO_READER = "no_reader"
    NOT_KNOWN = "not_known"
    """The service does not know this function or this argument: the configuration does not fit it."""
    TROUBLE = "trouble"
    """Everything that the table does not name."""


_CODES = {
    0: Meaning.OK,
    -1: Meaning.WRONG_CARD,
    -2: Meaning.NO_CARD,
    -3: Meaning.MUTE,  # not powered
    -4: Meaning.MUTE,
    -5: Meaning.TROUBLE,  # a part of the library is missing
    -11: Meaning.NO_READER,
    -12: Meaning.NO_READER,
    -13: Meaning.NOT_KNOWN,
    -14: Meaning.NOT_KNOWN,
    -15: Meaning.MUTE,  # check sum
    -20: Meaning.MUTE,  # card code
    -21: Meaning.SUSPICIOUS,  # internal authentication failed
    -22: Meaning.MUTE,
    -24: Meaning.NEEDS_AUTHENTICATION,  # level of the PSAM's key
    -25: Meaning.SUSPICIOUS,  # internal authentication does not agree with the HSM
    -51: Meaning.WRONG_PIN,
    -52: Meaning.BLOCKED,
    -2201: Meaning.NEEDS_AUTHENTICATION,  # no PSAM
    -2202: Meaning.NEEDS_AUTHENTICATION,  # its algorithms
    -2203: Meaning.NEEDS_AUTHENTICATION,  # its key for version 3
    -27272: Meaning.NEEDS_AUTHENTICATION,  # 6A 88, key not found
}

_OF_WORDS = {
    Word.NEEDS_AUTHENTICATION: Meaning.NEEDS_AUTHENTICATION,
    Word.WRONG_PIN: Meaning.WRONG_PIN,
    Word.BLOCKED: Meaning.BLOCKED,
    Word.LOCKED_FOR_GOOD: Meaning.REPLACE,
    Word.ABSENT: Meaning.WRONG_CARD,
    Word.REFUSED: Meaning.WRONG_CARD,
}
_STATUS_WORDS = range(0x6200, 0x9FFF)


def meaning(code: int) -> Meaning:
    """Sort a code of the functions."""
    known = _CODES.get(code)
    if known is not None:
        return known
    return _OF_WORDS.get(word(-code), Meaning.MUTE) if -code in _STATUS_WORDS else Meaning.TROUBLE


_LEFT = re.compile(r"剩余[^0-9]{0,12}([0-9]{1,2})")


def tries_left(code: int, said: bytes) -> int | None:
    """Return how many tries a wrong PIN has left: by the negated status word, or as the service says in words."""
    if -code in _STATUS_WORDS:
        return apdu.tries_left(-code)
    found = _LEFT.search(said[:MAX_LINE_BYTES].decode("gb18030", "replace"))
    return int(found[1]) if found else None
