"""A virtual barcode and QR scanner on a pseudo-terminal: it says what is held before it, and never listens.

Run: `python -m kiosk.devices.virtual scanner --pty`, then type `scan DY1/T/A012/…`, `lie TEXT 5`, `long`, `raw 1b5b`.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from kiosk.devices.virtual.served_line import ServedLine
from kiosk.devices.virtual.standing_alone import serve_alone
from kiosk.devices.virtual.told_values import a_rate
from kiosk.devices.virtual.transcripts import OnWire
from kiosk.ports import MAX_SCAN

SUFFIXES = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "none": b""}
ENCODINGS = ("utf-8", "gb18030")
MOST_TIMES = 50
MOST_CHARACTERS = 100_000


class VirtualScanner:
    """`start` gives the path that a driver opens."""

    def __init__(
        self,
        link: Path | None = None,
        baud: int = 9_600,
        *,
        suffix: str = "cr",
        encoding: str = "utf-8",
        paced: bool = True,
    ) -> None:
        self._line = ServedLine("scanner", lambda _received: b"", link, baud, paced=paced)
        self._suffix = SUFFIXES[suffix]
        self._encoding = encoding
        self.scans = 0
        self.actions: dict[str, Callable[..., None]] = {
            "scan": self.scan,
            "lie": self.lie,
            "long": self.long,
            "raw": self.raw,
            "suffix": self.suffix,
            "encoding": self.encoding,
            **self._line.actions,
        }

    def start(self) -> str:
        """Open the line and serve it; return the path for the driver."""
        return self._line.start()

    def stop(self) -> None:
        """End the thread and take the line away."""
        self._line.stop()

    def listen_in(self, on_wire: OnWire) -> None:
        """Tell `on_wire` of all that passes from now on."""
        self._line.on_wire = on_wire

    def state(self) -> dict[str, object]:
        """How it is set up, and how often it has scanned; what it scanned is told to nobody."""
        suffix = next(name for name, ending in SUFFIXES.items() if ending == self._suffix)
        return {
            "plugged": self._line.plugged,
            "scans": self.scans,
            "suffix": suffix,
            "encoding": self._encoding,
        }

    # ---- hands ---------------------------------------------------------------------------------------------------

    def scan(self, text: str) -> None:
        """Hold a code before it, once."""
        self._say(text.encode(self._encoding))

    def lie(self, text: str, times: int = 5) -> None:
        """A code that is left lying is read again and again."""
        if not 0 < times <= MOST_TIMES:
            raise ValueError(times)
        for _ in range(times):
            self.scan(text)

    def long(self, characters: int = 4 * MAX_SCAN) -> None:
        """A code as no hall prints it."""
        if not 0 < characters <= MOST_CHARACTERS:
            raise ValueError(characters)
        self.scan("X" * characters)

    def raw(self, digits: str) -> None:
        """Say these bytes, written as hexadecimal digits, and the ending."""
        self._say(bytes.fromhex(digits))

    # ---- its own configuration codes -----------------------------------------------------------------------------

    def suffix(self, name: str) -> None:
        """End codes with cr, lf, crlf or none."""
        self._suffix = SUFFIXES[name]

    def encoding(self, name: str) -> None:
        """Write utf-8 or gb18030."""
        if name not in ENCODINGS:
            raise ValueError(name)
        self._encoding = name

    def _say(self, said: bytes) -> None:
        self.scans += 1
        self._line.push(said + self._suffix)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line of `python -m kiosk.devices.virtual scanner`."""
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--pty", action="store_true", help="a new virtual serial line (the default)")
    place.add_argument("--link", type=Path, help="a virtual serial line at this path, also after replugging")
    parser.add_argument("--baud", type=a_rate, default=9_600)
    parser.add_argument("--suffix", choices=SUFFIXES, default="cr", help="what ends a code (default cr)")
    parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8")
    parser.add_argument(
        "--fault", action="append", default=[], metavar="ACTION", help="do this at start, such as 'slow 2'; repeatable"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; the first line printed is the address, then standard input works the device."""
    device = VirtualScanner(args.link, args.baud, suffix=args.suffix, encoding=args.encoding)
    return serve_alone(device, device.actions, args.fault)
