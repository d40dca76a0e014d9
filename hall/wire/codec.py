"""Messages as JSON by msgspec, and the topics they travel on (design section 4).

`decode` bounds its input and turns foreign errors into `HallError(MALFORMED | TOO_LARGE)`.
"""

from typing import TypeVar

import msgspec

from hall.errors import HallError, Reason
from hall.ids import (
    HallId,
    TerminalId,
)

MAX_MESSAGE_BYTES = 256 * 1024
"""A pack is the largest message; everything else is a few kilobytes."""


def terminal_topic(hall: HallId, terminal: TerminalId, lane: str) -> str:
    """`hall/<hall>/terminal/<terminal>/<lane>`; lanes: up, mark, ask, answer, down, link, health."""
    return f"hall/{hall}/terminal/{terminal}/{lane}"


def hall_topic(hall: HallId, lane: str) -> str:
    """`hall/<hall>/<lane>`; lanes: board, pack, beat, alerts."""
    return f"hall/{hall}/{lane}"


def peers_topic(hall: HallId, terminal: TerminalId) -> str:
    """`hall/<hall>/peers/<terminal>`: what this terminal tells the others; `+` for all of them."""
    return f"hall/{hall}/peers/{terminal}"


def speaker_of(topic: str) -> TerminalId | None:
    """Return who speaks on a topic of peers; None for every other topic."""
    match topic.split("/"):
        case [_, _, "peers", terminal] if terminal:
            return TerminalId(terminal)
    return None


_encoder = msgspec.json.Encoder()
T = TypeVar("T")


def encode(message: msgspec.Struct) -> bytes:
    """Return the JSON bytes of any message of this module."""
    return _encoder.encode(message)


def decode(kind: type[T], payload: bytes, where: str) -> T:
    """Return the message, or raise `HallError` naming `where` and what did not fit."""
    if len(payload) > MAX_MESSAGE_BYTES:
        raise HallError(Reason.TOO_LARGE, where, f"{len(payload)} bytes; at most {MAX_MESSAGE_BYTES} are allowed")
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise HallError(Reason.MALFORMED, where, f"not a {kind.__name__}: {error}") from error
