"""Guide desk: the ticket just issued, and how its paper is doing."""

from kiosk.flows.desk_numbers import AT_WORK
from kiosk.flows.notice_steps import TellsItem
from kiosk.flows.steps import DeskIssued
from kiosk.flows.words import Ended, WantsPaper
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import note, note_height, pill
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.paper_news import paper_news
from kiosk.ui.widgets.ticket_facts import facts, great_number, item_of, item_title


def issued(p: Painter, room: Box, step: DeskIssued, frame: Frame) -> None:
    """Draw number, facts, paper, and one way on."""
    look, colors = p.look, p.colors
    foot, room = room.foot(max(look.target, 100.0), look.gap)
    again, foot = foot.left(foot.w * 0.3, look.gap)
    told_now, foot = foot.left(foot.w * 0.46, look.gap)
    p.button(
        "tell", told_now, p.say("desk.tell"), TellsItem(step.issued.item), icon="clipboard-list", em=look.body * 1.1
    )
    p.button("print_copy", again, p.say("number.copy"), WantsPaper(), icon="printer", em=look.body * 1.1,
             enabled=step.paper not in AT_WORK)  # fmt: skip
    p.button("done", foot, p.say("desk.next"), Ended(), kind="primary")
    tone, text = paper_news(p, "desk", step.paper, step.fault)
    strip, room = room.foot(note_height(p, text, room.w), look.gap)
    note(p, strip, text, tone, name="paper")
    told = facts(p, step.issued, step.leased, frame)
    grid_h = (-(-len(told) // 2)) * look.body * 3.2
    grid, room = room.foot(grid_h, look.gap)
    p.fill(room, colors.card, 22, colors.accent, 5)
    inner = room.inset(look.gap * 1.2, look.gap)
    head, rest = inner.top(look.button * 1.5)
    right = inner.right
    if step.issued.priority:
        right = pill(p, right, head.y, p.say("mark.priority"), look.button * 0.95, name="priority") - look.gap
    item = item_of(frame, step.issued.item)
    words = Box(head.x, head.y, right - head.x, head.h)
    title = item_title(p, item) if item else ""
    if step.issued.more_items:
        title += p.say("number.and_more", count=1 + len(step.issued.more_items))
    p.text(
        words,
        title,
        look.button,
        bold=True,
        color=colors.ink_soft,
        down="middle",
        name="item",
    )
    em = min(rest.h * 1.1, rest.w / 2.8)
    great_number(p, rest, step.issued.label, em)
    cells = [cell for row in grid.rows(max(1, -(-len(told) // 2)), look.gap * 0.5) for cell in row.columns(2, look.gap)]
    for cell, (name, sign, label, value) in zip(cells, told, strict=False):
        mark, words = cell.left(look.body * 1.5, look.gap * 0.5)
        p.icon(mark, sign, look.body * 1.4)
        upper, lower = words.top(words.h * 0.42)
        p.text(upper, label, look.caption, color=colors.ink_soft, down="bottom", line_em=1.3)
        p.text(lower, value, look.body * 1.05, bold=True, down="top", line_em=1.25, name=name)
