"""ESC/POS slip printers on TCP 9100 or a serial line (Epson command reference; devices reference 4).

The printer keeps what it was sent: after paper-out it goes on by itself when paper is loaded. So a job is sent once,
waits for people where it must, and is never sent again unless not one byte of it had left.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from escpos.capabilities import get_profile

from hall.ids import JobId
from kiosk.devices.slip_printers.columns import Charset
from kiosk.devices.slip_printers.conversation import Conversation
from kiosk.devices.slip_printers.job import Ending, Job, Waits
from kiosk.devices.slip_printers.layout import Composer, Sheet
from kiosk.devices.slip_printers.raster import BAND_BYTES, WIDEST_DOTS
from kiosk.devices.slip_printers.status import Status
from kiosk.devices.slip_printers.transport import LineLost, Transport, serial_line, tcp
from kiosk.ports import (
    DeviceError,
    DeviceState,
    Fault,
    PrintOutcome,
    PrintResult,
    Progress,
    Reading,
    Slip,
    SlipPrinter,
    Unread,
)
from kiosk.text import TextEngine

RESULTS_KEPT = 1_000
"""Jobs remembered so that the same id prints once; a terminal prints fewer in a day."""


NARROWEST_DOTS = 256
"""Below it not even a date fits in a line."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the technician sets."""

    transport: Literal["tcp", "serial"] = "tcp"
    host: str = "127.0.0.1"
    port: int = 9100
    path: str = ""
    """Serial device, such as `/dev/ttyS1`."""
    baud: int = 115_200
    flow: Literal["none", "rts", "xon"] = "none"
    paper_width_dots: int = 576
    """80 mm paper has 576 dots, 58 mm has 384 (203 dpi)."""
    chinese_mode: bool = True
    """False for a printer without Chinese font: everything but ASCII is drawn."""
    charset: Charset = "gbk"
    """`gb2312` for older fonts."""
    profile: str = "default"
    """Name in python-escpos's list; tells whether the printer draws QR codes itself."""
    qr: Literal["profile", "native", "raster"] = "raster"
    """Many clones lack native QR codes."""
    cutter: bool = True
    drawn_from_scale: int = 9
    """Set to 4 for a model that enlarges characters into steps (no GS b) on a fast line: the ticket number is then
    drawn, at 8 to 14 kB instead of 40 bytes."""
    confirm: Literal["process_id", "status", "none"] = "status"
    """`process_id`: the printer proves each job (GS ( H); `status`: it answers status; `none`: it cannot answer."""
    connect_wait_s: float = 3.0
    answer_wait_s: float = 1.0
    """For one complete status: four questions, each a few bytes, also at 9,600 baud."""
    poll_s: float = 0.5
    refill_wait_s: float = 300.0
    """How long a job waits for paper, cover or cutter: a guide's walk with a new roll, twice."""
    finish_wait_s: float = 20.0
    """From the last byte (wire time added) to the printer's word that it is done: the slowest long slip."""

    @property
    def wire_s_per_byte(self) -> float:
        """Ten bits a byte on a serial line; a network takes no time worth counting."""
        return 10 / self.baud if self.transport == "serial" else 0.0


