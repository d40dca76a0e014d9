"""Guide desk: 设备与开门检查. Three pages under one head: the opening checklist, works that are due, the day's end."""

from hall.errors import Reason
from kiosk.flows.desk_steps import DeskUpkeep
from kiosk.flows.upkeep_words import OpensUpkeep, UpkeepPage
from kiosk.flows.words import SignedOff, WentBack
from kiosk.session import Frame
from kiosk.ui.screens.desk_due import closing_list, due
from kiosk.ui.screens.desk_news import helps_and_alerts
from kiosk.ui.screens.desk_opening import opening
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.marks import note_on_top
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.places import place_name

SHARE = 0.705
"""Of the room, as on the devices page; who asks for help stays in sight beside it."""
PAGES: tuple[UpkeepPage, ...] = ("opening", "due", "closing")
PAGE_ICONS = {"opening": "clipboard-check", "due": "wrench-clock", "closing": "weather-night"}
KNOWN = (Reason.SERVER_AWAY, Reason.TOO_LATE, Reason.NOT_SIGNED_IN, Reason.DAY_NOT_OPEN)


def upkeep(p: Painter, step: DeskUpkeep, frame: Frame) -> None:
    """Draw the header, the page and, beside it, who asks for help."""
    look = p.look
    who = p.say("staff.who", name=step.name, staff=step.staff)
    buttons, room = staff_header(p, frame, place=place_name(p, frame), who=who, action=True)
    if not (step.signing or step.noting):
        p.button("sign_off", buttons, p.say("staff.sign_off"), SignedOff(), em=look.body)
    room = room.inset(look.margin * 0.75, look.gap)
    page, right = room.left(room.w * SHARE, look.gap * 1.25)
    page = _head(p, page, step)
    page = _problem(p, page, step, frame)
    match step.page:
        case "opening":
            opening(p, page, step, frame)
        case "due":
            due(p, page, step, frame)
        case "closing":
            closing_list(p, page, frame)
    helps_and_alerts(p, right, frame, may_go=True)


def _head(p: Painter, room: Box, step: DeskUpkeep) -> Box:
    look = p.look
    top, room = room.top(max(look.target, 84.0), look.gap * 0.75)
    back, tabs = top.left(max(look.target, 84.0), look.gap)
    busy = step.signing or step.noting
    p.button("back", back, "", WentBack(), icon="arrow-left", em=look.body, enabled=not busy)
    for box, page in zip(tabs.columns(len(PAGES), look.gap * 0.75), PAGES, strict=True):
        kind = "chosen" if page == step.page else "plain"
        told = p.say(f"upkeep.{page}")
        p.button(f"page:{page}", box, told, OpensUpkeep(page), kind=kind, icon=PAGE_ICONS[page], em=look.body,
                 enabled=not busy)  # fmt: skip
    return room


def _problem(p: Painter, room: Box, step: DeskUpkeep, frame: Frame) -> Box:
    look, text = p.look, ""
    if step.problem is not None:
        text = p.say(f"upkeep.problem_{step.problem.value if step.problem in KNOWN else 'other'}")
    elif frame.server_away:
        text = p.say("alerts.away")
    if not text:
        return room
    return note_on_top(p, room, text, "attention", look.caption * 1.1, name="problem")
