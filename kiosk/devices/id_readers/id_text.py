"""The 256-byte text block of an identity card (UTF-16LE): four layouts, chosen by the type mark at byte 248.

Only name, number, birth date and last day leave this module; sex, ethnic group, address and issuer are never decoded.
Devices reference 1.6; private-use characters in names 4.6.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from hall.people import identity_numbers
from kiosk.devices.id_readers.rare_names import with_real_characters

TEXT_BYTES = 256
TYPE_MARK_AT = 248

LONG_TERM = "长期"
"""Stands where the last day would be: the card never expires."""

CITIZEN, RESIDENCE_PERMIT, FOREIGNER_2017, FOREIGNER_2023 = " ", "J", "I", "Y"

_PERMIT_OF_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")
"""Three letters of the nation and twelve digits; the rule of its last digit is not published."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Byte ranges in the block. `names` are tried in order: the first that is not blank is the name."""

    names: tuple[tuple[slice, ...], ...]
    number: slice
    birth: slice
    expires: slice
    number_of_2017: bool = False


_RESIDENT = _Layout(names=((slice(0, 30),),), number=slice(122, 158), birth=slice(36, 52), expires=slice(204, 220))

LAYOUTS = {
    CITIZEN: _RESIDENT,
    RESIDENCE_PERMIT: _RESIDENT,
    FOREIGNER_2017: _Layout(
        names=((slice(158, 188),), (slice(0, 120),)),
        number=slice(122, 152),
        birth=slice(220, 236),
        expires=slice(204, 220),
        number_of_2017=True,
    ),
    FOREIGNER_2023: _Layout(
        names=((slice(0, 30),), (slice(52, 122), slice(220, 242))),
        number=slice(122, 158),
        birth=slice(36, 52),
        expires=slice(204, 220),
    ),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """What the block says of its holder, checked. `expires` is YYYYMMDD or empty for never."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    birth: str = field(repr=False)
    expires: str = field(repr=False)

    def expired(self, today: str) -> bool:
        """Tell whether the last day lies before `today`; on the last day itself the card still serves."""
        return bool(self.expires) and self.expires < today


def holder_in(block: bytes, today: str) -> Holder | None:
    """Read and check the block; None when anything that leaves this module does not hold together."""
    if len(block) != TEXT_BYTES:
        return None
    layout = LAYOUTS.get(_text(block, slice(TYPE_MARK_AT, TYPE_MARK_AT + 2)) or CITIZEN)
    if layout is None:
        return None
    name = _name(block, layout)
    number = identity_numbers.normal(_text(block, layout.number) or "")
    birth = _text(block, layout.birth) or ""
    expires = _last_day(_text(block, layout.expires) or "")
    if name is None or expires is None or not _number_holds(layout, number, birth, today):
        return None
    return Holder(name=name, number=number, birth=birth, expires=expires)


def _text(block: bytes, where: slice) -> str | None:
    """Decode one field without its padding; None when it is not UTF-16."""
    try:
        return block[where].decode("utf-16-le").strip(" \0")
    except UnicodeDecodeError:
        return None


def _name(block: bytes, layout: _Layout) -> str | None:
    for parts in layout.names:
        try:
            written = "".join(block[part].decode("utf-16-le") for part in parts).strip(" \0")
        except UnicodeDecodeError:
            return None
        if written:
            return with_real_characters(written) if is_printable(written) else None
    return None


def is_printable(text: str) -> bool:
    """Tell whether `text` has no control or format characters.

    Private use is allowed in a name, and so is what this Python does not know yet: new Han blocks keep coming.
    """
    return not any(unicodedata.category(character) in {"Cc", "Cf"} for character in text)


def _last_day(written: str) -> str | None:
    """Return the last day, empty for never, None when it is neither: such a card opens nothing."""
    if written == LONG_TERM:
        return ""
    return written if identity_numbers.is_day(written) else None


def _number_holds(layout: _Layout, number: str, birth: str, today: str) -> bool:
    if not (identity_numbers.is_day(birth) and identity_numbers.FIRST_BIRTH <= birth <= today):
        return False
    if layout.number_of_2017:
        return bool(_PERMIT_OF_2017.fullmatch(number))
    return identity_numbers.is_valid(number, today) and identity_numbers.birth_in(number) == birth
