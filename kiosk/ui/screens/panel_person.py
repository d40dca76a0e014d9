"""Window panel, left side: who is here or called; or how many wait."""

import msgspec

from hall.ids import TicketLabel, WindowId
from hall.wire.board import Board, QueueShown, WaitingShown
from hall.wire.pack_shown import ItemShown
from kiosk.flows.steps import PanelCalling, PanelServing
from kiosk.flows.words import ToggledWhy
from kiosk.session import Frame
from kiosk.ui.screens.desk_news import PRIORITY_SERIES, series_title
from kiosk.ui.screens.panel_words import own
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import pill
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.ticket_facts import item_of, item_title

MATERIALS_SHOWN = 4
DIGIT_SHARE = 0.714
"""Ink height of a digit, in em."""
NEXT_SHOWN = 4


def waiting(p: Painter, room: Box, frame: Frame) -> None:
    """Nobody is at the window: how many wait for it, and whose turn comes near."""
    look, colors = p.look, p.colors
    p.card(room, radius=22)
    inner = room.inset(look.gap * 1.5, look.gap)
    mine = _own_queues(frame)
    count = sum(queue.waiting for queue in mine) if frame.alone is None else frame.alone
    told = p.say("panel.waiting_title" if frame.alone is None else "panel.alone_title")
    title, inner = inner.top(look.button * 1.5, 4)
    p.text(
        title,
        told,
        look.button,
        bold=True,
        color=colors.ink_soft,
        down="middle",
        single=True,
    )
    number, inner = inner.top(min(inner.h * 0.36, 200.0), look.gap)
    text = str(count) if frame.board else "–"
    em = number.h * 1.15
    left, rest = number.left(p.width(text, em, bold=True, family="digits") + 8, look.gap * 0.5)
    p.text(
        left,
        text,
        em,
        bold=True,
        color=colors.accent,
        down="middle",
        family="digits",
        by_ink=True,
        line_em=0.8,
        single=True,
        name="waiting",
    )
    feet = number.y + number.h / 2 + em * DIGIT_SHARE / 2
    unit = Box(rest.x, feet - look.title * 1.08, rest.w, look.title * 1.2)
    p.text(unit, p.say("panel.people"), look.title * 0.8, color=colors.ink_soft, down="middle", single=True)
    labels = _next_labels(mine, frame)
    if frame.alone is not None:
        labels, mine = list(frame.alone_next[:NEXT_SHOWN]), []
    foot, inner = inner.foot(look.button * 1.6, look.gap * 0.5)
    if labels:
        told = p.say("panel.next")
        head, row = foot.left(p.width(told, look.body) + 4, look.gap)
        p.text(head, told, look.body, color=colors.ink_soft, down="middle", single=True)
        shown = "    ".join(labels)
        p.text(row, shown, look.button, bold=True, down="middle", single=True, family="digits", name="next")
    elif frame.board:
        p.text(foot, p.say("panel.nobody"), look.body, color=colors.ink_soft, down="middle")
    if mine:
        _by_queue(p, inner, mine, frame)


