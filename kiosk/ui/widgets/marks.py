"""Small marks that mean the same everywhere: 样例, 优先, notes with shape + word + colour."""

from typing import Literal

from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.painter import Painter

Tone = Literal["fine", "attention", "fault", "calm"]
ICONS: dict[Tone, str] = {
    "fine": "check-circle",
    "attention": "alert",
    "fault": "alert-octagon",
    "calm": "information",
}
"""Round is fine, a triangle wants attention, an octagon is a fault."""


def tones(p: Painter, tone: Tone) -> tuple[str, str]:
    """Return ink and ground of a tone."""
    colors = p.colors
    return {
        "fine": (colors.accent, colors.tint),
        "calm": (colors.accent, colors.tint),
        "attention": (colors.attention, colors.attention_tint),
        "fault": (colors.fault, colors.fault_tint),
    }[tone]


def pill(p: Painter, right: float, y: float, text: str, em: float, *, name: str = "") -> float:
    """Draw an amber mark whose right edge is at `right`; return its left edge."""
    w = p.width(text, em, bold=True) + em * 1.1
    box = Box(right - w, y, w, em * 1.6)
    p.fill(box, p.colors.attention_tint, em * 0.4, p.colors.attention)
    p.text(box, text, em, bold=True, color=p.colors.attention, across="center", down="middle", single=True, name=name)
    return box.x


def note_height(p: Painter, text: str, width: float, em: float = 0.0) -> float:
    """Height that `note` needs at this width."""
    em = em or p.look.body
    return p.height(text, em, width - em * 3.4) + em * 1.2


def note(p: Painter, box: Box, text: str, tone: Tone, em: float = 0.0, *, name: str = "note") -> None:
    """Draw a sentence with its shape, in its colour."""
    em = em or p.look.body
    ink, ground = tones(p, tone)
    p.fill(box, ground, 16.0, ink)
    sign, words = box.inset(em * 0.7, 4).left(em * 1.4, em * 0.6)
    p.icon(sign, ICONS[tone], em * 1.35, ink)
    color = p.colors.ink if tone in ("fine", "calm") else ink
    p.text(words, text, em, color=color, down="middle", name=name)


def note_on_top(p: Painter, room: Box, text: str, tone: Tone, em: float = 0.0, *, name: str = "note") -> Box:
    """Draw a note at the top of a staff page, as high as it needs; return the room below."""
    strip, rest = room.top(note_height(p, text, room.w, em), p.look.gap * 0.75)
    note(p, strip, text, tone, em, name=name)
    return rest


def heading(p: Painter, box: Box, title: str, under: str = "", across: Literal["left", "center"] = "left") -> Box:
    """Write a title and a line under it; return the room below."""
    look = p.look
    used = p.text(box, title, look.title, bold=True, across=across, name="title")
    _, rest = box.top(used, 4)
    if under:
        used = p.text(rest, under, look.body, color=p.colors.ink_soft, across=across)
        _, rest = rest.top(used, 0)
    _, rest = rest.top(0, look.gap)
    return rest
