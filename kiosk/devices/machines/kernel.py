"""What the Linux kernel tells of clock, temperature and input devices, each as a value or the reason for none."""

import ctypes
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from kiosk.ports import Reading, Unread

ZONES = Path("/sys/class/thermal")
HWMON = Path("/sys/class/hwmon")
MILLI = 1000.0
SANE_C = (-40.0, 150.0)
"""A sensor that says more or less than this is broken, not hot."""

STA_UNSYNC = 0x0040
"""Status bit of `struct timex`: the clock is not synchronised (linux/timex.h)."""
TIME_ERROR = 5
"""Return value of adjtimex(2): the clock is not synchronised."""

EV_ABS, EV_KEY = 0x03, 0x01
ABS_MT_POSITION_X, ABS_X, BTN_TOUCH = 0x35, 0x00, 0x14A
"""linux/input-event-codes.h: what makes an input device a touch panel."""


class _Timex(ctypes.Structure):
    """`struct timex` of linux/timex.h on 64-bit machines; only the fields read here have names that matter."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("time", ctypes.c_long * 2),
        ("tick", ctypes.c_long),
        ("ppsfreq", ctypes.c_long),
        ("jitter", ctypes.c_long),
        ("shift", ctypes.c_int),
        ("stabil", ctypes.c_long),
        ("jitcnt", ctypes.c_long),
        ("calcnt", ctypes.c_long),
        ("errcnt", ctypes.c_long),
        ("stbcnt", ctypes.c_long),
        ("tai", ctypes.c_int),
        ("reserved", ctypes.c_int * 11),
    )


@dataclass(frozen=True, slots=True)
class KernelClock:
    """`error_s` is the kernel's own estimate of the clock's error."""

    synchronised: bool
    error_s: float


class Kernel:
    """Reads from the running kernel; tests give other folders."""

    def __init__(self, zones: Path = ZONES, hwmon: Path = HWMON) -> None:
        self._zones = zones
        self._hwmon = hwmon

    def temperatures_c(self) -> tuple[float, ...]:
        """Return what all sensors say, in degrees Celsius; empty where the machine has none."""
        files = (*sorted(self._zones.glob("thermal_zone*/temp")), *sorted(self._hwmon.glob("hwmon*/temp*_input")))
        found = (_milli(path) for path in files)
        return tuple(value for value in found if value is not None and SANE_C[0] < value < SANE_C[1])

    def clock(self) -> KernelClock | Unread:
        """Return whether the clock is disciplined by a time service. Asking changes nothing."""
        timex = _Timex()
        try:
            told = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
        except (AttributeError, OSError):
            return Unread.UNSUPPORTED
        if told < 0:
            return Unread.UNSUPPORTED
        synchronised = told != TIME_ERROR and not timex.status & STA_UNSYNC
        return KernelClock(synchronised, timex.esterror / 1_000_000)

    def is_touch_panel(self, link: Path) -> Reading:
        """Tell whether `link` leads to a touch panel; False when nothing is plugged in there."""
        try:
            device = os.open(link, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        except OSError:
            return Unread.UNKNOWN
        try:
            axes, keys = _bits(device, EV_ABS), _bits(device, EV_KEY)
        except OSError:
            return Unread.UNKNOWN
        finally:
            os.close(device)
        return bool((axes >> ABS_MT_POSITION_X | axes >> ABS_X) & 1 and keys >> BTN_TOUCH & 1)


def _bits(device: int, kind: int) -> int:
    """Return the capability bits of an input device (EVIOCGBIT) as one number."""
    size = 96
    request = (2 << 30) | (size << 16) | (ord("E") << 8) | (0x20 + kind)
    return int.from_bytes(fcntl.ioctl(device, request, bytes(size)), "little")


def _milli(path: Path) -> float | None:
    try:
        return int(path.read_text(encoding="ascii")) / MILLI
    except (OSError, ValueError):
        return None  # a sensor that sleeps answers with an error; the others still tell
