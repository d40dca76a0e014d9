"""Records of EF05 (card) and EF06 (holder): tag, length, value. Devices reference 3.2.

Only what a flow needs has a row here: the rest of the card is never asked for.
"""

import codecs
import re
from dataclasses import dataclass
from enum import Enum

from hall.people import identity_numbers
from kiosk.devices.card_readers.apdu import EF_CARD, EF_HOLDER, TAG_AND_LENGTH_BYTES
from kiosk.devices.id_readers.id_text import is_printable
from kiosk.devices.id_readers.rare_names import with_real_characters


@dataclass(frozen=True, slots=True)
class _Where:
    file: int
    tag: int
    value_bytes: int


class Record(Enum):
    """Where a value lies: file, tag, length of the value in bytes."""

    VERSION = _Where(EF_CARD, 0x03, 4)
    EXPIRES = _Where(EF_CARD, 0x06, 4)
    CARD_NUMBER = _Where(EF_CARD, 0x07, 9)
    NUMBER = _Where(EF_HOLDER, 0x08, 18)
    NAME = _Where(EF_HOLDER, 0x09, 30)
    NAME_EXTENSION = _Where(EF_HOLDER, 0x4E, 20)
    """What of a name did not fit into its 30 bytes; versions 2 and 3."""


def value_of(record: Record, data: bytes) -> bytes | None:
    """Return the value of a read record; None when tag or length are another record's.

    Record numbers restart in each file and newer cards insert records, so an unchecked answer may be someone's other
    field. A length shorter than the table's is taken (some issuers write short values), a longer one is not.
    """
    where = record.value
    if len(data) < TAG_AND_LENGTH_BYTES or data[0] != where.tag:
        return None
    value = data[TAG_AND_LENGTH_BYTES:]
    return value if data[1] == len(value) <= where.value_bytes else None


_PADDING = b"\0 \xff"

_VERSION = re.compile(r"[0-9]\.[0-9]{2}")
_FOREIGN_NUMBER = re.compile(r"[0-9A-Z]{6,18}")
_CITIZEN_NUMBER_CHARACTERS = 18


def version_in(value: bytes) -> str:
    """Return the specification version such as `2.00`; empty when the card does not say it in that form."""
    text = _ascii(value)
    return text if text is not None and _VERSION.fullmatch(text) else ""


def day_in(value: bytes) -> str | None:
    """Return a BCD date as YYYYMMDD, empty when the field is blank (00 or FF throughout), None when it is no date."""
    if not value.strip(b"\0") or not value.strip(b"\xff"):
        return ""
    text = value.hex()
    return text if identity_numbers.is_day(text) else None


def number_in(value: bytes) -> str | None:
    """Return the social-security number, empty when blank, None when it cannot be one.

    Citizens have their identity number, checked as such; foreign holders a shorter or lettered form without a check.
    """
    text = _ascii(value)
    if text is None:
        return None
    number = identity_numbers.normal(text)
    if not number:
        return ""
    if len(number) == _CITIZEN_NUMBER_CHARACTERS and number[:-1].isdecimal():
        return number if identity_numbers.is_valid(number) else None
    return number if _FOREIGN_NUMBER.fullmatch(number) else None


def is_full(name: bytes) -> bool:
    """Tell whether a name fills its field, so that it may go on in the extension."""
    return len(name) >= Record.NAME.value.value_bytes and name[-1] not in _PADDING


def name_in(value: bytes, extension: bytes = b"") -> str | None:
    """Return the holder's name (GBK, or GB18030 on newer cards), empty when blank, None when it is no text.

    A name longer than its fields may be cut inside a character: what is whole of it is returned.
    """
    rest = extension.rstrip(_PADDING) if is_full(value) else b""
    cut = is_full(value) and (not rest or len(rest) == Record.NAME_EXTENSION.value.value_bytes)
    decoder = codecs.getincrementaldecoder("gb18030")()
    try:
        name = decoder.decode(value.rstrip(_PADDING) + rest, final=not cut).strip()
    except UnicodeDecodeError:
        return None
    return with_real_characters(name) if is_printable(name) else None


_CARD_NUMBER = re.compile(r"[0-9A-Z]{8}[0-9X]")


def card_number_in(value: bytes) -> str | None:
    """Return the card number, empty when blank, None when it fails its check character."""
    number = _ascii(value)
    if not number:
        return number
    sound = _CARD_NUMBER.fullmatch(number) and check_character(number[:8]) == number[8]
    return number if sound else None


CARD_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def check_character(eight: str) -> str:
    """Return the ninth character of a card number (GB 11714 style); `eight` is digits and capital letters."""
    total = sum(weight * int(character, 36) for weight, character in zip(CARD_WEIGHTS, eight, strict=True))
    return "0X987654321"[total % 11]


def _ascii(value: bytes) -> str | None:
    try:
        return value.strip(_PADDING).decode("ascii")
    except UnicodeDecodeError:
        return None
