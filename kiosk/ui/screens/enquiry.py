"""查询打印 before the card: which record, and the privacy notice: who, what for, how long."""

from hall.statements.forms import CERTIFICATE
from kiosk.flows.steps import ChoosingForm, Notice
from kiosk.flows.words import ActsForOther, Agreed, ChoseForm, WentBack
from kiosk.session import Frame
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import choices
from kiosk.ui.widgets.header import hall_title
from kiosk.ui.widgets.marks import heading, note, note_height
from kiosk.ui.widgets.painter import Painter

POINTS = (("account-check", "who"), ("target", "why"), ("timer-sand", "long"), ("shield-lock", "safe"))


def form_title(p: Painter, frame: Frame, form: str) -> str:
    """Return the form's title; the catalogue has English for the forms that it knows."""
    title = frame.pack.statement_forms.get(form, form) if frame.pack else form
    if p.look.language == "zh":
        return title
    known = p.say(f"form.{form}")
    return title if known == f"form.{form}" else known


def choosing_form(p: Painter, step: ChoosingForm, frame: Frame) -> None:
    """Which statement."""
    look = p.look
    room = heading(p, resident_page(p, frame), p.say("form.title"), p.say("form.hint"))
    if step.card is not None:
        text = p.say(f"form.card_{step.card.value}")
        strip, room = room.top(note_height(p, text, room.w), look.gap)
        note(p, strip, text, "fine")
    quiet, room = room.foot(max(look.target, 104.0), look.gap)
    p.button("proxy", quiet, p.say("proxy.begin"), ActsForOther(), icon="account-multiple", em=look.body)
    form_choices(p, room, frame)


def form_choices(p: Painter, room: Box, frame: Frame) -> None:
    """Draw every form that the hall offers."""
    look = p.look
    forms = tuple(frame.pack.statement_forms) if frame.pack else ()

    def draw(box: Box, form: str) -> None:
        title = form_title(p, frame, form)
        p.card(box, radius=22)
        sign, words = box.inset(look.gap * 1.2).left(min(box.h * 0.7, 130.0), look.gap * 1.2)
        p.icon(sign, "file-document", min(sign.w, sign.h))
        arrow, words = words.far(look.button * 1.4, look.gap)
        p.icon(arrow, "chevron-right", look.button * 1.5)
        upper, lower = words.top(words.h * 0.55)
        p.text(upper, title, look.button * 1.12, bold=True, down="middle", line_em=1.2)
        year = p.say("form.year", year=frame.pack.statement_year) if frame.pack else ""
        year = p.say("form.to_date") if form == CERTIFICATE else year
        p.text(lower, year, look.body, color=p.colors.ink_soft, down="middle", line_em=1.2)
        p.target(f"form:{form}", box, title, ChoseForm(form), radius=22)

    high = 230.0 if look.large else 200.0
    choices(p, room, forms, draw, columns=1, least_h=high * 0.8, most_h=high)


def notice(p: Painter, step: Notice, frame: Frame) -> None:
    """Privacy notice before any card is read."""
    title = hall_title(p, frame)
    texts = [(sign, p.say(f"notice.{key}"), p.say(f"notice.{key}_text", hall=title)) for sign, key in POINTS]
    notice_page(p, frame, p.say("notice.title"), p.say("notice.lead", form=form_title(p, frame, step.form)), texts)


def notice_page(p: Painter, frame: Frame, title: str, lead: str, texts: list[tuple[str, str, str]]) -> None:
    """Draw a notice, each point as sign, head and text, with agreeing and not agreeing below."""
    look = p.look
    room = heading(p, resident_page(p, frame), title, lead)
    buttons, room = room.foot(max(look.target, 140.0), look.gap * 1.5)
    no, yes = buttons.left(buttons.w * 0.36, look.gap)
    p.button("disagree", no, p.say("notice.disagree"), WentBack())
    p.button("agree", yes, p.say("notice.agree"), Agreed(), kind="primary")
    inner_w = room.w - look.gap * 4 - look.title * 1.6
    for em in (look.button, look.body * 1.06, look.body):  # as large as the room allows: this must be read
        heights = [p.height(h, em * 1.12, inner_w, bold=True) + p.height(t, em, inner_w) for _, h, t in texts]
        if sum(heights) + look.gap * 8 <= room.h:
            break
    between = min(look.gap * 2, max(0.0, (room.h - sum(heights) - look.gap * 3) / (len(texts) - 1)))
    card, _ = room.top(min(room.h, sum(heights) + between * (len(texts) - 1) + look.gap * 3))
    p.card(card, radius=26)
    inner = card.inset(look.gap * 1.5)
    for (sign, head, text), height in zip(texts, heights, strict=True):
        row, inner = inner.top(height, between)
        mark, words = row.left(look.title * 1.6, look.gap)
        p.icon(mark.top(look.title * 1.3)[0], sign, look.title * 1.05)
        used = p.text(words, head, em * 1.12, bold=True)
        _, words = words.top(used)
        p.text(words, text, em, color=p.colors.ink_soft)
