"""Window panel: sheets over the whole screen. Which window, which item, are you sure; the way back stands top right."""

from collections.abc import Sequence

from hall.ids import ItemCode, WindowId
from hall.wire.pack_shown import GroupShown, ItemShown, WindowPlan
from kiosk.flows.panel_steps import PanelAdding, PanelChoice, PanelSending, PanelSure
from kiosk.flows.words import ChoseGroup, ChoseItem, ChoseWindow, ConfirmedMove, WantsOtherItem, WentBack
from kiosk.session import Frame
from kiosk.ui.screens.panel_person import own_waiting
from kiosk.ui.screens.panel_words import plan_of
from kiosk.ui.screens.taking import group_title
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import choices
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.places import place_name
from kiosk.ui.widgets.ticket_facts import item_of, item_title, windows_text
from kiosk.ui.widgets.tiles import tile


def sheet(p: Painter, step: PanelChoice, frame: Frame, title: str, under: str = "") -> Box:
    """Draw header, way back and the question; return the room for what can be chosen."""
    look = p.look
    who = p.say("staff.who", name=step.name, staff=step.staff)
    buttons, room = staff_header(p, frame, place=place_name(p, frame), who=who, action=True)
    p.button("back", buttons, p.say("bar.back"), WentBack(), icon="arrow-left", em=look.body)
    room = room.inset(look.margin * 0.75, look.gap * 0.75)
    head, room = room.top(look.button * 1.5, 0 if under else look.gap * 0.5)
    p.text(head, title, look.button * 1.15, bold=True, down="middle", single=True, name="title")
    if under:
        line, room = room.top(look.body * 1.4, look.gap * 0.5)
        p.text(line, under, look.body, color=p.colors.ink_soft, down="middle", single=True, name="under")
    return room


def question(p: Painter, step: PanelChoice, frame: Frame, *, icon: str, title: str, under: str, yes: str) -> None:
    """Ask once: what will happen, back and yes equally large, well apart from where they were pressed before."""
    look = p.look
    who = p.say("staff.who", name=step.name, staff=step.staff)
    _, room = staff_header(p, frame, place=place_name(p, frame), who=who)
    room = room.inset(look.margin, look.gap)
    foot, room = room.foot(max(look.target, 128.0), look.gap)
    patience(p, room, icon, title, under, drawing_h=170.0)
    left, right = foot.columns(2, look.gap)
    p.button("back", left, p.say("bar.back"), WentBack(), icon="arrow-left")
    p.button("yes", right, yes, ConfirmedMove(), kind="primary", icon="check-bold")


def sure(p: Painter, step: PanelSure, frame: Frame) -> None:
    """Draw 过号吗, or 暂停服务吗."""
    if step.what == "missed":
        label = getattr(getattr(step.before, "called", None), "label", "")
        title, under = p.say("panel.sure_missed", label=label), p.say("panel.sure_missed_hint")
    else:
        count = own_waiting(frame)
        title = p.say("panel.sure_sign_off")
        under = p.say("panel.sure_sign_off_none")
        if count:
            alone = not _others(frame)
            under = p.say("panel.sure_sign_off_alone" if alone else "panel.sure_sign_off_hint", count=count)
    icon = "account-clock" if step.what == "missed" else "pause-circle"
    yes = p.say(f"panel.sure_{step.what}_yes")
    question(p, step, frame, icon=icon, title=title, under=under, yes=yes)


def _others(frame: Frame) -> bool:
    """Tell whether another open window does any of this window's work."""
    plan, is_open = plan_of(frame), _open(frame)
    series = set(plan.series) if plan else set()
    plans = frame.pack.windows if frame.pack else ()
    return any(one.window != frame.window and one.window in is_open and series & set(one.series) for one in plans)


def sending(p: Painter, step: PanelSending, frame: Frame) -> None:
    """Draw which window; or which other item; or are you sure."""
    label = step.before.called.label
    if step.sure:
        item = item_of(frame, step.item or "")
        under = p.say("panel.send_sure_item", item=item_title(p, item)) if item else p.say("panel.send_sure_hint")
        to = "any" if step.window is None else "window"
        title = p.say(f"panel.send_sure_{to}", label=label, window=step.window or "")
        yes = p.say("panel.send_yes")
        question(p, step, frame, icon="account-arrow-right", title=title, under=under, yes=yes)
        return
    if step.other and step.item is None:
        _items(p, step, frame, p.say("panel.send_item_title", label=label), ())
        return
    item = item_of(frame, step.item or step.before.called.item)
    room = sheet(p, step, frame, p.say("panel.send_title", label=label), item_title(p, item) if item else "")
    _windows(p, room, step, item, frame)


