"""Carries the outbox to the ledger: go back to the mark and send on from there, until the mark covers everything.

Sans-I/O: told what happened and when, it says what to send next. Nothing is ever settled but by a mark of the ledger.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hall.wire.lanes import MAX_EVENTS_PER_MESSAGE, Mark
from kiosk.sync.journal import Journal
from kiosk.sync.outbox import Outbox, Row

WINDOW_EVENTS: Final = 100
"""So many events may be on their way beyond the mark (measured: 50 to 100 keeps the ledger's group commit full)."""
STALLED_AFTER_S: Final = 1.5
"""No progress for so long: something was lost, go back to the mark."""
HELLO_WAIT_S: Final = 0.5
"""After a hello the ledger's mark is awaited so long before sending from our own knowledge of it."""
MAX_BATCH_BYTES: Final = 192 * 1024
"""Event bytes in one message; leaves room for its frame under `wire.MAX_MESSAGE_BYTES`."""
MAX_SEQ: Final = 2**63 - 1
"""What an SQLite integer holds."""
LEDGER_EPOCH: Final = "ledger_epoch"


class Heeded(StrEnum):
    """What became of a mark."""

    NEWS = "news"
    NOTHING_NEW = "nothing_new"
    REFILL = "refill"
    """The ledger was restored; what it lacks will be sent again."""
    OUTDATED = "outdated"
    """From before a restore."""
    WRONG = "wrong"
    """Claims events this terminal never sent; they are kept and nothing is settled by that claim."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one epoch, in order, for one message."""

    rows: tuple[Row, ...]


class Courier:
    """Decides what to send. `epoch` is this process's own; older ones drain first, unchanged."""

    def __init__(self, journal: Journal, outbox: Outbox, epoch: int, clock: Callable[[], float]) -> None:
        self._journal = journal
        self._outbox = outbox
        self._own_epoch = epoch
        self._clock = clock
        self._sent_high = 0
        self._draining = 0
        self._cursor = 0
        self._careful = False
        self._open_since: float | None = None
        self._mark_heard = False
        self._progress_at = 0.0
        self.beyond_refill = 0
        """Epochs that the last restored ledger lacks and that are kept no longer."""

    def open(self, now: float) -> None:
        """The way to the ledger is open (again): begin from the mark."""
        self._open_since = now
        self._mark_heard = False
        self._go_back(now)

    def close(self) -> None:
        """The way is closed; nothing is sent and nothing is forgotten."""
        self._open_since = None

    def heed(self, mark: Mark, now: float) -> Heeded:
        """Take a mark. Commits what it settles before returning."""
        claims = _claims(mark)
        known = int(self._journal.kept(LEDGER_EPOCH) or b"0")
        if claims is None:
            return Heeded.WRONG
        if mark.ledger_epoch < known:
            return Heeded.OUTDATED
        believed = {epoch: seq for epoch, seq in claims.items() if seq <= self._ceiling(epoch)}
        heeded = self._settle(known, mark.ledger_epoch, believed)
        if heeded is Heeded.NEWS:
            self._progress_at, self._careful = now, False
        first_on_this_way, self._mark_heard = not self._mark_heard, True
        if first_on_this_way or heeded is Heeded.REFILL:
            self._go_back(now)
        return Heeded.WRONG if believed != claims else heeded

    def next_batch(self, now: float) -> Batch | None:
        """Return the next rows to publish, or None when there is nothing to do yet. Say `sent` after publishing."""
        if self._open_since is None or (not self._mark_heard and now - self._open_since < HELLO_WAIT_S):
            return None
        first = self._outbox.first_waiting()
        if first is None:
            return None
        epoch, seq = first
        if epoch != self._draining:
            self._draining, self._cursor, self._progress_at = epoch, seq - 1, now
        in_flight = self._cursor - (seq - 1)
        if in_flight <= 0:
            # nothing is on its way (or a mark passed the cursor): the clock for lost messages starts now
            self._cursor, in_flight, self._progress_at = seq - 1, 0, now
        elif now - self._progress_at >= STALLED_AFTER_S:
            self._go_back(now)
            self._careful = True
            self._draining, self._cursor, in_flight = epoch, seq - 1, 0
        # after a stall one message at a time, until the ledger answers: a server that is down is not flooded
        window = MAX_EVENTS_PER_MESSAGE if self._careful else WINDOW_EVENTS
        rows = self._outbox.read(epoch, self._cursor, max(0, min(MAX_EVENTS_PER_MESSAGE, window - in_flight)))
        return Batch(_within_bytes(rows)) if rows else None

    def sent(self, batch: Batch) -> None:
        """Take note that a batch was handed to the link."""
        last = batch.rows[-1]
        self._cursor = last.seq
        if last.epoch == self._own_epoch:
            self._sent_high = max(self._sent_high, last.seq)

    def _ceiling(self, epoch: int) -> int:
        """Return the highest sequence a mark may honestly claim; -1 for an epoch that cannot be."""
        if epoch == self._own_epoch:
            return self._sent_high
        # Of an older epoch the ledger may know more than we do: this disk may be an old image of itself.
        # A newer epoch than ours belongs to another device with our name.
        return MAX_SEQ if epoch < self._own_epoch else -1

    def _settle(self, known: int, ledger_epoch: int, marks: dict[int, int]) -> Heeded:
        if known == ledger_epoch and not self._outbox.covered(marks):
            return Heeded.NOTHING_NEW
        with self._journal.change():
            self._journal.keep(LEDGER_EPOCH, str(ledger_epoch).encode())
            again = 0
            if 0 < known < ledger_epoch:
                again, self.beyond_refill = self._outbox.refill(marks)
            news = self._outbox.acknowledge(marks, self._clock())
        if again:
            return Heeded.REFILL
        return Heeded.NEWS if news else Heeded.NOTHING_NEW

    def _go_back(self, now: float) -> None:
        self._draining = 0
        self._careful = False
        self._progress_at = now


def _claims(mark: Mark) -> dict[int, int] | None:
    """Return the marks by epoch, or None when they are not what marks can be."""
    if not 0 < mark.ledger_epoch <= MAX_SEQ:
        return None
    try:
        claims = {int(epoch): seq for epoch, seq in mark.marks.items()}
    except ValueError:
        return None
    return claims if all(0 < epoch <= MAX_SEQ and 0 <= seq <= MAX_SEQ for epoch, seq in claims.items()) else None


def _within_bytes(rows: list[Row]) -> tuple[Row, ...]:
    """Return the longest beginning of `rows` that fits one message; at least one row."""
    total, fitting = 0, 0
    for row in rows:
        total += len(row.body) + 1
        if fitting and total > MAX_BATCH_BYTES:
            break
        fitting += 1
    return tuple(rows[:fitting])
