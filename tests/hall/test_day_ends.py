"""When the hall ends its day by itself: after closing, never over anybody's head, and for good once it is dark."""

from hall.commands import CallNext, CancelTicket, FinishService, StartService
from hall.day import sweeping
from hall.day.decisions import EndDay, HallState
from hall.ids import TicketId, TicketLabel
from hall.queue.tickets import TicketState
from tests.hall.asking import GUIDE, desk, hold, panel, working
from tests.hall.test_board import missed
from tests.hall.world import CARD, MONDAY, World, clock, offline_ticket, qinghe


def test_who_was_missed_or_held_has_a_quarter_of_an_hour_after_closing_to_come_back() -> None:
    world = working()
    world.now = clock("16:30")
    missed(world)
    world.take("t2", CARD)
    world.at(CallNext)
    world.at(StartService)
    panel(world, hold())
    for at in ("16:59", "17:00", "17:14:59"):
        assert sweeping.day_to_end(world.state, clock(at)) is None
    world.now = clock("17:15")
    ending = sweeping.day_to_end(world.state, world.now)
    assert ending == EndDay()
    world.ask(ending)
    assert {ticket.state for ticket in world.state.tickets.values()} == {TicketState.LAPSED}
    assert sweeping.day_to_end(world.state, world.now) is None, "a day is not ended twice"


def test_while_somebody_waits_or_is_served_the_day_goes_on_until_the_hall_is_dark() -> None:
    world = working()
    world.now = clock("16:40")
    world.take("t1", CARD)
    label = world.take("t2", CARD).label
    world.at(CallNext)
    world.at(StartService)
    world.now = clock("18:59:59")
    assert sweeping.day_to_end(world.state, world.now) is None
    world.at(FinishService)
    assert sweeping.day_to_end(world.state, world.now) is None
    desk(world, CancelTicket(label=label, staff=GUIDE))
    assert sweeping.day_to_end(world.state, world.now) is None, "nothing is open any more"
    world.state.tickets[TicketId("t2")].state = TicketState.WAITING
    world.now = clock("19:00")
    assert sweeping.day_to_end(world.state, world.now) == EndDay(final=True)


def test_a_ticket_that_a_cut_off_terminal_tells_of_at_night_still_ends() -> None:
    world = working()
    world.now = clock("21:00")
    assert sweeping.day_to_end(world.state, world.now) is None
    world.happen(offline_ticket("t9", "A", 701, clock("16:20")), "K1")
    ending = sweeping.day_to_end(world.state, world.now)
    assert ending == EndDay(final=True)
    world.ask(ending)
    assert world.state.tickets[TicketId("t9")].state is TicketState.LAPSED


def test_no_day_is_ended_before_it_is_open_or_after_another_has_come() -> None:
    assert sweeping.day_to_end(HallState(qinghe()), clock("20:00")) is None
    world = World().open(MONDAY)
    world.take("t1", CARD)
    assert sweeping.day_to_end(world.state, clock("06:00", "2026-11-24")) is None, "the next morning's opening ends it"
    assert world.state.tickets[TicketId("t1")].label == TicketLabel("H001")
