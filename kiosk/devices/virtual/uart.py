"""What a UART hears when the other end speaks at another rate: the line is sampled, bit by bit, as the chip does it.

8N1. A request of ten bytes sent at 115,200 and heard at 9,600 baud is one byte; the other way round, some eighty.
"""

from itertools import chain

_BITS = 10
"""A start bit (low), eight of data (least significant first), a stop bit (high)."""


def heard_at(sent: bytes, sent_baud: int, heard_baud: int) -> bytes:
    """Return what arrives. Bytes with a broken stop bit are passed on, as drivers without error marking do."""
    if sent_baud == heard_baud:
        return sent
    line = list(chain.from_iterable(_bits(byte) for byte in sent))
    per_bit = sent_baud / heard_baud
    heard, at = bytearray(), 0.0
    while (at := _fall(line, at)) < len(line):
        heard.append(sum(_level(line, at + per_bit * (place + 1.5)) << place for place in range(8)))
        at += per_bit * (_BITS - 0.5)  # the middle of the stop bit: from there a new start is looked for
    return bytes(heard)


def _bits(byte: int) -> tuple[int, ...]:
    return (0, *((byte >> place) & 1 for place in range(8)), 1)


def _level(line: list[int], at: float) -> int:
    """The idle line is high."""
    return line[int(at)] if at < len(line) else 1


def _fall(line: list[int], at: float) -> float:
    """Where the line is next seen low; the receiver takes that for a start."""
    if at < len(line) and line[int(at)] == 0:
        return at
    return float(next((place for place in range(int(at) + 1, len(line)) if line[place] == 0), len(line)))
