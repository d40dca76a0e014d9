"""Draws what an LED bar shows, dot by dot, as PNG. One thread owns the text engine; drawings are remembered."""

import io
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

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
REMEMBERED = 32
DRAW_LIMIT_S = 10.0


class BarPictures:
    """Makes and remembers pictures; may be called from any thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "bar picture")
        self._engine: TextEngine | None = None
        self._known: OrderedDict[tuple[str, str, int, int], bytes] = OrderedDict()

    def png(self, text: str, colour: str, width_px: int, height_px: int) -> bytes:
        """Return the bar showing `text`."""
        return self._thread.submit(self._draw, (text, colour, width_px, height_px)).result(DRAW_LIMIT_S)

    def close(self) -> None:
        """End the drawing thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _draw(self, key: tuple[str, str, int, int]) -> bytes:
        if key not in self._known:
            while len(self._known) >= REMEMBERED:
                self._known.popitem(last=False)
            self._known[key] = _png(self._lit(*key), key[1], key[2], key[3])
        return self._known[key]

    def _lit(self, text: str, _colour: str, width_px: int, height_px: int) -> set[tuple[int, int]]:
        if not text:
            return set()
        if self._engine is None:
            self._engine = TextEngine()
        drawn = self._engine.draw(text.replace("\n", " "), Style(em_px=height_px * 0.86, bold=True, line_em=1.0))
        ink_x, ink_y, ink_width, ink_height = drawn.ink
        left = max(0, (width_px - ink_width) // 2) - ink_x
        top = (height_px - ink_height) // 2 - ink_y
        return {
            (x + left, y + top)
            for y in range(drawn.height)
            for x in range(drawn.width)
            if drawn.mask[y * drawn.width + x] >= INK and 0 <= x + left < width_px and 0 <= y + top < height_px
        }


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
