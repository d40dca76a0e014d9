"""The slip printer: jobs in order, each ended once; faults noticed while nobody prints, too."""

import time
from collections import OrderedDict
from collections.abc import Callable

from hall.ids import JobId, SessionId
from kiosk.devices import health
from kiosk.devices.workers.base import DeviceWorker, Job, Post, once
from kiosk.flows.words import PrintEnded, PrintStalled
from kiosk.ports import DeviceError, Fault, PrintOutcome, PrintResult, Progress, Slip, SlipPrinter, Unread

REMEMBERED_JOBS = 200
"""A busy terminal's morning; the same job id again gets its first result, even from a driver made anew."""

STILL_NEAR_S = 10.0
"""Who asked for a paper so lately and pressed 结束 stands here and waits for it."""

Done = Callable[[PrintResult], None]


STALLED_BY: dict[Fault, dict[str, str]] = {
    Fault.NO_PAPER: {"paper": "out"},
    Fault.COVER_OPEN: {"cover_open": "yes"},
    Fault.CUTTER: {"cutter_error": "yes"},
    Fault.OVERHEATED: {"overheated": "yes"},
}
"""What a job that waits says about the printer; nothing else is known until it can be asked again."""


class PrinterWorker(DeviceWorker[SlipPrinter]):
    """Posts `PrintStalled` and `PrintEnded` with session None: paper is about the world, flows match it by job."""

    kind = "slip_printer"
    max_jobs = 8
    state_every_s = 2.0

    def __init__(
        self,
        name: str,
        opener: Callable[[Progress], SlipPrinter],
        post: Post,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(name, lambda: opener(self._stalled), monotonic)
        self._post = post
        self._ended: OrderedDict[JobId, PrintResult] = OrderedDict()
        self._people = 0
        """Who has left so far; a private paper belongs to the one who was here when it was asked for."""

    def person_left(self) -> None:
        """Private papers that have not begun are not printed: nobody is here to take them. From any thread."""
        self._people += 1

    def print(self, job: JobId, slip: Slip, session: SessionId | None, done: Done) -> None:
        """Print once; `done` is called, and `PrintEnded` posted, at the end. From any thread.

        With a `session` it is that person's private paper: if they leave while it still waits, it is given up.
        Without, it comes out even when everybody has left.
        """
        person, asked = self._people, self._monotonic()
        started = False

        def wanted() -> bool:
            return session is None or person == self._people or self._monotonic() - asked < STILL_NEAR_S

        end: Callable[[PrintResult], None] = once(lambda result: self._end_job(result, done))

        def do(driver: SlipPrinter) -> None:
            nonlocal started
            known = self._ended.get(job)
            if known is None and not wanted():
                known = PrintResult(job, PrintOutcome.FAILED)
            elif known is None:
                started = True
                known = driver.print(job, slip, wanted)
            end(known)
            self._next_state = 0.0

        def fail(error: DeviceError) -> None:
            outcome = PrintOutcome.UNKNOWN if started else PrintOutcome.FAILED
            end(PrintResult(job, outcome, error.reason))

        if not self._submit(Job(do, fail)):
            self._finish(PrintResult(job, PrintOutcome.FAILED, Fault.REFUSED), done)

    def _end_job(self, result: PrintResult, done: Done) -> None:
        if result.outcome is not PrintOutcome.FAILED:
            self._ended[result.job] = result
            while len(self._ended) > REMEMBERED_JOBS:
                self._ended.popitem(last=False)
        self._finish(result, done)

    def _finish(self, result: PrintResult, done: Done) -> None:
        self._post(PrintEnded(result.job, result.outcome, result.fault), None)
        done(result)

    def _stalled(self, job: JobId, fault: Fault | None) -> None:
        """The driver's progress, in the worker's thread: the printer cannot be asked now, but it has told."""
        if fault is not None:
            told = dict.fromkeys(self._report.readings, Unread.UNKNOWN.value) | STALLED_BY.get(fault, {})
            self._tell(health.of_fault(self.name, self.kind, fault, told))
        self._post(PrintStalled(job, fault), None)
