"""Lines the printer's font cannot print, drawn by Pango as black dots."""

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from PIL import Image

from kiosk.devices.slip_printers.columns import GETA, plain
from kiosk.devices.slip_printers.pieces import Piece, joined
from kiosk.devices.slip_printers.profiles import RasterCommand
from kiosk.text import Drawn, Style, TextEngine

INK = 112
"""Mask value from which a dot is black; a little below half keeps thin strokes of 24-dot characters whole."""

BAND_ROWS = 96
"""Rows per raster command: clones with small buffers stop at 255 (devices reference 4.4); a band cut off by a pulled
plug must be filled up before anything else is understood, so smaller is quicker."""

WIDEST_DOTS = 832
"""The widest heads for slips (104 mm)."""

HEAD_BYTES = 24
"""The longest head and tail of a band: GS ( L stores and prints."""

BAND_BYTES = WIDEST_DOTS // 8 * BAND_ROWS + HEAD_BYTES
"""The longest single command we write."""

FEED_DOTS_MAX = 255
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


def feed(dots: int) -> Piece:
    """Empty paper, by ESC J."""
    steps = [min(FEED_DOTS_MAX, dots - done) for done in range(0, dots, FEED_DOTS_MAX)]
    return Piece(b"".join(bytes((0x1B, 0x4A, step)) for step in steps), max(0, dots))


def raster(strip: Image.Image, command: RasterCommand = "gs_v_0") -> Piece:
    """Return the commands for a strip whose ink is 255: bands cut to their rightmost dot, empty rows fed."""
    dots = strip.point([BLACK if value >= INK else BLANK for value in range(256)]).convert(
        "1", dither=Image.Dither.NONE
    )
    across, data = (dots.width + 7) // 8, dots.tobytes()
    rows = [data[at : at + across].rstrip(b"\0") for at in range(0, len(data), across)]
    return joined(_runs(rows, command))


def _runs(rows: list[bytes], command: RasterCommand) -> Iterator[Piece]:
    """Part the rows where feeding is shorter than sending nothing but zeros."""
    at = begun = 0
    for blank, run in groupby(rows, key=lambda row: not row):
        length = sum(1 for _ in run)
        at += length
        if blank and length * max((len(row) for row in rows), default=0) > HEAD_BYTES:
            yield from _bands(rows[begun : at - length], command)
            yield feed(length)
            begun = at
    yield from _bands(rows[begun:], command)


def _bands(rows: list[bytes], command: RasterCommand) -> Iterator[Piece]:
    if not any(rows):
        yield feed(len(rows))
        return
    for top, end in pairwise([*range(0, len(rows), BAND_ROWS), len(rows)]):
        band = rows[top:end]
        across = max(1, *(len(row) for row in band)) if len(band) > 1 else max(1, len(band[0]))
        body = b"".join(row.ljust(across, b"\0") for row in band)
        yield Piece(_command(command, across, len(band), body), len(band))


def _command(command: RasterCommand, across: int, rows: int, body: bytes) -> bytes:
    if command == "gs_v_0":
        return b"\x1dv0\x00" + across.to_bytes(2, "little") + rows.to_bytes(2, "little") + body
    size = (len(body) + 10).to_bytes(2, "little")
    place = (across * 8).to_bytes(2, "little") + rows.to_bytes(2, "little")
    return b"\x1d(L" + size + b"0p0\x01\x011" + place + body + b"\x1d(L\x02\x0002"
