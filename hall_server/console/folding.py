"""The queue day as the console sees it: the ledger's events, folded as they come by the writer's own `apply`."""

import contextlib
import logging
import threading
from collections.abc import Iterator

import msgspec

from hall.day.decisions import HallState, apply
from hall.day.examining import has_a_say
from hall.events import Event
from hall.pack.hall_pack import HallPack
from hall_server.console.remembered import Remembered
from hall_server.ledger.entries import Entry
from hall_server.ledger.replaying import replayed
from hall_server.ledger.store import Ledger

log = logging.getLogger(__name__)

DAYS_FOLDED = 2
"""The open day and the one before, as the writer does: tickets of today may have come before today was opened."""


class Fold:
    """Follows the ledger on whatever thread asks; a state of its own, so no reader ever waits for the writer."""

    def __init__(self, ledger: Ledger, pack: HallPack) -> None:
        self._ledger = ledger
        self._state = HallState(pack)
        self._remembered = Remembered()
        self._last_seq = 0
        self._began = False
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def state(self) -> Iterator[HallState]:
        """Lend the state as of the last commit; nobody may keep or change it."""
        with self.day() as (state, _):
            yield state

    @contextlib.contextmanager
    def day(self) -> Iterator[tuple[HallState, Remembered]]:
        """Lend the state and what is remembered beside it; nobody may keep or change them."""
        with self._lock:
            if not self._began:
                self._take(replayed(self._ledger, DAYS_FOLDED))
                self._began = True
            self._take(self._ledger.entries(self._last_seq + 1))
            yield self._state, self._remembered

    def _take(self, entries: Iterator[Entry]) -> None:
        for entry in entries:
            self._last_seq = entry.ledger_seq
            try:
                event = msgspec.json.decode(entry.body, type=Event)
                apply(self._state, event, entry.device, entry.at)
                if has_a_say(self._state, event, entry.device):
                    self._remembered.take(event, entry.device, entry.at)
            except Exception:
                log.exception("ledger entry %d (%s) could not be folded", entry.ledger_seq, entry.kind)
