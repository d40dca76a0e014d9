"""Sound as a synthesiser streams it, made into a file with honest sizes."""

import struct
from dataclasses import dataclass

RIFF = struct.Struct("<4sI4s")
CHUNK = struct.Struct("<4sI")
FORMAT = struct.Struct("<HHIIHH")
PCM = 1
MAX_WAV_BYTES = 8 * 1024 * 1024
"""Three minutes at 22 kHz."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A WAV file and its length."""

    wav: bytes
    seconds: float


def settle(streamed: bytes) -> Sound | None:
    """Return the sound with true sizes, or None if this is no PCM WAV or holds nothing.

    A program that writes to a pipe cannot know the length and says 2 GB; players then wait for what never comes.
    """
    if len(streamed) > MAX_WAV_BYTES or len(streamed) < RIFF.size:
        return None
    riff, _, wave = RIFF.unpack_from(streamed)
    if (riff, wave) != (b"RIFF", b"WAVE"):
        return None
    position = RIFF.size
    head = b""
    while position + CHUNK.size <= len(streamed):
        name, size = CHUNK.unpack_from(streamed, position)
        body = streamed[position + CHUNK.size : position + CHUNK.size + size]
        if name == b"fmt " and len(body) >= FORMAT.size:
            head = body[: FORMAT.size]
        elif name == b"data":
            return _sound(head, body)
        position += CHUNK.size + size + size % 2
    return None


def written(head: bytes, data: bytes) -> bytes:
    """Return a WAV file of this format chunk and these samples."""
    body = CHUNK.pack(b"fmt ", len(head)) + head + CHUNK.pack(b"data", len(data)) + data
    return RIFF.pack(b"RIFF", 4 + len(body), b"WAVE") + body


def parts(sound: Sound) -> tuple[bytes, bytes]:
    """Return the format chunk and the samples of a settled sound."""
    start = RIFF.size + CHUNK.size
    head = sound.wav[start : start + FORMAT.size]
    return head, sound.wav[start + FORMAT.size + CHUNK.size :]


def _sound(head: bytes, data: bytes) -> Sound | None:
    if not head or not data:
        return None
    kind, _, _, bytes_per_s, block, _ = FORMAT.unpack_from(head)
    if kind != PCM or not bytes_per_s or not block:
        return None
    data = data[: len(data) - len(data) % block]
    return Sound(written(head, data), len(data) / bytes_per_s)
