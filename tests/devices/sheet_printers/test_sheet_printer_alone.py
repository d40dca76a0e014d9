"""The virtual A4 printer as others use it: a command, an address, a keyboard, and whatever strangers send."""

import http.client
import json
import queue
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.errors import HallError
from hall.ids import JobId
from kiosk.devices.loading import refuse_simulators
from kiosk.devices.sheet_printers.cups import CupsPrinter, Options
from kiosk.devices.sheet_printers.ipp import Attributes, Group, Operation, Tag, attribute, decode, encode, request
from kiosk.devices.sheet_printers.typesetting import Typesetter
from kiosk.devices.virtual.bench_devices import build
from kiosk.devices.virtual.bench_settings import DevicePlan
from kiosk.devices.virtual.paper import Paper
from kiosk.devices.virtual.sheet_printer import VirtualSheetPrinter
from kiosk.ports import PrintOutcome
from kiosk.settings import DeviceSettings
from tests.devices.sheet_printers.papers import official

ROOT = Path(__file__).parents[3]
PDF = Typesetter("K1.sheet_printer").pdf(official("rights_record"))


@pytest.fixture
def printer() -> Iterator[VirtualSheetPrinter]:
    made = VirtualSheetPrinter(page_s=0.01)
    made.start()
    yield made
    made.stop()


def post(printer: VirtualSheetPrinter, body: bytes, path: str = "/ipp/print", kind: str = "application/ipp") -> int:
    connection = http.client.HTTPConnection(str(printer.state()["address"]), timeout=60)
    connection.request("POST", path, body, {"Content-Type": kind})
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    return decode(told).code if answer.status == 200 else answer.status


def asked(code: Operation, *told: tuple[str, Tag, object]) -> bytes:
    attributes = tuple(attribute(name, tag, content) for name, tag, content in told)  # type: ignore[arg-type]
    return encode(request(code, 1, (Attributes(Group.OPERATION, attributes),)))


def test_the_command_prints_pages_to_a_folder_and_takes_actions_from_the_keyboard(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "kiosk.devices.virtual",
        "sheet_printer",
        "--page-s",
        "0.01",
        "--out",
        str(tmp_path),
    ]
    with subprocess.Popen(
        [*command, "--fault", "paper_low"], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        address = process.stdout.readline().strip()
        driver = CupsPrinter(Options(queue="/ipp/print", server=address, poll_s=0.01), "x", lambda _job, _fault: None)
        assert driver.state().readings["paper"] == "low"
        assert driver.print(JobId("j"), PDF).outcome is PrintOutcome.PROCESSED
        assert process.stdout.readline() == "page 1 of job 1\n"
        process.stdin.write("jam\nstate\nquit\n")
        process.stdin.flush()
        told = json.loads(process.stdout.readline())
        assert (told["state"], told["sheets"]) == ("stopped", 1)
        assert process.wait(60) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["page-001.png"]


def test_strangers_are_told_what_the_standard_says(printer: VirtualSheetPrinter) -> None:
    good = asked(Operation.GET_PRINTER)
    assert post(printer, good) == 0
    assert post(printer, good, path="/elsewhere") == 404
    assert post(printer, good, kind="text/plain") == 400
    assert post(printer, bytes.fromhex("0101 000b 00000001 01 03")) == 0x0400
    assert post(printer, good[:2] + b"\x00\x7f" + good[4:]) == 0x0501
    assert post(printer, asked(Operation.GET_JOB, ("job-id", Tag.INTEGER, 99))) == 0x0406
    assert post(printer, asked(Operation.PRINT_JOB, ("document-format", Tag.MIME, "text/html"))) == 0x040A
    assert printer.machine.jobs() == []


def test_a_job_takes_one_document_and_ends_once(printer: VirtualSheetPrinter) -> None:
    printer.actions["pause"]()
    assert post(printer, asked(Operation.CREATE_JOB, ("job-name", Tag.NAME, "n"))) == 0
    job = ("job-id", Tag.INTEGER, 1)
    assert post(printer, asked(Operation.SEND_DOCUMENT, job)) == 0x0400
    sent = asked(Operation.SEND_DOCUMENT, job, ("last-document", Tag.BOOLEAN, True)) + PDF
    assert [post(printer, sent), post(printer, sent)] == [0, 0x0404]
    assert [post(printer, asked(Operation.CANCEL_JOB, job)) for _ in range(2)] == [0, 0x0404]


def test_what_is_no_ipp_is_noted_and_hung_up_on(printer: VirtualSheetPrinter) -> None:
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        post(printer, b"GET / HTTP/1.1")
    assert len(printer.errors) == 1


def test_production_refuses_a_printer_that_is_a_program_of_this_machine() -> None:
    alone = DeviceSettings(driver="cups", options={"queue": "/ipp/print", "server": "127.0.0.1:8631"})
    with pytest.raises(HallError) as told:
        refuse_simulators({"sheet_printer": alone}, {})
    assert "sheet_printer.options.server" in str(told.value)
    refuse_simulators({"sheet_printer": DeviceSettings(driver="cups", options={"queue": "a4"})}, {})


def test_the_bench_shows_the_sheets_of_an_a4_printer() -> None:
    papers: queue.SimpleQueue[tuple[str, Paper]] = queue.SimpleQueue()
    plan = DevicePlan(name="K1.sheet_printer", kind="sheet_printer", options={"page_s": 0.01})
    standing = build(plan, {}, lambda name, paper: papers.put((name, paper)))
    address = standing.device.start()
    try:
        driver = CupsPrinter(Options(queue="/ipp/print", server=address, poll_s=0.01), "x", lambda _job, _fault: None)
        assert driver.print(JobId("QH-1#1"), PDF).outcome is PrintOutcome.PROCESSED
        name, paper = papers.get(timeout=60)
        standing.actions["out_after"](pages=0)
        assert standing.device.state()["paper"] == "out"
    finally:
        standing.device.stop()
    assert (name, paper.text) == ("K1.sheet_printer", "QH-1#1")
    assert paper.image.height > paper.image.width
