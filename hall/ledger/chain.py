"""The ledger chain: each entry's digest covers the one before it, so that a quiet change shows.

A hall chooses SHA-256 or SM3 once for the life of its ledger; both give 32 bytes.
"""

import hashlib
from collections.abc import Iterable
from enum import StrEnum

from cryptography.hazmat.primitives import hashes

GENESIS = "0" * 64
"""What the first entry covers."""


class Digest(StrEnum):
    """Digest algorithms by the name a setting gives them."""

    SHA256 = "sha256"
    SM3 = "sm3"
    """GB/T 32905-2016."""


def digest(body: bytes, algorithm: Digest = Digest.SHA256) -> str:
    """Return the digest of these bytes, as 64 hex digits."""
    if algorithm is Digest.SHA256:
        return hashlib.sha256(body).hexdigest()
    counted = hashes.Hash(hashes.SM3())  # `hashlib` has it only where its OpenSSL does
    counted.update(body)
    return counted.finalize().hex()


def link(previous_hex: str, body: bytes, algorithm: Digest = Digest.SHA256) -> str:
    """Return the digest of the previous digest and this body, as 64 hex digits."""
    return digest(bytes.fromhex(previous_hex) + body, algorithm)


def verify(pairs: Iterable[tuple[bytes, str]], start: str = GENESIS, algorithm: Digest = Digest.SHA256) -> int | None:
    """Check (body, digest) pairs in order; return the index of the first that does not fit, None when all do."""
    previous = start
    for index, (body, told) in enumerate(pairs):
        if link(previous, body, algorithm) != told:
            return index
        previous = told
    return None
