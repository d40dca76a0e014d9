"""Are you still there, we are sorry, goodbye."""

from hall.errors import Reason
from kiosk.flows.self_service import card_in_hand
from kiosk.flows.steps import Apology, Farewell, StillThere
from kiosk.flows.words import AskedForHelp, Ended, GoesOn, WentBack
from kiosk.session import Frame
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.header import public_header
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.stop_card import stop_card

OURS = (
    Reason.SERVER_AWAY,
    Reason.SOURCE_AWAY,
    Reason.SOURCE_STALE,
    Reason.TOO_LATE,
    Reason.OUTSIDE_HOURS,
    Reason.DAY_NOT_OPEN,
    Reason.ALREADY_HOLDING,
    Reason.RANGE_EXHAUSTED,
    Reason.UNKNOWN_PERSON,
    Reason.DAILY_LIMIT,
    Reason.NOT_VERIFIED,
)
"""Reasons with a sentence of their own; all others are told as our own fault in general words."""


def still_there(p: Painter, step: StillThere, frame: Frame) -> None:
    """Everything is covered at once; go on, or end."""
    look = p.look
    room = resident_page(p, frame, back=False)
    buttons, room = room.foot(max(look.target, 150.0) * 2 + look.gap * 1.5, look.gap * 2)
    card = card_in_hand(step.before)
    under = p.say("still_there.hint") + (p.say(f"still_there.card_{card.value}") if card else "")
    patience(p, room, "account-question", p.say("still_there.title"), under)
    on, end = buttons.rows(2, look.gap * 1.5)
    p.button("go_on", on, p.say("still_there.go_on"), GoesOn(), kind="primary", em=look.button * 1.2)
    p.button("end", end, p.say("still_there.end"), Ended(), em=look.button * 1.2)


def apology(p: Painter, step: Apology, frame: Frame) -> None:
    """Apologise, say what happened, offer two working ways on; help is in the bar and in words."""
    look = p.look
    public = frame.role == "self_service"
    room = resident_page(p, frame) if public else public_header(p, frame).inset(look.margin, look.gap)
    key = step.reason.value if step.reason in OURS else "other"
    hotline = frame.pack.hotline if frame.pack else "12333"
    sentences = (p.say(f"apology.{key}", hotline=hotline), p.say(f"apology.{key}_now", hotline=hotline))
    first, second = stop_card(p, room, p.say("apology.title"), sentences, 2).rows(2, look.gap)
    p.button("home", first, p.say("apology.home"), WentBack(), kind="primary")
    p.button("help_now", second, p.say("apology.help"), AskedForHelp(), icon="account-voice")


def farewell(p: Painter, step: Farewell, frame: Frame) -> None:
    """请收好身份证."""
    room = resident_page(p, frame, back=False)
    title = p.say(f"farewell.card_{step.card.value}" if step.card else "farewell.title")
    title = p.say("farewell.both") if step.both else title
    sign = "card-account-details" if step.card or step.both else "hand-wave"
    below = patience(p, room, sign, title, p.say("farewell.hint"))
    button = below.top(max(p.look.target, 120.0))[0].inset(below.w * 0.22, 0)
    p.button("end", button, p.say("farewell.done"), Ended())
