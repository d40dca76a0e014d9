"""Window panel and guide desk: a cut-off terminal's slip in hand. The number, its facts, and the one thing to do."""

from hall.calendar.working_days import local_datetime
from hall.desk_facts import TicketShown
from hall.events import TicketIssued
from hall.queue.tickets import TicketState
from kiosk.flows.bringing_in import BringingIn
from kiosk.flows.desk_words import PickedNumber
from kiosk.flows.steps import PanelReady
from kiosk.flows.words import ConfirmedMove, WentBack
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.marks import Tone, note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.places import place_name, terminal_name
from kiosk.ui.widgets.ticket_facts import great_number, item_of, item_title, windows_text

NUMBER_SHARE = 0.42
"""Of the width; the facts stand beside it."""
TONES: dict[str, Tone] = {"waiting": "fine", "done": "calm", "serving": "calm"}


def bringing_in(p: Painter, step: BringingIn, frame: Frame) -> None:
    """Draw what was found, and what can be done now."""
    look = p.look
    who = p.say("staff.who", name=step.name, staff=step.staff)
    _, room = staff_header(p, frame, place=place_name(p, frame), who=who)
    room = room.inset(look.margin, look.gap)
    foot, room = room.foot(max(look.target, 112.0), look.gap)
    _ways_on(p, foot, step)
    issued = step.shown.issued if step.shown is not None else step.slip.issued if step.slip is not None else None
    if step.why or issued is None:
        _no_number(p, room, step)
        return
    text, tone = _news(p, step)
    strip, room = room.top(note_height(p, text, room.w, look.body * 1.1), look.gap)
    note(p, strip, text, tone, look.body * 1.1, name="news")
    _facts(p, room, step, issued, frame)


def _ways_on(p: Painter, foot: Box, step: BringingIn) -> None:
    """Back always; the next step where there is one."""
    at_window = isinstance(step.before, PanelReady)
    left, right = foot.columns(2, p.look.gap)
    if step.shown is not None and not at_window:
        p.button("back", left, p.say("bring.finish"), WentBack(), kind="primary", icon="check-bold")
        p.button("open", right, p.say("bring.open"), PickedNumber(step.shown.issued.label), icon="magnify")
    elif step.slip is not None and step.shown is None and not step.why:
        p.button("back", left, p.say("bar.back"), WentBack(), icon="arrow-left", enabled=not step.asking)
        yes = p.say("bring.call" if at_window else "bring.join")
        icon = "bullhorn" if at_window else "account-plus"
        p.button("yes", right, yes, ConfirmedMove(), kind="primary", icon=icon, enabled=not step.asking)
    else:
        p.button("back", foot, p.say("bar.back"), WentBack(), kind="primary", icon="arrow-left")


def _no_number(p: Painter, room: Box, step: BringingIn) -> None:
    if not step.why:
        patience(p, room, "qrcode-scan", p.say("bring.checking"), drawing_h=170.0)
        return
    title, now = p.say(f"bring.no_{step.why}"), p.say(f"bring.no_{step.why}_now")
    patience(p, room, "qrcode-scan", title, now, drawing_h=170.0)


def _news(p: Painter, step: BringingIn) -> tuple[str, Tone]:
    if step.asking:
        return p.say("bring.asking"), "calm"
    if step.shown is None:
        return p.say("bring.believed"), "fine"
    return _stands(p, step.shown), TONES.get(step.shown.state, "attention")


def _stands(p: Painter, shown: TicketShown) -> str:
    """Where the number stands now."""
    if shown.state in (TicketState.CALLED, TicketState.SERVING) and shown.window is None:
        return p.say("bring.state_elsewhere")
    return p.say(f"bring.state_{shown.state}", window=shown.window or "", label=shown.issued.label)


def _facts(p: Painter, room: Box, step: BringingIn, issued: TicketIssued, frame: Frame) -> None:
    look, colors = p.look, p.colors
    number, facts = room.left(room.w * NUMBER_SHARE, look.gap)
    p.fill(number, colors.card, 26, colors.accent, 5)
    great_number(p, number.inset(look.gap, look.gap), issued.label, min(number.h * 0.8, number.w * 0.36))
    item = item_of(frame, issued.item)
    windows = step.shown.windows if step.shown is not None else item.windows if item is not None else ()
    told = [("item", p.say("bring.item"), item_title(p, item) if item is not None else issued.item)]
    if windows:
        told.append(("windows", p.say("ticket.windows"), windows_text(p, windows)))
    at = local_datetime(issued.issued_at).strftime("%H:%M")
    where = terminal_name(p, step.slip.terminal) if step.slip is not None else ""
    told.append(("taken", p.say("bring.taken"), p.say("bring.taken_at", time=at, terminal=where)))
    order = "priority" if issued.priority or (item is not None and item.priority) else "ordinary"
    told.append(("order", p.say("bring.order"), p.say(f"bring.order_{order}")))
    p.card(facts)
    rows = facts.inset(look.gap, look.gap * 0.75).rows(len(told), look.gap * 0.5)
    name_w = max(p.width(name, look.body) for _, name, _ in told) + look.gap
    for row, (key, name, value) in zip(rows, told, strict=True):
        label, words = row.left(min(name_w, row.w * 0.42), look.gap * 0.5)
        p.text(label, name, look.body, color=colors.ink_soft, down="middle", line_em=1.15)
        p.text(words, value, look.body * 1.15, bold=True, down="middle", line_em=1.15, name=key)
