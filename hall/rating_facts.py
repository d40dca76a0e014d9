"""What follows a poor rating (不满意, 非常不满意): the reasons its resident named, and what the lead did about it.

No fact here holds anything of the rater: a rating belongs to a service, and a service to a window.
"""

from enum import StrEnum

from hall.facts import Fact
from hall.ids import ServiceId, StaffId


class Dimension(StrEnum):
    """The five dimensions of the standard (9.2), in its order; reasons in ratings, lines of inspections and reports."""

    ATTITUDE = "服务态度"
    TIMELINESS = "服务时限"
    LANGUAGE = "服务用语"
    APPEARANCE = "职业形象"
    DISCIPLINE = "服务纪律"


class FollowUpEnd(StrEnum):
    """What the lead wrote down about a poor rating; both may be written about one, and the grade stays as given."""

    CORRECTED = "corrected"
    """整改: called back or corrected; the text is the measure."""
    SET_ASIDE = "set_aside"
    """申诉成立: wrong or malicious; the text is the reason."""


class RatingReasonsGiven(Fact, frozen=True, kw_only=True):
    """After a poor rating the resident named what was poor. Minted by the rating screen, once for each service."""

    service: ServiceId
    dimensions: tuple[str, ...]
    """`Dimension` values, each once, at least one."""
    given_at: float


class RatingFollowedUp(Fact, frozen=True, kw_only=True):
    """The lead saw to a poor rating; the first of each `end` counts."""

    service: ServiceId
    end: str
    """A `FollowUpEnd` value."""
    text: str
    """The measure or the reason; linted, and holds no number of a person."""
    staff: StaffId
    at: float


RatingFact = RatingReasonsGiven | RatingFollowedUp
