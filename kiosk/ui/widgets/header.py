"""The header of every screen: hall, time, who leads today, and 样例数据 while the demo pack is loaded."""

from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import pill
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.picture import Show

STAFF_ROLES = frozenset({"guide_desk", "window_panel"})
"""Screens at which staff sign in and work; their view is in the header, and theirs until they leave."""
VIEW_WORD = 0.34
"""Of the height of the button of the view, for its word: the eye above it needs the rest."""
LEAST_CHARS = 8
"""In less room than this the hall's name is left out of a staff header: the place is what matters there."""


def hall_title(p: Painter, frame: Frame) -> str:
    """Return the hall's name in this person's language."""
    pack = frame.pack
    if pack is None:
        return p.say("hall.unknown")
    return pack.title_en if p.look.language == "en" and pack.title_en else pack.title


def hall_clock(p: Painter, room: Box, em: float) -> None:
    """Draw the hall's time, as it stands in every header."""
    p.text(
        room,
        p.clock,
        em,
        bold=True,
        color=p.colors.on_header,
        across="right",
        down="middle",
        family="digits",
        by_ink=True,
        single=True,
        name="clock",
    )


def public_header(p: Painter, frame: Frame) -> Box:
    """Draw the header of a resident's screen; return the room below."""
    look, colors = p.look, p.colors
    band, rest = p.surface.top(196 if look.large else 172)
    p.fill(band, colors.header)
    if look.contrast:
        p.fill(band.foot(3)[0], colors.line)
    inner = band.inset(look.margin, 20)
    clock_em = look.title * 0.95
    clock, inner = inner.far(p.width("00:00", clock_em, bold=True, family="digits") + 4, look.gap)
    upper, lower = clock.top(clock.h * 0.56)
    hall_clock(p, upper, clock_em)
    em = look.caption
    lead = p.say("header.duty_lead", name=frame.pack.duty_lead) if frame.pack and frame.pack.duty_lead else ""
    foot, head = inner.foot(em * 1.6, 4)
    if frame.pack and frame.pack.sample:
        pill(p, lower.right, foot.y - 2, p.say("mark.sample"), em * 0.92, name="sample")
    p.text(
        head,
        hall_title(p, frame),
        look.title * 0.8,
        bold=True,
        color=colors.on_header,
        down="middle",
        line_em=1.2,
        name="hall",
    )
    if lead:
        wide = inner.w - (p.width(p.say("mark.sample"), em, bold=True) if look.large else 0)
        p.text(
            Box(foot.x, foot.y, wide, foot.h),
            lead,
            em,
            color=colors.on_header,
            down="middle",
            single=True,
            name="duty_lead",
        )
    return rest


def _view_button(p: Painter, box: Box) -> None:
    look = p.look
    opened = p.menu == "view"
    chosen = "chosen" if opened or look.large or look.contrast else "plain"
    tap, text = Show("menu", "" if opened else "view"), p.say("staff.view")
    p.button("view", box, text, tap, icon="eye-plus", stacked=True, em=min(look.caption * 0.92, box.h * VIEW_WORD),
             kind=chosen)  # fmt: skip


def staff_header(p: Painter, frame: Frame, *, place: str, who: str = "", action: bool = False) -> tuple[Box, Box]:
    """Draw the header of a staff screen; return the room for buttons at its right end, and the room below."""
    look, colors = p.look, p.colors
    high = max(96.0, look.target + 20)
    band, rest = p.surface.top(high)
    p.fill(band, colors.header)
    if look.contrast:
        p.fill(band.foot(3)[0], colors.line)
    inner = band.inset(look.margin, 10)
    em = look.body
    clock_em = look.title * 0.8
    clock_w = p.width("00:00", clock_em, bold=True, family="digits") + 4
    sample_w = (
        p.width(p.say("mark.sample"), look.caption, bold=True) + look.caption * 1.1
        if frame.pack and frame.pack.sample
        else 0
    )
    if frame.role in STAFF_ROLES:
        seeing, inner = inner.far(max(look.target, look.caption * 3.0 + 24.0), look.gap)
        _view_button(p, seeing)
    buttons, inner = inner.far(max(look.target * 2.2, look.body * 6.0) if action else 0.0, look.gap if action else 0.0)
    clock, inner = inner.far(clock_w, look.gap)
    hall_clock(p, clock, clock_em)
    if sample_w:
        mark, inner = inner.far(sample_w, look.gap)
        pill(
            p, mark.right, mark.y + (mark.h - look.caption * 1.6) / 2, p.say("mark.sample"), look.caption, name="sample"
        )
    title_w = min(p.width(place, em * 1.15, bold=True) + 4, inner.w)
    title, names = inner.left(title_w, look.gap)
    p.text(title, place, em * 1.15, bold=True, color=colors.on_header, down="middle", line_em=1.2, name="place")
    told = who or hall_title(p, frame)
    if names.w >= min(p.width(told, look.caption), look.caption * LEAST_CHARS):
        p.text(names, told, look.caption, color=colors.on_header, down="middle", line_em=1.2, name="who")
    return buttons, rest
