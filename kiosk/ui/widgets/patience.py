"""One calm sentence in the middle: please wait, thank you, goodbye. Nothing turns or blinks."""

from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.painter import Painter


def patience(p: Painter, room: Box, icon: str, title: str, under: str = "", *, drawing_h: float = 260.0) -> Box:
    """Draw an icon, a sentence and a line under it, a little above the middle; return the room below."""
    look = p.look
    width = min(room.w, look.title * 17)
    title_h = p.height(title, look.title, width, bold=True)
    under_h = p.height(under, look.body * 1.1, width) if under else 0
    drawing_h = min(drawing_h, room.h * 0.36)
    gap = min(look.gap * 1.5, room.h * 0.05)
    whole = drawing_h + gap + title_h + (under_h + gap * 0.5 if under else 0)
    y = room.y + max(0.0, (room.h - whole) * 0.42)
    box = Box(room.x + (room.w - width) / 2, y, width, min(whole, room.h) + 8)
    disc = Box(box.x + (width - drawing_h) / 2, y, drawing_h, drawing_h)
    p.fill(disc, p.colors.tint, drawing_h / 2, p.colors.accent if look.contrast else "")
    p.icon(disc, icon, drawing_h * 0.52)
    _, rest = box.top(drawing_h, gap)
    p.text(rest, title, look.title, bold=True, across="center", name="title")
    _, rest = rest.top(title_h, gap * 0.5)
    if under:
        p.text(rest, under, look.body * 1.1, across="center", color=p.colors.ink_soft)
    bottom = y + whole + gap
    return Box(room.x, bottom, room.w, max(1.0, room.bottom - bottom))
