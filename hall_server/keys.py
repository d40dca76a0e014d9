"""The secrets of one hall: one X25519 private key in a file of mode 0600, and what is derived from it.

What terminals seal goes to `public`. The person key and the check-code key are derived by HKDF with their own
purpose, so that one file is what must be kept, backed up and replaced.
"""

import base64
import hmac
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hall.errors import HallError, Reason
from hall.ledger.sealing import KEY_BYTES, public_key

CHECK_CODE_CHARS = 8
"""40 bits: not to be guessed at a counter, short enough to be typed."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The hall server's secrets; never printed."""

    private: bytes = field(repr=False)
    public: bytes
    _person: bytes = field(repr=False)
    _check: bytes = field(repr=False)

    def person(self, number: str) -> str:
        """Return the keyed hash under which the ledger knows a person (64 hex digits); never the number itself."""
        return hmac.new(self._person, number.encode(), "sha256").hexdigest()

    def check_code(self, serial: str, digest: str) -> str:
        """Return the 8 characters that bind a statement's serial to its content."""
        told = hmac.new(self._check, f"{serial}|{digest}".encode(), "sha256").digest()
        return base64.b32encode(told).decode()[:CHECK_CODE_CHARS]


def keys_from(private: bytes) -> Keys:
    """Return the keys that belong to a raw private key."""
    return Keys(
        private, public_key(private), _derived(private, b"daoyin person 1"), _derived(private, b"daoyin check 1")
    )


def load_keys(path: Path) -> Keys:
    """Read the key file; `HallError` says how to make one, and refuses one that others can read."""
    try:
        private = path.read_bytes()
    except OSError as error:
        sentence = "the key file cannot be read; `admin create` makes one"
        raise HallError(Reason.MALFORMED, str(path), sentence) from error
    refuse_open_secret(path)
    if len(private) != KEY_BYTES:
        raise HallError(Reason.MALFORMED, str(path), f"a key file has {KEY_BYTES} bytes, this one {len(private)}")
    return keys_from(private)


def refuse_open_secret(path: Path) -> None:
    """Raise `HallError` for a secret that others on this machine can read or change."""
    if path.exists() and path.stat().st_mode & 0o077:
        raise HallError(Reason.NOT_ALLOWED, str(path), "others can read this secret; its mode must be 0600")


def create_key_file(path: Path, private: bytes) -> bool:
    """Write a new key file with mode 0600. False when there is one already: it is never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "wb") as file:
        file.write(private)
        file.flush()
        os.fsync(file.fileno())
    return True


def _derived(private: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(private)
