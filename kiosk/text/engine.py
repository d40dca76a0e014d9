"""Draw text as a mask: shaping, bidi, fallback and Chinese line breaking are Pango's, colour is added later."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Literal

from kiosk.text import fonts, pango

CACHE_BYTES = 16 * 1024 * 1024
"""Masks one engine remembers; a full self-service home screen takes about 2 MB."""

CACHE_ENTRIES = 2_000
"""A bound for many small texts, whose keys weigh more than their masks."""

TEXT_CHARS = 20_000
"""Longest text drawn at once; the longest guide article of a pack is a tenth of it. What is beyond is cut off."""

SIDE_PX = 16_384
"""Widest and highest mask: the largest texture of the software renderer; taller drawings end there."""

NARROWER_STEPS = 4
"""How many half characters a paragraph may be set narrower so that no character stands alone on its last line."""

TIBETAN_LINE_EM = 2.9
"""Stacks go deep: with less, lines touch."""

TIBETAN = ("\u0f00", "\u0fff")


@dataclass(frozen=True, slots=True)
class Style:
    """How to draw. `align` left and right mean start and end: they change sides in right-to-left paragraphs."""

    em_px: float
    bold: bool = False
    width_px: int | None = None
    """Wrap at this width; None: one line as long as it needs."""
    align: Literal["left", "center", "right"] = "left"
    line_em: float = 1.6
    """Line height in em; Tibetan gets at least 2.9."""
    max_lines: int | None = None
    """More lines end in an ellipsis; needs `width_px`."""
    lang: str = "zh-cn"
    family: Literal["text", "digits", "icon", "mono"] = "text"
    """`mono`: Latin exactly half as wide as a Chinese character, as a slip printer's own font has it."""


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
        self._context = self._own_context()

    def draw(self, text: str, style: Style) -> Drawn:
        """Draw `text`; the same text and style again costs a look-up."""
        key = (text, style)
        known = self._cache.get(key)
        if known is not None:
            self._cache.move_to_end(key)
            return known
        drawn = self._paint(self._settled(text, style), style)
        self._remember(key, drawn)
        return drawn

    def measure(self, text: str, style: Style) -> tuple[int, int]:
        """Tell the width and height that `draw` would give, without painting."""
        known = self._cache.get((text, style))
        if known is not None:
            return known.width, known.height
        _, _, width, height, _ = self._box(self._settled(text, style), style)
        return width, height

    def forget(self) -> None:
        """Drop all remembered drawings: at the end of a session nothing of a person stays here."""
        self._cache.clear()
        self._cached_bytes = 0

    def _own_context(self) -> Any:
        lib = self._lib
        config = lib.fontconfig.FcConfigCreate()
        xml = lib.ffi.new("unsigned char[]", fonts.configuration().encode())
        lib.fontconfig.FcConfigParseAndLoadFromMemory(config, xml, 1)
        lib.fontconfig.FcConfigBuildFonts(config)
        font_map = lib.ffi.gc(lib.cairo_pango.pango_cairo_font_map_new(), lib.gobject.g_object_unref)
        lib.ft_pango.pango_fc_font_map_set_config(font_map, config)
        lib.fontconfig.FcConfigDestroy(config)  # the font map holds its own reference
        context = lib.ffi.gc(lib.pango.pango_font_map_create_context(font_map), lib.gobject.g_object_unref)
        options = lib.cairo.cairo_font_options_create()
        lib.cairo.cairo_font_options_set_antialias(options, pango.ANTIALIAS_GRAY)
        lib.cairo.cairo_font_options_set_hint_style(options, pango.HINT_STYLE_SLIGHT)
        lib.cairo.cairo_font_options_set_hint_metrics(options, pango.HINT_METRICS_OFF)
        lib.cairo_pango.pango_cairo_context_set_font_options(context, options)
        lib.cairo.cairo_font_options_destroy(options)
        self._font_map = font_map
        return context

    def _settled(self, text: str, style: Style) -> Any:
        """Lay out `text`; Chinese is set a little narrower where a last character would stand alone."""
        layout = self._layout(text, style, style.width_px)
        if style.width_px is None or style.align != "left" or not style.lang.startswith("zh"):
            return layout
        if not self._ends_alone(layout, text):
            return layout
        lines = self._lib.pango.pango_layout_get_line_count(layout)
        for step in range(1, NARROWER_STEPS + 1):
            narrower = self._layout(text, style, max(1, round(style.width_px - step * style.em_px / 2)))
            if self._lib.pango.pango_layout_get_line_count(narrower) != lines:
                return layout
            if not self._ends_alone(narrower, text):
                return narrower
        return layout

    def _ends_alone(self, layout: Any, text: str) -> bool:
        lib = self._lib.pango
        lines = lib.pango_layout_get_line_count(layout)
        if lines < 2 or lib.pango_layout_is_ellipsized(layout):  # noqa: PLR2004 a lonely line follows another
            return False
        line = lib.pango_layout_get_line_readonly(layout, lines - 1)
        encoded = _encoded(text)
        if encoded[line.start_index - 1 : line.start_index] == b"\n":
            return False
        last = encoded[line.start_index : line.start_index + line.length].decode("utf-8", "replace")
        return sum(character.isalnum() for character in last) == 1

    def _layout(self, text: str, style: Style, width_px: int | None) -> Any:
        if threading.get_ident() != self._thread:
            message = "a TextEngine belongs to the thread that made it"
            raise RuntimeError(message)
        lib = self._lib.pango
        layout = self._lib.ffi.gc(lib.pango_layout_new(self._context), self._lib.gobject.g_object_unref)
        encoded = _encoded(text)
        lib.pango_layout_set_text(layout, encoded, len(encoded))
        self._set_font(layout, style)
        self._set_attributes(layout, text, style)
        lib.pango_layout_set_wrap(layout, pango.WRAP_WORD_CHAR)
        lib.pango_layout_set_alignment(layout, pango.ALIGN[style.align])
        if width_px is not None:
            lib.pango_layout_set_width(layout, min(width_px, SIDE_PX) * pango.SCALE)
        if width_px is not None and style.max_lines is not None:
            lib.pango_layout_set_height(layout, -style.max_lines)
            lib.pango_layout_set_ellipsize(layout, pango.ELLIPSIZE_END)
        return layout

    def _set_font(self, layout: Any, style: Style) -> None:
        lib = self._lib.pango
        description = lib.pango_font_description_new()
        lib.pango_font_description_set_family(description, fonts.families(style.family, style.lang).encode())
        lib.pango_font_description_set_weight(description, pango.WEIGHT_BOLD if style.bold else pango.WEIGHT_NORMAL)
        lib.pango_font_description_set_absolute_size(description, style.em_px * pango.SCALE)
        lib.pango_layout_set_font_description(layout, description)
        lib.pango_font_description_free(description)

    def _set_attributes(self, layout: Any, text: str, style: Style) -> None:
        lib = self._lib.pango
        line_em = style.line_em
        if style.lang.startswith("bo") or any(TIBETAN[0] <= character <= TIBETAN[1] for character in text):
            line_em = max(line_em, TIBETAN_LINE_EM)
        attributes = lib.pango_attr_list_new()
        line_height = round(line_em * style.em_px) * pango.SCALE
        lib.pango_attr_list_insert(attributes, lib.pango_attr_line_height_new_absolute(line_height))
        language = lib.pango_language_from_string(style.lang.encode("ascii", "replace"))
        lib.pango_attr_list_insert(attributes, lib.pango_attr_language_new(language))
        if style.family == "digits":
            lib.pango_attr_list_insert(attributes, lib.pango_attr_font_features_new(b"tnum=1,lnum=1"))
        lib.pango_layout_set_attributes(layout, attributes)
        lib.pango_attr_list_unref(attributes)

    def _box(self, layout: Any, style: Style) -> tuple[int, int, int, int, tuple[int, int, int, int]]:
        """Left, top, width, height of the mask in layout pixels (ink that sticks out included), and the ink."""
        ink = self._lib.ffi.new("PangoRectangle *")
        logical = self._lib.ffi.new("PangoRectangle *")
        self._lib.pango.pango_layout_get_pixel_extents(layout, ink, logical)
        flows = style.width_px is not None
        left = min(0 if flows else logical.x, ink.x)
        top = min(logical.y, ink.y)
        right = max(style.width_px or 0, 0 if flows else logical.x + logical.width, ink.x + ink.width)
        bottom = max(logical.y + logical.height, ink.y + ink.height)
        width = max(1, min(right - left, SIDE_PX))
        height = max(1, min(bottom - top, SIDE_PX))
        return left, top, width, height, (ink.x - left, ink.y - top, ink.width, ink.height)

    def _paint(self, layout: Any, style: Style) -> Drawn:
        lib = self._lib
        left, top, width, height, ink = self._box(layout, style)
        surface = lib.cairo.cairo_image_surface_create(pango.FORMAT_A8, width, height)
        try:
            if lib.cairo.cairo_surface_status(surface) != 0:
                message = f"cairo refused a drawing of {width} x {height}"
                raise MemoryError(message)
            canvas = lib.cairo.cairo_create(surface)
            lib.cairo.cairo_move_to(canvas, -left, -top)
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


def _encoded(text: str) -> bytes:
    return text[:TEXT_CHARS].replace("\0", "").encode("utf-8", "replace")


def _packed(padded: bytes, stride: int, width: int) -> bytes:
    return b"".join(padded[start : start + width] for start in range(0, len(padded), stride))
