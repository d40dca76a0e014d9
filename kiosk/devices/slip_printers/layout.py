"""A slip as ESC/POS bytes: Chinese text where the printer's font has it, Pango's dots where it has not."""

from dataclasses import dataclass
from typing import Literal

import qrcode
from escpos.printer import Dummy
from PIL import Image

from kiosk.devices.slip_printers.columns import (
    Charset,
    fitted,
    groups,
    padded,
    plain,
    printable_as_text,
    table,
    width,
    wrap,
)
from kiosk.devices.slip_printers.raster import BLACK, BLANK, on_paper, paragraph, raster
from kiosk.ports import Align, Block, Boxed, Columns, Line, PageBreak, QrCode, Rule, Slip, Space
from kiosk.text import Style, TextEngine

CELL_DOTS = 12
"""Half a 24-dot character."""
LEADING_DOTS = 10
"""Air between lines: 34 dots a line is the 1/6 inch that printers are set to."""
RULE_DOTS = 2
RULE_AIR_DOTS = 10
FEED_DOTS_MAX = 255
QUIET_MODULES = 2
TEAR_LINES = 6
"""From print head to tear bar where there is no cutter."""

INITIALISE = b"\x1b@"
CHINESE_ON = b"\x1c&\x1cS\x00\x00"
"""Models not made for China start in another mode; character spacing zero keeps columns true."""
SMOOTHING_ON, SMOOTHING_OFF = b"\x1db\x01", b"\x1db\x00"
"""GS b: the printer rounds the steps of enlarged characters; models without it print them with steps."""
SMOOTH_FROM_SCALE = 3
JUSTIFY = {Align.LEFT: b"\x1ba\x00", Align.CENTER: b"\x1ba\x01", Align.RIGHT: b"\x1ba\x02"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the paper and the printer's font can do."""

    width_dots: int = 576
    charset: Charset = "gbk"
    chinese_mode: bool = True
    cutter: bool = True
    qr: Literal["native", "raster"] = "raster"
    drawn_from_scale: int = 9
    """Lines of this scale and above are drawn by Pango; 9 is never."""

    @property
    def columns(self) -> int:
        """Half-width columns across."""
        return self.width_dots // CELL_DOTS


class Composer:
    """Writes slips for one sheet. Belongs to the thread of its text engine."""

    def __init__(self, sheet: Sheet, engine: TextEngine) -> None:
        self._sheet = sheet
        self._engine = engine

    def compose(self, slip: Slip) -> bytes:
        """Bytes from initialising to the last cut, nothing asked of the printer in between."""
        written = bytearray(INITIALISE)
        if self._sheet.chinese_mode:
            written += CHINESE_ON
        for block in slip.blocks:
            written += self._block(block)
        return bytes(written + self._cut())

    def _block(self, block: Block) -> bytes:
        match block:
            case Line():
                return self._line(block)
            case Columns():
                return self._columns(block)
            case Rule():
                strip = Image.new("L", (self._sheet.width_dots, RULE_DOTS), BLACK)
                return _feed(RULE_AIR_DOTS) + raster(strip) + _feed(RULE_AIR_DOTS)
            case Space():
                return _feed(block.dots)
            case Boxed():
                return self._boxed(block)
            case QrCode():
                return self._qr(block)
            case PageBreak():
                return self._cut()

    def _line(self, line: Line) -> bytes:
        if line.scale >= self._sheet.drawn_from_scale or not self._as_text(line.text):
            return self._drawn_line(line)
        columns = max(2, self._sheet.columns // line.scale)
        rows = wrap(line.text, columns)
        return JUSTIFY[line.align] + self._text(rows, line.scale, line.bold) + JUSTIFY[Align.LEFT]

    def _text(self, rows: list[str], scale: int, bold: bool) -> bytes:
        spacing = bytes((0x1B, 0x33, min(255, 24 * scale + LEADING_DOTS)))
        size = bytes((0x1D, 0x21, (scale - 1) << 4 | (scale - 1)))
        body = b"".join(row.encode(self._sheet.charset) + b"\n" for row in rows)
        written = spacing + size + body + b"\x1d!\x00"
        if scale >= SMOOTH_FROM_SCALE:
            written = SMOOTHING_ON + written + SMOOTHING_OFF
        return b"\x1bE\x01" + written + b"\x1bE\x00" if bold else written

    def _drawn_line(self, line: Line) -> bytes:
        em = 24 * line.scale
        across = self._sheet.width_dots
        style = Style(
            em,
            bold=line.bold,
            width_px=across,
            align=line.align.value,
            line_em=(24 * line.scale + LEADING_DOTS) / em,
            family="digits" if line.text.isascii() else "text",
        )
        drawn = paragraph(line.text, style, self._engine)
        return raster(on_paper([(drawn, 0, -LEADING_DOTS // 2)], across, drawn.height))

    def _columns(self, block: Columns) -> bytes:
        written = b""
        for start, end in groups(block.widths, self._sheet.columns):
            widths = fitted(block.widths[start:end], self._sheet.columns)
            for row in table(block.cells[start:end], widths):
                written += self._row(row, widths, block.bold)
        return written

    def _row(self, row: tuple[str, ...], widths: tuple[int, ...], bold: bool) -> bytes:
        if all(self._as_text(cell) for cell in row):
            cells = (padded(cell, columns) for cell, columns in zip(row, widths, strict=True))
            return self._text(["".join(cells).rstrip()], 1, bold)
        pieces = []
        left = 0
        for cell, columns in zip(row, widths, strict=True):
            style = Style(
                24,
                bold=bold,
                width_px=abs(columns) * CELL_DOTS,
                align="right" if columns < 0 else "left",
                line_em=(24 + LEADING_DOTS) / 24,
                max_lines=1,
            )
            pieces.append((paragraph(cell, style, self._engine), left, -LEADING_DOTS // 2))
            left += abs(columns) * CELL_DOTS
        height = max(drawn.height for drawn, _, _ in pieces)
        return raster(on_paper(pieces, self._sheet.width_dots, height))

    def _boxed(self, box: Boxed) -> bytes:
        """Draw a frame of GB 2312 line characters, lines touching; as plain drawn lines where the text needs dots."""
        inside = self._sheet.columns // 2 - 2
        rows = [row for line in box.lines for row in wrap(line, inside * 2 - 2)]
        if not all(self._as_text(row) for row in rows):
            return b"".join(self._drawn_line(Line(line, align=Align.CENTER)) for line in box.lines)
        edge = "─" * inside
        framed = [f"┌{edge}┐", *(f"│{_centred(row, inside * 2)}│" for row in rows), f"└{edge}┘"]
        body = b"".join(row.encode(self._sheet.charset) + b"\n" for row in framed)
        return b"\x1b3\x18" + body + _feed(LEADING_DOTS)

    def _qr(self, code: QrCode) -> bytes:
        if self._sheet.qr == "native":
            printer = Dummy()
            printer.qr(code.data, native=True, size=code.module_dots, ec=1)
            return JUSTIFY[Align.CENTER] + bytes(printer.output) + JUSTIFY[Align.LEFT]
        made = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_MODULES)
        made.add_data(code.data)
        matrix = made.get_matrix()
        modules = Image.new("L", (len(matrix), len(matrix)), BLANK)
        modules.putdata([BLACK if dark else BLANK for row in matrix for dark in row])
        dots = max(1, min(code.module_dots, self._sheet.width_dots // len(matrix)))
        side = len(matrix) * dots
        strip = Image.new("L", (self._sheet.width_dots, side), BLANK)
        strip.paste(modules.resize((side, side), Image.Resampling.NEAREST), ((strip.width - side) // 2, 0))
        return raster(strip)

    def _cut(self) -> bytes:
        if self._sheet.cutter:
            return b"\x1dVB\x00"
        return self._text([padded("", self._sheet.columns).replace(" ", "-")], 1, bold=False) + bytes(
            (0x1B, 0x64, TEAR_LINES)
        )

    def _as_text(self, text: str) -> bool:
        if not self._sheet.chinese_mode and not text.isascii():
            return False
        return printable_as_text("".join(plain(part) for part in text.split("\n")), self._sheet.charset)


def _feed(dots: int) -> bytes:
    written = b""
    while dots > 0:
        step = min(dots, FEED_DOTS_MAX)
        written += bytes((0x1B, 0x4A, step))
        dots -= step
    return written


def _centred(text: str, columns: int) -> str:
    left = max(0, columns - width(text)) // 2
    return padded(" " * left + text, columns)