def _windows(p: Painter, room: Box, step: PanelSending, item: ItemShown | None, frame: Frame) -> None:
    look = p.look
    foot, room = room.foot(max(look.target, 104.0), look.gap)
    left, right = foot.columns(2, look.gap)
    p.button("other_item", left, p.say("panel.send_other"), WantsOtherItem(), icon="swap-horizontal", em=look.body)
    if step.item is not None:
        p.button("window:any", right, p.say("panel.send_any"), ChoseWindow(None), icon="account-group", em=look.body)
    plans = [plan for plan in frame.pack.windows if plan.window != frame.window] if frame.pack else []
    is_open = _open(frame)
    if item is not None:
        plans = [plan for plan in plans if plan.window in item.windows]
    else:
        plans = [plan for plan in plans if plan.window in is_open]
    plans.sort(key=lambda plan: plan.window not in is_open)
    if not plans or (item is not None and not any(plan.window in is_open for plan in plans)):
        told = p.say("panel.send_nowhere")
        strip, room = room.top(p.height(told, look.body, room.w), look.gap)
        p.text(strip, told, look.body, name="nowhere")
    choices(
        p,
        room,
        plans,
        lambda box, plan: _window(p, box, plan, frame, enabled=plan.window in is_open),
        columns=2,
        least_h=max(look.target, 98.0),
        most_h=140.0,
    )


def _open(frame: Frame) -> set[WindowId]:
    return {shown.window for shown in frame.board.windows if shown.state != "closed"} if frame.board else set()


def _window(p: Painter, box: Box, plan: WindowPlan, frame: Frame, *, enabled: bool) -> None:
    look = p.look
    ink, soft = tile(p, box, enabled=enabled)
    inner = box.inset(look.gap, 6)
    name = p.say("place.window", window=plan.window)
    upper, lower = inner.top(inner.h * 0.54)
    title = name + p.say("dot") + plan.title if p.look.language == "zh" else name
    p.text(upper, title, look.body, bold=True, color=ink, down="middle", single=True)
    told = p.say("panel.window_waiting", count=waiting_at(frame, plan)) if enabled else p.say("panel.window_closed")
    p.text(lower, told, look.caption, color=soft, down="middle", single=True)
    p.target(f"window:{plan.window}", box, f"{name} {told}", ChoseWindow(plan.window), enabled=enabled)


def waiting_at(frame: Frame, plan: WindowPlan) -> int:
    """Count who waits for what a window does and was not sent to another one."""
    tickets = frame.board.waiting_tickets if frame.board else ()
    return sum(1 for one in tickets if one.work in plan.series and one.bound in (None, plan.window))


def adding(p: Painter, step: PanelAdding, frame: Frame) -> None:
    """Draw which item; or are you sure."""
    called, item = step.before.called, item_of(frame, step.item or "")
    if step.item is None or item is None:
        _items(p, step, frame, p.say("panel.add_title", label=called.label), (called.item,))
        return
    here = frame.window in item.windows
    where = p.say("panel.add_here") if here else p.say("panel.add_elsewhere", windows=windows_text(p, item.windows))
    under = item_title(p, item) + "\n" + where
    title = p.say("panel.add_sure", label=called.label)
    question(p, step, frame, icon="plus-circle", title=title, under=under, yes=p.say("panel.add_yes"))


def _items(p: Painter, step: PanelSending | PanelAdding, frame: Frame, title: str, taken: Sequence[ItemCode]) -> None:
    """Draw groups, then the items of one."""
    look = p.look
    group = next((g for g in frame.pack.groups if g.code == step.group), None) if frame.pack else None
    room = sheet(p, step, frame, title, group_title(p, group) if group else "")
    if frame.pack is None:
        return
    if group is None:
        groups = frame.pack.groups
        choices(p, room, groups, lambda box, g: _group(p, box, g), columns=3, least_h=look.target, most_h=150.0)
        return
    items = tuple(item for item in frame.pack.items if item.group == group.code)
    choices(
        p,
        room,
        items,
        lambda box, item: _item(p, box, item, enabled=item.code not in taken),
        columns=2,
        least_h=max(look.target, 98.0),
        most_h=130.0,
    )


def _group(p: Painter, box: Box, group: GroupShown) -> None:
    look, title = p.look, group_title(p, group)
    p.card(box)
    sign, words = box.inset(look.gap * 0.75).left(look.title, look.gap * 0.5)
    p.icon(sign, group.icon, look.title * 0.85)
    p.text(words, title, look.body, bold=True, down="middle", line_em=1.2)
    p.target(f"group:{group.code}", box, title, ChoseGroup(group.code))


def _item(p: Painter, box: Box, item: ItemShown, *, enabled: bool) -> None:
    look, title = p.look, item_title(p, item)
    ink, soft = tile(p, box, enabled=enabled)
    inner = box.inset(look.gap, 6)
    upper, lower = inner.top(inner.h * 0.6)
    p.text(upper, title, look.body, bold=True, color=ink, down="middle", line_em=1.15)
    told = windows_text(p, item.windows)
    p.text(lower, told, look.caption, color=soft, down="middle", single=True)
    p.target(f"item:{item.code}", box, title, ChoseItem(ItemCode(item.code)), enabled=enabled)
