"""Text into lines: fonts, language, line height, breaking. What Pango does for us, and the little it does not."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from kiosk.text import fonts, pango

TEXT_CHARS = 20_000
"""Longest text drawn at once; the longest guide article of a pack is a tenth of it. What is beyond is cut off."""

SIDE_PX = 16_384
"""Widest and highest mask: the largest texture of the software renderer; taller drawings end there."""

NARROWER_STEPS = 4
"""How many half characters a paragraph may be set narrower so that no character stands alone on its last line."""

TIBETAN_LINE_EM = 2.9
"""Stacks go deep: with less, lines touch."""

TIBETAN = ("\u0f00", "\u0fff")


SHIFT = {"left": 0.0, "center": 0.5, "right": 1.0}
"""Share of the spare width that stands left of a paragraph set narrower."""


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


class Setting(NamedTuple):
    """A Pango layout, and how far right it is drawn."""

    layout: Any
    shift_px: int


class Typesetter:
    """Owns one font map and context; for one thread."""

    def __init__(self) -> None:
        self._lib = pango.libraries()
        self._context = self._own_context()

    def set(self, text: str, style: Style) -> Setting:
        """Lay out `text`; Chinese is set a little narrower where a last character would stand alone."""
        setting = Setting(self._layout(text, style, style.width_px), 0)
        if style.width_px is None or not style.lang.startswith("zh") or not self._ends_alone(setting.layout, text):
            return setting
        lines = self._lib.pango.pango_layout_get_line_count(setting.layout)
        for step in range(1, NARROWER_STEPS + 1):
            width_px = max(1, round(style.width_px - step * style.em_px / 2))
            narrower = self._layout(text, style, width_px)
            if self._lib.pango.pango_layout_get_line_count(narrower) != lines:
                return setting
            if not self._ends_alone(narrower, text):
                return Setting(narrower, round((style.width_px - width_px) * SHIFT[style.align]))
        return setting

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


def _encoded(text: str) -> bytes:
    return text[:TEXT_CHARS].replace("\0", "").encode("utf-8", "replace")
