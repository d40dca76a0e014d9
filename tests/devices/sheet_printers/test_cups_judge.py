"""The real CUPS in between: our driver on one side, its own `ipp` backend and our printer on the other."""

import io
import queue
import subprocess
from collections.abc import Iterator

import pypdf
import pytest

from hall.ids import JobId, SessionId
from kiosk.devices.loading import open_device
from kiosk.devices.sheet_printers.cups import CupsPrinter, Options
from kiosk.devices.sheet_printers.typesetting import Typesetter
from kiosk.devices.virtual.sheet_printer import VirtualSheetPrinter
from kiosk.devices.workers.sheets import SheetWorker
from kiosk.ports import Fault, PrintOutcome, PrintResult
from kiosk.settings import DeviceSettings
from tests.devices.sheet_printers.cups_room import CUPSD, QUEUE, CupsRoom
from tests.devices.sheet_printers.papers import long, official
from tests.devices.workers.fakes import Posts

pytestmark = pytest.mark.skipif(not CUPSD, reason="CUPS is optional; apt: cups-daemon cups-client")
NAME = "K1.sheet_printer"
WAIT_S = 60.0
ONE = Typesetter(NAME).pdf(official("pension_payments"))
TWO = Typesetter(NAME).pdf(long(40))


@pytest.fixture(scope="module")
def printer() -> Iterator[VirtualSheetPrinter]:
    made = VirtualSheetPrinter(page_s=0.01)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def room(printer: VirtualSheetPrinter) -> Iterator[CupsRoom]:
    """CUPS told to keep everything: what the driver does not purge would stay."""
    made = CupsRoom(f"ipp://{printer.state()['address']}/ipp/print", keep_files=True)
    made.start()
    yield made
    made.stop()


def driver_of(room: CupsRoom, told: list[Fault | None] | None = None, queue: str = QUEUE) -> CupsPrinter:
    options = Options(queue=queue, server=str(room.socket), spool=str(room.spool), poll_s=0.05)
    faults = told if told is not None else []
    return CupsPrinter(options, NAME, lambda _job, fault: faults.append(fault))


def test_a_statement_goes_through_cups_and_nothing_of_it_stays(room: CupsRoom, printer: VirtualSheetPrinter) -> None:
    before, files = len(printer.sheets), set(room.files())
    driver = driver_of(room)
    assert driver.state().readings["spool_in_memory"] is True
    assert driver.state().fault is None
    result = driver.print(JobId("QH-20261123-K1-000001#1"), ONE)
    assert (result.outcome, result.fault) == (PrintOutcome.PROCESSED, None)
    assert driver.print(JobId("QH-20261123-K1-000001#1"), ONE) is result
    (sheet,) = printer.sheets[before:]
    assert sheet.pdf == ONE
    kept = [path.read_bytes() for path in room.files() if path not in files]
    assert not [data for data in kept if b"%PDF" in data or "张安".encode() in data]


@pytest.mark.row("RGT-05", part="face")
def test_paper_out_in_mid_print_is_told_through_cups_and_each_page_comes_once(
    room: CupsRoom, printer: VirtualSheetPrinter
) -> None:
    before, documents = len(printer.sheets), room.documents()
    printer.machine.load(1)
    told: list[Fault | None] = []

    class Refills(list[Fault | None]):
        def append(self, fault: Fault | None) -> None:
            told.append(fault)
            if fault is Fault.NO_PAPER:
                printer.machine.load(None)

    result = driver_of(room, Refills()).print(JobId("QH-1#2"), TWO)
    assert result.outcome is PrintOutcome.PROCESSED
    assert told == [Fault.NO_PAPER, None]
    assert len(printer.sheets) - before == 2
    assert room.documents() == documents


def test_an_empty_tray_that_was_filled_is_forgotten_though_cups_still_tells_of_it(
    room: CupsRoom, printer: VirtualSheetPrinter
) -> None:
    driver = driver_of(room)
    printer.machine.load(1)
    assert driver.print(JobId("QH-1#3"), ONE).outcome is PrintOutcome.PROCESSED
    assert (driver.state().fault, driver.state().may_serve) == (Fault.NO_PAPER, False)
    assert driver.print(JobId("QH-1#4"), ONE).outcome is PrintOutcome.FAILED
    printer.machine.load(None)
    assert driver.state().fault is None
    assert driver.print(JobId("QH-1#5"), ONE).outcome is PrintOutcome.PROCESSED


def test_a_printer_switched_off_behind_cups_is_given_nothing(room: CupsRoom, printer: VirtualSheetPrinter) -> None:
    jobs = len(printer.machine.jobs())
    printer.unplug()
    try:
        told = driver_of(room).print(JobId("QH-1#6"), ONE)
        assert (told.outcome, told.fault) == (PrintOutcome.FAILED, Fault.DISCONNECTED)
    finally:
        printer.replug()
    assert len(printer.machine.jobs()) == jobs


def test_a_queue_that_was_stopped_by_hand_is_refused_and_serves_again(room: CupsRoom) -> None:
    driver = driver_of(room)
    for command, fault in (("cupsdisable", Fault.REFUSED), ("cupsenable", None)):
        subprocess.run([f"/usr/sbin/{command}", "-h", str(room.socket), QUEUE], check=True, timeout=WAIT_S)
        assert driver.state().fault is fault


def test_a_queue_that_does_not_exist_is_an_option_that_does_not_fit(room: CupsRoom) -> None:
    driver = driver_of(room, queue="nowhere")
    assert driver.state().fault is Fault.OPTION
    assert driver.print(JobId("j"), ONE).outcome is PrintOutcome.FAILED


def test_without_cups_there_is_no_service(room: CupsRoom) -> None:
    options = Options(queue=QUEUE, server=str(room.home / "no.sock"), spool=str(room.spool))
    driver = CupsPrinter(options, NAME, lambda _job, _fault: None)
    assert driver.state().fault is Fault.NO_SERVICE
    assert driver.print(JobId("j"), ONE).fault is Fault.NO_SERVICE


def test_the_client_of_cups_prints_to_our_printer_too(room: CupsRoom, printer: VirtualSheetPrinter) -> None:
    before = len(printer.sheets)
    subprocess.run(["lp", "-h", str(room.socket), "-d", QUEUE, "-s", "-"], input=TWO, check=True, timeout=WAIT_S)
    assert printer.machine.wait_until(lambda: len(printer.sheets) - before == 2, WAIT_S)
    room.finish()
    assert printer.errors == []


def test_from_the_button_to_the_sheet_through_worker_driver_cups_and_printer(
    room: CupsRoom, printer: VirtualSheetPrinter
) -> None:
    before = len(printer.sheets)
    options: dict[str, str | int | float | bool] = {
        "queue": QUEUE,
        "server": str(room.socket),
        "spool": str(room.spool),
        "poll_s": 0.05,
    }
    settings = DeviceSettings(driver="cups", options=options)
    worker = SheetWorker(NAME, lambda progress: open_device("sheet_printer", settings, NAME, progress), Posts())
    ended: queue.SimpleQueue[PrintResult | None] = queue.SimpleQueue()
    worker.start()
    worker.print(JobId("QH-1#7"), official("certificate"), SessionId("me"), ended.put, lambda: ended.put(None))
    result = ended.get(timeout=WAIT_S)
    assert worker.stop()
    assert result
    assert result.outcome is PrintOutcome.PROCESSED
    (sheet,) = printer.sheets[before:]
    assert "参保缴费证明" in pypdf.PdfReader(io.BytesIO(sheet.pdf)).pages[0].extract_text()
    assert worker.report().readings["spool_in_memory"] in ("yes", "unknown")
