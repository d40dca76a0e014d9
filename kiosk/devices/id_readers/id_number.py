"""Resident identity numbers (GB 11643-1999): 18 characters, ISO 7064 MOD 11-2, a birth date that existed.

Region tables go out of date, so the region is never judged: 81/82/83 are residence permits, a leading 9 the 2023
foreigner card, and what a list does not know may be a county founded yesterday. Devices reference 2.
"""

import re
from datetime import date

from stdnum.iso7064 import mod_11_2

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_DAY = re.compile(r"[0-9]{8}")

FIRST_BIRTH = "19000101"
"""Nobody alive was born earlier."""

LAST_DAY = "99991231"


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


def is_valid(number: str, today: str = LAST_DAY) -> bool:
    """Tell whether `number` (already `normal`) has shape, birth date (1900 to `today`) and check digit right."""
    if not _SHAPE.fullmatch(number):
        return False
    birth = birth_in(number)
    return is_day(birth) and FIRST_BIRTH <= birth <= today and bool(mod_11_2.is_valid(number))
