"""The first screens: not ready yet, and the home screen of self service (FLW-01)."""

from hall.health.states import State
from hall.wire.board import Board
from kiosk.flows.notice_steps import WantsGuide
from kiosk.flows.steps import Home, NotReady
from kiosk.flows.waiting_words import duration_text
from kiosk.flows.words import WantsStatement, WantsTicket
from kiosk.session import Frame
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.drawings import lay_on, put_in
from kiosk.ui.widgets.header import hall_title
from kiosk.ui.widgets.hours import closing
from kiosk.ui.widgets.marks import note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience


def not_ready(p: Painter, step: NotReady, frame: Frame) -> None:
    """Never met the server: say so and wait politely."""
    look, colors = p.look, p.colors
    p.fill(p.surface, colors.paper)
    room = p.surface.inset(look.margin, look.margin)
    public = step.role == "self_service"
    patience(
        p, room, "clock-outline", p.say("not_ready.title"), p.say("not_ready.public" if public else "not_ready.staff")
    )
    told = p.say("not_ready.place", terminal=frame.terminal)
    p.text(
        p.surface.inset(look.margin).foot(look.caption * 2)[0],
        told,
        look.caption,
        across="center",
        color=colors.ink_soft,
    )


def home(p: Painter, step: Home, frame: Frame) -> None:  # noqa: ARG001 - all screens are called alike
    """Greet, name the hall, ask what is needed; two great tiles, then the card and the waiting people."""
    look = p.look
    room = resident_page(p, frame, back=False)
    greeting = p.say("home.greeting", hall=hall_title(p, frame))
    used = p.text(room.top(look.title * 2.8)[0], greeting, look.title, bold=True, name="greeting")
    _, room = room.top(used, 2)
    used = p.text(room, p.say("home.question"), look.button * 1.1, color=p.colors.ink_soft, name="question")
    _, room = room.top(used, look.gap * 1.2)
    below = _troubles(p, room, frame)
    crowded, room = look.large and below.h < room.h, below
    foot, room = room.foot(look.caption * 1.6, look.gap * 0.75)
    if frame.pack:
        told = p.say("home.phones", hotline=frame.pack.hotline, supervision=frame.pack.supervision)
        p.text(foot, told, look.caption, color=p.colors.ink_soft, across="center", single=True)
    people, room = room.foot(look.body * 2.7, look.gap)
    _people(p, people, frame)
    if not crowded and reads_cards(
        frame
    ):  # in large print a trouble needs the room; the card still works without being asked for
        strip, room = room.foot(_strip_height(p, room), look.gap)
        _card_strip(p, strip)
    guide, room = room.foot(max(look.target, 112.0), look.gap)
    p.button("guide", guide, p.say("home.guide"), WantsGuide(), kind="quiet", icon="clipboard-list", em=look.button)
    tiles = room.rows(2, look.gap) if look.large else room.columns(2, look.gap)
    _tile(p, tiles[0], "take_ticket", "ticket-confirmation", WantsTicket(), primary=True)
    _tile(p, tiles[1], "query_print", "file-search", WantsStatement(), primary=False)


def _troubles(p: Painter, room: Box, frame: Frame) -> Box:
    broken = any(d.kind == "slip_printer" and (d.state == State.DOWN or not d.may_serve) for d in frame.devices)
    text = p.say("home.printer_fault") if broken else ""
    if not text and frame.board is not None and not frame.board.taking_tickets:
        text = closing(p, frame, "home") or p.say("home.closed", hotline=frame.pack.hotline if frame.pack else "12333")
    if not text and frame.server_away:
        text = p.say("home.server_away")
    if not text:
        return room
    box, rest = room.top(note_height(p, text, room.w), p.look.gap)
    note(p, box, text, "attention" if broken else "calm")
    return rest


