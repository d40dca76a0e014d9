"""The bottom bar of self service: the way back, the view, the language and help are always in the same place."""

from kiosk.flows.words import AskedForHelp, Touch, WentBack
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import public_header
from kiosk.ui.widgets.marks import note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.picture import Show

LANGUAGES = (("zh", "中文"), ("en", "English"))
"""Each in its own words, so that who reads only one finds it."""


def resident_page(p: Painter, frame: Frame, *, back: bool = True, back_to: Touch | None = None) -> Box:
    """Draw header and bottom bar of a resident's screen; return the room between, less its margins."""
    room = public_header(p, frame)
    bar, room = room.foot(214 if p.look.large else 190)
    _bar(p, bar, back_to or (WentBack() if back else None))
    room = _notes(p, room, frame)
    return room.inset(p.look.margin, p.look.gap * 1.5)


def _bar(p: Painter, bar: Box, back: Touch | None) -> None:
    look, colors = p.look, p.colors
    p.fill(bar, colors.card)
    p.fill(bar.top(3)[0], colors.line)
    inner = bar.inset(look.margin, look.gap)
    cell = (inner.w - 3 * look.gap) / 5
    em = look.body * (0.92 if look.large else 1.0)
    first, inner = inner.left(cell, look.gap)
    p.button("back", first, p.say("bar.back"), back, icon="arrow-left", stacked=True, em=em, enabled=back is not None)
    second, inner = inner.left(cell, look.gap)
    kind = "chosen" if p.menu == "view" or look.large or look.contrast else "plain"
    shut = Show("menu", "")
    opened = shut if p.menu == "view" else Show("menu", "view")
    p.button("view", second, p.say("bar.view"), opened, icon="eye-plus", stacked=True, em=em * 0.9, kind=kind)
    third, inner = inner.left(cell, look.gap)
    opened = shut if p.menu == "language" else Show("menu", "language")
    kind = "chosen" if p.menu == "language" else "plain"
    p.button("language", third, p.say("bar.language"), opened, icon="translate", stacked=True, em=em, kind=kind)
    p.button("help", inner, p.say("bar.help"), AskedForHelp(), kind="quiet", icon="account-voice", em=look.button)


def _notes(p: Painter, room: Box, frame: Frame) -> Box:
    """Draw what belongs just above the bar: an open menu, or what became of a request for help."""
    if p.menu in ("view", "language"):
        return _menu(p, room)
    if p.menu == "helped":
        text = p.say("help.noted_away" if frame.server_away else "help.told")
        return _note_above(p, room, text, calm=not frame.server_away)
    return room


def _note_above(p: Painter, room: Box, text: str, *, calm: bool) -> Box:
    width = room.w - 2 * p.look.margin
    strip, rest = room.foot(note_height(p, text, width) + p.look.gap * 0.5)
    box = Box(strip.x + p.look.margin, strip.y, width, strip.h - p.look.gap * 0.5)
    note(p, box, text, "fine" if calm else "attention", name="help_told")
    return rest


def _menu(p: Painter, room: Box) -> Box:
    look = p.look
    strip, rest = room.foot(max(look.target, 128.0) + look.gap * 2)
    p.fill(strip, p.colors.tint)
    p.fill(strip.top(3)[0], p.colors.outline)
    cells = strip.inset(look.margin, look.gap).columns(2, look.gap)
    if p.menu == "view":
        kinds = ["chosen" if on else "plain" for on in (look.large, look.contrast)]
        p.button("large", cells[0], p.say("view.large"), Show("large"), icon="format-size", kind=kinds[0])
        p.button("contrast", cells[1], p.say("view.contrast"), Show("contrast"), icon="contrast-circle", kind=kinds[1])
        return rest
    for cell, (code, name) in zip(cells, LANGUAGES, strict=True):
        kind = "chosen" if look.language == code else "plain"
        p.button(f"language:{code}", cell, name, Show("language", code), kind=kind)
    return rest
