"""Guide desk: groups, then items of a group; the ones gathered so far are marked."""

from hall.ids import ItemCode
from hall.wire.pack_shown import GroupShown, ItemShown
from kiosk.flows.words import ChoseGroup, ChoseItem
from kiosk.session import Frame
from kiosk.ui.screens.taking import group_title
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import choices
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.ticket_facts import item_title, windows_text

LINES, EDGE = 3, 8.0
"""So many lines a group's name may take in large print; pixels above and below them."""


def group_of(frame: Frame, code: str | None) -> GroupShown | None:
    """Return the group of the pack, if it is there."""
    return next((g for g in frame.pack.groups if g.code == code), None) if frame.pack else None


def groups_or_items(p: Painter, room: Box, frame: Frame, group: str | None, chosen: tuple[ItemCode, ...] = ()) -> None:
    """Draw the groups of the pack, or the items of the group that is open."""
    if frame.pack is None:
        return
    look = p.look
    if group_of(frame, group) is None:
        least = max(look.target, look.caption * 1.2 * LINES + 2 * EDGE) if look.large else look.target
        choices(p, room, frame.pack.groups, lambda box, g: _group(p, box, g), columns=2, least_h=least, most_h=200.0)
        return
    items = tuple(i for i in frame.pack.items if i.group == group)
    tall = max(look.target, 92.0)
    choices(p, room, items, lambda box, i: _item(p, box, i, frame, chosen), columns=1, least_h=tall, most_h=116.0)


def _group(p: Painter, box: Box, group: GroupShown) -> None:
    look, title = p.look, group_title(p, group)
    p.card(box)
    size, share = (look.body * 1.3, 0.5) if look.large else (look.title, 0.75)
    sign, words = box.inset(look.gap * share / 0.75, EDGE).left(size * 1.2, look.gap * share)
    p.icon(sign, group.icon, size)
    p.text(words, title, look.button, bold=True, down="middle", line_em=1.2)
    p.target(f"group:{group.code}", box, title, ChoseGroup(group.code))


def _item(p: Painter, box: Box, item: ItemShown, frame: Frame, chosen: tuple[ItemCode, ...]) -> None:
    look, title = p.look, item_title(p, item)
    code = ItemCode(item.code)
    picked = code in chosen
    p.fill(box, p.colors.tint if picked else p.colors.card, 18, p.colors.accent if picked else p.colors.outline,
           6.0 if picked else 3.0)  # fmt: skip
    inner = box.inset(look.gap, 6)
    if picked:
        sign, inner = inner.far(look.button * 1.4, look.gap)
        p.icon(sign, "check-circle", look.button * 1.3)
    queue = next((q for q in frame.board.queues if q.series == item.series), None) if frame.board else None
    upper, lower = inner.top(inner.h * 0.56)
    p.text(upper, title, look.body * 1.05, bold=True, down="middle", line_em=1.15)
    told = windows_text(p, item.windows)
    if queue is not None:
        told += p.say("dot") + p.say("item.waiting", count=queue.waiting)
    p.text(lower, told, look.caption, color=p.colors.ink_soft, down="middle", single=True)
    p.target(f"item:{item.code}", box, title, ChoseItem(code))
