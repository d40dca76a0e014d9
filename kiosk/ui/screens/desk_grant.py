"""Guide desk: ground and evidence of a priority ticket; they appear on no other screen or paper (QUE-11)."""

from hall.commands import Evidence, PriorityGround
from kiosk.flows.steps import DeskGranting
from kiosk.flows.words import ChoseEvidence, ChoseGround, ConfirmedGrant, WentBack
from kiosk.session import Frame
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.marks import note, note_height
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.ticket_facts import item_of, item_title

GROUND_ICONS = {
    PriorityGround.ELDERLY: "human-cane",
    PriorityGround.FRAIL: "hand-heart",
    PriorityGround.ILL: "hospital-box",
    PriorityGround.DISABLED: "human-wheelchair",
    PriorityGround.PREGNANT: "human-pregnant",
    PriorityGround.MILITARY: "medal",
}
EVIDENCE_ICONS = {Evidence.SIGHT: "eye", Evidence.DOCUMENT: "file-document", Evidence.CARD: "card-account-details"}


def granting(p: Painter, room: Box, step: DeskGranting, frame: Frame) -> None:
    """Draw two questions and one confirmation."""
    look = p.look
    item = item_of(frame, step.item)
    title, room = room.top(look.button * 1.4, 2)
    p.text(
        title,
        p.say("grant.title_number", label=step.number.issued.label) if step.number else p.say("grant.title"),
        look.button * 1.15,
        bold=True,
        down="middle",
        single=True,
        name="title",
    )
    under, room = room.top(look.body * 1.45, look.gap * 0.5)
    p.text(under, item_title(p, item) if item else "", look.body, color=p.colors.ink_soft, down="middle", single=True)
    buttons, room = room.foot(max(look.target, 96.0), look.gap)
    quiet = p.say("grant.sealed")
    strip, room = room.foot(note_height(p, quiet, room.w, look.caption), look.gap)
    note(p, strip, quiet, "calm", look.caption)
    heads = look.body * 1.5
    cell = min((room.h - 2 * heads - 4 * look.gap * 0.75) / 3, 150.0)
    line, room = room.top(heads, 4)
    p.text(line, p.say("grant.ground"), look.body, bold=True, down="middle")
    grid, room = room.top(cell * 2 + look.gap * 0.75, look.gap * 0.75)
    places = [box for row in grid.rows(2, look.gap * 0.75) for box in row.columns(3, look.gap * 0.75)]
    for box, ground in zip(places, PriorityGround, strict=True):
        kind = "chosen" if step.ground == ground else "plain"
        text = p.say(f"ground.{ground.value}")
        p.button(
            f"ground:{ground.value}",
            box,
            text,
            ChoseGround(ground.value),
            kind=kind,
            icon=GROUND_ICONS[ground],
            em=look.body,
        )
    line, room = room.top(heads, 4)
    p.text(line, p.say("grant.evidence"), look.body, bold=True, down="middle")
    row, _ = room.top(min(cell, room.h))
    for box, evidence in zip(row.columns(3, look.gap * 0.75), Evidence, strict=True):
        kind = "chosen" if step.evidence == evidence else "plain"
        text = p.say(f"evidence.{evidence.value}")
        p.button(
            f"evidence:{evidence.value}",
            box,
            text,
            ChoseEvidence(evidence.value),
            kind=kind,
            icon=EVIDENCE_ICONS[evidence],
            em=look.body,
        )
    back, confirm = buttons.left(buttons.w * 0.3, look.gap)
    p.button("back", back, p.say("bar.back"), WentBack(), icon="arrow-left", em=look.body)
    ready = step.ground is not None and step.evidence is not None
    p.button(
        "confirm_grant",
        confirm,
        p.say("grant.confirm_number" if step.number else "grant.confirm"),
        ConfirmedGrant(),
        kind="primary",
        enabled=ready,
    )
