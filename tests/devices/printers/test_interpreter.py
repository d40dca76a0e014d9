"""Encoders we did not write must decode to the known text; any bytes must do no harm."""

from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.devices.slip_printers.layout import Composer, Sheet
from kiosk.devices.virtual.escpos_interpreter import ERRORS_KEPT, PIECES_MAX, Interpreter, interpret
from kiosk.devices.virtual.escpos_model import Model
from kiosk.devices.virtual.escpos_tokens import COMMAND_BYTES, Bad, Text, Token, Tokenizer
from kiosk.devices.virtual.paper import LINES_MAX, ROWS_MAX, Paper, Roll
from kiosk.devices.virtual.printer_font import PrinterFont
from kiosk.ports import Columns, Line, QrCode, Slip
from kiosk.text import TextEngine
from tests.devices.printers.samples import STATEMENT, TICKET

RECORDINGS = Path(__file__).parent / "recordings"
FONT = PrinterFont()
"""Glyphs are remembered between tests; all of them run in one thread."""


class Bench:
    """An interpreter without a machine around it."""

    def __init__(self, width_dots: int = 576) -> None:
        self.answers: list[tuple[str, bytes]] = []
        self.papers: list[Paper] = []
        self.roll = Roll(width_dots, lambda rows: rows)
        self.interpreter = Interpreter(self.roll, FONT, lambda n, p: self.answers.append((n, p)), self._cut)

    def feed(self, data: bytes) -> "Bench":
        for token in Tokenizer().feed(data):
            self.interpreter.execute(token)
        return self

    def _cut(self) -> None:
        paper = self.roll.tear(0.0)
        if paper is not None:
            self.papers.append(paper)


@pytest.mark.parametrize("command", ["escpos", "generic"])
def test_receiptlines_ticket_decodes_to_its_text(command: str) -> None:
    bench = Bench().feed((RECORDINGS / f"ticket-{command}.bin").read_bytes())
    assert not bench.interpreter.errors
    assert bench.papers[0].text_lines == (
        "青禾区社会保险服务大厅",
        "A012",
        "养老待遇资格认证",
        "窗口：7、8号",
        "前面还有 5 人,约 12 分钟",
        "─" * 48,
        "请准备：身份证原件、社会保障卡",
        "监督电话 12333",
    )
    assert bench.answers[-1][0] == "GS r"


@pytest.mark.parametrize("command", ["escpos", "generic"])
def test_receiptlines_statement_decodes_to_its_text_and_code(command: str) -> None:
    bench = Bench().feed((RECORDINGS / f"statement-{command}.bin").read_bytes())
    assert not bench.interpreter.errors
    assert "2026-01单位缴费1,234.50" in bench.papers[0].text
    assert [found.text for found in zxingcpp.read_barcodes(bench.papers[0].image)] == ["QH-20261123-K2-000123"]


def test_python_escpos_decodes_to_its_text_and_code() -> None:
    bench = Bench().feed((RECORDINGS / "python-escpos.bin").read_bytes())
    assert not bench.interpreter.errors
    assert bench.papers[0].text_lines == ("业务：养老保险缴费查询", "等候人数：5", "取号A012")
    assert [found.text for found in zxingcpp.read_barcodes(bench.papers[0].image)] == ["QH-20261123-K2-000123"]


@pytest.mark.parametrize("qr", ["native", "raster"])
def test_our_codes_are_read_back_from_the_paper(qr: str) -> None:
    sheet = Sheet(qr="native" if qr == "native" else "raster")
    data = "QH-20261123-K2-000123." + "7KQ2M9XD" * 10
    bench = Bench().feed(Composer(sheet, TextEngine()).compose(Slip((QrCode(data),))))
    assert not bench.interpreter.errors
    assert [found.text for found in zxingcpp.read_barcodes(bench.papers[0].image)] == [data]


