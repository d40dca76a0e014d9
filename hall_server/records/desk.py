"""Hands out statements: holder → source → numbered in the ledger → sealed to the session's key. Never stored."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from hall.calendar.working_days import business_day
from hall.commands import AnyReply, ReadStatement, Refused, StatementSealed
from hall.day import proxying
from hall.day.decisions import Asker, Decidable, Decision, HallState, PrepareStatement, decide
from hall.errors import HallError, Reason
from hall.events import Event, StatementPrepared
from hall.ids import RequestId, TerminalId
from hall.ledger.sealing import KEY_BYTES, holder_context, seal
from hall.pack.hall_pack import HallPack
from hall.people.holders import Holder
from hall.proxies import ProxyParties, session_of
from hall.statements.sheets import mask_name
from hall_server.keys import Keys
from hall_server.records import holders, proxies
from hall_server.records.building import build, digest
from hall_server.records.patience import PatientSource
from hall_server.records.ports import PersonRecord
from hall_server.workers import Workers
from hall_server.writer.jobs import LookJob, OwnJob
from hall_server.writer.loop import Writer

Answering = Callable[[AnyReply], None]
YEARS_BACK = 60
"""Older years are nobody's contributions."""


@dataclass(frozen=True, slots=True)
class StatementDesk:
    """Reads on its own threads; only the numbering of a statement enters the writer."""

    pack: HallPack
    keys: Keys
    source: PatientSource
    writer: Writer
    workers: Workers
    demo: bool
    """True when a card read without authentication opens records (design 9): demo and test only."""
    ephemeral: Callable[[], bytes]
    """32 random bytes for one seal."""
    now: Callable[[], float]
    _under_way: set[tuple[TerminalId, RequestId]] = field(default_factory=set, repr=False)
    _guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, terminal: TerminalId, request: RequestId, command: ReadStatement, done: Answering) -> None:
        """Queue a read; a repeated ask that is still under way is left to its first answer."""
        key = (terminal, request)
        with self._guard:
            if key in self._under_way:
                return
            self._under_way.add(key)

        def finish(reply: AnyReply) -> None:
            with self._guard:
                self._under_way.discard(key)
            done(reply)

        if not self.workers.submit(lambda: self._read(terminal, command, finish)):
            finish(Refused(reason=Reason.SOURCE_AWAY, sentence="too many statements are being read"))

    def _read(self, terminal: TerminalId, command: ReadStatement, finish: Answering) -> None:
        def begin() -> None:
            holder = self._holder(terminal, command)
            prepare = PrepareStatement(
                form=command.form,
                terminal=terminal,
                person=self.keys.person(holder.number),
                digest="",  # of what is fetched below
                check_code="",  # `coded` fills it in, as it covers the serial
                proof=holder.proof.value,
                proxy=command.proxy or None,
                session=session_of(command.reply_key),
            )
            if command.proxy:
                self._permit(command, holder, prepare, finish)
            else:
                self._fetch(command, holder, prepare, "", finish)

        _guarded(begin, finish)

    def _permit(self, command: ReadStatement, holder: Holder, prepare: PrepareStatement, finish: Answering) -> None:
        """Ask nobody for a represented person's records before a guide's word for it stands in the ledger."""

        def look(state: HallState) -> None:
            barred = proxying.may_open(state, prepare, self.now())
            if barred is not None:
                finish(barred.reply)
                return
            kept = state.proxies[command.proxy].asked.sealed

            def go_on() -> None:
                agent = _agent(proxies.opened(self.keys, command.proxy, kept), holder)
                self._fetch(command, holder, prepare, agent, finish)

            if not self.workers.submit(lambda: _guarded(go_on, finish)):
                finish(Refused(reason=Reason.SOURCE_AWAY, sentence="too many statements are being read"))

        if not self.writer.submit(LookJob(look)):
            finish(Refused(reason=Reason.SERVER_AWAY, sentence="the writer's queue is full"))

    def _fetch(
        self, command: ReadStatement, holder: Holder, prepare: PrepareStatement, agent: str, finish: Answering
    ) -> None:
        record = self.source.fetch(command.form, command.year, holder)
        if isinstance(record, Reason):
            finish(Refused(reason=record))
            return

        def numbered(reply: AnyReply, events: tuple[Event, ...]) -> None:
            prepared = next((event for event in events if isinstance(event, StatementPrepared)), None)
            if prepared is None:
                finish(reply)
            elif not self.workers.submit(lambda: finish(self._sealed(command, record, prepared, agent))):
                finish(Refused(reason=Reason.SOURCE_AWAY, sentence="too many statements are being read"))

        if not self.writer.submit(OwnJob(replace(prepare, digest=digest(command.form, record)), numbered)):
            finish(Refused(reason=Reason.SERVER_AWAY, sentence="the writer's queue is full"))

    def _holder(self, terminal: TerminalId, command: ReadStatement) -> Holder:
        context = holder_context(terminal, command.form, command.year, command.reply_key)
        holder = holders.opened(self.keys.private, command.sealed_person, "holder", context)
        holders.judge(holder, business_day(self.now()), demo=self.demo)
        if command.form not in {form.code for form in self.pack.forms}:
            raise HallError(Reason.UNKNOWN_FORM, "form", "this hall's pack has no such form")
        if len(command.reply_key) != KEY_BYTES:
            raise HallError(Reason.MALFORMED, "reply_key", f"a public key has {KEY_BYTES} bytes")
        this_year = int(business_day(self.now())[:4])
        if not this_year - YEARS_BACK <= command.year <= this_year:
            sentence = f"years from {this_year - YEARS_BACK} to {this_year} are allowed"
            raise HallError(Reason.MALFORMED, "year", sentence)
        return holder

    def _sealed(
        self, command: ReadStatement, record: PersonRecord, prepared: StatementPrepared, agent: str
    ) -> AnyReply:
        form = next(form for form in self.pack.forms if form.code == command.form)
        try:
            statement = build(
                self.pack,
                form,
                record,
                prepared,
                business_day(self.now()),
                agent=agent,
            )
            blob = seal(command.reply_key, msgspec.json.encode(statement), self.ephemeral(), "statement")
        except HallError as error:
            return Refused(reason=error.reason, sentence=error.sentence)
        except ValueError:
            return Refused(reason=Reason.MALFORMED, sentence="the reply key is not a public key of 32 bytes")
        return StatementSealed(serial=prepared.serial, sealed=blob)


