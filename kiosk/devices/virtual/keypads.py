"""Virtual call keypad and evaluator, 68 … 16 frames on a pseudo-terminal. They speak first and want their echo.

A frame that does not check is met with silence, as by the real one; a press without its echo is sent three times.
Run: `python -m kiosk.devices.virtual keypads --pty`, then type `press call`, `enter 0310`, `grade 0`, `state` …
"""

import argparse
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.devices.keypads import pad_frames
from kiosk.devices.keypads.call_keypad import HIGHEST_ADDRESS
from kiosk.devices.keypads.pad_frames import PadFrame
from kiosk.devices.virtual import line_console
from kiosk.devices.virtual.served_line import ServedLine
from kiosk.devices.virtual.told_values import a_rate, within
from kiosk.devices.virtual.transcripts import OnWire
from kiosk.ports import Key

TRIES = 3
AGAIN_S = 0.1
FRAMES_KEPT = 200
PRESSED = 0x01
"""Function of a keypad's own frames; the host does not look at it."""
CODES = {key: bytes([code]) for code, key in pad_frames.KEYS.items()}
SHORTCUTS = {key: bytes([digit]) + CODES[Key.CONFIRM] for digit, key in pad_frames.SHORTCUTS.items()}
DARK = bytes([pad_frames.BLANK] * 2 * pad_frames.DIGITS)
MAX_TYPED = pad_frames.MAX_DATA - 1


