"""What goes wrong in a hall's day, one trouble a test: one ticket comes out, and nobody is told more than is known."""

import socket
from pathlib import Path
from threading import Thread

import pytest

from hall.ids import JobId
from kiosk.devices.slip_printers.escpos import EscPosPrinter
from kiosk.devices.slip_printers.transport import LineLost, tcp
from kiosk.devices.virtual.printer import Model, Pty, VirtualPrinter
from kiosk.ports import Fault, Line, PrintOutcome, Slip, Unread
from tests.devices.printers.room import SHORT, SLIP, WAIT_S, Room, Running, empty_queue, papers
from tests.devices.printers.samples import STATEMENT, TICKET


def test_the_roll_grows_thin_and_ends_in_mid_job_and_one_ticket_comes_out(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer, confirm="process_id")
    printer.out_after_rows(300, near_end_rows=200)
    running = Running(driver, "1", TICKET)
    room.told.wait_for(Fault.NO_PAPER)
    assert printer.state()["paper"] == "out"
    printer.load_paper()
    assert running.result().outcome is PrintOutcome.PRINTED
    assert room.told.faults == [(JobId("1"), Fault.NO_PAPER), (JobId("1"), None)]
    assert "".join(papers(printer, 1)[0].text_lines).count("A012") == 1
    assert (len(printer.papers), driver.state().readings["paper"]) == (1, "ok")


def test_a_thin_roll_alone_is_no_reason_to_wait(room: Room) -> None:
    printer = room.printer()
    printer.near_end()
    driver = room.driver(printer)
    assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.PROCESSED
    assert (driver.state().fault, driver.state().may_serve) == (Fault.PAPER_LOW, True)
    assert room.told.faults == []


def test_a_cover_opened_in_mid_job_is_waited_for(room: Room) -> None:
    printer = room.printer(rows_per_s=2_000)
    driver = room.driver(printer)
    running = Running(driver, "1", TICKET)
    assert printer.wait_until(lambda p: not empty_queue(p), WAIT_S)
    printer.cover(open_=True)
    room.told.wait_for(Fault.COVER_OPEN)
    printer.cover(open_=False)
    assert running.result().outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1


def test_a_hot_head_is_waited_for_and_never_told_to_go_on(room: Room) -> None:
    printer = room.printer(rows_per_s=2_000)
    driver = room.driver(printer)
    running = Running(driver, "1", TICKET)
    assert printer.wait_until(lambda p: not empty_queue(p), WAIT_S)
    printer.overheat()
    room.told.wait_for(Fault.OVERHEATED)
    printer.cool_down()
    assert running.result().outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1


def test_a_mechanical_error_in_mid_job_is_resumed_and_one_ticket_comes_out(room: Room) -> None:
    printer = room.printer(rows_per_s=2_000)
    driver = room.driver(printer)
    running = Running(driver, "1", TICKET)
    assert printer.wait_until(lambda p: not empty_queue(p), WAIT_S)
    printer.mechanical_error()
    assert running.result().outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1
    assert "".join(printer.papers[0].text_lines).count("A012") == 1


def test_what_a_jam_left_behind_is_forgotten_before_the_next_job_and_never_comes_out_late(room: Room) -> None:
    printer = room.printer()
    printer.cutter_jam()
    driver = room.driver(printer, refill_wait_s=0.2)
    first = driver.print(JobId("1"), Slip((*SLIP.blocks, *TICKET.blocks)))
    assert (first.outcome, first.fault) == (PrintOutcome.UNKNOWN, Fault.CUTTER)
    printer.clear_jam()
    assert driver.print(JobId("2"), SLIP).outcome is PrintOutcome.PROCESSED
    assert driver.print(JobId("1"), TICKET) == first
    assert printer.wait_until(empty_queue, WAIT_S)
    assert len(printer.papers) == 1  # the first hangs uncut before the second: one piece, and nothing after it


