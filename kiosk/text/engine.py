"""Draw text as a mask: shaping, bidi, fallback and Chinese line breaking are Pango's, colour is added later."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from kiosk.text import pango
from kiosk.text.typesetting import SIDE_PX, Setting, Style, Typesetter

CACHE_BYTES = 16 * 1024 * 1024
"""Masks one engine remembers; a full self-service home screen takes about 2 MB."""

CACHE_ENTRIES = 2_000
"""A bound for many small texts, whose keys weigh more than their masks."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing: `mask` is A8, row by row without padding; 255 is full ink.

    `width` is `width_px` where it was given (more only if ink sticks out). `ink` is (x, y, width, height) inside it.
    """

    width: int
    height: int
    mask: bytes
    ink: tuple[int, int, int, int]
    unknown_glyphs: int
    """Characters no font has: a box would be shown."""
    ellipsized: bool
    lines: int


class TextEngine:
    """Draws and remembers drawings. Every thread has its own: Pango's font maps are not shared."""

    def __init__(self, cache_bytes: int = CACHE_BYTES) -> None:
        self._lib = pango.libraries()
        self._thread = threading.get_ident()
        self._cache: OrderedDict[tuple[str, Style], Drawn] = OrderedDict()
        self._cached_bytes = 0
        self._cache_bytes = cache_bytes
        self._typesetter = Typesetter()

    def draw(self, text: str, style: Style) -> Drawn:
        """Draw `text`; the same text and style again costs a look-up."""
        key = (text, style)
        known = self._cache.get(key)
        if known is not None:
            self._cache.move_to_end(key)
            return known
        drawn = self._paint(self._set(text, style), style)
        self._remember(key, drawn)
        return drawn

    def measure(self, text: str, style: Style) -> tuple[int, int]:
        """Tell the width and height that `draw` would give, without painting."""
        known = self._cache.get((text, style))
        if known is not None:
            return known.width, known.height
        _, _, width, height, _ = self._box(self._set(text, style), style)
        return width, height

    def forget(self) -> None:
        """Drop all remembered drawings: at the end of a session nothing of a person stays here."""
        self._cache.clear()
        self._cached_bytes = 0

    def _set(self, text: str, style: Style) -> Setting:
        if threading.get_ident() != self._thread:
            message = "a TextEngine belongs to the thread that made it"
            raise RuntimeError(message)
        return self._typesetter.set(text, style)

    def _box(self, setting: Setting, style: Style) -> tuple[int, int, int, int, tuple[int, int, int, int]]:
        """Left, top, width, height of the mask in layout pixels (ink that sticks out included), and the ink."""
        ink = self._lib.ffi.new("PangoRectangle *")
        logical = self._lib.ffi.new("PangoRectangle *")
        self._lib.pango.pango_layout_get_pixel_extents(setting.layout, ink, logical)
        ink.x += setting.shift_px
        flows = style.width_px is not None
        left = min(0 if flows else logical.x, ink.x)
        top = min(logical.y, ink.y)
        right = max(style.width_px or 0, 0 if flows else logical.x + logical.width, ink.x + ink.width)
        bottom = max(logical.y + logical.height, ink.y + ink.height)
        width = max(1, min(right - left, SIDE_PX))
        height = max(1, min(bottom - top, SIDE_PX))
        return left, top, width, height, (ink.x - left, ink.y - top, ink.width, ink.height)

    def _paint(self, setting: Setting, style: Style) -> Drawn:
        lib = self._lib
        layout = setting.layout
        left, top, width, height, ink = self._box(setting, style)
        surface = lib.cairo.cairo_image_surface_create(pango.FORMAT_A8, width, height)
        try:
            if lib.cairo.cairo_surface_status(surface) != 0:
                message = f"cairo refused a drawing of {width} x {height}"
                raise MemoryError(message)
            canvas = lib.cairo.cairo_create(surface)
            lib.cairo.cairo_move_to(canvas, setting.shift_px - left, -top)
            lib.cairo_pango.pango_cairo_show_layout(canvas, layout)
            lib.cairo.cairo_destroy(canvas)
            lib.cairo.cairo_surface_flush(surface)
            stride = lib.cairo.cairo_image_surface_get_stride(surface)
            data = lib.cairo.cairo_image_surface_get_data(surface)
            padded = bytes(lib.ffi.buffer(data, stride * height))
        finally:
            lib.cairo.cairo_surface_destroy(surface)
        return Drawn(
            width=width,
            height=height,
            mask=padded if stride == width else _packed(padded, stride, width),
            ink=ink,
            unknown_glyphs=lib.pango.pango_layout_get_unknown_glyphs_count(layout),
            ellipsized=bool(lib.pango.pango_layout_is_ellipsized(layout)),
            lines=lib.pango.pango_layout_get_line_count(layout),
        )

    def _remember(self, key: tuple[str, Style], drawn: Drawn) -> None:
        self._cache[key] = drawn
        self._cached_bytes += len(drawn.mask)
        while self._cache and (self._cached_bytes > self._cache_bytes or len(self._cache) > CACHE_ENTRIES):
            _, dropped = self._cache.popitem(last=False)
            self._cached_bytes -= len(dropped.mask)


def _packed(padded: bytes, stride: int, width: int) -> bytes:
    return b"".join(padded[start : start + width] for start in range(0, len(padded), stride))
