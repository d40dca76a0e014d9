"""A self-test is ordered by the guide, done once by its terminal, and forgotten when it has reported."""

from hall.commands import Called, CallNext, Done, OrderSelfTest, Recall
from hall.day.decisions import Flag
from hall.day.self_tests import MAX_ORDERS, shown
from hall.errors import Reason
from hall.events import DeviceTested, SelfTestEnded, SelfTestOrdered
from hall.ids import DeviceId, StaffId, TerminalId, WindowId
from hall.wire.devices_shown import MAX_CODE, MAX_FAILED_SHOWN, FailedShown, SelfTestShown
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


def test_the_board_tells_what_is_awaited_and_what_the_last_test_found() -> None:
    world = working()
    assert shown(world.state) == ()
    told(desk(world, TEST_K1), Done)
    assert shown(world.state) == (SelfTestShown(terminal=K1, waiting=True),)
    (number,) = numbers(world)
    tested = (
        DeviceTested(device=DeviceId("K1.slip_printer"), passed=False, code="no_paper"),
        DeviceTested(device=DeviceId("K1.id_reader"), passed=True),
    )
    world.happen(SelfTestEnded(terminal=K1, number=number, at=7.0, tested=tested), "K1")
    found = SelfTestShown(terminal=K1, at=7.0, tested=2, failed=(FailedShown("slip_printer", "no_paper"),))
    assert shown(world.state) == (found,)
    world.happen(SelfTestEnded(terminal=K1, number=0, at=6.0, tested=()), "K1")
    assert shown(world.state) == (found,), "an older report that comes late is no news"
    world.happen(SelfTestEnded(terminal=K1, number=0, at=8.0, tested=tested[1:]), "K1")
    assert shown(world.state) == (SelfTestShown(terminal=K1, at=8.0, tested=1),)


def test_what_is_kept_of_a_test_is_bounded_and_of_terminals_of_the_pack_only() -> None:
    world = working()
    many = tuple(DeviceTested(device=DeviceId(f"K1.{'x' * 90}"), passed=False, code="y" * 90) for _ in range(90))
    world.happen(SelfTestEnded(terminal=K1, number=0, at=7.0, tested=many), "K1")
    (test,) = shown(world.state)
    assert (len(test.failed), {len(one.kind) for one in test.failed}) == (MAX_FAILED_SHOWN, {MAX_CODE})
    world.happen(SelfTestEnded(terminal=TerminalId("Z9"), number=0, at=7.0, tested=()), "Z9")
    assert [one.terminal for one in shown(world.state)] == [K1]
