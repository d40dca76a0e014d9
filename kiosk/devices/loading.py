"""Devices by name: a driver is a file, its name is its name in `kiosk.toml`.

`driver = "escpos"` under `[devices.slip_printer]` is `kiosk/devices/slip_printers/escpos.py`. Such a module has a
docstring, a frozen dataclass `Options`, and `connect(options, name)`, or `connect(options, name, progress)` where the
device tells of people it waits for.
"""

import dataclasses
import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import Any, cast

import msgspec

from kiosk.ports import DeviceError, Fault, Progress
from kiosk.settings import DeviceSettings

FOLDERS = {
    "id_reader": "id_readers",
    "card_reader": "card_readers",
    "slip_printer": "slip_printers",
    "led_bars": "led_bars",
    "speaker": "speakers",
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


def _module(kind: str, driver: str) -> ModuleType:
    return importlib.import_module(f"kiosk.devices.{FOLDERS[kind]}.{driver}")
