"""What a fuzz target is, and the pieces in which wires hand over what has come."""

from collections.abc import Callable
from dataclasses import dataclass

PIECE_BYTES = 7
"""Every stream is fed whole and in such pieces, and must read the same."""


@dataclass(frozen=True, slots=True)
class Target:
    """One parser. `call` raises only if the parser is wrong; `seeds` are good inputs to start from."""

    call: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def in_pieces(data: bytes) -> list[bytes]:
    """Return the bytes as they come."""
    return [data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES)]
