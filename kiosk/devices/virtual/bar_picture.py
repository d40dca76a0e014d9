"""Draws what an LED bar shows, dot by dot, as PNG. One thread owns the text engine; drawings are remembered."""

import io
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageDraw

from kiosk.text import Style, TextEngine

DOT_PX = 5
LIT = {"red": (255, 92, 62), "green": (90, 230, 110), "yellow": (255, 190, 40)}
GLOW = {"red": (206, 44, 26), "green": (60, 170, 78), "yellow": (206, 148, 24)}
"""Light between neighbouring dots, as eyes see it."""
DARK = (34, 20, 18)
BACK = (18, 14, 13)
INK = 96
"""Mask value from which a dot is lit."""
LAST_HALF_WIDTH = 0x7F
LARGEST_THIN = 16
"""A dot font of 16 has strokes of one dot."""
FILL = 0.94
REMEMBERED = 32
DRAW_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Shown:
    """What a bar shows. The card's fonts are dot fonts: a Chinese character fills its square, a letter half of it."""

    text: str
    colour: str = "red"
    font_px: int = 16


class BarPictures:
    """Makes and remembers pictures; may be called from any thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "bar picture")
        self._engine: TextEngine | None = None
        self._known: OrderedDict[tuple[Shown, int, int], bytes] = OrderedDict()

    def png(self, shown: Shown, width_px: int, height_px: int) -> bytes:
        """Return the bar with its dots; what is wider than the bar is cut off, as on the bar."""
        return self._thread.submit(self._draw, (shown, width_px, height_px)).result(DRAW_LIMIT_S)

    def close(self) -> None:
        """End the drawing thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _draw(self, key: tuple[Shown, int, int]) -> bytes:
        if key not in self._known:
            while len(self._known) >= REMEMBERED:
                self._known.popitem(last=False)
            shown, width_px, height_px = key
            self._known[key] = _png(self._lit(shown, height_px), shown.colour, width_px, height_px)
        return self._known[key]

    def _lit(self, shown: Shown, height_px: int) -> set[tuple[int, int]]:
        lit: set[tuple[int, int]] = set()
        left, top = 0, (height_px - shown.font_px) // 2
        for character in shown.text.replace("\n", " "):
            cell = shown.font_px if ord(character) > LAST_HALF_WIDTH else shown.font_px // 2
            lit |= {(left + x, top + y) for x, y in self._dots(character, shown.font_px, cell)}
            left += cell
        return lit

    def _dots(self, character: str, font_px: int, cell_px: int) -> set[tuple[int, int]]:
        if self._engine is None:
            self._engine = TextEngine()
        bold = font_px > LARGEST_THIN
        drawn = self._engine.draw(
            character, Style(em_px=font_px * FILL, bold=bold, line_em=1.0, family=_family(character))
        )
        left, top = (cell_px - drawn.width) // 2, (font_px - drawn.height) // 2
        return {
            (x + left, y + top)
            for y in range(drawn.height)
            for x in range(drawn.width)
            if drawn.mask[y * drawn.width + x] >= INK
        }


def _family(character: str) -> Literal["text", "digits"]:
    return "digits" if character.isascii() else "text"


def _png(lit: set[tuple[int, int]], colour: str, width_px: int, height_px: int) -> bytes:
    picture = Image.new("RGB", (width_px * DOT_PX, height_px * DOT_PX), BACK)
    pen = ImageDraw.Draw(picture)
    for y in range(height_px):
        for x in range(width_px):
            left, top = x * DOT_PX, y * DOT_PX
            if (x, y) in lit:
                pen.rectangle((left, top, left + DOT_PX - 1, top + DOT_PX - 1), fill=GLOW[colour])
            pen.ellipse((left, top, left + DOT_PX - 2, top + DOT_PX - 2), fill=LIT[colour] if (x, y) in lit else DARK)
    told = io.BytesIO()
    picture.quantize(16).save(told, "PNG")
    return told.getvalue()
