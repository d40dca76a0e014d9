"""Consultations: by when an answer is due, when it counts as given, and what a refusal must say.

Limits (standard 8.2, figures in the rule pack): at once; 3 working days when another time is arranged; 5 when a
superior must be asked, with the reason and the name; 10 for letters. Decisions D-04 and D-05.
"""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from hall.calendar.due_dates import Due, Known, due, ends_at
from hall.errors import Reason
from hall.ids import StaffId
from hall.pack.guidance import Rules
from hall.pack.hall_pack import HallPack


class LimitRule(StrEnum):
    """Which limit of 8.2 holds."""

    AT_ONCE = "at_once"
    ARRANGED = "arranged"
    ASKED = "asked"
    LETTER = "letter"


class AskReason(StrEnum):
    """Why somebody must be asked first; nothing else gives five days."""

    POLICY_UNCLEAR = "policy_unclear"
    """政策规定不明确."""
    SPECIAL_NEED = "special_need"
    """具有特殊需求."""


class NotPromised(msgspec.Struct, frozen=True, kw_only=True):
    """Why a promise is refused, with what is allowed."""

    reason: Reason
    sentence: str


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """Until when an answer is promised. `received` never moves, whatever rule follows (D-04)."""

    rule: LimitRule
    received: date
    latest: Due
    """Last day that the rule allows."""
    day: date
    """The day told to the resident, not after `latest`."""
    reason: AskReason | None = None
    approver: StaffId | None = None


def limit_days(rules: Rules, rule: LimitRule) -> int:
    """Return the working days that a rule allows."""
    return {
        LimitRule.AT_ONCE: 0,
        LimitRule.ARRANGED: rules.arranged_days,
        LimitRule.ASKED: rules.asked_days,
        LimitRule.LETTER: rules.letter_days,
    }[rule]


def promise(
    pack: HallPack,
    rule: LimitRule,
    received: date,
    *,
    day: date | None = None,
    reason: AskReason | None = None,
    approver: StaffId | None = None,
) -> Promise | NotPromised:
    """Return the promise, by default for the last day that the rule allows.

    Refused: a day before the receipt or after the limit; five days without one of the two reasons and without the
    name of the member of staff who is asked.
    """
    if rule is LimitRule.ASKED and (reason is None or approver not in {member.id for member in pack.staff}):
        allowed = f"{rule.value} needs a reason ({', '.join(AskReason)}) and the member of staff who is asked"
        return NotPromised(reason=Reason.NOT_ALLOWED, sentence=allowed)
    latest = due(pack.calendar, received, limit_days(pack.rules, rule))
    told = latest.day if day is None else day
    if not received <= told <= latest.day:
        sentence = f"{told} is not allowed; {rule.value} received {received} allows up to {latest.day}"
        return NotPromised(reason=Reason.NOT_ALLOWED, sentence=sentence)
    return Promise(rule=rule, received=received, latest=latest, day=told, reason=reason, approver=approver)


def ask_upward(pack: HallPack, given: Promise, reason: AskReason, approver: StaffId) -> Promise | NotPromised:
    """Return the five-day promise that replaces an arranged one from the same start; the clock never restarts."""
    if given.rule not in (LimitRule.AT_ONCE, LimitRule.ARRANGED):
        return NotPromised(reason=Reason.ILLEGAL_MOVE, sentence=f"{given.rule.value} is not lengthened by asking")
    return promise(pack, LimitRule.ASKED, given.received, reason=reason, approver=approver)


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """How an answer was given. A letter is judged by the postmark of its dispatch, all else by the time of contact."""

    contacted_at: datetime | None = None
    """Local time, also of a letter that was answered by telephone or fax."""
    postmark: date | None = None
    entered_at: datetime
    """When somebody wrote it down; judges nothing."""


def on_time(pack: HallPack, given: Promise, done: Completion) -> bool:
    """Tell whether the answer was in time: the postmark's day, or the moment of contact before closing time."""
    if done.postmark is not None:
        return done.postmark <= given.latest.day
    at = done.entered_at if done.contacted_at is None else done.contacted_at
    return at <= ends_at(pack, given.latest)


def is_settled(given: Promise) -> bool:
    """Tell whether the promise's limit stands in an official calendar; if not, its page says 日历未维护."""
    return isinstance(given.latest, Known)


class NoService(msgspec.Struct, frozen=True, kw_only=True):
    """不予受理: a no that says by which article, and what the person can do instead."""

    basis: str
    instead: str


def refusal_of(basis: str, instead: str) -> NoService | NotPromised:
    """Return the refusal, or why it may not be written: a no without basis or without another way is none (8.3)."""
    if not basis.strip() or not instead.strip():
        return NotPromised(reason=Reason.NOT_ALLOWED, sentence="a refusal needs its basis (依据) and another way")
    return NoService(basis=basis.strip(), instead=instead.strip())