def test_an_empty_printer_is_not_told_to_go_on(room: Room) -> None:
    printer = room.printer()
    host, port = str(printer.state()["address"]).rsplit(":", 1)
    printer.paper_out()
    with socket.create_connection((host, int(port)), timeout=WAIT_S) as line:
        line.sendall(b"\x1b@\x1c&" + "取号".encode("gbk") + b"\n\x1dV\x00\x10\x05\x02\x10\x04\x04")
        assert line.recv(1) == b"\x7e"
        printer.load_paper()
        assert papers(printer, 1)[0].text == "取号"


def test_power_lost_with_the_buffer_kept_prints_the_rest_and_says_so(room: Room, tmp_path: Path) -> None:
    printer = room.printer(Pty(tmp_path / "printer"))
    driver = room.driver(printer, baud=921_600)
    printer.out_after_rows(50)
    running = Running(driver, "1", TICKET)
    room.told.wait_for(Fault.NO_PAPER)
    printer.power_cycle(keep_buffer=True)
    printer.load_paper()
    assert running.result().outcome is PrintOutcome.PROCESSED
    assert "".join(papers(printer, 1)[0].text_lines).count("A012") == 1


def test_power_lost_on_the_network_leaves_the_job_unknown_and_it_is_not_sent_again(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer)
    printer.out_after_rows(50)
    running = Running(driver, "1", TICKET)
    room.told.wait_for(Fault.NO_PAPER)
    printer.power_cycle(keep_buffer=False)
    result = running.result()
    received = printer.state()["bytes_received"]
    assert (result.outcome, result.fault) == (PrintOutcome.UNKNOWN, Fault.DISCONNECTED)
    assert driver.print(JobId("1"), TICKET) == result
    assert printer.state()["bytes_received"] == received
    printer.load_paper()
    assert driver.print(JobId("2"), SLIP).outcome is PrintOutcome.PROCESSED


def test_a_busy_printer_is_sent_nothing_and_serves_again_when_it_is_ready(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer, answer_wait_s=0.1)
    printer.busy()
    result = driver.print(JobId("1"), SLIP)
    assert (result.outcome, result.fault, result.first_byte_mono) == (PrintOutcome.FAILED, Fault.SILENT, 0.0)
    printer.ready()
    assert driver.print(JobId("2"), SLIP).outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1


def test_a_slow_head_is_given_its_time(room: Room) -> None:
    printer = room.printer(rows_per_s=1_000)
    driver = room.driver(printer, finish_wait_s=5.0)
    assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1


class Cut:
    """A line that swallows a job's first bytes and is gone before it can say so."""

    reads = True

    def __init__(self) -> None:
        self.swallowed = b""

    def exchange(self, out: bytes, wait_s: float) -> tuple[int, bytes]:
        if out.startswith(b"\x10\x04"):
            return len(out), b"\x12"
        if self.swallowed:
            raise LineLost("gone")
        self.swallowed += out
        return len(out), b""

    def weak_status(self) -> None:
        return None

    def close(self) -> None:
        return None


def test_a_line_lost_together_with_its_first_bytes_is_unknown_and_nothing_is_sent_again(room: Room) -> None:
    lines: list[Cut] = []

    def open_line(_options: object) -> Cut:
        lines.append(Cut())
        return lines[-1]

    driver = EscPosPrinter(SHORT, "K1.slip_printer", room.told, open_line)
    result = driver.print(JobId("1"), SLIP)
    assert (result.outcome, result.fault, len(lines)) == (PrintOutcome.UNKNOWN, Fault.DISCONNECTED, 1)


