"""One turn of the writer: up to 200 jobs become one batch and the news that follow its commit. No I/O but lookups."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import msgspec

from hall.commands import AnyReply, Refused
from hall.day.deciding import refused
from hall.day.decisions import SERVER_ASKS, Asker, Decision
from hall.errors import Reason
from hall.events import Event
from hall.ids import EventId, TerminalId
from hall_server.ledger.entries import Quarantined, StoredAnswer
from hall_server.writer import slip_keys
from hall_server.writer.entering import Entering
from hall_server.writer.jobs import AskJob, HelloJob, Job, LookJob, OwnJob, Parcel, ReleaseJob, SettleJob, UpJob
from hall_server.writer.quarantine import settle
from hall_server.writer.standing import decode_reply, encode_reply

log = logging.getLogger(__name__)

RAW_KEPT_BYTES = 64 * 1024
"""So much of a poisonous message is kept; its reason tells the rest."""


@dataclass(slots=True, kw_only=True)
class Turn(Entering):
    """Decides and applies jobs on a standing; what must be committed is its batch, what may then go out the rest."""

    now_mono_s: float
    answered: list[tuple[Callable[[AnyReply], None], AnyReply]] = field(default_factory=list)
    looks: list[LookJob] = field(default_factory=list)
    greeted: set[TerminalId] = field(default_factory=set)
    parked: list[AskJob] = field(default_factory=list)

    def take(self, job: Job) -> None:
        """Do one job. One command's exception is its own refusal."""
        match job:
            case UpJob():
                self._adopt(job)
            case AskJob():
                self._ask(job)
            case OwnJob():
                decision = self._decide(job, SERVER_ASKS)
                self.answered.append((partial(_with_events, job, decision.events), decision.reply))
            case HelloJob(terminal, slip_key):
                slip_keys.told(self, terminal, slip_key)
                self.to_mark.setdefault(terminal, set())
                self.greeted.add(terminal)
            case ReleaseJob(terminal):
                self.let_in(terminal)
            case SettleJob():
                self.answered.append((job.done, settle(self, job)))
            case LookJob():
                self.looks.append(job)

    def _ask(self, job: AskJob) -> None:
        terminal = job.asker.terminal
        stored = self._stored(job)
        if stored is not None:
            self.answered.append((job.done, stored))
        elif terminal in self.standing.clashed:
            self._refuse(job, Reason.NOT_ALLOWED, "two devices use this identity; both are shut out until released")
        elif self.now_mono_s >= job.deadline_s:
            self._refuse(job, Reason.TOO_LATE, "the terminal no longer waits, or its earlier events did not come")
        elif self.standing.marks.get((terminal, job.after_epoch), 0) < job.after_seq:
            self.parked.append(job)
        else:
            decision = self._decide(job, job.asker)
            if decision.events:
                kept = StoredAnswer(job.request, terminal, self.now, encode_reply(decision.reply))
                self.standing.keep_answer(self.batch, kept)
            self.answered.append((job.done, decision.reply))

    def _decide(self, job: AskJob | OwnJob, by: Asker) -> Decision:
        """Decide, and apply what follows. An exception of the rules is the command's own refusal."""
        if id(job) in self.broken:
            return refused(Reason.INTERNAL, "the decision could not be applied")
        try:
            decision = self.rules.decide(self.standing.state, job.command, by, self.now)
            bodies = [msgspec.json.encode(event) for event in decision.events]
        except Exception:
            log.exception("a %s could not be decided", type(job.command).__name__)
            return refused(Reason.INTERNAL, "the command could not be decided")
        for event, body in zip(decision.events, bodies, strict=True):
            self.enter_decided(event, body, id(job))
        return decision

    def _stored(self, job: AskJob) -> AnyReply | None:
        stored = self.standing.answers.get((job.asker.terminal, job.request))
        if stored is None and not self.standing.answers_complete:
            stored = self.ledger.answer(job.asker.terminal, job.request)
        return None if stored is None else decode_reply(stored)

    def _refuse(self, job: AskJob, reason: Reason, sentence: str) -> None:
        self.answered.append((job.done, Refused(reason=reason, sentence=sentence)))

    def _adopt(self, job: UpJob) -> None:
        terminal = job.terminal
        told = self.to_mark.setdefault(terminal, set())
        for scrap in job.rubbish:
            self._quarantine(Quarantined(self.now, terminal, scrap.reason, scrap.sentence, scrap.raw[:RAW_KEPT_BYTES]))
            self.alarms.append((terminal, "rubbish"))
        held: dict[tuple[int, int], EventId] | None = None
        for parcel in job.parcels:
            if terminal in self.standing.clashed:
                return
            told.add(parcel.epoch)
            mark = self.standing.marks.get((terminal, parcel.epoch), 0)
            if parcel.seq == mark + 1:
                self._adopt_next(terminal, parcel)
            elif parcel.seq <= mark:
                if held is None:
                    held = self._held(job)
                self._compare(terminal, parcel, held.get((parcel.epoch, parcel.seq)))

    def _adopt_next(self, terminal: TerminalId, parcel: Parcel) -> None:
        standing = self.standing
        if parcel.event is None:
            self._poison(terminal, parcel, parcel.reason, parcel.sentence)
        elif id(parcel) in self.broken:
            self._poison(terminal, parcel, Reason.INTERNAL, "the event could not be applied")
        else:
            self.enter(terminal, parcel, parcel.event, id(parcel))
        standing.advance(self.batch, terminal, parcel.epoch, parcel.seq)

    def _held(self, job: UpJob) -> dict[tuple[int, int], EventId]:
        """Event ids the ledger holds for the resent parcels of a job, from memory where it reaches so far back."""
        held: dict[tuple[int, int], EventId] = {}
        missing: dict[int, list[int]] = {}
        for parcel in job.parcels:
            if parcel.seq <= self.standing.marks.get((job.terminal, parcel.epoch), 0):
                recent = self.standing.recent.get((job.terminal, parcel.epoch, parcel.seq))
                if recent is None:
                    missing.setdefault(parcel.epoch, []).append(parcel.seq)
                else:
                    held[parcel.epoch, parcel.seq] = recent
        for epoch, seqs in missing.items():
            found = self.ledger.event_ids(job.terminal, epoch, min(seqs), max(seqs))
            held.update(((epoch, seq), event_id) for seq, event_id in found.items())
        return held

    def _compare(self, terminal: TerminalId, parcel: Parcel, held: EventId | None) -> None:
        if held is None:
            held = self.standing.recent.get((terminal, parcel.epoch, parcel.seq))
        if held == parcel.event_id:
            return
        if self.ledger.was_quarantined(terminal, parcel.epoch, parcel.seq, parcel.event_id):
            return  # kept already, and somebody let the device in again
        self.standing.clashed.add(terminal)
        sentence = f"sequence {parcel.seq} of epoch {parcel.epoch} is held under another event id"
        self._quarantine(
            Quarantined(
                at=self.now,
                terminal=terminal,
                reason=Reason.NOT_ALLOWED,
                sentence=sentence,
                raw=parcel.body[:RAW_KEPT_BYTES],
                device=terminal,
                epoch=parcel.epoch,
                seq=parcel.seq,
                event_id=parcel.event_id,
                clash=True,
            )
        )
        self.alarms.append((terminal, "identity_clash"))

    def _poison(self, terminal: TerminalId, parcel: Parcel, reason: Reason, sentence: str) -> None:
        self.standing.remember((terminal, parcel.epoch, parcel.seq), parcel.event_id)
        self._quarantine(
            Quarantined(
                at=self.now,
                terminal=terminal,
                reason=reason,
                sentence=sentence,
                raw=parcel.body[:RAW_KEPT_BYTES],
                device=terminal,
                epoch=parcel.epoch,
                seq=parcel.seq,
                event_id=parcel.event_id,
            )
        )
        self.alarms.append((terminal, "poison"))

    def _quarantine(self, one: Quarantined) -> None:
        self.batch.quarantined.append(one)


def _with_events(job: OwnJob, events: tuple[Event, ...], reply: AnyReply) -> None:
    job.done(reply, events)
