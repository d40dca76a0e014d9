"""Virtual LED bars: Onbon cards on a pseudo-terminal. Parses strictly, forgets with its power, misbehaves on command.

Run: `python -m kiosk.devices.virtual led_bars --pty --addresses 7,14`, then type `power_off 7`, `state` …
"""

import argparse
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.devices.led_bars import bx_frames
from kiosk.devices.led_bars.bx_frames import Area, Broken, Damage, Error, Frame
from kiosk.devices.virtual import line_console
from kiosk.devices.virtual.bar_picture import BarPictures, Shown
from kiosk.devices.virtual.served_line import ServedLine
from kiosk.devices.virtual.told_values import a_rate, addresses
from kiosk.devices.virtual.transcripts import OnWire

HIGHEST_ADDRESS = bx_frames.ANY_REPLIES - 1
MAX_AREAS = 8
COLOURS = {"1": "red", "2": "green", "3": "yellow"}
FONTS = {"0": 16, "1": 24, "2": 32}
_ESCAPE = re.compile(r"\\(C[123]|FO00[0-2]|FE00[0-9]|n)")


@dataclass(slots=True)
class Bar:
    """One card with its panel."""

    address: int
    width_px: int = 320
    height_px: int = 32
    powered: bool = True
    silent: bool = False
    busy_answers: int = 0
    wrong_crc_answers: int = 0
    areas: dict[int, Area] = field(default_factory=dict)
    updates: int = 0
    pings: int = 0
    refused: int = 0

    def shown(self) -> Shown:
        """What people see; an empty text while dark."""
        if not self.areas or not self.powered:
            return Shown("")
        raw = self.areas[min(self.areas)].text.decode("gbk", "replace")
        told = {found[:-1]: found[-1] for found in _ESCAPE.findall(raw)}
        text = _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else "", raw)
        return Shown(text, COLOURS[told.get("C", "1")], FONTS[told.get("FO00", "0")])


