"""Programs we did not write talk to our printer: one as it was recorded, one live."""

import socket
from pathlib import Path

import pytest
import zxingcpp
from escpos.printer import Dummy, Network

from kiosk.devices.slip_printers.layout import native_qr
from kiosk.devices.virtual.escpos_interpreter import interpret
from kiosk.devices.virtual.printer import VirtualPrinter
from kiosk.devices.virtual.printer_font import PrinterFont
from tests.devices.printers.room import WAIT_S, Room, papers

RECORDINGS = Path(__file__).parent / "recordings"
TICKET = ("青禾区社会保险服务大厅", "A012")


def replay(name: str, printer: VirtualPrinter) -> None:
    """Say what the recorded host said; the printer must answer byte for byte what it answered then."""
    host, port = str(printer.state()["address"]).rsplit(":", 1)
    told = [line.split(" ", 1) for line in (RECORDINGS / f"receiptio-{name}.txt").read_text().splitlines()]
    assert [mark for mark, *_ in told].count("=") == 1
    with socket.create_connection((host, int(port)), timeout=WAIT_S) as line:
        for mark, *rest in told:
            data = bytes.fromhex(rest[0]) if rest else b""
            if mark == ">":
                line.sendall(data)
            elif mark == "<":
                assert line.recv(len(data), socket.MSG_WAITALL) == data
        line.shutdown(socket.SHUT_WR)
        assert line.recv(1) == b""


@pytest.mark.parametrize("name", ["print", "print-detected"])
def test_receiptio_prints_and_is_answered_as_when_it_said_success(room: Room, name: str) -> None:
    printer = room.printer()
    replay(name, printer)
    assert papers(printer, 1)[0].text_lines == TICKET


def test_receiptio_is_answered_as_when_it_said_online_cover_open_and_paper_empty(room: Room) -> None:
    printer = room.printer()
    replay("inquiry-online", printer)
    printer.cover(open_=True)
    replay("inquiry-cover", printer)
    printer.cover(open_=False)
    printer.paper_out()
    replay("inquiry-empty", printer)


def test_python_escpos_prints_live_on_our_printer_and_reads_its_state(room: Room) -> None:
    printer = room.printer()
    host, port = str(printer.state()["address"]).rsplit(":", 1)
    client = Network(host, int(port), timeout=WAIT_S)
    client.open()
    try:
        assert client.is_online()
        client.text("业务：养老保险缴费查询\n")
        client.set(align="center", bold=True, double_height=True, double_width=True)
        client.text("取号A012\n")
        client.qr("QH-20261123-K2-000123", native=True, size=5, ec=1)
        client.cut()
        (paper,) = papers(printer, 1)
        assert paper.text_lines == ("业务：养老保险缴费查询", "取号A012")
        assert [found.text for found in zxingcpp.read_barcodes(paper.image)] == ["QH-20261123-K2-000123"]
        assert (client.paper_status(), printer.errors) == (2, [])
        printer.near_end()
        assert client.paper_status() == 1
        printer.paper_out()
        assert client.paper_status() == 0
        assert not client.is_online()
    finally:
        client.close()


@pytest.mark.parametrize("text", ["社会保险服务大厅", "养老待遇资格认证：请带身份证"])
def test_what_python_escpos_encodes_in_chinese_decodes_to_the_same_text(text: str) -> None:
    encoder = Dummy()
    encoder.text(text + "\n")
    encoder.cut()
    printed = interpret(b"\x1b@\x1c&" + bytes(encoder.output), PrinterFont())
    assert printed.papers[0].text_lines == (text,)
    assert printed.errors == ()


def test_our_native_code_is_the_one_that_python_escpos_sends() -> None:
    encoder = Dummy()
    encoder.qr("QH-20261123-K2-000123", native=True, size=5, ec=1)
    assert native_qr("QH-20261123-K2-000123", 5) == bytes(encoder.output)
