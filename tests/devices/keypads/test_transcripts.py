import time
from pathlib import Path

from kiosk.devices.keypads import call_keypad
from kiosk.ports import Key, Keypad, KeyPress
from tests.devices.strict_wire import StrictWire


def heard(driver: Keypad) -> KeyPress:
    until = time.monotonic() + 5.0
    while time.monotonic() < until:
        found = driver.presses()
        if found:
            return found[0]
    raise AssertionError


def test_the_keypad_driver_sends_what_is_recorded_and_not_a_byte_more() -> None:
    wire = StrictWire(Path(__file__).parent / "transcripts" / "call_keypad.txt")
    driver = call_keypad.connect(call_keypad.Options(wire.port, evaluator=2), "W14.keypad")
    wire.begin()
    assert heard(driver).key is Key.CALL
    assert driver.show(None, "A016")
    assert driver.show(12, "")
    assert driver.ask_rating()
    assert heard(driver) == KeyPress(2, Key.GRADE, 5)
    assert wire.ended() == []
    driver.close()
