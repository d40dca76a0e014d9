"""The ladder of outcomes, against a printer that misbehaves on command."""

import socket
from pathlib import Path
from threading import Event, Thread

import pytest

from hall.ids import JobId
from kiosk.devices.slip_printers.escpos import Options, connect
from kiosk.devices.virtual.printer import Pty
from kiosk.ports import DeviceError, Fault, Line, PrintOutcome, PrintResult, Slip, Unread
from tests.devices.printers.room import SLIP, WAIT_S, Room, Running, empty_queue, papers
from tests.devices.printers.samples import NAMES, TICKET


def test_a_printer_that_proves_its_jobs_says_printed(room: Room) -> None:
    printer = room.printer()
    result = room.driver(printer, confirm="process_id").print(JobId("1"), SLIP)
    assert (result.outcome, result.fault) == (PrintOutcome.PRINTED, None)
    assert papers(printer, 1)[0].text_lines == ("青禾区社会保险服务大厅", "A012")
    assert result.accepted_mono <= result.first_byte_mono <= result.last_byte_mono
    assert not printer.errors


def test_a_clone_without_process_ids_says_processed(room: Room) -> None:
    printer = room.printer(process_ids=False)
    driver = room.driver(printer, confirm="process_id")
    result = driver.print(JobId("1"), SLIP)
    assert (result.outcome, result.fault) == (PrintOutcome.PROCESSED, None)
    assert driver.print(JobId("2"), SLIP).outcome is PrintOutcome.PROCESSED


def test_a_clean_status_after_the_barrier_says_processed(room: Room) -> None:
    printer = room.printer()
    assert room.driver(printer).print(JobId("1"), TICKET).outcome is PrintOutcome.PROCESSED
    assert "A012" in papers(printer, 1)[0].text


def test_a_printer_that_cannot_answer_says_sent(room: Room) -> None:
    printer = room.printer()
    printer.mute()
    driver = room.driver(printer, confirm="none")
    assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.SENT
    assert len(papers(printer, 1)) == 1
    assert driver.state().readings["paper"] is Unread.UNSUPPORTED


def test_a_printer_silent_from_the_start_is_sent_nothing(room: Room) -> None:
    printer = room.printer()
    printer.mute()
    driver = room.driver(printer, answer_wait_s=0.1)
    result = driver.print(JobId("1"), SLIP)
    assert (result.outcome, result.fault) == (PrintOutcome.FAILED, Fault.SILENT)
    assert result.first_byte_mono == 0
    assert driver.state().fault is Fault.SILENT
    assert not printer.papers


def test_a_printer_that_falls_silent_in_a_job_leaves_it_unknown(room: Room) -> None:
    printer = room.printer(rows_per_s=1_000)
    driver = room.driver(printer, finish_wait_s=0.2)
    running = Running(driver, "1", TICKET)
    assert printer.wait_until(lambda p: not empty_queue(p), WAIT_S)
    printer.mute()
    result = running.result()
    assert (result.outcome, result.fault) == (PrintOutcome.UNKNOWN, Fault.SILENT)
    assert len(papers(printer, 1)) == 1


def test_a_printer_that_falls_silent_while_paper_is_out_is_not_waited_for_longer_than_people(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer, refill_wait_s=0.3)
    printer.out_after_rows(20)
    running = Running(driver, "1", TICKET)
    room.told.wait_for(Fault.NO_PAPER)
    printer.mute()
    printer.load_paper()
    result = running.result()
    assert (result.outcome, result.fault) == (PrintOutcome.UNKNOWN, Fault.NO_PAPER)
    assert len(papers(printer, 1)) == 1


def test_the_same_job_twice_prints_once(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer)
    first = driver.print(JobId("1"), SLIP)
    assert driver.print(JobId("1"), SLIP) == first
    driver.print(JobId("2"), SLIP)
    assert len(papers(printer, 2)) == 2


def test_paper_that_ends_in_mid_print_is_waited_for_and_one_paper_comes_out(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer, confirm="process_id")
    printer.out_after_rows(120)
    running = Running(driver, "1", TICKET)
    room.told.wait_for(Fault.NO_PAPER)
    assert not printer.papers
    printer.load_paper()
    result = running.result()
    assert (result.outcome, result.fault) == (PrintOutcome.PRINTED, None)
    assert room.told.faults == [(JobId("1"), Fault.NO_PAPER), (JobId("1"), None)]
    assert "".join(papers(printer, 1)[0].text_lines).count("A012") == 1
    assert len(printer.papers) == 1


