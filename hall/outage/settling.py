"""What merged facts say of the hall: each ticket once, each flag once, the same however the facts arrived.

Nothing is refused and nothing is lost: a flag asks somebody to look, the fact stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from hall.events import TicketAdopted
from hall.ids import BusinessDay, Series, TicketId
from hall.oddities import Flagged, Oddity
from hall.outage.merging import Merged, Noted, Unheard, told_apart
from hall.outage.stories import Reconciled, Story
from hall.queue.tickets import ENDED, TicketState


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """All tickets by id, all flags by event id: the same for the same facts, however they arrived."""

    tickets: tuple[Reconciled, ...]
    flags: tuple[Flagged, ...]


def settle(facts: Merged) -> Settled:
    """Return what the facts say together."""
    kept, clashing = told_apart(facts)
    unheard = Unheard(kept)
    by_ticket: dict[TicketId, list[Noted]] = defaultdict(list)
    for one in kept:
        ticket = _ticket_of(one)
        if ticket is not None:
            by_ticket[ticket].append(one)
    stories = [Story(ticket, unheard).read(noted) for ticket, noted in sorted(by_ticket.items())]
    known = [story for story in stories if story.told_of]
    flags = [flag for story in known for flag in story.flags] + _label_clashes(known)
    flags += [
        Flagged(event_id=one.event_id, oddity=Oddity.ONE_ID_TWICE, ticket=_ticket_of(one) or TicketId(""))
        for one in clashing
    ]
    return Settled(tickets=tuple(story.reconciled() for story in known), flags=tuple(sorted(set(flags))))


def queue(settled: Settled, day: BusinessDay) -> tuple[Reconciled, ...]:
    """Return who waits on a day, by place; yesterday's tickets that nobody called are not in today's queue."""
    waiting = (one for one in settled.tickets if one.day == day and one.state is TicketState.WAITING)
    return tuple(sorted(waiting, key=lambda one: (one.since, one.ticket)))


def left_over(settled: Settled, day: BusinessDay) -> tuple[Reconciled, ...]:
    """Return the tickets of earlier days that never ended: their day is over, and somebody went home unserved."""
    return tuple(one for one in settled.tickets if one.day and one.day < day and one.state not in ENDED)


def placed_ahead(before: Sequence[TicketId], after: Sequence[TicketId]) -> tuple[tuple[TicketId, int], ...]:
    """Return each ticket that a merge brought into a queue, with how many who stood there already it came ahead of."""
    stood, behind, found = set(before), 0, []
    for ticket in reversed(after):
        if ticket in stood:
            behind += 1
        elif behind:
            found.append((ticket, behind))
    return tuple(reversed(found))


def _ticket_of(noted: Noted) -> TicketId | None:
    if isinstance(noted.event, TicketAdopted):
        return noted.event.issued.ticket
    return getattr(noted.event, "ticket", None)


def _label_clashes(stories: Iterable[Story]) -> list[Flagged]:
    """The first holder of a label keeps it alone; every other is flagged, and stays valid."""
    holders: dict[tuple[BusinessDay, Series, int, str], list[Story]] = defaultdict(list)
    for story in stories:
        if story.issue is not None:
            one = story.issue
            holders[one.day, one.series, one.number, one.suffix].append(story)
    late = (
        story
        for same in holders.values()
        for story in sorted(same, key=lambda one: (one.issued.hall_time if one.issued else 0.0, one.ticket))[1:]
    )
    return [
        Flagged(event_id=story.issued.event_id, oddity=Oddity.LABEL_CLASH, ticket=story.ticket)
        for story in late
        if story.issued is not None
    ]
