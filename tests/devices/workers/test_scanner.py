"""The scanner's worker: every code once to the session, a typed one like a read one."""

from dataclasses import dataclass, field

from kiosk.devices.scanners.keyboard_wedge import KeyboardWedge, Options
from kiosk.devices.workers import ScannerWorker
from kiosk.flows.scan_words import Scanned
from kiosk.ports import MAX_SCAN, Fault
from tests.devices.workers.fakes import PULLED, Clock, FakeDriver, Posts


@dataclass
class FakeScanner(FakeDriver):
    waiting: list[str] = field(default_factory=list)

    def scanned(self) -> str | None:
        self.check()
        return self.waiting.pop(0) if self.waiting else None


def run(worker: ScannerWorker, clock: Clock, seconds: float) -> None:
    end = clock.now + seconds
    while clock.now < end:
        clock.now = min(end, clock.now + max(worker.step(), 0.001))


def test_every_code_reaches_the_session_in_order_and_no_repr() -> None:
    clock, posts, driver = Clock(), Posts(), FakeScanner()
    worker = ScannerWorker("K1.scanner", lambda: driver, posts, monotonic=clock)
    driver.waiting = ["secret one", "secret two"]
    run(worker, clock, 0.2)
    assert posts.entries == [(Scanned("secret one"), None), (Scanned("secret two"), None)]
    assert "secret" not in repr(posts.entries)


def test_a_lost_line_is_reported_and_taken_up_again() -> None:
    clock, posts, driver = Clock(), Posts(), FakeScanner()
    worker = ScannerWorker("K1.scanner", lambda: driver, posts, monotonic=clock)
    run(worker, clock, 0.2)
    driver.broken = PULLED
    run(worker, clock, 0.2)
    assert (worker.report().state, worker.report().code) == ("down", Fault.DISCONNECTED)
    assert worker.report().action.startswith("扫码器")
    driver.broken, driver.waiting = None, ["A"]
    run(worker, clock, 3.0)
    assert posts.entries == [(Scanned("A"), None)]
    assert worker.report().state == "up"


def test_what_a_scanner_types_has_the_same_limits_as_a_line() -> None:
    clock, posts = Clock(), Posts()
    worker = ScannerWorker("K1.scanner", lambda: KeyboardWedge(Options(), clock), posts, monotonic=clock)
    for text in ("A012", "A012", "x" * (MAX_SCAN + 1), "a\x07b"):
        worker.typed(text)
    run(worker, clock, 6.0)
    assert posts.entries == [(Scanned("A012"), None)]
    readings = worker.report().readings
    assert [readings[name] for name in ("scanner", "scans", "repeated", "too_long", "refused")] == [
        "up", "1", "1", "1", "1",
    ]  # fmt: skip


def test_typing_at_a_scanner_on_a_line_does_nothing() -> None:
    clock, posts = Clock(), Posts()
    worker = ScannerWorker("K1.scanner", FakeScanner, posts, monotonic=clock)
    worker.typed("A012")
    run(worker, clock, 0.2)
    assert posts.entries == []
