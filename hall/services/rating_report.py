"""What the ratings of a hall come to: counts by day, reasons by dimension, and the follow-up of every poor one.

Built from facts that count, in any order of repetition: what is told twice is counted once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

import msgspec

from hall.calendar.due_dates import Due
from hall.calendar.working_days import business_day, local_datetime, parse_day
from hall.errors import HallError, Reason
from hall.events import ServiceFinished, ServiceRated
from hall.ids import ServiceId, StaffId, TicketId, WindowId
from hall.moves import NextItemBegun
from hall.pack.hall_pack import HallPack
from hall.rating_facts import Dimension, FollowUpEnd, RatingFollowedUp, RatingReasonsGiven
from hall.services.ratings import (
    GRADES,
    RATING_ROLES,
    FollowUp,
    by_dimension,
    follow_up_overdue,
    follow_up_until,
    is_poor,
)

SEEN_DAYS = 7
"""Facts of so many days are told apart from their repetitions; what an outage repeats is hours old."""

RatingTold = ServiceFinished | NextItemBegun | ServiceRated | RatingReasonsGiven | RatingFollowedUp


class Standing(StrEnum):
    """Where the follow-up of one poor rating stands."""

    OVERDUE = "overdue"
    OPEN = "open"
    DONE = "done"
    SET_ASIDE = "set_aside"


class Acted(msgspec.Struct, frozen=True, kw_only=True):
    """What the lead wrote down."""

    text: str
    staff: StaffId
    at: float


@dataclass(slots=True)
class Poor:
    """One poor rating. Nothing that is decided about it changes what was rated."""

    service: ServiceId
    grade: int
    rated_at: float
    window: WindowId | None
    """None where the ledger tells of no service of that name."""
    ticket: TicketId | None
    dimensions: tuple[str, ...] = ()
    corrected: Acted | None = None
    set_aside: Acted | None = None


@dataclass(slots=True)
class DayTally:
    """One day: services that ended, those the window's rating screen asked about, and what was answered."""

    served: int = 0
    asked: int = 0
    declined: int = 0
    grades: dict[int, int] = field(default_factory=lambda: dict.fromkeys(GRADES, 0))


@dataclass(slots=True)
class RatingBook:
    """What the facts told so far. `screens` are the windows with a rating screen."""

    screens: frozenset[WindowId]
    days: dict[date, DayTally] = field(default_factory=dict)
    poor: dict[ServiceId, Poor] = field(default_factory=dict)
    seen: dict[date, dict[str, ServiceFinished | None]] = field(default_factory=dict)

    def take(self, fact: RatingTold) -> None:
        """Take one fact that counts; flagged ones do not."""
        match fact:
            case ServiceFinished():
                self._finished(fact)
            case NextItemBegun():
                # The visit goes on in the same hand: one rating at its end (ADR 0011).
                goes_on_here = fact.window in self.screens
                if self._is_new(_day(fact.at), f"next {fact.ticket}/{fact.move}") and goes_on_here:
                    self._tally(_day(fact.at)).asked -= 1
            case ServiceRated():
                self._rated(fact)
            case RatingReasonsGiven():
                known = self.poor.get(fact.service)
                if known is not None and not known.dimensions:
                    known.dimensions = fact.dimensions
            case RatingFollowedUp():
                self._followed_up(fact)
            case _:
                assert_never(fact)

    def _finished(self, fact: ServiceFinished) -> None:
        day = _day(fact.finished_at)
        if self._is_new(day, f"finished {fact.service}", fact):
            tally = self._tally(day)
            tally.served += 1
            tally.asked += fact.window in self.screens

    def _rated(self, fact: ServiceRated) -> None:
        before = self._finish_of(fact.service)
        at = fact.rated_at
        if before is not None and _day(at) != _day(before.finished_at):
            at = before.finished_at  # a screen whose clock is wrong makes no rating older than its service
        day = _day(at)
        if not self._is_new(day, f"rated {fact.service}"):
            return
        tally = self._tally(day)
        if fact.grade is None:
            tally.declined += 1
            return
        tally.grades[fact.grade] = tally.grades.get(fact.grade, 0) + 1
        if is_poor(fact.grade):
            self.poor[fact.service] = Poor(
                service=fact.service,
                grade=fact.grade,
                rated_at=at,
                window=before.window if before else None,
                ticket=before.ticket if before else None,
            )

    def _followed_up(self, fact: RatingFollowedUp) -> None:
        known = self.poor.get(fact.service)
        if known is None:
            return
        acted = Acted(text=fact.text, staff=fact.staff, at=fact.at)
        if fact.end == FollowUpEnd.CORRECTED:
            known.corrected = known.corrected or acted
        elif fact.end == FollowUpEnd.SET_ASIDE:
            known.set_aside = known.set_aside or acted

    def _finish_of(self, service: ServiceId) -> ServiceFinished | None:
        told = (day.get(f"finished {service}") for day in self.seen.values())
        return next((one for one in told if one is not None), None)

    def _tally(self, day: date) -> DayTally:
        return self.days.setdefault(day, DayTally())

    def _is_new(self, day: date, key: str, fact: ServiceFinished | None = None) -> bool:
        seen = self.seen.setdefault(day, {})
        if key in seen:
            return False
        seen[key] = fact
        if len(self.seen) > SEEN_DAYS:
            del self.seen[next(iter(self.seen))]  # the first that was told of, whatever a wrong clock said
        return True


