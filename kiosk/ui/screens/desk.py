"""The guide desk: left find-and-issue, middle waiting by queue, right help requests and device alarms."""

from hall.errors import Reason
from hall.wire import GroupShown, ItemShown
from kiosk.flows.steps import DeskGranting, DeskIssued, DeskIssuing, DeskReady
from kiosk.flows.words import ChoseGroup, ChoseItem, SignedOff, TogglePriority, WentBack
from kiosk.session import Frame
from kiosk.ui.screens.desk_grant import granting
from kiosk.ui.screens.desk_news import helps_and_alerts, queues
from kiosk.ui.screens.desk_ticket import issued
from kiosk.ui.screens.taking import group_title
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import choices
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.marks import note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.places import place_name
from kiosk.ui.widgets.ticket_facts import item_of, item_title, windows_text

Desk = DeskReady | DeskGranting | DeskIssuing | DeskIssued
KNOWN = (Reason.SERVER_AWAY, Reason.OUTSIDE_HOURS, Reason.DAY_NOT_OPEN, Reason.NOT_SIGNED_IN, Reason.RANGE_EXHAUSTED)


def desk(p: Painter, step: Desk, frame: Frame) -> None:
    """Draw the three columns; only the left one changes from step to step."""
    look = p.look
    who = p.say("staff.who", name=step.name, staff=step.staff)
    buttons, room = staff_header(p, frame, place=place_name(p, frame), who=who, action=True)
    if not isinstance(step, DeskIssuing):
        p.button("sign_off", buttons, p.say("staff.sign_off"), SignedOff(), em=look.body)
    room = room.inset(look.margin * 0.75, look.gap)
    left, rest = room.left(room.w * 0.44, look.gap * 1.25)
    middle, right = rest.left(rest.w * 0.47, look.gap * 1.25)
    queues(p, middle, frame)
    helps_and_alerts(p, right, frame, may_go=not isinstance(step, DeskIssuing))
    if isinstance(step, DeskReady):
        _ready(p, left, step, frame)
    elif isinstance(step, DeskGranting):
        granting(p, left, step, frame)
    elif isinstance(step, DeskIssued):
        issued(p, left, step, frame)
    else:
        p.card(left)
        item = item_of(frame, step.item)
        patience(
            p, left.inset(look.gap), "ticket-confirmation", p.say("issuing.title"), item_title(p, item) if item else ""
        )


def _ready(p: Painter, room: Box, step: DeskReady, frame: Frame) -> None:
    look = p.look
    top, room = room.top(max(look.target, 84.0), look.gap)
    toggle, title = top.far(min(top.w * 0.46, 360.0), look.gap)
    key = "desk.priority_on" if step.priority else "desk.priority_off"
    kind = "attention" if step.priority else "plain"
    p.button("priority", toggle, p.say(key), TogglePriority(), kind=kind, icon="star-circle", em=look.body)
    group = next((g for g in frame.pack.groups if g.code == step.group), None) if frame.pack else None
    if group is not None:
        back, title = title.left(max(look.target, 84.0), look.gap)
        p.button("back", back, "", WentBack(), icon="arrow-left", em=look.body)
    told = group_title(p, group) if group else p.say("desk.take")
    p.text(title, told, look.button * 1.1, bold=True, down="middle", line_em=1.2, name="title")
    text = ""
    if step.problem is not None:
        text = p.say(f"desk.problem_{step.problem.value if step.problem in KNOWN else 'other'}")
    elif frame.server_away:
        text = p.say("desk.server_away")
    if text:
        strip, room = room.top(note_height(p, text, room.w, look.caption * 1.1), look.gap)
        note(p, strip, text, "attention", look.caption * 1.1, name="problem")
    if frame.pack is None:
        return
    if group is None:
        choices(
            p, room, frame.pack.groups, lambda box, g: _group(p, box, g), columns=2, least_h=look.target, most_h=200.0
        )
        return
    items = tuple(i for i in frame.pack.items if i.group == group.code)
    choices(
        p, room, items, lambda box, i: _item(p, box, i, frame), columns=1, least_h=max(look.target, 92.0), most_h=116.0
    )


def _group(p: Painter, box: Box, group: GroupShown) -> None:
    look, title = p.look, group_title(p, group)
    p.card(box)
    sign, words = box.inset(look.gap).left(look.title * 1.2, look.gap * 0.75)
    p.icon(sign, group.icon, look.title)
    p.text(words, title, look.button, bold=True, down="middle", line_em=1.2)
    p.target(f"group:{group.code}", box, title, ChoseGroup(group.code))


def _item(p: Painter, box: Box, item: ItemShown, frame: Frame) -> None:
    look, title = p.look, item_title(p, item)
    p.card(box)
    inner = box.inset(look.gap, 6)
    queue = next((q for q in frame.board.queues if q.series == item.series), None) if frame.board else None
    upper, lower = inner.top(inner.h * 0.56)
    p.text(upper, title, look.body * 1.05, bold=True, down="middle", line_em=1.15)
    told = windows_text(p, item.windows)
    if queue is not None:
        told += p.say("dot") + p.say("item.waiting", count=queue.waiting)
    p.text(lower, told, look.caption, color=p.colors.ink_soft, down="middle", single=True)
    p.target(f"item:{item.code}", box, title, ChoseItem(item.code))  # type: ignore[arg-type]
