import threading

import pytest

from hall.events import DeviceTested
from hall.ids import SessionId
from hall.wire.health_reports import DeviceReport
from kiosk.devices import health
from kiosk.devices.workers import SocialCardWorker
from kiosk.devices.workers.base import MAX_TESTS
from kiosk.ports import DeviceError, DeviceState, Fault, Unread
from tests.devices.workers.fakes import PULLED, Clock, FakeSlot, Posts, Shelf


def worker_on(shelf: Shelf, clock: Clock) -> SocialCardWorker:
    return SocialCardWorker("K2.card_reader", shelf, Posts(), monotonic=clock)  # type: ignore[arg-type]


def test_before_anything_is_known_the_report_says_unobserved() -> None:
    worker = worker_on(Shelf(FakeSlot), Clock())
    assert worker.report().state == "unobserved"


def test_an_absent_device_is_tried_again_with_growing_patience_and_never_more_than_five_seconds() -> None:
    clock, shelf = Clock(), Shelf(FakeSlot, away=PULLED)
    worker = worker_on(shelf, clock)
    waits = []
    for _ in range(6):
        waits.append(worker.step())
        clock.now += waits[-1]
    assert waits == [1.0, 2.0, 4.0, 5.0, 5.0, 5.0]
    assert shelf.opened == 6
    shelf.away = None
    worker.step()
    assert worker.report().state == "up"


def test_a_device_that_somebody_needs_is_tried_at_once() -> None:
    clock, shelf = Clock(), Shelf(FakeSlot, away=PULLED)
    worker = worker_on(shelf, clock)
    worker.step()
    shelf.away = None
    worker.read(SessionId("me"))
    worker.step()
    assert shelf.opened == 2


def test_a_change_is_told_once_lost_once_and_back_once() -> None:
    clock, driver = Clock(), FakeSlot()
    worker = worker_on(Shelf(lambda: driver), clock)
    told: list[DeviceReport] = []
    worker.on_change = told.append
    for broken in (None, None, PULLED, PULLED, PULLED, None, None):
        driver.broken = broken
        clock.now += 6.0
        worker.step()
    assert [report.state for report in told] == ["up", "down", "up"]
    assert driver.closed >= 1


def test_a_surprise_in_a_driver_never_ends_the_worker() -> None:
    clock, driver = Clock(), FakeSlot()
    worker = worker_on(Shelf(lambda: driver), clock)
    driver.broken = ZeroDivisionError("boom")
    worker.step()
    assert worker.report().code == "hardware"
    driver.broken = None
    clock.now += 6.0
    worker.step()
    assert worker.report().state == "up"


def test_the_thread_starts_serves_and_ends() -> None:
    driver, seen = FakeSlot(inside=True), threading.Event()
    worker = SocialCardWorker("K2.card_reader", lambda: driver, lambda _happened, _session: seen.set())
    worker.start()
    assert seen.wait(60)
    assert worker.stop()
    assert driver.closed == 1


def test_a_worker_that_never_started_can_be_stopped() -> None:
    assert worker_on(Shelf(FakeSlot), Clock()).stop()


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("kind", ["id_reader", "card_reader", "slip_printer", "led_bars", "speaker"])
def test_every_fault_of_every_device_tells_what_to_do(kind: str, fault: Fault) -> None:
    report = health.of_error("K1.x", kind, DeviceError(fault, "K1.x", "secret detail"))
    assert report.action.isprintable()
    assert len(report.action) > 8
    assert (report.severity, report.may_serve) == ("fault", False)
    assert "secret" not in repr(report)


def test_a_fault_that_still_serves_is_degraded_and_a_warning() -> None:
    report = health.of_state("K1.x", "slip_printer", DeviceState(Fault.PAPER_LOW, readings={"paper": Unread.UNKNOWN}))
    assert (report.state, report.severity, report.may_serve) == ("degraded", "warn", True)
    assert report.readings == {"paper": "unknown"}


def test_a_self_test_asks_the_device_anew_and_tells_its_fault() -> None:
    clock, driver = Clock(), FakeSlot()
    worker = worker_on(Shelf(lambda: driver), clock)
    told: list[DeviceTested] = []
    worker.self_test(told.append)
    worker.step()
    driver.broken = PULLED
    worker.self_test(told.append)
    worker.step()
    passed, failed = told
    assert (passed.device, passed.passed, passed.code) == ("K2.card_reader", True, "")
    assert (failed.passed, failed.code) == (False, PULLED.reason.value)
    assert worker.report().state == "down"


def test_a_worker_that_stops_or_is_overrun_still_answers_every_self_test_once() -> None:
    worker = worker_on(Shelf(FakeSlot), Clock())
    told: list[DeviceTested] = []
    for _ in range(MAX_TESTS + 2):
        worker.self_test(told.append)
    assert [each.code for each in told] == ["refused", "refused"]
    worker.stop()
    assert len(told) == MAX_TESTS + 2
    worker.self_test(told.append)
    assert told[-1].code == "refused"
