"""Which of the PC/SC readers, and in which order: pure. Devices reference 3.6, types 1 to 4."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Slots(StrEnum):
    """Where a card is looked for."""

    CONTACT = "contact"
    CONTACTLESS = "contactless"
    CONTACT_FIRST = "contact_first"
    CONTACTLESS_FIRST = "contactless_first"


SLOT_TYPES = {Slots.CONTACT: 1, Slots.CONTACTLESS: 2, Slots.CONTACT_FIRST: 3, Slots.CONTACTLESS_FIRST: 4}
"""The number that the ministry's terminal functions take for it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Patterns of names as PC/SC lists them: part of the name, `*` for anything, `?` for one character, any case.

    A reader with two slots is listed twice, such as `ACR1281 … 00 00` and `… 01 00`; `contactless` tells them apart.
    Without it every reader counts as a contact reader.
    """

    reader: str = ""
    contactless: str = ""
    slots: Slots = Slots.CONTACT_FIRST

    def places(self, names: list[str]) -> tuple[str, ...]:
        """Return the readers to look at, the preferred one first; readers alike stand in the order of their names."""
        fitting = sorted(name for name in names if _fits(self.reader, name))
        over_air = [name for name in fitting if self.contactless and _fits(self.contactless, name)]
        contact = [name for name in fitting if name not in over_air]
        match self.slots:
            case Slots.CONTACT:
                return tuple(contact)
            case Slots.CONTACTLESS:
                return tuple(over_air)
            case Slots.CONTACT_FIRST:
                return (*contact, *over_air)
            case Slots.CONTACTLESS_FIRST:
                return (*over_air, *contact)


def _fits(pattern: str, name: str) -> bool:
    """Only `*` and `?` mean something: names of readers are full of brackets."""
    wanted = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    return re.search(wanted, name, re.IGNORECASE | re.DOTALL) is not None