def test_bytes_that_left_are_told_before_the_loss_that_follows_them() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    accepted: list[socket.socket] = []
    thread = Thread(target=lambda: accepted.append(listener.accept()[0]))
    thread.start()
    line = tcp("127.0.0.1", listener.getsockname()[1], WAIT_S)
    thread.join(WAIT_S)
    accepted[0].shutdown(socket.SHUT_WR)
    written, _ = line.exchange(b"A012", WAIT_S)
    assert written == 4
    with pytest.raises(LineLost):
        line.exchange(b"", WAIT_S)
    for end in (line, accepted[0], listener):
        end.close()


@pytest.mark.parametrize("flow", ["xon", "rts"])
def test_a_full_buffer_holds_the_host_and_loses_nothing(room: Room, tmp_path: Path, flow: str) -> None:
    printer = room.printer(
        Pty(tmp_path / "printer"), 115_200, rows_per_s=4_000, buffer_bytes=4_096, flow="xon" if flow == "xon" else "rts"
    )
    driver = room.driver(printer, flow=flow, baud=115_200, drawn_from_scale=1, answer_wait_s=2.0, finish_wait_s=5.0)
    long = Slip(tuple(Line(f"第{row}行") for row in range(1, 13)))
    assert driver.print(JobId("1"), long).outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1
    assert printer.errors == []


def test_without_flow_control_a_full_buffer_loses_bytes_as_a_real_one_does(room: Room) -> None:
    printer = room.printer(buffer_bytes=64, flow="none")
    printer.paper_out()
    host, port = str(printer.state()["address"]).rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=WAIT_S) as line:
        line.sendall(b"A012\n" * 100)
        assert printer.wait_until(lambda p: any("bytes lost" in error for error in p.errors), WAIT_S)


def test_a_printer_that_cannot_answer_is_missed_when_its_plug_is_pulled(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer, profile="silent_80", confirm=None)
    assert (driver.state().fault, driver.state().readings["paper"]) == (None, Unread.UNSUPPORTED)
    assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.SENT
    printer.unplug()
    assert driver.state().fault is Fault.DISCONNECTED
    printer.replug()
    assert driver.state().fault is None


def test_a_clone_without_automatic_status_is_asked_instead(room: Room) -> None:
    printer = room.printer(model=Model(process_ids=False, reports_changes=False))
    driver = room.driver(printer)
    printer.out_after_rows(120)
    running = Running(driver, "1", TICKET)
    room.told.wait_for(Fault.NO_PAPER)
    printer.load_paper()
    assert running.result().outcome is PrintOutcome.PROCESSED
    assert len(papers(printer, 1)) == 1


def test_a_printer_is_known_by_maker_model_and_serial_number(room: Room) -> None:
    printer = room.printer(model=Model(maker="EPSON", name="TM-T82III", serial_number="X5RV000123"))
    driver = room.driver(printer, profile="epson_tm_t82_cn")
    assert driver.state().readings["printer"] == "EPSON TM-T82III X5RV000123"
    assert room.driver(printer).state().readings["printer"] is Unread.UNSUPPORTED


def test_bytes_and_dots_are_counted_as_they_went_out(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer)
    driver.print(JobId("1"), STATEMENT)
    readings = driver.state().readings
    paper = papers(printer, 1)[0]
    assert isinstance(readings["bytes_sent"], int)
    assert isinstance(readings["dots_fed"], int)
    assert 0 < readings["bytes_sent"] <= int(str(printer.state()["bytes_received"]))
    assert 0 <= readings["dots_fed"] - paper.dots <= 120


def hands(printer: VirtualPrinter) -> set[str]:
    return set(printer.actions)


def test_a_hand_can_do_to_the_printer_everything_that_happens_to_one(room: Room) -> None:
    assert hands(room.printer()) >= {
        "near_end", "near_end_then_out", "paper_out", "load_paper", "open_cover", "close_cover", "cutter_jam",
        "clear_jam", "mechanical_error", "overheat", "cool_down", "busy", "ready", "slow", "fast", "mute", "unmute",
        "unplug", "replug", "power_cycle", "power_cycle_keeping_buffer",
    }  # fmt: skip
