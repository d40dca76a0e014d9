"""Every profile prints on a printer that can do what the profile says, and nothing more."""

from typing import get_args

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.devices_printer import ticket_bytes
from kiosk.devices.slip_printers.columns import wrap
from kiosk.devices.slip_printers.layout import CUT_DOTS, Composer, Sheet
from kiosk.devices.slip_printers.options import Options, sheet_of
from kiosk.devices.slip_printers.profiles import RasterCommand, profile, profiles
from kiosk.devices.virtual.escpos_interpreter import interpret
from kiosk.devices.virtual.printer import Model, model_of
from kiosk.devices.virtual.printer_font import PrinterFont
from kiosk.ports import Align, Line, QrCode, Slip
from kiosk.text import TextEngine
from tests.devices.printers.samples import NAMES, STATEMENT, TICKET

FONT = PrinterFont()
ENGINE = TextEngine()
CODE = Slip((QrCode("QH-20261123-K2-000123." + "7KQ2M9XD" * 6),))
TRADITIONAL = Slip((Line("镕基 $1,234.50"),))
"""镕 is in GBK and not in GB2312; $ is ¥ in the Chinese set."""


@pytest.mark.parametrize("name", sorted(profiles()))
@pytest.mark.parametrize(
    "slip", [TICKET, STATEMENT, NAMES, CODE, TRADITIONAL], ids=["ticket", "statement", "names", "code", "gbk"]
)
def test_a_profiles_printer_understands_every_byte_and_moves_the_paper_we_counted(name: str, slip: Slip) -> None:
    sheet = sheet_of(Options(profile=name), "K1.slip_printer")
    written = Composer(sheet, ENGINE).measured(slip)
    end = b"" if sheet.cutter != "none" else b"\x1dV\x01"
    model = model_of(profile(name))
    printed = interpret(written.data, FONT, sheet.width_dots, model)
    assert printed.errors == ()
    if sheet.cutter == "none":
        assert printed.papers == ()
        printed = interpret(written.data + end, FONT, sheet.width_dots, _with_cutter(model))
    (paper,) = printed.papers
    assert paper.dots == written.dots - (CUT_DOTS if sheet.cutter != "none" else 0)
    assert paper.cut == (sheet.cutter if sheet.cutter != "none" else "partial")
    if slip is CODE:
        assert [found.text for found in zxingcpp.read_barcodes(paper.image)] == [slip.blocks[0].data]  # type: ignore[union-attr]
    if slip is TICKET and sheet.chinese_mode:
        assert {"青禾区社会保险服务大厅", "A012", "养老待遇资格认证"} <= set(paper.text_lines)


def _with_cutter(model: Model) -> Model:
    return Model(
        chinese=model.chinese,
        chinese_at_start=model.chinese_at_start,
        native_qr=model.native_qr,
        rasters=model.rasters,
        vertical_units_per_inch=model.vertical_units_per_inch,
    )


def test_a_dollar_stays_a_dollar_where_a_switch_chose_the_chinese_set() -> None:
    switched = b"\x1bR\x0f$\n\x1dV\x01"
    assert interpret(switched, FONT).papers[0].text == "¥"
    ours = Composer(Sheet(), ENGINE).compose(Slip((Line("$"),)))
    assert interpret(b"\x1bR\x0f" + ours, FONT).papers[0].text == "$"


def test_an_old_fonts_missing_character_is_drawn_and_no_question_mark_printed() -> None:
    sheet = sheet_of(Options(profile="generic_58"), "K1.slip_printer")
    data = Composer(sheet, ENGINE).compose(Slip((Line("镕"), Line("取号"))))
    printed = interpret(data + b"\x1dV\x01", FONT, 384, Model(chinese="gb2312"))
    assert printed.errors == ()
    assert printed.papers[0].text_lines[0] == "取号"


HAN = st.text(alphabet="社会保险服务大厅养老待遇，。：（）A0123 .-元", min_size=1, max_size=60).filter(str.strip)


@given(HAN, st.integers(1, 4), st.booleans())
def test_text_is_never_longer_on_the_wire_than_its_dots(text: str, scale: int, bold: bool) -> None:
    line = Slip((Line(text, scale, bold, Align.CENTER),))
    as_text = Composer(Sheet(), ENGINE).compose(line)
    as_dots = Composer(Sheet(drawn_from_scale=1), ENGINE).compose(line)
    assert len(as_text) <= len(as_dots)


def test_only_the_row_with_the_rare_name_is_drawn_where_that_is_shorter() -> None:
    text = "本凭证由参保人王䶮本人领取，" + "请妥善保管，谨防泄露个人信息。" * 4
    rows = wrap(text, 48)
    assert len(rows) > 2
    mixed = Composer(Sheet(), ENGINE).compose(Slip((Line(text),)))
    drawn = Composer(Sheet(drawn_from_scale=1), ENGINE).compose(Slip((Line(text),)))
    assert len(mixed) < len(drawn) / 2
    (paper,) = interpret(mixed, FONT).papers
    assert paper.text_lines == tuple(rows[1:])


def test_scripts_that_join_and_turn_are_drawn_whole() -> None:
    text = "قىممىتى 128.50 " * 6
    data = Composer(Sheet(), ENGINE).compose(Slip((Line(text),)))
    assert interpret(data, FONT).papers[0].text_lines == ()


def test_a_ticket_is_a_twentieth_as_text_of_what_it_would_be_as_dots() -> None:
    size = ticket_bytes()
    assert size["text"] < 1_000
    assert size["text"] * 20 < size["raster"]


def test_the_other_raster_command_prints_the_same_dots() -> None:
    slip = Slip((Line("王䶮"), QrCode("QH-1")))
    images = [
        interpret(Composer(Sheet(raster=command), ENGINE).compose(slip), FONT).papers[0].image.tobytes()
        for command in get_args(RasterCommand)
    ]
    assert len(images) == 2
    assert images[0] == images[1]
