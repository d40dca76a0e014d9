"""What the writer and the ledger exchange: plain frozen values, no SQL."""

from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from hall.errors import Reason
from hall.ids import EventId, RequestId, StaffId, TerminalId


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as the ledger holds it. `chain` = digest of the entry before and of `chain_body`."""

    ledger_seq: int
    device: TerminalId
    epoch: int
    seq: int
    event_id: EventId
    at: float
    kind: str
    body: bytes
    flags: tuple[str, ...]
    chain: str


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A state-changing answer; `reply` is its JSON."""

    request: RequestId
    terminal: TerminalId
    at: float
    reply: bytes


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Bytes that could not be adopted. With `seq` > 0 the mark of (device, epoch) moves past them."""

    at: float
    terminal: TerminalId
    reason: Reason
    sentence: str
    raw: bytes
    device: TerminalId | None = None
    epoch: int = 0
    seq: int = 0
    event_id: EventId | None = None
    clash: bool = False
    """True when two devices seem to share one identity; the device stays quarantined until released."""
    word: str = ""
    """The reason as it is kept, where `reason` is too wide a word, such as `store.SLIP_KEY_CHANGED`."""


class Act(StrEnum):
    """What a member of staff did about a quarantine entry."""

    SEEN = "seen"
    """Looked at, nothing to take over; a device that was shut out by it is let in again."""
    ADOPTED = "adopted"
    """Understood at a second look and entered into the ledger, with a flag."""


@dataclass(frozen=True, slots=True)
class Settled:
    """One act on one quarantine entry. `ledger_seq` is where an adopted event stands now."""

    quarantine_id: int
    at: float
    act: Act
    staff: StaffId
    reason: str
    ledger_seq: int | None = None


@dataclass(slots=True)
class Batch:
    """Everything of one commit."""

    entries: list[Entry] = field(default_factory=list)
    marks: dict[tuple[TerminalId, int], int] = field(default_factory=dict)
    answers: list[StoredAnswer] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    released: dict[TerminalId, float] = field(default_factory=dict)
    """Devices let in again after a clash of identity, and when."""
    settled: list[Settled] = field(default_factory=list)
    """Quarantine entries that somebody has seen to."""

    def empty(self) -> bool:
        """Tell whether there is nothing to commit."""
        rows = (self.entries, self.marks, self.answers, self.quarantined, self.released, self.settled)
        return not any(rows)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the ledger knows when a writer begins (or begins again after a failed commit)."""

    ledger_epoch: int
    starts: int
    ledger_seq: int
    chain_head: str
    marks: dict[tuple[TerminalId, int], int]
    clashed: frozenset[TerminalId]
    answers: dict[tuple[TerminalId, RequestId], bytes]
    """The newest answers, oldest first."""
    answers_complete: bool
    """False when older answers exist that are not in `answers`."""


def chain_body(entry: Entry) -> bytes:
    """Return the bytes that the chain covers: the whole entry but its digest, in one fixed order."""
    told = (
        entry.ledger_seq,
        entry.device,
        entry.epoch,
        entry.seq,
        entry.event_id,
        entry.at,
        entry.kind,
        " ".join(entry.flags),
    )
    return msgspec.json.encode(told) + b"\n" + entry.body
