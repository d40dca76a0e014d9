"""Parts of a job: bytes for the wire, and the paper that they move."""

from collections.abc import Iterable
from typing import NamedTuple


class Piece(NamedTuple):
    """Bytes, and the dots (203 dpi: 8 a millimetre) by which the paper moves when they are printed."""

    data: bytes
    dots: int = 0


def joined(pieces: Iterable[Piece]) -> Piece:
    """Put one after the other."""
    all_of_them = tuple(pieces)
    return Piece(b"".join(piece.data for piece in all_of_them), sum(piece.dots for piece in all_of_them))
