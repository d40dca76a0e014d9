"""A slip printer at wire level: it answers, prints, draws its paper, and misbehaves on command."""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from kiosk.devices.slip_printers.profiles import Profile, profiles
from kiosk.devices.virtual.escpos_interpreter import DOTS_PER_INCH
from kiosk.devices.virtual.escpos_model import Model
from kiosk.devices.virtual.paper import Paper
from kiosk.devices.virtual.printer_machine import Machine
from kiosk.devices.virtual.printer_wire import Pty, Tcp
from kiosk.devices.virtual.told_values import a_port, a_rate, within
from kiosk.devices.virtual.transcripts import OnWire

__all__ = ["Model", "Paper", "Pty", "Tcp", "VirtualPrinter", "add_arguments", "model_of", "run"]

SLOW_ROWS_PER_S = 55
DOTS_BY_PAPER_MM = {80: 576, 58: 384}
WIDTHS = (8, 2_400)
"""Narrowest and widest paper, in dots."""
a_pace = within(0, 100_000)
UNITS_OF_FINE_MODELS = 406
"""Models that know GS P count halves of dots until it is sent."""


class VirtualPrinter(Machine):
    """Start it, talk ESC/POS to the address, look at `papers`. All methods may be called from any thread."""

    # ---- for the bench and for tests -----------------------------------------------------------------------------

    @property
    def papers(self) -> list[Paper]:
        """The papers that came out, oldest first, the last 200."""
        with self._changed:
            return list(self._papers)

    @property
    def errors(self) -> list[str]:
        """What the host sent that this printer does not understand."""
        return list(self._interpreter.errors)

    @property
    def actions(self) -> Mapping[str, Callable[[], None]]:
        """Everything a hand can do to the printer, by name."""
        return {
            "load_paper": self.load_paper,
            "paper_out": self.paper_out,
            "out_after_300_rows": lambda: self.out_after_rows(300),
            "near_end_then_out": lambda: self.out_after_rows(300, near_end_rows=200),
            "near_end": self.near_end,
            "open_cover": lambda: self.cover(open_=True),
            "close_cover": lambda: self.cover(open_=False),
            "cutter_jam": self.cutter_jam,
            "clear_jam": self.clear_jam,
            "mechanical_error": self.mechanical_error,
            "overheat": self.overheat,
            "cool_down": self.cool_down,
            "busy": self.busy,
            "ready": self.ready,
            "slow": self.slow,
            "fast": self.fast,
            "unplug": self.unplug,
            "replug": self.replug,
            "mute": self.mute,
            "unmute": self.unmute,
            "power_cycle": lambda: self.power_cycle(keep_buffer=False),
            "power_cycle_keeping_buffer": lambda: self.power_cycle(keep_buffer=True),
        }

    def listen_in(self, on_wire: OnWire) -> None:
        """Tell `on_wire` of all that passes from now on."""
        self._wire.on_wire = on_wire

    def state(self) -> dict[str, object]:
        """Everything the bench shows."""
        with self._changed:
            faults = self._faults
            return {
                "name": self.name,
                "address": self._address,
                "plugged": self._plugged,
                "muted": self._muted,
                "paper": "out" if faults.paper_end else "low" if faults.near_end else "ok",
                "cover_open": faults.cover_open,
                "jammed": faults.jammed,
                "cutter_error": faults.cutter_error,
                "overheated": faults.overheated,
                "offline": faults.offline,
                "buffered_bytes": self._queued_bytes,
                "bytes_received": self._wire.bytes_received,
                "last_byte_mono": self._last_byte_mono,
                "last_job_byte_mono": self._last_job_byte_mono,
                "papers": self._papers_made,
                "errors": len(self._interpreter.errors),
            }

    def wait_until(self, so: Callable[["VirtualPrinter"], bool], wait_s: float) -> bool:
        """Wait until `so(printer)` holds, looked at after each change; False after `wait_s`."""
        with self._changed:
            return self._changed.wait_for(lambda: so(self), wait_s)

    # ---- hands ---------------------------------------------------------------------------------------------------

    def paper_out(self) -> None:
        """Take the roll away."""
        self._set(paper_end=True, rows_left=None)

    def out_after_rows(self, rows: int, near_end_rows: int = 0) -> None:
        """Let the roll end after so many more rows, in mid print if it comes to that; near-end shows before."""
        self._set(rows_left=rows, near_end_rows=near_end_rows)

    def near_end(self) -> None:
        """Let the roll become thin."""
        self._set(near_end=True)

    def load_paper(self) -> None:
        """Put a new roll in. The printer goes on with what it holds."""
        self._set(paper_end=False, near_end=False, rows_left=None, near_end_rows=0)

    def cover(self, *, open_: bool) -> None:
        """Open or close the cover."""
        self._set(cover_open=open_)

    def cutter_jam(self) -> None:
        """Put something between the blades: the next cut fails."""
        self._set(jammed=True)

    def clear_jam(self) -> None:
        """Remove it. The printer goes on when the host says so (DLE ENQ 1) or after a power cycle."""
        self._set(jammed=False)

    def mechanical_error(self) -> None:
        """Block the carriage for a moment: the printer stands until the host says DLE ENQ."""
        self._set(mechanical=True)

    def overheat(self) -> None:
        """Let the head become too hot."""
        self._set(overheated=True)

    def cool_down(self) -> None:
        """Let it cool; the printer goes on by itself."""
        self._set(overheated=False)

    def busy(self) -> None:
        """Take no bytes: whoever sends, waits, and is answered nothing."""
        self._wire.hold(busy=True)

    def ready(self) -> None:
        """Take bytes again."""
        self._wire.hold(busy=False)

    def slow(self) -> None:
        """Print eight lines in five seconds, as an old head in a cold hall."""
        self._rows_per_s = SLOW_ROWS_PER_S

    def fast(self) -> None:
        """Print at the speed it was made with."""
        self._rows_per_s = self._made_rows_per_s

    def mute(self) -> None:
        """Print on, but answer nothing."""
        self._muted = True

    def unmute(self) -> None:
        """Answer again."""
        self._muted = False

    def unplug(self) -> None:
        """Pull the data cable."""
        self._plugged = False
        self._wire.unplug()
        with self._changed:
            self._changed.notify_all()

    def replug(self) -> None:
        """Put it back: same address."""
        self._wire.plug()
        self._plugged = True

    def power_cycle(self, *, keep_buffer: bool = False) -> None:
        """Switch off and on. What was not printed is lost unless `keep_buffer`; the paper stays where it was."""
        with self._changed:
            self._automatic = 0
            self._faults.cutter_error = self._faults.mechanical = False
            if not keep_buffer:
                self._lose_buffer()
            self._changed.notify_all()
        self._wire.hang_up()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `python -m kiosk.devices.virtual printer`."""
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--tcp", "--port", type=a_port, default=0, metavar="PORT", help="TCP port (default: a free one)")
    place.add_argument("--pty", type=Path, nargs="?", const=Path("printer"), help="a serial line at this path instead")
    parser.add_argument("--baud", type=a_rate, default=0, help="pace bytes at this rate (default: at once)")
    parser.add_argument(
        "--flow", choices=("rts", "xon", "none"), default="rts", help="how a full buffer holds the host"
    )
    parser.add_argument("--profile", choices=sorted(profiles()), help="be this model (profiles.toml)")
    parser.add_argument("--paper", type=int, choices=(80, 58), default=80, help="width of the paper in millimetres")
    parser.add_argument("--width", type=within(*WIDTHS), help="dots across, where neither profile nor paper tells")
    parser.add_argument("--rows-per-s", type=a_pace, default=1_200, help="speed of the head, 0 for at once")
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the papers, as PNG")


def model_of(known: Profile) -> Model:
    """Return a printer that can do what its profile says, and nothing more."""
    return Model(
        chinese=known.chinese,
        chinese_at_start=known.chinese_at_start,
        native_qr=known.qr == "native",
        rasters=frozenset({known.raster}),
        cutter=known.cutter,
        process_ids=known.status == "process_id",
        vertical_units_per_inch=UNITS_OF_FINE_MODELS if known.sets_units else DOTS_PER_INCH,
    )


def run(args: argparse.Namespace) -> int:
    """Print until ended; each line on standard input is an action, such as `paper_out`."""
    args.out.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []

    def keep(paper: Paper) -> None:
        path = args.out / f"paper-{len(made) + 1:02}.png"
        paper.image.save(path)
        made.append(path)
        sys.stdout.write(f"{path}\n")
        sys.stdout.flush()

    listen = Pty(args.pty) if args.pty else Tcp(args.tcp)
    known = profiles()[args.profile] if args.profile else None
    width = args.width or (known.paper_width_dots if known else DOTS_BY_PAPER_MM[args.paper])
    printer = VirtualPrinter(
        "printer",
        listen,
        args.baud,
        width,
        rows_per_s=args.rows_per_s,
        flow=args.flow,
        model=model_of(known) if known else None,
        on_paper=keep,
    )
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, _end)
    sys.stdout.write(f"{printer.start()}\nactions: {' '.join(printer.actions)}\n")
    sys.stdout.flush()
    try:
        for line in sys.stdin:
            asked = line.strip()
            if asked == "quit":
                return 0
            sys.stdout.write(f"{_obey(printer, asked)}\n" if asked else "")
            sys.stdout.flush()
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        printer.stop()
    return 0


def _obey(printer: VirtualPrinter, asked: str) -> str:
    """Do what one line says; return what is answered."""
    if asked == "state":
        return json.dumps(printer.state(), default=str)
    action = printer.actions.get(asked)
    if action is None:
        return f"unknown action {asked!r}; there are state, quit, {', '.join(printer.actions)}"
    try:
        action()
    except OSError as error:
        return f"this cannot be done: {error.strerror or error}"
    return "done"


def _end(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
