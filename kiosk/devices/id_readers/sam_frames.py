"""Frames of the SAM module in an identity-card reader: bytes, no ports. Devices reference 1.2.

Request: `AA AA AA 96 69 | LenHi LenLo | Cmd Para | Data… | Chk`; answer: the same with SW1 SW2 SW3 for Cmd Para.
Length counts everything after itself, the check byte included; the check byte is the XOR from the length on.
"""

from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from operator import xor
from typing import Final

PREAMBLE: Final = bytes.fromhex("AAAAAA9669")
LENGTH_BYTES: Final = 2

MIN_ANSWER_LENGTH: Final = 4
"""SW1 SW2 SW3 and the check byte."""

MAX_ANSWER_LENGTH: Final = 0x0D0A
"""Largest normal answer is 0x090A (text, photo, fingerprint); a longer claim is noise that looks like a preamble."""


class Command(Enum):
    """Command and parameter bytes that we send or simulate."""

    RESET = bytes.fromhex("10FF")
    STATUS = bytes.fromhex("11FF")
    SAM_ID = bytes.fromhex("12FF")
    FIND = bytes.fromhex("2001")
    SELECT = bytes.fromhex("2002")
    READ = bytes.fromhex("3001")
    READ_ADDRESS = bytes.fromhex("3003")
    READ_CHIP = bytes.fromhex("3005")
    READ_WITH_FINGERPRINT = bytes.fromhex("3010")
    SET_PAYLOAD = bytes.fromhex("61FF")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `status` is SW3; `card_status` is SW1 SW2, the card's own word for some failures."""

    status: int
    card_status: bytes = field(default=b"\0\0", repr=False)
    data: bytes = field(default=b"", repr=False)


def checksum(counted: bytes) -> int:
    """XOR of `counted`: everything between preamble and check byte."""
    return reduce(xor, counted, 0)


def frame(body: bytes) -> bytes:
    """Put preamble, length and check byte around `body`."""
    counted = (len(body) + 1).to_bytes(LENGTH_BYTES, "big") + body
    return PREAMBLE + counted + bytes((checksum(counted),))


def request(command: Command, data: bytes = b"") -> bytes:
    """Return the frame that asks `command`."""
    return frame(command.value + data)


def answer(status: int, data: bytes = b"", card_status: bytes = b"\0\0") -> bytes:
    """Return the frame of an answer, as the module sends it."""
    return frame(card_status + bytes((status,)) + data)


class Decoder:
    """Finds one answer in whatever the line brings. Holds at most two frames of the largest length; never raises.

    Bytes before a preamble are noise and dropped. A frame whose length or check byte is wrong is `spoiled`, and the
    hunt goes on one byte after its preamble, so that a good frame inside a broken one is still found.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.spoiled = 0
        """Frames that began and turned out broken."""

    @property
    def begun(self) -> bool:
        """Something that may be an answer has come in."""
        return bool(self.spoiled) or len(self._buffer) >= len(PREAMBLE)

    def wants(self) -> int:
        """Return how many bytes are missing at the least: a reader may wait for exactly so many."""
        return max(self._needed() - len(self._buffer), 1)

    def feed(self, received: bytes) -> Answer | None:
        """Take bytes, give the first whole answer. What follows it is dropped: nothing was asked yet."""
        for start in range(0, len(received), MAX_ANSWER_LENGTH):
            self._buffer += received[start : start + MAX_ANSWER_LENGTH]
            found = self._hunt()
            if found is not None:
                self._buffer.clear()
                return found
        return None

    def _needed(self) -> int:
        head = len(PREAMBLE) + LENGTH_BYTES
        if len(self._buffer) < head:
            return head + MIN_ANSWER_LENGTH
        return head + int.from_bytes(self._buffer[len(PREAMBLE) : head], "big")

    def _hunt(self) -> Answer | None:
        head = len(PREAMBLE) + LENGTH_BYTES
        while self._align() and len(self._buffer) >= head:
            length = int.from_bytes(self._buffer[len(PREAMBLE) : head], "big")
            if not MIN_ANSWER_LENGTH <= length <= MAX_ANSWER_LENGTH:
                self._spoil()
                continue
            if len(self._buffer) < head + length:
                break
            counted = bytes(self._buffer[len(PREAMBLE) : head + length])
            if checksum(counted):
                self._spoil()
                continue
            body = counted[LENGTH_BYTES:-1]
            return Answer(status=body[2], card_status=body[:2], data=body[3:])
        return None

    def _align(self) -> bool:
        """Drop what stands before the first preamble; True when the buffer begins with one."""
        at = self._buffer.find(PREAMBLE)
        if at >= 0:
            del self._buffer[:at]
            return True
        kept = next((n for n in range(len(PREAMBLE) - 1, 0, -1) if self._buffer.endswith(PREAMBLE[:n])), 0)
        del self._buffer[: len(self._buffer) - kept]
        return False

    def _spoil(self) -> None:
        self.spoiled += 1
        del self._buffer[0]


def blocks(data: bytes, count: int) -> tuple[bytes, ...] | None:
    """Cut the data of a read answer: `count` big-endian lengths, then the blocks; None when they do not add up."""
    head = count * LENGTH_BYTES
    lengths = [int.from_bytes(data[at : at + LENGTH_BYTES], "big") for at in range(0, head, LENGTH_BYTES)]
    if len(data) != head + sum(lengths):
        return None
    cut, at = [], head
    for length in lengths:
        cut.append(data[at : at + length])
        at += length
    return tuple(cut)


SAM_ID_BYTES: Final = 16


def sam_id(data: bytes) -> str | None:
    """Write the module's id as the makers do, `05.03-20091231-0000123456-0123456789`; None when it is not 16 bytes."""
    if len(data) != SAM_ID_BYTES:
        return None
    words = [int.from_bytes(data[at : at + size], "little") for at, size in ((0, 2), (2, 2), (4, 4), (8, 4), (12, 4))]
    return f"{words[0]:02d}.{words[1]:02d}-{words[2]:08d}-{words[3]:010d}-{words[4]:010d}"
