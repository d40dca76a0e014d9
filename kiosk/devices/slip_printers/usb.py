"""USB printers without a serial converter: the printer class's bulk endpoints, or the kernel's /dev/usb/lp."""

import array
import contextlib
import errno
import fcntl
import os
import select
import stat
import time
from dataclasses import dataclass
from typing import Any

import usb.core
import usb.util

from kiosk.devices.slip_printers.status import Status
from kiosk.devices.slip_printers.transport import READ_BYTES, LineLost

PRINTER_CLASS = 7
"""bInterfaceClass of printers (USB Device Class Definition for Printing Devices 1.1)."""

PORTION_BYTES = 4_096
"""Handed over at once: a multiple of both packet sizes, 64 and 512."""

WRITE_WAIT_S = 0.25
"""A printer whose buffer is full takes nothing; after so long we look at what it says instead."""

SHORTEST_WAIT_MS = 1
"""Zero would mean for ever."""

NAP_S = 0.02
"""Some printers answer a read at once with nothing: looked at 50 times a second, not more."""

LPGETSTATUS = 0x060B
"""linux/lp.h; usblp answers it by the class's GET_PORT_STATUS."""
NO_ERROR, SELECTED, PAPER_OUT = 0x08, 0x10, 0x20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which printer: numbers as `lsusb` shows them; None fits all, an empty serial number, too."""

    vendor: int | None = None
    product: int | None = None
    serial: str = ""


def wanted(text: str) -> Wanted:
    """Read `vendor:product`, `vendor:product:serial` or nothing: the only printer there is. `ValueError` otherwise."""
    if not text:
        return Wanted()
    vendor, product, *rest = text.split(":", 2)
    found = Wanted(int(vendor, 16), int(product, 16), rest[0] if rest else "")
    if not all(0 <= number <= 0xFFFF for number in (found.vendor or 0, found.product or 0)):  # noqa: PLR2004 two bytes
        message = "vendor and product have four hexadecimal digits"
        raise ValueError(message)
    return found


def usb_line(which: Wanted, backend: object | None = None) -> "UsbLine":
    """Find the printer anew, wherever it is plugged in now, and claim it; `LineLost` when that cannot be."""
    try:
        device = _found(which, backend)
        return UsbLine(device, _printer_interface(device))
    except (usb.core.USBError, usb.core.NoBackendError, NotImplementedError) as error:
        denied = getattr(error, "errno", None) == errno.EACCES
        raise LineLost("no permission for the USB printer: a udev rule is missing" if denied else str(error)) from error


def _found(which: Wanted, backend: object | None) -> Any:
    fitting = [
        device
        for device in usb.core.find(find_all=True, backend=backend)
        if which.vendor in (None, device.idVendor) and which.product in (None, device.idProduct)
        if _interfaces(device) and which.serial in ("", _serial(device))
    ]
    if not fitting:
        message = "no such USB printer"
        raise LineLost(message)
    if len(fitting) > 1:
        message = f"{len(fitting)} USB printers fit; name one by its serial number"
        raise LineLost(message)
    return fitting[0]


def _serial(device: Any) -> str:
    with contextlib.suppress(usb.core.USBError, ValueError):
        return str(device.serial_number or "")
    return ""


def _interfaces(device: Any) -> list[Any]:
    return [
        interface
        for configuration in device
        for interface in configuration
        if interface.bInterfaceClass == PRINTER_CLASS and interface.bAlternateSetting == 0
    ]


def _printer_interface(device: Any) -> Any:
    """Claim the interface; the kernel's usblp lets go of it, the device is not reset (that would eject paper)."""
    interface = _interfaces(device)[0]
    number = interface.bInterfaceNumber
    with contextlib.suppress(NotImplementedError):
        if device.is_kernel_driver_active(number):
            device.detach_kernel_driver(number)
    usb.util.claim_interface(device, number)
    return interface


