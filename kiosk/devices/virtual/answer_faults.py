"""What can happen to one answer on its way: flipped bits, a cut, a wrong length, noise before it."""

from enum import StrEnum

from kiosk.devices.id_readers.sam_frames import LENGTH_BYTES, PREAMBLE

NOISE = bytes.fromhex("00FFAAAA96AAAA55") * 2
"""Garbage with halves of a preamble in it."""


class AnswerFault(StrEnum):
    """Ordered for the next answer."""

    GARBLE = "garble"
    TRUNCATE = "truncate"
    WRONG_LENGTH = "wrong_length"
    """The length tells one byte more than comes."""
    NOISE = "noise"


def spoiled(frame: bytes, ordered: set[AnswerFault]) -> bytes:
    """Return the answer as it reaches the other end."""
    if AnswerFault.GARBLE in ordered:
        at = min(len(PREAMBLE) + LENGTH_BYTES + len(frame) // 4, len(frame) - 1)
        frame = frame[:at] + bytes((frame[at] ^ 0x5A,)) + frame[at + 1 :]
    if AnswerFault.WRONG_LENGTH in ordered:
        at = len(PREAMBLE)
        told = int.from_bytes(frame[at : at + LENGTH_BYTES], "big") + 1
        frame = frame[:at] + told.to_bytes(LENGTH_BYTES, "big") + frame[at + LENGTH_BYTES :]
    if AnswerFault.TRUNCATE in ordered:
        frame = frame[: max(len(frame) // 2, len(PREAMBLE) + 3)]
    return NOISE + frame if AnswerFault.NOISE in ordered else frame
