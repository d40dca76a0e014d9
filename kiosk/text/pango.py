"""The few C functions of Pango, cairo and fontconfig that we call, bound by cffi without a compiler.

Signatures: Pango 1.50, cairo 1.16 and fontconfig 2.14 reference manuals (Debian 12).
"""

from functools import cache
from typing import Any, NamedTuple

from cffi import FFI

from hall.errors import HallError, Reason

SCALE = 1024
"""Pango units per pixel (PANGO_SCALE)."""

WRAP_WORD_CHAR = 2
ELLIPSIZE_END = 3
ALIGN = {"left": 0, "center": 1, "right": 2}
WEIGHT_NORMAL = 400
WEIGHT_BOLD = 700
FORMAT_A8 = 2
ANTIALIAS_GRAY = 2
HINT_STYLE_SLIGHT = 2
HINT_METRICS_OFF = 1

_DECLARATIONS = """
typedef struct { int x, y, width, height; } PangoRectangle;
typedef struct { void *layout; int start_index, length; } PangoLayoutLine;
typedef struct { const void *klass; unsigned start_index, end_index; } PangoAttribute;

void g_object_unref(void *object);

void *pango_cairo_font_map_new(void);
void pango_fc_font_map_set_config(void *map, void *config);
void *pango_font_map_create_context(void *map);
void pango_cairo_context_set_font_options(void *context, const void *options);
void pango_cairo_show_layout(void *cr, void *layout);

void *pango_layout_new(void *context);
void pango_layout_set_text(void *layout, const char *text, int length);
void pango_layout_set_font_description(void *layout, const void *description);
void pango_layout_set_attributes(void *layout, void *list);
void pango_layout_set_width(void *layout, int width);
void pango_layout_set_height(void *layout, int height);
void pango_layout_set_wrap(void *layout, int wrap);
void pango_layout_set_ellipsize(void *layout, int ellipsize);
void pango_layout_set_alignment(void *layout, int alignment);
int pango_layout_get_unknown_glyphs_count(void *layout);
int pango_layout_is_ellipsized(void *layout);
int pango_layout_get_line_count(void *layout);
PangoLayoutLine *pango_layout_get_line_readonly(void *layout, int line);
void pango_layout_get_pixel_extents(void *layout, PangoRectangle *ink, PangoRectangle *logical);

void *pango_font_description_new(void);
void pango_font_description_set_family(void *description, const char *family);
void pango_font_description_set_weight(void *description, int weight);
void pango_font_description_set_absolute_size(void *description, double size);
void pango_font_description_free(void *description);

void *pango_language_from_string(const char *language);
void *pango_attr_list_new(void);
void pango_attr_list_insert(void *list, PangoAttribute *attribute);
void pango_attr_list_unref(void *list);
PangoAttribute *pango_attr_line_height_new_absolute(int height);
PangoAttribute *pango_attr_language_new(void *language);
PangoAttribute *pango_attr_font_features_new(const char *features);

void *cairo_image_surface_create(int format, int width, int height);
int cairo_surface_status(void *surface);
unsigned char *cairo_image_surface_get_data(void *surface);
int cairo_image_surface_get_stride(void *surface);
void cairo_surface_flush(void *surface);
void cairo_surface_destroy(void *surface);
void *cairo_create(void *surface);
void cairo_move_to(void *cr, double x, double y);
void cairo_destroy(void *cr);
void *cairo_font_options_create(void);
void cairo_font_options_set_antialias(void *options, int antialias);
void cairo_font_options_set_hint_style(void *options, int style);
void cairo_font_options_set_hint_metrics(void *options, int metrics);
void cairo_font_options_destroy(void *options);

void *FcConfigCreate(void);
int FcConfigParseAndLoadFromMemory(void *config, const unsigned char *buffer, int complain);
int FcConfigBuildFonts(void *config);
void FcConfigDestroy(void *config);
"""


class Libraries(NamedTuple):
    """Opened shared libraries, each with all declarations; call a function on the one that has it."""

    ffi: FFI
    gobject: Any
    pango: Any
    cairo_pango: Any
    ft_pango: Any
    cairo: Any
    fontconfig: Any


_FILES = (
    ("libgobject-2.0.so.0", "libglib2.0-0"),
    ("libpango-1.0.so.0", "libpango-1.0-0"),
    ("libpangocairo-1.0.so.0", "libpangocairo-1.0-0"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0-0"),
    ("libcairo.so.2", "libcairo2"),
    ("libfontconfig.so.1", "libfontconfig1"),
)


@cache
def libraries() -> Libraries:
    """Open the libraries once per process; `HallError` names the Debian package of a missing one."""
    ffi = FFI()
    ffi.cdef(_DECLARATIONS)
    opened = []
    for file, package in _FILES:
        try:
            opened.append(ffi.dlopen(file))
        except OSError as error:
            raise HallError(Reason.INTERNAL, "text", f"{file} is missing: install {package}") from error
    return Libraries(ffi, *opened)