class UsbLine:
    """See `Transport`: bulk OUT, and bulk IN where the printer has one."""

    def __init__(self, device: Any, interface: Any) -> None:
        self._device = device
        self._number = interface.bInterfaceNumber
        self._out = _bulk(interface, usb.util.ENDPOINT_OUT)
        self._in = _bulk(interface, usb.util.ENDPOINT_IN)
        if self._out is None:
            self.close()
            message = "the USB printer has no bulk OUT endpoint"
            raise LineLost(message)
        self.reads = self._in is not None

    def exchange(self, out: bytes, wait_s: float) -> tuple[int, bytes]:
        """See `Transport`."""
        try:
            written = self._write(out[:PORTION_BYTES], min(wait_s, WRITE_WAIT_S)) if out else 0
        except usb.core.USBError as error:
            raise LineLost(str(error)) from error
        try:
            return written, self._read(0.0 if written else wait_s)
        except usb.core.USBError as error:
            if written:  # told first: bytes that left are never sent again; the loss shows at the next exchange
                return written, b""
            raise LineLost(str(error)) from error

    def weak_status(self) -> Status | None:
        """Nothing beyond what the printer itself answers."""
        return None

    def close(self) -> None:
        """See `Transport`."""
        with contextlib.suppress(usb.core.USBError):
            usb.util.release_interface(self._device, self._number)
        usb.util.dispose_resources(self._device)

    def _write(self, data: bytes, wait_s: float) -> int:
        try:
            return int(self._device.write(self._out, data, _ms(wait_s)))
        except usb.core.USBTimeoutError:
            return 0

    def _read(self, wait_s: float) -> bytes:
        """Wait in naps: a printer with nothing to say may answer at once with nothing."""
        until = time.monotonic() + wait_s
        while self._in is not None:
            buffer = array.array("B", bytes(READ_BYTES))
            got = 0
            left_s = until - time.monotonic()
            with contextlib.suppress(usb.core.USBTimeoutError):
                got = self._device.read(self._in, buffer, _ms(max(0.0, left_s)))
            if got or until - time.monotonic() <= 0:
                return buffer[:got].tobytes()
            time.sleep(min(NAP_S, max(0.0, until - time.monotonic())))
        time.sleep(wait_s)
        return b""


def _bulk(interface: Any, direction: int) -> int | None:
    for endpoint in interface:
        kind = usb.util.endpoint_type(endpoint.bmAttributes)
        if kind == usb.util.ENDPOINT_TYPE_BULK and usb.util.endpoint_direction(endpoint.bEndpointAddress) == direction:
            return int(endpoint.bEndpointAddress)
    return None


def _ms(wait_s: float) -> int:
    return max(SHORTEST_WAIT_MS, round(wait_s * 1_000))


def lp_line(path: str) -> "LpLine":
    """Open the kernel's printer device; for writing alone where it cannot be read. `LineLost` when it is not there."""
    try:
        try:
            fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
            if stat.S_ISFIFO(os.fstat(fd).st_mode):
                os.close(fd)  # read again, it would give our own bytes back
                fd, reads = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC), False
            else:
                reads = True
        except PermissionError:
            fd, reads = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC), False
    except OSError as error:
        raise LineLost(error.strerror or "cannot be opened") from error
    return LpLine(fd, reads)


class LpLine:
    """See `Transport`. An empty read is not an end: usblp gives one when the printer has nothing to say."""

    def __init__(self, fd: int, reads: bool) -> None:
        self._fd = fd
        self.reads = reads

    def exchange(self, out: bytes, wait_s: float) -> tuple[int, bytes]:
        """See `Transport`."""
        try:
            readable, writable, _ = select.select(
                [self._fd] if self.reads else [], [self._fd] if out else [], [], wait_s
            )
            written = self._write(out) if writable else 0
        except (OSError, ValueError) as error:
            raise LineLost(str(error)) from error
        try:
            data = self._read() if readable else b""
        except OSError as error:
            if written:
                return written, b""
            raise LineLost(str(error)) from error
        if readable and not data and not written:
            time.sleep(min(wait_s, NAP_S))
        return written, data

    def weak_status(self) -> Status | None:
        """Read paper-out, selected and error from the port status; None where the device cannot tell."""
        told = array.array("B", bytes(4))
        try:
            fcntl.ioctl(self._fd, LPGETSTATUS, told)
        except OSError:
            return None
        return port_status(told[0])

    def close(self) -> None:
        """See `Transport`."""
        with contextlib.suppress(OSError):
            os.close(self._fd)

    def _write(self, out: bytes) -> int:
        with contextlib.suppress(BlockingIOError):
            return os.write(self._fd, out[:PORTION_BYTES])
        return 0

    def _read(self) -> bytes:
        with contextlib.suppress(BlockingIOError):
            return os.read(self._fd, READ_BYTES)
        return b""


def port_status(byte: int) -> Status:
    """Read the printer class's port status: all that a line without answers can tell."""
    return Status(
        offline=not byte & SELECTED,
        paper_end=bool(byte & PAPER_OUT),
        error=not byte & NO_ERROR and not byte & PAPER_OUT,
    )
