"""Window panel, started again while the server is away: who sits here is asked."""

from kiosk.flows.panel_steps import PanelStaying
from kiosk.flows.words import ConfirmedMove, SignedOff
from kiosk.session import Frame
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.places import place_name


def staying(p: Painter, step: PanelStaying, frame: Frame) -> None:
    """Ask who sits here; both answers equally large."""
    look = p.look
    _, room = staff_header(p, frame, place=place_name(p, frame))
    room = room.inset(look.margin, look.gap)
    foot, room = room.foot(max(look.target, 128.0), look.gap)
    under = (
        p.say("panel.staying_asking") if step.asking else p.say("panel.staying_hint", name=step.name, staff=step.staff)
    )
    patience(p, room, "account-check", p.say("panel.staying", name=step.name), under, drawing_h=150.0)
    left, right = foot.columns(2, look.gap)
    free = not step.asking
    p.button("not_me", left, p.say("panel.staying_no"), SignedOff(), icon="account-arrow-right", enabled=free)
    yes = p.say("panel.staying_yes")
    p.button("yes", right, yes, ConfirmedMove(), kind="primary", icon="check-bold", enabled=free)
