"""Where words stand inside their box, in window pixels from the top left. Shared by the stage and by the tests."""

import math
from dataclasses import replace

from kiosk.text import Drawn, Style
from kiosk.ui.widgets.picture import Words


def scaled(style: Style, scale: float) -> Style:
    """Return the style at the window's scale: text is drawn anew at its own size, so it stays crisp."""
    width_px = None if style.width_px is None else max(1, round(style.width_px * scale) + room(style, scale))
    return replace(style, em_px=style.em_px * scale, width_px=width_px)


def room(style: Style, scale: float) -> int:
    """Return how many window pixels a line may be wider than its share.

    Every glyph stands on a whole pixel, so that at another scale a line can need half a pixel more for each: without
    room for that, words that stood in one line would break into two.
    """
    if style.width_px is None or scale == 1.0:
        return 0
    return math.ceil(style.width_px / style.em_px / 2) + 1


def corner(words: Words, drawn: Drawn, scale: float) -> tuple[int, int]:
    """Return the top-left corner of the whole drawing."""
    box = words.box
    x, y = box.x * scale, box.y * scale
    w, h = box.w * scale, box.h * scale
    left, top, ink_w, ink_h = drawn.ink
    if words.style.width_px is None:
        centred = (w - ink_w) / 2 - left if words.by_ink else (w - drawn.width) / 2
        x += {"left": 0.0, "center": centred, "right": w - drawn.width}[words.across]
    else:
        x -= room(words.style, scale) * {"left": 0.0, "center": 0.5, "right": 1.0}[words.across]
    middle = (h - ink_h) / 2 - top if words.by_ink else (h - drawn.height) / 2
    y += {"top": 0.0, "middle": middle, "bottom": h - drawn.height}[words.down]
    return round(x), round(y)