class EscPosPrinter:
    """See `kiosk.ports.SlipPrinter`. All calls from one thread."""

    def __init__(self, options: Options, name: str, progress: Progress) -> None:
        self._options = options
        self._name = name
        self._progress = progress
        self._sheet = _sheet(options, name)
        self._engine: TextEngine | None = None
        self._conversation: Conversation | None = None
        self._results: OrderedDict[JobId, PrintResult] = OrderedDict()
        self._job_number = 0
        self._cut_off = False
        self._owed = 0

    def state(self) -> DeviceState:
        """Ask the printer how it is: paper, cover, cutter."""
        try:
            conversation = self._connected()
            if self._options.confirm == "none":
                return DeviceState(detail="the printer cannot answer", readings={"paper": Unread.UNSUPPORTED})
            status = conversation.current(self._options.answer_wait_s)
        except LineLost as error:
            self._disconnect()
            return DeviceState(Fault.DISCONNECTED, may_serve=False, detail=str(error), readings=_readings(None))
        if status is None:
            self._disconnect()
            return DeviceState(Fault.SILENT, may_serve=False, detail="no answer to DLE EOT", readings=_readings(None))
        if status.stop is not None:
            return DeviceState(status.stop, may_serve=False, readings=_readings(status))
        return DeviceState(Fault.PAPER_LOW if status.paper_near_end else None, readings=_readings(status))

    def print(self, job: JobId, slip: Slip, wanted: Callable[[], bool] = lambda: True) -> PrintResult:
        """Print once; see `kiosk.ports.SlipPrinter`."""
        known = self._results.get(job)
        if known is not None:
            return known
        accepted = time.monotonic()
        data = self._composed(slip)
        self._job_number += 1
        running = Job(data, self._job_number, self._waits(), lambda fault: self._progress(job, fault), wanted)
        ending = self._run(running)
        result = PrintResult(
            job, ending.outcome, ending.fault, accepted, running.first_byte_mono, running.last_byte_mono
        )
        self._results[job] = result
        while len(self._results) > RESULTS_KEPT:
            self._results.popitem(last=False)
        return result

    def close(self) -> None:
        """Give the line back."""
        self._disconnect()

    def _composed(self, slip: Slip) -> bytes:
        if self._engine is None:
            self._engine = TextEngine()  # here, on the worker's thread, which is the only one that may draw with it
        try:
            return Composer(self._sheet, self._engine).compose(slip)
        finally:
            self._engine.forget()  # a person's statement does not stay in memory after its job

    def _run(self, job: Job) -> Ending:
        """Run the job; a line lost before its first byte is opened once more, after it never."""
        for last_try in (False, True):
            try:
                ending = job.run(self._connected())
            except LineLost:
                self._disconnect()
                if job.first_byte_mono:
                    self._cut_off = True
                    return Ending(PrintOutcome.UNKNOWN, Fault.DISCONNECTED)
                if last_try:
                    return Ending(PrintOutcome.FAILED, Fault.DISCONNECTED)
                continue
            if ending.fault is Fault.SILENT:
                self._disconnect()
                if ending.outcome is PrintOutcome.FAILED and not last_try:
                    continue
            return ending
        raise AssertionError  # the second pass always returns

    def _connected(self) -> Conversation:
        if self._conversation is None:
            self._conversation = Conversation(self._open(), self._owed)
        if self._cut_off:
            options = self._options
            self._conversation.fill_up(options.finish_wait_s + BAND_BYTES * options.wire_s_per_byte)
            self._cut_off = False
        return self._conversation

    def _open(self) -> Transport:
        options = self._options
        if options.transport == "tcp":
            return tcp(options.host, options.port, options.connect_wait_s)
        return serial_line(options.path, options.baud, options.flow)

    def _disconnect(self) -> None:
        """A serial printer may still answer for an earlier job when its line is back; a network printer cannot."""
        if self._conversation is not None:
            self._owed = self._conversation.barriers_owed if self._options.transport == "serial" else 0
            self._conversation.close()
            self._conversation = None

    def _waits(self) -> Waits:
        options = self._options
        return Waits(
            confirm=options.confirm,
            answer_s=options.answer_wait_s,
            poll_s=options.poll_s,
            refill_s=options.refill_wait_s,
            finish_s=options.finish_wait_s,
            wire_s_per_byte=options.wire_s_per_byte,
        )


def connect(options: Options, name: str, progress: Progress) -> SlipPrinter:
    """Make the driver; the line is opened when first needed, so a printer may be switched on later."""
    return EscPosPrinter(options, name, progress)


def _sheet(options: Options, name: str) -> Sheet:
    qr = options.qr
    if qr == "profile":
        try:
            qr = "native" if get_profile(options.profile).supports("qrCode") else "raster"
        except KeyError as error:
            raise DeviceError(Fault.OPTION, name, f"profile {options.profile!r} is not one of python-escpos") from error
    if options.paper_width_dots % 8 or not NARROWEST_DOTS <= options.paper_width_dots <= WIDEST_DOTS:
        told = f"paper_width_dots must be a multiple of 8 from {NARROWEST_DOTS} to {WIDEST_DOTS}"
        raise DeviceError(Fault.OPTION, name, told)
    return Sheet(
        options.paper_width_dots, options.charset, options.chinese_mode, options.cutter, qr, options.drawn_from_scale
    )


def _readings(status: Status | None) -> dict[str, Reading]:
    if status is None:
        return {"paper": Unread.UNKNOWN, "cover_open": Unread.UNKNOWN, "cutter_error": Unread.UNKNOWN}
    paper = "out" if status.paper_end else "low" if status.paper_near_end else "ok"
    return {"paper": paper, "cover_open": status.cover_open, "cutter_error": status.cutter}