@pytest.mark.parametrize("width", [576, 384])
@pytest.mark.parametrize("slip", [TICKET, STATEMENT])
def test_our_papers_are_understood_without_a_single_complaint(width: int, slip: Slip) -> None:
    bench = Bench(width).feed(Composer(Sheet(width_dots=width), TextEngine()).compose(slip))
    assert not bench.interpreter.errors
    (paper,) = bench.papers
    assert paper.image.width == width + 64


def test_the_columns_of_text_and_drawn_rows_stand_under_each_other() -> None:
    rows = Slip((Columns(("缪", "1,234.50"), (20, -28)), Columns(("䶮", "1,234.50"), (20, -28))))
    bench = Bench().feed(Composer(Sheet(), TextEngine()).compose(rows))
    ink = bench.papers[0].image.point([255 if value < 128 else 0 for value in range(256)])
    boxes = [ink.crop((0, top, ink.width, top + 34)).getbbox() for top in (40, 74)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert abs(boxes[0][2] - boxes[1][2]) <= 3
    assert abs(boxes[0][1] - boxes[1][1]) <= 3


def test_outside_chinese_mode_chinese_bytes_are_nonsense_as_on_a_real_printer() -> None:
    bench = Bench().feed(b"\x1c." + "取号".encode("gbk") + b"\n\x1dV\x00")
    assert "取号" not in bench.papers[0].text


def test_sizes_and_spacing_of_chinese_mode_are_obeyed() -> None:
    small = Bench().feed("国国".encode("gbk") + b"\n\x1dV\x00").papers[0]
    double = Bench().feed(b"\x1c!\x0c" + "国国".encode("gbk") + b"\n\x1dV\x00").papers[0]
    quadruple = Bench().feed(b"\x1cW\x01" + "国国".encode("gbk") + b"\n\x1dV\x00").papers[0]
    spaced = Bench().feed(b"\x1cS\x00\x0c" + "国国".encode("gbk") + b"\n\x1dV\x00").papers[0]
    widths = [_ink_width(paper) for paper in (small, double, quadruple, spaced)]
    assert 40 <= widths[0] <= 48
    assert abs(widths[1] - 2 * widths[0]) <= 2
    assert widths[2] == widths[1]
    assert widths[3] == widths[0] + 12


def _ink_width(paper: Paper) -> int:
    ink = paper.image.crop((8, 30, paper.image.width - 8, paper.image.height - 30)).point(
        [255 if value < 128 else 0 for value in range(256)]
    )
    box = ink.getbbox()
    assert box is not None
    return box[2] - box[0]


def test_a_character_outside_the_font_is_told() -> None:
    assert "FE 9F" in Bench().feed(b"\xfe\x9f\n").interpreter.errors[0]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"\x1b\x7f", "unknown command ESC 7F"),
        (b"\x1d\x01", "unknown command GS 01"),
        (b"\x02", "control character 02"),
        (b"\x1dv0\x09\x01\x00\x01\x00\xff", "unknown mode"),
        (b"\x1dv0\x00\x80\x00\x01\x00" + bytes(128), "wider than the paper"),
        (b"\x1d(k\x03\x001Q0", "no QR text stored"),
        (b"\x1d8L\xff\xff\xff\x7f", "longer than any printer's buffer"),
        (b"\xb9\x1b@", "half a Chinese character"),
    ],
)
def test_what_a_printer_would_not_understand_is_written_down(data: bytes, complaint: str) -> None:
    assert complaint in " ".join(Bench().feed(data).interpreter.errors)


def _merged(tokens: list[Token]) -> list[Token]:
    merged: list[Token] = []
    for token in tokens:
        if isinstance(token, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].data + token.data)
        else:
            merged.append(token)
    return merged


COMMANDS = st.sampled_from(
    [b"\x1b", b"\x1d", b"\x1c", b"\x10", b"\x1d(k", b"\x1dv0\x00", b"\x1d8L", b"\x1dV", b"\x1d(L"]
)
STREAMS = st.lists(st.one_of(st.binary(max_size=12), COMMANDS), max_size=40).map(b"".join)


