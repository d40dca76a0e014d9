"""What the window panel wants asked of the hall beside call, start and finish."""

from dataclasses import dataclass

from hall.commands import OutOfOrder
from hall.ids import ItemCode, StaffId, TicketLabel, WindowId
from kiosk.flows.kinds import Effect


@dataclass(frozen=True, slots=True)
class CallNumber(Effect):
    """Call this number now; answers `TicketAtWindow` or `AskRefused`."""

    staff: StaffId
    label: TicketLabel
    reason: OutOfOrder | None = None


@dataclass(frozen=True, slots=True)
class AskNear(Effect):
    """Ask the next person to come near; answers `MoveMade` or `AskRefused`."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class HoldService(Effect):
    """Pause the service in hand; answers `ServiceOver` or `AskRefused`."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class ResumeService(Effect):
    """Go on with a held number; answers `ServiceBegan` or `AskRefused`."""

    staff: StaffId
    label: TicketLabel


@dataclass(frozen=True, slots=True)
class SendOn(Effect):
    """Send the number in hand on; answers `ServiceOver` or `AskRefused`."""

    staff: StaffId
    to_window: WindowId | None = None
    item: ItemCode | None = None


@dataclass(frozen=True, slots=True)
class AddToNumber(Effect):
    """One more item on the number in hand; answers `MoveMade` or `AskRefused`."""

    staff: StaffId
    label: TicketLabel
    item: ItemCode
