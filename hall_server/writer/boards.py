"""When a board goes out, at most four a second, and what stands on it."""

import logging
import time
from typing import Final

from hall.calendar.working_days import business_day, next_open_days
from hall.day import board, pressing
from hall.ids import BusinessDay
from hall.pack.hall_pack import HallPack
from hall_server.writer.days import Days
from hall_server.writer.jobs import Outlet
from hall_server.writer.standing import Standing

log = logging.getLogger(__name__)

EVERY_S: Final = 0.25
"""At most four boards a second (design 4)."""
REFRESH_S: Final = 5.0
"""Without any change a new board still follows, because waiting times and the last-ticket hour move by themselves."""
STARTS_BOARDS: Final = 1_000_000_000
"""Board versions of one server start; versions grow over restarts without being written down each time."""


class Boards:
    """Lives on the writer's thread; `changed` may be called and `version` read from any."""

    def __init__(self, pack: HallPack, outlet: Outlet, days: Days) -> None:
        self._pack = pack
        self._outlet = outlet
        self._days = days
        self._dirty = True
        self._sent_s = float("-inf")
        self._count = 0
        self.version = 0
        """Of the board that was sent last; 0 before the first."""

    def changed(self) -> None:
        """What stands on the board has changed, or somebody has just arrived: send it again soon."""
        self._dirty = True

    def patience_s(self) -> float:
        """Return how long the writer may rest, for the sake of the board."""
        return max(0.0, self._sent_s + EVERY_S - time.monotonic()) if self._dirty else REFRESH_S

    def due(self) -> bool:
        """Tell whether a board is to be sent now."""
        since_s = time.monotonic() - self._sent_s
        return (self._dirty and since_s >= EVERY_S) or since_s >= REFRESH_S

    def show(self, standing: Standing, now: float) -> None:
        """Send the board as it stands at `now`, hall time. One that cannot be drawn does not stop the queue."""
        self._dirty = False
        self._sent_s = time.monotonic()
        try:
            self._send(standing, now)
        except Exception:
            log.exception("the board could not be drawn")

    def _send(self, standing: Standing, now: float) -> None:
        self._count += 1
        version = standing.epoch * STARTS_BOARDS + self._count
        state = standing.state
        known = state.day or state.believed or (None if self._days.withheld else business_day(now))
        following = next_open_days(self._pack, known, 1) if known else ()
        next_day = following[0] if following else BusinessDay("")
        pressed = pressing.pressing(state, now)
        shown = board.board(state, now, version, standing.ledger_epoch, next_day, staffing=pressed)
        self.version = version
        self._outlet.board(shown)
