"""A barcode or QR scanner that writes what it reads on a serial line (RS-232, USB virtual serial port).

It speaks and never answers: whether somebody is at the far end is known once it has read something.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.devices.led_bars.bus import Bus, Wiring, open_bus
from kiosk.devices.scanners.codes import Codes, Encoding, Manners, Suffix
from kiosk.ports import DeviceError, DeviceState, Fault, Reading, Scanner, Unread

HEAR_S = 0.005
"""How long `scanned` waits for a first byte."""
MAX_PIECES = 16
"""Pieces taken at one time: a line that never rests still lets the worker look after other things."""
LEAST_PAUSE_MS = 20
MOST_PAUSE_MS = 2_000
MOST_AGAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """The line, and how this scanner was set up by its own configuration codes."""

    port: str
    baud: int = 9_600
    suffix: Suffix = "any"
    """What ends a code: `line` (CR, LF or CRLF), `pause`, or `any` of them."""
    pause_ms: int = 100
    encoding: Encoding = "utf-8"
    again_after_s: float = 3.0
    """The same code counts once until it was out of sight for so long."""


class SerialScanner:
    """Meets `kiosk.ports.Scanner`."""

    def __init__(self, options: Options, bus: Bus, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._bus = bus
        self._monotonic = monotonic
        manners = Manners(options.suffix, options.pause_ms / 1_000, options.encoding, options.again_after_s)
        self._codes = Codes(manners)
        self._heard = False

    def state(self) -> DeviceState:
        """Tell how the line is, and what came over it."""
        self._bus.check()
        there: Reading = "up" if self._heard else Unread.UNKNOWN
        return DeviceState(readings={"scanner": there, **self._codes.readings(), **self._bus.troubles()})

    def scanned(self) -> str | None:
        """Return one code read since the last time."""
        for _ in range(MAX_PIECES):
            piece = self._bus.hear(HEAR_S)
            self._heard |= bool(piece)
            self._codes.feed(piece, self._monotonic())
            if not piece:
                break
        self._codes.forget(self._monotonic())
        return self._codes.next()

    def close(self) -> None:
        """Give the line back; codes that nobody fetched are forgotten."""
        self._codes.clear()
        self._bus.close()


def connect(options: Options, name: str) -> Scanner:
    """Open the line, or raise `DeviceError`."""
    if not LEAST_PAUSE_MS <= options.pause_ms <= MOST_PAUSE_MS:
        raise DeviceError(Fault.OPTION, name, f"pause_ms must be {LEAST_PAUSE_MS} to {MOST_PAUSE_MS}")
    if not 0 <= options.again_after_s <= MOST_AGAIN_S:
        raise DeviceError(Fault.OPTION, name, f"again_after_s must be 0 to {MOST_AGAIN_S:.0f}")
    return SerialScanner(options, open_bus(Wiring(options.port, options.baud), name))
