"""What the writer holds in memory: the queue day and how far the ledger goes. Always rebuildable from the ledger."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import msgspec

from hall.commands import AnyReply
from hall.day import decisions
from hall.day.decisions import Asker, Decidable, Decision, HallState
from hall.events import Event
from hall.ids import EventId, RequestId, TerminalId
from hall.ledger import chain
from hall.pack.hall_pack import HallPack
from hall_server.ledger.entries import Batch, Entry, StoredAnswer, chain_body
from hall_server.ledger.replaying import replayed
from hall_server.ledger.store import ANSWERS_IN_MEMORY, Ledger
from hall_server.writer.unsettled import Unsettled

log = logging.getLogger(__name__)

DAYS_REPLAYED = 2
"""The open day and the one before: a cut-off terminal may have sent tickets of today before today was opened."""
RECENT_KEYS = 20_000
"""Event keys remembered with their ids, so that a resent window of a terminal costs no read."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The pure functions of the hall that the writer runs. Tests hand in rules that fail on purpose."""

    decide: Callable[[HallState, Decidable, Asker, float], Decision] = decisions.decide
    apply: Callable[[HallState, Event, TerminalId, float], None] = decisions.apply
    examine: Callable[[HallState, Event, TerminalId], tuple[str, ...]] = decisions.examine


@dataclass(slots=True)
class Standing:
    """The state of the hall after the last commit, plus the batch under way."""

    state: HallState
    ledger_epoch: int
    epoch: int
    """The server's own event epoch: how often a server has started on this ledger."""
    own_seq: int
    ledger_seq: int
    chain_head: str
    marks: dict[tuple[TerminalId, int], int]
    clashed: set[TerminalId]
    answers: OrderedDict[tuple[TerminalId, RequestId], bytes]
    answers_complete: bool
    epochs: dict[TerminalId, set[int]] = field(default_factory=dict)
    """The epochs of each device that have a mark."""
    recent: OrderedDict[tuple[TerminalId, int, int], EventId] = field(default_factory=OrderedDict)
    unsettled: Unsettled = field(default_factory=Unsettled)

    def append(self, batch: Batch, entry: "Unchained", flags: tuple[str, ...]) -> None:
        """Give an event its place in the ledger's order and in the chain."""
        self.ledger_seq += 1
        draft = Entry(
            ledger_seq=self.ledger_seq,
            device=entry.device,
            epoch=entry.epoch,
            seq=entry.seq,
            event_id=entry.event_id,
            at=entry.at,
            kind=entry.kind,
            body=entry.body,
            flags=flags,
            chain="",
        )
        self.chain_head = chain.link(self.chain_head, chain_body(draft))
        batch.entries.append(_linked(draft, self.chain_head))
        self.remember((entry.device, entry.epoch, entry.seq), entry.event_id)

    def advance(self, batch: Batch, device: TerminalId, epoch: int, seq: int) -> None:
        """Move a device's mark, in memory and in the batch."""
        self.marks[device, epoch] = seq
        self.epochs.setdefault(device, set()).add(epoch)
        batch.marks[device, epoch] = seq

    def remember(self, key: tuple[TerminalId, int, int], event_id: EventId) -> None:
        """Keep an event key for a cheap look at resent events."""
        self.recent[key] = event_id
        if len(self.recent) > RECENT_KEYS:
            self.recent.popitem(last=False)

    def keep_answer(self, batch: Batch, answer: StoredAnswer) -> None:
        """Keep a state-changing answer, so that asking twice gives the same."""
        batch.answers.append(answer)
        self.answers[answer.terminal, answer.request] = answer.reply
        if len(self.answers) > ANSWERS_IN_MEMORY:
            self.answers.popitem(last=False)
            self.answers_complete = False


@dataclass(frozen=True, slots=True)
class Unchained:
    """An event that has its key but not yet its place."""

    device: TerminalId
    epoch: int
    seq: int
    event_id: EventId
    at: float
    kind: str
    body: bytes


def _linked(draft: Entry, digest: str) -> Entry:
    return Entry(
        ledger_seq=draft.ledger_seq,
        device=draft.device,
        epoch=draft.epoch,
        seq=draft.seq,
        event_id=draft.event_id,
        at=draft.at,
        kind=draft.kind,
        body=draft.body,
        flags=draft.flags,
        chain=digest,
    )


def stand(ledger: Ledger, pack: HallPack, rules: Rules, own_seq: int) -> Standing:
    """Rebuild everything from the ledger: the marks, and the queue day from the open day's events.

    `own_seq` is the last sequence of the server's own events in this epoch that is committed. An event that
    cannot be applied any more is said aloud and passed over: a hall must open in the morning.
    """
    opening = ledger.opening()
    state, unsettled = HallState(pack), Unsettled()
    for entry in replayed(ledger, DAYS_REPLAYED):
        try:
            event = msgspec.json.decode(entry.body, type=Event)
            unsettled.heard(state, event, entry.device, entry.flags)
            rules.apply(state, event, entry.device, entry.at)
        except Exception:
            log.exception("ledger entry %d (%s) could not be applied", entry.ledger_seq, entry.kind)
    epochs: dict[TerminalId, set[int]] = {}
    for device, epoch in opening.marks:
        epochs.setdefault(device, set()).add(epoch)
    return Standing(
        state=state,
        ledger_epoch=opening.ledger_epoch,
        epoch=opening.starts,
        own_seq=own_seq,
        ledger_seq=opening.ledger_seq,
        chain_head=opening.chain_head,
        marks=dict(opening.marks),
        clashed=set(opening.clashed),
        answers=OrderedDict(opening.answers),
        answers_complete=opening.answers_complete,
        epochs=epochs,
        unsettled=unsettled,
    )


def encode_reply(reply: AnyReply) -> bytes:
    """Return a reply as it is stored."""
    return msgspec.json.encode(reply)


def decode_reply(stored: bytes) -> AnyReply:
    """Return a stored reply."""
    return cast("AnyReply", msgspec.json.decode(stored, type=AnyReply))
