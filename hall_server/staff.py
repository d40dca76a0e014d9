"""PINs of staff: scrypt hashes in one JSON file, and a lock after repeated failures."""

import hmac
import json
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hall.errors import HallError, Reason
from hall.ids import StaffId

SCRYPT_N = 1 << 14
SCRYPT_R = 8
SCRYPT_P = 1
"""About 50 ms and 16 MB a check (RFC 7914's interactive setting)."""
SALT_BYTES = 16
MAX_FAILURES = 5
LOCK_S = 300.0
"""After five failures in a row nobody is let in under this 工号 for five minutes."""
PIN_CHARS = range(4, 33)


@dataclass(frozen=True, slots=True)
class PinRefused:
    """No: why, and how many tries are left before the lock."""

    reason: Reason
    tries_left: int | None = None


@dataclass(slots=True)
class _Tries:
    failures: int = 0
    locked_until_s: float = float("-inf")


@dataclass(slots=True)
class StaffPins:
    """Checks PINs. Thread-safe; a check takes about 50 ms, so it never runs on the writer's thread."""

    hashes: dict[StaffId, str] = field(repr=False)
    _tries: dict[StaffId, _Tries] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, staff: StaffId, pin: bytes, now_mono_s: float) -> PinRefused | None:
        """Return None when the PIN fits, else why not. A locked 工号 is refused without looking at the PIN."""
        stored = self.hashes.get(staff)
        if stored is None:
            return PinRefused(Reason.UNKNOWN_STAFF)
        with self._lock:
            tries = self._tries.setdefault(staff, _Tries())
            if now_mono_s < tries.locked_until_s:
                return PinRefused(Reason.TOO_MANY_TRIES, 0)
        fits = _fits(stored, pin)
        with self._lock:
            if fits:
                self._tries.pop(staff, None)
                return None
            tries.failures += 1
            if tries.failures >= MAX_FAILURES:
                self._tries[staff] = _Tries(locked_until_s=now_mono_s + LOCK_S)
                return PinRefused(Reason.TOO_MANY_TRIES, 0)
            return PinRefused(Reason.WRONG_PIN, MAX_FAILURES - tries.failures)


def load_pins(path: Path) -> StaffPins:
    """Read the PIN file; an absent one lets nobody in, and `HallError` names what does not fit."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        told = {}
    except (OSError, ValueError, RecursionError) as error:
        raise HallError(Reason.MALFORMED, str(path), f"cannot be read as JSON: {error}") from error
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise HallError(Reason.MALFORMED, str(path), "needs one object of 工号 and hash")
    for staff, stored in told.items():
        _parts(stored, f"{path}: {staff}")
    return StaffPins({StaffId(staff): stored for staff, stored in told.items()})


def hash_pin(pin: str, salt: bytes) -> str:
    """Return what is stored of a PIN: `scrypt$salt$hash` in hex. `salt` is 16 random bytes."""
    if len(pin) not in PIN_CHARS:
        allowed = f"{PIN_CHARS.start} to {PIN_CHARS.stop - 1}"
        raise HallError(Reason.MALFORMED, "PIN", f"a PIN has {allowed} characters")
    return f"scrypt${salt.hex()}${_derive(pin.encode(), salt).hex()}"


def store_pin(path: Path, staff: StaffId, stored: str) -> None:
    """Add or replace one hash in the PIN file (mode 0600), all or nothing."""
    pins = dict(load_pins(path).hashes)
    pins[staff] = stored
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(pins, indent=2, sort_keys=True) + "\n"
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _fits(stored: str, pin: bytes) -> bool:
    salt, expected = _parts(stored, "PIN")
    return hmac.compare_digest(_derive(pin, salt), expected)


def _parts(stored: str, where: str) -> tuple[bytes, bytes]:
    try:
        scheme, salt, digest = stored.split("$")
        parts = bytes.fromhex(salt), bytes.fromhex(digest)
    except ValueError as error:
        raise HallError(Reason.MALFORMED, where, "not of the form scrypt$salt$hash") from error
    if scheme != "scrypt":
        raise HallError(Reason.MALFORMED, where, f"{scheme} is not known; scrypt is")
    return parts


def _derive(pin: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).derive(pin)
