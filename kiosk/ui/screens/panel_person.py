"""Window panel, left side: who is here or called; or how many wait."""

from kiosk.flows.steps import PanelCalling, PanelServing
from kiosk.flows.words import ToggledWhy
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import pill
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.ticket_facts import item_of, item_title

MATERIALS_SHOWN = 4
NEXT_SHOWN = 4


def waiting(p: Painter, room: Box, frame: Frame) -> None:
    """Nobody is at the window: how many wait for it, and whose turn comes near."""
    look, colors = p.look, p.colors
    p.card(room, radius=22)
    inner = room.inset(look.gap * 1.5, look.gap)
    mine = _own_queues(frame)
    count = sum(queue.waiting for queue in mine)
    title, inner = inner.top(look.button * 1.5, 4)
    p.text(
        title, p.say("panel.waiting_title"), look.button, bold=True, color=colors.ink_soft, down="middle", single=True
    )
    number, inner = inner.top(min(inner.h * 0.5, 240.0), look.gap)
    text = str(count) if frame.board else "–"
    wide = p.width(text, number.h * 0.95, bold=True, family="digits") + 8
    left, rest = number.left(wide, look.gap * 0.5)
    p.text(
        left,
        text,
        number.h * 0.95,
        bold=True,
        color=colors.accent,
        down="middle",
        family="digits",
        line_em=0.9,
        single=True,
        name="waiting",
    )
    p.text(
        rest.foot(rest.h * 0.5)[0],
        p.say("panel.people"),
        look.button,
        color=colors.ink_soft,
        down="middle",
        single=True,
    )
    labels = [label for queue in mine for label in queue.next_labels][:NEXT_SHOWN]
    foot, _ = inner.foot(look.caption * 1.45 + look.button * 1.6)
    if labels:
        p.text(foot, p.say("panel.next"), look.caption, color=colors.ink_soft)
        _, below = foot.top(look.caption * 1.45)
        p.text(
            below,
            "    ".join(labels),
            look.button * 1.1,
            bold=True,
            down="middle",
            single=True,
            family="digits",
            name="next",
        )
    elif frame.board:
        p.text(foot, p.say("panel.nobody"), look.body, color=colors.ink_soft, down="bottom")


def _own_queues(frame: Frame) -> list:  # type: ignore[type-arg]
    if frame.board is None:
        return []
    series = {item.series for item in frame.pack.items if frame.window in item.windows} if frame.pack else set()
    return [
        queue
        for queue in frame.board.queues
        if queue.series in series or queue.series == "Y" and _takes_priority(frame)
    ]


def _takes_priority(frame: Frame) -> bool:
    """A window that serves several series is the general window, which takes 优先 first."""
    if frame.pack is None:
        return False
    return len({item.series for item in frame.pack.items if frame.window in item.windows}) > 2  # noqa: PLR2004


def person(p: Painter, room: Box, step: PanelCalling | PanelServing, frame: Frame) -> None:
    """Draw number, item, what was asked to be ready; or, unfolded, why this one."""
    look, colors, called = p.look, p.colors, step.called
    strip, room = room.foot(look.caption * 1.9, look.gap * 0.5)
    _strip(p, strip, frame)
    p.fill(room, colors.card, 22, colors.accent, 5)
    inner = room.inset(look.gap * 1.25, look.gap)
    head, inner = inner.top(look.body * 1.6, 2)
    state = p.say("panel.calling" if isinstance(step, PanelCalling) else "panel.serving")
    if called.priority:
        pill(p, inner.right, head.y, p.say("mark.priority"), look.body, name="priority")
    p.text(head, state, look.body, color=colors.ink_soft, down="middle", single=True, name="state")
    number, inner = inner.top(min(inner.h * 0.36, 230.0), look.gap * 0.5)
    p.text(
        number,
        called.label,
        number.h * 1.15,
        bold=True,
        color=colors.accent,
        down="middle",
        family="digits",
        line_em=0.85,
        single=True,
        name="number",
    )
    item = item_of(frame, called.item)
    foot, inner = inner.foot(max(look.target, 76.0), look.gap * 0.5)
    fold, waited = foot.far(max(250.0, look.body * 7.5), look.gap)
    key = "panel.why_hide" if step.why else "panel.why"
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
    if step.why:
        why = called.why_zh if p.look.language == "zh" else called.why_en or called.why_zh
        p.text(inner, why or p.say("panel.why_unknown"), look.body, name="why_text")
    elif item is not None and item.materials:
        told = p.say("panel.materials") + p.say("list.and").join(item.materials[:MATERIALS_SHOWN])
        p.text(inner, told, look.body, color=colors.ink_soft, name="materials")


def _strip(p: Painter, box: Box, frame: Frame) -> None:
    if frame.board is None:
        return
    count = sum(queue.waiting for queue in _own_queues(frame))
    text = p.say("panel.strip", count=count, minutes=frame.board.typical_wait_min)
    sign, words = box.left(p.look.caption * 1.5, 8)
    p.icon(sign, "account-group", p.look.caption * 1.3)
    p.text(words, text, p.look.caption, color=p.colors.ink_soft, down="middle", single=True, name="waiting_strip")
