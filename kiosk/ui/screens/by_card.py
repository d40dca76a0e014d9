"""刷卡取号: the strip under the choices, where the card goes and what for, the offer, the number already held."""

from kiosk.flows.card_steps import HoldingAlready, LayingCard, OfferingPriority, ReadingForNumber
from kiosk.flows.held_cards import AWAY, ID_ONLY, AnsweredOffer, HeldCard, UsesCard
from kiosk.flows.words import AskedForHelp, CardKind, Ended, WantsPaper, WentBack
from kiosk.session import Frame
from kiosk.ui.screens.welcome import reads_cards
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.drawings import lay_on, put_in
from kiosk.ui.widgets.marks import heading, note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.ticket_facts import great_number, item_of, item_title

QUIET_NOTES = (AWAY, ID_ONLY)
"""Nothing is wrong with the card."""
STRIP_MOST = 0.3
"""Of the room: the choices are what the screen is for."""


def card_strip(p: Painter, room: Box, held: HeldCard | None, said: str, frame: Frame) -> Box:
    """Draw what a card could do, or has done; return the room above. It is the notice before a card is read."""
    look = p.look
    if held is not None:
        text = p.say("bycard.read_first" if held.wants_first else "bycard.read")
        text += p.say(f"bycard.keep_{held.kind.value}") if held.lies else ""
        strip, rest = room.foot(note_height(p, text, room.w), look.gap)
        note(p, strip, text, "fine", name="card")
        return rest
    if said:
        text = p.say(f"bycard.{said}") if said in QUIET_NOTES else _unread(p, said)
        strip, rest = room.foot(note_height(p, text, room.w), look.gap)
        note(p, strip, text, "calm" if said in QUIET_NOTES else "attention", name="card")
        return rest
    if frame.server_away or not reads_cards(frame):
        return room
    return _invitation(p, room, frame)


def _unread(p: Painter, problem: str) -> str:
    return p.say("bycard.unread_expired" if problem == "expired" else "bycard.unread")


def _invitation(p: Painter, room: Box, frame: Frame) -> Box:
    look = p.look
    title, hint = p.say("bycard.use"), what_for(p, frame)
    if look.large:  # the choices need the room; the whole of it is one touch away
        title, hint = p.say("bycard.use_large"), ""
    pad, sign_w = look.gap * 0.8, look.button * (1.5 if look.large else 1.9)
    wide = room.w - pad * 3 - sign_w
    title_h = p.height(title, look.button, wide, bold=True)
    hint_h = p.height(hint, look.body, wide) if hint else 0.0
    high = min(max(look.target, title_h + hint_h + pad * 1.2), room.h * STRIP_MOST)
    strip, rest = room.foot(high, look.gap)
    p.fill(strip, p.colors.tint, 22, p.colors.accent, 4)
    sign, words = strip.inset(pad, pad * 0.3).left(sign_w, pad)
    p.icon(sign, "card-account-details", sign_w * 0.9)
    upper, lower = words.middle(words.w, min(words.h, title_h + hint_h)).top(title_h)
    p.text(upper, title, look.button, bold=True, color=p.colors.on_tint, down="middle", name="use_card")
    if hint:
        p.text(lower, hint, look.body, color=p.colors.ink_soft, name="what_for")
    p.target("use_card", strip, title, UsesCard(), radius=22)
    return rest


def what_for(p: Painter, frame: Frame) -> str:
    """One number in each queue; who may go first; nothing is kept."""
    offer = frame.pack.age_offer if frame.pack else None
    if offer is None or not offer.age:
        return p.say("bycard.what")
    return p.say("bycard.what_age", age=offer.age)


