"""The rating screen: five large faces with the five official words, and a skip as large as any."""

from hall.services.ratings import is_poor
from kiosk.flows.steps import AskingRating, RatingIdle, RatingThanks
from kiosk.flows.words import ChoseGrade, DeclinedRating, Touch
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.patience import patience
from kiosk.ui.widgets.places import place_name

FACES = ((5, "emoticon-excited"), (4, "emoticon"), (3, "emoticon-happy"), (2, "emoticon-confused"), (1, "emoticon-sad"))


def _clerk(p: Painter, frame: Frame) -> str:
    shown = next((w for w in frame.board.windows if w.window == frame.window), None) if frame.board else None
    if shown is None or shown.staff is None:
        return ""
    name = frame.pack.staff_names.get(shown.staff, "") if frame.pack else ""
    return p.say("rating.clerk", name=name or shown.staff, staff=shown.staff)


def _page(p: Painter, frame: Frame) -> Box:
    _, room = staff_header(p, frame, place=place_name(p, frame))
    return room.inset(p.look.margin, p.look.gap)


def rating_idle(p: Painter, step: RatingIdle, frame: Frame) -> None:  # noqa: ARG001 - all screens are called alike
    """The window and its clerk; nothing to do."""
    room = _page(p, frame)
    patience(p, room, "hand-wave", p.say("rating.welcome"), _clerk(p, frame), drawing_h=220.0)


def asking_rating(p: Painter, step: AskingRating, frame: Frame) -> None:  # noqa: ARG001 - all screens are called alike
    """Five faces and a skip, all of one size."""
    look = p.look
    room = _page(p, frame)
    used = p.text(
        room.top(look.title * 2.7)[0],
        p.say("rating.title"),
        look.title * 0.92,
        bold=True,
        across="center",
        name="title",
    )
    _, room = room.top(used, look.gap * 0.75)
    wide = room.w > room.h
    cells = [cell for row in room.rows(2 if wide else 3, look.gap) for cell in row.columns(3 if wide else 2, look.gap)]
    for cell, (grade, face) in zip(cells, FACES, strict=False):
        _face(p, cell, f"grade:{grade}", face=face, text=p.say(f"rating.grade_{grade}"), tap=ChoseGrade(grade))
    _face(
        p,
        cells[5],
        "decline",
        face="close-circle-outline",
        text=p.say("rating.decline"),
        tap=DeclinedRating(),
        quiet=True,
    )


def _face(p: Painter, box: Box, name: str, *, face: str, text: str, tap: Touch, quiet: bool = False) -> None:
    look, colors = p.look, p.colors
    p.card(box, radius=22)
    upper, lower = box.inset(look.gap * 0.4).top(box.h * 0.6)
    p.icon(upper, face, min(upper.h * 0.95, upper.w * 0.62), colors.ink_soft if quiet else colors.accent)
    p.text(lower, text, look.button, bold=True, across="center", down="middle", line_em=1.2)
    p.target(name, box, text, tap, radius=22)


def rating_thanks(p: Painter, step: RatingThanks, frame: Frame) -> None:
    """Thanks, whether rated or not."""
    room = _page(p, frame)
    key = "rating.thanks" if step.grade is not None else "rating.thanks_declined"
    if is_poor(step.grade):
        key = "rating.thanks_poor"
    patience(p, room, "hand-heart", p.say(key), p.say("rating.goodbye"), drawing_h=220.0)