def test_a_job_for_an_empty_printer_is_held_and_sent_when_paper_is_there(room: Room) -> None:
    printer = room.printer()
    printer.paper_out()
    running = Running(room.driver(printer), "1")
    room.told.wait_for(Fault.NO_PAPER)
    assert printer.state()["buffered_bytes"] == 0
    printer.load_paper()
    assert running.result().outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1


def test_a_job_nobody_brings_paper_for_fails_with_nothing_sent(room: Room) -> None:
    printer = room.printer()
    printer.paper_out()
    result = room.driver(printer, refill_wait_s=0.1).print(JobId("1"), SLIP)
    assert (result.outcome, result.fault) == (PrintOutcome.FAILED, Fault.NO_PAPER)
    assert result.first_byte_mono == 0
    printer.load_paper()
    assert printer.wait_until(empty_queue, WAIT_S)
    assert not printer.papers


def test_a_held_job_that_nobody_wants_any_more_is_given_up_with_nothing_sent(room: Room) -> None:
    printer = room.printer()
    printer.paper_out()
    wanted = Event()
    wanted.set()
    results: list[PrintResult] = []
    driver = room.driver(printer)
    printing = Thread(target=lambda: results.append(driver.print(JobId("1"), SLIP, wanted.is_set)))
    printing.start()
    room.told.wait_for(Fault.NO_PAPER)
    wanted.clear()
    printing.join(WAIT_S)
    assert [(result.outcome, result.fault) for result in results] == [(PrintOutcome.FAILED, Fault.NO_PAPER)]
    printer.load_paper()
    assert driver.print(JobId("2"), SLIP).outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1


def test_a_job_cut_short_by_paper_that_nobody_brings_stays_unknown_and_is_not_confused_with_the_next(
    room: Room,
) -> None:
    printer = room.printer()
    driver = room.driver(printer, refill_wait_s=0.2)
    printer.out_after_rows(50)
    first = driver.print(JobId("1"), TICKET)
    assert (first.outcome, first.fault) == (PrintOutcome.UNKNOWN, Fault.NO_PAPER)
    printer.load_paper()
    second = driver.print(JobId("2"), SLIP)
    assert second.outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 2)) == 2


def test_a_pulled_plug_in_mid_job_leaves_it_unknown(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer)
    printer.out_after_rows(50)
    running = Running(driver, "1", TICKET)
    room.told.wait_for(Fault.NO_PAPER)
    printer.unplug()
    result = running.result()
    assert (result.outcome, result.fault) == (PrintOutcome.UNKNOWN, Fault.DISCONNECTED)
    assert driver.state().fault is Fault.DISCONNECTED
    printer.load_paper()
    printer.replug()
    assert driver.state().fault is None
    assert driver.print(JobId("2"), SLIP).outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 2)) == 2


def test_a_printer_that_is_not_there_fails_with_nothing_sent(room: Room) -> None:
    printer = room.printer()
    printer.unplug()
    driver = room.driver(printer)
    result = driver.print(JobId("1"), SLIP)
    assert (result.outcome, result.fault) == (PrintOutcome.FAILED, Fault.DISCONNECTED)


def test_a_line_that_was_lost_while_idle_is_opened_again(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer)
    assert driver.state().fault is None
    printer.unplug()
    printer.replug()
    assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.PROCESSED


def test_a_jammed_cutter_is_told_and_resumed_when_it_is_free(room: Room) -> None:
    printer = room.printer()
    printer.cutter_jam()
    driver = room.driver(printer)
    running = Running(driver, "1")
    room.told.wait_for(Fault.CUTTER)
    printer.clear_jam()
    assert running.result().outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1


def test_a_printer_that_lost_its_buffer_leaves_the_job_unknown(room: Room, tmp_path: Path) -> None:
    printer = room.printer(Pty(tmp_path / "printer"))
    driver = room.driver(printer, finish_wait_s=0.4, baud=921_600)
    printer.out_after_rows(50)
    running = Running(driver, "1", TICKET)
    room.told.wait_for(Fault.NO_PAPER)
    printer.power_cycle()
    printer.load_paper()
    result = running.result()
    assert (result.outcome, result.fault) == (PrintOutcome.UNKNOWN, Fault.SILENT)
    assert driver.print(JobId("2"), SLIP).outcome is PrintOutcome.PROCESSED


