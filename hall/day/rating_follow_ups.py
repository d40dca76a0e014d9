"""The lead writes down what was done about a poor rating: the measure, or why it is set aside (申诉成立).

The day knows only the services of today and of the day before, and a follow-up has 15 working days: which older
services were rated poorly the console reads from the ledger, and the first act of each kind is the one that counts.
"""

from hall.commands import Done
from hall.day.deciding import Asker, Decision, FollowUpRating, refused
from hall.errors import Reason
from hall.ids import SERVER
from hall.queue.state import HallState
from hall.rating_facts import FollowUpEnd, RatingFollowedUp
from hall.services.ratings import is_poor
from hall.services.upkeep import note_trouble


def follow_up(state: HallState, command: FollowUpRating, by: Asker, now: float) -> Decision:
    """Answer with `Done` and the fact, or say what is missing: a lead's name, a poor rating, a text that may stand."""
    member = state.known.staff.get(command.staff)
    if by.terminal != SERVER or member is None or "lead" not in member.roles:
        return refused(Reason.NOT_ALLOWED, "the lead sees to poor ratings, at the console")
    service = state.services.get(command.service)
    if service is not None and not is_poor(service.grade):
        return refused(Reason.ILLEGAL_MOVE, f"{command.service} was not rated poorly")
    if command.end not in set(FollowUpEnd):
        return refused(Reason.MALFORMED, f"it ends in {' or '.join(FollowUpEnd)}")
    text = " ".join(command.text.split())
    trouble = note_trouble(text, state.pack.taboos)
    if not text or trouble is not None:
        return refused(Reason.MALFORMED, f"the text is not written down: {trouble.value if trouble else 'it is empty'}")
    told = RatingFollowedUp(service=command.service, end=command.end, text=text, staff=command.staff, at=now)
    return Decision((told,), Done())
