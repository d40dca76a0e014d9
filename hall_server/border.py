"""What a terminal may ask at all, checked before anything reaches the writer: role, own window, seals, PINs."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import msgspec

from hall.calendar.working_days import business_day, parse_day
from hall.commands import (
    AcknowledgeHelp,
    AddItem,
    AnyCommand,
    AnyReply,
    CallNext,
    CallTicket,
    CancelTicket,
    ComeBack,
    Evidence,
    FinishService,
    GrantPriority,
    HoldTicket,
    LeaseLabel,
    MarkMissed,
    OrderSelfTest,
    PrecallNext,
    PriorityGrant,
    PriorityGround,
    ReadStatement,
    ReadTicket,
    Recall,
    Refused,
    ResumeTicket,
    ReturnByTicket,
    ReturnMissed,
    SignIn,
    SignOut,
    StartService,
    StepAway,
    SwapItem,
    TransferTicket,
)
from hall.day import bounding
from hall.day.decisions import Asker
from hall.desk_facts import AdoptTicket
from hall.errors import HallError, Reason
from hall.facts import Command
from hall.ids import BusinessDay, RequestId, TerminalId
from hall.ledger.sealing import person_context, pin_context, seal, unseal
from hall.pack.hall_pack import HallPack
from hall.pack.tables import Terminal
from hall.people.age_offer import old_enough
from hall.people.holders import Holder, Proof
from hall.proxies import AskProxy, CloseProxy, ConfirmProxy, DeclineProxy, ProxySealed, ReadProxy
from hall.upkeep import RecordMaintenance, SignOpening
from hall.wire.lanes import Ask
from hall_server.day_keys import DayKeys
from hall_server.keys import Keys
from hall_server.records.desk import StatementDesk
from hall_server.records.holders import judge, opened
from hall_server.records.proxies import ProxyDesk
from hall_server.staff import StaffPins
from hall_server.workers import Workers
from hall_server.writer.jobs import AskJob
from hall_server.writer.loop import Writer

log = logging.getLogger(__name__)

MAX_REQUEST_CHARS = 64
MAX_WAIT_S = 30.0
"""No ask is kept longer, whatever the terminal says."""
PIN_REFUSALS_KEPT = 200
"""Terminals repeat an ask until they hear its answer; a wrong PIN that is heard twice is still one try."""

AUTHORITY: dict[str, tuple[type[Command], ...]] = {
    "self_service": (LeaseLabel, ReadStatement, ReturnByTicket, AskProxy, CloseProxy),
    "guide_desk": (
        LeaseLabel,
        SignIn,
        SignOut,
        AcknowledgeHelp,
        OrderSelfTest,
        ReturnMissed,
        SwapItem,
        AddItem,
        CancelTicket,
        StepAway,
        ComeBack,
        GrantPriority,
        AdoptTicket,
        ReadTicket,
        ReadProxy,
        ConfirmProxy,
        DeclineProxy,
        RecordMaintenance,
        SignOpening,
    ),
    "window_panel": (
        SignIn,
        SignOut,
        CallNext,
        CallTicket,
        PrecallNext,
        Recall,
        MarkMissed,
        HoldTicket,
        ResumeTicket,
        TransferTicket,
        AddItem,
        AdoptTicket,
        StartService,
        FinishService,
    ),
    "rating_screen": (),
    "window_screen": (),
    "hall_display": (),
}
"""Who may ask what. A role that is not here may ask nothing."""

Answering = Callable[[AnyReply], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Border:
    """Stands between the wire and the writer. `ask` returns at once; the answer comes by the callback."""

    pack: HallPack
    keys: Keys
    pins: StaffPins
    pin_workers: Workers
    desk: StatementDesk
    writer: Writer
    day_keys: DayKeys
    _pins_refused: OrderedDict[tuple[TerminalId, RequestId], Refused] = field(default_factory=OrderedDict, repr=False)
    """Used by the one PIN thread only."""

    def ask(self, terminal: TerminalId, ask: Ask, now_mono_s: float, done: Answering) -> None:
        """Check and pass on one ask. `done` may be called on any thread, at most once."""
        known = next((one for one in self.pack.terminals if one.id == terminal), None)
        refusal = _may_ask(known, ask.command)
        if not 0 < len(ask.request) <= MAX_REQUEST_CHARS:
            refusal = Refused(reason=Reason.MALFORMED, sentence=f"a request id has 1 to {MAX_REQUEST_CHARS} characters")
        if refusal is not None or known is None:
            done(refusal or _not_allowed("this terminal is not in the hall pack"))
            return
        if isinstance(ask.command, ReadStatement):
            self.desk.take(terminal, ask.request, ask.command, done)
            return
        job = AskJob(
            asker=Asker(terminal=terminal, role=known.role),
            request=ask.request,
            after_epoch=ask.after_epoch,
            after_seq=ask.after_seq,
            deadline_s=now_mono_s + min(max(ask.wait_s, 0.0), MAX_WAIT_S),
            command=ask.command,
            done=done,
        )
        match ask.command:
            case SignIn():
                self._check_pin(job, ask.command, now_mono_s)
            case LeaseLabel() if ask.command.person:
                done(_not_allowed("who holds a ticket is told by the hall server only"))
            case LeaseLabel() if ask.command.sealed_person is not None:
                self._know_person(job, ask.command, ask.command.sealed_person)
            case LeaseLabel() | GrantPriority():
                self._check_grant(job, ask.command)
            case AskProxy() | ReadProxy():
                self._around_proxy(job, ask.command)
            case _:
                self._pass_on(job)

    def _around_proxy(self, job: AskJob, command: AskProxy | ReadProxy) -> None:
        """Two cards become two hashes; what the ledger keeps sealed becomes two masked names for one desk."""
        proxies = ProxyDesk(self.keys, self.desk.demo, self.desk.ephemeral, self.desk.now)

        def tell(reply: AnyReply) -> None:
            if not isinstance(command, ReadProxy) or not isinstance(reply, ProxySealed):
                job.done(reply)
            elif not self.desk.workers.submit(lambda: job.done(_or_refused(partial(proxies.told, command, reply)))):
                job.done(Refused(reason=Reason.TOO_LATE, sentence="too many records are being read"))

        if isinstance(command, ReadProxy):
            self._pass_on(replace(job, done=tell))
            return
        known = _or_refused(partial(proxies.known, job.asker.terminal, command))
        if isinstance(known, Refused):
            job.done(known)
        else:
            self._pass_on(replace(job, command=known))

    def _pass_on(self, job: AskJob) -> None:
        if not self.writer.submit(job):
            log.warning("the writer's queue is full; %s is not answered", job.asker.terminal)

    def _check_pin(self, job: AskJob, command: SignIn, now_mono_s: float) -> None:
        context = pin_context(job.asker.terminal, command.staff)

        asked = (job.asker.terminal, job.request)

        def check() -> None:
            before = self._pins_refused.get(asked)
            if before is not None:
                job.done(before)
                return
            try:
                pin = unseal(self.keys.private, command.sealed_pin, "pin", context)
            except HallError as error:
                job.done(Refused(reason=error.reason, sentence=error.sentence))
                return
            refused = self.pins.check(command.staff, pin, now_mono_s)
            if refused is None:
                self._pass_on(job)
                return
            answer = Refused(reason=refused.reason, tries_left=refused.tries_left)
            self._pins_refused[asked] = answer
            while len(self._pins_refused) > PIN_REFUSALS_KEPT:
                self._pins_refused.popitem(last=False)
            job.done(answer)

        if not self.pin_workers.submit(check):
            job.done(Refused(reason=Reason.TOO_MANY_TRIES, sentence="too many people sign in at once"))

    def _know_person(self, job: AskJob, command: LeaseLabel, sealed: bytes) -> None:
        """Put in the day's hash of who holds the card, and go on without the card.

        A card read without authentication says nothing of who stands here: outside a demo hall the number is given
        as if none had been shown, for a stranger's copy must not keep its holder from one.
        """
        day = business_day(self.desk.now())
        try:
            holder = opened(self.keys.private, sealed, "person", person_context(job.asker.terminal, command.ticket))
            granted = None
            if holder.proof is Proof.SOCIAL_CARD_DEMO and not self.desk.demo:
                person = ""
            else:
                person = self.day_keys.person(day, holder.number)  # first: by a doubtful date nobody is judged
                judge(holder, day, demo=self.desk.demo)
                granted = self._granted_by_age(command, holder, day)
        except HallError as error:
            job.done(Refused(reason=error.reason, sentence=error.sentence))
            return
        known = msgspec.structs.replace(command, person=person, sealed_person=None)
        if granted is not None and job.asker.role == "self_service":
            self._pass_on(replace(job, command=msgspec.structs.replace(known, sealed_grant=granted)))
        else:
            self._check_grant(replace(job, command=known), known)

    def _granted_by_age(self, command: LeaseLabel, holder: Holder, day: BusinessDay) -> bytes | None:
        """Seal a grant as a guide's desk would, if the person wants it and the card, not the terminal, says the age."""
        limit = self.pack.limits.elderly_age
        if command.sealed_grant is not None or not command.wants_priority:
            return None
        if not old_enough(limit, holder.number, holder.birth, parse_day(day)):
            return None
        grant = PriorityGrant(ground=PriorityGround.ELDERLY, evidence=Evidence.CARD)
        return seal(self.keys.public, msgspec.json.encode(grant), self.desk.ephemeral(), "grant")

    def _check_grant(self, job: AskJob, command: LeaseLabel | GrantPriority) -> None:
        if command.sealed_grant is None:
            self._pass_on(job)  # who may name an issuer is the rules' matter
            return
        if job.asker.role != "guide_desk":
            job.done(_not_allowed("priority is granted at a guide desk"))
            return
        try:
            plain = unseal(self.keys.private, command.sealed_grant, "grant")
            msgspec.json.decode(plain, type=PriorityGrant)
        except HallError as error:
            job.done(Refused(reason=error.reason, sentence=error.sentence))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            job.done(Refused(reason=Reason.MALFORMED, sentence="the sealed grant is not ground and evidence"))
        else:
            self._pass_on(job)


def _may_ask(known: Terminal | None, command: AnyCommand) -> Refused | None:
    if known is None:
        return _not_allowed("this terminal is not in the hall pack")
    if not isinstance(command, AUTHORITY.get(known.role, ())):
        return _not_allowed(f"a {known.role} may not ask for {type(command).__name__}")
    window = getattr(command, "window", None)
    if window is not None and window != known.window:
        return _not_allowed(f"this terminal belongs to window {known.window}")
    try:
        bounding.check(command)
    except HallError as error:
        return Refused(reason=error.reason, sentence=error.sentence)
    return None


def _or_refused(work: Callable[[], T]) -> T | Refused:
    try:
        return work()
    except HallError as error:
        return Refused(reason=error.reason, sentence=error.sentence)
    except ValueError:
        return Refused(reason=Reason.MALFORMED, sentence="the reply key is not a public key of 32 bytes")


def _not_allowed(sentence: str) -> Refused:
    return Refused(reason=Reason.NOT_ALLOWED, sentence=sentence)
