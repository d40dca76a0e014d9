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
    return _sm3(body)


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


def _sm3(body: bytes) -> str:
    """Return the SM3 digest by OpenSSL where Python's own offers it, else by the cryptography library's."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", body).hexdigest()
    return sm3_of_the_library(body)


def sm3_of_the_library(body: bytes) -> str:
    """Return the SM3 digest without `hashlib`, which has it only where its OpenSSL does."""
    counted = hashes.Hash(hashes.SM3())
    counted.update(body)
    return counted.finalize().hex()
