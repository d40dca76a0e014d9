"""The guide desk's upkeep pages, as their tests and pictures show them."""

from dataclasses import replace

import msgspec

from hall.errors import Reason
from hall.ids import BusinessDay, DeviceId, StaffId
from hall.services.opening_checklist import checklist
from hall.upkeep import LineSigned, LineState, MaintenanceNoted, Work
from hall.wire.board import Board
from hall.wire.upkeep_shown import DueShown, OpeningShown
from kiosk.flows.desk_steps import DeskUpkeep
from kiosk.flows.steps import DeskReady
from tests.ui.desk_samples import FLOOR, FULL, TESTS, WHO
from tests.ui.samples import DESK, NOW, PACK, Shot, frame

LINES = checklist(PACK.terminals, PACK.opening)
DAY = BusinessDay("2026-11-23")
DUE = (
    DueShown(
        device=DeviceId("K2.slip_printer"),
        work="inspection",
        standing="overdue",
        due="2026-11-18",
        what="清洁打印头和走纸轮,检查切刀",
        what_en="Clean head and rollers, check the cutter",
    ),
    DueShown(
        device=DeviceId("K1.card_reader"),
        work="consumable",
        standing="due",
        due="2026-11-26",
        what="用清洁卡清洁卡槽",
        what_en="Run a cleaning card through the slot",
    ),
    DueShown(device=DeviceId("K1.slip_printer"), work="consumable", standing="due", due="2026-11-23", slips=40),
    DueShown(device=DeviceId("D1.slip_printer"), work="consumable", standing="tomorrow", due="2026-11-24", slips=110),
)
NOTED = MaintenanceNoted(device=DeviceId("K2.slip_printer"), work="inspection", next_due="2027-02-22")


def signed(*but: str) -> OpeningShown:
    """Every line is signed as fine, without some."""
    lines = tuple(LineSigned(one.id, LineState.FINE.value) for one in LINES if one.id not in but)
    return OpeningShown(day=DAY, signed=lines, staff=StaffId("0101"), at=NOW - 2400)


def at(opening: OpeningShown, hours: str = "open") -> Board:
    return msgspec.structs.replace(FULL, self_tests=TESTS, opening=opening, hours=hours)


def upkeep_shots() -> list[Shot]:
    morning = frame("D1", "guide_desk", board=at(OpeningShown(), "before"), floor=FLOOR, upkeep=DUE)
    late = replace(morning, board=at(signed("look.leaflets", "S1.terminal")))
    calm = frame("D1", "guide_desk", board=at(signed()), floor=(FLOOR[2],), alerts=())
    evening = replace(morning, board=at(signed(), "closed"))
    step = DeskUpkeep(*WHO)
    seen = tuple((one.id, LineState.FINE) for one in LINES if one.terminal is None)
    due = replace(step, page="due")
    told = [
        ("desk_duty_morning", morning, DeskReady(*WHO)),
        ("desk_duty_late", late, DeskReady(*WHO)),
        ("desk_duty_evening", evening, DeskReady(*WHO)),
        ("desk_opening", morning, step),
        ("desk_opening_marked", morning, replace(step, marks=seen)),
        ("desk_opening_signing", morning, replace(step, marks=seen, signing=True)),
        ("desk_opening_part", late, step),
        ("desk_opening_signed", calm, step),
        ("desk_opening_away", replace(morning, server_away=True), replace(step, problem=Reason.SERVER_AWAY)),
        ("desk_due", morning, due),
        ("desk_due_none", calm, due),
        ("desk_due_record", morning, replace(due, chosen=(DeviceId("K2.slip_printer"), Work.INSPECTION))),
        ("desk_due_noted", morning, replace(due, noted=NOTED)),
        ("desk_closing", evening, replace(step, page="closing")),
        ("desk_closing_none", calm, replace(step, page="closing")),
    ]
    return [(name, DESK, around, shown) for name, around, shown in told]
