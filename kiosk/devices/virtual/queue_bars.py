"""Virtual bank-queue window bars: 69-byte frames on a pseudo-terminal. They never answer, as the real ones.

What does not check is silently lost, and so is a frame less than 0.3 s after the last.
Run: `python -m kiosk.devices.virtual queue_bars --pty --addresses 7,14`, then type `power_off 7`, `state` …
"""

import argparse
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.devices.led_bars.queue_frames import MAX_SCREEN, BarFrame, Colour, Decoder, Kind
from kiosk.devices.virtual import line_console
from kiosk.devices.virtual.bar_picture import BarPictures, Shown
from kiosk.devices.virtual.served_line import POLL_S, ServedLine
from kiosk.devices.virtual.told_values import a_rate, addresses
from kiosk.devices.virtual.transcripts import OnWire

GAP_S = 0.3
JITTER_S = 2 * POLL_S
"""We see bytes so late at most; a frame is not lost for our own slowness."""
FRAMES_KEPT = 200
WIDTH_PX, HEIGHT_PX, FONT_PX = 320, 32, 32
COLOURS = {colour: colour.name.lower() for colour in Colour}
DARK = Shown("", font_px=FONT_PX)


@dataclass(slots=True)
class QueueBar:
    """One bar. A stored text survives a power cut, another does not."""

    address: int
    powered: bool = True
    now: Shown = DARK
    stored: Shown = DARK
    frames: int = 0

    def shown(self) -> Shown:
        """What people see."""
        return (self.now if self.now.text else self.stored) if self.powered else DARK


class VirtualQueueBars:
    """Several bars on one line. `start` gives the path that a driver opens."""

    def __init__(
        self,
        addresses: tuple[int, ...],
        link: Path | None = None,
        baud: int = 9_600,
        *,
        paced: bool = True,
        echo: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bars = {address: QueueBar(address) for address in addresses}
        self.heard: list[BarFrame] = []
        """Every whole frame that was on the line, the last 200."""
        self.too_soon = 0
        self._monotonic = monotonic
        self._last_mono = -GAP_S
        self._begun_mono: float | None = None
        self._lock = threading.Lock()
        self._decoder = Decoder()
        self._pictures = BarPictures()
        self._line = ServedLine("queue bars", self._hear, link, baud, paced=paced, echo=echo)
        self.actions: dict[str, Callable[..., None]] = {
            "power_off": self.power_off,
            "power_on": self.power_on,
            "unplug": self._line.unplug,
            "replug": self._line.replug,
        }

    def start(self) -> str:
        """Open the line and serve it; return the path for the driver."""
        return self._line.start()

    def stop(self) -> None:
        """End the thread and take the line away."""
        self._line.stop()
        self._pictures.close()

    def listen_in(self, on_wire: OnWire) -> None:
        """Tell `on_wire` of all that passes from now on."""
        self._line.on_wire = on_wire

    def state(self) -> dict[str, Any]:
        """What each bar shows."""
        with self._lock:
            return {
                "plugged": self._line.plugged,
                "damaged": self._decoder.damaged,
                "too_soon": self.too_soon,
                "bars": [
                    {
                        "address": bar.address,
                        "text": bar.shown().text.strip(" "),
                        "colour": bar.shown().colour,
                        "powered": bar.powered,
                        "frames": bar.frames,
                    }
                    for bar in self.bars.values()
                ],
            }

    def image(self, address: int) -> bytes:
        """Draw the bar as its dots, as PNG."""
        with self._lock:
            shown = self.bars[address].shown()
        return self._pictures.png(shown, WIDTH_PX, HEIGHT_PX)

    def power_off(self, address: int) -> None:
        """The bar is dark and forgets all but what was stored."""
        with self._lock:
            self.bars[address].powered = False
            self.bars[address].now = DARK

    def power_on(self, address: int) -> None:
        """The bar comes back."""
        with self._lock:
            self.bars[address].powered = True

    def _hear(self, received: bytes) -> bytes:
        now = self._monotonic()
        with self._lock:
            if not received:
                self._decoder.pause()
                self._begun_mono = None
                return b""
            begun = self._begun_mono = now if self._begun_mono is None else self._begun_mono
            for frame in self._decoder.feed(received):
                self._take(frame, begun)
                self._begun_mono = None
                self._last_mono = now
        return b""

    def _take(self, frame: BarFrame, begun_mono: float) -> None:
        if begun_mono - self._last_mono < GAP_S - JITTER_S:
            self.too_soon += 1
            return
        self.heard = [*self.heard[1 - FRAMES_KEPT :], frame]
        bar = self.bars.get(frame.screen)
        if bar is None or not bar.powered:
            return
        colour = (
            COLOURS.get(Colour(frame.colours[0]), "red") if frame.colours and frame.colours[0] in COLOURS else "red"
        )
        shown = Shown(frame.text, colour, FONT_PX)
        bar.frames += 1
        if frame.kind == Kind.STORE:
            bar.stored, bar.now = shown, DARK
        else:
            bar.now = shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of this device."""
    line_console.add_place(parser)
    parser.add_argument("--addresses", type=addresses(MAX_SCREEN), default="7,14", help="screen numbers on the line")
    parser.add_argument("--baud", type=a_rate, default=9_600)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; typed lines are actions."""
    return line_console.serve(VirtualQueueBars(args.addresses, args.link, args.baud))
