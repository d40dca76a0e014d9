"""A panel that was started again while the hall server is away: their clerk may go on (docs/decisions/0011)."""

from dataclasses import dataclass

from hall.commands import Called
from hall.ids import ServiceId, StaffId
from kiosk.flows.kinds import Effect, Happened


@dataclass(frozen=True, slots=True)
class HallAway(Happened):
    """The hall server went away, or was not met since this program started; said once for each time."""


@dataclass(frozen=True, slots=True)
class MayStay(Happened):
    """This member of staff was signed in here when the program before this one ended, a short while ago."""

    staff: StaffId
    name: str


@dataclass(frozen=True, slots=True)
class StaffStays(Happened):
    """It is in the journal that they go on here; `called` is who stands at the window, `service` while it goes on."""

    staff: StaffId
    name: str
    called: Called | None = None
    service: ServiceId | None = None


@dataclass(frozen=True, slots=True)
class FindWhoStays(Effect):
    """Answers `MayStay`, or nothing when nobody may."""


@dataclass(frozen=True, slots=True)
class StayOn(Effect):
    """Somebody at the panel says that it is they; answers `StaffStays` or `AskRefused`."""

    staff: StaffId


@dataclass(frozen=True, slots=True)
class NobodyStays(Effect):
    """It is somebody else: forget who was signed in here."""
