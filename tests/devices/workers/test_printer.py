import pytest

from hall.ids import JobId, SessionId
from hall.wire.health_reports import DeviceReport
from kiosk.devices.workers import PrinterWorker
from kiosk.devices.workers.printer import STILL_NEAR_S
from kiosk.flows.words import PrintEnded, PrintStalled
from kiosk.ports import DeviceState, Fault, Line, PrintOutcome, PrintResult, Progress, Slip, SlipPrinter
from tests.devices.workers.fakes import PULLED, Clock, FakePrinter, Posts

ME = SessionId("me")
SLIP = Slip((Line("A012"),))
JOB = JobId("job-1")


class Desk:
    def __init__(self) -> None:
        self.clock = Clock()
        self.posts = Posts()
        self.driver = FakePrinter()
        self.results: list[PrintResult] = []
        self.changes: list[DeviceReport] = []
        self.opened = 0
        self.worker = PrinterWorker("K1.slip_printer", self._open, self.posts, monotonic=self.clock)
        self.worker.on_change = self.changes.append

    def _open(self, progress: Progress) -> SlipPrinter:
        self.opened += 1
        self.driver.progress = progress
        return self.driver

    def print(self, job: JobId = JOB) -> None:
        self.worker.print(job, SLIP, ME, self.results.append)


def test_a_paper_ends_once_and_is_about_the_world() -> None:
    desk = Desk()
    desk.print()
    desk.worker.step()
    assert desk.posts.entries == [(PrintEnded(JOB, PrintOutcome.PRINTED, None), None)]
    assert [result.outcome for result in desk.results] == [PrintOutcome.PRINTED]


def test_the_same_job_again_prints_nothing_even_with_a_driver_made_anew() -> None:
    desk = Desk()
    desk.print()
    desk.worker.step()
    desk.driver.broken = PULLED
    desk.clock.now += 3
    desk.worker.step()
    desk.driver.broken = None
    desk.print()
    desk.worker.step()
    assert desk.opened == 2
    assert desk.driver.printed == [JOB]
    assert len(desk.results) == 2


def test_paper_out_in_mid_print_is_told_to_the_flow_and_to_the_health_at_once() -> None:
    desk = Desk()
    desk.worker.step()
    desk.driver.stall = Fault.NO_PAPER
    desk.print()
    desk.worker.step()
    assert [happened for happened, _ in desk.posts.entries] == [
        PrintStalled(JOB, Fault.NO_PAPER),
        PrintStalled(JOB, None),
        PrintEnded(JOB, PrintOutcome.PRINTED, None),
    ]
    assert (desk.changes[-1].state, desk.changes[-1].code) == ("down", "no_paper")
    assert desk.changes[-1].action == "请装入新的打印纸，装好后会自动继续打印"
    desk.worker.step()
    assert desk.worker.report().state == "up"


def test_an_idle_printers_fault_is_noticed_within_five_seconds() -> None:
    desk = Desk()
    desk.worker.step()
    desk.driver.told = DeviceState(Fault.NO_PAPER, may_serve=False)
    desk.clock.now += 5
    desk.worker.step()
    assert desk.worker.report().code == "no_paper"
    assert desk.worker.kind == "slip_printer"
    assert desk.worker.state_every_s <= 5


def test_a_printer_that_cannot_be_opened_prints_nothing_and_says_failed() -> None:
    desk = Desk()
    desk.worker._opener = _nowhere
    desk.print()
    desk.worker.step()
    assert desk.results == [PrintResult(JOB, PrintOutcome.FAILED, Fault.DISCONNECTED)]
    assert desk.driver.printed == []


def test_a_surprise_in_mid_print_is_unknown_and_never_printed_again_by_itself() -> None:
    desk = Desk()
    desk.driver.broken = PULLED
    desk.print()
    desk.worker.step()
    desk.driver.broken = None
    desk.print()
    desk.worker.step()
    assert [result.outcome for result in desk.results] == [PrintOutcome.UNKNOWN, PrintOutcome.UNKNOWN]
    assert desk.driver.printed == [JOB]


def test_a_failed_job_may_be_tried_again() -> None:
    desk = Desk()
    opener, desk.worker._opener = desk.worker._opener, _nowhere
    desk.print()
    desk.worker.step()
    desk.worker._opener = opener
    desk.print()
    desk.worker.step()
    assert [result.outcome for result in desk.results] == [PrintOutcome.FAILED, PrintOutcome.PRINTED]


def test_more_jobs_than_the_queue_holds_fail_at_once() -> None:
    desk = Desk()
    for number in range(9):
        desk.print(JobId(f"job-{number}"))
    assert desk.results == [PrintResult(JobId("job-8"), PrintOutcome.FAILED, Fault.REFUSED)]


def test_what_waits_when_the_terminal_stops_ends_as_failed() -> None:
    desk = Desk()
    desk.print()
    assert desk.worker.stop()
    assert desk.results == [PrintResult(JOB, PrintOutcome.FAILED, Fault.DISCONNECTED)]
    desk.print()
    assert desk.results[-1].outcome is PrintOutcome.FAILED


def test_a_callback_that_breaks_neither_ends_the_job_twice_nor_the_worker() -> None:
    desk = Desk()
    calls: list[PrintResult] = []

    def break_down(result: PrintResult) -> None:
        calls.append(result)
        raise ValueError

    desk.worker.print(JOB, SLIP, ME, break_down)
    desk.worker.step()
    desk.print(JobId("job-2"))
    desk.worker.step()
    assert len(calls) == 1
    assert desk.posts.kinds() == ["PrintEnded", "PrintEnded"]


def _nowhere() -> SlipPrinter:
    raise PULLED


@pytest.mark.row("RGT-03", part="rule")
def test_a_private_paper_is_given_up_when_its_person_left_before_it_began() -> None:
    desk = Desk()
    desk.print()
    desk.worker.person_left()
    desk.clock.now += STILL_NEAR_S
    desk.worker.step()
    assert desk.driver.printed == []
    assert [result.outcome for result in desk.results] == [PrintOutcome.FAILED]


def test_a_private_paper_that_waits_hears_from_its_driver_that_nobody_wants_it() -> None:
    desk = Desk()
    desk.print()
    desk.worker.step()
    wanted = desk.driver.wanted[0]
    assert wanted()
    desk.worker.person_left()
    assert wanted()  # whoever pressed 结束 a moment ago still stands here
    desk.clock.now += STILL_NEAR_S
    assert not wanted()


def test_a_ticket_comes_out_whoever_has_left() -> None:
    desk = Desk()
    desk.worker.print(JOB, SLIP, None, desk.results.append)
    desk.worker.person_left()
    desk.clock.now += STILL_NEAR_S
    desk.worker.step()
    assert desk.driver.printed == [JOB]
    assert desk.driver.wanted[0]()
