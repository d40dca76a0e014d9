"""看得清 on a staff screen: large print and high contrast, kept for whoever is signed in until they leave."""

from typing import Literal

from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.picture import Show
from kiosk.ui.widgets.places import place_name


def staff_view(p: Painter, frame: Frame) -> None:
    """Draw the two choices with what each does, and the way back to the work."""
    look = p.look
    _, room = staff_header(p, frame, place=place_name(p, frame))
    room = room.inset(look.margin, look.gap)
    foot, room = room.foot(max(look.target, 112.0), look.gap)
    head, room = room.top(look.title * 1.4, look.gap * 0.5)
    p.text(head, p.say("staff.view_title"), look.title, bold=True, down="middle", single=True, name="title")
    told = p.say("staff.view_hint")
    line, room = room.top(p.height(told, look.body, room.w), look.gap)
    p.text(line, told, look.body, color=p.colors.ink_soft)
    left, right = room.top(min(room.h, 260.0))[0].columns(2, look.gap)
    _choice(p, left, "large", "format-size", on=look.large)
    _choice(p, right, "contrast", "contrast-circle", on=look.contrast)
    p.button("done", foot, p.say("staff.view_done"), Show("menu", ""), kind="primary", icon="check-bold")


def _choice(p: Painter, box: Box, name: Literal["large", "contrast"], icon: str, *, on: bool) -> None:
    mark = p.say("staff.view_on") if on else p.say("staff.view_off")
    text = f"{p.say(f'view.{name}')}\n{mark}"
    p.button(name, box, text, Show(name), icon=icon, kind="chosen" if on else "plain", stacked=True)
