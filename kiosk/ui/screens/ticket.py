"""The ticket: the number fills a third of the screen, then the facts for walking, and how the paper is doing."""

from kiosk.flows.steps import ShowingTicket
from kiosk.flows.words import Ended
from kiosk.session import Frame
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import note, note_height, pill
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.paper_news import paper_news
from kiosk.ui.widgets.ticket_facts import facts, great_number, item_of, item_title

MATERIALS_SHOWN = 5
"""More are on the paper; five can be read while standing."""
NUMBER_MOST, NUMBER_LEAST = 0.36, 0.2
"""Height of the number with its frame, as a share of the screen: about a third."""


def showing_ticket(p: Painter, step: ShowingTicket, frame: Frame) -> None:
    """Show the number and what to do now."""
    look = p.look
    room = resident_page(p, frame, back=False)
    tone, text = paper_news(p, "ticket", step.paper, step.fault)
    text += p.say("bycard.unmet") if step.unmet else ""
    text += p.say(f"bycard.keep_{step.card.value}") if step.card else ""
    banner, room = room.top(note_height(p, text, room.w, look.button), look.gap)
    note(p, banner, text, tone, look.button, name="paper")
    foot, room = room.foot(max(look.target, 116.0), look.gap)
    p.button("end", foot, p.say("ticket.done"), Ended(), kind="primary")
    told = facts(p, step.issued, step.leased, frame)
    materials = _materials(step, frame)
    fact_h = look.body * (2.7 if look.large else 4.2)
    ready_h = _ready_height(p, room.w, materials) if materials else 0.0
    while True:  # the number must stay great: what the slip also tells gives way, the list first, then the last facts
        lines = len(told) if look.large else -(-len(told) // 2)
        facts_h = lines * (fact_h + look.gap) - look.gap
        spare = room.h - facts_h - ready_h - look.gap * 2
        if spare >= look.height * NUMBER_LEAST or len(told) <= 1:
            break
        told, ready_h = (told, 0.0) if ready_h else (told[:-1], 0.0)
    number, room = room.top(min(spare, look.height * NUMBER_MOST), look.gap)
    _number(p, number, step, frame)
    grid, room = room.top(facts_h, look.gap)
    fact_cards(p, grid, told, lines)
    if ready_h:
        _ready(p, room.top(min(ready_h, room.h))[0], materials)


def _number(p: Painter, box: Box, step: ShowingTicket, frame: Frame) -> None:
    look, colors = p.look, p.colors
    p.fill(box, colors.card, 26, colors.accent, 5)
    inner = box.inset(look.gap * 1.2, look.gap)
    item = item_of(frame, step.issued.item)
    head, rest = inner.top(look.button * 1.5)
    right = inner.right
    if step.issued.priority:
        right = pill(p, inner.right, head.y, p.say("mark.priority"), look.button * 0.95, name="priority") - look.gap
    words = Box(head.x, head.y, right - head.x, head.h)
    p.text(
        words,
        item_title(p, item) if item else "",
        look.button,
        bold=True,
        color=colors.ink_soft,
        down="middle",
        name="item",
    )
    em = min(rest.h * 1.12, 460.0)
    great_number(p, rest, step.issued.label, em)


def fact_cards(p: Painter, box: Box, told: list[tuple[str, str, str, str]], lines: int) -> None:
    """Draw (name, icon, label, value) as cards in so many lines."""
    look = p.look
    columns = 1 if look.large else 2
    cells = [cell for row in box.rows(lines, look.gap) for cell in row.columns(columns, look.gap)]
    for cell, (name, sign, label, value) in zip(cells, told, strict=False):
        p.card(cell)
        inner = cell.inset(look.gap * 0.8, 6)
        mark, words = inner.left(look.body * 1.9, look.gap * 0.6)
        p.icon(mark, sign, look.body * 1.7)
        if look.large:
            first, second = words.left(words.w * 0.34, look.gap)
            p.text(first, label, look.body, color=p.colors.ink_soft, down="middle")
            p.text(second, value, look.button, bold=True, down="middle", line_em=1.15, name=name)
        else:
            upper, lower = words.top(words.h * 0.42)
            p.text(upper, label, look.caption, color=p.colors.ink_soft, down="bottom", line_em=1.3)
            p.text(lower, value, look.button, bold=True, down="middle", line_em=1.15, name=name)


def _materials(step: ShowingTicket, frame: Frame) -> tuple[str, ...]:
    item = item_of(frame, step.issued.item)
    return item.materials if item else ()


def _ready_height(p: Painter, width: float, materials: tuple[str, ...]) -> float:
    look = p.look
    wide = width - look.gap * 2.6 - look.body * 1.3
    shown = [p.height(text, look.body, wide - look.body) for text in materials[:MATERIALS_SHOWN]]
    return look.button * 1.5 + sum(shown) + look.gap * 1.4


def _ready(p: Painter, box: Box, materials: tuple[str, ...]) -> None:
    """What to have ready: one line for each, as on the slip."""
    look = p.look
    p.fill(box, p.colors.tint, 18, p.colors.accent if look.contrast else "")
    mark, words = box.inset(look.gap, look.gap * 0.7).left(look.body * 1.3, look.gap * 0.6)
    head, words = words.top(look.button * 1.5)
    p.icon(Box(mark.x, head.y, mark.w, head.h), "clipboard-list", look.body * 1.3)
    p.text(head, p.say("ticket.materials"), look.body, bold=True, color=p.colors.on_tint, down="middle", single=True)
    for index, text in enumerate(materials[:MATERIALS_SHOWN]):
        bullet, rest = words.left(look.body)
        p.text(bullet, "·", look.body, bold=True, color=p.colors.accent, single=True)
        used = p.text(rest, text, look.body, color=p.colors.on_tint, name=f"material:{index}")
        _, words = words.top(used)
