"""Guide desk: 开门检查. Lines that the devices have filled in and the guide's eye puts right; one touch signs them."""

from collections.abc import Sequence

from hall.calendar.working_days import local_datetime
from hall.services.opening_checklist import NOT_HEARD, LineNow, checklist, missing, prefilled, with_signed
from hall.upkeep import LineSigned, LineState
from hall.wire.upkeep_shown import OpeningShown
from kiosk.flows.desk_steps import DeskUpkeep
from kiosk.flows.upkeep_words import MarkedLine, SignsOpening
from kiosk.session import Frame
from kiosk.ui.screens.desk_floor import code_name, fitting, kind_name
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import choices
from kiosk.ui.widgets.marks import ICONS, Tone, note_on_top, tones
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.places import terminal_name

TONES: dict[LineState, Tone] = {
    LineState.OPEN: "attention",
    LineState.FINE: "fine",
    LineState.FAULT: "fault",
}
CLOSE_SET = 0.86
"""Rows are set closer (1.2 em) than text is measured (1.45 em)."""
TITLE_EM = 1.4
"""Height of a row's title, in ems of the body."""


def lines_now(frame: Frame, marks: tuple[tuple[str, LineState], ...] = ()) -> tuple[LineNow, ...]:
    """Return today's lines: as signed, else as the guide marked them, else as the devices seem. Cut off: unknown."""
    if frame.pack is None:
        return ()
    floor = () if frame.server_away else frame.floor
    tests = frame.board.self_tests if frame.board else ()
    found = prefilled(checklist(frame.pack.terminals, frame.pack.opening), floor, tests)
    marked = dict(marks)
    return tuple(
        LineNow(line=one.line, state=marked[one.line.id], code=one.code if marked[one.line.id] is one.state else "")
        if one.line.id in marked
        else one
        for one in with_signed(found, opening_of(frame).signed)
    )


def opening_of(frame: Frame) -> OpeningShown:
    """Return what is signed of the board's own day."""
    board = frame.board
    return board.opening if board is not None and board.opening.day == board.day else OpeningShown()


def line_title(p: Painter, one: LineNow) -> str:
    """Return what a line is about, such as 1号自助机 · 打印机和纸."""
    line = one.line
    if line.terminal is None:
        return line.title if p.look.language == "zh" or not line.title_en else line.title_en
    name = line.title if p.look.language == "zh" else terminal_name(p, line.terminal)
    return name if line.kind == "terminal" else name + p.say("dot") + p.say(f"upkeep.paper_{line.kind}")


def opening(p: Painter, room: Box, step: DeskUpkeep, frame: Frame) -> None:
    """Draw what is signed, the lines in two columns, and the button that signs."""
    look = p.look
    every = lines_now(frame, step.marks)
    foot, room = room.foot(max(look.target * 1.25, 108.0), look.gap * 0.75)
    _sign(p, foot, step, frame, every)
    text = _summary(p, frame, every)
    room = note_on_top(p, room, text, "attention" if missing(every) else "fine", look.caption * 1.1, name="opening")
    busy = step.signing
    high = row_height(p, room, [_stands(p, one) for one in every])
    choices(p, room, every, lambda box, one: _row(p, box, one, busy=busy), columns=columns(p), least_h=high,
            most_h=max(high, 140.0))  # fmt: skip


def columns(p: Painter) -> int:
    """Two beside each other, one in large print."""
    return 1 if p.look.large else 2


def row_height(p: Painter, room: Box, texts: Sequence[str]) -> float:
    """Height of a row with a title and the longest of these texts under it, sign and edges counted."""
    look = p.look
    wide = room.columns(columns(p), look.gap)[0].w - 28 - look.body * 1.5 - 10
    longest = max((p.height(text, look.caption, wide) for text in texts), default=0.0)
    return max(look.target, look.body * TITLE_EM + longest * CLOSE_SET + 20)


def _summary(p: Painter, frame: Frame, every: tuple[LineNow, ...]) -> str:
    signed, left = opening_of(frame), len(missing(every))
    if not signed.signed:
        return p.say("opening.hint")
    told = p.say("opening.signed", time=local_datetime(signed.at).strftime("%H:%M"), name=_name(frame, signed.staff))
    return told if not left else told + p.say("sentence.space") + p.say("opening.left", count=left)


def _name(frame: Frame, staff: str) -> str:
    return frame.pack.staff_names.get(staff, staff) if frame.pack else staff


def _row(p: Painter, box: Box, one: LineNow, *, busy: bool) -> None:
    look, tone = p.look, "attention" if one.warn else TONES[one.state]
    ink, ground = tones(p, tone)
    p.fill(box, p.colors.card if tone == "fine" else ground, 18.0, p.colors.outline if tone == "fine" else ink, 3.0)
    sign, words = box.inset(14, 8).left(look.body * 1.5, 10)
    p.icon(sign, ICONS["calm"] if one.state is LineState.OPEN else ICONS[tone], look.body * 1.4, ink)
    upper, lower = words.top(look.body * TITLE_EM)
    p.text(upper, fitting(p, upper.w, look.body, line_title(p, one)), look.body, bold=True, down="middle", single=True)
    p.text(lower, _stands(p, one), look.caption, color=p.colors.ink_soft if tone == "fine" else ink, down="middle",
           line_em=1.2, name=f"line:{one.line.id}")  # fmt: skip
    other = LineState.FAULT if one.state is LineState.FINE else LineState.FINE
    p.target(f"mark:{one.line.id}", box, line_title(p, one), MarkedLine(one.line.id, other), enabled=not busy)


def _stands(p: Painter, one: LineNow) -> str:
    """Return the state in words; of what is not fine which device, its fault and what to do."""
    mark = p.say("dot") + p.say("opening.line_signed") if one.signed else ""
    if one.state is LineState.OPEN:
        return p.say("opening.not_heard" if one.code == NOT_HEARD else "opening.look")
    if one.state is LineState.FINE:
        return p.say("opening.fine") + mark
    if not one.code:
        return p.say("opening.fault") + mark
    named = kind_name(p, one.kind) + p.say("dot") if one.kind else ""
    told = named + code_name(p, one.code) + mark
    action = one.action or p.say("opening.do")
    return f"{told}\n{action}"


def _sign(p: Painter, foot: Box, step: DeskUpkeep, frame: Frame, every: tuple[LineNow, ...]) -> None:
    """Draw the one great button: it signs what was looked at, and says how much was not."""
    looked = tuple(one for one in every if one.state is not LineState.OPEN)
    fresh = any(not one.signed for one in looked)
    lines = tuple(LineSigned(one.line.id, one.state.value, one.code) for one in looked)
    day = frame.board.day if frame.board else ""
    if step.signing:
        text = p.say("opening.signing")
    elif not fresh and opening_of(frame).signed:
        text = p.say("opening.done" if not missing(every) else "opening.look_first")
    else:
        left = len(every) - len(looked)
        text = p.say("opening.sign", name=step.name) if not left else p.say("opening.sign_part", count=left)
    may = fresh and bool(day) and not step.signing and not frame.server_away
    tap = SignsOpening(frame.board.day, lines) if frame.board and lines else None
    p.button("sign", foot, text, tap, kind="primary", icon="draw", em=p.look.button,
             enabled=may and tap is not None)  # fmt: skip
