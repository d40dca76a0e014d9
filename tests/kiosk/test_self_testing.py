"""The self-test: every device is asked anew, silence is a finding, and the report carries its mark."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from hall.events import DeviceTested, Event, SelfTestEnded
from hall.ids import BusinessDay, DeviceId, SessionId, StaffId, TerminalId, WindowId
from hall.wire.board import Board, WindowShown
from kiosk.devices.workers import IdReaderWorker, LedWorker, PrinterWorker, SocialCardWorker, SpeakerWorker
from kiosk.flows.hall_day import HallDay, has_closed
from kiosk.hearing import Hearing
from kiosk.ports import DeviceError, Fault
from kiosk.self_testing import AT_OWN_WISH, SelfTesting
from kiosk.sync.news import BoardArrived, SelfTestWanted
from kiosk.sync.orders import KEPT

K1 = TerminalId("K1")
LONG_S = 5.0


@dataclass
class Device:
    """A worker that answers, finds a fault, or says nothing."""

    name: str
    code: str = ""
    silent: bool = False
    asked: int = 0

    def self_test(self, done: Callable[[DeviceTested], None]) -> None:
        self.asked += 1
        if not self.silent:
            done(DeviceTested(device=DeviceId(self.name), passed=not self.code, code=self.code))


@dataclass
class Book:
    """A journal with memory."""

    reports: list[tuple[SelfTestEnded, dict[str, bytes]]] = field(default_factory=list)
    written: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __call__(
        self,
        events: Sequence[Event],
        done: Callable[[], None] | None = None,
        keep: tuple[tuple[str, bytes], ...] = (),
    ) -> None:
        (event,) = events
        assert isinstance(event, SelfTestEnded)
        self.reports.append((event, dict(keep)))
        self.written.release()


def room(*devices: Device, needs: frozenset[str] = frozenset(), limit_s: float = LONG_S) -> tuple[SelfTesting, Book]:
    book = Book()
    workers = {device.name.split(".")[1]: device for device in devices}
    return SelfTesting(K1, workers, needs, record=book, clock=lambda: 42.0, limit_s=limit_s), book


def test_every_device_is_asked_and_a_needed_one_that_is_not_configured_is_absent() -> None:
    testing, book = room(
        Device("K1.id_reader"), Device("K1.slip_printer", "no_paper"), needs=frozenset({"card_reader"})
    )
    testing.perform(AT_OWN_WISH)
    ((ended, kept),) = book.reports
    assert (ended.terminal, ended.number, ended.at, kept) == (K1, 0, 42.0, {})
    assert [(each.device, each.passed, each.code) for each in ended.tested] == [
        ("K1.card_reader", False, "absent"),
        ("K1.id_reader", True, ""),
        ("K1.slip_printer", False, "no_paper"),
    ]


def test_a_device_that_does_not_answer_in_time_is_silent_and_holds_nobody_up() -> None:
    testing, book = room(Device("K1.id_reader", silent=True), Device("K1.slip_printer"), limit_s=0.01)
    testing.perform(SelfTestWanted(1, 7))
    ((ended, kept),) = book.reports
    assert [(each.device, each.code) for each in ended.tested] == [("K1.id_reader", "silent"), ("K1.slip_printer", "")]
    assert (ended.number, kept) == (7, {KEPT: b"1 7"})


def test_it_tests_at_start_and_then_by_order() -> None:
    printer = Device("K1.slip_printer")
    testing, book = room(printer)
    testing.start()
    assert book.written.acquire(timeout=LONG_S)
    testing.order(SelfTestWanted(1, 8))
    assert book.written.acquire(timeout=LONG_S)
    testing.stop()
    assert [ended.number for ended, _ in book.reports] == [0, 8]
    assert printer.asked == 2


def test_orders_that_wait_are_answered_by_one_test() -> None:
    testing, book = room(Device("K1.slip_printer"))
    testing.of_own_accord()
    testing.order(SelfTestWanted(1, 7))
    testing.order(SelfTestWanted(1, 8))
    testing.start()
    assert book.written.acquire(timeout=LONG_S)
    testing.stop()
    assert [ended.number for ended, _ in book.reports] == [8]


def test_a_terminal_that_stops_reports_no_false_fault() -> None:
    testing, book = room(Device("K1.slip_printer", "disconnected"))
    testing.stop()
    testing.perform(SelfTestWanted(1, 7))
    assert book.reports == []


# ---- the hall's day ----------------------------------------------------------------------------------------------


def board(day: str, *, taking: bool, waiting: int = 0, window: str = "closed") -> Board:
    shown = WindowShown(window=WindowId("7"), state=window, staff=StaffId("0310"))  # type: ignore[arg-type]
    return Board(
        ledger_epoch=1,
        version=1,
        at=0.0,
        day=BusinessDay(day),
        next_day=BusinessDay("2026-12-31"),
        taking_tickets=taking,
        waiting=waiting,
        typical_wait_min=0,
        queues=(),
        windows=(shown,),
        calls=(),
    )


def openings(*boards: Board) -> list[bool]:
    known, seen = HallDay(), []
    for each in boards:
        seen.append(known.opens(each))
        known = known.after(each)
    return seen


def test_the_hall_opens_once_a_day_and_not_again_after_lunch() -> None:
    monday = (board("2026-11-23", taking=taking) for taking in (False, True, True, False, True, False))
    assert openings(*monday, board("2026-11-24", taking=True)) == [False, True, False, False, False, False, True]


def test_a_terminal_that_starts_while_the_hall_is_open_has_just_tested() -> None:
    assert openings(board("2026-11-23", taking=True), board("2026-11-23", taking=True)) == [False, False]


def test_the_hall_has_closed_only_when_the_last_person_is_served() -> None:
    day = "2026-11-23"
    assert has_closed(board(day, taking=False))
    assert not has_closed(board(day, taking=False, waiting=1))
    assert not has_closed(board(day, taking=False, window="serving"))
    assert not has_closed(board(day, taking=True))


@pytest.mark.parametrize("worker", [IdReaderWorker, SocialCardWorker, PrinterWorker, LedWorker, SpeakerWorker])
def test_every_kind_of_worker_answers_a_self_test_also_when_its_device_is_away(worker: type[Any]) -> None:
    def away(*_told: object) -> Any:
        raise DeviceError(Fault.DISCONNECTED, "K1.device", "not plugged in")

    def nothing(*_told: object) -> None:
        """Nobody listens."""

    further: dict[type[Any], tuple[Any, ...]] = {
        IdReaderWorker: (nothing, lambda: "20261123"),
        SocialCardWorker: (nothing, lambda: "20261123"),
    }
    further[PrinterWorker] = (nothing,)
    made = worker("K1.device", away, *further.get(worker, ()))
    answers: list[DeviceTested] = []
    answered = threading.Event()

    def answer(tested: DeviceTested) -> None:
        answers.append(tested)
        answered.set()

    made.start()
    made.self_test(answer)
    assert answered.wait(LONG_S)
    made.stop()
    assert [(each.passed, each.code) for each in answers] == [(False, "disconnected")]


@dataclass
class Asked:
    """Self-testing as `Hearing` sees it, and a session that is told nothing of interest here."""

    orders: list[SelfTestWanted] = field(default_factory=list)
    openings: int = 0
    id = SessionId("nobody")

    def order(self, wanted: SelfTestWanted) -> None:
        self.orders.append(wanted)

    def of_own_accord(self) -> None:
        self.openings += 1

    def post(self, *_told: object) -> None:
        """A session would take it."""

    def post_frame(self, *_told: object) -> None:
        """A session would take it."""


def test_what_is_heard_of_orders_and_of_the_opening_reaches_the_self_test() -> None:
    asked = Asked()
    hearing = Hearing(asked, None)  # type: ignore[arg-type]
    hearing(SelfTestWanted(1, 7))  # before it began: nothing can be done yet
    journal = SimpleNamespace(pack=None, board=None, recall=lambda _name: None)
    hearing.begin(journal, asked)  # type: ignore[arg-type]
    hearing(SelfTestWanted(1, 8))
    for taking in (False, True, True):
        hearing(BoardArrived(board("2026-11-23", taking=taking)))
    assert asked.orders == [SelfTestWanted(1, 8)]
    assert asked.openings == 1
