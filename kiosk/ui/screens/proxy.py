"""代办查询 at the terminal: what is asked for, two cards, waiting for a guide, the other person's records."""

from hall.errors import Reason
from hall.statements.sheets import mask_name
from kiosk.flows.proxy_steps import (
    ProxyAsking,
    ProxyChoosing,
    ProxyFetching,
    ProxyNotice,
    ProxyOtherCard,
    ProxyOwnCard,
    ProxyReadingOther,
    ProxyReadingOwn,
    ProxyStopped,
    ProxyWaiting,
)
from kiosk.flows.proxy_words import Laid
from kiosk.flows.words import AskedForHelp, Ended
from kiosk.ports import CardProblem
from kiosk.session import Frame
from kiosk.ui.screens.enquiry import form_choices, form_title, notice_page
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.drawings import lay_on
from kiosk.ui.widgets.header import hall_title
from kiosk.ui.widgets.marks import heading, note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.stop_card import stop_card

POINTS = (
    ("card-account-details", "cards"),
    ("account-check", "guide"),
    ("timer-sand", "long"),
    ("shield-lock", "safe"),
)


def proxy_notice(p: Painter, step: ProxyNotice, frame: Frame) -> None:  # noqa: ARG001 - all screens are called alike
    """Say what is needed, who sees to it and what is kept, before any card is read."""
    title = hall_title(p, frame)
    texts = [(sign, p.say(f"proxy.{key}"), p.say(f"proxy.{key}_text", hall=title)) for sign, key in POINTS]
    notice_page(p, frame, p.say("proxy.title"), p.say("proxy.lead"), texts)


def own_card(p: Painter, step: ProxyOwnCard, frame: Frame) -> None:
    """First the card of who stands here."""
    _lay(p, frame, "own", step.problem)


def other_card(p: Painter, step: ProxyOtherCard, frame: Frame) -> None:
    """请换放被代办人的身份证."""
    _lay(p, frame, "other", step.problem)


def reading(p: Painter, step: ProxyReadingOwn | ProxyReadingOther, frame: Frame) -> None:  # noqa: ARG001 - all alike
    """Please hold still."""
    room = resident_page(p, frame, back=False)
    patience(p, room, "card-account-details", p.say("reading.title"), p.say("reading.id"))


def asking(p: Painter, step: ProxyAsking, frame: Frame) -> None:  # noqa: ARG001 - all screens are called alike
    """The hall is told; a moment."""
    patience(p, resident_page(p, frame, back=False), "account-voice", p.say("proxy.asking"), p.say("proxy.asking_hint"))


def waiting(p: Painter, step: ProxyWaiting, frame: Frame) -> None:
    """A guide comes; both names masked, what to have ready, and the way out."""
    look = p.look
    room = resident_page(p, frame)
    button, room = room.foot(max(look.target, 130.0), look.gap * 1.5)
    p.button("end", button, p.say("proxy.give_up"), Ended(), icon="exit-run")
    away = p.say("proxy.wait_away" if frame.server_away else "proxy.ready")
    strip, room = room.foot(note_height(p, away, room.w), look.gap)
    note(p, strip, away, "attention" if frame.server_away else "calm", name="ready")
    who = whom(p, step.agent, step.person)
    row, room = room.foot(p.height(who, look.button, room.w - look.gap * 2, bold=True) + look.gap * 1.5, look.gap)
    p.card(row)
    p.text(row.inset(look.gap, 4), who, look.button, bold=True, across="center", down="middle", name="who_for_whom")
    patience(p, room, "account-voice", p.say("proxy.wait_title"), p.say("proxy.wait_hint"), drawing_h=200.0)


def choosing(p: Painter, step: ProxyChoosing, frame: Frame) -> None:
    """Confirmed: which of the represented person's records."""
    look = p.look
    room = heading(p, resident_page(p, frame), p.say("proxy.choose"))
    who = whom(p, step.agent, step.person)
    strip, room = room.top(note_height(p, who, room.w), look.gap)
    note(p, strip, who, "fine", name="who_for_whom")
    button, room = room.foot(max(look.target, 120.0), look.gap)
    p.button("end", button, p.say("statement.end"), Ended(), icon="exit-run")
    if step.problem is not None:
        text = p.say("proxy.no_record" if step.problem is Reason.UNKNOWN_PERSON else "proxy.no_form")
        strip, room = room.top(note_height(p, text, room.w), look.gap)
        note(p, strip, text, "attention", name="problem")
    form_choices(p, room, frame)


def fetching(p: Painter, step: ProxyFetching, frame: Frame) -> None:
    """正在查询."""
    under = form_title(p, frame, step.form)
    patience(p, resident_page(p, frame, back=False), "file-search", p.say("fetching.title"), under)


def stopped(p: Painter, step: ProxyStopped, frame: Frame) -> None:
    """Say why it does not go on and what works instead; both cards are to be taken."""
    hotline = frame.pack.hotline if frame.pack else "12333"
    told = (p.say(f"proxy.{step.why.value}", hotline=hotline), p.say(f"proxy.{step.why.value}_now", hotline=hotline))
    sentences = (*told, p.say("proxy.take_both"))
    first, second = stop_card(p, resident_page(p, frame), p.say(f"proxy.{step.why.value}_title"), sentences, 2).rows(
        2, p.look.gap
    )
    p.button("home", first, p.say("apology.home"), Ended(), kind="primary")
    p.button("help_now", second, p.say("apology.help"), AskedForHelp(), icon="account-voice")


def whom(p: Painter, agent: Laid, person: Laid) -> str:
    """Return 代办人 李*,被代办人 张*: never more than the masks."""
    return p.say("proxy.whom", agent=mask_name(agent.name), person=mask_name(person.name))


def _lay(p: Painter, frame: Frame, which: str, problem: CardProblem | None) -> None:
    look = p.look
    room = heading(p, resident_page(p, frame), p.say(f"proxy.{which}_title"), p.say(f"proxy.{which}_hint"))
    if problem is not None:
        name = p.say("card.name_id")
        text = p.say(f"trouble.{problem.value}", card=name) + p.say("sentence.space") + _now(p, problem)
        strip, room = room.top(note_height(p, text, room.w), look.gap)
        note(p, strip, text, "attention", name="problem")
    place, _ = room.top(min(room.h, 780.0))
    p.card(place, radius=26)
    inner = place.inset(look.gap * 1.5)
    words = p.say(f"proxy.{which}_where")
    high = p.height(words, look.button, inner.w)
    foot, drawing = inner.foot(high, look.gap)
    lay_on(p, Box(drawing.x, drawing.y, drawing.w, drawing.h))
    p.text(foot, words, look.button, across="center", name="where")


def _now(p: Painter, problem: CardProblem) -> str:
    """What to do now; nothing of a social-security card is offered here."""
    if problem in (CardProblem.SAME_CARD, CardProblem.EXPIRED):
        return p.say(f"trouble.{problem.value}_now")
    return p.say("proxy.trouble_now")