class VirtualKeypads:
    """One keypad and one evaluator on a line. `start` gives the path that a driver opens."""

    def __init__(
        self,
        address: int = 1,
        evaluator: int = 2,
        link: Path | None = None,
        baud: int = 9_600,
        *,
        paced: bool = True,
        echo: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = address
        self._evaluator = evaluator
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._decoder = pad_frames.Decoder()
        self._line = ServedLine("keypads", self._hear, link, baud, paced=paced, echo=echo)
        self._digits = DARK
        self._powered = True
        self._silent = False
        self._busy = 0
        self._deaf = 0
        self._pending: tuple[PadFrame, int, float] | None = None
        """A press that was not echoed yet, how often it was sent, and when it is sent again."""
        self.lit = False
        """The evaluator waits for a button."""
        self.beeps = 0
        self.acknowledged = 0
        self.unanswered = 0
        self.actions: dict[str, Callable[..., None]] = {
            "press": self.press,
            "digit": self.digit,
            "enter": self.enter,
            "grade": self.grade,
            "power_off": self.power_off,
            "power_on": self.power_on,
            "silence": self.silence,
            "answer": self.answer,
            "busy": self.busy,
            "lose_echoes": self.lose_echoes,
            "bad_sum": self.bad_sum,
            **self._line.actions,
        }

    def start(self) -> str:
        """Open the line and serve it; return the path for the driver."""
        return self._line.start()

    def stop(self) -> None:
        """End the thread and take the line away."""
        self._line.stop()

    def listen_in(self, on_wire: OnWire) -> None:
        """Tell `on_wire` of all that passes from now on."""
        self._line.on_wire = on_wire

    def state(self) -> dict[str, Any]:
        """What the keypad shows, and what came of its presses. What was typed is told to nobody."""
        with self._lock:
            shown = "".join(" " if digit == pad_frames.BLANK else str(digit) for digit in self._digits)
            return {
                "plugged": self._line.plugged,
                "powered": self._powered,
                "waiting": shown[: pad_frames.DIGITS].strip(),
                "ticket": shown[pad_frames.DIGITS :].strip(),
                "lit": self.lit,
                "beeps": self.beeps,
                "acknowledged": self.acknowledged,
                "unanswered": self.unanswered,
            }

    # ---- fingers -------------------------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        """Press a key by its name: call, recall, evaluate, cancel, confirm, give_up, hold, call_back, line, pause."""
        known = Key(key)
        self._send(PadFrame(self._address, PRESSED, (CODES | SHORTCUTS)[known]))

    def digit(self, value: int) -> None:
        """Press one digit, on a keypad that sends each by itself."""
        if not 0 <= value <= 9:  # noqa: PLR2004 the digits
            raise ValueError(value)
        self._send(PadFrame(self._address, PRESSED, bytes([value])))

    def enter(self, digits: str, key: str = "confirm") -> None:
        """Type digits and a key, on a keypad that sends them together."""
        if not digits.isascii() or not digits.isdecimal() or len(digits) > MAX_TYPED:
            raise ValueError(len(digits))
        self._send(PadFrame(self._address, PRESSED, bytes(int(digit) for digit in digits) + CODES[Key(key)]))

    def grade(self, index: int) -> None:
        """Press the evaluator's button, counted from 0; dark buttons say nothing."""
        with self._lock:
            lit, self.lit = self.lit, False
        if lit:
            self._send(PadFrame(self._evaluator, pad_frames.RATED, bytes([index])))

    # ---- what can go wrong ---------------------------------------------------------------------------------------

    def power_off(self) -> None:
        """Dark, and what was shown is forgotten."""
        with self._lock:
            self._powered, self.lit, self._digits, self._pending = False, False, DARK, None

    def power_on(self) -> None:
        """Back, blank."""
        with self._lock:
            self._powered = True

    def silence(self) -> None:
        """It obeys but no longer echoes."""
        with self._lock:
            self._silent = True

    def answer(self) -> None:
        """It echoes again."""
        with self._lock:
            self._silent = False

    def busy(self, times: int = 1) -> None:
        """The next frames from the host are ignored: this family knows no other way to say no."""
        with self._lock:
            self._busy = times

    def lose_echoes(self, times: int = 1) -> None:
        """The host's next echoes get lost on the line, so the press is sent again."""
        with self._lock:
            self._deaf = times

    def bad_sum(self) -> None:
        """A frame with a wrong sum, as a collision makes it."""
        frame = bytearray(pad_frames.encode(PadFrame(self._address, PRESSED, CODES[Key.CALL])))
        frame[-2] ^= 0x01
        self._line.push(bytes(frame))

    # ---- the line ------------------------------------------------------------------------------------------------

    def _send(self, frame: PadFrame) -> None:
        with self._lock:
            if not self._powered:
                return
            self._pending = (frame, 1, self._monotonic() + AGAIN_S)
        self._line.push(pad_frames.encode(frame))

    def _hear(self, received: bytes) -> bytes:
        frames = self._decoder.feed(received) if received else self._decoder.pause()
        with self._lock:
            answers = b"".join(self._answer(frame) for frame in frames)
            return answers + self._again()

    def _again(self) -> bytes:
        if self._pending is None or self._monotonic() < self._pending[2]:
            return b""
        frame, sent, _ = self._pending
        if sent == TRIES:
            self._pending = None
            self.unanswered += 1
            return b""
        self._pending = (frame, sent + 1, self._monotonic() + AGAIN_S)
        return pad_frames.encode(frame)

    def _answer(self, frame: PadFrame) -> bytes:
        if not self._powered or frame.address not in (self._address, self._evaluator):
            return b""
        if self._pending is not None and frame == pad_frames.acknowledgement(self._pending[0]):
            if self._deaf:
                self._deaf -= 1
            else:
                self._pending = None
                self.acknowledged += 1
            return b""
        if self._busy:
            self._busy -= 1
            return b""
        return pad_frames.encode(frame) if self._obey(frame) and not self._silent else b""

    def _obey(self, frame: PadFrame) -> bool:
        """Do as told; False for what this device does not know, which is met with silence."""
        match frame.function:
            case pad_frames.DISPLAY if self._is_display(frame):
                self._digits = frame.data
            case pad_frames.BEEP if frame.address == self._address and not frame.data:
                self.beeps += 1
            case pad_frames.EVALUATE if frame == pad_frames.start_rating(self._evaluator):
                self.lit = True
            case _:
                return False
        return True

    def _is_display(self, frame: PadFrame) -> bool:
        places = len(frame.data) == 2 * pad_frames.DIGITS and max(frame.data) <= pad_frames.BLANK
        return places and frame.address == self._address


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of this device."""
    line_console.add_place(parser)
    parser.add_argument("--address", type=within(0, HIGHEST_ADDRESS), default=1, help="of the keypad")
    parser.add_argument("--evaluator", type=within(0, HIGHEST_ADDRESS), default=2, help="of the evaluator")
    parser.add_argument("--baud", type=a_rate, default=9_600)
    parser.add_argument("--echo", action="store_true", help="the adapter hears itself")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; typed lines are actions."""
    return line_console.serve(VirtualKeypads(args.address, args.evaluator, args.link, args.baud, echo=args.echo))
