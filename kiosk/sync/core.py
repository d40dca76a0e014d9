"""All that sync decides, on one thread and without sockets: told what happened, it journals, publishes and answers.

`publish(lane, payload, lossy)` hands a message to the link and says whether it was taken. `Terminal` drives this.
"""

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Protocol, TypeVar

import msgspec

from hall.commands import AnyCommand, AnyReply, Called, Done, Leased, LeaseLabel, Refused, Started
from hall.errors import HallError, Reason
from hall.events import Event
from hall.ids import RequestId, TerminalId, WindowId
from hall.outage.hearsay import waits_for
from hall.wire.board import Board
from hall.wire.codec import decode, encode
from hall.wire.health_reports import Alerts, HealthReport
from hall.wire.lanes import Answer, Ask, Beat, Link, Mark, Orders, Up
from hall.wire.pack_shown import PackShown
from hall.wire.peers import PeerSaid
from kiosk.sync.adopting_alone import AdoptingAlone
from kiosk.sync.asking import Answered, Asking, Waiting
from kiosk.sync.callbacks import call_safely
from kiosk.sync.calling_alone import CallingAlone
from kiosk.sync.courier import Courier, Heeded
from kiosk.sync.health_kept import HealthKept
from kiosk.sync.issuing import Issuing, Order, from_lease
from kiosk.sync.journal import Journal, JournalError
from kiosk.sync.news import Connecting, Here, Issued, Log, News, PeerCalled, ServerCameBack, ServerWentAway
from kiosk.sync.orders import OrdersHeard
from kiosk.sync.outbox import KEPT_ACKED_S, Outbox
from kiosk.sync.presence import Presence
from kiosk.sync.recording import Keep, Recorder
from kiosk.sync.snapshots import Snapshots

PRUNE_EVERY_S: Final = 3600.0
NUMBERS_KEPT_S: Final = 60 * 24 * 3600.0
"""Longer than any day token can stay in use."""
OUTBOX_WARNS_AT: Final = 5000
"""Rows; some days of a busy terminal without its ledger."""
WITNESSED: Final = (Leased, Called, Started, Done)
"""Answers that are kept as witnesses; none of them says anything about a person."""
NO_DECISION: Final = frozenset({Reason.SERVER_AWAY, Reason.TOO_LATE, Reason.INTERNAL})
"""Refusals that are no decision of the hall: the resident still gets a ticket."""
REMEMBERED: Final = "remembered."
SERVER_IS_AWAY: Final = Refused(reason=Reason.SERVER_AWAY, sentence="no beat of the hall server")
PEERS_HEARD_AFTER_S: Final = 3.0
"""Without a beat for so long a peer may know already that the server is away; a little less than `AWAY_AFTER_S`."""

T = TypeVar("T")


class Publish(Protocol):
    """The way out."""

    def __call__(self, lane: str, payload: bytes, *, lossy: bool = False) -> bool:
        """Hand over one message on a lane of this terminal; False: not now, try again."""


