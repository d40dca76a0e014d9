"""Codes out of a scanner's bytes, whatever comes: bounded, printable, and each once. Pure; times are arguments.

A scanner is a keyboard for strangers: anybody can print a code. So what it says is text of a known size without control
characters or nothing at all, and everything else is counted, never kept.
"""

import codecs
from collections import deque
from dataclasses import dataclass
from typing import Literal

from kiosk.ports import MAX_SCAN, Reading

Suffix = Literal["any", "line", "pause"]
"""What ends a code: CR, LF or CRLF; a pause; or whichever of them comes first."""
Encoding = Literal["utf-8", "gb18030"]

LINE_ENDS = b"\r\n"
"""Neither byte is part of a character in UTF-8 or GB18030."""
MAX_BYTES = 4 * MAX_SCAN
"""A character takes at most four bytes in either encoding."""
MAX_WAITING = 8
"""Codes that nobody fetched; a person shows one or two."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a scanner speaks. `pause_s` of silence end a code, `again_after_s` must pass before the same one counts."""

    suffix: Suffix = "any"
    pause_s: float = 0.1
    encoding: Encoding = "utf-8"
    again_after_s: float = 3.0


class Codes:
    """Takes bytes (a line) or texts (a keyboard), gives codes."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._piece = bytearray()
        self._heard_mono = 0.0
        self._overflowing = False
        self._last: tuple[str, float] | None = None
        self._ready: deque[str] = deque(maxlen=MAX_WAITING)
        self._counts = dict.fromkeys(("scans", "too_long", "refused", "cut_off", "repeated"), 0)

    def feed(self, piece: bytes, now: float) -> None:
        """Take what arrived. Only an empty piece proves a pause: bytes may have waited for a reader that came late."""
        if not piece:
            self.pause(now)
            return
        self._heard_mono = now
        breaks = self._manners.suffix != "pause"
        rest = bytes(piece)
        while rest:
            end = next((at for at, byte in enumerate(rest) if breaks and byte in LINE_ENDS), None)
            self._gather(rest if end is None else rest[:end])
            if end is None:
                return
            self._end(now)
            rest = rest[end + 1 :]

    def pause(self, now: float) -> None:
        """End, or drop, what was begun and not gone on with. To be told only when nothing is waiting to be read."""
        begun = self._piece or self._overflowing
        if not begun or now - self._heard_mono < self._manners.pause_s:
            return
        if self._manners.suffix == "line":
            self._counts["cut_off"] += 1
            self._piece.clear()
            self._overflowing = False
        else:
            self._end(self._heard_mono)

    def take(self, text: str, now: float) -> None:
        """Take a whole code."""
        if not text:
            return
        if len(text) > MAX_SCAN:
            self._counts["too_long"] += 1
        elif not text.isprintable():  # control, direction and private characters, lone surrogates, line separators
            self._counts["refused"] += 1
        elif self._is_repeated(text, now):
            self._counts["repeated"] += 1
        else:
            self._counts["scans"] += 1
            self._ready.append(text)

    def next(self) -> str | None:
        """Return the oldest code nobody has fetched."""
        return self._ready.popleft() if self._ready else None

    def forget(self, now: float) -> None:
        """Keep no code longer than it serves to know it again."""
        if self._last is not None and now - self._last[1] >= self._manners.again_after_s:
            self._last = None

    def clear(self) -> None:
        """Forget everything but the counts."""
        self._piece.clear()
        self._ready.clear()
        self._overflowing, self._last = False, None

    def readings(self) -> dict[str, Reading]:
        """Return how many codes were given, and how many were not and why."""
        return dict(self._counts)

    def _gather(self, piece: bytes) -> None:
        if self._overflowing:
            return
        self._piece += piece
        if len(self._piece) > MAX_BYTES:
            self._piece.clear()
            self._overflowing = True

    def _end(self, now: float) -> None:
        told, self._piece = bytes(self._piece), bytearray()
        if self._overflowing:
            self._overflowing = False
            self._counts["too_long"] += 1
            return
        try:
            self.take(codecs.decode(told, self._manners.encoding), now)
        except UnicodeDecodeError:
            self._counts["refused"] += 1

    def _is_repeated(self, text: str, now: float) -> bool:
        """A slip that lies under the scanner is read again and again: it counts anew once it was away."""
        self.forget(now)
        same = self._last is not None and self._last[0] == text
        self._last = (text, now)
        return same
