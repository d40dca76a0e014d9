"""Devices by name: a driver is a file, its name is its name in `kiosk.toml`.

`driver = "escpos"` under `[devices.slip_printer]` is `kiosk/devices/slip_printers/escpos.py`. Such a module has a
docstring, a frozen dataclass `Options`, and `connect(options, name)`, or `connect(options, name, progress)` where the
device tells of people it waits for.
"""

import contextlib
import dataclasses
import importlib
import inspect
import ipaddress
import pkgutil
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import msgspec

from hall.errors import HallError, Reason
from kiosk.ports import DeviceError, Fault, Progress
from kiosk.settings import DeviceSettings

FOLDERS = {
    "id_reader": "id_readers",
    "card_reader": "card_readers",
    "slip_printer": "slip_printers",
    "led_bars": "led_bars",
    "speaker": "speakers",
    "sheet_printer": "sheet_printers",
    "keypad": "keypads",
    "scanner": "scanners",
    "machine": "machines",
    "ups": "upses",
}
"""Device kind in the configuration to the folder of its drivers."""


def known_drivers(kind: str) -> tuple[str, ...]:
    """Return the names of all drivers of a kind, sorted. A file without `connect` is no driver."""
    folder = importlib.import_module(f"kiosk.devices.{FOLDERS[kind]}")
    names = sorted(found.name for found in pkgutil.iter_modules(folder.__path__) if not found.ispkg)
    return tuple(name for name in names if hasattr(_module(kind, name), "connect"))


def open_device(kind: str, settings: DeviceSettings, name: str, progress: Progress) -> Any:
    """Return the driver, or raise `DeviceError(OPTION)` telling what exists, or whatever the driver says.

    `name` is the device's own, such as `K1.slip_printer`.
    """
    module = driver_module(kind, settings.driver, name)
    options = read_options(module, settings.options, name)
    offered: dict[str, object] = {"progress": progress}
    asked = [word for word in inspect.signature(module.connect).parameters if word in offered]
    return module.connect(options, name, **{word: offered[word] for word in asked})


def driver_module(kind: str, driver: str, name: str) -> ModuleType:
    """Return the driver's module, or raise `DeviceError(OPTION)` with the list of what exists."""
    if kind not in FOLDERS:
        raise DeviceError(Fault.OPTION, name, f"no such kind of device: {kind}; there are {', '.join(FOLDERS)}")
    known = known_drivers(kind)
    if driver not in known:
        raise DeviceError(Fault.OPTION, name, f"no such driver: {driver}; there are {', '.join(known)}")
    return _module(kind, driver)


def read_options(module: ModuleType, told: dict[str, Any], name: str) -> Any:
    """Return the driver's `Options`, or raise `DeviceError(OPTION)` naming the option that does not fit."""
    options = cast("type[Any]", module.Options)
    fields = {field.name: field for field in dataclasses.fields(options)}
    unknown = sorted(set(told) - set(fields))
    if unknown:
        sentence = f"no such option: {', '.join(unknown)}; there are {', '.join(fields)}"
        raise DeviceError(Fault.OPTION, name, sentence)
    try:
        return msgspec.convert(told, options, strict=True)
    except msgspec.ValidationError as error:
        raise DeviceError(Fault.OPTION, name, f"an option does not fit: {error}") from error


CARD_SERVICE = "PCSCLITE_CSOCK_NAME"
"""Where another card service than the system's is found: a virtual hall's."""
PLACES = frozenset({"host", "port", "path", "outlet", "zones", "headphones", "headphone_outlet"})
"""Options that say where a device is."""
_HOST = re.compile(r"^(?:[a-z]+:(?://)?)?(?:\[([^\]]+)\]|([^:/\[\]]+))(?::\d+)?(?:/.*)?$")
"""`host`, `socket://host:port`, `tcp:host:port`, each also with an address in brackets."""


def refuse_simulators(devices: Mapping[str, DeviceSettings], surroundings: Mapping[str, str]) -> None:
    """Raise `HallError(NOT_ALLOWED)` naming the option that leads to a simulator: production meets metal only.

    What the driver assumes when nothing is told counts as told. `surroundings` are the environment variables.
    """
    for kind, device in devices.items():
        name = f"devices.{kind}"
        options = read_options(driver_module(kind, device.driver, name), device.options, name)
        on_a_wire = getattr(options, "transport", "tcp") != "tcp"
        for field in dataclasses.fields(options):
            value = getattr(options, field.name)
            if field.name not in PLACES or not isinstance(value, str) or (field.name == "host" and on_a_wire):
                continue
            places = [part.rpartition("=")[2] for part in value.split()] if field.name == "zones" else [value]
            if any(_is_simulator(place) for place in places):
                sentence = "a simulator's address is refused in production"
                raise HallError(Reason.NOT_ALLOWED, f"{name}.options.{field.name}", sentence)
        if getattr(options, "queue", "").startswith("/") and _is_simulator(options.server):
            sentence = "a printer that is a program of this machine is refused in production; make it a queue of CUPS"
            raise HallError(Reason.NOT_ALLOWED, f"{name}.options.server", sentence)
        if kind == "card_reader" and surroundings.get(CARD_SERVICE):
            raise HallError(Reason.NOT_ALLOWED, CARD_SERVICE, "a virtual card service is refused in production")


def _is_simulator(address: str) -> bool:
    """Tell whether a device there is a program of this machine: a pseudo terminal, a link outside /dev, loopback."""
    if address.startswith("/"):
        return not address.startswith("/dev/") or str(Path(address).resolve()).startswith("/dev/pts")
    found = _HOST.search(address.lower())
    host = (found[1] or found[2]) if found else address.lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with contextlib.suppress(OSError):
        host = socket.inet_ntoa(socket.inet_aton(host))  # 127.1 and 0x7f000001 are loopback, too
    with contextlib.suppress(ValueError):
        place = ipaddress.ip_address(host)
        return place.is_loopback or place.is_unspecified
    return False


def _module(kind: str, driver: str) -> ModuleType:
    return importlib.import_module(f"kiosk.devices.{FOLDERS[kind]}.{driver}")
