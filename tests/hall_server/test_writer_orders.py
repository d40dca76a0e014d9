"""A terminal hears of its orders after their commit, again when it says hello, and of their end."""

from pathlib import Path

from benchmarks.hall_rig import MONDAY
from hall.commands import Done, OrderSelfTest, SignIn
from hall.events import DeviceTested, SelfTestEnded
from hall.ids import DeviceId, StaffId, TerminalId
from hall.wire.devices_shown import FailedShown, SelfTestShown
from hall_server.ledger.store import Ledger, open_ledger
from hall_server.writer.jobs import HelloJob
from tests.hall_server.conftest import Desk, HandWriter
from tests.hall_server.test_writer import FailingLedger, Make

GUIDE, K1 = StaffId("0101"), TerminalId("K1")


def order(writer: HandWriter, request: str = "o1") -> None:
    desk = Desk("D1", "guide_desk")
    writer.turn(desk.ask(SignIn(staff=GUIDE, sealed_pin=b""), f"s-{request}"))
    writer.turn(desk.ask(OrderSelfTest(terminal=K1, staff=GUIDE), request))
    assert isinstance(desk.replies[-1], Done)


def told(writer: HandWriter) -> list[tuple[str, int]]:
    """Whom the writer told of how many open orders."""
    return [(terminal, len(orders.orders)) for terminal, orders in writer.heard.orders]


def self_tests(writer: HandWriter) -> tuple[SelfTestShown, ...]:
    """What the next board tells of self-tests."""
    writer.boards.show(writer._stand(), MONDAY)
    return writer.heard.boards[-1].self_tests


def test_an_order_is_told_when_it_is_given_on_hello_and_when_it_is_done(writer: HandWriter) -> None:
    order(writer)
    assert told(writer) == [("K1", 1)]
    number = writer.heard.orders[0][1].orders[0].number
    assert writer.heard.orders[0][1].ledger_epoch == writer.ledger_epoch
    writer.turn(HelloJob(K1), HelloJob(TerminalId("K2")))
    assert told(writer)[1:] == [("K1", 1), ("K2", 0)]
    kiosk = Desk("K1")
    writer.turn(kiosk.up(kiosk.parcel(SelfTestEnded(terminal=K1, number=number, at=MONDAY, tested=()))))
    assert told(writer)[3:] == [("K1", 0)]
    writer.turn()
    assert len(told(writer)) == 4, "nothing is said when nothing has changed"


def test_a_restarted_server_tells_what_is_still_open(writer: HandWriter, ledger: Ledger, make_writer: Make) -> None:
    order(writer)
    again = make_writer(ledger)
    again.turn(HelloJob(K1))
    assert [(who, [one.number for one in orders.orders]) for who, orders in again.heard.orders] == [
        (who, [one.number for one in orders.orders]) for who, orders in writer.heard.orders
    ]


def test_an_order_that_was_not_committed_is_told_to_nobody(tmp_path: Path, make_writer: Make) -> None:
    ledger = FailingLedger(open_ledger(tmp_path / "l.sqlite").engine)
    writer = make_writer(ledger)
    desk = Desk("D1", "guide_desk")
    writer.turn(desk.ask(SignIn(staff=GUIDE, sealed_pin=b""), "s1"))
    ledger.full = True
    writer.turn(desk.ask(OrderSelfTest(terminal=K1, staff=GUIDE), "o1"))
    assert told(writer) == []
    ledger.full = False
    writer.turn(desk.ask(OrderSelfTest(terminal=K1, staff=GUIDE), "o1"))
    assert told(writer) == [("K1", 1)]
    ledger.close()


def test_the_result_of_a_test_comes_with_the_board_and_outlives_a_restart(
    writer: HandWriter, ledger: Ledger, make_writer: Make
) -> None:
    order(writer)
    waiting = self_tests(writer)
    assert waiting == (SelfTestShown(terminal=K1, waiting=True),)
    number = writer.heard.orders[0][1].orders[0].number
    tested = (DeviceTested(device=DeviceId("K1.slip_printer"), passed=False, code="no_paper"),)
    kiosk = Desk("K1")
    writer.turn(kiosk.up(kiosk.parcel(SelfTestEnded(terminal=K1, number=number, at=MONDAY, tested=tested))))
    found = SelfTestShown(terminal=K1, at=MONDAY, tested=1, failed=(FailedShown("slip_printer", "no_paper"),))
    assert self_tests(writer) == (found,)
    again = make_writer(ledger)
    again.turn(HelloJob(K1))
    assert self_tests(again) == (found,)
