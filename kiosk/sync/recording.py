"""Journalling events in order. While the disk refuses, they wait in memory and their callers are not told "done"."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from hall.events import Event
from kiosk.sync.callbacks import call_safely
from kiosk.sync.journal import Journal, JournalError
from kiosk.sync.news import Log
from kiosk.sync.outbox import Outbox

UNWRITTEN_LIMIT: Final = 1000
"""Records that wait in memory while the journal cannot be written; beyond it the newest are refused, loudly."""
WRITE_AGAIN_S: Final = 1.0


Keep = tuple[tuple[str, bytes], ...]
"""Small things to keep, by name."""


@dataclass(frozen=True, slots=True)
class Record:
    """Events of one transaction."""

    epoch: int
    events: Sequence[Event]
    at: float
    done: Callable[[], None] | None
    keep: tuple[tuple[str, bytes], ...] = ()
    """Small things to keep in the same transaction, by name."""


class Recorder:
    """Writes records one transaction each, first come first written."""

    def __init__(self, journal: Journal, outbox: Outbox, log: Log) -> None:
        self._journal = journal
        self._outbox = outbox
        self._log = log
        self._unwritten: deque[Record] = deque()
        self._again_at: float | None = None

    def record(
        self,
        epoch: int,
        events: Sequence[Event],
        at: float,
        done: Callable[[], None] | None,
        now: float,
        *,
        keep: tuple[tuple[str, bytes], ...] = (),
    ) -> None:
        """Write and call `done`; or, when the journal refuses, keep the record for `again`."""
        if len(self._unwritten) >= UNWRITTEN_LIMIT:
            self._log.warning("record_refused", waiting=len(self._unwritten))
            return
        self._unwritten.append(Record(epoch, tuple(events), at, done, keep))
        if self._again_at is None:
            self._write(now)

    def again(self, now: float) -> bool:
        """Try what waits, if it is time; True when something was tried."""
        if self._again_at is None or now < self._again_at:
            return False
        self._write(now)
        return True

    def _write(self, now: float) -> None:
        while self._unwritten:
            record = self._unwritten[0]
            try:
                with self._journal.change():
                    self._outbox.append(record.epoch, record.events, record.at)
                    for name, value in record.keep:
                        self._journal.keep(name, value)
            except JournalError as error:
                if self._again_at is None:
                    self._log.warning("journal_unwritable", fault=error.reason.value)
                self._again_at = now + WRITE_AGAIN_S
                return
            self._unwritten.popleft()
            if self._again_at is not None:
                self._again_at = None
                self._log.info("journal_writable")
            if record.done is not None:
                call_safely(self._log, record.done)
