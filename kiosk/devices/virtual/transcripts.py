"""Transcripts: what passed the wire of one virtual device, as small text that a test can play to a driver again.

A portion is a line: `> 12ms aa aa 96` went to the device 12 ms after the recording began, `< 40ms 9f` came from it. The
time may be missing; `#` begins a remark, also behind the bytes.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

OnWire = Callable[[bool, bytes], None]
"""Told of every portion that passes: whether it went to the device, and its bytes. From any thread; never waits."""

MAX_PORTIONS = 4_000
MAX_BYTES = 256 * 1024
"""An identity card is 1.3 kB, a ticket 3 kB: a long afternoon at the bench."""
MAX_MS = 99_999_999
"""Somewhat more than a day."""
MAX_TEXT = 4 * 1024 * 1024
WARNING = (
    "Recorded on the bench between a driver and a virtual device; no real device can be connected to it.",
    "Sample persons only: nobody whose card or code passed here exists.",
)
_LINE = re.compile(r"([<>])(?: ([0-9]{1,8})ms)?((?: [0-9a-f]{2})+)(?: +#.*)?")


@dataclass(frozen=True, slots=True)
class Portion:
    """What passed at once; the bytes may be a card's, so that they stand in no trace."""

    to_device: bool
    at_ms: int
    """Since the recording began."""
    data: bytes = field(repr=False)


def unrecorded(to_device: bool, data: bytes) -> None:
    """Nobody listens in."""


def encode(portions: Iterable[Portion], remarks: Iterable[str] = ()) -> str:
    """Return the text, remarks first. A remark of several lines becomes several."""
    told = [f"# {line}".rstrip() for remark in remarks for line in remark.splitlines()]
    told += [f"{'>' if each.to_device else '<'} {each.at_ms}ms {each.data.hex(' ')}" for each in portions]
    return "\n".join(told) + "\n"


def parse(text: str) -> tuple[Portion, ...]:
    """Return the portions in order, or raise `ValueError` naming the first line that is none."""
    if len(text) > MAX_TEXT:
        raise ValueError(f"a transcript has at most {MAX_TEXT} characters")
    portions = []
    for number, line in enumerate(text.split("\n"), 1):
        told = line.rstrip()
        if not told or told.startswith("#"):
            continue
        found = _LINE.fullmatch(told)
        if found is None:
            raise ValueError(f"line {number}: a portion is `> 12ms aa 96` or `< 12ms 9f`")
        portions.append(Portion(found[1] == ">", int(found[2] or 0), bytes.fromhex(found[3])))
    return tuple(portions)


class Recorder:
    """Keeps what passes one wire between `start` and `stop`. Every method may be called from any thread."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._portions: list[Portion] = []
        self._bytes = 0
        self._began_mono = 0.0
        self._on = self._full = False

    def start(self) -> None:
        """Forget what was kept and begin."""
        with self._lock:
            self._portions, self._bytes = [], 0
            self._began_mono = self._monotonic()
            self._on, self._full = True, False

    def stop(self) -> None:
        """Keep what there is and listen no more."""
        with self._lock:
            self._on = False

    def passed(self, to_device: bool, data: bytes) -> None:
        """Keep a portion; what would go beyond the limits ends the recording."""
        with self._lock:
            if not self._on or not data:
                return
            if len(self._portions) == MAX_PORTIONS or self._bytes + len(data) > MAX_BYTES:
                self._on, self._full = False, True
                return
            at_ms = min(round((self._monotonic() - self._began_mono) * 1_000), MAX_MS)
            self._portions.append(Portion(to_device, at_ms, data))
            self._bytes += len(data)

    def portions(self) -> tuple[Portion, ...]:
        """Return what was kept, oldest first."""
        with self._lock:
            return tuple(self._portions)

    def state(self) -> dict[str, object]:
        """Tell what the bench shows: whether it listens, how much it has, whether it ended because it was full."""
        with self._lock:
            return {"on": self._on, "portions": len(self._portions), "bytes": self._bytes, "full": self._full}
