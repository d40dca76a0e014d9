"""Lines the printer's font cannot print, drawn by Pango as black dots."""

from collections.abc import Iterable

from PIL import Image

from kiosk.devices.slip_printers.columns import GETA, plain
from kiosk.text import Drawn, Style, TextEngine

INK = 112
"""Mask value from which a dot is black; a little below half keeps thin strokes of 24-dot characters whole."""

BAND_ROWS = 96
"""Rows per raster command: clones with small buffers stop at 255 (devices reference 4.4); a band cut off by a pulled
plug must be filled up before anything else is understood, so smaller is quicker."""

WIDEST_DOTS = 832
"""The widest heads for slips (104 mm)."""

BAND_BYTES = WIDEST_DOTS // 8 * BAND_ROWS + 8
"""The longest single command we write."""

BLANK, BLACK = 0, 255


def drawable(text: str, engine: TextEngine) -> str:
    """Put 〓 where no font has the character, so that no box with digits is printed."""
    if engine.draw(text, Style(24)).unknown_glyphs == 0:
        return text
    return "".join(c if engine.draw(c, Style(24)).unknown_glyphs == 0 else GETA for c in text)


def paragraph(text: str, style: Style, engine: TextEngine) -> Drawn:
    """Draw one paragraph as wide as its style says."""
    return engine.draw(drawable("\n".join(plain(part) for part in text.split("\n")), engine), style)


def on_paper(pieces: Iterable[tuple[Drawn, int, int]], width: int, height: int) -> Image.Image:
    """Lay drawings at (x, y) on an empty strip; 255 is ink."""
    strip = Image.new("L", (width, height), BLANK)
    for drawn, x, y in pieces:
        mask = Image.frombytes("L", (drawn.width, drawn.height), drawn.mask)
        strip.paste(BLACK, (x, y), mask)
    return strip


def raster(strip: Image.Image) -> bytes:
    """GS v 0 commands for a strip whose ink is 255, cut to its rightmost dot, in bands."""
    dots = strip.point([BLACK if value >= INK else BLANK for value in range(256)]).convert(
        "1", dither=Image.Dither.NONE
    )
    box = dots.getbbox()
    right = box[2] if box else 8
    dots = dots.crop((0, 0, (right + 7) // 8 * 8, strip.height))
    bands = []
    for top in range(0, dots.height, BAND_ROWS):
        rows = min(BAND_ROWS, dots.height - top)
        across = dots.width // 8
        head = bytes((0x1D, 0x76, 0x30, 0, across & 0xFF, across >> 8, rows & 0xFF, rows >> 8))
        bands.append(head + dots.crop((0, top, dots.width, top + rows)).tobytes())
    return b"".join(bands)
