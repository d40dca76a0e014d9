"""How much paper is left: dots counted as they are fed, put right by what the printer's own sensors say."""

import contextlib
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from hall.health.forecasts import RECENT, Roll, left_mm, slips_left
from kiosk.devices.slip_printers.status import Status
from kiosk.ports import Reading, Unread

DOTS_PER_MM = 8
USUAL_SLIP_MM = 130.0
"""A ticket with its materials; statements show in the mean of the last slips."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What outlives a restart: lengths, and nothing about anybody."""

    used_mm: float
    used_at_near_end_mm: float | None = None
    recent_mm: tuple[float, ...] = ()


@dataclass(slots=True)
class PaperLeft:
    """Counts one printer's paper. Unknown until a new roll was seen, or the count of the last run was found.

    A roll is new when paper was out under a closed cover and is there again, or when near-end was told and is not any
    more. A cover opened and closed is only a look inside.
    """

    roll_mm: float
    near_end_mm: float = 0.0
    used_mm: float = 0.0
    """Since the roll was put in, or since the start while that is unknown."""
    known: bool = False
    _used_at_near_end_mm: float | None = None
    _recent_mm: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))
    _near_end: bool = False
    _was_out: bool = False

    def printed(self, dots: int) -> None:
        """Count a job that went to the printer, whatever became of it."""
        length = dots / DOTS_PER_MM
        self.used_mm += length
        self._recent_mm.append(length)

    def observe(self, status: Status) -> None:
        """Take what the sensors say now."""
        if status.cover_open:
            return  # many mechanisms say "out" while the cover is open
        if status.paper_end:
            self._was_out = True
            return
        refilled = self._was_out or (self._near_end and not status.paper_near_end)
        self._was_out = False
        if refilled:
            self.used_mm, self.known, self._used_at_near_end_mm = 0.0, True, None
        if status.paper_near_end and not self._near_end:
            self._used_at_near_end_mm = self.used_mm
        self._near_end = status.paper_near_end

    def readings(self) -> dict[str, Reading]:
        """Millimetres left and for how many slips; unknown rather than hopeful."""
        roll = Roll(
            roll_mm=self.roll_mm,
            used_mm=self.used_mm,
            near_end_mm=self.near_end_mm,
            used_at_near_end_mm=self._used_at_near_end_mm if self.near_end_mm else None,
        )
        by_sensor = self._near_end and self.near_end_mm > 0
        if self._was_out:
            left = 0.0
        elif self.known or by_sensor:
            left = left_mm(roll)
        else:
            return {"paper_left_mm": Unread.UNKNOWN, "slips_left": Unread.UNKNOWN}
        return {"paper_left_mm": round(left), "slips_left": slips_left(left, tuple(self._recent_mm), USUAL_SLIP_MM)}

    def load(self, path: Path) -> None:
        """Go on from an earlier run; a file that is missing or spoilt leaves the count unknown."""
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            kept = msgspec.json.decode(path.read_bytes(), type=Kept)
            self.used_mm, self.known = kept.used_mm, True
            self._used_at_near_end_mm = kept.used_at_near_end_mm
            self._near_end = kept.used_at_near_end_mm is not None
            self._recent_mm.extend(kept.recent_mm)

    def save(self, path: Path) -> None:
        """Keep the count, whole or not at all; a disk that refuses loses the count, never a job."""
        if not self.known:
            return
        kept = Kept(
            used_mm=self.used_mm, used_at_near_end_mm=self._used_at_near_end_mm, recent_mm=tuple(self._recent_mm)
        )
        beside = path.with_name(f"{path.name}.new")
        with contextlib.suppress(OSError):
            beside.write_bytes(msgspec.json.encode(kept))
            beside.replace(path)
