"""The window panel: the person left, one giant next action right; choices and questions have the whole screen."""

from kiosk.flows.panel_steps import PanelMore
from kiosk.flows.steps import PanelAsking, PanelCalling, PanelReady, PanelServing
from kiosk.flows.words import SignedOff
from kiosk.session import Frame
from kiosk.ui.screens.panel_actions import actions, more
from kiosk.ui.screens.panel_person import person, waiting
from kiosk.ui.screens.panel_words import presses, told
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.marks import ICONS, note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.places import place_name

LONG_NOTE = 0.24
"""Of the left side's height: in large print a longer note is set in captions."""

Panel = PanelReady | PanelAsking | PanelCalling | PanelServing | PanelMore


def panel(p: Painter, step: Panel, frame: Frame) -> None:
    """Draw the person left, the actions right."""
    look = p.look
    shown = step.before if isinstance(step, PanelAsking | PanelMore) else step
    who = p.say("staff.who", name=step.name, staff=step.staff)
    buttons, room = staff_header(p, frame, place=place_name(p, frame), who=who, action=isinstance(step, PanelReady))
    if isinstance(step, PanelReady):
        p.button("sign_off", buttons, p.say("panel.sign_off"), SignedOff(), em=look.body)
    room = room.inset(look.margin * 0.75, look.gap)
    right, left = room.far(room.w * 0.4, look.gap * 1.25)
    text, tone = told(p, shown, frame)
    if text:
        em = look.body
        if look.large and note_height(p, text, left.w) > left.h * LONG_NOTE:
            em = look.caption  # as large as body text is otherwise: the person has the room
        strip, left = left.top(note_height(p, text, left.w, em), look.gap)
        note(p, strip, text, tone, em, name="done" if tone == "fine" else "problem")
    pressing = "" if text else _pressing(p, frame)
    if pressing:
        left = _quiet(p, left, pressing)
    if isinstance(shown, PanelReady):
        waiting(p, left, frame)
    else:
        person(p, left, shown, frame, strip=not pressing and not (look.large and text))
    if isinstance(step, PanelMore):
        more(p, right, step)
    else:
        actions(p, right, step, frame)


def _pressing(p: Painter, frame: Frame) -> str:
    notice = presses(frame)
    if notice is None:
        return ""
    return notice.zh if p.look.language == "zh" else notice.en or notice.zh


def _quiet(p: Painter, left: Box, text: str) -> Box:
    """Tell quietly what presses at this window; return the room above."""
    em = p.look.caption
    foot, room = left.foot(p.height(text, em, left.w - em * 1.9), p.look.gap * 0.5)
    sign, words = foot.left(em * 1.5, em * 0.4)
    p.icon(Box(sign.x, sign.y, sign.w, em * 1.45), ICONS["calm"], em * 1.2)
    p.text(words, text, em, color=p.colors.ink_soft, name="staffing")
    return room