def laying_card(p: Painter, step: LayingCard, frame: Frame) -> None:  # noqa: ARG001 - all screens are called alike
    """Where the card goes, and before it is read: who reads what, for what, how long."""
    look = p.look
    room = heading(p, resident_page(p, frame), p.say("bycard.title"), p.say("bycard.hint"))
    foot, room = room.foot(max(look.target, 132.0), look.gap)
    p.button("without", foot, p.say("bycard.without"), WentBack())
    points = _points(p, frame)
    em = look.body
    wide = room.w - look.gap * 2.4
    points_h = sum(p.height(text, em, wide) for text in points) + look.gap * (0.6 * (len(points) - 1) + 2)
    box, room = room.foot(points_h, look.gap)
    p.card(box, radius=22)
    inner = box.inset(look.gap * 1.2, look.gap)
    for index, text in enumerate(points):
        used = p.text(inner, text, em, name=f"point_{index + 1}")
        _, inner = inner.top(used, look.gap * 0.6)
    places = room.columns(2, look.gap)
    for place, kind, draw in zip(places, ("id_reader", "card_reader"), (lay_on, put_in), strict=True):
        p.card(place, radius=26)
        name = p.say(f"card.{kind}")
        words, drawing = place.inset(look.gap).foot(look.title * 1.5, look.gap * 0.5)
        p.text(words, name, look.button * 1.1, bold=True, across="center", down="middle", single=True)
        draw(p, drawing.middle(drawing.w, min(drawing.h, drawing.w * 1.2)))


def _points(p: Painter, frame: Frame) -> tuple[str, ...]:
    pack = frame.pack
    if pack is None:
        return ()
    title = pack.title_en if p.look.language == "en" else pack.title
    told = [p.say("bycard.point_what", hall=title)]
    if pack.age_offer.age:
        basis = pack.age_offer.basis_en if p.look.language == "en" else pack.age_offer.basis
        told.append(p.say("bycard.point_age", age=pack.age_offer.age, basis=basis))
    told.append(p.say("bycard.point_kept"))
    return tuple(told)


def reading_for_number(p: Painter, step: ReadingForNumber, frame: Frame) -> None:
    """Please hold still."""
    room = resident_page(p, frame, back=False)
    name = "reading.id" if step.card is CardKind.ID else "reading.social"
    sign = "card-account-details" if step.card is CardKind.ID else "credit-card-chip"
    patience(p, room, sign, p.say("reading.title"), p.say(name))


def offering_priority(p: Painter, step: OfferingPriority, frame: Frame) -> None:  # noqa: ARG001 - as above
    """One question, two answers of the same size. Nothing here says why."""
    look = p.look
    room = resident_page(p, frame)
    buttons, room = room.foot(max(look.target, 150.0) * 2 + look.gap * 1.5, look.gap * 2)
    patience(p, room, "account-check", p.say("bycard.offer"), p.say("bycard.offer_hint"))
    yes, no = buttons.rows(2, look.gap * 1.5)
    p.button("wants", yes, p.say("bycard.offer_yes"), AnsweredOffer(True), kind="primary", em=look.button * 1.2)
    p.button("declines", no, p.say("bycard.offer_no"), AnsweredOffer(False), em=look.button * 1.2)


def holding_already(p: Painter, step: HoldingAlready, frame: Frame) -> None:
    """The number, large; once more on paper, or on to the guide."""
    look, colors = p.look, p.colors
    room = resident_page(p, frame, back=False)
    text = p.say("bycard.holding_here" if step.issued else "bycard.holding")
    text += p.say(f"bycard.keep_{step.card.value}") if step.card else ""
    banner, room = room.top(note_height(p, text, room.w, look.button), look.gap)
    note(p, banner, text, "calm", look.button, name="holding")
    count = 3 if step.issued else 2
    foot, room = room.foot(max(look.target, 132.0) * count + look.gap * (count - 1), look.gap)
    rows = foot.rows(count, look.gap)
    if step.issued:
        p.button("print_again", rows[0], p.say("bycard.print_again"), WantsPaper(), kind="primary", icon="printer")
    p.button("end", rows[-2], p.say("apology.home"), Ended(), kind="plain" if step.issued else "primary")
    p.button("help_now", rows[-1], p.say("apology.help"), AskedForHelp(), icon="account-voice")
    number = room.top(min(room.h, look.height * 0.36))[0]
    p.fill(number, colors.card, 26, colors.accent, 5)
    inner = number.inset(look.gap * 1.2, look.gap)
    item = item_of(frame, step.issued.item) if step.issued else None
    head, rest = inner.top(look.button * 1.5)
    title = item_title(p, item) if item else p.say("bycard.your_number")
    p.text(head, title, look.button, bold=True, color=colors.ink_soft, down="middle", name="item")
    great_number(p, rest, step.label, min(rest.h * 1.12, 460.0))
