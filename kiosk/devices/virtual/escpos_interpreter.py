"""What a Chinese slip printer does with each command: its modes, its line buffer, its dots (Epson reference)."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from kiosk.devices.virtual.escpos_graphics import Graphics
from kiosk.devices.virtual.escpos_model import Model
from kiosk.devices.virtual.escpos_tokens import Bad, Command, Text, Token, Tokenizer
from kiosk.devices.virtual.paper import Paper, Roll
from kiosk.devices.virtual.printer_font import CELL, PrinterFont

ERRORS_KEPT = 200
DEFAULT_SPACING = 34
"""ESC 2: 1/6 inch at 203 dpi."""
CODE_PAGE = "cp437"
KATAKANA_PAGE = {0x95: "─", 0x96: "│"}
"""ESC t 1, as far as encoders use it: for drawing lines."""
TAB_COLUMNS = 8
LEAD_BYTE = 0x81
MISSING = "\ufffd"
DOTS_PER_INCH = 203
CHINA, YUAN = 15, "¥"
"""ESC R 15: the dollar's place holds the yuan sign."""
PIECES_MAX = 512
"""Cells in one line: more than any paper holds, however often the head is sent back."""
FULL_CUTS, PARTIAL_CUTS = {0, 48, 65, 97, 103}, {1, 49, 66, 98, 104}
"""GS V m."""
IGNORED = {"NUL", "CAN", "ESC M", "ESC {", "ESC V", "ESC =", "ESC c", "ESC p", "ESC T", "FS C"} | {
    "GS H", "GS h", "GS w", "GS f", "DLE DC4", "FS (", "ESC D", "ESC G"
}  # fmt: skip
"""Understood, and of no effect on what we draw (or done by the printer around us)."""


@dataclass(slots=True)
class Modes:
    """Everything that ESC @ puts back."""

    chinese: bool = True
    align: int = 0
    bold: bool = False
    underline: int = 0
    inverted: bool = False
    across: int = 1
    down: int = 1
    smooth: bool = False
    code_page: int = 0
    country: int = 0
    units_per_inch: int = DOTS_PER_INCH
    spacing: int = DEFAULT_SPACING
    latin_gap: int = 0
    chinese_gap: tuple[int, int] = (0, 0)
    left: int = 0
    area: int = 576
    pieces: list[tuple[Image.Image, int]] = field(default_factory=list)
    """The line buffer: cells and where they stand."""
    text: str = ""
    x: int = 0


