"""A clerk adds one more item to the number in hand; the board tells the panel what that number is for."""

from hall.commands import AddItem, CallNext, Done, FinishService, StartService, TransferTicket
from hall.day.board import board
from hall.errors import Reason
from hall.ids import BusinessDay, ItemCode, StaffId, TicketId, TicketLabel, WindowId
from hall.queue.tickets import TicketState
from hall.wire.board import WindowShown
from tests.hall.asking import CLERK, SEVEN, no, panel, state_of, told, working
from tests.hall.world import CARD, PENSION, World


def add(label: str, item: ItemCode = CARD, staff: StaffId = CLERK) -> AddItem:
    return AddItem(label=TicketLabel(label), item=item, staff=staff)


def shown(world: World, window: str = "14") -> WindowShown:
    told_all = board(world.state, world.now, 1, 1, BusinessDay("2026-11-25")).windows
    return next(each for each in told_all if each.window == WindowId(window))


def test_the_number_in_hand_takes_one_more_item_and_the_visit_goes_on_with_it_at_the_same_window() -> None:
    world = working()
    world.take("t1")
    world.at(CallNext)
    world.at(StartService)
    told(panel(world, add("C001")), Done)
    assert (shown(world).item, shown(world).items_left) == (PENSION, (CARD,))
    world.at(FinishService)
    assert state_of(world, "t1") is TicketState.CALLED
    assert (shown(world).state, shown(world).item, shown(world).items_left) == ("called", CARD, ())


def test_a_window_adds_to_no_other_number_and_only_while_its_clerk_is_signed_in() -> None:
    world = working()
    world.take("t1")
    world.take("t2")
    assert no(panel(world, add("C001"))) is Reason.NOT_ALLOWED
    world.at(CallNext)
    assert no(panel(world, add("C002"))) is Reason.NOT_ALLOWED
    assert no(panel(world, add("C001", staff=SEVEN))) is Reason.NOT_SIGNED_IN
    assert no(panel(world, add("C001", PENSION))) is Reason.ILLEGAL_MOVE
    assert world.state.tickets[TicketId("t1")].items_left == ()


def test_an_empty_window_is_for_nothing() -> None:
    assert (shown(working()).item, shown(working()).items_left) == (None, ())


def test_who_is_sent_on_for_an_item_of_the_visit_does_it_once() -> None:
    world = working()
    world.take("t1")
    world.at(CallNext)
    world.at(StartService)
    told(panel(world, add("C001")), Done)
    told(panel(world, TransferTicket(window=WindowId("14"), staff=CLERK, item=CARD)), Done)
    ticket = world.state.tickets[TicketId("t1")]
    assert (ticket.item, ticket.items_left) == (CARD, ())
