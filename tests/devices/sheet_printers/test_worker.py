"""The A4 printer's worker: set and printed once, in its own thread; what it cannot take goes elsewhere, once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hall.ids import JobId, SessionId
from hall.wire.health_reports import DeviceReport
from kiosk.devices.sheet_printers.typesetting import Typesetter
from kiosk.devices.workers.printer import STILL_NEAR_S
from kiosk.devices.workers.sheets import SheetWorker
from kiosk.flows.a4_papers import A4Paper
from kiosk.flows.words import PrintEnded, PrintStalled
from kiosk.ports import DeviceState, Fault, PrintOutcome, PrintResult, Progress, SheetPrinter
from tests.devices.sheet_printers.papers import named, official
from tests.devices.workers.fakes import Clock, Posts

ME = SessionId("me")
JOB = JobId("QH-1#1")
NAME = "K1.sheet_printer"
PAPER = official("contributions")


@dataclass
class FakeSheets:
    """An A4 printer with memory."""

    outcome: PrintOutcome = PrintOutcome.PROCESSED
    fault: Fault | None = None
    stalls: Fault | None = None
    broken: Exception | None = None
    told: DeviceState = field(default_factory=DeviceState)
    printed: list[bytes] = field(default_factory=list)
    progress: Progress | None = None

    def state(self) -> DeviceState:
        return self.told

    def print(self, job: JobId, pdf: bytes, wanted: Callable[[], bool] = lambda: True) -> PrintResult:
        self.printed.append(pdf)
        if self.broken:
            raise self.broken
        if self.stalls and self.progress:
            self.progress(job, self.stalls)
            self.progress(job, None)
        return PrintResult(job, self.outcome, self.fault)

    def close(self) -> None:
        """Nothing is held."""


class Desk:
    def __init__(self, typesetter: Callable[[str], Typesetter] = Typesetter) -> None:
        self.clock = Clock()
        self.posts = Posts()
        self.driver = FakeSheets()
        self.ended: list[PrintResult] = []
        self.instead = 0
        self.changes: list[DeviceReport] = []
        self.worker = SheetWorker(NAME, self._open, self.posts, typesetter=typesetter, monotonic=self.clock)
        self.worker.on_change = self.changes.append

    def _open(self, progress: Progress) -> SheetPrinter:
        self.driver.progress = progress
        return self.driver

    def _elsewhere(self) -> None:
        self.instead += 1

    def print(self, paper: A4Paper = PAPER) -> None:
        self.worker.print(JOB, paper, ME, self.ended.append, self._elsewhere)


def test_a_statement_is_set_printed_and_ended_once() -> None:
    desk = Desk()
    desk.print()
    desk.worker.step()
    assert [pdf[:5] for pdf in desk.driver.printed] == [b"%PDF-"]
    assert desk.posts.entries == [(PrintEnded(JOB, PrintOutcome.PROCESSED, None), None)]
    assert ([result.outcome for result in desk.ended], desk.instead) == ([PrintOutcome.PROCESSED], 0)


def test_what_was_not_sent_goes_elsewhere_and_nobody_hears_of_a_failure() -> None:
    desk = Desk()
    desk.driver.outcome, desk.driver.fault = PrintOutcome.FAILED, Fault.NO_PAPER
    desk.print()
    desk.worker.step()
    assert (desk.posts.entries, desk.ended, desk.instead) == ([], [], 1)


@pytest.mark.row("RGT-05", part="rule")
def test_what_may_be_out_goes_nowhere_else() -> None:
    desk = Desk()
    desk.driver.outcome, desk.driver.fault = PrintOutcome.UNKNOWN, Fault.DISCONNECTED
    desk.print()
    desk.worker.step()
    assert desk.instead == 0
    assert desk.posts.entries == [(PrintEnded(JOB, PrintOutcome.UNKNOWN, Fault.DISCONNECTED), None)]


def test_a_driver_that_breaks_in_mid_print_leaves_it_unknown() -> None:
    desk = Desk()
    desk.driver.broken = RuntimeError("李和")
    desk.print()
    desk.worker.step()
    assert (desk.instead, [result.outcome for result in desk.ended]) == (0, [PrintOutcome.UNKNOWN])
    assert "李和" not in repr(desk.worker.report())


def test_a_name_that_no_font_can_draw_goes_elsewhere_and_the_printer_stays_well() -> None:
    desk = Desk()
    desk.worker.step()
    desk.print(named("王\ue0f0"))
    desk.worker.step()
    assert (desk.instead, desk.driver.printed) == (1, [])
    assert desk.worker.report().may_serve


def test_a_printer_known_to_be_away_is_not_waited_for() -> None:
    desk = Desk()
    desk.driver.told = DeviceState(Fault.DISCONNECTED, may_serve=False)
    desk.worker.step()
    desk.print()
    assert desk.instead == 1
    assert desk.worker.report().action.startswith("A4打印机未连接")


def test_too_many_sheets_at_once_go_elsewhere() -> None:
    desk = Desk()
    for _ in range(SheetWorker.max_jobs + 1):
        desk.print()
    assert desk.instead == 1


def test_who_left_gets_neither_a_sheet_nor_a_slip() -> None:
    desk = Desk()
    desk.print()
    desk.worker.person_left()
    desk.clock.now += STILL_NEAR_S
    desk.worker.step()
    assert (desk.driver.printed, desk.instead) == ([], 0)
    assert desk.posts.entries == [(PrintEnded(JOB, PrintOutcome.FAILED, None), None)]


def test_who_pressed_end_a_moment_ago_still_stands_here() -> None:
    desk = Desk()
    desk.print()
    desk.worker.person_left()
    desk.worker.step()
    assert [result.outcome for result in desk.ended] == [PrintOutcome.PROCESSED]


def test_a_stall_is_told_to_the_person_and_to_the_floor_at_once() -> None:
    desk = Desk()
    desk.worker.step()
    desk.driver.stalls = Fault.JAM
    desk.print()
    desk.worker.step()
    assert [happened for happened, _ in desk.posts.entries][:2] == [
        PrintStalled(JOB, Fault.JAM),
        PrintStalled(JOB, None),
    ]
    assert [(change.code, change.severity) for change in desk.changes][1] == ("jam", "fault")


def test_without_its_fonts_the_printer_cannot_serve_and_says_which_package(tmp_path: Path) -> None:
    desk = Desk(lambda name: Typesetter(name, (tmp_path,)))
    desk.worker.step()
    assert (desk.worker.report().code, desk.worker.report().may_serve) == ("option", False)
    desk.print()
    assert desk.instead == 1


def test_what_waits_when_the_terminal_stops_fails_on_a_slip_printer_that_stops_too() -> None:
    desk = Desk()
    desk.print()
    desk.worker.stop()
    assert desk.instead == 1
