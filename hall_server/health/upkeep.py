"""The maintenance book: what the ledger tells of works on devices, followed as it grows, for as long as it goes back.

Any thread. Only what the hall server itself wrote down counts: a terminal that claims a record changes nothing.
"""

import logging
import threading
from collections.abc import Iterable

import msgspec

from hall.errors import HallError
from hall.ids import SERVER
from hall.pack.hall_pack import HallPack
from hall.services.upkeep import Due, PaperLeft, Upkeep, dues, shown
from hall.upkeep import MaintenanceRecorded
from hall.wire.upkeep_shown import DueShown
from hall_server.health.keeper import Keeper
from hall_server.ledger.browsing import MAX_PAGE, Browser, Wanted

log = logging.getLogger(__name__)

KIND = MaintenanceRecorded.__name__
SLIPS = "slips_left"
"""The reading of a printer that counts its own paper."""
PAPER_KIND = "slip_printer"


class UpkeepBook:
    """Follows the ledger by one kind of event, a page at a time."""

    def __init__(self, pack: HallPack, browser: Browser) -> None:
        self._pack = pack
        self._browser = browser
        self._upkeep = Upkeep()
        self._last_seq = 0
        self._lock = threading.Lock()

    def due(self, papers: Iterable[PaperLeft], now: float) -> tuple[DueShown, ...]:
        """Return what the guide desk should see to, in hall time `now`."""
        with self._lock:
            self._follow()
            return shown(self._pack, self._upkeep, papers, now)

    def plan(self) -> tuple[Due, ...]:
        """Return every regular work with the day it is due next, the earliest first."""
        with self._lock:
            self._follow()
            return dues(self._pack, self._upkeep)

    def _follow(self) -> None:
        """Read what is new; a ledger that cannot be read now leaves the book as it was."""
        try:
            while True:
                page = self._browser.following(self._last_seq, MAX_PAGE, Wanted(kind=KIND, device=SERVER))
                for entry in page:
                    self._last_seq = entry.ledger_seq
                    try:
                        self._upkeep.take(msgspec.json.decode(entry.body, type=MaintenanceRecorded))
                    except msgspec.MsgspecError:
                        log.warning("ledger entry %d is no readable record of upkeep", entry.ledger_seq)
                if len(page) < MAX_PAGE:
                    return
        except HallError as error:
            log.warning("the maintenance book cannot be read on: %s", error)


def papers(keeper: Keeper) -> tuple[PaperLeft, ...]:
    """Return what the printers tell of their paper, by their own counts."""
    return tuple(
        PaperLeft(device=one.device, slips=int(told), heard_at=met.heard_at)
        for met in keeper.terminals.values()
        if met.heard_at is not None
        for one in met.devices.values()
        if one.kind == PAPER_KIND and (told := one.readings.get(SLIPS, "")).isdecimal()
    )
