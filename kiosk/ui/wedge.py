"""Tells a scanner that types from a person at the keys: a burst of characters and Enter, faster than any hand. Pure.

What belongs to a burst is swallowed whole, so that a code presses nothing; what a person types slowly is no scan.
"""

from collections.abc import Collection
from typing import Final

from kiosk.ports import MAX_SCAN

ENTER: Final = frozenset({13, 271})
"""Key codes of Enter and the number pad's."""
TAB: Final = 9
LEAST: Final = 4
"""A code has at least so many characters; a shorter burst is noise."""
_DIGITS_PAD: Final = range(256, 266)
_PRINTABLE: Final = range(32, 127)
_SHIFTED: Final = dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True))
"""Scanners type as a United States keyboard unless they are told otherwise."""


class Wedge:
    """Fed with every key; times are monotonic seconds."""

    def __init__(self, gap_s: float = 0.05) -> None:
        self._gap_s = gap_s
        self._typed = ""
        self._last_s = float("-inf")
        self._over_s = float("-inf")
        self._look_s: float | None = None
        self._next_look_s: float | None = None

    def looked(self, now_s: float) -> None:
        """The screen looks for keys now. While it draws, keys wait: they may be as old as the look before this one."""
        self._look_s, self._next_look_s = self._next_look_s, now_s

    def key(self, code: int, modifiers: Collection[str], now_s: float) -> str | None:
        """Take one key; return a whole code, an empty text for a key that is swallowed, None for a person's key."""
        came_s = now_s if self._look_s is None else min(now_s, self._look_s)
        character = character_of(code, modifiers)
        if character:
            self._type(character, came_s, now_s)
            return ""
        in_burst = bool(self._typed) and came_s - self._last_s <= self._gap_s
        if code in ENTER or code == TAB:
            return self._end(came_s, now_s, in_burst=in_burst)
        return "" if in_burst else None

    def _type(self, character: str, came_s: float, now_s: float) -> None:
        if came_s - self._last_s > self._gap_s:
            self._typed = ""
        self._last_s = now_s
        if len(self._typed) <= MAX_SCAN:  # one more than allowed is kept, to be counted as too long
            self._typed += character

    def _end(self, came_s: float, now_s: float, *, in_burst: bool) -> str | None:
        typed, self._typed = self._typed, ""
        if in_burst:
            self._over_s = now_s
            return typed if len(typed) >= LEAST else ""
        return "" if came_s - self._over_s <= self._gap_s else None  # the second half of a CR LF


def character_of(code: int, modifiers: Collection[str]) -> str:
    """Return what a key types on a United States keyboard; empty for keys that type nothing."""
    if code in _DIGITS_PAD:
        return str(code - _DIGITS_PAD.start)
    if code not in _PRINTABLE:
        return ""
    plain = chr(code)
    if "ctrl" in modifiers or "alt" in modifiers or "meta" in modifiers:
        return chr(code & 0x1F)  # a separator of a coded label: refused further on, as on a line
    if plain.isalpha():
        return plain.upper() if ("shift" in modifiers) != ("capslock" in modifiers) else plain.lower()
    return _SHIFTED.get(plain, plain) if "shift" in modifiers else plain
