"""USB printers: by the class's bulk endpoints, and by the kernel's device where nothing can be read."""

import dataclasses
import os
import select
import tty
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from hall.ids import JobId
from kiosk.devices.slip_printers.escpos import EscPosPrinter, Options
from kiosk.devices.slip_printers.transport import LineLost
from kiosk.devices.slip_printers.usb import lp_line, port_status, usb_line, wanted
from kiosk.devices.virtual.printer import Pty
from kiosk.ports import DeviceError, Fault, PrintOutcome, Unread
from tests.devices.printers.room import SHORT, SLIP, WAIT_S, Room, Running, papers
from tests.devices.printers.samples import TICKET
from tests.devices.printers.usb_bus import Bus, Plugged


def driver_on(bus: Bus, room: Room, **changes: object) -> EscPosPrinter:
    options = dataclasses.replace(SHORT, transport="usb", **changes)  # type: ignore[arg-type]
    made = EscPosPrinter(options, "K1.slip_printer", room.told, lambda o: usb_line(wanted(o.usb), bus))
    room.at_the_end(made.close)
    return made


def test_a_usb_printer_proves_its_jobs_and_lets_go_of_the_device(room: Room) -> None:
    printer, bus = room.printer(), Bus()
    bus.plug(Plugged(printer))
    driver = driver_on(bus, room, profile="epson_tm_t82_cn", usb="04b8:0e28:X1")
    assert driver.state().fault is None
    assert driver.print(JobId("1"), TICKET).outcome is PrintOutcome.PRINTED
    assert "A012" in papers(printer, 1)[0].text
    driver.close()
    assert bus.open_handles() == 0


def test_a_printer_pulled_and_plugged_into_another_socket_is_found_again(room: Room) -> None:
    printer, bus = room.printer(), Bus()
    plugged = Plugged(printer)
    bus.plug(plugged)
    driver = driver_on(bus, room, usb="04b8:0e28")
    assert driver.state().fault is None
    bus.pull(plugged)
    assert driver.state().fault is Fault.DISCONNECTED
    bus.plug(plugged)
    assert driver.state().fault is None
    assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1


def test_a_plug_pulled_in_mid_job_leaves_it_unknown_and_prints_it_once(room: Room) -> None:
    printer, bus = room.printer(), Bus()
    plugged = Plugged(printer)
    bus.plug(plugged)
    driver = driver_on(bus, room)
    printer.out_after_rows(50)
    running = Running(driver, "1", TICKET)
    room.told.wait_for(Fault.NO_PAPER)
    bus.pull(plugged)
    assert (running.result().outcome, running.result().fault) == (PrintOutcome.UNKNOWN, Fault.DISCONNECTED)
    printer.load_paper()
    bus.plug(plugged)
    assert driver.print(JobId("1"), TICKET).outcome is PrintOutcome.UNKNOWN
    assert driver.print(JobId("2"), SLIP).outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 2)) == 2


def test_the_serial_number_tells_two_printers_apart_and_without_it_neither_is_taken(room: Room) -> None:
    first, second, bus = room.printer(), room.printer(), Bus()
    bus.plug(Plugged(first, serial="X1"))
    bus.plug(Plugged(second, serial="X2"))
    assert driver_on(bus, room, usb="04b8:0e28:X2").print(JobId("1"), SLIP).outcome is PrintOutcome.PROCESSED
    assert (len(first.papers), len(papers(second, 1))) == (0, 1)
    state = driver_on(bus, room, usb="04b8:0e28").state()
    assert state.fault is Fault.DISCONNECTED
    assert "serial number" in state.detail
    assert driver_on(bus, room, usb="1234:0001").state().detail == "no such USB printer"


def test_a_printer_without_an_in_endpoint_is_told_by_what_it_cannot_tell(room: Room) -> None:
    printer, bus = room.printer(), Bus()
    bus.plug(Plugged(printer, answers=False))
    driver = driver_on(bus, room)
    assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.SENT
    assert driver.state().readings["paper"] is Unread.UNSUPPORTED
    assert len(papers(printer, 1)) == 1


