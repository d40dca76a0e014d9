"""What a serial port has counted of its own troubles (TIOCGICOUNT), as health readings. Devices reference 6."""

import array
import fcntl
from typing import Final

from kiosk.ports import Reading, Unread

TIOCGICOUNT: Final = 0x545D
"""Linux <asm-generic/ioctls.h>."""

_INTS: Final = 20
"""`struct serial_icounter_struct` of <linux/serial.h>: eleven counters and nine reserved."""

_PLACES: Final = {"line_frame_errors": 6, "line_overruns": 7, "line_parity_errors": 8, "line_breaks": 9}
"""Name of the reading to its place in the struct."""


def line_errors(descriptor: int | None) -> dict[str, Reading]:
    """Return the counters of an open port; `unsupported` where it cannot tell (pty, socket), `unknown` when closed."""
    if descriptor is None:
        return dict.fromkeys(_PLACES, Unread.UNKNOWN)
    counted = array.array("i", [0] * _INTS)
    try:
        fcntl.ioctl(descriptor, TIOCGICOUNT, counted)
    except OSError:
        return dict.fromkeys(_PLACES, Unread.UNSUPPORTED)
    return {name: counted[place] for name, place in _PLACES.items()}
