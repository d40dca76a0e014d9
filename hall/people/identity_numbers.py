"""Identity numbers (GB 11643-1999): 18 characters, ISO 7064 MOD 11-2, a birth date that existed.

Region tables go out of date, so the region is never judged: 81/82/83 are residence permits, a leading 9 the 2023
foreigner card, and what a list does not know may be a county founded yesterday. Sources: 国家移民管理局, the reading
rules of the foreigner's permanent residence card (2023-12-01); older cards have 3 letters and 12 digits.
"""

import re
from datetime import date
from enum import StrEnum

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")
_DAY = re.compile(r"[0-9]{8}")
_CHECKS = "10X98765432"
"""Check character by the remainder of the weighted sum (ISO 7064 MOD 11-2)."""

FIRST_BIRTH = "19000101"
"""Nobody alive was born earlier."""

LAST_DAY = "99991231"


class NumberKind(StrEnum):
    """Whose number it is, as far as the number tells."""

    CITIZEN = "citizen"
    RESIDENCE_PERMIT = "residence_permit"
    """Residents of Hong Kong (81), Macau (82) and Taiwan (83)."""
    FOREIGNER = "foreigner"
    FOREIGNER_OLD = "foreigner_old"
    """15 characters, without a check digit."""
    SAMPLE = "sample"
    """Never issued: begins with 0, or is a foreigner's of province 00 and country 000."""


def is_day(text: str) -> bool:
    """Tell whether `text` is a date that exists, written YYYYMMDD in ASCII digits."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def normal(number: str) -> str:
    """Return the number as stored: without blanks around it, x in upper case."""
    return number.strip(" \0").upper()


def birth_in(number: str) -> str:
    """Return the birth date YYYYMMDD that an 18-character number carries."""
    return number[6:14]


def birth_of(number: str) -> date | None:
    """Return the birth date that a `normal` number tells, None for one of 15 characters or none at all."""
    return date.fromisoformat(birth_in(number)) if is_valid(number) else None


def age_on(number: str, day: date) -> int | None:
    """Return the age in full years on `day` that a `normal` number tells, None when it tells none."""
    birth = birth_of(number)
    return None if birth is None else years_since(birth, day)


def years_since(birth: date, day: date) -> int | None:
    """Return the full years from `birth` to `day`, None before it. Who was born on 29 February waits for 1 March."""
    if birth > day:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def check_character(seventeen: str) -> str:
    """Return the check character of the first 17 digits."""
    return _CHECKS[sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(seventeen)) % 11]


def is_valid(number: str, today: str = LAST_DAY) -> bool:
    """Tell whether `number` (already `normal`) has shape, birth date (1900 to `today`) and check digit right."""
    if not _SHAPE.fullmatch(number):
        return False
    birth = birth_in(number)
    return is_day(birth) and FIRST_BIRTH <= birth <= today and check_character(number[:17]) == number[17]


def kind_of(number: str, today: str = LAST_DAY) -> NumberKind | None:
    """Return the kind of a `normal` number, None when it is no identity number at all."""
    if _OLD_FOREIGN.fullmatch(number):
        return NumberKind.FOREIGNER_OLD
    if not is_valid(number, today):
        return None
    if number.startswith(("0", "900000")):
        return NumberKind.SAMPLE
    if number.startswith(("810000", "820000", "830000")):
        return NumberKind.RESIDENCE_PERMIT
    return NumberKind.FOREIGNER if number.startswith("9") else NumberKind.CITIZEN


def is_accepted(number: str, *, demo: bool, today: str = LAST_DAY) -> bool:
    """Tell whether a hall takes this number: every kind that is issued, and samples in a demo hall only."""
    kind = kind_of(number, today)
    return kind is not None and (demo or kind is not NumberKind.SAMPLE)
