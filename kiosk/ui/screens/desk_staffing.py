"""Guide desk: what the hall suggests about its windows. One line each, folded; a touch tells the whole sentences."""

import re

from hall.wire.shown import StaffingShown
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import ICONS
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.picture import Show

MENU = "staffing"
LINES = 2
"""So many lines while folded; the most pressing come first."""
CLAUSE_ENDS = re.compile("[,;:(\uff0c\uff1b\uff1a\uff08]")


def sentence(p: Painter, told: StaffingShown) -> str:
    """Return the whole sentence in this language."""
    return told.zh if p.look.language == "zh" else told.en


def folded(p: Painter, room: Box, frame: Frame) -> Box:
    """Draw the first lines at the foot of the room; return the room above."""
    look, notices = p.look, frame.board.staffing if frame.board else ()
    if not notices:
        return room
    lines = notices[:LINES]
    more = len(notices) - len(lines)
    told_more = p.say("staffing.more", count=more) if more else ""
    side_w = p.width(told_more, look.body, bold=True) + 12 if more else 0.0
    texts = [CLAUSE_ENDS.split(sentence(p, told))[0].rstrip(".\u3002") for told in lines]
    wide = room.w - 28 - side_w - look.body * 1.4 - 8
    heights = [max(look.body * 1.35, p.height(text, look.caption, wide, bold=True)) for text in texts]
    strip, rest = room.foot(max(look.target, sum(heights) + 16), look.gap * 0.75)
    ink = p.colors.attention
    p.fill(strip, p.colors.attention_tint, 14, ink)
    side, inner = strip.inset(14, 8).far(side_w)
    if more:
        p.text(side, told_more, look.body, bold=True, color=ink, across="right", down="middle", single=True)
    for told, text, high in zip(lines, texts, heights, strict=True):
        line, inner = inner.top(high)
        sign, words = line.left(look.body * 1.4, 8)
        p.icon(sign, ICONS["attention"], look.body * 1.15, ink)
        p.text(words, text, look.caption, bold=True, color=ink, down="middle", name=f"notice:{told.kind}")
    p.target("staffing", strip, p.say("staffing.title"), Show("menu", MENU), radius=14)
    return rest


def unfolded(p: Painter, room: Box, frame: Frame) -> None:
    """Draw every sentence, as many as fit, the most pressing first."""
    look, notices = p.look, frame.board.staffing if frame.board else ()
    p.card(room)
    inner = room.inset(look.gap, look.gap * 0.75)
    head, inner = inner.top(look.button * 1.45, 8)
    p.text(head, p.say("staffing.title"), look.button, bold=True, down="middle", single=True)
    foot, inner = inner.foot(max(look.target, 84.0), look.gap)
    p.button("fold", foot, p.say("staffing.fold"), Show("menu", ""), em=look.body)
    for told in notices:
        text = sentence(p, told)
        wide = inner.w - 28 - look.body * 1.4 - 8
        high = p.height(text, look.caption * 1.08, wide) + 24
        if high > inner.h:
            break
        row, inner = inner.top(high, look.gap * 0.5)
        p.fill(row, p.colors.attention_tint, 14, p.colors.attention)
        sign, words = row.inset(14, 8).left(look.body * 1.4, 8)
        p.icon(sign, ICONS["attention"], look.body * 1.15, p.colors.attention)
        p.text(words, text, look.caption * 1.08, color=p.colors.attention, down="middle", name=f"notice:{told.kind}")
