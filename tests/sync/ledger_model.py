"""The ledger as the wire promises it, small and strict: accepts mark + 1, knows ids, cries on a clash."""

from dataclasses import dataclass, field

import msgspec

from hall.ids import EventId
from hall.wire.codec import MAX_MESSAGE_BYTES, decode
from hall.wire.lanes import MAX_EVENTS_PER_MESSAGE, Envelope, Mark, Up


@dataclass
class LedgerModel:
    """What was committed, in order. `clashes` must stay empty."""

    ledger_epoch: int = 1
    held: dict[tuple[int, int], Envelope] = field(default_factory=dict)
    order: list[Envelope] = field(default_factory=list)
    clashes: list[tuple[int, int]] = field(default_factory=list)
    duplicates: int = 0
    too_high: int = 0

    def mark(self) -> Mark:
        marks: dict[str, int] = {}
        for epoch, seq in self.held:
            marks[str(epoch)] = max(marks.get(str(epoch), 0), seq)
        return Mark(ledger_epoch=self.ledger_epoch, marks=marks, chain_head="")

    def take(self, payload: bytes) -> Mark:
        assert len(payload) <= MAX_MESSAGE_BYTES
        up = decode(Up, payload, "up")
        assert 0 < len(up.events) <= MAX_EVENTS_PER_MESSAGE
        for raw in up.events:
            self._take_one(msgspec.json.decode(raw, type=Envelope))
        return self.mark()

    def _take_one(self, came: Envelope) -> None:
        key = came.epoch, came.seq
        known = self.held.get(key)
        if known is not None:
            self.duplicates += 1
            if known.event_id != came.event_id:
                self.clashes.append(key)
        elif came.seq == max((seq for epoch, seq in self.held if epoch == came.epoch), default=0) + 1:
            self.held[key] = came
            self.order.append(came)
        else:
            self.too_high += 1

    def backup(self) -> list[Envelope]:
        return list(self.order)

    def restore(self, backup: list[Envelope]) -> None:
        """Become what an old backup knew, and say so by a new ledger epoch."""
        self.ledger_epoch += 1
        self.order = list(backup)
        self.held = {(envelope.epoch, envelope.seq): envelope for envelope in backup}

    def ids(self) -> list[EventId]:
        return [envelope.event_id for envelope in self.order]
