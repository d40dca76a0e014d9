"""One sheet from its first question to the printer's last word (devices reference 4.2).

A job is announced before a byte of it leaves, so its number is known whatever happens to the line afterwards. It is
given to a printer that can print only, and taken back when its person has left before it began.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.devices.sheet_printers.conditions import ENDED, Condition, JobState
from kiosk.devices.sheet_printers.ipp_line import JobNow, LineError, SaysNoError
from kiosk.ports import Fault, PrintOutcome

NEVER_PRINTED = frozenset({"document-format-error", "unsupported-document-format", "document-unprintable-error"})
"""The printer gave the document up as a whole (RFC 8011 5.3.8)."""


class Line(Protocol):
    """What a job needs of `ipp_line.IppLine`."""

    def printer(self) -> Condition:
        """How the printer is."""

    def create_job(self, title: str, sides: str) -> int:
        """Announce."""

    def send(self, job: int, pdf: bytes) -> None:
        """Send."""

    def job(self, job: int) -> JobNow:
        """How the job is."""

    def cancel(self, job: int, *, purge: bool = False) -> None:
        """End it."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Named limits of a job, see `cups.Options`."""

    poll_s: float
    refill_s: float
    finish_s: float
    cancel_s: float


@dataclass(frozen=True, slots=True)
class Ending:
    """How the job ended and, if it is not printed, why."""

    outcome: PrintOutcome
    fault: Fault | None = None


class SheetJob:
    """`tell` hears what the job waits for, None when it goes on. `rest` lets seconds pass."""

    def __init__(
        self,
        line: Line,
        waits: Waits,
        tell: Callable[[Fault | None], None],
        wanted: Callable[[], bool],
        *,
        rest: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = line
        self._waits = waits
        self._tell = tell
        self._wanted = wanted
        self._rest = rest
        self._monotonic = monotonic
        self._told: Fault | None = None
        self._waiting_since: float | None = None
        self.number: int | None = None
        self.first_byte_mono = 0.0
        self.last_byte_mono = 0.0

    def run(self, title: str, sides: str, pdf: bytes, worth: Callable[[Condition], PrintOutcome]) -> Ending:
        """Print once; `worth` tells what a completed job of such a queue is (`processed` or `sent`)."""
        try:
            before = self._line.printer()
            if before.stop is not None or not self._wanted():
                return Ending(PrintOutcome.FAILED, before.stop)
            self.number = self._line.create_job(title, sides)
        except (LineError, SaysNoError) as error:
            return Ending(PrintOutcome.FAILED, error.fault)  # at most an empty job was made; it ends by itself
        return self._submitted(self.number, pdf, worth(before))

    def _submitted(self, number: int, pdf: bytes, done: PrintOutcome) -> Ending:
        self.first_byte_mono = self._monotonic()
        try:
            self._line.send(number, pdf)
        except SaysNoError:
            self._try_to_cancel(number)
            return Ending(PrintOutcome.FAILED, Fault.REFUSED)
        except LineError:
            pass  # it may have arrived: the job itself will tell
        self.last_byte_mono = self._monotonic()
        return self._until_done(number, done)

    def _until_done(self, number: int, done: PrintOutcome) -> Ending:
        done_by = self._monotonic() + self._waits.finish_s
        while True:
            try:
                now = self._line.job(number)
                if now.state in ENDED:
                    return self._judged(now, done, None)
                stop = self._line.printer().stop
            except LineError as error:
                if self._monotonic() >= done_by:
                    return Ending(PrintOutcome.UNKNOWN, error.fault)
                self._rest(self._waits.poll_s)
                continue
            except SaysNoError:  # a printer that forgets its jobs at once
                return Ending(PrintOutcome.UNKNOWN, Fault.REFUSED)
            if self._patience_ends(stop) or (not self._wanted() and (stop is not None or now.begun is False)):
                return self._taken_back(number, done, stop)
            if stop is not None:
                done_by = self._monotonic() + self._waits.finish_s
            elif self._monotonic() >= done_by:
                return self._taken_back(number, done, Fault.SILENT)
            self._rest(self._waits.poll_s)

    def _taken_back(self, number: int, done: PrintOutcome, why: Fault | None) -> Ending:
        """Nobody is there to take it, or it takes too long: a personal sheet must not come out hours later."""
        self._try_to_cancel(number)
        until = self._monotonic() + self._waits.cancel_s
        while self._monotonic() < until:
            try:
                now = self._line.job(number)
            except (LineError, SaysNoError):
                break
            if now.state in ENDED:
                return self._judged(now, done, why)
            self._rest(self._waits.poll_s)
        return Ending(PrintOutcome.UNKNOWN, why or Fault.SILENT)

    def _judged(self, now: JobNow, done: PrintOutcome, why: Fault | None) -> Ending:
        self._goes_on()
        if now.state == JobState.COMPLETED:
            return Ending(done)
        given_up = now.state == JobState.ABORTED
        whole = given_up and not NEVER_PRINTED.isdisjoint(now.reasons)
        outcome = PrintOutcome.FAILED if now.begun is False or whole else PrintOutcome.UNKNOWN
        return Ending(outcome, why or (Fault.HARDWARE if given_up else Fault.REFUSED))

    def _try_to_cancel(self, number: int) -> None:
        try:
            self._line.cancel(number)
        except (LineError, SaysNoError):
            return  # it has ended, or nobody hears: what the job tells next decides

    def _patience_ends(self, stop: Fault | None) -> bool:
        """Tell people once what the job waits for, once that it goes on; True when they were waited for too long."""
        if stop is None:
            self._goes_on()
            return False
        now = self._monotonic()
        self._waiting_since = self._waiting_since or now
        if stop is not self._told:
            self._told = stop
            self._tell(stop)
        return now - self._waiting_since >= self._waits.refill_s

    def _goes_on(self) -> None:
        self._waiting_since = None
        if self._told is not None:
            self._told = None
            self._tell(None)
