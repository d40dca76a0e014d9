"""One virtual serial line and the thread that serves it: plugs, pace, echo and the faults that every line can have."""

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from kiosk.devices.virtual.serial_lines import Line, PtyLine, send_paced, wire_s
from kiosk.devices.virtual.transcripts import OnWire, unrecorded

POLL_S = 0.01
SETTLE_S = 5.0
"""The serving thread answers within the poll time; longer means that it is gone."""
STOP_S = 5.0
NOISE = bytes.fromhex("00 ff a5 68 08 07 68 5a 16 ff ff")
"""Garbage with halves of every preamble in it."""
MAX_WAITING = 64


class ServedLine:
    """A device answers `hear` from the serving thread; `push` sends by itself, from any thread.

    `hear` gets what arrived (empty: the line rested) and returns what to answer.
    """

    def __init__(
        self,
        name: str,
        hear: Callable[[bytes], bytes],
        link: Path | None,
        baud: int,
        *,
        paced: bool,
        echo: bool = False,
    ) -> None:
        self._name = name
        self._hear = hear
        self._baud = baud
        self._paced = paced
        self._echo = echo
        self._line: Line = PtyLine(link)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._settled = threading.Event()
        self._thread: threading.Thread | None = None
        self._wanted = True
        self._address = ""
        self._outgoing: deque[bytes] = deque(maxlen=MAX_WAITING)
        self._spoil: deque[str] = deque(maxlen=MAX_WAITING)
        self._slow_s = 0.0
        self.plugged = False
        self.on_wire: OnWire = unrecorded
        """Told of all that passes; an echo of the line itself is not."""
        self.actions: dict[str, Callable[..., None]] = {
            "unplug": self.unplug,
            "replug": self.replug,
            "noise": self.noise,
            "truncate": self.truncate,
            "wrong_length": self.wrong_length,
            "slow": self.slow,
        }

    def start(self) -> str:
        """Open the line and serve it; return the path for the driver."""
        self.replug()
        self._thread = threading.Thread(target=self._serve, name=f"virtual {self._name}", daemon=True)
        self._thread.start()
        return self._address

    def stop(self) -> None:
        """End the thread and take the line away."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(STOP_S)
        self.unplug()
        self._line.leave()

    def push(self, payload: bytes) -> None:
        """Send without being asked."""
        self._outgoing.append(payload)

    # ---- what can go wrong on any line ---------------------------------------------------------------------------

    def unplug(self) -> None:
        """Pull the line out of the terminal."""
        self._plug(wanted=False)

    def replug(self) -> None:
        """Put the line back."""
        self._plug(wanted=True)

    def noise(self, times: int = 1) -> None:
        """The next frames have garbage before them."""
        self._spoil.extend(["noise"] * times)

    def truncate(self, times: int = 1) -> None:
        """The next frames end in the middle."""
        self._spoil.extend(["truncate"] * times)

    def wrong_length(self, times: int = 1) -> None:
        """The next frames have lost a byte."""
        self._spoil.extend(["wrong_length"] * times)

    def slow(self, seconds: float) -> None:
        """Every frame begins so much later; 0 ends it."""
        self._slow_s = seconds

    # ---- inside --------------------------------------------------------------------------------------------------

    def _plug(self, *, wanted: bool) -> None:
        """Have the serving thread do it: only that thread touches the line."""
        with self._lock:
            self._wanted = wanted
            self._settled.clear()
        if self._thread is None or not self._thread.is_alive():
            self._settle()
        self._settled.wait(SETTLE_S)

    def _settle(self) -> None:
        with self._lock:
            if self._wanted and not self.plugged:
                self._address = self._line.plug()
            elif self.plugged and not self._wanted:
                self._line.unplug()
            self.plugged = self._wanted
            self._settled.set()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            if not self._settled.is_set():
                self._settle()
            received = self._line.receive(POLL_S)
            self.on_wire(True, received)
            if self._echo and received:
                self._line.send(received)
            if received and self._paced:
                self._stopping.wait(wire_s(len(received), self._baud))  # a pty is faster than the wire it stands for
            self._send(self._hear(received))
            while self._outgoing:
                self._send(self._outgoing.popleft())

    def _send(self, payload: bytes) -> None:
        if not payload or self._stopping.wait(self._slow_s):
            return
        sent = spoilt(payload, self._spoil.popleft() if self._spoil else "")
        self.on_wire(False, sent)
        if self._paced:
            send_paced(self._line, sent, self._baud, lambda: not self._stopping.is_set())
        else:
            self._line.send(sent)


def spoilt(frame: bytes, how: str) -> bytes:
    """Return the frame as it arrives after `noise`, `truncate` or `wrong_length`; anything else leaves it."""
    middle = len(frame) // 2
    match how:
        case "noise":
            return NOISE + frame
        case "truncate":
            return frame[:middle]
        case "wrong_length":
            return frame[:middle] + frame[middle + 1 :]
    return frame
