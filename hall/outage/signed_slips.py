"""The signed code of a slip that a cut-off terminal gave out: whoever holds the terminal's public key can check it.

`DY1/S/` and base32 of hall, terminal, the ticket's own facts and an Ed25519 signature over all of them. Only characters
that a QR code packs tightly and that a scanner types without the shift key; capitals or not means nothing. It names no
person and no ground of a priority. The bytes are in docs/decisions/0013.
"""

import base64
import re
from binascii import Error as NotBase32
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hall.errors import HallError, Reason
from hall.events import TicketIssued
from hall.ids import BusinessDay, HallId, ItemCode, Series, TerminalId, TicketId
from hall.queue.numbering import label

SIGNED: Final = "DY1/S/"
FORM: Final = 1
PURPOSE: Final = b"daoyin slip\x00"
"""Signed before the body, so that no other signature of this key can be taken for a slip's."""
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
MAX_WORD: Final = 24
"""Bytes of a name in the code; the ids of a hall pack are shorter."""
MAX_MORE_ITEMS: Final = 4
"""Beside the first: as many as a visit may have (`leasing.MAX_ITEMS`)."""
MAX_SIGNED_CODE: Final = 480
"""Characters; the longest that `sign` makes is shorter, and a QR code of it still fits 58 mm paper (73 modules)."""
FIRST_DAY: Final = date(2000, 1, 1)
_WORD: Final = re.compile(rb"[A-Za-z0-9._-]*")
_TICKET: Final = re.compile(r"[0-9a-f]{32}")


class SlipFault(StrEnum):
    """Why a slip is not believed."""

    UNREADABLE = "unreadable"
    OTHER_HALL = "other_hall"
    OTHER_DAY = "other_day"
    UNVERIFIED = "unverified"
    """No key is known of its terminal, or the signature is not of that key."""


@dataclass(frozen=True, slots=True)
class SignedSlip:
    """What a code says. `issued` has no quote and is `reserve`: only a terminal on its own signs."""

    hall: HallId
    terminal: TerminalId
    issued: TicketIssued


def public_of(private: bytes) -> bytes:
    """Return the raw public key, 32 bytes, of a raw private one."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign(issued: TicketIssued, hall: HallId, terminal: TerminalId, private: bytes) -> str:
    """Return the code of a slip, or raise `HallError(MALFORMED)` naming the fact that has no place in one."""
    body = _written(SignedSlip(hall, terminal, issued))
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(PURPOSE + body)
    return SIGNED + base64.b32encode(body + signature).decode().rstrip("=")


def read(text: str) -> SignedSlip | None:
    """Return what a code says, believed or not; None for whatever `sign` would never write."""
    parts = _parts(text)
    return None if parts is None else parts[0]


def check(text: str, *, hall: HallId, day: BusinessDay, keys: Mapping[TerminalId, bytes]) -> SignedSlip | SlipFault:
    """Return the slip if it is of this hall and day and its terminal signed it, else why it is not believed."""
    parts = _parts(text)
    if parts is None:
        return SlipFault.UNREADABLE
    slip, body, signature = parts
    if slip.hall != hall:
        return SlipFault.OTHER_HALL
    if not _signed(keys.get(slip.terminal, b""), body, signature):
        return SlipFault.UNVERIFIED
    return slip if slip.issued.day == day else SlipFault.OTHER_DAY


def _signed(key: bytes, body: bytes, signature: bytes) -> bool:
    if len(key) != KEY_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, PURPOSE + body)
    except (InvalidSignature, ValueError):
        return False
    return True


def _parts(text: str) -> tuple[SignedSlip, bytes, bytes] | None:
    """Read strictly: what does not come out again as it went in is no code of ours."""
    told = text.strip().upper() if len(text) <= MAX_SIGNED_CODE else ""
    if not told.startswith(SIGNED) or not told.isascii():
        return None
    packed = told.removeprefix(SIGNED)
    try:
        raw = base64.b32decode(packed + "=" * (-len(packed) % 8))
        body, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
        slip = _Reader(body).slip()
        again = _written(slip)
    except (NotBase32, HallError, ValueError, OverflowError):
        return None
    same = again == body and SIGNED + base64.b32encode(raw).decode().rstrip("=") == told
    return (slip, body, signature) if same else None


# ---- the body ----------------------------------------------------------------------------------------------------


def _written(slip: SignedSlip) -> bytes:
    one = slip.issued
    if not _TICKET.fullmatch(one.ticket) or len(one.series) != 1 or len(one.more_items) > MAX_MORE_ITEMS:
        raise HallError(Reason.MALFORMED, "slip", "a slip names a ticket by its UUID, one series letter and few items")
    try:
        numbers = (
            (date.fromisoformat(one.day) - FIRST_DAY).days.to_bytes(2, "big")
            + one.number.to_bytes(2, "big")
            + round(one.issued_at * 1000).to_bytes(6, "big")
        )
    except (ValueError, OverflowError) as error:
        raise HallError(Reason.MALFORMED, "slip", "a day, number or time has no place in a code") from error
    head = bytes((FORM, int(one.priority), len(one.more_items))) + bytes.fromhex(one.ticket) + numbers
    words = (slip.hall, slip.terminal, one.series, one.suffix, one.item, *one.more_items)
    return head + b"".join(_word(each) for each in words)


def _word(told: str) -> bytes:
    raw = told.encode()
    if len(raw) > MAX_WORD or not _WORD.fullmatch(raw):
        raise HallError(Reason.MALFORMED, "slip", f"{told!r} is no name of at most {MAX_WORD} letters, digits and -._")
    return bytes((len(raw),)) + raw


class _Reader:
    """Takes a body apart; raises `ValueError` where it ends too early or goes on too long."""

    def __init__(self, body: bytes) -> None:
        self._rest = body

    def slip(self) -> SignedSlip:
        form, priority, more = self._take(3)
        if form != FORM or priority > 1 or more > MAX_MORE_ITEMS:
            raise ValueError(form, priority, more)
        ticket = TicketId(self._take(16).hex())
        day = FIRST_DAY + timedelta(days=self._number(2))
        number, issued_ms = self._number(2), self._number(6)
        hall, terminal, series, suffix, item = (self._word() for _ in range(5))
        more_items = tuple(ItemCode(self._word()) for _ in range(more))
        if self._rest:
            raise ValueError(len(self._rest))
        issued = TicketIssued(
            ticket=ticket,
            day=BusinessDay(day.isoformat()),
            series=Series(series),
            number=number,
            suffix=suffix,
            label=label(Series(series), number, suffix),
            item=ItemCode(item),
            priority=bool(priority),
            issued_at=issued_ms / 1000,
            reserve=True,
            more_items=more_items,
        )
        return SignedSlip(HallId(hall), TerminalId(terminal), issued)

    def _take(self, count: int) -> bytes:
        taken, self._rest = self._rest[:count], self._rest[count:]
        if len(taken) != count:
            raise ValueError(count)
        return taken

    def _number(self, count: int) -> int:
        return int.from_bytes(self._take(count), "big")

    def _word(self) -> str:
        return self._take(self._take(1)[0]).decode("ascii")