def _guarded(work: Callable[[], None], finish: Answering) -> None:
    try:
        work()
    except HallError as error:
        finish(Refused(reason=error.reason, sentence=error.sentence))
    except Exception as error:  # noqa: BLE001 - words of a foreign source may be personal: told by kind only
        finish(Refused(reason=Reason.INTERNAL, sentence=type(error).__name__))


def _agent(parties: ProxyParties, holder: Holder) -> str:
    """Return the masked name of who acts, if it is for this very person."""
    if parties.person.number != holder.number or parties.person.name != holder.name:
        raise HallError(Reason.NOT_ALLOWED, "proxy", "this proxy enquiry is of another person")
    return mask_name(parties.agent.name)


def coded(keys: Keys) -> Callable[[HallState, Decidable, Asker, float], Decision]:
    """Return `decide` with the check code of a numbered statement filled in: it covers serial and digest."""

    def decide_coded(state: HallState, command: Decidable, by: Asker, now: float) -> Decision:
        decision = decide(state, command, by, now)
        if not isinstance(command, PrepareStatement):
            return decision
        return replace(decision, events=tuple(_coded(event, keys) for event in decision.events))

    return decide_coded


def _coded(event: Event, keys: Keys) -> Event:
    if not isinstance(event, StatementPrepared):
        return event
    return msgspec.structs.replace(event, check_code=keys.check_code(event.serial, event.digest))
