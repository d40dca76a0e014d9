"""Pictures of the scanner's screens: a slip in every place its number can be, and codes that are none of ours."""

import msgspec

from hall.desk_facts import TicketShown
from hall.errors import Reason
from hall.ids import AreaId, TicketLabel, WindowId
from hall.queue.tickets import TicketState
from kiosk.flows.slip_steps import LookingUpSlip, StrangeCode, TellingSlip
from tests.ui.samples import SELF_SERVICE, Shot, frame, issued


def shown(state: str, *, returned: bool = False) -> TicketShown:
    window = WindowId("7") if state in ("called", "serving", "held") else None
    windows = (WindowId("7"), WindowId("8"), WindowId("14"))
    ticket = msgspec.structs.replace(issued(), label=TicketLabel("C013"))
    return TicketShown(issued=ticket, windows=windows, area=AreaId("Q4"), state=state, window=window, returned=returned)


def scan_shots() -> list[Shot]:
    at = frame("K1", "self_service")
    steps = [("slip_looking", LookingUpSlip(issued().ticket, issued().label))]
    told = [("slip_returned", TellingSlip(shown("waiting", returned=True)))]
    told += [(f"slip_{state.value}", TellingSlip(shown(state.value))) for state in TicketState]
    strange = [("slip_strange", StrangeCode()), ("slip_unknown", StrangeCode(Reason.UNKNOWN_TICKET))]
    strange += [("slip_away", StrangeCode(Reason.SERVER_AWAY))]
    return [(name, SELF_SERVICE, at, step) for name, step in (*steps, *told, *strange)]