def _day(at: float) -> date:
    return parse_day(business_day(at))


def book_of(pack: HallPack) -> RatingBook:
    """Return an empty book of this hall."""
    screens = {one.window for one in pack.terminals if one.role in RATING_ROLES and one.window is not None}
    return RatingBook(frozenset(screens))


def until(pack: HallPack, poor: Poor) -> Due:
    """Return until when a poor rating must be called back and corrected."""
    limit = follow_up_until(pack, local_datetime(poor.rated_at).date(), poor.grade)
    if limit is None:
        raise HallError(Reason.INTERNAL, poor.service, "a rating that is not poor has no follow-up")
    return limit


def standing(pack: HallPack, poor: Poor, now: datetime) -> Standing:
    """Return where the follow-up stands; an appeal that was granted outweighs a correction."""
    if poor.set_aside is not None:
        return Standing.SET_ASIDE
    if poor.corrected is not None:
        return Standing.DONE
    return Standing.OVERDUE if follow_up_overdue(pack, follow_up(pack, poor), now) else Standing.OPEN


def follow_up(pack: HallPack, poor: Poor) -> FollowUp:
    """Return the follow-up with both states: what was rated, and what was decided about it."""
    return FollowUp(
        grade=poor.grade,
        until=until(pack, poor),
        closed=poor.corrected is not None,
        set_aside=poor.set_aside.text if poor.set_aside else "",
    )


class RatingTotals(msgspec.Struct, frozen=True, kw_only=True):
    """A period's figures. `grades` by the five official levels from 5 to 1; `unnamed` poor ratings gave no reason."""

    served: int
    asked: int
    rated: int
    declined: int
    grades: dict[int, int]
    poor: int
    dimensions: dict[Dimension, int]
    unnamed: int

    @property
    def poor_share(self) -> float | None:
        """Return the poor part of all ratings, 0 to 1; None where nobody rated."""
        return self.poor / self.rated if self.rated else None


def totals(book: RatingBook, first: date, last: date) -> RatingTotals:
    """Return what the days from `first` to `last`, both included, come to."""
    days = [tally for day, tally in book.days.items() if first <= day <= last]
    poor = [one for one in book.poor.values() if first <= _day(one.rated_at) <= last]
    grades = {grade: sum(day.grades.get(grade, 0) for day in days) for grade in GRADES}
    return RatingTotals(
        served=sum(day.served for day in days),
        asked=max(0, sum(day.asked for day in days)),
        rated=sum(grades.values()),
        declined=sum(day.declined for day in days),
        grades=grades,
        poor=sum(count for grade, count in grades.items() if is_poor(grade)),
        dimensions=by_dimension(tuple(_named(one) for one in poor)),
        unnamed=sum(not one.dimensions for one in poor),
    )


def _named(poor: Poor) -> tuple[Dimension, ...]:
    return tuple(one for one in Dimension if one.value in poor.dimensions)


def listed(book: RatingBook, pack: HallPack, now: datetime) -> tuple[tuple[Standing, Poor], ...]:
    """Return every poor rating with where it stands: overdue and open ones first, then the newest."""
    every: Iterable[tuple[Standing, Poor]] = ((standing(pack, one, now), one) for one in book.poor.values())
    order = list(Standing)
    settled = (Standing.DONE, Standing.SET_ASIDE)

    def key(row: tuple[Standing, Poor]) -> tuple[int, float, str]:
        where, one = row
        return (2, -one.rated_at, one.service) if where in settled else (order.index(where), one.rated_at, one.service)

    return tuple(sorted(every, key=key))
