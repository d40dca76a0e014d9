"""Something did not work: one amber card with a triangle, what happened, what to do now; the ways on are just below."""

from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.painter import Painter

BUTTON_H = 132.0


def stop_card(p: Painter, room: Box, title: str, sentences: tuple[str, ...], buttons: int) -> Box:
    """Draw the card a little above the middle; return the room for so many buttons under each other."""
    look, colors = p.look, p.colors
    sign_h, pad = 150.0, look.gap * 2
    wide = room.w - pad * 2
    title_h = p.height(title, look.title, wide, bold=True)
    heights = [p.height(text, look.button, wide) for text in sentences]
    button_h = max(look.target, BUTTON_H) * buttons + look.gap * max(0, buttons - 1)
    card_h = sign_h + title_h + sum(heights) + look.gap * (len(heights) + 1) + pad * 2
    card_h = min(card_h, room.h - button_h - look.gap * 2)
    spare = room.h - card_h - button_h - look.gap * 2
    card, rest = Box(room.x, room.y + spare * 0.25, room.w, room.h).top(card_h, look.gap * 2)
    p.fill(card, colors.attention_tint, 26, colors.attention)
    inner = card.inset(pad)
    sign, inner = inner.top(sign_h, look.gap)
    p.icon(sign, "alert", 140, colors.attention)
    used = p.text(inner, title, look.title, bold=True, color=colors.attention, across="center", name="title")
    _, inner = inner.top(used, look.gap)
    for index, text in enumerate(sentences):
        used = p.text(inner, text, look.button, color=colors.ink, across="center", name=f"sentence_{index + 1}")
        _, inner = inner.top(used, look.gap)
    return rest.top(max(1.0, button_h))[0]
