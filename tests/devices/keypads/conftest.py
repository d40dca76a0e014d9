from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.devices.keypads import call_keypad
from kiosk.devices.virtual.keypads import VirtualKeypads
from kiosk.ports import Keypad


@pytest.fixture
def pads(tmp_path: Path) -> Iterator[VirtualKeypads]:
    virtual = VirtualKeypads(1, 2, tmp_path / "pads", baud=57_600)
    virtual.start()
    yield virtual
    virtual.stop()


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Callable[..., Keypad]]:
    opened: list[Keypad] = []

    def connect(**options: object) -> Keypad:
        told = {"port": str(tmp_path / "pads"), "baud": 57_600, "evaluator": 2, **options}
        opened.append(call_keypad.connect(call_keypad.Options(**told), "W14.keypad"))  # type: ignore[arg-type]
        return opened[-1]

    yield connect
    for driver in opened:
        driver.close()
