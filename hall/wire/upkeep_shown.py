"""Upkeep as the guide desk may see it: what is due and what the opening checklist asks for; never a person."""

from typing import Literal

import msgspec

from hall.ids import BusinessDay, DeviceId, StaffId
from hall.upkeep import LineSigned

MAX_DUE_SHOWN = 60
"""Works that the desk is told of, the most pressing first; at some 250 bytes each far below the largest message."""


class LineShown(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the opening checklist that somebody must look at."""

    code: str
    title: str
    title_en: str


class DueShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One work on one device that is due, overdue, or (paper) does not last for tomorrow."""

    device: DeviceId
    work: str
    """An `upkeep.Work` value."""
    standing: Literal["overdue", "due", "tomorrow"]
    due: str
    """YYYY-MM-DD; of paper today or the next open day."""
    what: str = ""
    what_en: str = ""
    slips: int | None = None
    """Paper only: for so many slips it lasts."""


class OpeningShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A day's opening checklist as far as it is signed, and by whom last."""

    day: BusinessDay = BusinessDay("")
    signed: tuple[LineSigned, ...] = ()
    staff: StaffId = StaffId("")
    at: float = 0.0
