"""The roll of the virtual printer and the papers that come off it."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

MARGIN_DOTS = 32
"""Unprinted paper at each side: 72 mm of print on 80 mm of paper."""
HEAD_DOTS = 40
"""From the cutter to the first line of the next paper."""
FOOT_DOTS = 72
"""Fed out before the cut."""
ROWS_MAX = 24_000
"""Three metres in one piece; then the roll is torn off and the printer complains."""

LINES_MAX = 4_000
"""Lines of text remembered of one piece."""

INK, LIGHT = 34, 252
"""Thermal black is dark grey, the paper not quite white."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One piece of paper. `finished_at` is monotonic seconds."""

    image: Image.Image
    text_lines: tuple[str, ...]
    finished_at: float
    cut: str = ""
    """`full` or `partial`; empty when it was torn off by hand."""
    dots: int = 0
    """Paper fed for it, without what a cut feeds."""

    @property
    def text(self) -> str:
        """What was printed as characters, line by line; dots carry no text."""
        return "\n".join(self.text_lines)


class Roll:
    """Paper under the head. `advance(rows)` gives how many of them may be printed now; it waits and may give fewer."""

    def __init__(self, width_dots: int, advance: Callable[[int], int]) -> None:
        self.width_dots = width_dots
        self._advance = advance
        self._strips: list[Image.Image] = []
        self._lines: list[str] = []
        self.rows = 0

    def print_strip(self, strip: Image.Image, text: str = "") -> None:
        """Print rows of dots (mode L, 255 is ink), then note the text that they show."""
        top = 0
        while top < strip.height:
            allowed = self._advance(strip.height - top)
            if self.rows <= ROWS_MAX:
                self._strips.append(strip.crop((0, top, strip.width, top + allowed)))
            self.rows += allowed
            top += allowed
        if text and len(self._lines) < LINES_MAX:
            self._lines.append(text)

    def feed(self, rows: int) -> None:
        """Move empty paper."""
        if rows > 0:
            self.print_strip(Image.new("L", (self.width_dots, rows), 0))

    def tear(self, at: float, cut: str = "") -> Paper | None:
        """Take what hangs out; None when nothing was printed since the last time."""
        if not self._lines and all(strip.getbbox() is None for strip in self._strips):
            self._strips.clear()
            self.rows = 0
            return None
        kept = sum(strip.height for strip in self._strips)
        image = Image.new("L", (self.width_dots + 2 * MARGIN_DOTS, kept + HEAD_DOTS + FOOT_DOTS), LIGHT)
        top = HEAD_DOTS
        for strip in self._strips:
            image.paste(INK, (MARGIN_DOTS, top), strip)
            top += strip.height
        _serrate(image)
        paper = Paper(image, tuple(self._lines), at, cut, self.rows)
        self._strips.clear()
        self._lines.clear()
        self.rows = 0
        return paper


def _serrate(image: Image.Image) -> None:
    """Draw the cutter's teeth along both ends."""
    pen = ImageDraw.Draw(image)
    for x in range(0, image.width, 8):
        pen.polygon([(x, 0), (x + 4, 4), (x + 8, 0)], fill=210)
        pen.polygon([(x, image.height), (x + 4, image.height - 5), (x + 8, image.height)], fill=210)
