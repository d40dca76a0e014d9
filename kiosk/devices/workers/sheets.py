"""The A4 printer: a statement is set in this thread, in memory, and printed once; its words live as long as its job."""

import time
from collections.abc import Callable

from hall.ids import JobId, SessionId
from kiosk.devices import health
from kiosk.devices.sheet_printers.typesetting import Typesetter
from kiosk.devices.workers.base import DeviceWorker, Job, Post, once
from kiosk.devices.workers.printer import STILL_NEAR_S
from kiosk.flows.a4_papers import A4Paper
from kiosk.flows.words import PrintEnded, PrintStalled
from kiosk.ports import DeviceError, Fault, PrintOutcome, PrintResult, Progress, SheetPrinter

Done = Callable[[PrintResult], None]
Instead = Callable[[], None]


class SheetWorker(DeviceWorker[SheetPrinter]):
    """Posts `PrintStalled` and `PrintEnded` as the slip printer's worker does, or nothing at all: then `instead`."""

    kind = "sheet_printer"
    max_jobs = 4
    state_every_s = 5.0

    def __init__(
        self,
        name: str,
        opener: Callable[[Progress], SheetPrinter],
        post: Post,
        *,
        typesetter: Callable[[str], Typesetter] = Typesetter,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(name, lambda: opener(self._stalled), monotonic)
        self._post = post
        self._make_typesetter = typesetter
        self._typesetter: Typesetter | None = None
        self._people = 0
        """Who has left so far."""

    def person_left(self) -> None:
        """Papers that have not begun are not printed: nobody is here to take them. From any thread."""
        self._people += 1

    def print(self, job: JobId, paper: A4Paper, session: SessionId, done: Done, instead: Instead) -> None:
        """Print this person's paper once. From any thread.

        Either `done` is called and `PrintEnded` posted, or, when nothing was sent while its person is still here,
        `instead` is called alone.
        """
        person, asked = self._people, self._monotonic()
        started = False
        del session  # statements are always private; whose they are is told by who is here

        def wanted() -> bool:
            return person == self._people or self._monotonic() - asked < STILL_NEAR_S

        def ended(result: PrintResult) -> None:
            if result.outcome is PrintOutcome.FAILED and wanted():
                instead()
            else:
                self._post(PrintEnded(result.job, result.outcome, result.fault), None)
                done(result)

        end = once(ended)

        def do(driver: SheetPrinter) -> None:
            nonlocal started
            if not wanted():
                return end(PrintResult(job, PrintOutcome.FAILED))
            try:
                pdf = self._set().pdf(paper)
            except DeviceError as error:  # of these words, not of the printer: it stays open
                return end(PrintResult(job, PrintOutcome.FAILED, error.reason))
            started = True
            end(driver.print(job, pdf, wanted))
            self._next_state = 0.0
            return None

        def fail(error: DeviceError) -> None:
            end(PrintResult(job, PrintOutcome.UNKNOWN if started else PrintOutcome.FAILED, error.reason))

        if not self._report.may_serve:
            return end(
                PrintResult(job, PrintOutcome.FAILED, Fault.REFUSED)
            )  # known already: nobody waits for its silence
        if not self._submit(Job(do, fail)):
            end(PrintResult(job, PrintOutcome.FAILED, Fault.REFUSED))
        return None

    def _watch(self, driver: SheetPrinter, now: float) -> None:
        self._set()  # reading the fonts costs a quarter of a second: paid while nobody waits
        super()._watch(driver, now)

    def _set(self) -> Typesetter:
        """Without its fonts this printer cannot serve; `DeviceError` says which package brings them."""
        if self._typesetter is None:
            self._typesetter = self._make_typesetter(self.name)
        return self._typesetter

    def _stalled(self, job: JobId, fault: Fault | None) -> None:
        """The driver's progress, in this thread: the next question comes after the job, so people are told now."""
        if fault is not None:
            self._tell(health.of_fault(self.name, self.kind, fault, dict(self._report.readings)))
        self._post(PrintStalled(job, fault), None)
