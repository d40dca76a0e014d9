"""The serial line to a SAM module: one request, one answer, one named wait. Foreign errors become ours here, once."""

import termios
import time
from contextlib import suppress

import serial

from kiosk.devices.id_readers.sam_frames import Answer, Decoder
from kiosk.ports import DeviceError, Fault

POLL_S = 0.05
"""Longest single wait inside an exchange: how late past its limit a wait may end."""

QUIET_S = 0.5
"""A frame has no pauses inside: once one has begun, so much silence means that the rest will not come."""

WRITE_TIMEOUT_S = 1.0
"""Requests are 11 bytes; a line that does not take them in this time is stuck."""

_LOST = (serial.SerialException, OSError, termios.error)


class SamLine:
    """Opens by itself when asked something; closes by itself when the line is lost, so that asking again reopens it."""

    def __init__(self, port: str, baud: int, device: str) -> None:
        self._port = port
        self._baud = baud
        self._device = device
        self._serial: serial.SerialBase | None = None

    def ask(self, request: bytes, timeout_s: float) -> Answer:
        """Send `request`, return the answer. Raises `DeviceError`: DISCONNECTED, SILENT, or GARBLED (cut or broken)."""
        line = self._opened()
        decoder = Decoder()
        try:
            line.reset_input_buffer()  # a late answer to an older request is not the answer to this one
            line.write(request)
            answer = _hear(line, decoder, timeout_s)
        except _LOST as error:
            self.close()
            raise DeviceError(Fault.DISCONNECTED, self._device, f"the line {self._port} was lost") from error
        if answer is not None:
            return answer
        if decoder.begun:
            raise DeviceError(Fault.GARBLED, self._device, "the answer was cut short or its check byte is wrong")
        raise DeviceError(Fault.SILENT, self._device, f"no answer within {timeout_s:g} s on {self._port}")

    @property
    def is_open(self) -> bool:
        """The line is open now."""
        return self._serial is not None

    def close(self) -> None:
        """Give the line back; harmless when it is closed or gone."""
        line, self._serial = self._serial, None
        if line is None:
            return
        end = getattr(line, "_socket", None)  # pyserial forgets to close it when the far end went first
        with suppress(*_LOST):
            line.close()
        if end is not None:
            end.close()

    def _opened(self) -> serial.SerialBase:
        if self._serial is None:
            try:
                self._serial = serial.serial_for_url(
                    self._port, baudrate=self._baud, timeout=POLL_S, write_timeout=WRITE_TIMEOUT_S, exclusive=True
                )
            except _LOST as error:
                raise DeviceError(Fault.DISCONNECTED, self._device, f"{self._port} cannot be opened") from error
            except ValueError as error:
                raise DeviceError(
                    Fault.OPTION, self._device, f"{self._port} at {self._baud} baud is refused"
                ) from error
        return self._serial


def _hear(line: serial.SerialBase, decoder: Decoder, timeout_s: float) -> Answer | None:
    """Listen until an answer is whole, the time is over, or a begun frame has gone quiet."""
    now = time.monotonic()
    deadline, heard = now + timeout_s, now
    while now < deadline and not (decoder.begun and now - heard > QUIET_S):
        received = line.read(decoder.wants())
        now = time.monotonic()
        if received:
            heard = now
            answer = decoder.feed(received)
            if answer is not None:
                return answer
    return None
