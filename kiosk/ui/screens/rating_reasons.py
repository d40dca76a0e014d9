"""After a poor rating: an apology, one question, five large toggles; 提交 and 跳过 of one size."""

from hall.rating_facts import Dimension
from kiosk.flows.rating_words import AskingReasons, SentReasons, SkippedReasons, ToggledDimension
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.header import staff_header
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.places import place_name

NAMES = {
    Dimension.ATTITUDE: "rating.dimension_attitude",
    Dimension.TIMELINESS: "rating.dimension_timeliness",
    Dimension.LANGUAGE: "rating.dimension_language",
    Dimension.APPEARANCE: "rating.dimension_appearance",
    Dimension.DISCIPLINE: "rating.dimension_discipline",
}


def asking_reasons(p: Painter, step: AskingReasons, frame: Frame) -> None:
    """Which of the five; nothing is chosen beforehand, and nothing need be."""
    look = p.look
    _, room = staff_header(p, frame, place=place_name(p, frame))
    room = room.inset(look.margin, look.gap * 0.75)
    wide = room.w > room.h
    used = p.text(
        room.top(look.body * 1.7)[0], p.say("rating.reasons_sorry"), look.body, color=p.colors.ink_soft, across="center"
    )
    _, room = room.top(used, look.gap * 0.25)
    em = look.title * (0.8 if wide else 0.85)
    used = p.text(
        room.top(em * (1.35 if wide else 2.7))[0],
        p.say("rating.reasons_title"),
        em,
        bold=True,
        across="center",
        name="title",
    )
    _, room = room.top(used, look.gap * 0.6)
    # Wide: two rows of toggles and one of buttons. Tall: five rows of toggles and one of buttons, all of one height.
    rows = room.rows(3 if wide else len(Dimension) + 1, look.gap)
    cells = [cell for row in rows[:-1] for cell in row.columns(3 if wide else 1, look.gap)]
    if wide:  # five of six cells: the lower two stand in the middle
        third = cells[0].w
        left = room.x + (room.w - 2 * third - look.gap) / 2
        cells[3:] = [Box(left + n * (third + look.gap), cells[3].y, third, cells[3].h) for n in range(2)]
    for cell, dimension in zip(cells, Dimension, strict=True):
        _toggle(p, cell, dimension, chosen=dimension in step.chosen)
    skip, send = rows[-1].columns(2, look.gap)
    p.button("skip", skip, p.say("rating.reasons_skip"), SkippedReasons())
    p.button("send", send, p.say("rating.reasons_send"), SentReasons(), kind="primary")


def _toggle(p: Painter, box: Box, dimension: Dimension, *, chosen: bool) -> None:
    """A tick box and a name: chosen is told by the tick, the thicker edge and the tint together."""
    p.button(
        f"dimension:{dimension.name.lower()}",
        box,
        p.say(NAMES[dimension]),
        ToggledDimension(dimension),
        kind="chosen" if chosen else "plain",
        icon="checkbox-marked" if chosen else "checkbox-blank-outline",
    )