class Interpreter:
    """Executes tokens in order. `answer` sends bytes to the host, `cut` takes the paper off the roll."""

    def __init__(
        self,
        roll: Roll,
        font: PrinterFont,
        answer: Callable[[str, bytes], None],
        cut: Callable[[], None],
        model: Model | None = None,
    ) -> None:
        self._roll = roll
        self._font = font
        self._answer = answer
        self._cut = cut
        self._model = model or Model()
        self.last_cut = ""
        """`full` or `partial`, how the last paper was taken off."""
        self._lead: int | None = None
        self._graphics = Graphics(roll.width_dots)
        self.errors: deque[str] = deque(maxlen=ERRORS_KEPT)
        self.modes = self._fresh()

    def execute(self, token: Token) -> None:
        """Do one token; what a real printer would not understand is written down in `errors`."""
        match token:
            case Bad(sentence):
                self.errors.append(sentence)
            case Text(data):
                self._characters(data)
            case Command(name, parameters):
                self._command(name, parameters)

    def reset(self) -> None:
        """Lose the line buffer and all modes, as without power."""
        self.modes = self._fresh()
        self._lead = None
        self._graphics = Graphics(self._roll.width_dots)

    def _fresh(self) -> Modes:
        return Modes(
            chinese=self._model.chinese != "none" and self._model.chinese_at_start,
            area=self._roll.width_dots,
            units_per_inch=self._model.vertical_units_per_inch,
        )

    def _dots(self, units: int) -> int:
        return units * DOTS_PER_INCH // self.modes.units_per_inch

    # ---- characters ----------------------------------------------------------------------------------------------

    def _characters(self, data: bytes) -> None:
        for byte in data:
            if self._lead is not None:
                pair, self._lead = bytes((self._lead, byte)), None
                self._put(self._chinese(pair), 2)
            elif byte >= LEAD_BYTE and self.modes.chinese:
                self._lead = byte
            else:
                self._put(self._single(byte), 1)

    def _single(self, byte: int) -> str:
        if self.modes.code_page == 1 and byte in KATAKANA_PAGE:
            return KATAKANA_PAGE[byte]
        if byte == ord("$") and self.modes.country == CHINA:
            return YUAN
        return bytes((byte,)).decode(CODE_PAGE)

    def _chinese(self, pair: bytes) -> str:
        try:
            return pair.decode(self._model.chinese)
        except UnicodeDecodeError:
            self.errors.append(f"no character {pair.hex(' ').upper()} in the Chinese font")
            return MISSING

    def _put(self, character: str, columns: int) -> None:
        modes = self.modes
        cell = self._font.cell(character, columns, modes.bold, (modes.across, modes.down), modes.smooth)
        before, after = modes.chinese_gap if columns == 2 else (0, modes.latin_gap)  # noqa: PLR2004 two columns: Chinese
        if modes.pieces and (modes.x + before + cell.width > modes.area or len(modes.pieces) >= PIECES_MAX):
            self._line_feed()
        if modes.underline:
            cell = cell.copy()
            cell.paste(255, (0, cell.height - modes.underline, cell.width, cell.height))
        if modes.inverted:
            cell = cell.point([255 - value for value in range(256)])
        modes.pieces.append((cell, modes.x + before))
        modes.text += character
        modes.x += before + cell.width + after

    def _line_feed(self, spacing: int | None = None) -> None:
        """Print the line buffer and move on by the line spacing, or by the tallest character if that is more."""
        modes = self.modes
        wanted = modes.spacing if spacing is None else spacing
        tallest = max((cell.height for cell, _ in modes.pieces), default=0)
        width = max((x + cell.width for cell, x in modes.pieces), default=0)
        strip = Image.new("L", (self._roll.width_dots, max(tallest, wanted)), 0)
        shift = modes.left + max(0, modes.area - width) * modes.align // 2
        for cell, x in modes.pieces:
            strip.paste(cell, (shift + x, tallest - cell.height))
        text, modes.text, modes.pieces, modes.x = modes.text, "", [], 0
        if strip.height:
            self._roll.print_strip(strip, text.rstrip())

    # ---- commands ------------------------------------------------------------------------------------------------

    def _command(self, name: str, parameters: bytes) -> None:
        if self._lead is not None:
            self.errors.append("half a Chinese character before a command")
            self._lead = None
        if name in IGNORED:
            return
        first = parameters[0] if parameters else 0
        done = (
            self._mode(name, first)
            or self._size(name, first)
            or self._chinese_and_units(name, parameters)
            or self._move(name, parameters)
            or self._picture(name, parameters)
            or self._report(name, parameters)
        )
        if not done:
            self.errors.append(f"{name} {parameters[:8].hex(' ').upper()} is not done by this printer")

    def _mode(self, name: str, value: int) -> bool:
        modes = self.modes
        match name:
            case "ESC @":
                self.reset()
                self._answer(name, b"")
            case "ESC a":
                modes.align = min(value % 48, 2)
            case "ESC E":
                modes.bold = bool(value & 1)
            case "ESC -" | "FS -":
                modes.underline = min(value % 48, 2)
            case "GS B":
                modes.inverted = bool(value & 1)
            case "ESC t":
                modes.code_page = value
            case "ESC R":
                modes.country = value
            case "GS b":
                modes.smooth = bool(value & 1)
            case _:
                return False
        return True

    def _size(self, name: str, value: int) -> bool:
        modes = self.modes
        match name:
            case "ESC !":
                modes.bold = bool(value & 0x08)
                modes.underline = int(bool(value & 0x80))
                modes.down, modes.across = 1 + bool(value & 0x10), 1 + bool(value & 0x20)
            case "GS !":
                modes.across, modes.down = (value >> 4 & 7) + 1, (value & 7) + 1
            case "ESC 2":
                modes.spacing = DEFAULT_SPACING
            case "ESC 3":
                modes.spacing = self._dots(value)
            case "ESC  ":
                modes.latin_gap = value
            case _:
                return False
        return True

    def _chinese_and_units(self, name: str, parameters: bytes) -> bool:
        modes = self.modes
        match name:
            case "FS &":
                modes.chinese = self._model.chinese != "none"
                if not modes.chinese:
                    self.errors.append("Chinese mode without a Chinese font")
            case "FS .":
                modes.chinese = False
            case "FS !":
                modes.across, modes.down = 1 + bool(parameters[0] & 0x04), 1 + bool(parameters[0] & 0x08)
                modes.underline = int(bool(parameters[0] & 0x80))
            case "FS W":
                modes.across = modes.down = 1 + (parameters[0] & 1)
            case "FS S":
                modes.chinese_gap = (parameters[0], parameters[1])
            case "GS P":
                modes.units_per_inch = parameters[1] or self._model.vertical_units_per_inch
            case _:
                return False
        return True

    def _move(self, name: str, parameters: bytes) -> bool:
        modes = self.modes
        number = int.from_bytes(parameters[:2], "little")
        match name:
            case "LF":
                self._line_feed()
            case "CR":
                pass
            case "HT":
                modes.x = (modes.x // (CELL // 2 * TAB_COLUMNS) + 1) * CELL // 2 * TAB_COLUMNS
            case "ESC d":
                for _ in range(max(1, parameters[0])):
                    self._line_feed()
            case "ESC J":
                self._line_feed(self._dots(parameters[0]))
            case "ESC $":
                modes.x = number
            case "ESC \\":
                modes.x = max(0, modes.x + (number - 0x10000 if number & 0x8000 else number))
            case "GS L":
                modes.left = min(number, self._roll.width_dots - CELL)
                modes.area = min(modes.area, self._roll.width_dots - modes.left)
            case "GS W":
                modes.area = max(CELL, min(number, self._roll.width_dots - modes.left))
            case "GS V" | "ESC i" | "ESC m":
                self._end_paper(name, parameters)
            case _:
                return False
        return True

    def _end_paper(self, name: str, parameters: bytes) -> None:
        if self.modes.pieces:
            self._line_feed()
        if name == "GS V" and parameters[0] not in FULL_CUTS | PARTIAL_CUTS:
            self.errors.append(f"GS V {parameters[0]:02X} is no cut")
            return
        kind = "full" if name == "GS V" and parameters[0] in FULL_CUTS else "partial"
        if self._model.cutter not in ("both", kind):
            self.errors.append(f"a {kind} cut, which this printer cannot make")
            return
        if parameters[1:]:
            self._roll.feed(self._dots(parameters[1]))
        self.last_cut = kind
        self._cut()

    def _picture(self, name: str, parameters: bytes) -> bool:
        if name not in {"GS v", "GS (", "GS 8"} or parameters[:1] == b"H":
            return False
        if not self._has(name, parameters):
            self.errors.append(f"{name} {parameters[:1].hex()} is not built into this printer")
            return True
        made = self._graphics.take(name, parameters)
        if isinstance(made, str):
            self.errors.append(made)
        elif made is not None:
            if self.modes.pieces:
                self._line_feed()
            strip = Image.new("L", (self._roll.width_dots, made.height), 0)
            strip.paste(made, (self.modes.left + max(0, self.modes.area - made.width) * self.modes.align // 2, 0))
            self._roll.print_strip(strip)
        return True

    def _has(self, name: str, parameters: bytes) -> bool:
        if name == "GS v":
            return "gs_v_0" in self._model.rasters
        if name == "GS (" and parameters[:1] == b"k":
            return self._model.native_qr
        return "gs_paren_l" in self._model.rasters or parameters[:1] not in (b"L", b"")

    def _report(self, name: str, parameters: bytes) -> bool:
        if name not in {"GS r", "GS I", "GS a", "GS ("}:
            return False
        self._answer(name, parameters)
        return True


@dataclass(frozen=True, slots=True)
class Printed:
    """What came of a stream of bytes."""

    papers: tuple[Paper, ...]
    errors: tuple[str, ...]
    answers: tuple[tuple[str, bytes], ...]


ANSWERS_KEPT = 1_000


def interpret(data: bytes, font: PrinterFont, width_dots: int = 576, model: Model | None = None) -> Printed:
    """Print a whole stream at once, without a machine around it; any bytes will do."""
    papers: list[Paper] = []
    answers: deque[tuple[str, bytes]] = deque(maxlen=ANSWERS_KEPT)
    roll = Roll(width_dots, lambda rows: rows)

    def cut() -> None:
        paper = roll.tear(0.0, made.last_cut)
        if paper is not None:
            papers.append(paper)

    made = Interpreter(roll, font, lambda name, parameters: answers.append((name, parameters)), cut, model)
    for token in Tokenizer().feed(data):
        made.execute(token)
    return Printed(tuple(papers), tuple(made.errors), tuple(answers))
