"""A4 printers through CUPS, or an IPP printer that stands alone (RFC 8010, 8011; CUPS's own spool as its manual tells).

CUPS keeps a job in its spool until it is printed. The spool must lie in memory (`docs/devices/cups.md`); where it
plainly lies on a disk, no statement is given to it. What CUPS keeps of a job that has ended is purged.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hall.ids import JobId
from kiosk.devices.closing import Lifetime
from kiosk.devices.sheet_printers.conditions import Condition, reports_jobs
from kiosk.devices.sheet_printers.ipp_line import IppLine, LineError, SaysNoError, address_of
from kiosk.devices.sheet_printers.queue_line import QueueLine
from kiosk.devices.sheet_printers.sheet_job import Ending, SheetJob, Waits
from kiosk.devices.sheet_printers.spooling import is_in_memory
from kiosk.ports import (
    DeviceError,
    DeviceState,
    Fault,
    PrintOutcome,
    PrintResult,
    Progress,
    Reading,
    SheetPrinter,
    Unread,
)

RESULTS_KEPT = 200
"""Jobs remembered so that the same id prints once."""
SENSES = ("paper", "door_open", "jammed", "toner", "jobs_waiting", "printer")
_QUEUE = re.compile(r"/[!-~]{1,126}|[A-Za-z0-9_.+-]{1,127}")


@dataclass(frozen=True, slots=True)
class Options:
    """What the technician sets."""

    queue: str
    """Name of the CUPS queue; or, for a printer without CUPS, its path such as `/ipp/print`."""
    server: str = "/run/cups/cups.sock"
    """The socket file of this machine's CUPS, or `host` or `host:port` of another CUPS or of the printer itself."""
    user: str = "daoyin"
    """Whose jobs they are, in CUPS's words. Never a resident's name."""
    spool: str = "/var/spool/cups"
    """CUPS's `RequestRoot`, looked at when CUPS is on this machine."""
    sides: Literal["one-sided", "two-sided-long-edge"] = "one-sided"
    answer_wait_s: float = 5.0
    poll_s: float = 0.5
    refill_wait_s: float = 300.0
    """How long a job that has begun waits for paper, door or jam: a guide's walk, twice."""
    finish_wait_s: float = 90.0
    """From the last byte, or from the last person's help, to the end of the job: a cold laser printer's first page."""
    cancel_wait_s: float = 10.0
    """For a job that was taken back to say how it ended."""


class CupsPrinter:
    """See `kiosk.ports.SheetPrinter`. All calls from one thread."""

    def __init__(
        self,
        options: Options,
        name: str,
        progress: Progress,
        memory: Callable[[Path], bool | None] = is_in_memory,
    ) -> None:
        _check(options, name)
        self._options = options
        self._life = Lifetime(name)
        self._progress = progress
        self._memory = memory
        self._stands_alone = options.queue.startswith("/")
        resource = options.queue if self._stands_alone else f"/printers/{options.queue}"
        line = IppLine(options.server, resource, options.user, options.answer_wait_s)
        self._line = line if self._stands_alone else QueueLine(line, options.user, options.answer_wait_s)
        self._results: OrderedDict[JobId, PrintResult] = OrderedDict()

    def state(self) -> DeviceState:
        """Ask CUPS and, through it, the printer how it is."""
        if self._life.over:
            return self._life.last_state()
        in_memory = self._in_memory()
        try:
            now = self._line.printer()
        except (LineError, SaysNoError) as error:
            readings: dict[str, Reading] = {**dict.fromkeys(SENSES, Unread.UNKNOWN), "spool_in_memory": in_memory}
            return DeviceState(error.fault, may_serve=False, detail=error.sentence, readings=readings)
        readings = {**now.readings, "spool_in_memory": in_memory}
        if in_memory is False:
            sentence = f"{self._options.spool} lies on a disk; see docs/devices/cups.md"
            return DeviceState(Fault.OPTION, may_serve=False, detail=sentence, readings=readings)
        return DeviceState(now.stop or now.low, may_serve=now.stop is None, readings=readings)

    def print(self, job: JobId, pdf: bytes, wanted: Callable[[], bool] = lambda: True) -> PrintResult:
        """Print once; see `kiosk.ports.SheetPrinter`. A printer that cannot print now is not waited for: FAILED."""
        self._life.check()
        known = self._results.get(job)
        if known is not None:
            return known
        accepted = time.monotonic()
        running = SheetJob(self._line, self._waits(), lambda fault: self._progress(job, fault), wanted)
        ending = self._run(running, job, pdf)
        result = PrintResult(
            job, ending.outcome, ending.fault, accepted, running.first_byte_mono, running.last_byte_mono
        )
        self._results[job] = result
        while len(self._results) > RESULTS_KEPT:
            self._results.popitem(last=False)
        return result

    def close(self) -> None:
        """Ask nothing any more; nothing is kept open between two questions."""
        self._life.end()

    # ---- inside --------------------------------------------------------------------------------------------------

    def _run(self, running: SheetJob, job: JobId, pdf: bytes) -> Ending:
        if self._in_memory() is False:
            return Ending(PrintOutcome.FAILED, Fault.OPTION)
        try:
            return running.run(job, self._options.sides, pdf, self._worth)
        finally:
            self._forget(running.number)

    def _worth(self, now: Condition) -> PrintOutcome:
        """`processed` only where the printer itself tells that it is done."""
        told = self._stands_alone or reports_jobs(now.device_uri)
        return PrintOutcome.PROCESSED if told else PrintOutcome.SENT

    def _forget(self, number: int | None) -> None:
        """CUPS keeps documents for a day unless told otherwise: ask it to drop this one."""
        if number is None or self._stands_alone:
            return
        try:
            self._line.cancel(number, purge=True)
        except (LineError, SaysNoError):
            return  # its own `PreserveJobFiles No` has done it, or its policy forbids it to us

    def _in_memory(self) -> bool | Unread:
        """A CUPS elsewhere cannot be looked at; a printer that stands alone has its own memory, which nobody tells."""
        if self._stands_alone or not _is_here(self._options.server):
            return Unread.UNKNOWN
        found = self._memory(Path(self._options.spool))
        return Unread.UNKNOWN if found is None else found

    def _waits(self) -> Waits:
        options = self._options
        return Waits(
            poll_s=options.poll_s,
            refill_s=options.refill_wait_s,
            finish_s=options.finish_wait_s,
            cancel_s=options.cancel_wait_s,
        )


def _is_here(server: str) -> bool:
    return server.startswith("/") or address_of(server)[0] in ("127.0.0.1", "localhost", "::1")


def _check(options: Options, name: str) -> None:
    """Raise `DeviceError(OPTION)` for a place that cannot be."""
    if not _QUEUE.fullmatch(options.queue):
        raise DeviceError(Fault.OPTION, name, "queue is a CUPS queue's name, or a printer's path such as /ipp/print")
    try:
        if not options.server.startswith("/"):
            address_of(options.server)
    except ValueError as error:
        raise DeviceError(Fault.OPTION, name, "server is a socket file, host or host:port") from error


def connect(options: Options, name: str, progress: Progress) -> SheetPrinter:
    """Make the driver; CUPS is asked when first needed."""
    return CupsPrinter(options, name, progress)
