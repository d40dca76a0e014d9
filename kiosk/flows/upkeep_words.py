"""What a guide can press on the upkeep pages, what is then wanted, and what comes back."""

from dataclasses import dataclass
from typing import Literal

from hall.errors import Reason
from hall.ids import BusinessDay, DeviceId, StaffId
from hall.upkeep import Finding, LineSigned, LineState, MaintenanceNoted, Work
from kiosk.flows.kinds import Effect, Happened, Touch

UpkeepPage = Literal["opening", "due", "closing"]

# ---- touches -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpensUpkeep(Touch):
    """开门检查, 维护 or 今日收尾."""

    page: UpkeepPage


@dataclass(frozen=True, slots=True)
class MarkedLine(Touch):
    """The guide has looked: this line is so."""

    line: str
    state: LineState


@dataclass(frozen=True, slots=True)
class SignsOpening(Touch):
    """签字: these lines of this day, as they stand on the page."""

    day: BusinessDay
    lines: tuple[LineSigned, ...]


@dataclass(frozen=True, slots=True)
class ChoseWork(Touch):
    """A work on a device that is to be written down."""

    device: DeviceId
    work: Work


@dataclass(frozen=True, slots=True)
class ChoseFinding(Touch):
    """What was found: the record is whole."""

    finding: Finding


# ---- effects -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignChecklist(Effect):
    """Answers `ChecklistSigned`."""

    day: BusinessDay
    lines: tuple[LineSigned, ...]
    staff: StaffId


@dataclass(frozen=True, slots=True)
class NoteMaintenance(Effect):
    """Answers `MaintenanceTold`."""

    device: DeviceId
    work: Work
    finding: Finding
    staff: StaffId


# ---- happenings --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChecklistSigned(Happened):
    """The signature is written down (`reason` None), or why not."""

    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class MaintenanceTold(Happened):
    """The record is written down and says when it is due again; or why not."""

    device: DeviceId
    noted: MaintenanceNoted | None = None
    reason: Reason | None = None
