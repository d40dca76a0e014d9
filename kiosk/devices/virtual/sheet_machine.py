"""The virtual A4 printer's inside: jobs in order, a page after the other, and everything that can go wrong with it."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.devices.sheet_printers.conditions import ENDED, JobState, PrinterState
from kiosk.devices.virtual.sheet_pages import UnprintableError, pages

JOBS_KEPT = 50
DOCUMENT_BYTES = 4 * 1024 * 1024
STOP_S = 5.0
REASONS = {
    "paper_out": "media-empty-error",
    "jammed": "media-jam-error",
    "door_open": "door-open-error",
    "toner_out": "marker-supply-empty-error",
    "paused": "paused",
}
"""What stops it to the keyword it tells (RFC 8011 5.4.12)."""
WARNINGS = {"paper_low": "media-low-warning", "toner_low": "marker-supply-low-warning"}


@dataclass
class PrintJob:
    """One job. Its document is dropped when it has ended; what came out stays as pictures."""

    number: int
    name: str
    user: str
    state: int = JobState.HELD
    reasons: tuple[str, ...] = ("job-incoming",)
    document: bytes = field(default=b"", repr=False)
    pages_done: int = 0
    began: bool = False


@dataclass(frozen=True, slots=True)
class SheetOut:
    """One page that came out."""

    job: int
    name: str
    png: bytes = field(repr=False)
    pdf: bytes = field(repr=False)
    """The whole document it belongs to."""


class SheetMachine:
    """All methods may be called from any thread."""

    def __init__(self, page_s: float, on_sheet: Callable[[SheetOut], None]) -> None:
        self.page_s = page_s
        self.pages_left: int | None = None
        """Sheets in the tray; None is plenty."""
        self._on_sheet = on_sheet
        self._faults: set[str] = set()
        self._jobs: OrderedDict[int, PrintJob] = OrderedDict()
        self._count = 0
        self._stopping = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Warm up."""
        self._thread = threading.Thread(target=self._run, name="virtual-sheet-printer", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Switch off."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(STOP_S)

    # ---- hands ---------------------------------------------------------------------------------------------------

    def set_fault(self, name: str, *, present: bool) -> None:
        """Let a fault or a warning come or go."""
        with self._changed:
            (self._faults.add if present else self._faults.discard)(name)
            self._changed.notify_all()

    def load(self, pages_left: int | None) -> None:
        """Put paper in: so many sheets, or plenty."""
        with self._changed:
            self.pages_left = pages_left
            (self._faults.add if pages_left == 0 else self._faults.discard)("paper_out")
            self._changed.notify_all()

    def wait_until(self, so: Callable[[], bool], wait_s: float) -> bool:
        """Wait until `so()` holds, looked at after each change; False after `wait_s`."""
        with self._changed:
            return self._changed.wait_for(so, wait_s)

    # ---- for the wire --------------------------------------------------------------------------------------------

    def create(self, name: str, user: str) -> PrintJob:
        """Take up a job that waits for its document."""
        with self._changed:
            self._count += 1
            job = PrintJob(self._count, name, user)
            self._jobs[job.number] = job
            while len(self._jobs) > JOBS_KEPT:
                self._jobs.popitem(last=False)
            self._changed.notify_all()
            return job

    def take(self, job: PrintJob, document: bytes) -> None:
        """Take a job's document: it waits for its turn."""
        with self._changed:
            job.document, job.state, job.reasons = document, JobState.PENDING, ("none",)
            self._changed.notify_all()

    def cancel(self, job: PrintJob) -> bool:
        """End a job; False when it had ended."""
        with self._changed:
            if job.state in ENDED:
                return False
            self._finish(job, JobState.CANCELED, "job-canceled-by-user")
            return True

    def find(self, number: int) -> PrintJob | None:
        """Return the job with this number."""
        with self._changed:
            return self._jobs.get(number)

    def jobs(self) -> list[PrintJob]:
        """Return the jobs, oldest first."""
        with self._changed:
            return list(self._jobs.values())

    def state(self) -> tuple[PrinterState, list[str]]:
        """Return the printer's state and its reasons."""
        with self._changed:
            told = [keyword for name, keyword in (REASONS | WARNINGS).items() if name in self._faults]
            if self._stopped():
                return PrinterState.STOPPED, told
            busy = any(job.state == JobState.PROCESSING for job in self._jobs.values())
            return (PrinterState.PROCESSING if busy else PrinterState.IDLE), told or ["none"]

    # ---- paper ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self._next() is not None)
                job = self._next()
                if self._stopping or job is None:
                    return
                job.state, job.began = JobState.PROCESSING, True
                self._changed.notify_all()
            self._print(job)

    def _next(self) -> PrintJob | None:
        if self._stopped():
            return None
        return next((job for job in self._jobs.values() if job.state == JobState.PENDING), None)

    def _stopped(self) -> bool:
        return not self._faults.isdisjoint(REASONS)

    def _print(self, job: PrintJob) -> None:
        document = job.document
        try:
            drawn = pages(document)
        except UnprintableError:
            with self._changed:
                self._finish(job, JobState.ABORTED, "document-format-error")
            return
        for png in drawn:
            if not self._print_page(job):
                return
            self._on_sheet(SheetOut(job.number, job.name, png, document))
            with self._changed:
                self._changed.notify_all()
        with self._changed:
            if job.state == JobState.PROCESSING:
                self._finish(job, JobState.COMPLETED, "job-completed-successfully")

    def _print_page(self, job: PrintJob) -> bool:
        """Let one page's time pass on a printer that can print; False when the job was ended meanwhile."""
        with self._changed:
            done_at = time.monotonic() + self.page_s
            while not self._stopping and job.state not in ENDED:
                job.state = JobState.STOPPED if self._stopped() else JobState.PROCESSING
                left_s = done_at - time.monotonic()
                if not self._stopped() and left_s <= 0:
                    job.pages_done += 1
                    self._use_a_sheet()
                    self._changed.notify_all()
                    return True
                self._changed.wait(None if self._stopped() else left_s)
            return False

    def _use_a_sheet(self) -> None:
        if self.pages_left is not None:
            self.pages_left -= 1
            if self.pages_left <= 0:
                self._faults.add("paper_out")

    def _finish(self, job: PrintJob, state: JobState, reason: str) -> None:
        job.state, job.reasons, job.document = state, (reason,), b""
        self._changed.notify_all()
