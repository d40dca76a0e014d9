"""A scanner that types: to the computer it is a second keyboard, so the screen hears it and passes whole codes on.

The screen tells a scanner's burst from a person's keys (`kiosk.ui.wedge`); here the same limits hold as on a line.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.devices.scanners.codes import Codes, Manners
from kiosk.ports import DeviceError, DeviceState, Fault, Reading, Unread

LEAST_GAP_MS = 10
MOST_GAP_MS = 200
MOST_AGAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """How fast this scanner types. It must send Enter after every code."""

    gap_ms: int = 50
    """Two characters of one code are never further apart; a person's are."""
    again_after_s: float = 3.0
    """The same code counts once until it was out of sight for so long."""


class KeyboardWedge:
    """Meets `kiosk.ports.Scanner`, fed by `typed`."""

    def __init__(self, options: Options, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._codes = Codes(Manners(again_after_s=options.again_after_s))
        self._heard = False

    def typed(self, text: str) -> None:
        """A burst of keys ended by Enter."""
        self._heard = True
        self._codes.take(text, self._monotonic())

    def state(self) -> DeviceState:
        """A keyboard cannot be asked whether it is there: known once it has typed."""
        there: Reading = "up" if self._heard else Unread.UNKNOWN
        return DeviceState(readings={"scanner": there, **self._codes.readings()})

    def scanned(self) -> str | None:
        """Return one code typed since the last time."""
        self._codes.forget(self._monotonic())
        return self._codes.next()

    def close(self) -> None:
        """Forget what nobody fetched."""
        self._codes.clear()


def connect(options: Options, name: str) -> KeyboardWedge:
    """Return it, or raise `DeviceError`; there is nothing to open."""
    if not LEAST_GAP_MS <= options.gap_ms <= MOST_GAP_MS:
        raise DeviceError(Fault.OPTION, name, f"gap_ms must be {LEAST_GAP_MS} to {MOST_GAP_MS}")
    if not 0 <= options.again_after_s <= MOST_AGAIN_S:
        raise DeviceError(Fault.OPTION, name, f"again_after_s must be 0 to {MOST_AGAIN_S:.0f}")
    return KeyboardWedge(options)