def _by_queue(p: Painter, room: Box, mine: list[QueueShown], frame: Frame) -> None:
    """The longest waiting queues of a window that serves several."""
    look = p.look
    high = look.body * (2.3 if look.large else 1.6)
    fit = max(0, int(room.h // high))
    busy = sorted((queue for queue in mine if queue.waiting), key=lambda queue: -queue.longest_wait_s)
    for index, queue in enumerate(busy[:fit]):
        row = Box(room.x, room.y + high * index, room.w, high)
        p.fill(row.top(2)[0], p.colors.line)
        told = p.say("panel.queue", count=queue.waiting, minutes=round(queue.longest_wait_s / 60))
        side, words = row.far(p.width(told, look.caption) + 4, look.gap)
        p.text(words, series_title(p, queue, frame), look.body, down="middle", single=not look.large, line_em=1.1)
        p.text(side, told, look.caption, color=p.colors.ink_soft, across="right", down="middle", single=True)


def _own_queues(frame: Frame) -> list[QueueShown]:
    """The queues that this window serves, without those whom it could not call now."""
    if frame.board is None:
        return []
    series = {item.series for item in frame.pack.items if frame.window in item.windows} if frame.pack else set()
    elsewhere = [ticket for ticket in frame.board.waiting_tickets if _not_for_us(ticket, frame.board, frame.window)]
    return [
        _without(queue, elsewhere)
        for queue in frame.board.queues
        if queue.series in series or (queue.series == PRIORITY_SERIES and _takes_priority(frame))
    ]


def _not_for_us(ticket: WaitingShown, board: Board, window: WindowId | None) -> bool:
    """Tell whether somebody stepped away, or was sent or asked near to another window that is open."""
    if ticket.away_until > board.at:
        return True
    staffed = {one.window for one in board.windows if one.staff is not None}
    kept_by = next((one for one in (ticket.precalled_by, ticket.bound) if one in staffed), window)
    return kept_by != window


def _without(queue: QueueShown, elsewhere: list[WaitingShown]) -> QueueShown:
    gone = {ticket.label for ticket in elsewhere if ticket.numbers == queue.series}
    left = tuple(label for label in queue.next_labels if label not in gone)
    return msgspec.structs.replace(queue, waiting=max(0, queue.waiting - len(gone)), next_labels=left)


def _next_labels(mine: list[QueueShown], frame: Frame) -> list[TicketLabel]:
    """Whose turn comes near: who goes first before the others, then by place."""
    labels = [label for queue in mine for label in queue.next_labels]
    places = {one.label: (not one.priority, one.since) for one in (frame.board.waiting_tickets if frame.board else ())}
    return sorted(labels, key=lambda label: places.get(label, (True, float("inf"))))[:NEXT_SHOWN]


def own_waiting(frame: Frame) -> int:
    """Count who waits for what this window does."""
    return sum(queue.waiting for queue in _own_queues(frame))


def _takes_priority(frame: Frame) -> bool:
    """A window that serves several series is the general window, which takes 优先 first."""
    if frame.pack is None:
        return False
    return len({item.series for item in frame.pack.items if frame.window in item.windows}) > 2  # noqa: PLR2004


def person(p: Painter, room: Box, step: PanelCalling | PanelServing, frame: Frame, *, strip: bool = True) -> None:
    """Draw number, item, what was asked to be ready; or, unfolded, why this one. `strip`: who else waits, below."""
    look, colors, called = p.look, p.colors, step.called
    if strip:
        foot, room = room.foot(look.caption * 1.9, look.gap * 0.5)
        _strip(p, foot, frame)
    p.fill(room, colors.card, 22, colors.accent, 5)
    inner = room.inset(look.gap * 1.25, look.gap)
    head, inner = inner.top(look.body * 1.6, 2)
    state = p.say("panel.calling" if isinstance(step, PanelCalling) else "panel.serving")
    if called.priority:
        pill(p, inner.right, head.y, p.say("mark.priority"), look.body, name="priority")
    p.text(head, state, look.body, color=colors.ink_soft, down="middle", single=True, name="state")
    item, why_h = item_of(frame, called.item), p.height(_why(p, step), look.body, inner.w)
    item_h = p.height(item_title(p, item), look.button, inner.w, bold=True) + 6 if item else 0.0
    spare = inner.h - max(look.target, 76.0) - item_h - why_h - look.gap  # what must be read has the room first
    number, inner = inner.top(max(look.title, min(inner.h * 0.36, 230.0, spare)), look.gap * 0.5)
    p.text(
        number,
        called.label,
        number.h * 1.15,
        bold=True,
        color=colors.accent,
        down="middle",
        family="digits",
        by_ink=True,
        line_em=0.85,
        single=True,
        name="number",
    )
    foot, inner = inner.foot(max(look.target, 76.0), look.gap * 0.5)
    key = "panel.why_hide" if step.why else "panel.why"
    fold_w = p.width(p.say("panel.why"), look.body, bold=True) + look.body * 3.2
    fold, waited = foot.far(min(fold_w, foot.w * 0.7), look.gap)
    p.button("why", fold, p.say(key), ToggledWhy(), kind="quiet", icon="help-circle", em=look.body)
    if called.waited_s >= 1:
        p.text(
            waited,
            p.say("panel.waited", minutes=max(1, round(called.waited_s / 60))),
            look.body,
            color=colors.ink_soft,
            down="middle",
            line_em=1.2,
        )
    if item is not None:
        used = p.text(
            inner.top(look.button * 2.5)[0], item_title(p, item), look.button, bold=True, line_em=1.25, name="item"
        )
        _, inner = inner.top(used, 6)
    _more_of(p, inner, step, item, frame)


def _more_of(p: Painter, inner: Box, step: PanelCalling | PanelServing, item: ItemShown | None, frame: Frame) -> None:
    """Under the item: what else they came for, an apology to be said at the call, why this one, what to have ready."""
    look, called, chinese = p.look, step.called, p.look.language == "zh"
    why = _why(p, step)
    kept = p.height(why, look.body, inner.w) if why else 0.0  # what was asked for has the room first
    further = _further(p, step, frame)
    sorry = called.sorry_zh if chinese else called.sorry_en or called.sorry_zh
    if isinstance(step, PanelCalling):
        inner = _line(p, inner, sorry, p.colors.attention, "sorry", kept=kept)
    inner = _line(p, inner, further, p.colors.accent, "items_left", kept=kept)
    if why:
        p.text(inner, why, look.body, name="why_text")
    elif item is not None and item.materials:
        told = p.say("panel.materials") + p.say("list.and").join(item.materials[:MATERIALS_SHOWN])
        if p.height(told, look.caption, inner.w) <= inner.h:  # what stands above may have taken the room
            p.text(inner, told, look.body, color=p.colors.ink_soft, name="materials")


def _why(p: Painter, step: PanelCalling | PanelServing) -> str:
    """Return why this one, while it is unfolded."""
    if not step.why:
        return ""
    called = step.called
    told = called.why_zh if p.look.language == "zh" else called.why_en or called.why_zh
    return told or p.say("panel.why_unknown")


def _line(p: Painter, inner: Box, text: str, color: str, name: str, *, kept: float) -> Box:
    """Write it if there is room above what is `kept` for others, and return what is left below."""
    em = p.look.body if kept else p.look.caption
    if not text or p.height(text, em, inner.w) + kept > inner.h:
        return inner
    used = p.text(inner, text, p.look.body, bold=True, color=color, name=name)
    return inner.top(used, 6)[1]


def _further(p: Painter, step: PanelCalling | PanelServing, frame: Frame) -> str:
    """Say what else this person came for; the board knows."""
    here = own(frame)
    if here is None or here.label != step.called.label:
        return ""
    items = [item_title(p, item) for code in here.items_left if (item := item_of(frame, code)) is not None]
    return p.say("panel.items_left", items=p.say("list.and").join(items)) if items else ""


def _strip(p: Painter, box: Box, frame: Frame) -> None:
    if frame.board is None:
        return
    count = sum(queue.waiting for queue in _own_queues(frame))
    text = p.say("panel.strip", count=count, minutes=frame.board.typical_wait_min)
    if frame.alone is not None:
        text = p.say("panel.alone_strip", count=frame.alone)
    sign, words = box.left(p.look.caption * 1.5, 8)
    p.icon(sign, "account-group", p.look.caption * 1.3)
    if p.width(text, p.look.caption) > words.w:
        text = p.say("panel.strip_short", count=count if frame.alone is None else frame.alone)
    p.text(words, text, p.look.caption, color=p.colors.ink_soft, down="middle", single=True, name="waiting_strip")