def _tile(p: Painter, box: Box, name: str, icon: str, tap: WantsTicket | WantsStatement, *, primary: bool) -> None:
    look, colors = p.look, p.colors
    ground, ink, soft = (
        (colors.primary, colors.on_primary, colors.on_primary)
        if primary
        else (colors.card, colors.accent, colors.ink_soft)
    )
    p.fill(box, ground, 28, colors.primary, 5)
    title, under = p.say(f"home.{name}"), p.say(f"home.{name}_hint")
    inner = box.inset(look.gap * 1.3)
    if look.large:
        sign, words = inner.left(min(inner.h, 210.0), look.gap)
        p.icon(sign, icon, min(sign.w, sign.h) * 0.8, ink)
        em = look.title * 1.2
        title_h = p.height(title, em, words.w, bold=True)
        under_h = p.height(under, look.body, words.w)
        block = words.middle(words.w, min(words.h, title_h + under_h))
        upper, lower = block.top(title_h * block.h / (title_h + under_h))
        p.text(upper, title, em, bold=True, color=ink, down="bottom")
        p.text(lower, under, look.body, color=soft)
    else:
        drawing_h = min(inner.h * 0.4, 220.0)
        block = inner.middle(inner.w, min(inner.h, drawing_h + look.title * 1.9 + look.body * 3.1 + look.gap))
        sign, words = block.top(drawing_h, look.gap)
        p.icon(sign, icon, min(sign.w, sign.h), ink)
        upper, lower = words.top(look.title * 1.9)
        p.text(upper, title, look.title * 1.35, bold=True, color=ink, across="center", down="middle", line_em=1.2)
        p.text(lower, under, look.body, color=soft, across="center")
    p.target(name, box, title, tap, radius=28)


def _strip_height(p: Painter, room: Box) -> float:
    """As high as its words need, so that they are never set small; at least enough for the drawing."""
    look = p.look
    wide = (room.w - look.gap * 2) * (1 - _drawing_share(p)) - look.gap
    title_h = p.height(p.say("home.card"), look.button, wide, bold=True)
    hint_h = p.height(p.say("home.card_hint"), look.body, wide)
    return min(max(title_h + hint_h + look.gap * 1.5, 240.0), room.h * 0.4)


def reads_cards(frame: Frame) -> bool:
    """At least one reader is not known to be out of order; unreported readers are given the benefit of the doubt."""
    told = [d.may_serve and d.state != State.DOWN for d in frame.devices if d.kind in ("id_reader", "card_reader")]
    return any(told) or not told


def _drawing_share(p: Painter) -> float:
    return 0.3 if p.look.large else 0.4


def _card_strip(p: Painter, box: Box) -> None:
    look = p.look
    p.fill(box, p.colors.tint, 22, p.colors.accent if look.contrast else "")
    inner = box.inset(look.gap, look.gap * 0.5)
    drawing, words = inner.left(inner.w * _drawing_share(p), look.gap)
    left, right = drawing.columns(2, look.gap)
    lay_on(p, left)
    put_in(p, right)
    title, hint = p.say("home.card"), p.say("home.card_hint")
    title_h = p.height(title, look.button, words.w, bold=True)
    hint_h = p.height(hint, look.body, words.w)
    block = words.middle(words.w, min(words.h, title_h + hint_h))
    upper, lower = block.top(title_h * block.h / (title_h + hint_h))
    p.text(upper, title, look.button, bold=True, color=p.colors.on_tint)
    p.text(lower, hint, look.body, color=p.colors.ink_soft)


def _usual(p: Painter, board: Board) -> str:
    return duration_text(p.say, max(1, board.typical_wait_min))


def _people(p: Painter, box: Box, frame: Frame) -> None:
    look, board = p.look, frame.board
    if board is None:
        return
    p.card(box)
    if not board.taking_tickets and frame.pack is not None:
        told = p.say("home.hours", hours=frame.pack.hours)
        p.text(box.inset(look.gap, 4), told, look.body, across="center", down="middle", line_em=1.25, name="hours")
        return
    cells = box.inset(look.gap, 4).columns(2, look.gap)
    p.line((box.x + box.w / 2, box.y + 20, box.x + box.w / 2, box.bottom - 20), p.colors.line, 3)
    nobody = board.waiting == 0
    waiting = p.say("home.nobody_waiting") if nobody else p.say("home.waiting", count=board.waiting)
    wait = p.say("home.no_wait") if nobody else p.say("home.typical_wait", wait=_usual(p, board))
    if frame.server_away:  # what the last board said is old by now
        waiting = p.say("home.waiting_about", count=board.waiting)
        wait = p.say("home.wait_unknown")
    for cell, sign, text in zip(cells, ("account-group", "clock-outline"), (waiting, wait), strict=True):
        mark, words = cell.left(look.body * 1.5, look.gap * 0.5)
        p.icon(mark, sign, look.body * 1.4)
        p.text(words, text, look.body, down="middle")
