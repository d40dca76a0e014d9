"""办事指南: groups, items, and one item with everything a resident must be told at once; the same card at the desk."""

from hall.wire.notices_shown import NoticeShown
from hall.wire.pack_shown import GroupShown, ItemShown
from kiosk.flows.guides import AT_WORK
from kiosk.flows.notice_steps import (
    ConsideringItem,
    Considers,
    DeskTelling,
    GuideGroups,
    GuideItems,
    ShowingGuide,
)
from kiosk.flows.steps import Paper
from kiosk.flows.words import ChoseItem, Ended, WantsPaper, WentBack
from kiosk.session import Frame
from kiosk.ui.screens.taking import ROW_LEAST, ROW_MOST, TILE_LEAST, TILE_MOST, group_tile, group_title
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import choices, pager
from kiosk.ui.widgets.marks import heading, note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.paper_news import paper_news
from kiosk.ui.widgets.picture import Show
from kiosk.ui.widgets.ticket_facts import item_of, item_title, windows_text

HEAD_EMS = 5.4
"""Width of the column of headings: five Chinese characters, such as 办理材料."""
Row = tuple[str, str]
HEADS = {
    "事项名称": "name",
    "事项简述": "summary",
    "办理材料": "materials",
    "办理方式": "ways",
    "办理时限": "limit",
    "结果送达": "delivery",
    "收费依据及标准": "fee",
    "办事时间": "hours",
    "办理机构及地点": "place",
    "咨询查询途径": "enquiries",
    "监督投诉渠道": "complaints",
}
"""The eleven elements by their official headings, and how the catalogue knows them."""


def guide_groups(p: Painter, step: GuideGroups, frame: Frame) -> None:  # noqa: ARG001 - all screens are called alike
    """Which kind of matter."""
    room = heading(p, resident_page(p, frame), p.say("guide.title"), p.say("guide.hint"))
    groups = frame.pack.groups if frame.pack else ()
    columns, least = (1, 108.0) if p.look.large else (2, TILE_LEAST)

    def draw(box: Box, group: GroupShown) -> None:
        group_tile(p, box, group)

    choices(p, room, groups, draw, columns=columns, least_h=max(least, p.look.target), most_h=TILE_MOST)


def guide_items(p: Painter, step: GuideItems, frame: Frame) -> None:
    """Which matter of this kind."""
    groups = frame.pack.groups if frame.pack else ()
    group = next((g for g in groups if g.code == step.group), None)
    room = heading(p, resident_page(p, frame), group_title(p, group) if group else "", p.say("guide.items_hint"))
    items = tuple(i for i in frame.pack.items if i.group == step.group) if frame.pack else ()
    high = 1.25 if p.look.large else 1.0

    def draw(box: Box, item: ItemShown) -> None:
        _item(p, box, item)

    choices(p, room, items, draw, columns=1, least_h=ROW_LEAST * high, most_h=ROW_MOST * high)


def _item(p: Painter, box: Box, item: ItemShown) -> None:
    look, title = p.look, item_title(p, item)
    p.card(box)
    inner = box.inset(look.gap * 1.2, look.gap * 0.6)
    arrow, words = inner.far(look.button * 1.4, look.gap)
    p.icon(arrow, "chevron-right", look.button * 1.5)
    upper, lower = words.top(words.h * 0.56)
    p.text(upper, title, look.button * (1.0 if look.large else 1.12), bold=True, down="middle", line_em=1.2)
    told = item.notice.limit if item.notice and look.language == "zh" else windows_text(p, item.windows)
    p.text(lower, told, look.body, color=p.colors.ink_soft, down="middle", line_em=1.2)
    p.target(f"item:{item.code}", box, title, ChoseItem(item.code))  # type: ignore[arg-type]


def showing_guide(p: Painter, step: ShowingGuide, frame: Frame) -> None:
    """Everything about one item; its notice on paper; or a number at once."""
    look, item = p.look, item_of(frame, step.item)
    room = resident_page(p, frame)
    if item is None:
        return
    room = heading(p, room, item_title(p, item))
    keys, room = room.foot(max(look.target, 140.0), look.gap)
    left, right = keys.columns(2, look.gap)
    p.button("print", left, p.say("guide.print"), WantsPaper(), kind="primary", icon="printer",
             enabled=step.paper not in AT_WORK)  # fmt: skip
    asks = item.notice is not None and item.notice.question
    number = Considers(step.item) if asks else ChoseItem(step.item)
    p.button("take_ticket", right, p.say("guide.take"), number, icon="ticket-confirmation")
    room = _paper(p, room, step)
    told_in = p.say("guide.in_chinese")
    if told_in:
        strip, room = room.top(note_height(p, told_in, room.w), look.gap)
        note(p, strip, told_in, "calm")
    everything(p, room, item, look.body)


