"""Pictures of a cut-off terminal's slip at a window panel and at the guide desk, in every place it can stand."""

from dataclasses import replace

import msgspec

from hall.desk_facts import TicketShown
from hall.ids import AreaId, HallId, StaffId, TerminalId, TicketLabel, WindowId
from hall.outage.signed_slips import SignedSlip
from kiosk.flows.bringing_in import BringingIn
from kiosk.flows.steps import DeskReady, PanelReady
from tests.ui.samples import DESK, PANEL, Shot, frame, issued

CODE = "DY1/S/CODE"
STAFF = StaffId("0303"), "王芳"
GUIDE = StaffId("0101"), "李明"
FAULTS = ("unreadable", "other_hall", "other_day", "unverified", "plain", "away", "other")
STATES = ("waiting", "called", "serving", "held", "missed", "done", "cancelled", "lapsed")


def slip(*, suffix: bool = False) -> SignedSlip:
    ticket = msgspec.structs.replace(
        issued(), label=TicketLabel("C12-K1" if suffix else "C701"), reserve=True, quote=None
    )
    return SignedSlip(HallId("qinghe"), TerminalId("K1"), ticket)


def shown(state: str) -> TicketShown:
    window = WindowId("14") if state in ("called", "serving", "held") else None
    return TicketShown(
        issued=slip().issued, windows=(WindowId("7"), WindowId("14")), area=AreaId("Q4"), state=state, window=window
    )


def bringing_in_shots() -> list[Shot]:
    panel = BringingIn(*STAFF, PanelReady(*STAFF), CODE)
    desk = BringingIn(*GUIDE, DeskReady(*GUIDE), CODE)
    found: list[Shot] = []
    for name, surface, at, step in (
        ("panel", PANEL, frame("W07", "window_panel", window="7"), panel),
        ("desk", DESK, frame("D1", "guide_desk"), desk),
    ):
        found += [
            (f"bring_{name}_checking", surface, at, step),
            (f"bring_{name}_believed", surface, at, replace(step, slip=slip())),
            (f"bring_{name}_suffix", surface, at, replace(step, slip=slip(suffix=True))),
            (f"bring_{name}_asking", surface, at, replace(step, slip=slip(), asking=True)),
        ]
        found += [(f"bring_{name}_no_{why}", surface, at, replace(step, why=why)) for why in FAULTS]
        found += [
            (f"bring_{name}_{state}", surface, at, replace(step, slip=slip(), shown=shown(state))) for state in STATES
        ]
    return found
