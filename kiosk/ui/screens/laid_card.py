"""A card lies there: one question, two great answers; under each what will happen, before anything is read."""

from kiosk.flows.card_steps import CardLaid
from kiosk.flows.words import Happened, WantsStatement, WantsTicket
from kiosk.session import Frame
from kiosk.ui.screens.by_card import what_for
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import heading, note, note_height
from kiosk.ui.widgets.painter import Painter


def card_laid(p: Painter, step: CardLaid, frame: Frame) -> None:
    """Draw the question, the two answers, and the way without a card."""
    look = p.look
    room = heading(p, resident_page(p, frame), p.say(f"laid.title_{step.card.value}"), p.say("laid.hint"))
    text = p.say(f"laid.take_back_{step.card.value}")
    strip, room = room.foot(note_height(p, text, room.w), look.gap)
    note(p, strip, text, "calm", name="take_back")
    first, second = room.top(min(room.h, look.height * 0.62))[0].rows(2, look.gap * 1.5)
    told = p.say("home.take_ticket_hint"), p.say("laid.reads") + what_for(p, frame)
    _answer(p, first, "take_ticket", "ticket-confirmation", told, tap=WantsTicket())
    told = p.say("home.query_print_hint"), p.say("laid.query_hint")
    _answer(p, second, "query_print", "file-search", told, tap=WantsStatement())


def _answer(p: Painter, box: Box, name: str, icon: str, told: tuple[str, str], *, tap: Happened) -> None:
    look, colors, title = p.look, p.colors, p.say(f"home.{name}")
    p.fill(box, colors.card, 28, colors.primary, 5)
    sign, words = box.inset(look.gap * 1.3).left(min(box.h * 0.6, 220.0), look.gap * 1.3)
    p.icon(sign, icon, min(sign.w, sign.h) * 0.95, colors.accent)
    title_em = look.title * 1.3
    heights = [p.height(title, title_em, words.w, bold=True), *(p.height(text, look.body, words.w) for text in told)]
    block = words.middle(words.w, min(words.h, sum(heights) + look.gap * 0.6))
    upper, rest = block.top(heights[0], look.gap * 0.3)
    p.text(upper, title, title_em, bold=True, color=colors.accent, name=f"{name}_title")
    upper, rest = rest.top(heights[1], look.gap * 0.3)
    p.text(upper, told[0], look.body, color=colors.ink)
    p.text(rest, told[1], look.body, color=colors.ink_soft, name=f"{name}_notice")
    p.target(name, box, title, tap, radius=28)
