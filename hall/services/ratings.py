"""好差评: five levels in the official words, one rating for each service, given by the resident alone."""

from datetime import date, datetime
from types import MappingProxyType

import msgspec

from hall.calendar.due_dates import Due, due, overdue
from hall.errors import Reason
from hall.ids import WindowId
from hall.pack.hall_pack import HallPack
from hall.queue.tickets import Service
from hall.rating_facts import Dimension

GRADES = MappingProxyType({5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"})
"""国办发〔2019〕51号; order and wording are fixed."""
GRADES_EN = MappingProxyType(
    {5: "Very satisfied", 4: "Satisfied", 3: "Fairly satisfied", 2: "Dissatisfied", 1: "Very dissatisfied"}
)
POOR_UP_TO = 2
"""不满意 and 非常不满意 are poor ratings: they ask which dimension and open a follow-up."""


RATING_ROLES = frozenset({"rating_screen"})
"""Roles in front of the resident; never a terminal at which staff sign in."""


def refusal(service: Service | None, role: str, window: WindowId | None, grade: int | None) -> Reason | None:
    """Return why a rating from a terminal of this role and window does not count, None when it does.

    `grade` None is a decline, which counts as an answer.
    """
    if role not in RATING_ROLES:
        return Reason.NOT_ALLOWED
    if service is None:
        return Reason.UNKNOWN_SERVICE
    if service.finished_at is None or (grade is not None and grade not in GRADES):
        return Reason.ILLEGAL_MOVE
    if window != service.window:
        return Reason.UNKNOWN_WINDOW
    if service.rated:
        return Reason.ALREADY_RATED
    return None


def reasons_refusal(
    service: Service | None, role: str, window: WindowId | None, dimensions: tuple[str, ...]
) -> Reason | None:
    """Return why reasons from a terminal of this role and window do not count, None when they do.

    They count once for each service, after a poor rating of it that counted, from the screen that asked.
    """
    if role not in RATING_ROLES:
        return Reason.NOT_ALLOWED
    if service is None:
        return Reason.UNKNOWN_SERVICE
    if window != service.window:
        return Reason.UNKNOWN_WINDOW
    if service.reasons:
        return Reason.ALREADY_RATED
    named = set(dimensions)
    if not is_poor(service.grade) or not named or len(named) != len(dimensions) or not named <= set(Dimension):
        return Reason.ILLEGAL_MOVE
    return None


def is_open(service: Service, now: float, open_s: float) -> bool:
    """Tell whether the window's rating screen still asks about this service."""
    return not service.rated and service.finished_at is not None and now - service.finished_at < open_s


def is_poor(grade: int | None) -> bool:
    """Tell whether a rating is one of the two that must be followed up; a decline is not."""
    return grade is not None and grade <= POOR_UP_TO


def dimensions_asked(grade: int | None) -> tuple[Dimension, ...]:
    """Return what the screen asks after this rating: all five, in order, after a poor one; nothing is ever forced."""
    return tuple(Dimension) if is_poor(grade) else ()


def by_dimension(named: tuple[tuple[Dimension, ...], ...]) -> dict[Dimension, int]:
    """Return how many ratings named each dimension, in the standard's order, also those nobody named."""
    return {dimension: sum(dimension in one for one in named) for dimension in Dimension}


def follow_up_until(pack: HallPack, rated: date, grade: int | None) -> Due | None:
    """Return until when a poor rating must be called back and corrected, None for one that needs no follow-up."""
    return due(pack.calendar, rated, pack.rules.rectify_days) if is_poor(grade) else None


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one poor rating. Setting it aside as wrong or malicious never erases what was rated."""

    grade: int
    until: Due
    closed: bool = False
    """Called back and corrected."""
    set_aside: str = ""
    """Why an appeal (申诉) was granted, empty while there is none."""

    @property
    def states(self) -> tuple[str, ...]:
        """Return what a list shows: the rating as it was given, then what was decided about it."""
        return (GRADES[self.grade], f"申诉成立: {self.set_aside}") if self.set_aside else (GRADES[self.grade],)


def follow_up_overdue(pack: HallPack, follow_up: FollowUp, now: datetime) -> bool:
    """Tell whether a poor rating waits for its correction beyond the hall's limit."""
    return not follow_up.closed and not follow_up.set_aside and overdue(pack, follow_up.until, now)
