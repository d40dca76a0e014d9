"""One job against a line with memory and a clock that we move: what is sent, what is taken back, how it ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from kiosk.devices.sheet_printers.conditions import Condition, JobState
from kiosk.devices.sheet_printers.ipp_line import NOT_FOUND, JobNow, LineError, SaysNoError
from kiosk.devices.sheet_printers.sheet_job import Ending, SheetJob, Waits
from kiosk.ports import Fault, PrintOutcome

T = TypeVar("T")
AWAY = LineError(Fault.DISCONNECTED, "the cable is gone")
WELL = Condition(None, None, {})
WAITING = JobNow(JobState.PENDING, ("none",), begun=False)
PRINTING = JobNow(JobState.PROCESSING, ("job-printing",), begun=True)
DONE = JobNow(JobState.COMPLETED, ("job-completed-successfully",), begun=True)


def out_of(fault: Fault) -> Condition:
    return Condition(fault, None, {})


@dataclass
class FakeLine:
    """Answers what the script says, the last answer for ever."""

    jobs: Sequence[JobNow | Exception]
    printers: Sequence[Condition | Exception] = field(default_factory=lambda: [WELL])
    at_send: Exception | None = None
    at_create: Exception | None = None
    after_cancel: JobNow | None = None
    done: list[str] = field(default_factory=list)

    def printer(self) -> Condition:
        told, self.printers = _next(self.printers)
        return told

    def create_job(self, title: str, sides: str) -> int:
        if self.at_create:
            raise self.at_create
        self.done.append(f"create {title} {sides}")
        return 7

    def send(self, job: int, pdf: bytes) -> None:
        self.done.append(f"send {job} {len(pdf)}")
        if self.at_send:
            raise self.at_send

    def job(self, job: int) -> JobNow:
        told, self.jobs = _next(self.jobs)
        return told

    def cancel(self, job: int, *, purge: bool = False) -> None:
        self.done.append("purge" if purge else "cancel")
        if self.after_cancel:
            self.jobs = [self.after_cancel]


def _next(script: Sequence[T | Exception]) -> tuple[T, Sequence[T | Exception]]:
    found, rest = script[0], script[1:] or script
    if isinstance(found, Exception):
        raise found
    return found, rest


@dataclass
class Desk:
    line: FakeLine
    told: list[Fault | None] = field(default_factory=list)
    now: float = 100.0
    left_at: float = float("inf")
    hook: Callable[[], None] | None = None

    def run(self) -> Ending:
        waits = Waits(poll_s=1.0, refill_s=60.0, finish_s=20.0, cancel_s=5.0)
        job = SheetJob(
            self.line, waits, self.told.append, lambda: self.now < self.left_at, rest=self.rest, monotonic=self.clock
        )
        return job.run("QH-1#1", "one-sided", b"%PDF", lambda _before: PrintOutcome.PROCESSED)

    def rest(self, seconds: float) -> None:
        self.now += seconds

    def clock(self) -> float:
        return self.now


def test_a_job_is_announced_sent_and_done() -> None:
    desk = Desk(FakeLine([WAITING, PRINTING, DONE]))
    assert desk.run() == Ending(PrintOutcome.PROCESSED)
    assert desk.line.done == ["create QH-1#1 one-sided", "send 7 4"]


@pytest.mark.parametrize("stop", [Fault.NO_PAPER, Fault.JAM, Fault.COVER_OPEN, Fault.TONER, Fault.REFUSED])
def test_a_printer_that_cannot_print_is_given_nothing(stop: Fault) -> None:
    desk = Desk(FakeLine([DONE], [out_of(stop)]))
    assert desk.run() == Ending(PrintOutcome.FAILED, stop)
    assert desk.line.done == []


def test_nothing_is_sent_for_somebody_who_has_left() -> None:
    desk = Desk(FakeLine([DONE]), left_at=0.0)
    assert desk.run() == Ending(PrintOutcome.FAILED)
    assert desk.line.done == []


def test_a_line_that_breaks_before_the_document_has_failed_not_become_unknown() -> None:
    assert Desk(FakeLine([DONE], [AWAY])).run() == Ending(PrintOutcome.FAILED, Fault.DISCONNECTED)
    assert Desk(FakeLine([DONE], at_create=AWAY)).run() == Ending(PrintOutcome.FAILED, Fault.DISCONNECTED)
    no_queue = SaysNoError(NOT_FOUND)
    assert Desk(FakeLine([DONE], at_create=no_queue)).run() == Ending(PrintOutcome.FAILED, Fault.OPTION)


def test_a_document_that_was_refused_is_taken_back() -> None:
    desk = Desk(FakeLine([DONE], at_send=SaysNoError(0x040A)))
    assert desk.run() == Ending(PrintOutcome.FAILED, Fault.REFUSED)
    assert desk.line.done[-1] == "cancel"


def test_an_answer_lost_on_the_way_is_asked_for_not_sent_again() -> None:
    desk = Desk(FakeLine([PRINTING, DONE], at_send=AWAY))
    assert desk.run() == Ending(PrintOutcome.PROCESSED)
    assert [deed.split()[0] for deed in desk.line.done] == ["create", "send"]


def test_a_line_that_stays_away_after_the_document_is_unknown() -> None:
    desk = Desk(FakeLine([AWAY], at_send=AWAY))
    assert desk.run() == Ending(PrintOutcome.UNKNOWN, Fault.DISCONNECTED)
    assert desk.now <= 100.0 + 20.0 + 1.0


def test_paper_out_in_mid_print_is_told_once_and_so_is_that_it_goes_on() -> None:
    desk = Desk(FakeLine([PRINTING] * 5 + [DONE], [WELL, WELL, out_of(Fault.NO_PAPER), out_of(Fault.NO_PAPER), WELL]))
    assert desk.run() == Ending(PrintOutcome.PROCESSED)
    assert desk.told == [Fault.NO_PAPER, None]


def test_people_are_not_waited_for_for_ever() -> None:
    cancelled = JobNow(JobState.CANCELED, (), begun=True)
    desk = Desk(FakeLine([PRINTING], [WELL, out_of(Fault.NO_PAPER)], after_cancel=cancelled))
    assert desk.run() == Ending(PrintOutcome.UNKNOWN, Fault.NO_PAPER)
    assert desk.now == pytest.approx(160.0)
    assert desk.line.done[-1] == "cancel"
    assert desk.told == [Fault.NO_PAPER, None]


def test_a_waiting_job_of_somebody_who_left_is_taken_back_whole() -> None:
    desk = Desk(FakeLine([WAITING], after_cancel=JobNow(JobState.CANCELED, (), begun=False)), left_at=103.0)
    assert desk.run().outcome is PrintOutcome.FAILED
    assert desk.line.done[-1] == "cancel"


def test_a_job_stopped_in_mid_print_of_somebody_who_left_never_comes_out_later() -> None:
    cancelled = JobNow(JobState.CANCELED, (), begun=True)
    desk = Desk(FakeLine([PRINTING], [WELL, out_of(Fault.JAM)], after_cancel=cancelled), left_at=103.0)
    assert desk.run() == Ending(PrintOutcome.UNKNOWN, Fault.JAM)
    assert desk.line.done[-1] == "cancel"


def test_a_job_that_prints_is_left_to_print_though_its_person_pressed_end() -> None:
    desk = Desk(FakeLine([PRINTING, PRINTING, PRINTING, PRINTING, DONE]), left_at=101.0)
    assert desk.run() == Ending(PrintOutcome.PROCESSED)


def test_a_job_that_neither_waits_nor_ends_is_taken_back_and_unknown() -> None:
    desk = Desk(FakeLine([PRINTING]))
    assert desk.run() == Ending(PrintOutcome.UNKNOWN, Fault.SILENT)
    assert desk.line.done[-1] == "cancel"


@pytest.mark.parametrize(
    ("ended", "ending"),
    [
        (JobNow(JobState.ABORTED, ("aborted-by-system",), begun=True), Ending(PrintOutcome.UNKNOWN, Fault.HARDWARE)),
        (JobNow(JobState.ABORTED, ("aborted-by-system",), begun=None), Ending(PrintOutcome.UNKNOWN, Fault.HARDWARE)),
        (JobNow(JobState.ABORTED, ("aborted-by-system",), begun=False), Ending(PrintOutcome.FAILED, Fault.HARDWARE)),
        (JobNow(JobState.ABORTED, ("document-format-error",), begun=True), Ending(PrintOutcome.FAILED, Fault.HARDWARE)),
        (JobNow(JobState.CANCELED, ("job-canceled-by-user",), begun=True), Ending(PrintOutcome.UNKNOWN, Fault.REFUSED)),
        (JobNow(JobState.CANCELED, ("job-canceled-by-user",), begun=False), Ending(PrintOutcome.FAILED, Fault.REFUSED)),
    ],
)
def test_what_did_not_complete_failed_only_if_none_of_it_can_be_out(ended: JobNow, ending: Ending) -> None:
    assert Desk(FakeLine([WAITING, ended])).run() == ending


def test_a_printer_that_forgets_its_jobs_leaves_it_unknown() -> None:
    assert Desk(FakeLine([SaysNoError(NOT_FOUND)])).run().outcome is PrintOutcome.UNKNOWN
