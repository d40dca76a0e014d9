"""好差评: five levels in the official words, one rating for each service, given by the resident alone."""

from types import MappingProxyType

from hall.errors import Reason
from hall.ids import WindowId
from hall.tickets import Service

GRADES = MappingProxyType({5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"})
"""国办发〔2019〕51号; order and wording are fixed."""
GRADES_EN = MappingProxyType(
    {5: "Very satisfied", 4: "Satisfied", 3: "Fairly satisfied", 2: "Dissatisfied", 1: "Very dissatisfied"}
)
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


def is_open(service: Service, now: float, open_s: float) -> bool:
    """Tell whether the window's rating screen still asks about this service."""
    return not service.rated and service.finished_at is not None and now - service.finished_at < open_s
