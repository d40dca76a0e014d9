"""Whose card was in hand: opened from its seal, and judged. Personal; lives in memory for one answer."""

import msgspec

from hall.errors import HallError, Reason
from hall.ids import BusinessDay
from hall.ledger.sealing import unseal
from hall.people.holders import Holder, Proof
from hall.people.identity_numbers import NumberKind, is_accepted, kind_of, normal


def opened(private: bytes, sealed: bytes, purpose: str, context: str) -> Holder:
    """Open a sealed holder, its number as it is stored, or raise `HallError(MALFORMED)` that names no person."""
    plain = unseal(private, sealed, purpose, context)
    try:
        holder = msgspec.json.decode(plain, type=Holder)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise HallError(Reason.MALFORMED, purpose, "the sealed holder is not name, number and proof") from None
    return msgspec.structs.replace(holder, number=normal(holder.number))


def judge(holder: Holder, day: BusinessDay, *, demo: bool) -> None:
    """Raise `HallError(NOT_VERIFIED)` for a number that no authority issued, by what is known on `day` (EXT-18).

    Every kind that is issued is taken: citizens, residence permits, foreigners' cards of both forms. Sample numbers,
    which begin with 0, and cards read without authentication open something in a demo hall only.
    """
    today = day.replace("-", "")
    if holder.proof is Proof.SOCIAL_CARD_DEMO and not demo:
        raise HallError(Reason.NOT_VERIFIED, "holder", "a card read without authentication counts in a demo hall only")
    if is_accepted(holder.number, demo=demo, today=today):
        return
    sample = kind_of(holder.number, today) is NumberKind.SAMPLE
    told = "a sample number counts in a demo hall only" if sample else "no identity number of any kind"
    raise HallError(Reason.NOT_VERIFIED, "holder", told)