def test_a_busy_usb_printer_is_waited_for_and_gets_every_byte_once(room: Room) -> None:
    printer, bus = room.printer(buffer_bytes=256, rows_per_s=4_000), Bus()
    bus.plug(Plugged(printer))
    driver = driver_on(bus, room, drawn_from_scale=1)
    assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1
    assert printer.errors == []


@pytest.mark.parametrize("text", ["04b8", "04b8:xyz", "12345:0001"])
def test_a_misspelt_usb_address_is_refused(room: Room, text: str) -> None:
    with pytest.raises(DeviceError, match="vendor:product"):
        EscPosPrinter(Options(transport="usb", usb=text), "K1.slip_printer", room.told)


def test_a_kernel_device_needs_its_path(room: Room) -> None:
    with pytest.raises(DeviceError, match="needs a path"):
        EscPosPrinter(Options(transport="usblp"), "K1.slip_printer", room.told)


# ---- the kernel's device -----------------------------------------------------------------------------------------


@pytest.fixture
def fifo(tmp_path: Path) -> Iterator[tuple[Path, list[bytes]]]:
    """Stand in for /dev/usb/lp0 of a printer that cannot answer; give its path and what it received."""
    path, got = tmp_path / "lp0", list[bytes]()
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(reading, True)

    def receive() -> None:
        while data := os.read(reading, 4_096):
            got.append(data)

    thread = Thread(target=receive)
    writing = os.open(path, os.O_WRONLY)
    thread.start()
    yield path, got
    os.close(writing)
    thread.join(WAIT_S)
    os.close(reading)


def lp_driver(room: Room, path: Path) -> EscPosPrinter:
    options = dataclasses.replace(SHORT, transport="usblp", path=str(path), answer_wait_s=0.1)
    made = EscPosPrinter(options, "K1.slip_printer", room.told)
    room.at_the_end(made.close)
    return made


def test_a_device_that_cannot_be_read_gets_the_job_and_nothing_is_claimed_beyond_sent(
    room: Room, fifo: tuple[Path, list[bytes]]
) -> None:
    path, got = fifo
    driver = lp_driver(room, path)
    assert driver.state().readings["paper"] is Unread.UNSUPPORTED
    result = driver.print(JobId("1"), SLIP)
    assert (result.outcome, result.fault) == (PrintOutcome.SENT, None)
    assert driver.print(JobId("1"), SLIP) == result
    driver.close()
    assert b"\x10\x04" not in b"".join(got)


def test_a_kernel_device_whose_printer_stays_silent_is_sent_to_all_the_same(room: Room, tmp_path: Path) -> None:
    near, far = os.openpty()
    tty.setraw(far)
    path = tmp_path / "lp0"
    path.symlink_to(os.ttyname(far))
    driver = lp_driver(room, path)
    assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.SENT
    got = b""
    while b"A012" not in got:
        assert select.select([near], [], [], WAIT_S)[0]
        got += os.read(near, 4_096)
    assert driver.state().readings["cover_open"] is Unread.UNSUPPORTED
    driver.close()
    os.close(near)
    os.close(far)


def test_a_kernel_device_whose_printer_answers_is_believed(room: Room, tmp_path: Path) -> None:
    printer = room.printer(Pty(tmp_path / "lp0"))
    driver = lp_driver(room, tmp_path / "lp0")
    assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.PROCESSED
    printer.paper_out()
    assert driver.state().fault is Fault.NO_PAPER


def test_a_missing_kernel_device_is_a_lost_line(tmp_path: Path) -> None:
    with pytest.raises(LineLost):
        lp_line(str(tmp_path / "lp0"))


@pytest.mark.parametrize(
    ("byte", "stop"),
    [(0x18, None), (0x38, Fault.NO_PAPER), (0x30, Fault.NO_PAPER), (0x10, Fault.HARDWARE), (0x08, Fault.HARDWARE)],
)
def test_the_port_status_tells_paper_error_and_selected(byte: int, stop: Fault | None) -> None:
    assert port_status(byte).stop is stop
