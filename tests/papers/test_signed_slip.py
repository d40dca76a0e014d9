"""The slip of a terminal that is cut off: one code, signed, that an independent reader reads off narrow paper too."""

from dataclasses import replace
from functools import partial

import msgspec
import pytest
import zxingcpp
from PIL import Image

from hall.ids import HallId, Series, TerminalId, TicketId
from hall.outage.signed_slips import SignedSlip, check, public_of, sign
from hall.queue.numbering import label
from kiosk.devices.slip_printers.layout import Composer
from kiosk.devices.slip_printers.options import Options, sheet_of
from kiosk.devices.slip_printers.profiles import profile
from kiosk.devices.virtual.escpos_interpreter import interpret
from kiosk.devices.virtual.printer import model_of
from kiosk.devices.virtual.printer_font import PrinterFont
from kiosk.flows.papers import Say, ticket_slip
from kiosk.flows.scanned import SlipCode, read_code
from kiosk.ports import Line, QrCode, Slip
from kiosk.text import TextEngine
from kiosk.text.catalogue import load
from tests.flows import samples

SAY: Say = partial(load().say, "zh")
CUT = b"\x1dV\x01"
KEY = bytes(range(32))
HALL, K1 = HallId("qinghe"), TerminalId("K1")
ISSUED = msgspec.structs.replace(
    samples.issued(),
    ticket=TicketId("019a0000000070008000000000000001"),
    series=Series("C"),
    number=701,
    label=label(Series("C"), 701),
    issued_at=1_795_397_400.25,
    reserve=True,
    quote=None,
)


def slip(code: str) -> Slip:
    pack = msgspec.structs.replace(samples.pack(), slip_codes=True)
    return ticket_slip(ISSUED, None, pack, SAY, issued_at="2026-11-23 09:30", copy=False, signed=code)


def on_paper(what: Slip, name: str) -> Image.Image:
    """Print on a virtual printer of this profile; what is torn off by hand is cut here."""
    sheet, model = sheet_of(Options(profile=name), "K1.slip_printer"), replace(model_of(profile(name)), cutter="both")
    printed = interpret(Composer(sheet, TextEngine()).compose(what) + CUT, PrinterFont(), sheet.width_dots, model)
    assert printed.errors == ()
    return printed.papers[0].image


@pytest.mark.row("QUE-03", part="face")
@pytest.mark.parametrize("profile", ["generic_58", "generic_80", "sprt_58"])
def test_an_independent_reader_reads_the_one_code_and_its_terminal_is_believed(profile: str) -> None:
    image = on_paper(slip(sign(ISSUED, HALL, K1, KEY)), profile)
    (found,) = zxingcpp.read_barcodes(image)
    believed = check(found.text, hall=HALL, day=ISSUED.day, keys={K1: public_of(KEY)})
    assert believed == SignedSlip(HALL, K1, ISSUED)
    assert read_code(found.text) == SlipCode(ISSUED.ticket, ISSUED.label, signed=True)


def test_beside_the_code_stands_where_to_go_and_what_it_is_for() -> None:
    blocks = slip(sign(ISSUED, HALL, K1, KEY)).blocks
    place = next(i for i, block in enumerate(blocks) if isinstance(block, QrCode))
    told = next(block.text for block in blocks[place:] if isinstance(block, Line))
    item = next(one for one in samples.pack().items if one.code == ISSUED.item)
    assert "、".join(item.windows) in told
    assert "扫此码" in told
    assert len([block for block in blocks if isinstance(block, QrCode)]) == 1


def test_a_hall_without_a_scanner_prints_no_code_that_nobody_could_read() -> None:
    printed = ticket_slip(
        ISSUED, None, samples.pack(), SAY, issued_at="09:30", copy=False, signed=sign(ISSUED, HALL, K1, KEY)
    )
    assert not [block for block in printed.blocks if isinstance(block, QrCode)]
