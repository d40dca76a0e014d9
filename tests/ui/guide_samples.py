"""办事指南 and the one-time notice, as the screens' tests and pictures show them."""

import msgspec

from hall.ids import ItemCode, StaffId
from kiosk.flows import steps
from kiosk.flows.notice_steps import ConsideringItem, DeskTelling, GuideGroups, GuideItems, ShowingGuide
from kiosk.ports import Fault
from kiosk.session import Frame
from tests.ui.samples import DESK, PACK, SELF_SERVICE, Shot, frame

PENSION, NEARBY, LONGEST = ItemCode("SI-301"), ItemCode("SI-302"), ItemCode("SI-402")
QUESTION = "“{title}”由您自愿选择,不收费。您看这样可以吗?"


def guide_shots() -> list[Shot]:
    at = frame("K1", "self_service")
    away = frame("K1", "self_service", server_away=True)
    desk = frame("D1", "guide_desk")
    staff = (StaffId("0101"), "何苗")
    told = [
        ("guide_groups", GuideGroups()),
        *[(f"guide_items_{group.code}", GuideItems(group.code)) for group in PACK.groups],
        *[(f"guide_{item.code}", ShowingGuide(item.group, ItemCode(item.code))) for item in PACK.items],
        ("guide_printing", ShowingGuide("pension", PENSION, steps.Paper.PRINTING)),
        ("guide_out", ShowingGuide("pension", PENSION, steps.Paper.OUT)),
        ("guide_waiting", ShowingGuide("pension", PENSION, steps.Paper.WAITING, Fault.NO_PAPER)),
        ("guide_failed", ShowingGuide("pension", PENSION, steps.Paper.FAILED, Fault.DISCONNECTED)),
    ]
    return [
        *[(name, SELF_SERVICE, at, step) for name, step in told],
        ("guide_away", SELF_SERVICE, away, ShowingGuide("residents", NEARBY)),
        ("guide_choice", SELF_SERVICE, choosing(), ConsideringItem("pension", PENSION)),
        ("desk_telling_items", DESK, desk, steps.DeskReady(*staff, group="pension", telling=True)),
        ("desk_telling", DESK, desk, DeskTelling(*staff, PENSION)),
        ("desk_telling_nearby", DESK, desk, DeskTelling(*staff, NEARBY, steps.Paper.OUT)),
        ("desk_telling_failed", DESK, desk, DeskTelling(*staff, LONGEST, steps.Paper.FAILED, Fault.COVER_OPEN)),
    ]


def choosing() -> Frame:
    """A hall where the pension item is one of choice."""
    items = []
    for item in PACK.items:
        notice = item.notice
        if item.code == PENSION and notice is not None:
            asked = msgspec.structs.replace(notice, question=QUESTION.format(title=item.title))
            items.append(msgspec.structs.replace(item, notice=asked))
        else:
            items.append(item)
    return frame("K1", "self_service", pack=msgspec.structs.replace(PACK, items=tuple(items)))
