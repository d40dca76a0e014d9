"""Closing is for good: after `close` no question of a port opens a line, a connection, a process or a thread again."""

import contextlib
import os
import sys
import threading
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hall.ids import JobId
from kiosk.devices.loading import FOLDERS, known_drivers, open_device
from kiosk.devices.speakers.pcm import Pcm, to_wav
from kiosk.devices.virtual.serial_lines import PtyLine
from kiosk.ports import DeviceError, Fault
from kiosk.settings import DeviceSettings
from kiosk.speech import PLAINLY
from tests.devices.printers.room import SLIP

NOBODY = 1
"""A port of the loopback at which nobody listens: what matters is who tries."""
OPTIONS: dict[str, dict[str, Any]] = {
    "sam_serial": {"port": "LINE", "greeting_timeout_s": 0.01, "find_timeout_s": 0.01, "read_timeout_s": 0.01},
    "pcsc": {},
    "vendor_service": {"library": "/nowhere/vendor.so"},
    "escpos": {"port": NOBODY},
    "onbon_bx5k": {"port": "LINE", "addresses": "7", "timeout_s": 0.01},
    "queue_bar_69": {"port": "LINE", "addresses": "7"},
    "espeak": {"outlet": f"tcp:127.0.0.1:{NOBODY}", "headphones": "JACK", "headphone_outlet": "alsa:hw:9"},
    "voice_pack": {"folder": "PACK", "outlet": f"tcp:127.0.0.1:{NOBODY}"},
    "call_keypad": {"port": "LINE", "answers": False},
    "serial_scanner": {"port": "LINE"},
    "keyboard_wedge": {},
    "cups": {"server": f"127.0.0.1:{NOBODY}", "queue": "/ipp/print"},
    "linux": {},
    "nut": {"ups": "hall", "server": "127.0.0.1", "tcp_port": NOBODY},
}
"""A driver that is added here says how it is told where its device is; one that is forgotten fails by its name."""
VOICE = 'name = "test"\nlanguage = "zh"\nrate = 8000\ngap_ms = 1\npause_ms = 2\n[clips]\n"一" = "1.wav"\n'
HOLDS_NOTHING = {"linux", "keyboard_wedge"}
EVERY_DRIVER = [(kind, driver) for kind in FOLDERS for driver in known_drivers(kind)]
QUESTIONS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("state", ()),
    ("present", ()),
    ("read", ("20261123",)),
    ("verify_pin", ("123456",)),
    ("let_go", ()),
    ("print", (JobId("late"), SLIP)),
    ("show", (7, "A001")),
    ("presses", ()),
    ("ask_rating", ()),
    ("scanned", ()),
    ("say", ("一", PLAINLY)),
    ("change_rate", (9_600,)),
    ("close", ()),
)

_opened: list[str] = []
_watched = ""
_others: set[int] = set()
"""Threads that were there before the test: what an earlier test left running may open what it likes."""
_OPENINGS = {"open": 0, "socket.connect": 1, "subprocess.Popen": 1}
"""What the interpreter tells its auditors, and which of the event's words says where to."""


def _audit(event: str, told: tuple[Any, ...]) -> None:
    if not _watched or event not in _OPENINGS or threading.get_ident() in _others:
        return
    where = str(told[_OPENINGS[event]])
    if event != "open" or where.startswith((_watched, "/dev/")):
        _opened.append(f"{event} {where}")


sys.addaudithook(_audit)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    line = PtyLine(tmp_path / "line")
    line.plug()
    os.mkfifo(tmp_path / "jack")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "1.wav").write_bytes(to_wav(Pcm(8_000, array("h", [1_000] * 8))).wav)
    (tmp_path / "pack" / "voice.toml").write_text(VOICE, encoding="utf-8")
    global _watched  # noqa: PLW0603 - an auditor can never be taken away, so it is switched
    _watched = str(tmp_path)
    _opened.clear()
    _others.clear()
    _others.update(one.ident for one in threading.enumerate() if one.ident is not None)
    _others.discard(threading.get_ident())
    yield tmp_path
    _watched = ""
    line.leave()


def options(driver: str, place: Path) -> dict[str, Any]:
    places = {"LINE": str(place / "line"), "JACK": str(place / "jack"), "PACK": str(place / "pack")}
    return {name: places.get(str(told), told) for name, told in OPTIONS[driver].items()}


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def asked(driver: Any) -> Callable[[], object]:
    def ask() -> object:
        try:
            return driver.state().fault
        except DeviceError as error:
            return error.reason

    return ask


def test_every_driver_is_told_where_its_device_is() -> None:
    assert set(OPTIONS) == {driver for _, driver in EVERY_DRIVER}


@pytest.mark.parametrize(("kind", "name"), EVERY_DRIVER)
def test_nothing_opens_again_after_close_but_connecting(
    kind: str, name: str, place: Path, request: pytest.FixtureRequest
) -> None:
    if name == "pcsc":
        request.getfixturevalue("slot")
    before = threads()
    settings = DeviceSettings(driver=name, options=options(name, place))
    driver = open_device(kind, settings, "K1.x", lambda _job, _fault: None)
    asked(driver)()
    assert name in HOLDS_NOTHING or _opened or threads() - before, "the recipe must reach the place of the device"
    driver.close()
    _opened.clear()
    still = threads()
    descriptors = set(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names only
    for question, words in QUESTIONS:
        if hasattr(driver, question):
            with contextlib.suppress(DeviceError):
                getattr(driver, question)(*words)
    assert _opened == []
    assert threads() <= still
    assert set(os.listdir("/proc/self/fd")) <= descriptors  # noqa: PTH208 - names only
    assert name in HOLDS_NOTHING or asked(driver)() is Fault.DISCONNECTED
