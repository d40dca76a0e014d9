"""Cables pulled and put back again and again under drivers, as a worker holds them: nothing is left behind.

The ID reader's are in `id_readers/test_sam_line.py`; PC/SC has its own service.
`DAOYIN_RECONNECTS=10000` makes a night of it.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices.loading import open_device
from kiosk.devices.virtual.keypads import VirtualKeypads
from kiosk.devices.virtual.led_bars import VirtualLedBars
from kiosk.devices.virtual.printer import Pty, Tcp, VirtualPrinter
from kiosk.devices.virtual.queue_bars import VirtualQueueBars
from kiosk.devices.virtual.scanner import VirtualScanner
from kiosk.devices.virtual.sheet_printer import VirtualSheetPrinter
from kiosk.devices.virtual.speaker import VirtualSpeaker
from kiosk.ports import DeviceError
from kiosk.settings import DeviceSettings
from tests.devices.reconnecting import assert_nothing_leaks, reconnects

Cable = tuple[Any, str, DeviceSettings, Callable[[], object], Callable[[], object]]


def settings(driver: str, **options: Any) -> DeviceSettings:
    return DeviceSettings(driver=driver, options=options)


def made(name: str, place: Path) -> Cable:
    """Return the virtual device, the driver's kind and settings, and how its cable is pulled and put back."""
    line = place / "line"
    device: Any
    match name:
        case "bars":
            device = VirtualLedBars((7,), line, 57_600, paced=False)
            told = "led_bars", settings("onbon_bx5k", port=device.start(), baud=57_600, addresses="7", gap_s=0.0)
        case "queue_bars":
            device = VirtualQueueBars((7,), line, 9_600, paced=False)
            told = "led_bars", settings("queue_bar_69", port=device.start(), addresses="7")
        case "keypad":
            device = VirtualKeypads(link=line, baud=9_600, paced=False)
            told = "keypad", settings("call_keypad", port=device.start(), evaluator=0)
        case "scanner":
            device = VirtualScanner(line, 9_600, paced=False)
            told = "scanner", settings("serial_scanner", port=device.start())
        case "printer on a line":
            device = VirtualPrinter("pulled", Pty(line))
            told = "slip_printer", settings("escpos", transport="serial", path=device.start())
        case "printer on a network":
            device = VirtualPrinter("pulled", Tcp())
            port = int(device.start().rsplit(":", 1)[1])
            told = "slip_printer", settings("escpos", port=port)
        case "A4 printer":
            device = VirtualSheetPrinter()
            told = "sheet_printer", settings("cups", server=device.start(), queue="/ipp/print")
        case _:
            device = VirtualSpeaker(speed=1_000.0)
            told = "speaker", settings("espeak", outlet=f"tcp:{device.start()}")
    return device, *told, device.actions["unplug"], device.actions["replug"]


NAMES = (
    "bars",
    "queue_bars",
    "keypad",
    "scanner",
    "printer on a line",
    "printer on a network",
    "A4 printer",
    "speaker",
)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_stays_behind_when_a_cable_is_pulled_again_and_again(name: str, tmp_path: Path) -> None:
    device, kind, told, pull, put_back = made(name, tmp_path)

    def pull_and_put_back() -> None:
        driver = open_device(kind, told, f"K1.{kind}", lambda _job, _fault: None)
        until(lambda: serves(driver))
        pull()
        until(lambda: not serves(driver))
        driver.close()
        put_back()
        getattr(device, "heard", []).clear()  # what a simulator remembers is no leak of the driver's

    assert_nothing_leaks(pull_and_put_back, reconnects(usual=20))
    device.stop()


def serves(driver: Any) -> bool:
    """Ask a driver how it is; one whose cable is out tells or raises."""
    try:
        return bool(driver.state().may_serve)
    except DeviceError:
        return False


def until(seen: Callable[[], bool], limit_s: float = 60.0) -> None:
    """Look until it is so: a plug takes its simulator's thread a moment."""
    pause, deadline = threading.Event(), time.monotonic() + limit_s
    while not seen():
        assert time.monotonic() < deadline
        pause.wait(0.005)
