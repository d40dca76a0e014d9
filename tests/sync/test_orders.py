"""Orders of the guide reach a terminal once: not twice when heard again, not lost when it stops in between."""

from hypothesis import given
from hypothesis import strategies as st

from hall.events import DeviceTested, SelfTestEnded
from hall.ids import DeviceId
from hall.wire.codec import encode
from hall.wire.lanes import Orders
from hall.wire.shown import Order
from kiosk.sync.journal import Journal
from kiosk.sync.news import SelfTestWanted
from kiosk.sync.orders import KEPT, OrdersHeard, mark
from kiosk.sync.recording import WRITE_AGAIN_S
from tests.sync.samples import K1, MONDAY_0930, Bench


def orders(*numbers: int, ledger_epoch: int = 1) -> Orders:
    told = tuple(Order(number=number, kind="self_test", at=MONDAY_0930) for number in numbers)
    return Orders(ledger_epoch=ledger_epoch, orders=told)


def wanted(bench: Bench) -> list[SelfTestWanted]:
    return [news for news in bench.told if isinstance(news, SelfTestWanted)]


def ended(number: int) -> SelfTestEnded:
    tested = (DeviceTested(device=DeviceId("K1.slip_printer"), passed=True),)
    return SelfTestEnded(terminal=K1, number=number, at=MONDAY_0930, tested=tested)


def report(bench: Bench, number: int, ledger_epoch: int = 1) -> None:
    bench.core.record((ended(number),), None, bench.now, (mark(ledger_epoch, number),))


def test_an_order_heard_again_while_it_is_being_carried_out_starts_nothing() -> None:
    bench = Bench()
    bench.meet()
    for _ in range(3):
        bench.hear("down", encode(orders(7)))
    assert wanted(bench) == [SelfTestWanted(1, 7)]
    report(bench, 7)
    bench.hear("down", encode(orders(7)))
    assert wanted(bench) == [SelfTestWanted(1, 7)]
    assert bench.core.outbox_depth == 1


def test_one_test_answers_all_orders_so_far_and_a_later_one_is_a_new_one() -> None:
    bench = Bench()
    bench.meet()
    bench.hear("down", encode(orders(7, 8, 9)))
    bench.hear("down", encode(orders(9)))
    bench.hear("down", encode(orders(10)))
    assert wanted(bench) == [SelfTestWanted(1, 9), SelfTestWanted(1, 10)]


def test_a_terminal_that_stopped_before_the_report_carries_the_order_out_after_all() -> None:
    bench = Bench()
    bench.meet()
    bench.hear("down", encode(orders(7)))
    bench.restart()
    bench.meet()
    bench.hear("down", encode(orders(7)))
    assert wanted(bench) == [SelfTestWanted(1, 7), SelfTestWanted(1, 7)]


def test_what_was_reported_is_not_done_again_after_a_restart() -> None:
    bench = Bench()
    bench.meet()
    bench.hear("down", encode(orders(7)))
    report(bench, 7)
    bench.restart()
    bench.meet()
    bench.hear("down", encode(orders(7)))
    assert len(wanted(bench)) == 1


def test_report_and_mark_are_on_disk_together_or_not_at_all() -> None:
    bench = Bench()
    bench.journal.execute("PRAGMA query_only = 1")  # the disk refuses
    report(bench, 7)
    bench.journal.execute("PRAGMA query_only = 0")
    assert bench.journal.kept(KEPT) is None
    assert bench.core.outbox_depth == 0
    bench.pass_s(WRITE_AGAIN_S)
    assert bench.journal.kept(KEPT) == b"1 7"
    assert bench.core.outbox_depth == 1


def test_another_ledger_counts_its_orders_anew_and_one_that_has_passed_means_nothing() -> None:
    bench = Bench()
    bench.meet()
    bench.hear("down", encode(orders(90)))
    bench.hear("down", encode(orders(1, ledger_epoch=2)))
    bench.hear("down", encode(orders(91)))
    assert wanted(bench) == [SelfTestWanted(1, 90), SelfTestWanted(2, 1)]


def test_no_orders_and_garbage_start_nothing() -> None:
    bench = Bench()
    bench.meet()
    bench.hear("down", encode(orders()))
    bench.hear("down", b'{"ledger_epoch": 1, "orders": [{"kind": "format_disk"}]}')
    assert wanted(bench) == []


@given(st.lists(st.tuples(st.integers(1, 3), st.lists(st.integers(1, 20), max_size=5)), max_size=30))
def test_whatever_is_heard_no_order_is_taken_twice(heard: list[tuple[int, list[int]]]) -> None:
    room = OrdersHeard(Journal.connect(":memory:"))
    taken = [room.take(orders(*numbers, ledger_epoch=epoch)) for epoch, numbers in heard]
    keys = [(each.ledger_epoch, each.number) for each in taken if each is not None]
    assert keys == sorted(set(keys))


def test_a_mark_that_cannot_be_read_counts_as_none() -> None:
    journal = Journal.connect(":memory:")
    with journal.change():
        journal.keep(KEPT, b"\xff seven")
    assert OrdersHeard(journal).take(orders(1)) == SelfTestWanted(1, 1)
