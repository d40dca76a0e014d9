"""Bytes of the 68 … 16 call keypads and evaluators (devices reference 5.2), and nothing else.

Frame: `FF 68 L L 68 | address function data | CS 16`; L counts address, function and data; CS is their sum, low eight
bits. What a side receives it acknowledges by sending it back; an evaluator's answer is echoed with function 01, so that
its sum is 10h less. Example, show 016 at address 1: `ff 68 08 08 68 01 02 0a 0a 0a 00 01 06 28 16`.
"""

from dataclasses import dataclass, field

from kiosk.ports import Key

LEAD, START, END = 0xFF, 0x68, 0x16
MAX_DATA = 16
"""A PIN, a confirm and room; the longest frame of these devices has six bytes."""
MAX_FRAME_BYTES = 9 + MAX_DATA
EVALUATE, DISPLAY, BEEP, RATED = 0x01, 0x02, 0x03, 0x11
HOST_ONLY = frozenset({DISPLAY, BEEP})
"""Functions that only the host sends; from a device they are its acknowledgement."""
START_RATING = 0x0B
BLANK = 0x0A
MIN_LENGTH = 2
"""Address and function."""
DIGITS = 3
"""Places for each of the two numbers on a keypad."""
KEYS = {
    0x0B: Key.EVALUATE,
    0x0C: Key.CALL,
    0x0D: Key.RECALL,
    0x0E: Key.CANCEL,
    0x0F: Key.CONFIRM,
    0x11: Key.LINE,
    0x12: Key.PAUSE,
    0x13: Key.TRANSFER,
}
SHORTCUTS = {6: Key.GIVE_UP, 0: Key.HOLD, 3: Key.CALL_BACK}
"""One digit and 确认."""
_CONFIRM = 0x0F


@dataclass(frozen=True, slots=True)
class PadFrame:
    """One frame; the data of a keypad may be a PIN."""

    address: int
    function: int
    data: bytes = field(default=b"", repr=False)


def encode(frame: PadFrame) -> bytes:
    """Return the bytes on the line."""
    body = bytes([frame.address, frame.function]) + frame.data
    return bytes([LEAD, START, len(body), len(body), START]) + body + bytes([sum(body) & 0xFF, END])


def show(address: int, waiting: int | None, ticket: str) -> PadFrame:
    """Put a count and the last digits of a number on the keypad; what is unknown stays blank, 1,000 is 999."""
    count = "" if waiting is None else f"{min(max(waiting, 0), 999):03}"
    number = "".join(character for character in ticket.partition("-")[0] if character in "0123456789")
    return PadFrame(address, DISPLAY, _places(count) + _places(number[-DIGITS:]))


def beep(address: int) -> PadFrame:
    """A short tone."""
    return PadFrame(address, BEEP)


def start_rating(address: int) -> PadFrame:
    """Light the evaluator's buttons."""
    return PadFrame(address, EVALUATE, bytes([START_RATING]))


def acknowledgement(frame: PadFrame) -> PadFrame:
    """What the host sends back to a press."""
    return PadFrame(frame.address, EVALUATE, frame.data) if frame.function == RATED else frame


def keys(frame: PadFrame) -> tuple[tuple[Key, int | None], ...]:
    """Return what a keypad's frame says: digits in order, then the key that ended them; empty when nothing is known.

    Some keypads collect digits until a key is pressed, others send each as it is pressed: both are understood. Exactly
    one digit and 确认 is a shortcut: 6 give up, 0 hold, 3 call back.
    """
    if not frame.data or frame.function == RATED:
        return ()
    *typed, last = frame.data
    digits = [*typed, last] if last <= 9 else typed  # noqa: PLR2004 the digits are 0 to 9
    if any(digit > 9 for digit in digits):  # noqa: PLR2004
        return ()
    if len(typed) == 1 and last == _CONFIRM and typed[0] in SHORTCUTS:
        return ((SHORTCUTS[typed[0]], None),)
    found: list[tuple[Key, int | None]] = [(Key.DIGIT, digit) for digit in digits]
    if last in KEYS:
        found.append((KEYS[last], None))
    elif len(digits) == len(typed):
        return ()
    return tuple(found)


def parse(candidate: bytes) -> PadFrame | None:
    """Return the frame of exactly these bytes (from FF or from 68), strictly."""
    body = candidate[1:] if candidate[:1] == bytes([LEAD]) else candidate
    if len(body) < 8 or body[0] != START or body[3] != START or body[-1] != END:  # noqa: PLR2004 an empty frame
        return None
    length = body[1]
    if body[2] != length or not MIN_LENGTH <= length <= MAX_DATA + MIN_LENGTH or len(body) != length + 6:
        return None
    told = body[4:-2]
    if sum(told) & 0xFF != body[-2]:
        return None
    return PadFrame(told[0], told[1], told[2:])


def _places(digits: str) -> bytes:
    return bytes([BLANK] * (DIGITS - len(digits))) + bytes(int(digit) for digit in digits)


class Decoder:
    """Cuts a stream into frames, whatever stands between them; holds at most one frame's worth of bytes.

    A start that comes to nothing costs one byte and the search goes on behind it, so noise before a press and a frame
    destroyed by a collision never swallow the next press.
    """

    def __init__(self) -> None:
        self._held = b""
        self.dropped = 0
        """Bytes that belonged to no frame, lead-ins left out."""

    def feed(self, received: bytes) -> list[PadFrame]:
        """Take bytes as they come; return every whole frame that ended in them."""
        found: list[PadFrame] = []
        for at in range(0, len(received), MAX_FRAME_BYTES):
            self._held += received[at : at + MAX_FRAME_BYTES]
            found += self._cut(ended=False)
        return found

    def pause(self) -> list[PadFrame]:
        """The line rested: what looks like a beginning never goes on. Return frames that it hid."""
        return self._cut(ended=True)

    def _cut(self, *, ended: bool) -> list[PadFrame]:
        found: list[PadFrame] = []
        while self._held:
            size = self._wanted()
            if size is not None and len(self._held) < size and not ended:
                break
            frame = parse(self._held[:size]) if size is not None and len(self._held) >= size else None
            if frame is not None and size is not None:
                found.append(frame)
                self._held = self._held[size:]
            else:
                self.dropped += self._held[0] != LEAD
                self._held = self._held[1:]
        return found

    def _wanted(self) -> int | None:
        """How many bytes the frame at the head would have, as far as it can be told; None when none begins here."""
        held = self._held
        if held[0] != START:
            return None
        if len(held) == 1:
            return 2
        if not MIN_LENGTH <= held[1] <= MAX_DATA + MIN_LENGTH:
            return None
        if any(told != wanted for told, wanted in zip(held[2:4], (held[1], START), strict=False)):
            return None
        return held[1] + 6
