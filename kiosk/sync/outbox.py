"""Events on their way to the ledger: minted gapless per epoch, drained by mark, kept a while after the mark."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hall.events import Event
from hall.ids import EventId, TerminalId
from hall.wire.codec import encode
from hall.wire.lanes import Envelope
from kiosk.sync.journal import Journal

KEPT_ACKED_S: Final = 7 * 24 * 3600.0
"""Acknowledged rows stay this long, so that a ledger restored from a backup can be refilled (design 4)."""
MAX_EVENT_BYTES: Final = 128 * 1024
"""One event; a message with it stays below `wire.MAX_MESSAGE_BYTES`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One event as it is sent."""

    epoch: int
    seq: int
    body: bytes


class Outbox:
    """The outbox inside the journal. Methods that write must be called inside `journal.change()`."""

    def __init__(self, journal: Journal, device: TerminalId, mint: Callable[[], str]) -> None:
        self._journal = journal
        self._device = device
        self._mint = mint

    def begin_epoch(self, at: float) -> int:
        """Begin a new epoch, above every one before.

        The counter decides; the clock only lets it leap, so that a disk restored from an old image
        (whose counter went back) does not mint an epoch a second time.
        """
        (last,) = self._journal.execute("SELECT coalesce(max(epoch), 0) FROM epochs").fetchone()
        epoch = max(int(last) + 1, int(at))
        self._journal.execute("INSERT INTO epochs VALUES (?, 0, ?)", epoch, at)
        return epoch

    def append(self, epoch: int, events: Sequence[Event], at: float) -> tuple[EventId, ...]:
        """Mint `(device, epoch, seq)` and an id for each event, and store the envelopes as they will be sent."""
        ids = tuple(EventId(self._mint()) for _ in events)
        (last,) = self._journal.execute(
            "UPDATE epochs SET last_seq = last_seq + ? WHERE epoch = ? RETURNING last_seq", len(ids), epoch
        ).fetchone()
        for seq, (event_id, event) in enumerate(zip(ids, events, strict=True), start=last - len(ids) + 1):
            body = encode(
                Envelope(device=self._device, epoch=epoch, seq=seq, event_id=event_id, at=at, event=event),
            )
            self._journal.execute("INSERT INTO outbox VALUES (?, ?, ?, ?, ?, NULL)", epoch, seq, event_id, at, body)
        return ids

    def last_seq(self, epoch: int) -> int | None:
        """Return the highest sequence ever minted in an epoch of ours; None for an epoch that is not ours."""
        row = self._journal.execute("SELECT last_seq FROM epochs WHERE epoch = ?", epoch).fetchone()
        return None if row is None else int(row[0])

    def first_waiting(self) -> tuple[int, int] | None:
        """Return (epoch, seq) of the oldest event the ledger has not confirmed."""
        row = self._journal.execute(
            "SELECT epoch, seq FROM outbox WHERE acked_at IS NULL ORDER BY epoch, seq LIMIT 1"
        ).fetchone()
        return None if row is None else (int(row[0]), int(row[1]))

    def read(self, epoch: int, after_seq: int, limit: int) -> list[Row]:
        """Return up to `limit` waiting rows of one epoch after `after_seq`, in order."""
        rows = self._journal.execute(
            "SELECT seq, body FROM outbox WHERE acked_at IS NULL AND epoch = ? AND seq > ? ORDER BY epoch, seq LIMIT ?",
            epoch,
            after_seq,
            limit,
        )
        return [Row(epoch, int(seq), bytes(body)) for seq, body in rows]

    def covered(self, marks: Mapping[int, int]) -> bool:
        """Tell whether any waiting event lies at or below these marks."""
        find = "SELECT 1 FROM outbox WHERE acked_at IS NULL AND epoch = ? AND seq <= ? LIMIT 1"
        return any(self._journal.execute(find, epoch, seq).fetchone() for epoch, seq in marks.items())

    def acknowledge(self, marks: Mapping[int, int], at: float) -> int:
        """Take note that the ledger holds everything up to these marks; return how many rows that is news for."""
        news = 0
        for epoch, seq in marks.items():
            news += self._journal.execute(
                "UPDATE outbox SET acked_at = ? WHERE acked_at IS NULL AND epoch = ? AND seq <= ?", at, epoch, seq
            ).rowcount
        return news

    def refill(self, marks: Mapping[int, int]) -> tuple[int, int]:
        """Make every kept row above these marks wait again (no mark = 0).

        Return how many, and how many epochs are beyond refill: their next row is pruned already, so the ledger could
        never take the rest in order; left as they are, they do not stand in the way of newer epochs.
        """
        kept = self._journal.execute(
            "SELECT epoch, min(seq) FROM outbox GROUP BY epoch HAVING count(acked_at) > 0"
        ).fetchall()
        again, beyond = 0, 0
        for epoch, first in kept:
            mark = marks.get(int(epoch), 0)
            if first > mark + 1:
                beyond += 1
                continue
            again += self._journal.execute(
                "UPDATE outbox SET acked_at = NULL WHERE acked_at IS NOT NULL AND epoch = ? AND seq > ?", epoch, mark
            ).rowcount
        return again, beyond

    def waiting(self) -> tuple[int, float | None]:
        """Return how many events wait, and the time of the oldest."""
        (count,) = self._journal.execute("SELECT count(*) FROM outbox WHERE acked_at IS NULL").fetchone()
        row = self._journal.execute(
            "SELECT at FROM outbox WHERE acked_at IS NULL ORDER BY epoch, seq LIMIT 1"
        ).fetchone()
        return int(count), None if row is None else float(row[0])

    def prune(self, now: float) -> int:
        """Delete rows acknowledged more than `KEPT_ACKED_S` ago; return how many. Waiting rows are never deleted."""
        return int(
            self._journal.execute("DELETE FROM outbox WHERE acked_at < ?", now - KEPT_ACKED_S).rowcount,
        )