def test_states_name_paper_cover_and_cutter(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer)
    well = driver.state()
    assert well.fault is None
    assert {name: well.readings[name] for name in ("paper", "cover_open", "cutter_error", "overheated")} == {
        "paper": "ok",
        "cover_open": False,
        "cutter_error": False,
        "overheated": False,
    }
    printer.near_end()
    low = driver.state()
    assert (low.fault, low.may_serve, low.readings["paper"]) == (Fault.PAPER_LOW, True, "low")
    printer.paper_out()
    assert driver.state().fault is Fault.NO_PAPER
    printer.load_paper()
    printer.cover(open_=True)
    assert (driver.state().fault, driver.state().may_serve) == (Fault.COVER_OPEN, False)


def test_a_serial_line_prints_and_its_plug_can_be_pulled(room: Room, tmp_path: Path) -> None:
    printer = room.printer(Pty(tmp_path / "printer"), baud=115_200)
    driver = room.driver(printer, confirm="process_id")
    result = driver.print(JobId("1"), NAMES)
    assert result.outcome is PrintOutcome.PRINTED
    received = int(str(printer.state()["bytes_received"]))
    wire_s = received * 10 / 115_200
    assert float(str(printer.state()["last_byte_mono"])) - result.first_byte_mono >= 0.8 * wire_s
    printer.unplug()
    assert driver.state().fault is Fault.DISCONNECTED
    printer.replug()
    assert driver.state().fault is None


def test_a_long_slip_stops_at_a_full_buffer_and_goes_on(room: Room) -> None:
    printer = room.printer(buffer_bytes=512)
    driver = room.driver(printer)
    printer.out_after_rows(60)
    long = Slip(tuple(Line("䶮" * 60) for _ in range(60)))
    running = Running(driver, "1", long)
    room.told.wait_for(Fault.NO_PAPER)
    printer.load_paper()
    assert running.result().outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1
    assert not printer.errors


def test_wrong_options_are_refused_with_a_sentence(room: Room) -> None:
    with pytest.raises(DeviceError, match=r"no such profile: nonesuch; there are .*generic_58.*sprt_58"):
        connect(Options(profile="nonesuch"), "K1.slip_printer", room.told)
    with pytest.raises(DeviceError, match="multiple of 8"):
        connect(Options(paper_width_dots=570), "K1.slip_printer", room.told)


def test_nothing_listens_after_the_printer_is_stopped(room: Room) -> None:
    printer = room.printer()
    host, port = str(printer.state()["address"]).rsplit(":", 1)
    printer.stop()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)), timeout=1)


def test_a_raster_torn_by_a_pulled_plug_does_not_eat_the_next_job(room: Room) -> None:
    printer = room.printer(buffer_bytes=512)
    driver = room.driver(printer)
    printer.out_after_rows(60)
    running = Running(driver, "1", Slip(tuple(Line("䶮" * 60) for _ in range(60))))
    room.told.wait_for(Fault.NO_PAPER)
    printer.unplug()
    assert running.result().outcome is PrintOutcome.UNKNOWN
    printer.load_paper()
    printer.replug()
    assert driver.print(JobId("2"), SLIP).outcome is PrintOutcome.PROCESSED
    assert papers(printer, 1)[-1].text_lines[-2:] == ("青禾区社会保险服务大厅", "A012")


def test_garbage_on_the_line_does_not_stop_the_printer(room: Room) -> None:
    printer = room.printer(process_ids=False)
    host, port = str(printer.state()["address"]).rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=WAIT_S) as line:
        line.sendall(bytes(range(255, 0, -1)) * 40 + b"\x1b@\n\x1dV\x00")
        assert printer.wait_until(lambda p: bool(p.papers) and empty_queue(p), WAIT_S)
    assert printer.errors
    assert room.driver(printer).print(JobId("1"), SLIP).outcome is PrintOutcome.PROCESSED
    assert printer.papers[-1].text_lines[-1] == "A012"
