"""One's own slip under the scanner: being looked up, where it stands, and a code that is none of ours."""

from hall.errors import Reason
from hall.queue.tickets import TicketState
from kiosk.flows.desk_numbers import leased_of
from kiosk.flows.slip_steps import LookingUpSlip, StrangeCode, TellingSlip
from kiosk.flows.words import AskedForHelp, Ended, WantsTicket
from kiosk.session import Frame
from kiosk.ui.screens.ticket import fact_cards
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import Tone, note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.stop_card import stop_card
from kiosk.ui.widgets.ticket_facts import facts, great_number, item_of, item_title

OVER = (TicketState.DONE, TicketState.CANCELLED, TicketState.LAPSED)
"""Whoever has such a number needs another one."""
AWAY = (Reason.SERVER_AWAY, Reason.TOO_LATE)
NUMBER_MOST = 0.26
"""Height of the number with its frame, as a share of the screen."""


def looking_up(p: Painter, step: LookingUpSlip, frame: Frame) -> None:
    """One calm sentence."""
    room = resident_page(p, frame, back=False)
    patience(p, room, "qrcode-scan", p.say("slip.looking"), p.say("slip.looking_hint", label=step.label))


def telling_slip(p: Painter, step: TellingSlip, frame: Frame) -> None:
    """What to do now, then the number, then the facts for walking."""
    look, shown = p.look, step.shown
    room = resident_page(p, frame, back=False)
    tone, text = _news(p, step)
    em = look.title if not look.large else look.button
    banner, room = room.top(note_height(p, text, room.w, em), look.gap)
    note(p, banner, text, tone, em, name="news")
    room = _ways_on(p, room, over=shown.state in OVER)
    waits = shown.state in (TicketState.WAITING, TicketState.CALLED)
    told = facts(p, shown.issued, leased_of(shown), frame) if waits else []
    if shown.state == TicketState.CALLED:  # the window alone matters now
        told = []
    lines = len(told) if look.large else -(-len(told) // 2)
    facts_h = lines * (look.body * (2.7 if look.large else 4.2) + look.gap) - look.gap if lines else 0.0
    number, room = room.top(min(room.h - facts_h - look.gap, look.height * NUMBER_MOST), look.gap)
    _number(p, number, step, frame)
    if lines:
        fact_cards(p, room.top(facts_h)[0], told, lines)


def _ways_on(p: Painter, room: Box, *, over: bool) -> Box:
    look = p.look
    foot, room = room.foot(max(look.target, 116.0), look.gap)
    if not over:
        p.button("end", foot, p.say("slip.close"), Ended(), kind="primary")
        return room
    first, second = foot.columns(2, look.gap)
    p.button("take_ticket", first, p.say("slip.take_ticket"), WantsTicket(), kind="primary")
    p.button("end", second, p.say("slip.close"), Ended())
    return room


def _number(p: Painter, box: Box, step: TellingSlip, frame: Frame) -> None:
    look, colors = p.look, p.colors
    p.fill(box, colors.card, 26, colors.accent, 5)
    head, rest = box.inset(look.gap * 1.2, look.gap).top(look.button * 1.5)
    item = item_of(frame, step.shown.issued.item)
    title = item_title(p, item) if item else ""
    p.text(head, title, look.button, bold=True, color=colors.ink_soft, down="middle", name="item")
    great_number(p, rest, step.shown.issued.label, min(rest.h * 1.12, 460.0))


def _news(p: Painter, step: TellingSlip) -> tuple[Tone, str]:
    """Where the number stands, as one or two sentences that say what to do now."""
    shown = step.shown
    quote = shown.issued.quote
    if shown.returned and quote is not None:
        return "fine", p.say("slip.returned", count=quote.people_ahead)
    tones: dict[str, Tone] = {"waiting": "fine", "called": "attention", "serving": "calm", "held": "calm"}
    tones |= {"done": "calm"}
    return tones.get(shown.state, "attention"), p.say(f"slip.state_{shown.state}", window=shown.window or "")


def strange_code(p: Painter, step: StrangeCode, frame: Frame) -> None:
    """Say politely what was not read, and offer the ways on."""
    look = p.look
    room = resident_page(p, frame, back=False)
    kind = "away" if step.reason in AWAY else "strange" if step.reason is None else "unknown"
    sentences = (p.say(f"slip.{kind}"), p.say(f"slip.{kind}_now"))
    first, second, third = stop_card(p, room, p.say(f"slip.{kind}_title"), sentences, 3).rows(3, look.gap)
    p.button("end", first, p.say("apology.home"), Ended(), kind="primary")
    p.button("take_ticket", second, p.say("slip.take_ticket"), WantsTicket())
    p.button("help_now", third, p.say("apology.help"), AskedForHelp(), icon="account-voice")
