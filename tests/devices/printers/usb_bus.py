"""A USB bus for tests, strict as the real one: only claimed interfaces, only the endpoints that a printer has."""

import errno
import socket
from array import array
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

from kiosk.devices.virtual.printer import VirtualPrinter

PRINTER_CLASS = 7
OUT, IN = 0x02, 0x81
PACKET_BYTES = 64
STRINGS = {1: "DAOYIN", 2: "VIRTUAL-80"}
GET_DESCRIPTOR, STRING = 6, 3
EIGHT_TO_TEN = 1_000


@dataclass(slots=True)
class Plugged:
    """One printer on the bus. Each plugging in gets a new number, as a hub gives it."""

    printer: VirtualPrinter
    vendor: int = 0x04B8
    product: int = 0x0E28
    serial: str = "X1"
    answers: bool = True
    """False: the printer has no IN endpoint (protocol 1 of the class)."""
    kernel_driver: bool = True
    number: int = 0


@dataclass(slots=True)
class Handle:
    """One opened device."""

    plugged: Plugged
    line: socket.socket
    claimed: set[int] = field(default_factory=set)


class Bus(usb.backend.IBackend):  # type: ignore[misc] # pyusb has no types
    """Gives pyusb the printers that are plugged in now; bytes go to the virtual printer behind each."""

    def __init__(self) -> None:
        super().__init__()
        self.plugged: list[Plugged] = []
        self.opened: list[Handle] = []
        self._next = 1

    def plug(self, plugged: Plugged) -> None:
        """Plug a printer in."""
        plugged.number, self._next = self._next, self._next + 1
        self.plugged.append(plugged)

    def pull(self, plugged: Plugged) -> None:
        """Pull it: all its handles are dead from now on."""
        self.plugged.remove(plugged)
        for handle in self.opened:
            if handle.plugged is plugged:
                handle.line.close()

    def open_handles(self) -> int:
        """Count descriptors that somebody holds."""
        return len(self.opened)

    # ---- what pyusb asks -----------------------------------------------------------------------------------------

    def enumerate_devices(self) -> Any:
        return iter([(plugged, plugged.number) for plugged in self.plugged])

    def get_parent(self, dev: Any) -> None:
        return None

    def get_device_descriptor(self, dev: Any) -> Any:
        plugged, number = dev
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=plugged.vendor, idProduct=plugged.product, bcdDevice=0x100, iManufacturer=1,
            iProduct=2, iSerialNumber=3, bNumConfigurations=1, address=number, bus=1, port_number=1,
            port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0xC0, bMaxPower=1, extra_descriptors=b"",
        )  # fmt: skip

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if intf or alt or config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0,
            bNumEndpoints=1 + dev[0].answers, bInterfaceClass=PRINTER_CLASS, bInterfaceSubClass=1,
            bInterfaceProtocol=1 + dev[0].answers, iInterface=0, extra_descriptors=b"",
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        address = ([OUT, IN] if dev[0].answers else [OUT])[ep]
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=address, bmAttributes=2, wMaxPacketSize=PACKET_BYTES,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=b"",
        )  # fmt: skip

    def open_device(self, dev: Any) -> Handle:
        plugged, number = dev
        if plugged not in self.plugged or plugged.number != number:
            raise gone()
        host, port = str(plugged.printer.state()["address"]).rsplit(":", 1)
        handle = Handle(plugged, socket.create_connection((host, int(port))))
        self.opened.append(handle)
        return handle

    def close_device(self, dev_handle: Handle) -> None:
        dev_handle.line.close()
        self.opened.remove(dev_handle)

    def set_configuration(self, dev_handle: Handle, config_value: int) -> None:
        raise AssertionError("setting the configuration resets the printer")

    def get_configuration(self, dev_handle: Handle) -> int:
        return 1

    def is_kernel_driver_active(self, dev_handle: Handle, intf: int) -> bool:
        return dev_handle.plugged.kernel_driver

    def detach_kernel_driver(self, dev_handle: Handle, intf: int) -> None:
        dev_handle.plugged.kernel_driver = False

    def claim_interface(self, dev_handle: Handle, intf: int) -> None:
        if dev_handle.plugged.kernel_driver:
            raise usb.core.USBError("Resource busy", None, errno.EBUSY)
        dev_handle.claimed.add(intf)

    def release_interface(self, dev_handle: Handle, intf: int) -> None:
        dev_handle.claimed.discard(intf)

    def reset_device(self, dev_handle: Handle) -> None:
        raise AssertionError("a reset would eject paper")

    def bulk_write(self, dev_handle: Handle, ep: int, intf: int, data: Any, timeout: int) -> int:
        self._check(dev_handle, ep, intf, timeout, OUT)
        try:
            dev_handle.line.settimeout(timeout / EIGHT_TO_TEN)  # the plug may be pulled at any moment
            return dev_handle.line.send(data.tobytes())
        except TimeoutError:
            raise late() from None
        except OSError:
            raise gone() from None

    def bulk_read(self, dev_handle: Handle, ep: int, intf: int, buff: Any, timeout: int) -> int:
        self._check(dev_handle, ep, intf, timeout, IN)
        try:
            dev_handle.line.settimeout(timeout / EIGHT_TO_TEN)  # the plug may be pulled at any moment
            data = dev_handle.line.recv(len(buff))
        except TimeoutError:
            raise late() from None
        except OSError:
            raise gone() from None
        if not data:
            raise gone()
        buff[: len(data)] = array("B", data)
        return len(data)

    def ctrl_transfer(  # noqa: PLR0917 pyusb's own order
        self, dev_handle: Handle, kind: int, request: int, value: int, index: int, data: Any, timeout: int
    ) -> int:
        assert (kind, request, value >> 8) == (0x80, GET_DESCRIPTOR, STRING)
        number = value & 0xFF
        text = (STRINGS | {3: dev_handle.plugged.serial}).get(number, "").encode("utf-16-le")
        body = b"\x09\x04" if number == 0 else text
        told = array("B", bytes((len(body) + 2, STRING)) + body)
        data[: len(told)] = told
        return len(told)

    def _check(self, handle: Handle, ep: int, intf: int, timeout: int, allowed: int) -> None:
        assert ep == allowed, f"no such endpoint: {ep:02x}"
        assert intf in handle.claimed, "the interface was not claimed"
        assert timeout > 0, "zero waits for ever"
        if handle.plugged not in self.plugged:
            raise gone()


def gone() -> usb.core.USBError:
    """Return what a pulled plug gives."""
    return usb.core.USBError("No such device (it may have been disconnected)", -4, errno.ENODEV)


def late() -> usb.core.USBError:
    """Return what a NAK until the time-out gives."""
    return usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
