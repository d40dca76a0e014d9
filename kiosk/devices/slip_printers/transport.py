"""Lines that only move bytes: TCP and serial, both as one non-blocking file descriptor. USB: see `usb.py`."""

import contextlib
import os
import select
import socket
import termios
from typing import Literal, Protocol

import serial

from kiosk.devices.slip_printers.status import Status

READ_BYTES = 4_096
"""Status answers are a few bytes; more at once is noise of a broken line."""

WRITE_BYTES = 8_192
"""Handed to the line at once, so that answers are looked at in between."""


class LineLost(Exception):  # noqa: N818 a lost line is what happened, not a mistake
    """The printer's line is gone: pulled plug, closed or refused connection."""


class Transport(Protocol):
    """One open line. `reads` is False where nothing can ever come back."""

    reads: bool

    def exchange(self, out: bytes, wait_s: float) -> tuple[int, bytes]:
        """Wait until something can be written or read, or `wait_s`; give bytes written and bytes read."""

    def weak_status(self) -> Status | None:
        """Tell what the port itself knows of a printer that cannot be asked; None when it knows nothing."""

    def close(self) -> None:
        """Give the line back."""


class Descriptor:
    """Reads and writes one file descriptor without blocking."""

    reads = True

    def __init__(self, fd: int, owner: socket.socket | serial.Serial) -> None:
        os.set_blocking(fd, False)
        self._fd = fd
        self._owner = owner

    def exchange(self, out: bytes, wait_s: float) -> tuple[int, bytes]:
        """See `Transport`. An end of file is a lost line."""
        try:
            readable, writable, _ = select.select([self._fd], [self._fd] if out else [], [], wait_s)
            written = self._write(out) if writable else 0
        except (OSError, ValueError) as error:
            raise LineLost(str(error)) from error
        try:
            return written, self._read() if readable else b""
        except LineLost:
            if written:  # told first: bytes that left are never sent again; the loss shows at the next exchange
                return written, b""
            raise

    def weak_status(self) -> Status | None:
        """See `Transport`: sockets and serial lines know nothing."""
        return None

    def close(self) -> None:
        """See `Transport`."""
        with contextlib.suppress(OSError, serial.SerialException, termios.error):
            self._owner.close()

    def _write(self, out: bytes) -> int:
        with contextlib.suppress(BlockingIOError):
            return os.write(self._fd, out[:WRITE_BYTES])
        return 0

    def _read(self) -> bytes:
        try:
            data = os.read(self._fd, READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise LineLost(str(error)) from error
        if not data:
            message = "the other end closed the line"
            raise LineLost(message)
        return data


def tcp(host: str, port: int, wait_s: float) -> Transport:
    """Connect to a network printer (raw port, usually 9100); `LineLost` after `wait_s`."""
    try:
        connected = socket.create_connection((host, port), timeout=wait_s)
    except OSError as error:
        raise LineLost(str(error)) from error
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Descriptor(connected.fileno(), connected)


def serial_line(path: str, baud: int, flow: Literal["none", "rts", "xon"]) -> Transport:
    """Open a serial port, for this process alone; `LineLost` when it is not there."""
    try:
        port = serial.Serial(
            path, baud, timeout=0, write_timeout=0, rtscts=flow == "rts", xonxoff=flow == "xon", exclusive=True
        )
    except (serial.SerialException, ValueError, OSError, termios.error) as error:
        raise LineLost(str(error)) from error
    return Descriptor(port.fileno(), port)
