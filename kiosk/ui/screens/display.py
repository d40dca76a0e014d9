"""The hall display: number → window, five rows, legible at 12 m; the newest inverts three times, then stays marked."""

from kiosk.flows.hall_day import has_closed
from kiosk.flows.steps import CallRow, DisplayShowing
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import hall_clock, hall_title
from kiosk.ui.widgets.hours import closing
from kiosk.ui.widgets.marks import pill
from kiosk.ui.widgets.painter import Painter

ROWS = 5
DIGIT_SHARE = 0.71
"""Ink height of a digit of the digits family, in em."""


def display(p: Painter, step: DisplayShowing, frame: Frame) -> None:
    """Draw header, rows, waiting strip."""
    look = p.look
    head, room = p.surface.top(look.height * 0.115)
    _header(p, head, frame)
    strip, room = room.foot(look.height * 0.1)
    _strip(p, strip, frame)
    room = room.inset(look.width * 0.018, look.height * 0.013)
    shut = closing(p, frame, "display") if frame.board is not None and has_closed(frame.board) else ""
    if shut or not step.rows:
        used = p.text(
            room.middle(room.w * 0.9, look.height * 0.2),
            shut or p.say("display.nobody"),
            look.height * 0.075,
            bold=True,
            across="center",
            down="middle",
            color=p.colors.ink_soft,
            name="resting",
        )
        del used
        return
    for box, row in zip(room.rows(ROWS, look.height * 0.009), step.rows, strict=False):
        _row(p, box, row)


def _header(p: Painter, band: Box, frame: Frame) -> None:
    colors = p.colors
    p.fill(band, colors.header)
    em = band.h * 0.46
    inner = band.inset(p.look.width * 0.02, band.h * 0.1)
    clock_em = em * 1.35
    clock, inner = inner.far(p.width("00:00", clock_em, bold=True, family="digits") + 4, band.h * 0.3)
    hall_clock(p, clock, clock_em)
    if frame.pack and frame.pack.sample:
        wide = p.width(p.say("mark.sample"), em * 0.7, bold=True) + em * 0.8
        mark, inner = inner.far(wide, band.h * 0.3)
        pill(p, mark.right, mark.y + (mark.h - em * 1.12) / 2, p.say("mark.sample"), em * 0.7, name="sample")
    p.text(inner, hall_title(p, frame), em, bold=True, color=colors.on_header, down="middle", single=True, name="hall")


def _row(p: Painter, box: Box, row: CallRow) -> None:
    colors = p.colors
    inverted = row.newest and p.blink
    ground = colors.primary if inverted else colors.tint if row.newest else colors.card
    ink = colors.on_primary if inverted else colors.ink
    strong = colors.on_primary if inverted else colors.accent
    p.fill(box, ground, 16, colors.primary if row.newest else colors.line, 6 if row.newest else 2)
    if row.newest:
        p.fill(Box(box.x, box.y, box.w * 0.012, box.h), colors.primary, 0)
    em = min(box.h * 0.78 / DIGIT_SHARE, box.w * 0.13)
    inner = box.inset(box.w * 0.03, 0)
    left, rest = inner.left(inner.w * 0.46)
    p.text(
        left,
        row.label,
        em,
        bold=True,
        color=strong,
        down="middle",
        family="digits",
        by_ink=True,
        line_em=0.8,
        single=True,
        name=f"call:{row.call_seq}",
    )
    arrow, rest = rest.left(inner.w * 0.12)
    p.icon(arrow, "arrow-right-bold", box.h * 0.6, strong)
    right, rest = rest.left(p.width(row.window, em, bold=True, family="digits") + em * 0.12)
    p.text(
        right,
        row.window,
        em,
        bold=True,
        color=ink,
        down="middle",
        family="digits",
        by_ink=True,
        line_em=0.8,
        single=True,
        name=f"window:{row.call_seq}",
    )
    unit_em = box.h * 0.34
    p.text(rest, p.say("display.window"), unit_em, bold=True, color=ink, down="middle", single=True)
    if row.priority:
        pill_em = box.h * 0.27
        pill(
            p,
            inner.right,
            box.y + (box.h - pill_em * 1.6) / 2,
            p.say("mark.priority"),
            pill_em,
            name=f"priority:{row.call_seq}",
        )


def _strip(p: Painter, box: Box, frame: Frame) -> None:
    colors, board = p.colors, frame.board
    p.fill(box, colors.card)
    p.fill(box.top(3)[0], colors.line)
    inner = box.inset(p.look.width * 0.02, box.h * 0.12)
    em = box.h * 0.42
    if frame.pack is not None:
        text = frame.pack.missed_rule if p.look.language == "zh" else frame.pack.missed_rule_en
        text = text.replace("。", "。\n", 1)
        side, inner = inner.far(inner.w * 0.58, em)
        p.text(
            side, text, em * 0.72, color=colors.ink_soft, across="right", down="middle", line_em=1.2, name="missed_rule"
        )
    if board is not None:
        key = "display.waiting" if board.waiting else "display.nobody_waits"
        key = "display.away" if frame.server_away else key
        told = p.say(key, count=board.waiting, minutes=max(1, board.typical_wait_min))
        p.text(inner, told, em, bold=True, down="middle", single=True, name="waiting")
