"""The ledger chain: each entry's digest covers the one before it, so that a quiet change shows."""

import hashlib
from collections.abc import Iterable

GENESIS = "0" * 64
"""What the first entry covers."""


def link(previous_hex: str, body: bytes) -> str:
    """Return the SHA-256 of the previous digest and this body, as 64 hex digits."""
    return hashlib.sha256(bytes.fromhex(previous_hex) + body).hexdigest()


def verify(pairs: Iterable[tuple[bytes, str]], start: str = GENESIS) -> int | None:
    """Check (body, digest) pairs in order; return the index of the first that does not fit, None when all do."""
    previous = start
    for index, (body, digest) in enumerate(pairs):
        if link(previous, body) != digest:
            return index
        previous = digest
    return None
