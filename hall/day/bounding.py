"""What the fields of an event or a command may hold at most, checked before a terminal's reaches the queue day.

What is larger is no event of a terminal that works: it is kept raw in the quarantine with its reason, and its mark
moves past it, so that nothing is lost and nothing is held up. Times that are merely wrong are taken: a terminal's
clock may be off by years, and its ticket counts all the same. A command that holds more is refused.
"""

from math import isfinite

import msgspec

from hall.errors import HallError, Reason
from hall.outage.signed_slips import MAX_SIGNED_CODE
from hall.rating_facts import Dimension
from hall.upkeep import MAX_LINES

MAX_TEXT = 120
"""Characters of a name, a code, a label, a step; the longest id has 64."""
MAX_SPOKEN = 400
"""Characters of what a display says at a call, in every language it speaks."""
MAX_SEALED_BYTES = 4096
"""A sealed grant has about 300."""
MAX_MANY = 64
"""Entries of a list: devices of a self-test, heads of a call."""
MAX_ITEMS_TOLD = 16
"""Further items of a visit; a hall takes 5 (`leasing.MAX_ITEMS`)."""
MAX_COUNT = 2**53
"""Beyond it a number does not survive other JSON readers."""
FIRST_S, LAST_S = -2_208_988_800.0, 253_370_764_800.0
"""1900 to 9999, seconds since the epoch: what a date can be made of."""
MAX_NUMBER = 999_999
"""Of a ticket; a day's series has some hundreds."""

LONGER = {"text": MAX_SPOKEN, "software": 200, "cause": 200, "slip": MAX_SIGNED_CODE}
MANY = {"more_items": MAX_ITEMS_TOLD, "lines": MAX_LINES, "dimensions": len(Dimension)}
MAX_MINUTES = 100_000
NUMBERS = {
    "number": (0, MAX_NUMBER),
    "grade": (0, 10),
    "people_ahead": (0, 100_000),
    "low_min": (0, MAX_MINUTES),
    "high_min": (0, MAX_MINUTES),
}
ORDERS = {"SelfTestOrdered", "SelfTestEnded"}
"""Their `number` counts orders over all days."""


def check(told: msgspec.Struct) -> None:
    """Raise `HallError` naming the field that holds more than a terminal can mean."""
    _struct(told, type(told).__name__)


def is_time(at: float) -> bool:
    """Tell whether a date can be made of this hall time, right or wrong."""
    return isfinite(at) and FIRST_S <= at <= LAST_S


def _struct(told: msgspec.Struct, where: str) -> None:
    for name in told.__struct_fields__:
        _value(getattr(told, name), name, where)


def _value(value: object, name: str, where: str) -> None:
    match value:
        case None | bool():
            return
        case str():
            _length(len(value), LONGER.get(name, MAX_TEXT), name, where)
            _text(value, name, where)
        case bytes():
            _length(len(value), MAX_SEALED_BYTES, name, where)
        case int():
            low, high = (-1, MAX_COUNT) if where in ORDERS else NUMBERS.get(name, (-1, MAX_COUNT))
            _within(value, low, high, name, where)
        case float():
            _within(value, FIRST_S, LAST_S, name, where)
        case msgspec.Struct():
            _struct(value, where)
        case tuple() | list() | frozenset() | set() | dict():
            _length(len(value), MANY.get(name, MAX_MANY), name, where)
            for one in (*value, *value.values()) if isinstance(value, dict) else value:
                _value(one, name, where)


def _length(count: int, most: int, name: str, where: str) -> None:
    if count > most:
        raise HallError(Reason.TOO_LARGE, where, f"{name} holds {count}; at most {most} are allowed")


def _within(value: float, low: float, high: float, name: str, where: str) -> None:
    if not (isfinite(value) and low <= value <= high):
        raise HallError(Reason.MALFORMED, where, f"{name} is not between {low:g} and {high:g}")


def _text(value: str, name: str, where: str) -> None:
    """Control characters and lone surrogates are no text that a screen, a printer or a file could hold."""
    if any((ord(one) < ord(" ") and one not in "\n\t") or "\ud800" <= one <= "\udfff" for one in value):
        raise HallError(Reason.MALFORMED, where, f"{name} holds characters that are no text")
