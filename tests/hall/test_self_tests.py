"""A self-test is ordered by the guide, done once by its terminal, and forgotten when it has reported."""

from hall.commands import Called, CallNext, Done, OrderSelfTest, Recall
from hall.decisions import Flag
from hall.errors import Reason
from hall.events import SelfTestEnded, SelfTestOrdered
from hall.ids import StaffId, TerminalId, WindowId
from hall.self_tests import MAX_ORDERS
from tests.hall.asking import CLERK, GUIDE, desk, no, panel, told, working
from tests.hall.world import World

K1 = TerminalId("K1")
TEST_K1 = OrderSelfTest(terminal=K1, staff=GUIDE)


def numbers(world: World) -> list[int]:
    return [event.number for event, _, _ in world.log if isinstance(event, SelfTestOrdered)]


def ended(number: int, terminal: str = "K1") -> SelfTestEnded:
    return SelfTestEnded(terminal=TerminalId(terminal), number=number, at=0.0, tested=())


def test_an_order_stays_until_its_terminal_has_reported_that_number_or_a_later_one() -> None:
    world = working()
    told(desk(world, TEST_K1), Done)
    told(desk(world, TEST_K1), Done)
    first, second = numbers(world)
    assert second == first + 1
    world.happen(ended(0), "K1")  # the test at start answers no order
    assert [order.number for order in world.state.orders[K1]] == [first, second]
    world.happen(ended(first), "K1")
    assert [order.number for order in world.state.orders[K1]] == [second]
    world.happen(ended(second), "K1")
    assert K1 not in world.state.orders
    told(desk(world, TEST_K1), Done)
    assert numbers(world)[-1] == second + 1


def test_nobody_reports_for_another_terminal() -> None:
    world = working()
    told(desk(world, TEST_K1), Done)
    assert world.happen(ended(numbers(world)[0]), "W14") == (Flag.OTHER_TERMINAL,)
    assert len(world.state.orders[K1]) == 1


def test_only_the_guide_who_is_signed_in_orders_and_only_of_known_terminals_and_not_without_end() -> None:
    world = working()
    assert no(panel(world, TEST_K1)) is Reason.NOT_ALLOWED
    assert no(desk(world, OrderSelfTest(terminal=K1, staff=StaffId("0310")))) is Reason.NOT_SIGNED_IN
    assert no(desk(world, OrderSelfTest(terminal=TerminalId("K9"), staff=GUIDE))) is Reason.NOT_ALLOWED
    for _ in range(MAX_ORDERS):
        told(desk(world, TEST_K1), Done)
    assert no(desk(world, TEST_K1)) is Reason.ILLEGAL_MOVE


def test_a_call_tells_when_the_number_may_be_given_up() -> None:
    world = working(calls_before_missed=3, call_spacing_s=20)
    world.take("t1")
    began = world.now
    first = told(panel(world, CallNext(window=WindowId("14"), staff=CLERK)), Called)
    assert (first.calls_left, first.may_miss_at) == (2, began + 40)
    world.now += 15
    second = told(panel(world, Recall(window=WindowId("14"), staff=CLERK)), Called)
    assert (second.calls_left, second.may_miss_at) == (1, began + 40)
    world.now += 15
    assert told(panel(world, Recall(window=WindowId("14"), staff=CLERK)), Called).calls_left == 0
