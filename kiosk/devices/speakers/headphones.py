"""Whether headphones are plugged in, as the sound card's input device tells: `struct input_event`, EV_SW.

Linux: include/uapi/linux/input.h and input-event-codes.h. The state at the beginning is asked by ioctl, changes arrive
as records; both without any library. A file or FIFO that carries the same records stands in for a jack in tests; it
cannot be asked, so its state is unknown until the first record.
"""

import contextlib
import errno
import fcntl
import os
import struct
import threading

from kiosk.ports import Reading, Unread

RECORD = struct.Struct("llHHi")
"""struct input_event: seconds, microseconds, type, code, value; in the machine's own sizes."""
EV_SYN, SYN_DROPPED = 0, 3
EV_SW, SW_HEADPHONE_INSERT = 5, 2
SW_BYTES = 8
MAX_READ_RECORDS = 64


def _to_be_read(number: int, size: int) -> int:
    """Return the ioctl request `_IOC(_IOC_READ, 'E', number, size)` of asm-generic/ioctl.h."""
    return 2 << 30 | size << 16 | ord("E") << 8 | number


EVIOCGSW = _to_be_read(0x1B, SW_BYTES)
EVIOCGBIT_SW = _to_be_read(0x20 + EV_SW, SW_BYTES)
_CANNOT_ASK = frozenset({errno.ENOTTY, errno.EINVAL, errno.ENOSYS})


class Jack:
    """The headphone jack. Any thread; never raises: what cannot be read is no plug."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._line: int | None = None
        self._partial = b""
        self._state: Reading = Unread.UNKNOWN if path else Unread.ABSENT

    def reading(self) -> Reading:
        """`plugged`, `unplugged`, or why that cannot be told."""
        if not self._path:
            return Unread.ABSENT
        with self._lock:
            try:
                self._read(self._opened())
            except OSError:
                self._forget()
            return self._state

    def plugged(self) -> bool:
        """Tell whether what is private may be spoken: only when the jack surely says so."""
        return self.reading() == "plugged"

    def close(self) -> None:
        """Give the line back."""
        with self._lock:
            self._forget()

    def _opened(self) -> int:
        if self._line is None:
            self._line = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            self._partial = b""
            self._state = _asked(self._line)
        return self._line

    def _read(self, line: int) -> None:
        for _ in range(MAX_READ_RECORDS):
            with contextlib.suppress(BlockingIOError):
                self._partial += os.read(line, RECORD.size - len(self._partial))
            if len(self._partial) < RECORD.size:
                return
            _, _, kind, code, value = RECORD.unpack(self._partial)
            self._partial = b""
            if (kind, code) == (EV_SW, SW_HEADPHONE_INSERT):
                self._state = "plugged" if value else "unplugged"
            elif (kind, code) == (EV_SYN, SYN_DROPPED):
                self._state = _asked(line)  # the kernel's queue was full: what we know may be old

    def _forget(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            os.close(line)
        self._state = Unread.UNKNOWN


def _asked(line: int) -> Reading:
    """Ask what the jack has and how it stands now."""
    bits = bytearray(SW_BYTES)
    try:
        fcntl.ioctl(line, EVIOCGBIT_SW, bits)
        if not _bit(bits):
            return Unread.UNSUPPORTED
        fcntl.ioctl(line, EVIOCGSW, bits)
    except OSError as error:
        if error.errno not in _CANNOT_ASK:
            raise
        return Unread.UNKNOWN
    return "plugged" if _bit(bits) else "unplugged"


def record(plugged: bool) -> bytes:
    """Return the two records that a jack sends: the switch and the end of the report."""
    return RECORD.pack(0, 0, EV_SW, SW_HEADPHONE_INSERT, int(plugged)) + RECORD.pack(0, 0, EV_SYN, 0, 0)


def _bit(bits: bytearray) -> bool:
    return bool(bits[SW_HEADPHONE_INSERT // 8] >> SW_HEADPHONE_INSERT % 8 & 1)
