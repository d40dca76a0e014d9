"""The card: where it goes, being read, what was wrong with it, its PIN."""

from kiosk.flows.enquiry import PIN_DIGITS
from kiosk.flows.steps import CardTrouble, CheckingPin, EnteringPin, Fetching, ReadingCard, WaitingForCard
from kiosk.flows.words import CardKind, Ended, WentBack
from kiosk.session import Frame
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.drawings import lay_on, put_in
from kiosk.ui.widgets.keypad import fields, keypad
from kiosk.ui.widgets.marks import heading, note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.stop_card import stop_card


def waiting_for_card(p: Painter, step: WaitingForCard, frame: Frame) -> None:  # noqa: ARG001 - all screens are called alike
    """Draw where which card goes."""
    look = p.look
    room = heading(p, resident_page(p, frame), p.say("card.title"), p.say("card.hint"))
    readers = {device.kind: device.may_serve and device.state != "down" for device in frame.devices}
    places = room.rows(2, look.gap)
    for place, kind, draw in zip(places, ("id_reader", "card_reader"), (lay_on, put_in), strict=True):
        p.card(place, radius=26)
        drawing, words = place.inset(look.gap * 1.5).left(place.w * 0.44, look.gap)
        draw(p, drawing)
        works = readers.get(kind, True)
        name, hint = p.say(f"card.{kind}"), p.say(f"card.{kind}_hint" if works else f"card.{kind}_away")
        name_h = p.height(name, look.title, words.w, bold=True)
        hint_h = p.height(hint, look.button, words.w)
        block = words.middle(words.w, min(words.h, name_h + look.gap * 0.5 + hint_h))
        p.text(block, name, look.title, bold=True)
        color = p.colors.ink_soft if works else p.colors.attention
        p.text(block.top(name_h, look.gap * 0.5)[1], hint, look.button, color=color)


def reading_card(p: Painter, step: ReadingCard, frame: Frame) -> None:
    """Please hold still."""
    room = resident_page(p, frame, back=False)
    name = "reading.id" if step.card is CardKind.ID else "reading.social"
    sign = "card-account-details" if step.card is CardKind.ID else "credit-card-chip"
    patience(p, room, sign, p.say("reading.title"), p.say(name))


def card_trouble(p: Painter, step: CardTrouble, frame: Frame) -> None:
    """Say in one sentence what was wrong and what to do now."""
    look = p.look
    room = resident_page(p, frame)
    kind = "id" if step.card is CardKind.ID else "social"
    told = p.say(f"trouble.{step.problem.value}", card=p.say(f"card.name_{kind}"))
    now = p.say(f"trouble.{step.problem.value}_now")
    buttons = stop_card(p, room, told, (now,), 2)
    again, end = buttons.rows(2, look.gap)
    p.button("retry", again, p.say("trouble.retry"), WentBack(), kind="primary")
    p.button("end", end, p.say("trouble.end"), Ended())


def entering_pin(p: Painter, step: EnteringPin, frame: Frame) -> None:
    """Number pad and dots; the tries left after a wrong PIN."""
    look = p.look
    room = resident_page(p, frame)
    room = heading(p, room, p.say("pin.title"), p.say("pin.hint"), across="center")
    row, room = room.top(130, look.gap)
    fields(p, row, step.pin, PIN_DIGITS, hidden=True, name="pin", centred=True)
    if step.tries_left is not None:
        text = p.say("pin.wrong", tries=step.tries_left)
        strip, room = room.top(note_height(p, text, room.w), look.gap)
        note(p, strip, text, "attention", name="tries_left")
    safe = p.say("pin.safe")
    foot, room = room.foot(note_height(p, safe, room.w), look.gap)
    note(p, foot, safe, "calm")
    pad, _ = room.top(min(room.h, 860.0))
    keypad(p, pad, confirm=len(step.pin) == PIN_DIGITS, erase=bool(step.pin))


def checking_pin(p: Painter, step: CheckingPin, frame: Frame) -> None:  # noqa: ARG001 - all screens are called alike
    """The card is asked, once."""
    patience(p, resident_page(p, frame, back=False), "shield-lock", p.say("pin.checking"), p.say("reading.social"))


def fetching(p: Painter, step: Fetching, frame: Frame) -> None:
    """正在为您查询,请稍等."""
    under = p.say("fetching.id" if step.card is CardKind.ID else "fetching.social")
    patience(p, resident_page(p, frame, back=False), "file-search", p.say("fetching.title"), under)
