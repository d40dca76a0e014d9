"""Guide desk: the next number. Group, item; and, one touch each, 优先, several items, an appointment."""

from hall.calendar.working_days import local_datetime
from hall.errors import Reason
from kiosk.flows.desk_words import ChoseAppointment, IssuesNow, OpensNumbers, ToggledAppointment, ToggledSeveral
from kiosk.flows.notice_steps import ToggledTelling
from kiosk.flows.steps import DeskReady
from kiosk.flows.words import TogglePriority, WentBack
from kiosk.session import Frame
from kiosk.ui.screens.desk_items import group_of, groups_or_items
from kiosk.ui.screens.taking import group_title
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import note_on_top
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.ticket_facts import item_of, item_title

KNOWN = (Reason.SERVER_AWAY, Reason.OUTSIDE_HOURS, Reason.DAY_NOT_OPEN, Reason.NOT_SIGNED_IN, Reason.RANGE_EXHAUSTED,
         Reason.DAILY_LIMIT, Reason.ILLEGAL_MOVE)  # fmt: skip
SLOT_S = 30 * 60.0
SLOTS_BACK, SLOTS = 4, 12
"""Appointments of the last two hours and the next four: who comes early or late has one of these."""


def take(p: Painter, room: Box, step: DeskReady, frame: Frame) -> None:
    """Draw the way to the next number."""
    look = p.look
    top, room = room.top(max(look.target, 84.0), look.gap * 0.75)
    group = group_of(frame, step.group)
    number, title = top.far(min(top.w * 0.36, 300.0), look.gap)
    p.button("numbers", number, p.say("desk.numbers"), OpensNumbers(), kind="quiet", icon="magnify", em=look.body * 1.1)
    if group is not None or step.timing:
        back, title = title.left(max(look.target, 84.0), look.gap)
        p.button("back", back, "", WentBack(), icon="arrow-left", em=look.body)
    told = p.say("desk.when") if step.timing else group_title(p, group) if group else p.say("desk.take")
    p.text(title, told, look.button * 1.1, bold=True, down="middle", line_em=1.2, name="title")
    high, rows = max(look.target, 76.0), 2 if look.large else 1  # in large print two beside each other, in two rows
    band, room = room.top(high * rows + look.gap * 0.5 * (rows - 1), look.gap * 0.75)
    _switches(p, [box for row in band.rows(rows, look.gap * 0.5) for box in row.columns(4 // rows, look.gap * 0.5)],
              step)  # fmt: skip
    room = _told(p, room, step, frame)
    if step.timing:
        _times(p, room, frame)
        return
    if step.several:
        foot, room = room.foot(max(look.target, 120.0 if look.large else 96.0), look.gap * 0.75)
        _basket(p, foot, step, frame)
    groups_or_items(p, room, frame, step.group, step.basket)


def _switches(p: Painter, places: list[Box], step: DeskReady) -> None:
    look = p.look
    first, second, third, fourth = places
    kind = "chosen" if step.telling else "plain"
    p.button("telling", fourth, p.say("desk.telling"), ToggledTelling(), kind=kind, icon="clipboard-list", em=look.body)
    key = "desk.priority_on" if step.priority else "desk.priority_off"
    kind = "attention" if step.priority else "plain"
    p.button("priority", first, p.say(key), TogglePriority(), kind=kind, icon="star-circle", em=look.body)
    kind = "chosen" if step.several else "plain"
    p.button("several", second, p.say("desk.several"), ToggledSeveral(), kind=kind, icon="playlist-plus", em=look.body)
    text = p.say("desk.appointment")
    if step.appointment_at:
        text = p.say("desk.appointment_at", time=_time(step.appointment_at))
    kind = "chosen" if step.appointment_at or step.timing else "plain"
    p.button("appointment", third, text, ToggledAppointment(), kind=kind, icon="calendar-clock", em=look.body)


def _told(p: Painter, room: Box, step: DeskReady, frame: Frame) -> Box:
    """What went wrong, or what the guide should know about cut-off work."""
    look, text = p.look, ""
    if step.problem is not None:
        text = p.say(f"desk.problem_{step.problem.value if step.problem in KNOWN else 'other'}")
    elif frame.server_away:
        text = p.say("desk.server_away")
    if not text:
        return room
    return note_on_top(p, room, text, "attention", look.caption * 1.1, name="problem")


def _basket(p: Painter, foot: Box, step: DeskReady, frame: Frame) -> None:
    look = p.look
    go, words = foot.far(min(foot.w * 0.4, 320.0), look.gap)
    items = [item_of(frame, code) for code in step.basket]
    names = p.say("desk.and").join(item_title(p, item) for item in items if item)
    told = p.say("desk.basket", count=len(step.basket), names=names) if step.basket else p.say("desk.basket_empty")
    p.text(words, told, look.body, down="middle", line_em=1.2, name="basket")
    p.button("issue", go, p.say("desk.issue"), IssuesNow(), kind="primary", enabled=bool(step.basket))


def _times(p: Painter, room: Box, frame: Frame) -> None:
    look = p.look
    hint = p.say("desk.when_hint")
    line, room = room.top(p.height(hint, look.body, room.w), look.gap)
    p.text(line, hint, look.body, color=p.colors.ink_soft)
    first = frame.hall_time - frame.hall_time % SLOT_S - SLOTS_BACK * SLOT_S
    room, _ = room.top(min(room.h, 4 * 120.0 + 3 * look.gap))
    places = [box for row in room.rows(4, look.gap) for box in row.columns(SLOTS // 4, look.gap)]
    for index, box in enumerate(places):
        at = first + index * SLOT_S
        p.button(f"time:{_time(at)}", box, _time(at), ChoseAppointment(at))


def _time(at: float) -> str:
    return local_datetime(at).strftime("%H:%M")
