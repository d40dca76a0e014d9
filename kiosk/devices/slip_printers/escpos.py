"""ESC/POS slip printers on TCP 9100, a serial line or USB (Epson command reference; devices reference 4).

The printer keeps what it was sent: after paper-out it goes on by itself when paper is loaded. So a job is sent once,
waits for people where it must, and is never sent again unless not one byte of it had left.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from hall.health.forecasts import SOON, told
from hall.ids import JobId
from kiosk.devices.closing import Lifetime
from kiosk.devices.slip_printers.conversation import Conversation
from kiosk.devices.slip_printers.drawing import engine_of_this_thread
from kiosk.devices.slip_printers.job import Ending, Job
from kiosk.devices.slip_printers.layout import Composer
from kiosk.devices.slip_printers.options import Options, check_place, open_line, profile_of, sheet_of, waits_of
from kiosk.devices.slip_printers.paper_left import PaperLeft
from kiosk.devices.slip_printers.pieces import Piece
from kiosk.devices.slip_printers.profiles import Means
from kiosk.devices.slip_printers.raster import BAND_BYTES
from kiosk.devices.slip_printers.status import Status
from kiosk.devices.slip_printers.transport import LineLost, Transport
from kiosk.ports import (
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

__all__ = ["EscPosPrinter", "Options", "connect"]

RESULTS_KEPT = 1_000
"""Jobs remembered so that the same id prints once; a terminal prints fewer in a day."""

MM_PER_M = 1_000
SENSES = ("paper", "cover_open", "cutter_error", "overheated")


class EscPosPrinter:
    """See `kiosk.ports.SlipPrinter`. All calls from one thread."""

    def __init__(
        self,
        options: Options,
        name: str,
        progress: Progress,
        open_with: Callable[[Options], Transport] = open_line,
    ) -> None:
        check_place(options, name)
        self._options = options
        self._profile = profile_of(options, name)
        self._progress = progress
        self._open_with = open_with
        self._sheet = sheet_of(options, name)
        self._life = Lifetime(name)
        self._conversation: Conversation | None = None
        self._results: OrderedDict[JobId, PrintResult] = OrderedDict()
        self._job_number = 0
        self._cut_off = False
        self._owed = 0
        self._bytes_sent = 0
        self._dots_fed = 0
        self._paper = PaperLeft(
            MM_PER_M * (self._profile.roll_m if options.roll_m is None else options.roll_m),
            MM_PER_M * (self._profile.near_end_m if options.near_end_m is None else options.near_end_m),
        )
        if options.count_path:
            self._paper.load(Path(options.count_path))

    def state(self) -> DeviceState:
        """Ask the printer how it is: paper, cover, cutter."""
        if self._life.over:
            return self._life.last_state()
        engine_of_this_thread()  # a first drawing costs 40 ms: paid while nobody waits
        try:
            conversation = self._connected()
            if self._means(conversation) == "none":
                return self._state_of_port(conversation)
            status = conversation.current(self._options.answer_wait_s)
            if status is not None and status.stop is None:
                self._identify(conversation)
        except LineLost as error:
            self._disconnect()
            return DeviceState(
                Fault.DISCONNECTED, may_serve=False, detail=str(error), readings=self._readings(None, Unread.UNKNOWN)
            )
        if status is None:
            self._disconnect()
            readings = self._readings(None, Unread.UNKNOWN)
            detail = "the line babbles" if conversation.babbles else "no answer to DLE EOT"
            return DeviceState(conversation.unanswered, may_serve=False, detail=detail, readings=readings)
        self._paper.observe(status)
        return self._state_of(status, self._readings(status, Unread.UNSUPPORTED))

    def print(self, job: JobId, slip: Slip, wanted: Callable[[], bool] = lambda: True) -> PrintResult:
        """Print once; see `kiosk.ports.SlipPrinter`."""
        self._life.check()
        known = self._results.get(job)
        if known is not None:
            return known
        accepted = time.monotonic()
        written = self._composed(slip)
        self._job_number += 1
        running, ending = self._run(written.data, lambda fault: self._progress(job, fault), wanted)
        self._count(running, written)
        result = PrintResult(
            job, ending.outcome, ending.fault, accepted, running.first_byte_mono, running.last_byte_mono
        )
        self._results[job] = result
        while len(self._results) > RESULTS_KEPT:
            self._results.popitem(last=False)
        return result

    def close(self) -> None:
        """Give the line back, for good."""
        self._life.end()
        self._disconnect()

    # ---- a job ---------------------------------------------------------------------------------------------------

    def _composed(self, slip: Slip) -> Piece:
        engine = engine_of_this_thread()
        try:
            return Composer(self._sheet, engine).measured(slip)
        finally:
            engine.forget()  # a person's statement does not stay in memory after its job

    def _run(self, data: bytes, tell: Callable[[Fault | None], None], wanted: Callable[[], bool]) -> tuple[Job, Ending]:
        """Run the job; a line lost before its first byte is opened once more, after it never."""
        job = Job(data, self._job_number, waits_of(self._options), tell, wanted)
        for last_try in (False, True):
            try:
                conversation = self._connected()
                ending = job.run(conversation, self._means(conversation))
            except LineLost:
                self._disconnect()
                if job.first_byte_mono:
                    self._cut_off = True
                    return job, Ending(PrintOutcome.UNKNOWN, Fault.DISCONNECTED)
                if last_try:
                    return job, Ending(PrintOutcome.FAILED, Fault.DISCONNECTED)
                continue
            if conversation.status is not None:
                self._paper.observe(conversation.status)
            if ending.fault in (Fault.SILENT, Fault.GARBLED):
                self._disconnect()
                if ending.outcome is PrintOutcome.FAILED and not last_try:
                    continue
            return job, ending
        raise AssertionError  # the second pass always returns

    def _count(self, job: Job, written: Piece) -> None:
        """Count what went out; of a job cut off nobody knows how much was printed, so all of it counts."""
        self._bytes_sent += job.bytes_sent
        if job.bytes_sent:
            self._dots_fed += written.dots
            self._paper.printed(written.dots)
        if self._options.count_path:
            self._paper.save(Path(self._options.count_path))

    # ---- the line ------------------------------------------------------------------------------------------------

    def _connected(self) -> Conversation:
        if self._conversation is None:
            self._conversation = Conversation(self._open_with(self._options), self._owed)
        if self._cut_off:
            options = self._options
            self._conversation.fill_up(options.finish_wait_s + BAND_BYTES * options.wire_s_per_byte)
            self._cut_off = False
        return self._conversation

    def _disconnect(self) -> None:
        """A serial or USB printer may still answer for an earlier job on a new line; a network printer cannot."""
        if self._conversation is not None:
            self._owed = self._conversation.barriers_owed if self._options.transport != "tcp" else 0
            self._conversation.close()
            self._conversation = None

    def _means(self, conversation: Conversation) -> Means:
        """Tell how this line confirms jobs: a kernel device that stays silent cannot, any other is faulty then."""
        confirm = self._options.confirm or self._profile.status
        if confirm == "none" or not conversation.answers:
            return "none"
        if self._options.transport == "usblp" and conversation.statuses == 0:
            answered = conversation.current(self._options.answer_wait_s) is not None
            conversation.answers = answered or conversation.babbles
            return confirm if conversation.answers else "none"
        return confirm

    # ---- how it is -----------------------------------------------------------------------------------------------

    def _state_of_port(self, conversation: Conversation) -> DeviceState:
        conversation.pump(0.0)  # a pulled plug shows without a question, too
        weak = conversation.weak_status()
        readings = self._readings(None, Unread.UNSUPPORTED)
        if weak is None:
            return DeviceState(detail="the printer cannot answer", readings=readings)
        readings["paper"] = "out" if weak.paper_end else "ok"
        self._paper.observe(weak)
        return self._state_of(weak, readings | self._paper.readings())

    def _state_of(self, status: Status, readings: dict[str, Reading]) -> DeviceState:
        if status.stop is not None:
            return DeviceState(status.stop, may_serve=False, readings=readings)
        slips = readings.get("slips_left")
        soon = isinstance(slips, int) and slips <= SOON
        fault = Fault.PAPER_LOW if status.paper_near_end or soon else None
        return DeviceState(fault, detail=told(slips) if isinstance(slips, int) else "", readings=readings)

    def _identify(self, conversation: Conversation) -> None:
        if self._profile.identifies and conversation.identity is None and conversation.barriers_owed == 0:
            conversation.identify(self._options.answer_wait_s)

    def _readings(self, status: Status | None, unread: Unread) -> dict[str, Reading]:
        """Everything that can be told; `unread` is why the senses are without value."""
        counted: dict[str, Reading] = {
            **self._paper.readings(),
            "bytes_sent": self._bytes_sent,
            "dots_fed": self._dots_fed,
            "printer": (self._conversation and self._conversation.identity) or self._unnamed(),
        }
        if status is None:
            return {**dict.fromkeys(SENSES, unread), **counted}
        return {
            "paper": "out" if status.paper_end else "low" if status.paper_near_end else "ok",
            "cover_open": status.cover_open,
            "cutter_error": status.cutter,
            "overheated": status.overheated,
            **counted,
        }

    def _unnamed(self) -> Unread:
        asked = self._conversation is not None and self._conversation.identity is not None
        return Unread.UNKNOWN if self._profile.identifies and not asked else Unread.UNSUPPORTED


def connect(options: Options, name: str, progress: Progress) -> SlipPrinter:
    """Make the driver; the line is opened when first needed, so a printer may be switched on later."""
    return EscPosPrinter(options, name, progress)
