"""The computer of a terminal: disk, memory, temperature, clock, touch panel. Linux; sysfs, adjtimex(2), evdev.

What this machine cannot tell is `unsupported`, never "all right"; a container has no thermal zones.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from kiosk.devices.machines.kernel import Kernel, KernelClock
from kiosk.ports import DeviceState, Fault, Probe, Reading, Unread


@dataclass(frozen=True, slots=True)
class Options:
    """Where to look, and from where on an operator should know."""

    disk: str = "/"
    """Any path on the disk that keeps the journal."""
    disk_low_pct: float = 10.0
    """Less free space than this: days are left, not hours."""
    memory_low_pct: float = 10.0
    hot_c: float = 85.0
    """The hottest sensor; a small fanless box slows down beyond it."""
    clock_off_s: float = 2.0
    """An unsynchronised clock whose estimated error is larger than this prints wrong times."""
    touch: str = ""
    """Stable link of the touch panel, such as `/dev/input/by-path/pci-…-event`; empty: not configured."""


def connect(options: Options, name: str) -> Probe:
    """Return the probe; nothing is opened for longer than a reading."""
    del name
    return LinuxMachine(options, Kernel())


class LinuxMachine:
    """Reads everything anew each time; one reading takes a few milliseconds."""

    def __init__(self, options: Options, kernel: Kernel) -> None:
        self._options = options
        self._kernel = kernel

    def state(self) -> DeviceState:
        """Read all; the fault is the one an operator should care for first."""
        readings = {name: read() for name, read in self._readers().items()}
        return judge(readings, self._options)

    def close(self) -> None:
        """Nothing is held."""

    def _readers(self) -> Mapping[str, Callable[[], Reading]]:
        return {
            "disk_free_pct": self._disk,
            "memory_free_pct": _memory,
            "temperature_c": self._temperature,
            "clock_synchronised": self._clock,
            "touch_panel": self._touch,
        }

    def _disk(self) -> Reading:
        try:
            used = psutil.disk_usage(self._options.disk)
        except OSError:
            return Unread.UNKNOWN
        return round(100.0 - float(used.percent), 1)

    def _temperature(self) -> Reading:
        degrees = self._kernel.temperatures_c()
        return round(max(degrees), 1) if degrees else Unread.UNSUPPORTED

    def _clock(self) -> Reading:
        told = self._kernel.clock()
        if not isinstance(told, KernelClock):
            return told
        return told.synchronised or told.error_s < self._options.clock_off_s

    def _touch(self) -> Reading:
        if not self._options.touch:
            return Unread.ABSENT
        return self._kernel.is_touch_panel(Path(self._options.touch))


def judge(readings: Mapping[str, Reading], options: Options) -> DeviceState:
    """Return the state that readings mean. None of these stops service by itself; people can act in time."""
    ranked = (
        (readings["touch_panel"] is False or readings["touch_panel"] is Unread.UNKNOWN, Fault.TOUCH_LOST),
        (_below(readings["disk_free_pct"], options.disk_low_pct), Fault.DISK_LOW),
        (_below(-_number(readings["temperature_c"]), -options.hot_c), Fault.OVERHEATED),
        (readings["clock_synchronised"] is False, Fault.CLOCK_WRONG),
        (_below(readings["memory_free_pct"], options.memory_low_pct), Fault.MEMORY_LOW),
    )
    fault = next((fault for is_so, fault in ranked if is_so), None)
    return DeviceState(fault=fault, readings=dict(readings))


def _below(reading: Reading, limit: float) -> bool:
    return isinstance(reading, (int, float)) and reading < limit


def _number(reading: Reading) -> float:
    """Return the number, or one that is never too hot."""
    return float(reading) if isinstance(reading, (int, float)) else -273.15


def _memory() -> Reading:
    told = psutil.virtual_memory()
    return round(100.0 * float(told.available) / float(told.total), 1)
