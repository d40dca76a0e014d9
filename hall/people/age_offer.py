"""Priority offered by the age on a card (requirements D-07): the system offers, the person decides, the server checks.

Only a terminal's *offer* is computed at the terminal; what counts is the hall server's own reading of the sealed card.
"""

from datetime import date
from typing import Final

from hall.ids import StaffId
from hall.people.identity_numbers import FIRST_BIRTH, age_on, is_day, normal, years_since

BY_CARD: Final = StaffId("self_service")
"""Issuer of a grant that no guide gave: the person took the offer at a terminal. Staff numbers are digits."""
YOUNGEST: Final = 60
"""No hall may call anybody younger elderly (老年人权益保障法 第二条, 2018-12-29); a limit of 0 offers nothing."""


def old_enough(limit: int, number: str, birth: str, day: date) -> bool:
    """Tell whether the holder of a card is `limit` years old on `day`, or older; 0 is never.

    The number tells the birth date; `birth` (YYYYMMDD, as the card says) counts only where it tells none, as on the
    foreigner's cards of 15 characters. Born 1966-11-23: 59 on 2026-11-22, 60 on 2026-11-23.
    """
    if limit <= 0:
        return False
    age = age_on(normal(number), day)
    if age is None and birth >= FIRST_BIRTH and is_day(birth):
        age = years_since(date.fromisoformat(birth), day)
    return age is not None and age >= limit
