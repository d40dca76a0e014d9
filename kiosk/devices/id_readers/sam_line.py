"""The line to a SAM module: one request, one answer, one named wait. Foreign errors become ours here, once.

An opened serial line is greeted with `11 FF` at the rate that worked last, then at every other rate a module can have
been set to; the first that answers is kept. A line that falls silent is closed: the next question greets it afresh.
"""

import termios
import time
from contextlib import suppress
from typing import Protocol

import serial

from kiosk.devices.id_readers.sam_commands import BAUD_CODES, FACTORY_BAUD, set_baud
from kiosk.devices.id_readers.sam_frames import Answer, Command, Decoder, request
from kiosk.devices.id_readers.sam_status import Meaning, meaning
from kiosk.devices.id_readers.tcp_wire import SCHEME, TcpWire
from kiosk.devices.line_errors import line_errors
from kiosk.ports import DeviceError, Fault, Reading, Unread

POLL_S = 0.05
"""Longest single wait inside an exchange: how late past its limit a wait may end."""

QUIET_S = 0.5
"""A frame has no pauses inside: once one has begun, so much silence means that the rest will not come."""

WRITE_TIMEOUT_S = 1.0
"""Requests are 11 bytes; a line that does not take them in this time is stuck."""

GREETING_TIMEOUT_S = 0.3
"""Greeting and answer are 21 bytes, 22 ms at 9,600 baud, and a living module answers at once. The known rate is tried
twice, every other once: seven greetings at the most, about two seconds."""

DETECT = 0
"""As a baud rate: none is known, find out."""

_HOW_TO_WRITE = "a network reader is written socket://ADDRESS:PORT, with the address in numbers"

_LOST = (serial.SerialException, OSError, termios.error)


class Wire(Protocol):
    """What a serial port and a TCP connection have in common."""

    def read(self, count: int, /) -> bytes:
        """Return up to `count` bytes within `POLL_S`."""

    def write(self, sent: bytes, /) -> object:
        """Send."""

    def reset_input_buffer(self) -> None:
        """Drop what came unasked."""

    def fileno(self) -> int:
        """Return the descriptor."""

    def close(self) -> None:
        """Close."""


class SamLine:
    """Opens by itself when asked something; closes by itself when lost or silent, so that asking again reopens it."""

    def __init__(self, port: str, baud: int, device: str, greeting_timeout_s: float = GREETING_TIMEOUT_S) -> None:
        self._port = port
        self._device = device
        self._greeting_timeout_s = greeting_timeout_s
        self._baud = baud or FACTORY_BAUD
        """The rate that worked last; at first the configured one."""
        self._wire: Wire | None = None
        self.openings = 0
        """How often the line was opened and answered on; what a module forgets with its power is told again then."""

    def ask(self, request: bytes, timeout_s: float) -> Answer:
        """Send `request`, return the answer. Raises `DeviceError`: DISCONNECTED, SILENT, or GARBLED (cut or broken)."""
        return self._answered(self._opened(), request, timeout_s)

    @property
    def is_open(self) -> bool:
        """The line is open now, and was answered on."""
        return self._wire is not None

    @property
    def has_rate(self) -> bool:
        """This is a serial line: it has a baud rate."""
        return not self._port.startswith(f"{SCHEME}://")

    def readings(self) -> dict[str, Reading]:
        """Tell of the line: open, rate, and what the port counted."""
        rate = self._baud if self._wire is not None else Unread.UNKNOWN
        descriptor = self._wire.fileno() if self._wire is not None else None
        return {
            "line_open": self.is_open,
            "baud": rate if self.has_rate else Unread.UNSUPPORTED,
            **line_errors(descriptor),
        }

    def change_rate(self, baud: int) -> bool:
        """Set the module to `baud` and follow it; True when it then answers there. Raises `DeviceError` as `ask` does.

        When it does not, the old rate and all others are tried at the next question.
        """
        if not self.has_rate or baud not in BAUD_CODES:
            return False
        told = self.ask(set_baud(baud), self._greeting_timeout_s)
        if meaning(told.status) is not Meaning.OK:
            return False
        self.close()
        self._baud = baud
        self._opened()
        return self._baud == baud

    def close(self) -> None:
        """Give the line back; harmless when it is closed or gone."""
        wire, self._wire = self._wire, None
        if wire is not None:
            with suppress(*_LOST):
                wire.close()

    def _opened(self) -> Wire:
        if self._wire is None:
            try:
                self._wire = self._connected()
            except _LOST as error:
                raise DeviceError(Fault.DISCONNECTED, self._device, f"{self._port} cannot be opened") from error
            except ValueError as error:
                sentence = f"{self._port} at {self._baud} baud is refused" if self.has_rate else _HOW_TO_WRITE
                raise DeviceError(Fault.OPTION, self._device, sentence) from error
            self.openings += 1
        return self._wire

    def _connected(self) -> Wire:
        if not self.has_rate:
            return TcpWire(self._port, POLL_S, WRITE_TIMEOUT_S)
        line = serial.serial_for_url(
            self._port, baudrate=self._baud, timeout=POLL_S, write_timeout=WRITE_TIMEOUT_S, exclusive=True
        )
        try:
            self._baud = self._answering_rate(line)
        except BaseException:
            with suppress(*_LOST):
                line.close()
            raise
        return line  # type: ignore[no-any-return]  # pyserial tells no types

    def _answering_rate(self, line: serial.SerialBase) -> int:
        """Greet at every rate; raise what the known rate gave when none answers. The known one is tried twice."""
        first: DeviceError | None = None
        for baud in (self._baud, self._baud, *(rate for rate in BAUD_CODES if rate != self._baud)):
            if line.baudrate != baud:
                line.baudrate = baud
            try:
                self._answered(line, request(Command.STATUS), self._greeting_timeout_s)
            except DeviceError as error:
                if error.reason is Fault.DISCONNECTED:
                    raise
                first = first or error
            else:
                return baud
        raise first or DeviceError(Fault.SILENT, self._device, f"no answer at any rate on {self._port}")

    def _answered(self, wire: Wire, request: bytes, timeout_s: float) -> Answer:
        decoder = Decoder()
        try:
            wire.reset_input_buffer()  # a late answer to an older request is not the answer to this one
            wire.write(request)
            answer = _hear(wire, decoder, timeout_s)
        except _LOST as error:
            self.close()
            raise DeviceError(Fault.DISCONNECTED, self._device, f"the line {self._port} was lost") from error
        if answer is not None:
            return answer
        if decoder.begun:
            raise DeviceError(Fault.GARBLED, self._device, "the answer was cut short or its check byte is wrong")
        self.close()
        raise DeviceError(Fault.SILENT, self._device, f"no answer within {timeout_s:g} s on {self._port}")


def _hear(wire: Wire, decoder: Decoder, timeout_s: float) -> Answer | None:
    """Listen until an answer is whole, the time is over, or a begun frame has gone quiet."""
    now = time.monotonic()
    deadline, heard = now + timeout_s, now
    while now < deadline and not (decoder.begun and now - heard > QUIET_S):
        received = wire.read(decoder.wants())
        now = time.monotonic()
        if received:
            heard = now
            answer = decoder.feed(received)
            if answer is not None:
                return answer
    return None
