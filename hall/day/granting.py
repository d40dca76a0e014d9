"""Priority grants of the day: how many each guide has given, and the cap that only the lead may pass."""

from collections import Counter

from hall.day.deciding import Decision, refused
from hall.errors import Reason
from hall.ids import StaffId
from hall.people.age_offer import BY_CARD
from hall.queue.state import HallState


def granted_by(state: HallState) -> Counter[StaffId]:
    """Return the number of grants of each issuer today, `BY_CARD` too. A guide who grants far more is asked why."""
    return Counter(state.grants.values())


def over_the_cap(state: HallState, issuer: StaffId) -> Decision | None:
    """Refuse when the issuer has reached the day's cap; the lead may always grant, so that nobody in need is sent away.

    By a card there is no cap: one open ticket for each person and queue is the bound.
    Cheap enough for every lease: the grants of a day are counted, some hundreds.
    """
    member, cap = state.known.staff.get(issuer), state.pack.limits.grants_per_issuer
    if issuer == BY_CARD or (member is not None and "lead" in member.roles):
        return None
    if sum(by == issuer for by in state.grants.values()) < cap:
        return None
    return refused(Reason.DAILY_LIMIT, f"{issuer} has granted priority {cap} times today; the lead may grant further")
