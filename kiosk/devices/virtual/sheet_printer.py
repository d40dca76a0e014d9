"""A virtual A4 printer: an IPP endpoint as network printers have (RFC 8011), strict, and misbehaving on command.

CUPS prints to it as to any printer (`ipp://127.0.0.1:PORT/ipp/print`), and so does our driver without CUPS. What it
prints stays in memory as pictures. Run: `python -m kiosk.devices.virtual sheet_printer --port 8631`.
"""

import argparse
import contextlib
import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from kiosk.devices.sheet_printers.ipp import IppError, decode
from kiosk.devices.virtual import sheet_answers
from kiosk.devices.virtual.sheet_http import PATH, IppServer
from kiosk.devices.virtual.sheet_machine import SheetMachine, SheetOut
from kiosk.devices.virtual.standing_alone import Action, serve_alone
from kiosk.devices.virtual.told_values import a_port, seconds

SHEETS_KEPT = 100
PAGE_S = 0.4
SLOW_PAGE_S = 8.0
SILENT_S = 30.0


class VirtualSheetPrinter:
    """Start it, print to the address, look at `sheets`. All methods may be called from any thread."""

    def __init__(
        self,
        port: int = 0,
        page_s: float = PAGE_S,
        name: str = "virtual-a4",
        on_sheet: Callable[[SheetOut], None] = lambda _sheet: None,
    ) -> None:
        self.name = name
        self.errors: list[str] = []
        """What a client sent that no printer understands."""
        self.requests: deque[int] = deque(maxlen=1_000)
        """Operations as they came."""
        self._port = port
        self._page_s = page_s
        self._told = on_sheet
        self._sheets: deque[SheetOut] = deque(maxlen=SHEETS_KEPT)
        self.machine = SheetMachine(page_s, self._out)
        self._speaking = threading.Event()
        self._speaking.set()
        self._ended = threading.Event()
        self._server: IppServer | None = None

    # ---- for the bench and for tests -----------------------------------------------------------------------------

    def start(self) -> str:
        """Serve; return the address, `host:port`."""
        self.machine.begin()
        return self.replug()

    def stop(self) -> None:
        """Stop serving; what was printed is forgotten with the object."""
        self._ended.set()
        self._speaking.set()
        self.unplug()
        self.machine.end()

    def state(self) -> dict[str, object]:
        """Everything the bench shows."""
        state, reasons = self.machine.state()
        keywords = " ".join(reasons)
        return {
            "address": f"127.0.0.1:{self._port}",
            "plugged": self._server is not None,
            "silent": not self._speaking.is_set(),
            "state": state.name.lower(),
            "paper": "out" if "media-empty" in keywords else "low" if "media-low" in keywords else "ok",
            "cover_open": "door-open" in keywords,
            "jammed": "media-jam" in keywords,
            "toner": "out" if "supply-empty" in keywords else "low" if "supply-low" in keywords else "ok",
            "reasons": reasons,
            "jobs": [{"job": job.number, "name": job.name, "state": int(job.state)} for job in self.machine.jobs()],
            "sheets": len(self._sheets),
            "errors": len(self.errors),
        }

    @property
    def sheets(self) -> list[SheetOut]:
        """The pages that came out, oldest first, the last 100."""
        return list(self._sheets)

    @property
    def actions(self) -> dict[str, Action]:
        """Everything a hand can do to the printer, by name."""

        def lasting(fault: str, present: bool) -> Action:
            return lambda: self.machine.set_fault(fault, present=present)

        def out_after(pages: int) -> None:
            self.machine.load(pages)

        return {
            "paper_out": lambda: self.machine.load(0),
            "load_paper": self.load_paper,
            "out_after": out_after,
            "paper_low": lasting("paper_low", True),
            "jam": lasting("jammed", True),
            "clear_jam": lasting("jammed", False),
            "open_cover": lasting("door_open", True),
            "close_cover": lasting("door_open", False),
            "toner_out": lasting("toner_out", True),
            "toner_low": lasting("toner_low", True),
            "new_toner": self.new_toner,
            "pause": lasting("paused", True),
            "resume": lasting("paused", False),
            "slow": lambda: self._pace(SLOW_PAGE_S),
            "fast": lambda: self._pace(self._page_s),
            "silence": self._speaking.clear,
            "speak": self._speaking.set,
            "unplug": self.unplug,
            "replug": self._plug_again,
        }

    # ---- hands ---------------------------------------------------------------------------------------------------

    def load_paper(self) -> None:
        """Fill the tray."""
        self.machine.load(None)
        self.machine.set_fault("paper_low", present=False)

    def new_toner(self) -> None:
        """Put a new cartridge in."""
        for fault in ("toner_out", "toner_low"):
            self.machine.set_fault(fault, present=False)

    def unplug(self) -> None:
        """Pull the network cable."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def replug(self) -> str:
        """Put it back: same address."""
        if self._server is None:
            self._server = IppServer(self._port, self._answer, self.errors.append)
            self._port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return f"127.0.0.1:{self._port}"

    # ---- inside --------------------------------------------------------------------------------------------------

    def _plug_again(self) -> None:
        self.replug()

    def _pace(self, page_s: float) -> None:
        self.machine.page_s = page_s

    def _out(self, sheet: SheetOut) -> None:
        self._sheets.append(sheet)
        self._told(sheet)

    def _answer(self, body: bytes) -> bytes | None:
        """Return the answer's bytes; None hangs up, as after silence or on what is no IPP."""
        if not self._speaking.is_set():
            self._speaking.wait(SILENT_S)
            return None
        try:
            asked = decode(body)
        except IppError as error:
            self.errors.append(str(error))
            return None
        self.requests.append(asked.code)
        return sheet_answers.answer(asked, self.machine, f"ipp://127.0.0.1:{self._port}{PATH}", self.name)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of this device."""
    parser.add_argument("--port", type=a_port, default=0, help="TCP port (default: a free one)")
    parser.add_argument("--page-s", type=seconds, default=PAGE_S, help="seconds a page takes")
    parser.add_argument("--out", type=Path, help="folder for the pages, as PNG (default: they stay in memory)")
    parser.add_argument("--fault", action="append", default=[], help="an action to begin with, such as paper_out")


def run(args: argparse.Namespace) -> int:
    """Print until ended; each line on standard input is an action."""
    count = 0

    def keep(sheet: SheetOut) -> None:
        nonlocal count
        count += 1
        if args.out is not None:
            with contextlib.suppress(OSError):
                (args.out / f"page-{count:03}.png").write_bytes(sheet.png)
        sys.stdout.write(f"page {count} of job {sheet.job}\n")
        sys.stdout.flush()

    if args.out is not None:
        args.out.mkdir(parents=True, exist_ok=True)
    printer = VirtualSheetPrinter(args.port, args.page_s, on_sheet=keep)
    return serve_alone(printer, printer.actions, args.fault)