@given(STREAMS, st.integers(1, 9))
def test_portions_do_not_change_the_tokens(data: bytes, portion: int) -> None:
    whole = _merged(Tokenizer().feed(data))
    parted = Tokenizer()
    tokens = [token for at in range(0, len(data), portion) for token in parted.feed(data[at : at + portion])]
    assert _merged(tokens) == whole
    assert len(parted._buffer) <= len(data)


@settings(max_examples=150)
@given(STREAMS)
def test_any_bytes_do_no_harm(data: bytes) -> None:
    bench = Bench().feed(data)
    assert len(bench.interpreter.errors) <= ERRORS_KEPT
    assert len(bench.interpreter.modes.pieces) <= 60
    bench.feed(b"\x1b@\x1c&" + "取号".encode("gbk") + b"\n\x1dV\x00")


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b3\xff\x1bd\xff" * 40,
        b"A\x1b$\x00\x00" * 5_000,
        b"\x1dv0\x03\x48\x00\x00\x10" + bytes(72 * 4_096) + b"\n",
        b"\n" * 10_000,
        b"A\n" * 5_000,
    ],
    ids=["feeds", "overprinting", "tall raster", "empty lines", "lines"],
)
def test_no_stream_makes_the_printer_keep_more_than_its_roll(data: bytes) -> None:
    bench = Bench().feed(data)
    assert sum(strip.height for strip in bench.roll._strips) <= ROWS_MAX + 2 * 4_096
    assert len(bench.roll._lines) <= LINES_MAX
    assert len(bench.interpreter.modes.pieces) <= PIECES_MAX
    bench.feed(b"\x1b@\x1dV\x00")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x1dV\x00", "full"),
        (b"\x1dV1", "partial"),
        (b"\x1dVA\x10", "full"),
        (b"\x1dVB\x10", "partial"),
        (b"\x1bi", "partial"),
    ],
)
def test_each_cut_is_the_one_that_was_asked_for(data: bytes, kind: str) -> None:
    (paper,) = interpret(b"A012\n" + data, FONT).papers
    assert paper.cut == kind
    assert paper.dots == 34 + 16 * (len(data) == 4)


def test_a_printer_complains_about_what_it_was_not_built_with() -> None:
    poor = Model(chinese="none", native_qr=False, rasters=frozenset({"gs_v_0"}), cutter="none")
    stream = b"\x1c&\x1d(k\x03\x001Q0\x1d(L\x02\x0002\x1dV\x00"
    told = " ".join(interpret(stream, FONT, model=poor).errors)
    assert all(word in told for word in ("Chinese font", "not built into", "full cut"))


def test_feeds_are_dots_once_the_host_has_said_so() -> None:
    fine = Model(vertical_units_per_inch=406)
    halves = interpret(b"A\x1bJ\xc8\x1dV\x00", FONT, model=fine).papers[0].dots
    dots = interpret(b"\x1dP\xcb\xcbA\x1bJ\xc8\x1dV\x00", FONT, model=fine).papers[0].dots
    assert (halves, dots) == (100, 200)


def test_initialising_ends_the_automatic_status_as_on_a_real_printer() -> None:
    answers = interpret(b"\x1da\xff\x1b@\x1dr\x01\x1dIB", FONT).answers
    assert [name for name, _ in answers] == ["GS a", "ESC @", "GS r", "GS I"]


def test_a_giant_command_is_skipped_without_being_kept() -> None:
    tokenizer = Tokenizer()
    size = 40 * 1024 * 1024
    tokens = tokenizer.feed(b"\x1d8L" + (size).to_bytes(4, "little"))
    assert isinstance(tokens[0], Bad)
    for _ in range(size // 65_536):
        tokens = tokenizer.feed(bytes(65_536))
        assert len(tokenizer._buffer) <= COMMAND_BYTES
    assert tokenizer.feed(b"A")[-1] == Text(b"A")


def test_lines_longer_than_the_paper_wrap_in_the_printer() -> None:
    bench = Bench().feed(Composer(Sheet(), TextEngine()).compose(Slip((Line("国" * 30),))))
    assert [len(line) for line in bench.papers[0].text_lines] == [24, 6]
