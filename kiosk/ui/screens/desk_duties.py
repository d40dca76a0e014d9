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

UNDER_EMS = 3.2
"""So high the names of unsigned lines may stand, in captions: two lines."""
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
    wide = _wide(p, width)
    return max(p.look.target, _title(p, found[2], wide)[1] + _under(p, found[3], wide)[1] + 16)


def _wide(p: Painter, width: float) -> float:
    """Room for words between the sign and the arrow."""
    return width - p.look.body * 2.8 - 32


def _under(p: Painter, names: str, wide: float) -> tuple[str, float]:
    """Return the line under the title and its height: the names, or, where they are too many, what a touch does."""
    em = p.look.caption
    if not names:
        return "", 0.0
    high = p.height(names, em, wide)
    if high <= em * UNDER_EMS:
        return names, high
    short = fitting(p, wide, em, p.say("duty.touch"))
    return short, p.height(short, em, wide)


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
    wide = _wide(p, box.w)
    em, high = _title(p, title, wide)
    upper, lower = words.top(high if under else words.h)
    p.text(upper, title, em, bold=True, color=ink, down="middle", name="duty")
    if under:
        p.text(lower, _under(p, under, wide)[0], look.caption, color=ink, name="duty_lines")
    p.target("duty", box, title, OpensUpkeep(page))
