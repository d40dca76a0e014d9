"""Window panel: a number called by name, the reason when it is out of turn, and the held numbers."""

from hall.commands import OutOfOrder
from hall.ids import WindowId
from hall.queue import numbering
from hall.wire.board import WaitingShown
from hall.wire.shown import AsideShown
from kiosk.flows.panel_steps import PanelHeld, PanelPicking
from kiosk.flows.words import ChoseNumber, ChoseReason, PressedLetter
from kiosk.session import Frame
from kiosk.ui.screens.panel_sheets import sheet
from kiosk.ui.screens.panel_words import plan_of, told
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import choices
from kiosk.ui.widgets.keypad import fields, keypad
from kiosk.ui.widgets.marks import note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.ticket_facts import item_of, item_title
from kiosk.ui.widgets.tiles import tile

ROWS = 5
"""Letters stand in columns beside what was typed and the four rows of the number pad."""
REASON_ICONS = {
    OutOfOrder.CASE_CONTINUES: "file-document",
    OutOfOrder.OUR_MISTAKE: "hand-heart",
    OutOfOrder.NEEDS_CARE: "account-clock",
    OutOfOrder.SAME_FAMILY: "account-group",
    OutOfOrder.LEAD_DECIDED: "account-check",
}


def picking(p: Painter, step: PanelPicking, frame: Frame) -> None:
    """Draw number pad and waiting list; or the closed list of reasons."""
    if step.label is not None:
        _reasons(p, step, frame)
        return
    look = p.look
    room = sheet(p, step, frame, p.say("panel.pick_title"))
    letters = letters_of(frame)
    columns = max(1, -(-len(letters) // ROWS))
    gap = look.gap * 0.75
    key = max(look.target, min(104.0, (room.h - gap * (ROWS - 1)) / ROWS))
    beside = columns * key + (columns - 1) * gap
    left, right = room.left(beside + look.gap + 3 * (key + 20) + 2 * gap, look.gap * 1.5)
    keys, pad = left.left(beside, look.gap)
    lines = keys.top(ROWS * key + (ROWS - 1) * gap)[0].rows(ROWS, gap)
    for index, one in enumerate(letters):
        box = lines[index % ROWS].columns(columns, gap)[index // ROWS]
        kind = "chosen" if one == step.letter else "plain"
        p.button(f"letter:{one}", box, one, PressedLetter(one), kind=kind, em=look.button)
    shown, pad = pad.top(key * 0.85, gap + key * 0.15)
    letter, digits = shown.left((shown.w - look.gap * 1.8) / 4, look.gap * 0.6)
    fields(p, letter, step.letter, 1, hidden=False, name="letter")
    fields(p, digits, step.digits, numbering.LABEL_DIGITS, hidden=False, name="digits")
    pad = pad.top((ROWS - 1) * key + (ROWS - 2) * gap)[0]
    ready = bool(step.letter and step.digits and int(step.digits))
    more = len(step.digits) < numbering.LABEL_DIGITS
    keypad(p, pad, confirm=ready, erase=bool(step.letter or step.digits), digits=more)
    _waiting(p, _said(p, right, step, frame), frame)


def letters_of(frame: Frame) -> tuple[str, ...]:
    """Return the letters of the numbers that this window may call, 优先 last."""
    plan, pack = plan_of(frame), frame.pack
    if pack is None:
        return ()
    series: set[str] = set(plan.series) if plan else set()
    series |= {item.series for item in pack.items if frame.window in item.windows}
    return tuple(sorted(series | {pack.priority_series}, key=lambda one: (one == pack.priority_series, one)))


def may_pick(frame: Frame) -> list[WaitingShown]:
    """Return who waits and can be called here, by place."""
    tickets = frame.board.waiting_tickets if frame.board else ()
    return [one for one in tickets if _here(frame, one)]


def _here(frame: Frame, one: WaitingShown) -> bool:
    if one.bound is not None:
        return one.bound == frame.window
    item = item_of(frame, one.item)
    return item is not None and frame.window in item.windows


def _waiting(p: Painter, room: Box, frame: Frame) -> None:
    look, waiting = p.look, may_pick(frame)
    head, room = room.top(look.body * 1.4, look.gap * 0.5)
    p.text(head, p.say("panel.pick_waiting"), look.body, color=p.colors.ink_soft, down="middle", single=True)
    if not waiting:
        p.text(room, p.say("panel.nobody"), look.body, color=p.colors.ink_soft, name="nobody")
        return
    columns = 3 if room.w >= 3 * 140 + 2 * look.gap else 2
    choices(p, room, waiting, lambda box, one: _number(p, box, one, frame), columns=columns, least_h=98.0, most_h=112.0)


def _number(p: Painter, box: Box, one: WaitingShown, frame: Frame) -> None:
    look = p.look
    p.card(box)
    upper, lower = box.inset(6, 8).top(box.h * 0.5)
    p.text(
        upper,
        one.label,
        look.button,
        bold=True,
        color=p.colors.accent,
        across="center",
        down="middle",
        family="digits",
        by_ink=True,
        single=True,
    )
    minutes = max(0, round((frame.hall_time - one.since) / 60))
    away = one.away_until > frame.hall_time
    said = p.say("panel.pick_away") if away else p.say("panel.pick_minutes", minutes=minutes)
    p.text(lower, said, look.caption, color=p.colors.ink_soft, across="center", down="middle", single=True)
    p.target(f"number:{one.label}", box, f"{one.label} {said}", ChoseNumber(one.label))


def _reasons(p: Painter, step: PanelPicking, frame: Frame) -> None:
    look = p.look
    title = p.say("panel.reason_title", label=step.label or "")
    room = sheet(p, step, frame, title, p.say("panel.reason_under"))
    rows = [box for row in room.top(min(room.h, 430.0))[0].rows(3, look.gap) for box in row.columns(2, look.gap)]
    for box, reason in zip(rows, OutOfOrder, strict=False):
        text = p.say(f"reason.{reason.value}")
        p.button(
            f"reason:{reason.value}",
            box,
            text,
            ChoseReason(reason.value),
            icon=REASON_ICONS[reason],
            em=look.body * 1.1,
        )


def held(p: Painter, step: PanelHeld, frame: Frame) -> None:
    """Draw the held numbers, this window's first; those of open other windows are shown and left to them."""
    look = p.look
    aside = frame.board.aside if frame.board else ()
    found = [one for one in aside if one.state == "held" and _may_see(frame, one)]
    found.sort(key=lambda one: (one.window != frame.window, one.at))
    room = _said(p, sheet(p, step, frame, p.say("panel.held_title") if found else ""), step, frame)
    if not found:
        patience(p, room, "pause-circle", p.say("panel.held_none"), p.say("panel.held_none_hint"), drawing_h=170.0)
        return
    choices(
        p,
        room,
        found,
        lambda box, one: _held(p, box, one, frame),
        columns=2,
        least_h=look.target * (1.7 if look.large else 1.2),
        most_h=190.0 if look.large else 150.0,
    )


def _may_see(frame: Frame, one: AsideShown) -> bool:
    if one.window == frame.window:
        return True
    item = item_of(frame, one.item or "")
    return item is not None and frame.window in item.windows


def _held(p: Painter, box: Box, one: AsideShown, frame: Frame) -> None:
    look = p.look
    free = one.window == frame.window or not _is_open(frame, one.window)
    ink, soft = tile(p, box, enabled=free)
    inner = box.inset(look.gap * 0.75, 8)
    number_w = p.width(one.label, look.title, bold=True, family="digits") + 8
    number, words = inner.left(min(number_w, inner.w * 0.4), look.gap * 0.75)
    named = p.colors.accent if free else ink
    p.text(
        number, one.label, look.title, bold=True, color=named, down="middle", family="digits", by_ink=True, single=True
    )
    minutes = max(0, round((frame.hall_time - one.at) / 60))
    window = one.window or ""
    said = p.say("panel.held_row", window=window, minutes=minutes) if free else p.say("panel.held_open", window=window)
    item = item_of(frame, one.item or "")
    upper, lower = words.top(words.h * 0.52)
    if item is not None:
        p.text(upper, item_title(p, item), look.body, bold=True, color=ink, down="middle", line_em=1.15)
    p.text(lower if item else words, said, look.caption, color=soft, down="middle", line_em=1.15)
    p.target(f"number:{one.label}", box, f"{one.label} {said}", ChoseNumber(one.label), enabled=free)


def _is_open(frame: Frame, window: WindowId | None) -> bool:
    windows = frame.board.windows if frame.board else ()
    return any(shown.window == window and shown.state != "closed" for shown in windows)


def _said(p: Painter, room: Box, step: PanelPicking | PanelHeld, frame: Frame) -> Box:
    text, tone = told(p, step, frame)
    if not text:
        return room
    em = p.look.caption
    strip, rest = room.top(note_height(p, text, room.w, em), p.look.gap * 0.5)
    note(p, strip, text, tone, em, name="problem")
    return rest
