"""A slip as ESC/POS bytes: Chinese text where the printer's font has it, Pango's dots where it has not."""

from dataclasses import dataclass

import qrcode
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
from kiosk.devices.slip_printers.pieces import Piece, joined
from kiosk.devices.slip_printers.profiles import Cutter, Qr, RasterCommand
from kiosk.devices.slip_printers.raster import BLACK, BLANK, feed, on_paper, paragraph, raster
from kiosk.ports import Align, Block, Boxed, Columns, Line, PageBreak, QrCode, Rule, Slip, Space
from kiosk.text import Style, TextEngine

CELL_DOTS = 12
"""Half a 24-dot character."""
LEADING_DOTS = 10
"""Air between lines: 34 dots a line is the 1/6 inch that printers are set to."""
RULE_DOTS = 2
RULE_AIR_DOTS = 10
QUIET_MODULES = 2
TEAR_LINES = 6
"""From print head to tear bar where there is no cutter."""
CUT_DOTS = 112
"""From print head to blade, 14 mm in most 80 mm mechanisms: what a cut feeds. Counted, not sent."""

INITIALISE = b"\x1b@"
PLAIN_ASCII = b"\x1bR\x00\x1bt"
"""ESC R 0: the set chosen by switch may print $ as ¥. Then the code page follows."""
DOTS_AS_UNITS = b"\x1dP\xcb\xcb"
"""GS P 203 203: feeds are counted in dots; some models count halves of them."""
CHINESE_ON = b"\x1c&\x1cS\x00\x00"
"""Models not made for China start in another mode; character spacing zero keeps columns true."""
SMOOTHING_ON, SMOOTHING_OFF = b"\x1db\x01", b"\x1db\x00"
"""GS b: the printer rounds the steps of enlarged characters; models without it print them with steps."""
SMOOTH_FROM_SCALE = 3
JUSTIFY = {Align.LEFT: b"\x1ba\x00", Align.CENTER: b"\x1ba\x01", Align.RIGHT: b"\x1ba\x02"}
CUT: dict[Cutter, bytes] = {"partial": b"\x1dVB\x00", "full": b"\x1dVA\x00"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the paper and the printer's font can do."""

    width_dots: int = 576
    charset: Charset = "gbk"
    chinese_mode: bool = True
    cutter: Cutter = "partial"
    qr: Qr = "raster"
    drawn_from_scale: int = 9
    """Lines of this scale and above are drawn by Pango; 9 is never, 1 is all."""
    raster: RasterCommand = "gs_v_0"
    code_page: int = 0
    sets_units: bool = False

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
        return self.measured(slip).data

    def measured(self, slip: Slip) -> Piece:
        """`compose`, with the paper that it takes."""
        return joined((Piece(self._head()), *(self._block(block) for block in slip.blocks), self._cut()))

    def _head(self) -> bytes:
        sheet = self._sheet
        head = INITIALISE + PLAIN_ASCII + bytes((sheet.code_page,))
        if sheet.sets_units:
            head += DOTS_AS_UNITS
        return head + CHINESE_ON if sheet.chinese_mode else head

    def _block(self, block: Block) -> Piece:
        match block:
            case Line():
                return self._line(block)
            case Columns():
                return self._columns(block)
            case Rule():
                strip = Image.new("L", (self._sheet.width_dots, RULE_DOTS), BLACK)
                return joined((feed(RULE_AIR_DOTS), self._raster(strip), feed(RULE_AIR_DOTS)))
            case Space():
                return feed(block.dots)
            case Boxed():
                return self._boxed(block)
            case QrCode():
                return self._qr(block)
            case PageBreak():
                return self._cut()

    # ---- lines and rows ------------------------------------------------------------------------------------------

    def _line(self, line: Line) -> Piece:
        """Return text, or dots, or text with dots only in the rows that need them: the shortest on the wire.

        Text is always shorter where the font has it: a character is one or two bytes, its dots 36 or 72.
        """
        if line.scale >= self._sheet.drawn_from_scale:
            return self._drawn_line(line)
        rows = wrap(line.text, max(2, self._sheet.columns // line.scale))
        as_text = [self._as_text(row) for row in rows]
        if all(as_text):
            return self._aligned(rows, line)
        drawn = self._drawn_line(line)
        if not any(as_text) or not all(_of_even_width(row) for row in rows):
            return drawn
        mixed = joined(
            self._aligned([row], line) if text else self._drawn_line(Line(row, line.scale, line.bold, line.align))
            for row, text in zip(rows, as_text, strict=True)
        )
        return min(drawn, mixed, key=lambda piece: len(piece.data))

    def _aligned(self, rows: list[str], line: Line) -> Piece:
        written = self._text(rows, line.scale, line.bold)
        return Piece(JUSTIFY[line.align] + written.data + JUSTIFY[Align.LEFT], written.dots)

    def _text(self, rows: list[str], scale: int, bold: bool) -> Piece:
        advance = min(255, 24 * scale + LEADING_DOTS)
        spacing = bytes((0x1B, 0x33, advance))
        size = bytes((0x1D, 0x21, (scale - 1) << 4 | (scale - 1)))
        body = b"".join(row.encode(self._sheet.charset) + b"\n" for row in rows)
        written = spacing + size + body + b"\x1d!\x00"
        if scale >= SMOOTH_FROM_SCALE:
            written = SMOOTHING_ON + written + SMOOTHING_OFF
        return Piece(b"\x1bE\x01" + written + b"\x1bE\x00" if bold else written, advance * len(rows))

    def _drawn_line(self, line: Line) -> Piece:
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
        return self._raster(on_paper([(drawn, 0, -LEADING_DOTS // 2)], across, drawn.height))

    def _columns(self, block: Columns) -> Piece:
        written = []
        for start, end in groups(block.widths, self._sheet.columns):
            widths = fitted(block.widths[start:end], self._sheet.columns)
            written += [self._row(row, widths, block.bold) for row in table(block.cells[start:end], widths)]
        return joined(written)

    def _row(self, row: tuple[str, ...], widths: tuple[int, ...], bold: bool) -> Piece:
        if self._sheet.drawn_from_scale > 1 and all(self._as_text(cell) for cell in row):
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
        return self._raster(on_paper(pieces, self._sheet.width_dots, height))

    def _boxed(self, box: Boxed) -> Piece:
        """Draw a frame of GB 2312 line characters, lines touching; as plain drawn lines where the text needs dots."""
        inside = self._sheet.columns // 2 - 2
        rows = [row for line in box.lines for row in wrap(line, inside * 2 - 2)]
        if not self._sheet.chinese_mode or not all(self._as_text(row) for row in rows):
            return joined(self._drawn_line(Line(line, align=Align.CENTER)) for line in box.lines)
        edge = "─" * inside
        framed = [f"┌{edge}┐", *(f"│{_centred(row, inside * 2)}│" for row in rows), f"└{edge}┘"]
        body = b"".join(row.encode(self._sheet.charset) + b"\n" for row in framed)
        return joined((Piece(b"\x1b3\x18" + body, 24 * len(framed)), feed(LEADING_DOTS)))

    # ---- codes, cuts, dots ---------------------------------------------------------------------------------------

    def _qr(self, code: QrCode) -> Piece:
        made = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_MODULES)
        made.add_data(code.data)
        matrix = made.get_matrix()
        dots = max(1, min(code.module_dots, self._sheet.width_dots // len(matrix)))
        if self._sheet.qr == "native":
            written = JUSTIFY[Align.CENTER] + native_qr(code.data, dots) + JUSTIFY[Align.LEFT]
            return Piece(written, (len(matrix) - 2 * QUIET_MODULES) * dots)
        modules = Image.new("L", (len(matrix), len(matrix)), BLANK)
        modules.putdata([BLACK if dark else BLANK for row in matrix for dark in row])
        side = len(matrix) * dots
        strip = Image.new("L", (self._sheet.width_dots, side), BLANK)
        strip.paste(modules.resize((side, side), Image.Resampling.NEAREST), ((strip.width - side) // 2, 0))
        return self._raster(strip)

    def _cut(self) -> Piece:
        if self._sheet.cutter != "none":
            return Piece(CUT[self._sheet.cutter], CUT_DOTS)
        torn = self._text([padded("", self._sheet.columns).replace(" ", "-")], 1, bold=False)
        return joined((torn, Piece(bytes((0x1B, 0x64, TEAR_LINES)), TEAR_LINES * (24 + LEADING_DOTS))))

    def _raster(self, strip: Image.Image) -> Piece:
        return raster(strip, self._sheet.raster)

    def _as_text(self, text: str) -> bool:
        if not self._sheet.chinese_mode and not text.isascii():
            return False
        return printable_as_text("".join(plain(part) for part in text.split("\n")), self._sheet.charset)


def native_qr(data: str, module_dots: int) -> bytes:
    """GS ( k: model 2, module size, level M, store, print."""
    stored = data.encode()
    steps = (b"1A2\x00", b"1C" + bytes((module_dots,)), b"1E1", b"1P0" + stored, b"1Q0")
    return b"".join(b"\x1d(k" + len(step).to_bytes(2, "little") + step for step in steps)


def _of_even_width(row: str) -> bool:
    """Tell whether our own column count is true for this row: Latin and Han, not a script that joins or stacks."""
    return all(ord(c) < 0x80 or 0x2000 <= ord(c) < 0x2070 or 0x2E80 <= ord(c) < 0xA000 or ord(c) >= 0xFF00 for c in row)  # noqa: PLR2004 blocks of Unicode


def _centred(text: str, columns: int) -> str:
    left = max(0, columns - width(text)) // 2
    return padded(" " * left + text, columns)
