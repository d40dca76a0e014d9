"""The window panel: one giant next action; the person's number, item and materials; "why this one" folded."""

from hall.errors import Reason
from kiosk.flows.steps import PanelAsking, PanelCalling, PanelReady, PanelServing
from kiosk.flows.words import (
    PressedCall,
    PressedFinish,
    PressedMissed,
    PressedRecall,
    PressedStart,
    SignedOff,
    ToggledWhy,
    Touch,
)
from kiosk.session import Frame
from kiosk.ui.screens.panel_person import person, waiting
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.marks import note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.places import place_name

Panel = PanelReady | PanelAsking | PanelCalling | PanelServing
KNOWN = (
    Reason.NOBODY_WAITING,
    Reason.SERVER_AWAY,
    Reason.WINDOW_BUSY,
    Reason.OUTSIDE_HOURS,
    Reason.TOO_LATE,
    Reason.ILLEGAL_MOVE,
    Reason.NOT_SIGNED_IN,
)


def panel(p: Painter, step: Panel, frame: Frame) -> None:
    """Draw the person left, the actions right."""
    look = p.look
    shown = step.before if isinstance(step, PanelAsking) else step
    who = p.say("staff.who", name=step.name, staff=step.staff)
    buttons, room = staff_header(p, frame, place=place_name(p, frame), who=who, action=isinstance(step, PanelReady))
    if isinstance(step, PanelReady):
        p.button("sign_off", buttons, p.say("staff.sign_off"), SignedOff(), em=look.body)
    room = room.inset(look.margin * 0.75, look.gap)
    right, left = room.far(room.w * 0.4, look.gap * 1.25)
    text = _problem(p, step, frame)
    if text:
        strip, left = left.top(note_height(p, text, left.w), look.gap)
        note(p, strip, text, "attention", name="problem")
    if isinstance(shown, PanelReady):
        waiting(p, left, frame)
    else:
        person(p, left, shown, frame)
    _actions(p, right, step, shown)


def _problem(p: Painter, step: Panel, frame: Frame) -> str:
    problem = None if isinstance(step, PanelAsking) else step.problem
    if problem is None:
        return p.say("panel.away") if frame.server_away else ""
    return p.say(f"panel.{problem.value if problem in KNOWN else 'other'}")


def _actions(p: Painter, room: Box, step: Panel, shown: PanelReady | PanelCalling | PanelServing) -> None:
    asking = step.what if isinstance(step, PanelAsking) else ""
    free = not asking
    if isinstance(shown, PanelReady):
        _giant(p, room, "call_next", icon="bullhorn", tap=PressedCall(), asking=asking)
        return
    small = max(p.look.target, 104.0)
    foot, room = room.foot(small, p.look.gap)
    if isinstance(shown, PanelCalling):
        left, right = foot.columns(2, p.look.gap)
        p.button("recall", left, p.say("panel.recall"), PressedRecall(), icon="repeat", enabled=free)
        p.button("missed", right, p.say("panel.missed"), PressedMissed(), icon="account-clock", enabled=free)
        _giant(p, room, "start", icon="account-check", tap=PressedStart(), asking=asking)
        return
    p.button("finish", foot, p.say("panel.finish"), PressedFinish(), enabled=free, icon="check-bold")
    _giant(p, room, "finish_next", icon="bullhorn", tap=PressedFinish(call_next=True), asking=asking)


def _giant(p: Painter, box: Box, name: str, *, icon: str, tap: Touch, asking: str) -> None:
    look, colors = p.look, p.colors
    text = p.say(f"panel.asking_{asking}") if asking else p.say(f"panel.{name}")
    ground, ink = (colors.tint, colors.accent) if asking else (colors.primary, colors.on_primary)
    p.fill(box, ground, 28, colors.primary, 4)
    upper, lower = box.inset(look.gap).top(box.h * 0.5)
    p.icon(upper, "timer-sand" if asking else icon, min(upper.h * 0.8, 190.0), ink)
    p.text(lower, text, look.title, bold=True, color=ink, across="center", down="middle", line_em=1.25)
    p.target(name, box, text, tap, enabled=not asking, radius=28)


def unfold(p: Painter, box: Box, *, why: bool) -> None:
    """Draw the fold of "why this one"."""
    text = p.say("panel.why_hide" if why else "panel.why")
    p.button("why", box, text, ToggledWhy(), kind="quiet", icon="help-circle", em=p.look.body)
