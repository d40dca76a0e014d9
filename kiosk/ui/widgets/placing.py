"""Where words stand inside their box, in window pixels from the top left. Shared by the stage and by the tests."""

from dataclasses import replace

from kiosk.text import Drawn, Style
from kiosk.ui.widgets.picture import Words


def scaled(style: Style, scale: float) -> Style:
    """Return the style at the window's scale: text is drawn anew at its own size, so it stays crisp."""
    width_px = None if style.width_px is None else max(1, round(style.width_px * scale))
    return replace(style, em_px=style.em_px * scale, width_px=width_px)


def corner(words: Words, drawn: Drawn, scale: float) -> tuple[int, int]:
    """Return the top-left corner of the whole drawing."""
    box = words.box
    x, y = box.x * scale, box.y * scale
    w, h = box.w * scale, box.h * scale
    left, top, ink_w, ink_h = drawn.ink
    if words.style.width_px is None:
        centred = (w - ink_w) / 2 - left if words.by_ink else (w - drawn.width) / 2
        x += {"left": 0.0, "center": centred, "right": w - drawn.width}[words.across]
    middle = (h - ink_h) / 2 - top if words.by_ink else (h - drawn.height) / 2
    y += {"top": 0.0, "middle": middle, "bottom": h - drawn.height}[words.down]
    return round(x), round(y)
