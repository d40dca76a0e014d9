"""Bytes of the 69-byte frame of bank-queue window bars (devices reference 5.3), and nothing else.

Byte 0: 255 - screen number. 1: kind. 2-3: page, high byte first. 4: number of characters. 5: entry, speed in the high
three bits, mode in the low five. 6: exit mode. 7: stay. 8-67: content. 68: sum of bytes 1 to 67, low eight bits.
Content: 20 and two GBK bytes for a full-width character, 21 and one byte for a half-width one; the colour stands in
the two high bits of the 20 or 21. The bar never answers.
"""

from dataclasses import dataclass
from enum import IntEnum

FRAME_BYTES = 69
CONTENT_FROM, CONTENT_BYTES = 8, 60
MAX_SCREEN = 254
"""255 - 255 would be 0, which no page here gives a meaning."""
UNKNOWN_CHARACTER = "〓"
_FULL, _HALF = 0x20, 0x21
_WIDTH_BITS, _COLOUR_SHIFT = 0x3F, 6
_LONGEST_HALF = 0x7F


class Kind(IntEnum):
    """What the bar does with the text."""

    THREE_TIMES = 1
    STORE = 3
    """Kept by the bar; how often its memory can be written is not known."""
    TEMPORARY = 4


class Colour(IntEnum):
    """The two high bits of a character's prefix; a bar of one colour takes any."""

    RED = 0
    GREEN = 1
    YELLOW = 2


@dataclass(frozen=True, slots=True)
class BarFrame:
    """One frame: a text for one bar. `colours` has one entry for each character of `text`."""

    screen: int
    text: str
    kind: int = Kind.TEMPORARY
    page: int = 0
    speed: int = 0
    """0 to 7."""
    entry_mode: int = 0
    """0 to 31."""
    exit_mode: int = 0
    stay: int = 0
    colours: tuple[int, ...] = ()


def fitting(text: str) -> str:
    """Return as much of `text` as one frame holds, in characters that the bar has."""
    kept, room = "", CONTENT_BYTES
    for character in text.replace("\n", " "):
        shown = _known(character)
        room -= len(_piece(shown, 0)) if shown else 0
        if room < 0:
            break
        kept += shown
    return kept


def encode(frame: BarFrame) -> bytes:
    """Return the 69 bytes. The text must be `fitting`, else `ValueError`."""
    if not 1 <= frame.screen <= MAX_SCREEN:
        raise ValueError(frame.screen)
    colours = frame.colours or (int(Colour.RED),) * len(frame.text)
    content = b"".join(_piece(character, colour) for character, colour in zip(frame.text, colours, strict=True))
    if len(content) > CONTENT_BYTES:
        raise ValueError(len(content))
    head = bytes([255 - frame.screen, frame.kind]) + frame.page.to_bytes(2, "big")
    head += bytes([len(frame.text), frame.speed << 5 | frame.entry_mode, frame.exit_mode, frame.stay])
    body = head + content.ljust(CONTENT_BYTES, b"\0")
    return body + bytes([checksum(body)])


def checksum(body: bytes) -> int:
    """Sum of bytes 1 to 67, low eight bits."""
    return sum(body[1 : FRAME_BYTES - 1]) & 0xFF


def parse(received: bytes) -> BarFrame | None:
    """Return the frame of exactly 69 bytes, strictly: sum, kind, every character and the padding must be right."""
    if len(received) != FRAME_BYTES or received[-1] != checksum(received):
        return None
    screen, count = 255 - received[0], received[4]
    if not 1 <= screen <= MAX_SCREEN or received[1] not in list(Kind):
        return None
    characters = _characters(received[CONTENT_FROM:-1], count)
    if characters is None:
        return None
    return BarFrame(
        screen,
        "".join(character for character, _ in characters),
        kind=received[1],
        page=int.from_bytes(received[2:4], "big"),
        speed=received[5] >> 5,
        entry_mode=received[5] & 0x1F,
        exit_mode=received[6],
        stay=received[7],
        colours=tuple(colour for _, colour in characters),
    )


def _characters(content: bytes, count: int) -> list[tuple[str, int]] | None:
    found: list[tuple[str, int]] = []
    at = 0
    for _ in range(count):
        if at >= len(content):
            return None
        width, colour = content[at] & _WIDTH_BITS, content[at] >> _COLOUR_SHIFT
        size = {_FULL: 2, _HALF: 1}.get(width)
        if size is None:
            return None
        try:
            character = content[at + 1 : at + 1 + size].decode("gbk")
        except UnicodeDecodeError:
            return None
        if len(character) != 1 or _piece(character, 0)[0] != width:
            return None
        found.append((character, colour))
        at += 1 + size
    return None if any(content[at:]) else found


def _known(character: str) -> str:
    if not character.isprintable():
        return ""
    try:
        return character if len(character.encode("gbk")) == 2 or character.isascii() else UNKNOWN_CHARACTER  # noqa: PLR2004 a full-width character
    except UnicodeEncodeError:
        return UNKNOWN_CHARACTER


def _piece(character: str, colour: int) -> bytes:
    encoded = character.encode("gbk")
    return bytes([(_HALF if len(encoded) == 1 else _FULL) | (colour & 3) << _COLOUR_SHIFT]) + encoded


class Decoder:
    """Cuts what a bar hears into frames by the pause before each: bytes have no mark that cannot be content.

    After a pause the next byte is byte 0. A frame that is cut short is forgotten at the next pause.
    """

    def __init__(self) -> None:
        self._held = b""
        self.damaged = 0

    def feed(self, received: bytes) -> list[BarFrame]:
        """Take bytes as they come; what does not check is counted and dropped."""
        found: list[BarFrame] = []
        self._held += received
        while len(self._held) >= FRAME_BYTES:
            frame = parse(self._held[:FRAME_BYTES])
            if frame is None:
                self.damaged += 1
            else:
                found.append(frame)
            self._held = self._held[FRAME_BYTES:]
        return found

    def pause(self) -> None:
        """The line rested longer than a byte: what is not whole now never will be."""
        self.damaged += bool(self._held)
        self._held = b""
