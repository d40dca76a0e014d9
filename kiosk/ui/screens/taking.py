"""取号: group, item, the number being taken, the number (at most three touches, QUE-02)."""

from hall.ids import ItemCode
from hall.wire.pack_shown import GroupShown, ItemShown
from kiosk.flows.notice_steps import Considers
from kiosk.flows.steps import ChoosingGroup, ChoosingItem, Issuing
from kiosk.flows.words import ChoseGroup, ChoseItem
from kiosk.session import Frame
from kiosk.ui.screens.by_card import card_strip
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import choices
from kiosk.ui.widgets.marks import heading
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.ticket_facts import item_title, windows_text

TILE_LEAST, TILE_MOST = 176.0, 300.0
ROW_LEAST, ROW_MOST = 150.0, 214.0


def choosing_group(p: Painter, step: ChoosingGroup, frame: Frame) -> None:
    """Second of at most three touches."""
    room = heading(p, resident_page(p, frame), p.say("group.title"), p.say("group.hint"))
    room = card_strip(p, room, step.held, step.note, frame)
    groups = frame.pack.groups if frame.pack else ()

    def draw(box: Box, group: GroupShown) -> None:
        group_tile(p, box, group)

    columns, least = (1, 108.0) if p.look.large else (2, TILE_LEAST)
    choices(p, room, groups, draw, columns=columns, least_h=max(least, p.look.target), most_h=TILE_MOST)


def group_title(p: Painter, group: GroupShown) -> str:
    """Return the group's title in this person's language."""
    return group.title_en if p.look.language == "en" and group.title_en else group.title


def group_tile(p: Painter, box: Box, group: GroupShown) -> None:
    """Draw a group of items as a tile to touch."""
    look, title = p.look, group_title(p, group)
    p.card(box, radius=22)
    inner = box.inset(look.gap)
    if look.large:
        sign, words = inner.left(min(inner.h, 120.0), look.gap)
        p.icon(sign, group.icon, min(sign.w, sign.h) * 0.95)
        p.text(words, title, look.button, bold=True, down="middle", line_em=1.2)
    else:
        sign, words = inner.top(inner.h * 0.5)
        p.icon(sign, group.icon, min(sign.h * 0.95, 120))
        p.text(words, title, look.button * 1.12, bold=True, across="center", down="middle", line_em=1.2)
    p.target(f"group:{group.code}", box, title, ChoseGroup(group.code), radius=22)


def choosing_item(p: Painter, step: ChoosingItem, frame: Frame) -> None:
    """Third touch: the number is taken."""
    groups = frame.pack.groups if frame.pack else ()
    group = next((g for g in groups if g.code == step.group), None)
    title = group_title(p, group) if group else ""
    room = heading(p, resident_page(p, frame), p.say("item.title", group=title), p.say("item.hint"))
    room = card_strip(p, room, step.held, step.note, frame)
    items = tuple(i for i in frame.pack.items if i.group == step.group) if frame.pack else ()

    def draw(box: Box, item: ItemShown) -> None:
        _item(p, box, item, frame)

    high = 1.25 if p.look.large else 1.0
    choices(p, room, items, draw, columns=1, least_h=ROW_LEAST * high, most_h=ROW_MOST * high)


def _item(p: Painter, box: Box, item: ItemShown, frame: Frame) -> None:
    look, title = p.look, item_title(p, item)
    p.card(box)
    inner = box.inset(look.gap * 1.2, look.gap * 0.6)
    arrow, words = inner.far(look.button * 1.4, look.gap)
    p.icon(arrow, "chevron-right", look.button * 1.5)
    upper, lower = words.top(words.h * 0.56)
    p.text(upper, title, look.button * (1.0 if look.large else 1.12), bold=True, down="middle", line_em=1.2)
    told = windows_text(p, item.windows)
    queue = next((q for q in frame.board.queues if q.series == item.series), None) if frame.board else None
    if item.self_service_form:
        told += p.say("dot") + p.say("item.self_service")
    elif queue is not None:
        told += p.say("dot") + p.say("item.waiting", count=queue.waiting)
    p.text(lower, told, look.body, color=p.colors.ink_soft, down="middle", line_em=1.2)
    asks = item.notice is not None and item.notice.question
    code = ItemCode(item.code)
    p.target(f"item:{item.code}", box, title, Considers(code) if asks else ChoseItem(code))


def issuing(p: Painter, step: Issuing, frame: Frame) -> None:
    """The number is being taken."""
    room = resident_page(p, frame, back=False)
    item = next((i for i in frame.pack.items if i.code == step.item), None) if frame.pack else None
    patience(p, room, "ticket-confirmation", p.say("issuing.title"), item_title(p, item) if item else "")
