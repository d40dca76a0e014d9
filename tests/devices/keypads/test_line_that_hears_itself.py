"""When the driver believes that its adapter hears itself, on a line whose time the test turns."""

import pytest

from kiosk.devices.keypads import pad_frames
from kiosk.devices.keypads.call_keypad import CallKeypad, Options
from kiosk.devices.led_bars.bus import Bus
from kiosk.devices.virtual.keypads import PRESSED
from kiosk.ports import Keypad, KeyPress, Reading

DIGIT = pad_frames.PadFrame(1, PRESSED, b"\x07")
WIRE_S = 0.01
"""A press at 9600 baud."""
TRY_S = 0.1
POLL_S = 0.02


class TurnedLine(Bus):
    """A line and a keypad on it, in a time of their own."""

    def __init__(self, *, echoes: bool) -> None:
        self.now = 100.0
        self.echoes = echoes
        self.present = True
        self._coming: list[tuple[float, bytes]] = []

    def monotonic(self) -> float:
        return self.now

    def comes(self, frame: pad_frames.PadFrame, after_s: float) -> None:
        self._coming.append((self.now + after_s, pad_frames.encode(frame)))
        self._coming.sort()

    def say(self, frame: bytes) -> float:
        self.now += WIRE_S
        if self.echoes:
            self._coming.append((self.now + 0.001, frame))
        told = pad_frames.parse(frame)
        if self.present and told is not None and told.function == pad_frames.DISPLAY:
            self._coming.append((self.now + 0.015, frame))
        self._coming.sort()
        return self.now

    def hear(self, limit_s: float) -> bytes:
        until = self.now + max(limit_s, 0.0)
        if self._coming and self._coming[0][0] <= until:
            self.now = max(self.now, self._coming[0][0])
        else:
            self.now = until
        heard = b"".join(frame for at, frame in self._coming if at <= self.now)
        self._coming = [(at, frame) for at, frame in self._coming if at > self.now]
        return heard

    def check(self) -> None:
        return

    def troubles(self) -> dict[str, Reading]:
        return {}

    def close(self) -> None:
        self._coming.clear()


def listened(driver: Keypad, line: TurnedLine, for_s: float) -> list[KeyPress]:
    """Let the worker poll for so long."""
    found: list[KeyPress] = []
    until = line.now + for_s
    while line.now < until:
        found += driver.presses()
        line.now += POLL_S
    return found


def made(*, echoes: bool) -> tuple[CallKeypad, TurnedLine]:
    line = TurnedLine(echoes=echoes)
    driver = CallKeypad(Options("/dev/none"), "W14.keypad", line, line.monotonic)
    listened(driver, line, 0.1)
    return driver, line


@pytest.mark.parametrize("late_ms", range(10, 100, 5))
def test_a_second_try_that_crosses_a_late_answer_is_neither_echo_nor_press(late_ms: int) -> None:
    driver, line = made(echoes=False)
    for each in range(3):
        line.comes(DIGIT, 0.0)
        if late_ms + 1_000 * WIRE_S > 1_000 * TRY_S - 40:  # the answer is not there before the second try begins
            line.comes(DIGIT, TRY_S)
            line.comes(DIGIT, 2 * TRY_S)
        line.now += late_ms / 1_000
        assert [press.value for press in listened(driver, line, 1.5)] == [7], each
        told = driver.state().readings
        assert (told["line_echoes"], told["keypad"]) == (False, "up")


def test_the_echo_of_a_prompt_answer_shows_an_adapter_that_hears_itself() -> None:
    driver, line = made(echoes=True)
    line.comes(DIGIT, 0.013)
    assert [press.value for press in listened(driver, line, 0.5)] == [7]
    assert driver.state().readings["line_echoes"] is True
    line.present = False
    assert driver.state().readings["keypad"] == "silent"  # the echo alone is no answer


def test_an_adapter_that_no_longer_hears_itself_is_found_out_at_the_next_press() -> None:
    driver, line = made(echoes=True)
    line.comes(DIGIT, 0.013)
    listened(driver, line, 1.5)
    assert driver.state().readings["line_echoes"] is True
    line.echoes = False
    assert driver.state().readings["keypad"] == "silent"
    line.comes(DIGIT, 0.013)
    assert [press.value for press in listened(driver, line, 1.5)] == [7]
    told = driver.state().readings
    assert (told["line_echoes"], told["keypad"]) == (False, "up")


def test_what_the_technician_told_of_the_adapter_is_not_unlearned() -> None:
    line = TurnedLine(echoes=False)
    driver = CallKeypad(Options("/dev/none", line_echoes=True), "W14.keypad", line, line.monotonic)
    line.comes(DIGIT, 0.013)
    listened(driver, line, 1.5)
    assert driver.state().readings["line_echoes"] is True