def telling(p: Painter, room: Box, step: DeskTelling, frame: Frame) -> None:
    """Guide desk: the same, in the left column."""
    look, item = p.look, item_of(frame, step.item)
    if item is None:
        return
    top, room = room.top(max(look.target, 84.0), look.gap * 0.75)
    back, title = top.left(max(look.target, 84.0), look.gap)
    p.button("back", back, "", WentBack(), icon="arrow-left", em=look.body)
    p.text(title, item_title(p, item), look.button * 1.1, bold=True, down="middle", line_em=1.2, name="title")
    keys, room = room.foot(max(look.target, 100.0), look.gap)
    left, right = keys.columns(2, look.gap)
    p.button("print", left, p.say("guide.print"), WantsPaper(), kind="primary", icon="printer",
             enabled=step.paper not in AT_WORK)  # fmt: skip
    p.button("done", right, p.say("desk.next"), Ended())
    everything(p, _paper(p, room, step), item, look.caption * 1.1)


def considering_item(p: Painter, step: ConsideringItem, frame: Frame) -> None:
    """Fee and question before the number of an item of choice."""
    look, item = p.look, item_of(frame, step.item)
    room = resident_page(p, frame)
    if item is None or item.notice is None:
        return
    keys, room = room.foot(max(look.target, 150.0), look.gap * 1.5)
    no, yes = keys.columns(2, look.gap)
    p.button("decline", no, p.say("guide.not_now"), WentBack())
    p.button("agree", yes, p.say("guide.take"), ChoseItem(step.item), kind="primary")
    room = heading(p, room, item_title(p, item))
    asked = p.say("guide.question", item=item_title(p, item), fee=item.notice.fee)
    p.card(room.top(p.height(asked, look.button, room.w - look.gap * 3) + look.gap * 3)[0], radius=26)
    p.text(room.inset(look.gap * 1.5), asked, look.button, name="question")


def _paper(p: Painter, room: Box, step: ShowingGuide | DeskTelling) -> Box:
    if step.paper is Paper.NONE:
        return room
    tone, text = paper_news(p, "guide", step.paper, step.fault)
    strip, room = room.foot(note_height(p, text, room.w), p.look.gap)
    note(p, strip, text, tone, name="paper")
    return room


def rows_of(p: Painter, item: ItemShown) -> tuple[Row, ...]:
    """Return heading and text of everything told: the eleven elements, and among them steps, handlers and basis."""
    told = item.notice
    if told is None:
        return ((p.say("paper.notice_materials"), "\n".join(item.materials)),)
    rows: list[Row] = []
    for official, text in told.elements:
        head = p.say(f"guide.head_{HEADS[official]}") if official in HEADS else official
        if official == "办理材料":
            rows.append((head, "\n".join(told.materials)))
            rows.append((p.say("paper.notice_steps"), "\n".join(told.steps)))
            continue
        rows.append((head, text))
        if official == "办理时限":
            rows.append((p.say("guide.basis"), told.basis))
        if official == "办理机构及地点":
            rows.append((p.say("guide.handlers"), "、".join(told.handlers)))
    return (*rows, *_nearby(p, told))


def _nearby(p: Painter, told: NoticeShown) -> tuple[Row, ...]:
    if not told.nearby:
        return ()
    places = "\n".join(f"{name},{address},{phone}" for name, address, phone in told.nearby)
    return ((p.say("guide.nearby"), places),)


def everything(p: Painter, room: Box, item: ItemShown, em: float) -> None:
    """Draw the rows on as many pages as they need; a row is never cut in two."""
    gap = p.look.gap * 0.5
    rows = rows_of(p, item)
    wide = room.inset(p.look.gap)
    pages = _paged(p, rows, wide, em, gap)
    if len(pages) > 1:
        foot, room = room.foot(max(p.look.target, 90.0), p.look.gap * 0.75)
        wide = room.inset(p.look.gap)
        pages = _paged(p, rows, wide, em, gap)
        page = min(p.page, len(pages) - 1)
        pager(p, foot, page, len(pages) - 1, back=Show("page", str(page - 1)), on=Show("page", str(page + 1)))
    page = min(p.page, len(pages) - 1)
    p.card(room, radius=22)
    left = wide
    for head, text in pages[page]:
        row, left = left.top(_row_height(p, head, text, wide.w, em), gap)
        first, words = row.left(em * HEAD_EMS, p.look.gap * 0.5)
        p.text(first, head, em, bold=True, color=p.colors.accent)
        p.text(words, text, em, name=f"row:{head}")


def _paged(p: Painter, rows: tuple[Row, ...], room: Box, em: float, gap: float) -> list[list[Row]]:
    pages: list[list[Row]] = [[]]
    used = 0.0
    for head, text in rows:
        high = _row_height(p, head, text, room.w, em)
        if pages[-1] and used + high > room.h:
            pages.append([])
            used = 0.0
        pages[-1].append((head, text))
        used += high + gap
    return pages


def _row_height(p: Painter, head: str, text: str, width: float, em: float) -> float:
    first = em * HEAD_EMS
    return max(p.height(head, em, first, bold=True), p.height(text, em, width - first - p.look.gap * 0.5)) + 2
