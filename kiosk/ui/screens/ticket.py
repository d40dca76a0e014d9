"""The ticket: the number fills a third of the screen, then what a person needs while walking; how the paper is doing."""

from kiosk.flows.steps import ShowingTicket
from kiosk.flows.words import Ended
from kiosk.session import Frame
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import note, note_height, pill
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.paper_news import paper_news
from kiosk.ui.widgets.ticket_facts import facts, item_of, item_title

MATERIALS_SHOWN = 5
"""More are on the paper; five can be read while standing."""


def showing_ticket(p: Painter, step: ShowingTicket, frame: Frame) -> None:
    """Show the number and what to do now."""
    look = p.look
    room = resident_page(p, frame, back=False)
    tone, text = paper_news(p, "ticket", step.paper, step.fault)
    banner, room = room.top(note_height(p, text, room.w, look.button), look.gap)
    note(p, banner, text, tone, look.button, name="paper")
    foot, room = room.foot(max(look.target, 116.0), look.gap)
    p.button("end", foot, p.say("ticket.done"), Ended(), kind="primary")
    number, room = room.top(room.h * (0.3 if look.large else 0.38), look.gap)
    _number(p, number, step, frame)
    told = facts(p, step.issued, step.leased, frame)
    materials = _materials(step, frame)
    fact_h = look.body * (3.0 if look.large else 3.5)
    lines = len(told) if look.large else -(-len(told) // 2)
    grid, room = room.top(min(room.h, lines * (fact_h + look.gap) - look.gap), look.gap)
    _facts(p, grid, told, lines)
    if materials and room.h > look.body * 2:
        _ready(p, room, materials)


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
    p.text(
        rest,
        step.issued.label,
        em,
        bold=True,
        color=colors.accent,
        across="center",
        down="middle",
        line_em=0.8,
        single=True,
        family="digits",
        name="number",
    )


def _facts(p: Painter, box: Box, told: list[tuple[str, str, str, str]], lines: int) -> None:
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


def _ready(p: Painter, room: Box, materials: tuple[str, ...]) -> None:
    look = p.look
    text = p.say("ticket.materials") + p.say("list.and").join(materials[:MATERIALS_SHOWN])
    high = min(room.h, p.height(text, look.body, room.w - look.gap * 2 - look.body * 1.9) + look.gap)
    box, _ = room.top(high)
    p.fill(box, p.colors.tint, 18, p.colors.accent if look.contrast else "")
    mark, words = box.inset(look.gap, 6).left(look.body * 1.3, look.gap * 0.6)
    p.icon(mark, "clipboard-list", look.body * 1.3)
    p.text(words, text, look.body, color=p.colors.on_tint, down="middle", name="materials")
