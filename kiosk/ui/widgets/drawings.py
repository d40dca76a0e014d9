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
    card, reader, w = _parts(box, reader_share=0.16)
    a_card(p, card, chip=False)
    p.fill(reader, p.colors.primary, reader.h * 0.3)
    _arrow(p, card, reader, w)


def put_in(p: Painter, box: Box) -> None:
    """Draw a social-security card above the slot into which it is put, chip first."""
    card, reader, w = _parts(box, reader_share=0.26)
    a_card(p, card, chip=True)
    p.fill(reader, p.colors.primary, reader.h * 0.2)
    slot = reader.inset(reader.w * 0.12, reader.h * 0.38)
    p.fill(slot, p.colors.on_primary, slot.h / 2)
    _arrow(p, card, reader, w)


def _parts(box: Box, *, reader_share: float) -> tuple[Box, Box, float]:
    """Card, reader and the card's width: as large as fits, in the middle. Heights are shares of the card's width."""
    arrow_share, reader_wide = 0.34, 1.25
    whole_share = CARD_RATIO + arrow_share + reader_share
    w = min(box.w / reader_wide, box.h / whole_share)
    top = box.y + (box.h - w * whole_share) / 2
    card = Box(box.x + (box.w - w) / 2, top, w, w * CARD_RATIO)
    reader_w = w * reader_wide
    reader = Box(box.x + (box.w - reader_w) / 2, card.bottom + w * arrow_share, reader_w, w * reader_share)
    return card, reader, w


def _arrow(p: Painter, card: Box, reader: Box, w: float) -> None:
    x = card.x + card.w / 2
    top, bottom = card.bottom + w * 0.05, reader.y - w * 0.05
    half = w * 0.1
    stroke = max(4.0, w * 0.03)
    p.line((x, top, x, bottom), p.colors.accent, stroke)
    p.line((x - half, bottom - half, x, bottom, x + half, bottom - half), p.colors.accent, stroke)
