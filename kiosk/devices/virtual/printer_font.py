"""The virtual printer's built-in font: Chinese in cells of 24 x 24 dots, Latin in 12 x 24, enlarged in steps."""

from functools import lru_cache

from PIL import Image

from kiosk.text import Style, TextEngine

CELL = 24
THRESHOLD = 100
"""Mask value from which the head burns a dot."""

_ROOM = Style(CELL, family="mono", line_em=2.0)
_ROOM_BOLD = Style(CELL, family="mono", line_em=2.0, bold=True)
_SIZES = [255 if value >= THRESHOLD else 0 for value in range(256)]


class PrinterFont:
    """Cells by character. Belongs to the thread that first asks for one."""

    def __init__(self) -> None:
        self._engine: TextEngine | None = None
        self._top = 0
        self.cell = lru_cache(maxsize=1_024)(self._draw)

    def _draw(self, character: str, columns: int, bold: bool, size: tuple[int, int], smooth: bool) -> Image.Image:
        """Draw one character in its cell, enlarged in steps or smoothly (GS b); 255 is ink."""
        engine = self._opened()
        across, down = size
        if smooth and across > 1 and down > 1:
            return self._smooth(character, columns, bold, size)
        cell = Image.new("L", (CELL // 2 * columns, CELL), 0)
        if character.strip():
            drawn = engine.draw(character, _ROOM_BOLD if bold else _ROOM)
            mask = Image.frombytes("L", (drawn.width, drawn.height), drawn.mask)
            cell.paste(mask, ((cell.width - drawn.width) // 2, -self._top))
            cell = cell.point(_SIZES)
        return cell.resize((cell.width * across, cell.height * down), Image.Resampling.NEAREST)

    def _smooth(self, character: str, columns: int, bold: bool, size: tuple[int, int]) -> Image.Image:
        engine = self._opened()
        across, down = size
        scale = max(size)
        cell = Image.new("L", (CELL // 2 * columns * scale, CELL * scale), 0)
        drawn = engine.draw(character, Style(CELL * scale, family="mono", line_em=2.0, bold=bold))
        mask = Image.frombytes("L", (drawn.width, drawn.height), drawn.mask)
        cell.paste(mask, ((cell.width - drawn.width) // 2, -self._top * scale))
        return cell.resize((CELL // 2 * columns * across, CELL * down)).point(_SIZES)

    def _opened(self) -> TextEngine:
        if self._engine is None:
            self._engine = TextEngine()
            _, y, _, height = self._engine.draw("国", _ROOM).ink
            self._top = round(y + height / 2 - CELL / 2)
        return self._engine
