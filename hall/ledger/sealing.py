"""Sealing: bytes only the holder of a private key can open. X25519, HKDF-SHA-256, AES-256-GCM.

Pure: the ephemeral private key is an argument (32 random bytes, used once). A sealed blob is
`version(1) | ephemeral public key(32) | ciphertext and tag`; the nonce may be fixed because every blob has its own key.

A seal hides, but whoever carries it could put it into another message: so what a sealed thing is *for* is sealed with
it (`holder_context`, `person_context`, `pin_context`) and must be named again to open it. A grant has none: it lets
nobody in, and who may give it is who may sign in.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hall.errors import HallError, Reason
from hall.ids import StaffId, TerminalId, TicketId

VERSION = b"\x01"
KEY_BYTES = 32
NONCE = bytes(12)
MAX_SEALED_BYTES = 128 * 1024


def public_key(private: bytes) -> bytes:
    """Return the raw public key (32 bytes) of a raw private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def holder_context(terminal: TerminalId, form: str, year: int, reply_key: bytes) -> str:
    """Return what a sealed holder is for: taken over with another reply key it would tell a stranger their records."""
    return f"{terminal}|{form}|{year}|{reply_key.hex()}"


def person_context(terminal: TerminalId, ticket: TicketId) -> str:
    """Return what the holder sealed with a `LeaseLabel` is for: overheard, it holds no other ticket."""
    return f"{terminal}|{ticket}"


def pin_context(terminal: TerminalId, staff: StaffId) -> str:
    """Return what a sealed PIN is for: overheard, it signs nobody in anywhere else."""
    return f"{terminal}|{staff}"


def seal(recipient: bytes, plain: bytes, ephemeral: bytes, purpose: str, context: str = "") -> bytes:
    """Seal `plain` to a raw public key. `purpose` and `context` must be named again to open it."""
    own = X25519PrivateKey.from_private_bytes(ephemeral)
    public = own.public_key().public_bytes_raw()
    shared = own.exchange(X25519PublicKey.from_public_bytes(recipient))
    told = _told(purpose, context)
    return VERSION + public + AESGCM(_key(shared, public, recipient, told)).encrypt(NONCE, plain, told)


def unseal(private: bytes, sealed: bytes, purpose: str, context: str = "") -> bytes:
    """Open a sealed blob, or raise `HallError(MALFORMED)`: wrong key, purpose, context or bytes look alike."""
    if not 1 + KEY_BYTES < len(sealed) <= MAX_SEALED_BYTES or sealed[:1] != VERSION:
        raise HallError(Reason.MALFORMED, purpose, "not a sealed blob of version 1")
    own = X25519PrivateKey.from_private_bytes(private)
    public = sealed[1 : 1 + KEY_BYTES]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(public))
        told = _told(purpose, context)
        key = _key(shared, public, own.public_key().public_bytes_raw(), told)
        return AESGCM(key).decrypt(NONCE, sealed[1 + KEY_BYTES :], told)
    except (InvalidTag, ValueError) as error:
        raise HallError(Reason.MALFORMED, purpose, "the seal does not open with this key and purpose") from error


def _told(purpose: str, context: str) -> bytes:
    return f"{purpose}|{context}".encode() if context else purpose.encode()


def _key(shared: bytes, ephemeral_public: bytes, recipient: bytes, told: bytes) -> bytes:
    info = b"daoyin seal 1|" + ephemeral_public + recipient + told
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(shared)
