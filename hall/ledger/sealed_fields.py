"""Personal fields at rest: each encrypted under its record's key and bound to its row and column.

The ledger chain covers the digests of the ciphertexts. So a key can be destroyed at the retention date and the chain
stays whole, while any other change of the record shows. Pure: key and nonce are arguments.

A sealed field is `version(1) | cipher(1) | nonce(12) | ciphertext and tag(16)`.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hall.errors import HallError, Reason
from hall.ledger.chain import Digest, digest

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16
MAX_FIELD_BYTES = 64 * 1024
"""The longest field is the text of an answer; this is some twenty thousand characters."""


class FieldCipher(StrEnum):
    """Ciphers by the name a setting gives them."""

    AES_GCM = "aes_gcm"
    """AES-256-GCM, key of 32 bytes."""
    SM4_GCM = "sm4_gcm"
    """SM4 (GB/T 32907-2016) in GCM, key of 16 bytes."""


KEY_BYTES = {FieldCipher.AES_GCM: 32, FieldCipher.SM4_GCM: 16}
_CODES = {FieldCipher.AES_GCM: 1, FieldCipher.SM4_GCM: 2}
_HEAD_BYTES = 2


class Place(msgspec.Struct, frozen=True):
    """Where a field lives: taken to another row or column, it does not open."""

    row: str
    column: str


def seal_field(key: bytes, nonce: bytes, place: Place, text: str, cipher: FieldCipher = FieldCipher.AES_GCM) -> bytes:
    """Encrypt one field. `nonce` is 12 random bytes, used once under this key."""
    plain = text.encode()
    _check(key, cipher)
    if len(nonce) != NONCE_BYTES:
        raise HallError(Reason.MALFORMED, place.column, f"a nonce has {NONCE_BYTES} bytes, this one {len(nonce)}")
    if len(plain) > MAX_FIELD_BYTES:
        raise HallError(Reason.TOO_LARGE, place.column, f"{len(plain)} bytes; at most {MAX_FIELD_BYTES} are allowed")
    head = bytes([VERSION, _CODES[cipher]])
    told = _told(head, place)
    if cipher is FieldCipher.AES_GCM:
        return head + nonce + AESGCM(key).encrypt(nonce, plain, told)
    work = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    work.authenticate_additional_data(told)
    return head + nonce + work.update(plain) + work.finalize() + work.tag


def open_field(key: bytes, place: Place, sealed: bytes) -> str:
    """Decrypt one field, or raise `HallError(MALFORMED)`: wrong key, place or bytes look alike."""
    cipher = cipher_of(sealed)
    if cipher is None:
        raise HallError(Reason.MALFORMED, place.column, f"not a sealed field of version {VERSION}")
    _check(key, cipher)
    told = _told(sealed[:_HEAD_BYTES], place)
    nonce, secret = sealed[_HEAD_BYTES : _HEAD_BYTES + NONCE_BYTES], sealed[_HEAD_BYTES + NONCE_BYTES :]
    try:
        return _opened(key, cipher, nonce, secret, told).decode()
    except (InvalidTag, UnicodeDecodeError) as error:
        raise HallError(
            Reason.MALFORMED, place.column, "the field does not open with this key in this place"
        ) from error


def cipher_of(sealed: bytes) -> FieldCipher | None:
    """Return how a field was encrypted, None when these bytes are no sealed field."""
    if len(sealed) < _HEAD_BYTES + NONCE_BYTES + TAG_BYTES or sealed[0] != VERSION:
        return None
    return next((cipher for cipher, code in _CODES.items() if code == sealed[1]), None)


def covered(facts: bytes, fields: Mapping[str, bytes], algorithm: Digest = Digest.SHA256) -> bytes:
    """Return what the chain covers of a record: its facts in clear (canonical bytes) and its ciphertexts' digests."""
    named = {column: digest(sealed, algorithm) for column, sealed in fields.items()}
    return msgspec.json.encode((facts, named), order="deterministic")


def changed(covered_bytes: bytes, facts: bytes, fields: Mapping[str, bytes], algorithm: Digest) -> tuple[str, ...]:
    """Return what of a record no longer is what the chain covers: column names, and `""` for the facts in clear.

    Needs no key: a destroyed key changes nothing here.
    """
    known_facts, named = msgspec.json.decode(covered_bytes, type=tuple[bytes, dict[str, str]])
    now = {column: digest(sealed, algorithm) for column, sealed in fields.items()}
    odd = {column for column in named.keys() | now.keys() if named.get(column) != now.get(column)}
    return tuple(sorted(odd | ({""} if known_facts != facts else set())))


def _opened(key: bytes, cipher: FieldCipher, nonce: bytes, secret: bytes, told: bytes) -> bytes:
    if cipher is FieldCipher.AES_GCM:
        return AESGCM(key).decrypt(nonce, secret, told)
    tag = secret[-TAG_BYTES:]
    work = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    work.authenticate_additional_data(told)
    return work.update(secret[:-TAG_BYTES]) + work.finalize()


def _check(key: bytes, cipher: FieldCipher) -> None:
    if len(key) != KEY_BYTES[cipher]:
        raise HallError(Reason.MALFORMED, "field key", f"{cipher} has keys of {KEY_BYTES[cipher]} bytes")


def _told(head: bytes, place: Place) -> bytes:
    """Row and column apart, so that `("ab", "c")` is not `("a", "bc")`."""
    return b"daoyin field|" + head + msgspec.json.encode((place.row, place.column))
