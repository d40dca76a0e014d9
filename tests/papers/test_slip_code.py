"""The code on a slip: only where a scanner can read it, and then an independent reader reads it off the paper."""

from functools import partial
from typing import Any

import msgspec
import pytest
import zxingcpp
from PIL import Image

from hall.ids import JobId, TicketId
from hall.wire.pack_shown import PackShown
from kiosk.devices.slip_printers.escpos import Options, connect
from kiosk.devices.virtual.printer import Tcp, VirtualPrinter
from kiosk.flows.papers import Say, ticket_slip
from kiosk.flows.scanned import SlipCode, read_code
from kiosk.ports import PrintOutcome, QrCode, Slip
from kiosk.text.catalogue import load
from tests.flows import samples

WAIT_S = 60.0
SAY: Say = partial(load().say, "zh")
TICKET = TicketId("019a0000000070008000000000000001")


def slip(pack: PackShown) -> Slip:
    issued = msgspec.structs.replace(samples.issued(), ticket=TICKET)
    return ticket_slip(issued, samples.leased(), pack, SAY, issued_at="2026-11-23 09:30", copy=False)


def paper_of(what: Slip, **profile: Any) -> Image.Image:
    printer = VirtualPrinter("K1.slip_printer", Tcp())
    printer.start()
    host, port = str(printer.state()["address"]).rsplit(":", 1)
    told = Options(transport="tcp", host=host, port=int(port), confirm="process_id", **profile)
    driver = connect(told, "K1.slip_printer", lambda _job, _fault: None)
    try:
        assert driver.print(JobId("job"), what).outcome is PrintOutcome.PRINTED
        assert printer.wait_until(lambda it: bool(it.papers), WAIT_S)
        return printer.papers[0].image
    finally:
        driver.close()
        printer.stop()


def test_without_a_scanner_in_the_hall_there_is_no_code_on_the_slip() -> None:
    assert not [block for block in slip(samples.pack()).blocks if isinstance(block, QrCode)]


@pytest.mark.parametrize("qr", ["native", "raster"])
def test_an_independent_reader_reads_the_slip_of_a_hall_with_scanners(qr: str) -> None:
    image = paper_of(slip(msgspec.structs.replace(samples.pack(), slip_codes=True)), qr=qr)
    found = [code.text for code in zxingcpp.read_barcodes(image)]
    assert [read_code(text) for text in found] == [SlipCode(TICKET, samples.issued().label)]
