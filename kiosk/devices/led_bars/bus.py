"""The one owner of a serial line with several devices: who speaks when, how long the line rests, what is our own echo.

RS-485 is half duplex: whoever speaks while another does destroys both frames. So the host asks, waits for the one
answer, lets the line rest, and asks again. Many adapters hear themselves; what comes back byte for byte is dropped.
"""

import contextlib
import select
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import serial

from kiosk.devices.line_errors import line_errors
from kiosk.ports import DeviceError, Fault, Reading

BITS_PER_BYTE = 10
"""8N1."""
GAP_CHARACTERS = 4
"""At least 3.5 characters of silence between frames (devices reference 5.5)."""
MAX_ANSWER_BYTES = 512
"""More than the longest answer of any device here, noise included."""
WRITE_LIMIT_S = 2.0
"""A line that does not take a frame in this time is stuck."""
READ_BYTES = 256

_LOST = (OSError, serial.SerialException, termios.error)

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Wiring:
    """A line as the configuration tells it. `gap_s` is the device's own pause between frames, 0 for the least."""

    port: str
    baud: int
    gap_s: float = 0.0


class Bus:
    """Owns one line. One thread; a lost line raises `DeviceError(DISCONNECTED)` and must be closed and opened anew."""

    def __init__(
        self,
        wiring: Wiring,
        name: str,
        line: serial.SerialBase,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._wiring = wiring
        self._name = name
        self._line = line
        self._monotonic = monotonic
        self._wait = wait
        self._gap_s = max(wiring.gap_s, GAP_CHARACTERS * BITS_PER_BYTE / wiring.baud)
        self._quiet_from = monotonic() - self._gap_s

    def ask(self, request: bytes, take: Callable[[bytes], R | None], timeout_s: float) -> R | None:
        """Send `request`; give what comes to `take`, our own echo left out, until it returns an answer or time is up.

        The time runs from the end of the request. None when nobody answered.
        """
        try:
            self._send(request)
            return self._answer(request, take, self._monotonic() + timeout_s)
        except _LOST as error:
            raise self._gone() from error
        finally:
            self._quiet_from = self._monotonic()

    def send(self, frame: bytes) -> None:
        """Send to a device that never answers."""
        try:
            self._send(frame)
        except _LOST as error:
            raise self._gone() from error
        finally:
            self._quiet_from = self._monotonic()

    def say(self, frame: bytes) -> float:
        """Send without forgetting what has arrived, on a line where the devices speak first.

        Return the monotonic time at which its last byte is on the line.
        """
        try:
            self._write(frame)
        except _LOST as error:
            raise self._gone() from error
        return self._quiet_from

    def hear(self, limit_s: float) -> bytes:
        """Return what has arrived; waits at most so long for the first byte."""
        try:
            piece = self._read(limit_s)
        except _LOST as error:
            raise self._gone() from error
        if piece:
            self._quiet_from = self._monotonic()
        return piece

    def check(self) -> None:
        """Raise `DeviceError` when the adapter was pulled; a device at the far end cannot be seen this way."""
        try:
            self._is_readable(0.0)
        except _LOST as error:
            raise self._gone() from error

    def troubles(self) -> dict[str, Reading]:
        """What the port itself has counted: frame and parity errors, overruns, breaks; `unsupported` on a pty."""
        return line_errors(self._line.fileno() if self._line.is_open else None)

    def close(self) -> None:
        """Give the line back; harmless when it is gone."""
        with contextlib.suppress(*_LOST):
            self._line.close()

    def _send(self, frame: bytes) -> None:
        self._is_readable(0.0)
        self._line.reset_input_buffer()  # a late answer to an older request is not the answer to this one
        self._write(frame)

    def _write(self, frame: bytes) -> None:
        left = self._quiet_from + self._gap_s - self._monotonic()
        if left > 0:
            self._wait(left)
        begun = self._monotonic()
        self._line.write(frame)
        self._line.flush()
        # An adapter with a buffer of its own says "written" before the last byte is on the line.
        self._quiet_from = max(self._monotonic(), begun + len(frame) * BITS_PER_BYTE / self._wiring.baud)

    def _answer(self, request: bytes, take: Callable[[bytes], R | None], deadline: float) -> R | None:
        deadline += max(0.0, self._quiet_from - self._monotonic())
        echo = Echo(request)
        received = 0
        while (left := deadline - self._monotonic()) > 0 and received < MAX_ANSWER_BYTES:
            piece = self._read(left)
            received += len(piece)
            answer = take(echo.left_out(piece))
            if answer is not None:
                return answer
        return None

    def _read(self, limit_s: float) -> bytes:
        if not self._is_readable(limit_s):
            return b""
        piece = bytes(self._line.read(READ_BYTES))
        if not piece:
            raise OSError(self._wiring.port)  # readable and empty: the adapter is gone
        return piece

    def _is_readable(self, limit_s: float) -> bool:
        """Wait so long for a byte. A pulled adapter is an `OSError` at once."""
        poll = select.poll()
        poll.register(self._line.fileno(), select.POLLIN)
        happened = [mask for _, mask in poll.poll(max(limit_s, 0.0) * 1000.0)]
        if any(mask & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for mask in happened):
            raise OSError(self._wiring.port)
        return bool(happened)

    def _gone(self) -> DeviceError:
        return DeviceError(Fault.DISCONNECTED, self._name, f"the line {self._wiring.port} is gone")


class Echo:
    """Leaves our own frame out of what is heard: all of it or nothing, wherever the pieces are cut."""

    def __init__(self, sent: bytes) -> None:
        self._sent = sent
        self._held = b""
        self._over = not sent

    def left_out(self, piece: bytes) -> bytes:
        """Return what is not our echo; bytes that may still become it are held back."""
        if self._over:
            return piece
        self._held += piece
        if self._held.startswith(self._sent):
            self._over = True
            return self._held[len(self._sent) :]
        if self._sent.startswith(self._held):
            return b""
        self._over = True
        return self._held


def open_bus(wiring: Wiring, name: str) -> Bus:
    """Open the line for this driver alone, or raise `DeviceError`: OPTION, DISCONNECTED."""
    if wiring.baud <= 0 or wiring.gap_s < 0:
        raise DeviceError(Fault.OPTION, name, "baud must be greater than 0 and gap_s not negative")
    try:
        line = serial.Serial(wiring.port, wiring.baud, timeout=0, write_timeout=WRITE_LIMIT_S, exclusive=True)
    except (*_LOST, ValueError) as error:
        raise DeviceError(Fault.DISCONNECTED, name, f"cannot open {wiring.port}") from error
    return Bus(wiring, name, line)
