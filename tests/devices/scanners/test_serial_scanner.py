"""The real driver on a virtual line: codes, faults of the line, hot-plug, and nothing left behind."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices.loading import open_device
from kiosk.devices.scanners import keyboard_wedge, serial_scanner
from kiosk.devices.virtual.scanner import VirtualScanner
from kiosk.ports import MAX_SCAN, DeviceError, Fault, Scanner
from kiosk.settings import DeviceSettings
from tests.devices.reconnecting import assert_nothing_leaks, reconnects

TICKET = "DY1/T/A012/019A0000000070008000000000000001"
LIMIT_S = 60.0
Connect = Callable[..., Scanner]


def connected(path: Path, **options: Any) -> Scanner:
    settings = DeviceSettings(driver="serial_scanner", options={"port": str(path), "pause_ms": 300, **options})
    scanner = open_device("scanner", settings, "K1.scanner", lambda _job, _fault: None)
    assert isinstance(scanner, serial_scanner.SerialScanner)
    return scanner


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualScanner]:
    device = VirtualScanner(tmp_path / "scanner", paced=False)
    device.start()
    yield device
    device.stop()


@pytest.fixture
def connect(virtual: VirtualScanner, tmp_path: Path) -> Iterator[Connect]:
    opened: list[Scanner] = []

    def make(**options: object) -> Scanner:
        opened.append(connected(tmp_path / "scanner", **options))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def next_code(scanner: Scanner) -> str | None:
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        if (text := scanner.scanned()) is not None:
            return text
    return None


def until(scanner: Scanner, name: str, value: object) -> dict[str, Any]:
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        assert scanner.scanned() is None
        if scanner.state().readings[name] == value:
            return dict(scanner.state().readings)
    raise AssertionError(scanner.state().readings)


def test_a_slip_held_before_it_is_read_and_the_scanner_is_known_from_then_on(
    virtual: VirtualScanner, connect: Connect
) -> None:
    scanner = connect()
    assert scanner.scanned() is None
    assert scanner.state().readings["scanner"] == "unknown"
    virtual.scan(TICKET)
    assert next_code(scanner) == TICKET
    told = scanner.state()
    assert (told.fault, told.readings["scanner"], told.readings["scans"]) == (None, "up", 1)
    assert told.readings["line_frame_errors"] == "unsupported", "a pty counts no troubles"


@pytest.mark.parametrize("suffix", ["cr", "lf", "crlf", "none"])
def test_every_ending_is_understood_without_a_setting(virtual: VirtualScanner, connect: Connect, suffix: str) -> None:
    scanner = connect(again_after_s=0.0)
    virtual.suffix(suffix)
    virtual.scan("6901234567892")
    assert next_code(scanner) == "6901234567892"


def test_chinese_in_gb18030(virtual: VirtualScanner, connect: Connect) -> None:
    scanner = connect(encoding="gb18030")
    virtual.encoding("gb18030")
    virtual.scan("清河镇")
    assert next_code(scanner) == "清河镇"


def test_a_slip_left_lying_is_one_scan(virtual: VirtualScanner, connect: Connect) -> None:
    scanner = connect()
    virtual.lie(TICKET, 6)
    assert next_code(scanner) == TICKET
    until(scanner, "repeated", 5)


def test_a_code_as_no_hall_prints_it_is_dropped_whole(virtual: VirtualScanner, connect: Connect) -> None:
    scanner = connect()
    virtual.long(3 * MAX_SCAN)
    assert until(scanner, "too_long", 1)["scans"] == 0
    virtual.scan(TICKET)
    assert next_code(scanner) == TICKET


def test_a_code_that_would_work_a_terminal_is_refused(virtual: VirtualScanner, connect: Connect) -> None:
    scanner = connect()
    virtual.raw("1b 5b 32 4a 41")
    assert until(scanner, "refused", 1)["scans"] == 0


def test_a_truncated_code_is_dropped_where_lines_are_ended(virtual: VirtualScanner, connect: Connect) -> None:
    scanner = connect(suffix="line")
    virtual.actions["truncate"]()
    virtual.scan(TICKET)
    until(scanner, "cut_off", 1)
    virtual.scan(TICKET)
    assert next_code(scanner) == TICKET


def test_a_pulled_scanner_is_told_and_the_next_open_hears_it_again(virtual: VirtualScanner, connect: Connect) -> None:
    scanner = connect()
    virtual.actions["unplug"]()
    with pytest.raises(DeviceError) as told:
        next_code(scanner)
    assert told.value.reason is Fault.DISCONNECTED
    with pytest.raises(DeviceError):
        scanner.state()
    scanner.close()
    with pytest.raises(DeviceError):
        connect()
    virtual.actions["replug"]()
    again = connect()
    virtual.scan(TICKET)
    assert next_code(again) == TICKET


def test_what_nobody_fetched_is_forgotten_on_closing(virtual: VirtualScanner, connect: Connect) -> None:
    scanner = connect()
    virtual.scan("somebody's")
    deadline = time.monotonic() + LIMIT_S
    assert isinstance(scanner, serial_scanner.SerialScanner)
    while not scanner._codes._ready and time.monotonic() < deadline:
        piece = scanner._bus.hear(0.01)
        scanner._codes.feed(piece, time.monotonic())
    scanner.close()
    assert scanner._codes.next() is None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"pause_ms": 5}, "pause_ms"),
        ({"again_after_s": -1.0}, "again_after_s"),
        ({"baud": 0}, "baud"),
        ({"suffix": "tab"}, "suffix"),
        ({"encoding": "utf-16"}, "encoding"),
    ],
)
def test_an_impossible_option_is_named(connect: Connect, options: dict[str, object], sentence: str) -> None:
    with pytest.raises(DeviceError, match=sentence) as told:
        connect(**options)
    assert told.value.reason is Fault.OPTION


@pytest.mark.parametrize("options", [{"gap_ms": 5}, {"again_after_s": 100.0}])
def test_an_impossible_option_of_the_wedge_is_named(options: dict[str, Any]) -> None:
    with pytest.raises(DeviceError, match=next(iter(options))):
        keyboard_wedge.connect(keyboard_wedge.Options(**options), "K1.scanner")


def test_nothing_stays_behind_after_many_reconnects(virtual: VirtualScanner, tmp_path: Path) -> None:
    def once() -> None:
        driver = connected(tmp_path / "scanner")
        driver.scanned()
        driver.state()
        driver.close()

    assert_nothing_leaks(once, reconnects(usual=100))


def test_the_virtual_scanner_ends_with_no_thread_left(tmp_path: Path) -> None:
    before = threading.active_count()
    device = VirtualScanner(tmp_path / "other")
    device.start()
    device.stop()
    assert threading.active_count() == before
