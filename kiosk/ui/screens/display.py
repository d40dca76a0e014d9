"""The hall display: number → window, five rows, legible at 12 m; the newest inverts three times, then stays marked."""

from hall.ids import TicketLabel
from hall.wire.board import Board
from hall.wire.pack_shown import PackShown
from kiosk.flows.hall_day import has_closed
from kiosk.flows.steps import CallRow, DisplayShowing
from kiosk.flows.waiting_words import duration_text
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
    head, room = p.surface.top(look.height * 0.095)
    _header(p, head, frame)
    strip, room = room.foot(look.height * 0.12)
    _strip(p, strip, step, frame)
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


def _strip(p: Painter, box: Box, step: DisplayShowing, frame: Frame) -> None:
    colors, board = p.colors, frame.board
    p.fill(box, colors.card)
    p.fill(box.top(3)[0], colors.line)
    inner = box.inset(p.look.width * 0.02, box.h * 0.06)
    em = box.h * 0.36
    if frame.pack is not None:
        side, inner = inner.far(inner.w * 0.62, em)
        if step.missed:
            _missed(p, side, step.missed, frame.pack)
        else:
            _rule(p, side, em, frame)
    if board is not None:
        told = p.say(_hall_now(board, frame), count=board.waiting, wait=_usual(p, board))
        p.text(inner, told, em, bold=True, down="middle", line_em=1.2, name="waiting")


def _usual(p: Painter, board: Board) -> str:
    return duration_text(p.say, max(1, board.typical_wait_min))


def _hall_now(board: Board, frame: Frame) -> str:
    """Return the words for how the hall is; a board from before an outage knows nothing of now."""
    if frame.server_away:
        return "display.away"
    if board.waiting:
        return "display.waiting"
    if has_closed(board) and board.hours in ("cut_off", "closed", "resting"):
        return "display.all_done"
    return "display.no_more" if board.hours in ("cut_off", "closed") else "display.nobody_waits"


def _rule(p: Painter, side: Box, em: float, frame: Frame) -> None:
    """What to do about a missed call, while anybody may be called; otherwise when the hall is open."""
    pack, board, english = frame.pack, frame.board, p.look.language == "en"
    if pack is None:
        return
    idle = board is not None and not board.waiting and not board.taking_tickets
    text = p.say("home.hours", hours=pack.hours) if idle else pack.missed_rule_en if english else pack.missed_rule
    name = "hours" if idle else "missed_rule"
    text = text.replace("。", "。\n", 1)
    p.text(side, text, em * 0.86, color=p.colors.ink_soft, across="right", down="middle", line_em=1.2, name=name)


def _missed(p: Painter, side: Box, missed: tuple[TicketLabel, ...], pack: PackShown) -> None:
    """As many missed numbers as fit in one line, the newest first, and how to come back."""
    colors = p.colors
    upper, lower = side.top(side.h * 0.56)
    hint = p.say("display.come_back_scan" if pack.slip_codes else "display.come_back")
    p.text(lower, hint, lower.h * 0.72, color=colors.ink_soft, across="right", down="middle", single=True, name="back")
    em, word = upper.h * 0.82, p.say("display.missed")
    gap, word_w = em * 0.55, p.width(word, em * 0.8, bold=True) + em * 0.8
    widths = [p.width(label, em, bold=True, family="digits") + 4 for label in missed]
    fit = next((n for n in range(len(missed), 1, -1) if word_w + sum(widths[:n]) + gap * n <= upper.w), 1)
    at = upper.right - sum(widths[:fit]) - gap * (fit - 1)
    p.text(
        Box(at - gap - word_w, upper.y, word_w, upper.h),
        word,
        em * 0.8,
        bold=True,
        color=colors.attention,
        across="right",
        down="middle",
        single=True,
        name="missed",
    )
    for label, wide in zip(missed[:fit], widths, strict=False):
        p.text(
            Box(at, upper.y, wide, upper.h),
            label,
            em,
            bold=True,
            color=colors.ink,
            down="middle",
            family="digits",
            single=True,
            name=f"missed:{label}",
        )
        at += wide + gap