class Core:
    """One terminal's sync state. Every method is called from one thread; `now` is monotonic seconds."""

    def __init__(
        self,
        journal: Journal,
        *,
        terminal: TerminalId,
        role: str,
        software: str,
        lease_budget_s: float,
        clock: Callable[[], float],
        mint: Callable[[], str],
        publish: Publish,
        news: Callable[[News], None],
        log: Log,
        now: float,
        window: WindowId | None = None,
        slip_key: bytes = b"",
    ) -> None:
        self._journal, self._publish, self._clock, self._mint, self._log = journal, publish, clock, mint, log
        self._tell_news = news
        self._role, self._software, self._lease_budget_s, self._slip_key = role, software, lease_budget_s, slip_key
        self._outbox = Outbox(journal, terminal, mint)
        with journal.change():
            self.epoch = self._outbox.begin_epoch(clock())
        self._courier = Courier(journal, self._outbox, self.epoch, clock)
        self._issuing = Issuing(journal, self._outbox, terminal)
        self._asking = Asking()
        self._presence = Presence(now)
        self._connected = False
        self._ledger_epoch = 0
        self._recorder = Recorder(journal, self._outbox, log)
        self.snapshots = Snapshots(journal)
        self._orders = OrdersHeard(journal)
        self._health_kept = HealthKept(journal, terminal)
        self._alone: CallingAlone | None = None
        if window is not None and role == "window_panel":
            self._alone = CallingAlone(journal, self._outbox, self.snapshots, epoch=self.epoch, window=window, log=log)
        self._decider: CallingAlone | AdoptingAlone | None = self._alone
        if role == "guide_desk":
            self._decider = AdoptingAlone(journal, self._outbox, self.snapshots, epoch=self.epoch, log=log)
        self._terminal = terminal
        self._said_held = self._said_deep = self._said_wrong_mark = False
        self._prune_at = now
        self.outbox_depth = 0
        self.oldest_unacked_at: float | None = None
        self._count()

    @property
    def server_away(self) -> bool:
        """Whether the server has not been heard for `presence.AWAY_AFTER_S` (or never)."""
        return self._presence.away

    # ---- what the terminal wants ---------------------------------------------------------------------------------

    def record(self, events: Sequence[Event], done: Callable[[], None] | None, now: float, keep: Keep = ()) -> None:
        """Journal events, and what is kept with them, in one transaction, then call `done`.

        While the journal fails they wait in memory.
        """
        self._recorder.record(self.epoch, events, self._clock(), done, now, keep=keep)
        self._count()
        self._drain(now)

    def ask(self, request: RequestId, command: AnyCommand, wait_s: float, done: Answered, now: float) -> None:
        """Ask once the terminal's own events up to now are with the server; `done` gets exactly one reply."""
        if self._presence.away:
            self._without_server(command, done, now)
            return
        if self._alone is not None:
            self._alone.asked(request, command)
        question = Ask(
            request=request,
            after_epoch=self.epoch,
            after_seq=self._outbox.last_seq(self.epoch) or 0,
            wait_s=wait_s,
            command=command,
        )
        if not self._asking.begin(question, done, now):
            self._guard(done, Refused(reason=Reason.INTERNAL, sentence="too many questions wait already"))
            return
        self._drain(now)
        self._send_asks(now)

    def issue(self, order: Order, now: float) -> None:
        """Issue a ticket: with a leased label if the server answers within the budget, else from the day reserve."""
        if self._presence.away or not self._connected:
            self._issue_alone(order, now)
            return
        command = LeaseLabel(
            ticket=order.ticket,
            item=order.item,
            issuer=order.issuer,
            sealed_grant=order.sealed_grant,
            more_items=order.more_items,
            appointment_at=order.appointment_at,
            sealed_person=order.sealed_person,
            wants_priority=order.wants_priority,
        )
        self.ask(RequestId(self._mint()), command, self._lease_budget_s, partial(self._leased, order), now)

    def publish_health(self, report: HealthReport) -> None:
        """Publish if it can be published now; what nobody hears is kept and told later (`health_kept`)."""
        self._health_kept.send(report, self._publish, away=self._presence.away)

    def remember(self, name: str, value: str) -> None:
        """Keep a small thing across restarts."""
        with self._journal.change():
            self._journal.keep(REMEMBERED + name, value.encode())

    def remembered(self) -> dict[str, str]:
        """Return everything remembered."""
        return {name: value.decode() for name, value in self._journal.kept_under(REMEMBERED).items()}

    def here(self) -> Here | None:
        """Return who stands at this panel's window."""
        return self._alone.here(self._clock()) if self._alone is not None else None

    # ---- what happens to it --------------------------------------------------------------------------------------

    def connected(self, now: float) -> None:
        """The broker is there: say hello, begin from the mark, repeat what was not answered."""
        self._connected = True
        self._begin_way(now)

    def disconnected(self) -> None:
        """The broker is gone."""
        self._connected = False
        self._courier.close()

    def heard(self, lane: str, payload: bytes, now: float, speaker: TerminalId | None = None) -> None:
        """Take a message; on `peers` of `speaker`, as the topic says. Garbage is dropped with one line."""
        try:
            match lane:
                case "beat":
                    self._beat(decode(Beat, payload, lane), now)
                case "mark":
                    self._mark(decode(Mark, payload, lane), now)
                case "answer":
                    self._answer(decode(Answer, payload, lane), payload, now)
                case "board":
                    self._board(decode(Board, payload, lane), now)
                case "pack":
                    self._tell(self.snapshots.take_pack(decode(PackShown, payload, lane)))
                case "alerts":
                    self._tell(self.snapshots.take_alerts(decode(Alerts, payload, lane)))
                case "down":
                    self._tell(self._orders.take(decode(Orders, payload, lane)))
                case "peers":
                    self._peer(decode(PeerSaid, payload, lane), speaker, now)
                case _:
                    self._log.warning("message_dropped", lane=lane, reason="unknown_lane", size=len(payload))
        except HallError as error:
            self._log.warning("message_dropped", lane=lane, reason=error.reason.value, size=len(payload))

    def tick(self, now: float) -> None:
        """Do what time asks for. Call after everything else, and at least every `terminal.TICK_S`."""
        if self._presence.tick(now):
            self._courier.close()
            self._log.warning("server_away")
            self.snapshots.keep_board()
            self._tell(ServerWentAway())
            for waiting in self._asking.give_up():
                self._without_server(waiting.ask.command, waiting.done, now)
            self._tell_left()
        overdue = self._asking.overdue(now)
        self._refuse(overdue, Reason.TOO_LATE if self._connected else Reason.SERVER_AWAY)
        if self._said_held != self._asking.held(now):
            self._said_held = not self._said_held
            self._tell(Connecting(self._said_held))
        if self._recorder.again(now):
            self._count()
        self._drain(now)
        self._send_asks(now)
        if now >= self._prune_at:
            self._prune_at = now + PRUNE_EVERY_S
            self._prune()

    def due(self) -> float | None:
        """Return when a question needs `tick`, in monotonic seconds."""
        return self._asking.due() if self._connected else None

    # ---- messages ------------------------------------------------------------------------------------------------

    def _beat(self, beat: Beat, now: float) -> None:
        came_back = self._presence.beat(now)
        restored = 0 < self._ledger_epoch < beat.ledger_epoch
        self._ledger_epoch = max(self._ledger_epoch, beat.ledger_epoch)
        if came_back:
            self._log.info("server_back")
            self._tell(ServerCameBack())
        if came_back or restored:
            self._begin_way(now)

    def _mark(self, mark: Mark, now: float) -> None:
        heeded = self._courier.heed(mark, now)
        wrong = heeded is Heeded.WRONG or mark.quarantined
        if wrong and not self._said_wrong_mark:
            self._log.warning("mark_wrong", quarantined=mark.quarantined)
        elif heeded is Heeded.REFILL:
            self._log.info("ledger_restored", ledger_epoch=mark.ledger_epoch, beyond_refill=self._courier.beyond_refill)
        self._said_wrong_mark = wrong
        self._count()

    def _answer(self, answer: Answer, payload: bytes, now: float) -> None:
        waiting = self._asking.answered(answer)
        kept = None
        if waiting is not None and self._alone is not None:
            kept = self._alone.answered(waiting.ask.command, answer.reply, now)
        if waiting is not None:
            self._guard(waiting.done, answer.reply)
        if isinstance(answer.reply, WITNESSED):
            with self._journal.change():
                self._journal.witness(answer.request, self._clock(), payload)
                if kept is not None:
                    self._journal.keep(*kept)

    def _board(self, board: Board, now: float) -> None:
        news = self.snapshots.take_board(board, now)
        if news is not None and (self._alone is None or self._alone.board(board, now)):
            self._tell(news)

    def _peer(self, said: PeerSaid, speaker: TerminalId | None, now: float) -> None:
        """Heed a peer only while the server is not heard, or will in a moment be said to be away."""
        if speaker == self._terminal or self._presence.no_beat_s(now) < PEERS_HEARD_AFTER_S:
            return
        why = self.snapshots.doubt(said, speaker)
        if why is not None:
            self._log.warning("peer_not_heeded", reason=why.value)
            return
        if self._alone is not None:
            self._alone.heard(said)
            self._tell_left()
        if said.called is not None:
            self._tell(PeerCalled(said.called))

    # ---- without the server ------------------------------------------------------------------------------------------

    def _without_server(self, command: AnyCommand, done: Answered, now: float) -> None:
        """A window panel goes on by itself with what it may; everything else is refused."""
        decided = self._decider.act(command, self._clock()) if self._decider is not None else None
        self._count()
        self._guard(done, decided.reply if decided is not None else SERVER_IS_AWAY)
        if decided is not None and (said := decided.tells(self._terminal)) is not None:
            self._publish("peers", encode(said))
        self._tell_left()
        self._drain(now)

    def _tell_left(self) -> None:
        if self._alone is not None and self._presence.away:
            self._tell(self._alone.left(self._clock()))

    # ---- tickets -------------------------------------------------------------------------------------------------

    def _leased(self, order: Order, reply: AnyReply) -> None:
        match reply:
            case Leased(ticket=order.ticket):
                event = from_lease(order, reply, self._clock())
                try:
                    with self._journal.change():
                        self._outbox.append(self.epoch, (event,), event.issued_at)
                except JournalError as error:
                    self._no_ticket(order, error)
                    return
                self._count()
                self._guard(order.done, Issued(event, reply.windows, reply.area, reply))
            case Refused(reason=reason) if reason not in NO_DECISION:
                self._guard(order.done, reply)
            case _:
                self._issue_alone(order)

    def _issue_alone(self, order: Order, now: float | None = None) -> None:
        try:
            outcome = self._issuing.alone(order, self.snapshots.pack, self.snapshots.board, self.epoch, self._clock())
        except JournalError as error:
            self._no_ticket(order, error)
            return
        self._count()
        self._guard(order.done, outcome)
        if isinstance(outcome, Issued):
            said = PeerSaid(terminal=self._terminal, joined=waits_for(outcome.event, self.snapshots.pack))
            self._publish("peers", encode(said))
        if now is not None:
            self._drain(now)

    def _no_ticket(self, order: Order, error: JournalError) -> None:
        self._log.warning("ticket_not_committed", fault=error.reason.value)
        self._guard(order.done, Refused(reason=Reason.INTERNAL, sentence="the journal cannot be written"))

    # ---- the way out ---------------------------------------------------------------------------------------------

    def _begin_way(self, now: float) -> None:
        """Hello; and if the server is there, begin from the mark and repeat what was not answered."""
        if not self._connected:
            return
        hello = Link(state="ready", epoch=self.epoch, role=self._role, software=self._software, slip_key=self._slip_key)
        self._publish("link", encode(hello))
        if not self._presence.away:
            self._courier.open(now)
            self._asking.ask_again(now)

    def _drain(self, now: float) -> None:
        while (batch := self._courier.next_batch(now)) is not None:
            message = encode(Up(events=[msgspec.Raw(row.body) for row in batch.rows]))
            if not self._publish("up", message):
                return
            self._courier.sent(batch)

    def _send_asks(self, now: float) -> None:
        for waiting in self._asking.to_send(now):
            if not self._publish("ask", encode(waiting.ask)):
                return
            self._asking.sent(waiting, now)

    def _count(self) -> None:
        self.outbox_depth, self.oldest_unacked_at = self._outbox.waiting()
        deep = self.outbox_depth >= OUTBOX_WARNS_AT
        if deep and not self._said_deep:
            self._log.warning("outbox_deep", rows=self.outbox_depth)
        self._said_deep = deep

    def _prune(self) -> None:
        at = self._clock()
        with contextlib.suppress(JournalError), self._journal.change():
            self._outbox.prune(at)
            self._journal.prune(at - KEPT_ACKED_S, at - NUMBERS_KEPT_S)

    def _refuse(self, given_up: list[Waiting], reason: Reason) -> None:
        for waiting in given_up:
            self._guard(waiting.done, Refused(reason=reason, sentence="no answer in time"))

    def _tell(self, news: News | None) -> None:
        if news is not None:
            self._guard(self._tell_news, news)

    def _guard(self, call: Callable[[T], None], told: T) -> None:
        call_safely(self._log, partial(call, told))
