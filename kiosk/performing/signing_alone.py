"""The clerk of this window signs in again while the hall server is away: 暂停 must not end the window's day.

Only who signed in here with the server since this program started, and only with the same PIN. What is remembered is a
slow salted hash, in memory alone; nothing of it is written, and a restarted panel waits for its server.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import scrypt

from hall.commands import AnyReply, Refused, SignedIn
from hall.errors import Reason
from hall.ids import StaffId

MOST_WRONG = 3
"""Wrong PINs alone; then only the server lets anybody in."""
SALT_BYTES = 16
COST = 2**14
"""Of scrypt: some 50 ms a try."""


@dataclass(slots=True)
class _Known:
    who: SignedIn
    salt: bytes = field(repr=False)
    proof: bytes = field(repr=False)


class SigningAlone:
    """Remembers the last clerk the server let in here."""

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        self._random_bytes = random_bytes
        self._known: _Known | None = None
        self._wrong = 0

    def answer(self, staff: StaffId, pin: str, reply: AnyReply) -> AnyReply:
        """Return the reply to a sign-in: the server's own, or ours when it is away and this clerk is known."""
        if isinstance(reply, SignedIn):
            salt = self._random_bytes(SALT_BYTES)
            self._known, self._wrong = _Known(reply, salt, _proof(pin, salt)), 0
            return reply
        known = self._known
        away = isinstance(reply, Refused) and reply.reason is Reason.SERVER_AWAY
        if not away or known is None or known.who.staff != staff or self._wrong >= MOST_WRONG:
            return reply
        if hmac.compare_digest(_proof(pin, known.salt), known.proof):
            self._wrong = 0
            return known.who
        self._wrong += 1
        return Refused(reason=Reason.WRONG_PIN, tries_left=MOST_WRONG - self._wrong)


def _proof(pin: str, salt: bytes) -> bytes:
    return scrypt(pin.encode(), salt=salt, n=COST, r=8, p=1)
