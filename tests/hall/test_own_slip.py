"""A slip under a self-service terminal's scanner: back in line once, and always told where the number stands."""

import pytest

from hall.commands import (
    CallNext,
    CancelTicket,
    Done,
    MarkMissed,
    Recall,
    ReturnByTicket,
    ReturnMissed,
    StartService,
    StepAway,
)
from hall.desk_facts import TicketShown
from hall.errors import Reason
from hall.events import TicketReturned
from hall.ids import TicketId, TicketLabel
from hall.queue.tickets import TicketState
from tests.hall.asking import GUIDE, desk, no, state_of, told, working
from tests.hall.world import TUESDAY, World

OWN = ReturnByTicket(ticket=TicketId("t1"))
C001 = TicketLabel("C001")


def missed(others: int = 0) -> World:
    """t1 was missed at window 7, and so many people have come since."""
    world = working(calls_before_missed=1, return_places=3)
    world.take("t1")
    world.at(CallNext, "7")
    world.now += 120
    told(world.at(MarkMissed, "7").reply, Done)
    for number in range(others):
        world.now += 1
        world.take(f"o{number}")
    return world


def shown(world: World, terminal: str = "K1") -> TicketShown:
    return told(world.ask(OWN, terminal).reply, TicketShown)


@pytest.mark.row("QUE-04", part="rule")
def test_a_missed_number_comes_back_by_its_own_slip_a_few_places_behind_the_head() -> None:
    world = missed(others=5)
    facts = shown(world)
    assert (facts.returned, facts.state, facts.issued.label) == (True, "waiting", "C001")
    assert facts.issued.quote is not None
    assert facts.issued.quote.people_ahead == 3
    assert facts.issued.quote == shown(world).issued.quote, "told before it was so, and still so afterwards"
    assert state_of(world, "t1") is TicketState.WAITING


def test_the_slip_and_the_guide_put_a_number_in_the_same_place() -> None:
    by_slip, by_guide = missed(others=5), missed(others=5)
    shown(by_slip)
    told(desk(by_guide, ReturnMissed(label=C001, staff=GUIDE)), Done)
    assert by_slip.state.tickets[TicketId("t1")].since == by_guide.state.tickets[TicketId("t1")].since


def test_showing_it_twice_changes_nothing_more() -> None:
    world = missed(others=2)
    shown(world)
    log = len(world.log)
    assert (shown(world).returned, shown(world).state) == (False, "waiting")
    assert len(world.log) == log


def test_a_number_missed_again_is_over_and_told_so() -> None:
    world = missed()
    shown(world)
    world.at(CallNext, "7")
    world.now += 120
    world.at(MarkMissed, "7")
    facts = shown(world)
    assert (facts.returned, facts.state) == (False, "lapsed")


def test_the_record_names_no_staff() -> None:
    world = missed()
    shown(world)
    returned = [event for event, _, _ in world.log if isinstance(event, TicketReturned)]
    assert [event.staff for event in returned] == [""]


def test_who_stepped_away_is_here_again() -> None:
    world = working()
    world.take("t1")
    told(desk(world, StepAway(label=C001, staff=GUIDE, minutes=10)), Done)
    facts = shown(world)
    assert (facts.returned, facts.state, facts.away_until) == (True, "waiting", 0.0)
    assert world.state.tickets[TicketId("t1")].away_until <= world.now
    assert not shown(world).returned


def test_a_called_number_is_told_its_window_and_one_in_service_and_a_cancelled_one_where_they_stand() -> None:
    world = working()
    world.take("t1")
    world.at(CallNext, "7")
    assert (shown(world).state, shown(world).window) == ("called", "7")
    world.at(Recall, "7")
    world.at(StartService, "7")
    assert shown(world).state == "serving"
    other = working()
    other.take("t1")
    told(desk(other, CancelTicket(label=C001, staff=GUIDE)), Done)
    assert shown(other).state == "cancelled"


def test_an_id_nobody_was_given_and_yesterdays_slip_are_refused() -> None:
    world = missed()
    assert no(world.ask(ReturnByTicket(ticket=TicketId("nobody's")), "K1").reply) is Reason.UNKNOWN_TICKET
    world.open(TUESDAY)
    assert no(world.ask(OWN, "K1").reply) is Reason.UNKNOWN_TICKET


@pytest.mark.parametrize("terminal", ["D1", "W07", "SERVER"])
def test_only_a_self_service_terminal_may_ask(terminal: str) -> None:
    world = missed()
    asked = world.ask(OWN, terminal) if terminal != "SERVER" else world.ask(OWN)
    assert no(asked.reply) is Reason.NOT_ALLOWED
    assert state_of(world, "t1") is TicketState.MISSED
