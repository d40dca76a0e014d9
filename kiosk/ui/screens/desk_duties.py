"""Guide desk: the one strip that says what the hour asks for: the opening checklist, the day's end, an overdue work."""

from hall.services.opening_checklist import LineNow, missing
from kiosk.flows.upkeep_words import OpensUpkeep, UpkeepPage
from kiosk.session import Frame
from kiosk.ui.screens.desk_due import to_do, unwell
from kiosk.ui.screens.desk_floor import fitting
from kiosk.ui.screens.desk_opening import line_title, lines_now
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import ICONS, Tone, tones
from kiosk.ui.widgets.painter import Painter

Duty = tuple[UpkeepPage, Tone, str, str]
"""Page, tone, title, and a line under it (empty: none)."""


def duty(p: Painter, frame: Frame) -> Duty | None:
    """Return the most pressing duty of this hour, None when there is none. Unsigned lines are named (FAC-12)."""
    board = frame.board
    if board is None or not board.day or frame.pack is None:
        return None
    left = missing(lines_now(frame))
    if left and board.hours in ("before", "open", "cut_off"):
        late = board.hours != "before"
        key = "duty.opening_late" if late else "duty.opening"
        cramped = p.look.large and frame.alerts  # the first alert needs the room; the page names every line
        under = "" if cramped else _names(p, left)
        return "opening", "attention" if late else "calm", p.say(key, count=len(left)), under
    ending = len(to_do(frame)) if board.hours in ("cut_off", "closed") else 0
    if ending:
        return "closing", "attention", p.say("duty.closing", count=ending), ""
    overdue = unwell(frame)
    return ("due", "attention", p.say("duty.overdue", count=overdue), "") if overdue else None


def _names(p: Painter, left: tuple[LineNow, ...]) -> str:
    return p.say("list.and").join(line_title(p, one) for one in left)


def duty_height(p: Painter, frame: Frame, width: float) -> float:
    """Height that the strip needs in a column of this width; 0 without a duty."""
    found = duty(p, frame)
    if found is None:
        return 0.0
    look = p.look
    under = min(p.height(found[3], look.caption, width - look.body * 2.8 - 32), look.caption * 3.2) if found[3] else 0.0
    return max(look.target, _title(p, found[2], width - look.body * 2.8 - 32)[1] + under + 16)


def _title(p: Painter, title: str, wide: float) -> tuple[float, float]:
    """Size and height of the title: one line, or as a caption as many as it needs."""
    look = p.look
    if p.width(title, look.body, bold=True) <= wide:
        return look.body, look.body * 1.5
    return look.caption, p.height(title, look.caption, wide, bold=True)


def draw_duty(p: Painter, box: Box, frame: Frame) -> None:
    """Draw the strip; one touch opens its page."""
    found = duty(p, frame)
    if found is None:
        return
    look = p.look
    page, tone, title, under = found
    ink, ground = tones(p, tone)
    p.fill(box, ground, 14.0, ink, 3.0)
    sign, words = box.inset(12, 6).left(look.body * 1.4, 8)
    p.icon(sign, ICONS[tone], look.body * 1.3, ink)
    go, words = words.far(look.body * 1.2, 4)
    p.icon(go, "chevron-right", look.body * 1.3, ink)
    em, high = _title(p, title, box.w - look.body * 2.8 - 32)
    upper, lower = words.top(high if under else words.h)
    p.text(upper, title, em, bold=True, color=ink, down="middle", name="duty")
    if under:
        told = under
        if p.height(told, look.caption, lower.w) > lower.h + 1:
            told = fitting(p, lower.w, look.caption, p.say("duty.touch"))
        p.text(lower, told, look.caption, color=ink, name="duty_lines")
    p.target("duty", box, title, OpensUpkeep(page))
