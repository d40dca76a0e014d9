"""Drawings that explain without words: where a card goes."""

from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.painter import Painter

CARD_RATIO = 54.0 / 85.6
"""Height to width of an ID-1 card (ISO/IEC 7810)."""


def a_card(p: Painter, box: Box, *, chip: bool) -> None:
    """Draw a card: an identity card with a portrait, or a social-security card with its chip."""
    colors = p.colors
    p.fill(box, colors.card, box.w * 0.06, colors.accent, max(3.0, box.w * 0.016))
    pad = box.inset(box.w * 0.1, box.h * 0.16)
    if chip:
        mark = Box(pad.x, pad.y + pad.h * 0.3, box.w * 0.2, box.h * 0.28)
        p.fill(mark, colors.attention_tint, 6, colors.attention, 3)
        lines = Box(pad.x + box.w * 0.3, pad.y, pad.w - box.w * 0.3, pad.h)
    else:
        portrait, lines = pad.far(box.w * 0.26, box.w * 0.08)
        p.fill(portrait, colors.tint, 6, colors.accent, 3)
        p.icon(portrait, "account", min(portrait.w, portrait.h) * 0.9)
    for row, part in zip(lines.rows(4, lines.h * 0.16), (1.0, 0.7, 0.9, 0.6), strict=True):
        stroke = Box(row.x, row.y + row.h * 0.2, row.w * part, max(4.0, row.h * 0.5))
        p.fill(stroke, colors.outline, stroke.h / 2)


def lay_on(p: Painter, box: Box) -> None:
    """Draw an identity card above the flat reader on which it is laid."""
    colors = p.colors
    w = min(box.w * 0.62, box.h * 0.78)
    card = Box(box.x + (box.w - w) / 2, box.y + box.h * 0.04, w, w * CARD_RATIO)
    a_card(p, card, chip=False)
    reader = Box(box.x + (box.w - w * 1.35) / 2, box.y + box.h * 0.82, w * 1.35, box.h * 0.12)
    p.fill(reader, colors.primary, reader.h * 0.3)
    _arrow(p, box.x + box.w / 2, card.bottom + box.h * 0.04, reader.y - box.h * 0.03, w * 0.1)


def put_in(p: Painter, box: Box) -> None:
    """Draw a social-security card above the slot into which it is put, chip first."""
    colors = p.colors
    w = min(box.w * 0.62, box.h * 0.78)
    card = Box(box.x + (box.w - w) / 2, box.y + box.h * 0.04, w, w * CARD_RATIO)
    a_card(p, card, chip=True)
    reader = Box(box.x + (box.w - w * 1.35) / 2, box.y + box.h * 0.76, w * 1.35, box.h * 0.2)
    p.fill(reader, colors.primary, reader.h * 0.2)
    slot = reader.inset(reader.w * 0.12, reader.h * 0.4)
    p.fill(slot, colors.on_primary, slot.h / 2)
    _arrow(p, box.x + box.w / 2, card.bottom + box.h * 0.04, reader.y - box.h * 0.02, w * 0.1)


def _arrow(p: Painter, x: float, top: float, bottom: float, half: float) -> None:
    stroke = max(4.0, half * 0.28)
    half = min(half, max(6.0, (bottom - top) * 0.5))
    p.line((x, top, x, bottom), p.colors.accent, stroke)
    p.line((x - half, bottom - half, x, bottom, x + half, bottom - half), p.colors.accent, stroke)
