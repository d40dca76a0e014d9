"""The driver against a printer that stands alone: strict, and told to misbehave."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hall.ids import JobId
from kiosk.devices.sheet_printers.cups import CupsPrinter, Options, connect
from kiosk.devices.sheet_printers.ipp import Operation
from kiosk.devices.sheet_printers.typesetting import Typesetter
from kiosk.devices.virtual.sheet_printer import VirtualSheetPrinter
from kiosk.ports import DeviceError, Fault, PrintOutcome, PrintResult, Unread
from tests.devices.sheet_printers.papers import long, official

NAME = "K1.sheet_printer"
SETTER = Typesetter(NAME)
ONE = SETTER.pdf(official("contributions"))
TWO = SETTER.pdf(long(40))
WAIT_S = 60.0


@dataclass
class Desk:
    printer: VirtualSheetPrinter
    address: str
    told: list[tuple[JobId, Fault | None]] = field(default_factory=list)
    results: list[PrintResult] = field(default_factory=list)
    here: bool = True

    def driver(self, **options: float) -> CupsPrinter:
        waits = {"poll_s": 0.01, "answer_wait_s": 2.0, "finish_wait_s": 5.0, "cancel_wait_s": 2.0} | options
        told = Options(queue="/ipp/print", server=self.address, **waits)  # type: ignore[arg-type]
        return CupsPrinter(told, NAME, lambda job, fault: self.told.append((job, fault)))

    def begin(self, driver: CupsPrinter, pdf: bytes, job: str = "QH-1#1") -> threading.Thread:
        def print_it() -> None:
            self.results.append(driver.print(JobId(job), pdf, lambda: self.here))

        thread = threading.Thread(target=print_it)
        thread.start()
        return thread

    def wait(self, pages: int) -> None:
        assert self.printer.machine.wait_until(lambda: len(self.printer.sheets) >= pages, WAIT_S)

    def stalled(self, fault: Fault | None) -> None:
        until = threading.Event()
        for _ in range(1_000):
            if self.told and self.told[-1][1] is fault:
                return
            until.wait(0.01)
        raise AssertionError(self.told)


@pytest.fixture
def desk() -> Iterator[Desk]:
    printer = VirtualSheetPrinter(page_s=0.01)
    made = Desk(printer, printer.start())
    yield made
    printer.stop()


def test_a_sheet_is_printed_once_and_the_printer_says_so(desk: Desk) -> None:
    driver = desk.driver()
    first = driver.print(JobId("QH-1#1"), ONE)
    assert (first.outcome, first.fault) == (PrintOutcome.PROCESSED, None)
    assert 0 < first.accepted_mono <= first.first_byte_mono <= first.last_byte_mono
    assert driver.print(JobId("QH-1#1"), ONE) is first
    assert [sheet.name for sheet in desk.printer.sheets] == ["QH-1#1"]
    assert desk.printer.sheets[0].pdf == ONE
    assert desk.printer.errors == []


def test_what_the_printer_is_told_names_no_person(desk: Desk) -> None:
    desk.driver().print(JobId("QH-1#1"), ONE)
    (job,) = desk.printer.machine.jobs()
    assert (job.name, job.user, job.document) == ("QH-1#1", "daoyin", b"")


@pytest.mark.parametrize(
    ("action", "fault"),
    [
        ("paper_out", Fault.NO_PAPER),
        ("jam", Fault.JAM),
        ("open_cover", Fault.COVER_OPEN),
        ("toner_out", Fault.TONER),
        ("pause", Fault.REFUSED),
        ("unplug", Fault.DISCONNECTED),
    ],
)
def test_a_printer_that_cannot_print_says_why_and_is_given_nothing(desk: Desk, action: str, fault: Fault) -> None:
    driver = desk.driver()
    desk.printer.actions[action]()
    told = driver.state()
    assert (told.fault, told.may_serve) == (fault, False)
    result = driver.print(JobId("j"), ONE)
    assert (result.outcome, result.fault, result.first_byte_mono) == (PrintOutcome.FAILED, fault, 0.0)
    assert Operation.CREATE_JOB not in desk.printer.requests
    assert desk.printer.machine.jobs() == []


@pytest.mark.parametrize(("action", "reading"), [("paper_low", "paper"), ("toner_low", "toner")])
def test_what_gets_low_is_told_and_printing_goes_on(desk: Desk, action: str, reading: str) -> None:
    desk.printer.actions[action]()
    told = desk.driver().state()
    assert (told.may_serve, told.readings[reading]) == (True, "low")
    assert desk.driver().print(JobId("j"), ONE).outcome is PrintOutcome.PROCESSED


def test_a_silent_printer_costs_one_time_out(desk: Desk) -> None:
    driver = desk.driver(answer_wait_s=0.1)
    desk.printer.actions["silence"]()
    assert driver.state().fault is Fault.SILENT
    assert driver.print(JobId("j"), ONE).outcome is PrintOutcome.FAILED
    desk.printer.actions["speak"]()
    assert driver.state().fault is None


@pytest.mark.row("RGT-05", part="rule")
def test_paper_out_in_mid_print_waits_for_people_and_prints_each_page_once(desk: Desk) -> None:
    desk.printer.machine.load(1)
    thread = desk.begin(desk.driver(), TWO)
    desk.wait(1)
    desk.stalled(Fault.NO_PAPER)
    desk.printer.actions["load_paper"]()
    thread.join(WAIT_S)
    assert desk.results[0].outcome is PrintOutcome.PROCESSED
    assert [fault for _, fault in desk.told] == [Fault.NO_PAPER, None]
    assert len(desk.printer.sheets) == 2


def test_who_leaves_while_it_is_jammed_does_not_find_it_printed_later(desk: Desk) -> None:
    desk.printer.machine.load(1)
    thread = desk.begin(desk.driver(), TWO)
    desk.wait(1)
    desk.stalled(Fault.NO_PAPER)
    desk.here = False
    thread.join(WAIT_S)
    desk.printer.actions["load_paper"]()
    assert (desk.results[0].outcome, desk.results[0].fault) == (PrintOutcome.UNKNOWN, Fault.NO_PAPER)
    assert desk.printer.machine.jobs()[0].document == b""
    assert len(desk.printer.sheets) == 1


def test_a_job_that_waits_behind_another_is_taken_back_when_its_person_leaves(desk: Desk) -> None:
    desk.printer.machine.page_s = 60.0
    desk.printer.machine.take(desk.printer.machine.create("another", "somebody"), ONE)
    assert desk.printer.machine.wait_until(lambda: desk.printer.machine.jobs()[0].began, WAIT_S)
    thread = desk.begin(desk.driver(), ONE)
    assert desk.printer.machine.wait_until(lambda: len(desk.printer.machine.jobs()) == 2, WAIT_S)
    desk.here = False
    thread.join(WAIT_S)
    assert desk.results[0].outcome is PrintOutcome.FAILED
    assert [job.began for job in desk.printer.machine.jobs()] == [True, False]


def test_a_cable_pulled_in_mid_print_is_unknown_and_never_sent_again(desk: Desk) -> None:
    desk.printer.machine.load(1)
    driver = desk.driver(finish_wait_s=2.5)
    thread = desk.begin(driver, TWO)
    desk.wait(1)
    desk.stalled(Fault.NO_PAPER)
    desk.printer.unplug()
    thread.join(WAIT_S)
    assert (desk.results[0].outcome, desk.results[0].fault) == (PrintOutcome.UNKNOWN, Fault.DISCONNECTED)
    desk.printer.replug()
    assert driver.print(JobId("QH-1#1"), TWO).outcome is PrintOutcome.UNKNOWN
    assert len(desk.printer.machine.jobs()) == 1


def test_what_is_no_pdf_has_failed(desk: Desk) -> None:
    result = desk.driver().print(JobId("j"), b"no PDF")
    assert (result.outcome, result.fault) == (PrintOutcome.FAILED, Fault.HARDWARE)


def test_whoever_answers_on_that_port_without_being_a_printer_is_garbled() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(WAIT_S)

        def greet() -> None:
            line, _ = listening.accept()
            with line:
                line.recv(100)
                line.sendall(b"220 mail.example ESMTP\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        port = listening.getsockname()[1]
        driver = connect(Options(queue="/ipp/print", server=f"127.0.0.1:{port}"), NAME, lambda _job, _fault: None)
        assert driver.state().fault in (Fault.GARBLED, Fault.DISCONNECTED)
        thread.join(WAIT_S)


def test_a_spool_on_a_disk_is_given_no_statement(desk: Desk, tmp_path: Path) -> None:
    seen: list[Path] = []

    def on_disk(folder: Path) -> bool:
        seen.append(folder)
        return False

    options = Options(queue="a4", server=desk.address, spool=str(tmp_path))
    driver = CupsPrinter(options, NAME, lambda _job, _fault: None, on_disk)
    assert driver.print(JobId("j"), ONE).fault is Fault.OPTION
    assert seen == [tmp_path]
    assert list(desk.printer.requests) == []


def test_a_printer_alone_and_a_cups_elsewhere_do_not_tell_where_they_spool(desk: Desk) -> None:
    assert desk.driver().state().readings["spool_in_memory"] is Unread.UNKNOWN
    elsewhere = CupsPrinter(
        Options(queue="a4", server="[::2]:9", answer_wait_s=0.1), NAME, lambda _job, _fault: None, lambda _: False
    )
    assert elsewhere.state().readings["spool_in_memory"] is Unread.UNKNOWN


@pytest.mark.parametrize(
    "options", [{"queue": "a b"}, {"queue": "a/b"}, {"queue": ""}, {"queue": "a", "server": "h:x"}]
)
def test_a_place_that_cannot_be_is_refused_at_once(options: dict[str, str]) -> None:
    with pytest.raises(DeviceError) as told:
        connect(Options(**options), NAME, lambda _job, _fault: None)  # type: ignore[arg-type]
    assert told.value.reason is Fault.OPTION
