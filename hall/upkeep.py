"""设备维护与开门检查: what is recorded of the hall's devices, and the guide's signature before opening.

Facts, requests and answers. A note is linted and holds no number of a person; records live for years, so the queue day
keeps only today's opening, and `services.upkeep` reads the rest from the ledger.
"""

from enum import StrEnum

import msgspec

from hall.facts import Command, Fact, Reply
from hall.ids import BusinessDay, DeviceId, StaffId

MAX_NOTE = 120
"""Characters of a remark; what needs more is a letter."""
MAX_LINES = 400
"""Lines of one opening checklist: more than any hall has terminals and printers."""
MAX_LINE = 64
"""Characters of a line's id."""


class Work(StrEnum):
    """What was done to a device, or must be (人社工作窗口制度 第十五条: 定期检查和维护)."""

    INSPECTION = "inspection"
    REPAIR = "repair"
    CONSUMABLE = "consumable"


class Finding(StrEnum):
    """What was found or done, in a word, so that one touch is a whole record."""

    FINE = "fine"
    CLEANED = "cleaned"
    ADJUSTED = "adjusted"
    REPLACED = "replaced"
    STILL_FAULTY = "still_faulty"
    """Looked at, and not well yet: the history says so; a fault stays a fault until the device itself is well."""


class LineState(StrEnum):
    """What the guide says of one line of the opening checklist."""

    OPEN = "open"
    """Nobody has looked: never signed, only shown."""
    FINE = "fine"
    FAULT = "fault"
    """Seen and not well: signed as such, and told to the lead."""


class LineSigned(msgspec.Struct, frozen=True, array_like=True):
    """One line as it was signed; `code` is the fault that was known of it."""

    line: str
    state: str
    code: str = ""


class MaintenanceRecorded(Fact, frozen=True, kw_only=True):
    """A device was inspected, repaired or given what it uses up."""

    device: DeviceId
    work: str
    """A `Work` value."""
    finding: str
    """A `Finding` value."""
    note: str = ""
    staff: StaffId
    at: float
    """When it was done, hall time; a record may be written down later."""


class OpeningChecklistSigned(Fact, frozen=True, kw_only=True):
    """A guide signed lines of the day's opening checklist; a later signature adds to an earlier one."""

    day: BusinessDay
    lines: tuple[LineSigned, ...]
    staff: StaffId
    at: float


UpkeepFact = MaintenanceRecorded | OpeningChecklistSigned


class RecordMaintenance(Command, frozen=True, kw_only=True):
    """Write down what was done now; answered with `MaintenanceNoted`."""

    device: DeviceId
    work: str
    finding: str
    note: str = ""
    staff: StaffId


class SignOpening(Command, frozen=True, kw_only=True):
    """Sign these lines of today's opening checklist; answered with `Done`."""

    day: BusinessDay
    lines: tuple[LineSigned, ...]
    staff: StaffId


UpkeepCommand = RecordMaintenance | SignOpening


class MaintenanceNoted(Reply, frozen=True, kw_only=True):
    """It is written down; `next_due` (YYYY-MM-DD) is when this work is due again, empty where no plan asks for it."""

    device: DeviceId
    work: str
    next_due: str = ""