class VirtualLedBars:
    """Several bars on one line. `start` gives the path that a driver opens."""

    def __init__(
        self,
        addresses: tuple[int, ...],
        link: Path | None = None,
        baud: int = 9_600,
        *,
        paced: bool = True,
        echo: bool = False,
    ) -> None:
        self.bars = {address: Bar(address) for address in addresses}
        self._lock = threading.Lock()
        self._decoder = bx_frames.Decoder()
        self._line = ServedLine("led bars", self._hear, link, baud, paced=paced, echo=echo)
        self._pictures = BarPictures()
        self.heard: list[Frame] = []
        """Every whole frame that was on the line, the last 200."""
        self.damaged = 0
        self.actions: dict[str, Callable[..., None]] = {
            "power_off": self.power_off,
            "power_on": self.power_on,
            "silence": self.silence,
            "answer": self.answer,
            "busy": self.busy,
            "wrong_crc": self.wrong_crc,
            **self._line.actions,
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
        """What each bar shows and how it is."""
        with self._lock:
            return {
                "plugged": self._line.plugged,
                "damaged": self.damaged,
                "bars": [
                    {
                        "address": bar.address,
                        "text": bar.shown().text.strip(" "),
                        "colour": bar.shown().colour,
                        "font_px": bar.shown().font_px,
                        "powered": bar.powered,
                        "silent": bar.silent,
                        "updates": bar.updates,
                    }
                    for bar in self.bars.values()
                ],
            }

    def image(self, address: int) -> bytes:
        """Draw the bar as its dots, as PNG."""
        with self._lock:
            bar = self.bars[address]
            shown, size = bar.shown(), (bar.width_px, bar.height_px)
        return self._pictures.png(shown, *size)

    # ---- what can go wrong ---------------------------------------------------------------------------------------

    def power_off(self, address: int) -> None:
        """The bar is dark and forgets its dynamic areas."""
        with self._lock:
            self.bars[address].powered = False
            self.bars[address].areas.clear()

    def power_on(self, address: int) -> None:
        """The bar comes back, empty."""
        with self._lock:
            self.bars[address].powered = True

    def silence(self, address: int) -> None:
        """The bar shows what it shows but no longer answers."""
        with self._lock:
            self.bars[address].silent = True

    def answer(self, address: int) -> None:
        """The bar answers again."""
        with self._lock:
            self.bars[address].silent = False

    def busy(self, address: int, times: int = 1) -> None:
        """The next answers are NACK busy."""
        with self._lock:
            self.bars[address].busy_answers = times

    def wrong_crc(self, address: int, times: int = 1) -> None:
        """The next answers arrive damaged."""
        with self._lock:
            self.bars[address].wrong_crc_answers = times

    def unplug(self) -> None:
        """Pull the line out of the terminal."""
        self._line.unplug()

    def replug(self) -> None:
        """Put the line back."""
        self._line.replug()

    # ---- the line ------------------------------------------------------------------------------------------------

    def _hear(self, received: bytes) -> bytes:
        return b"".join(self._answer(found) for found in self._decoder.feed(received))

    def _answer(self, found: Frame | Broken) -> bytes:
        with self._lock:
            if isinstance(found, Broken):
                self.damaged += 1
                bar = self.bars.get(found.destination or 0)
                if found.damage is not Damage.CHECKSUM or bar is None or not bar.powered or bar.silent:
                    return b""
                return bx_frames.encode(bx_frames.reply_frame(bar.address, Error.CHECKSUM))
            self.heard = [*self.heard[-199:], found]
            return b"".join(self._obey(bar, found) for bar in self._meant(found.destination))

    def _meant(self, destination: int) -> list[Bar]:
        on = [bar for bar in self.bars.values() if bar.powered]
        if destination in (bx_frames.ANY_SILENT, bx_frames.ANY_REPLIES):
            return on
        return [bar for bar in on if bar.address == destination]

    def _obey(self, bar: Bar, frame: Frame) -> bytes:
        if bar.busy_answers:
            bar.busy_answers -= 1
            error = int(Error.BUSY)
        else:
            error = self._carry_out(bar, frame.data)
        bar.refused += bool(error)
        wants_answer = len(frame.data) > 2 and frame.data[2] == 1  # noqa: PLR2004 the third byte of the page
        if bar.silent or frame.destination == bx_frames.ANY_SILENT or not wants_answer:
            return b""
        answer = bytearray(bx_frames.encode(bx_frames.reply_frame(bar.address, error)))
        if bar.wrong_crc_answers:
            bar.wrong_crc_answers -= 1
            answer[-2] ^= 0x01
        return bytes(answer)

    def _carry_out(self, bar: Bar, data: bytes) -> int:
        if len(data) < 5:  # noqa: PLR2004 group, command, response, two more
            return int(Error.COMMAND)
        if data[:2] == b"\xa2\x00":
            bar.pings += 1
            return 0 if len(data) == 5 else int(Error.COMMAND)  # noqa: PLR2004 a ping carries nothing
        if data[:2] == b"\xa3\x06":
            return self._update(bar, data)
        return int(Error.COMMAND if data[0] in (0xA1, 0xA2, 0xA3) else Error.GROUP)

    def _update(self, bar: Bar, data: bytes) -> int:
        update = bx_frames.parse_update(data)
        if update is None:
            return int(Error.COMMAND)
        if len(update.areas) > MAX_AREAS or any(len(a.text) > bx_frames.MAX_AREA_TEXT_BYTES for a in update.areas):
            return int(Error.MEMORY)
        if update.clear_first or update.delete is None:
            bar.areas.clear()
        for ident in update.delete or ():
            bar.areas.pop(ident, None)
        for area in update.areas:
            bar.areas[area.area_id] = area
        bar.updates += 1
        return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of this device."""
    line_console.add_place(parser)
    parser.add_argument("--addresses", type=addresses(HIGHEST_ADDRESS), default="7,14", help="bars on the line")
    parser.add_argument("--baud", type=a_rate, default=9_600)
    parser.add_argument("--echo", action="store_true", help="the adapter hears itself")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; typed lines are actions."""
    return line_console.serve(VirtualLedBars(args.addresses, args.link, args.baud, echo=args.echo))
