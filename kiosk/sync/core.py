"""All that sync decides, on one thread and without sockets: told what happened, it journals, publishes and answers.

`Terminal` drives it. What leaves goes by its `WayOut`, tickets are its `Ticketing`'s.
"""

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeVar

from hall.commands import AnyCommand, AnyReply, Called, Done, Leased, Refused, Started
from hall.errors import HallError, Reason
from hall.events import Event
from hall.ids import RequestId, TerminalId, WindowId
from hall.outage.hearsay import waits_for
from hall.wire.board import Board
from hall.wire.codec import decode
from hall.wire.health_reports import Alerts, HealthReport
from hall.wire.lanes import Answer, Ask, Beat, Link, Mark, Orders
from hall.wire.pack_shown import PackShown
from hall.wire.peers import PeerSaid
from kiosk.sync.adopting_alone import AdoptingAlone
from kiosk.sync.asking import Answered, Asking, Waiting
from kiosk.sync.callbacks import call_safely
from kiosk.sync.calling_alone import CallingAlone
from kiosk.sync.courier import Courier
from kiosk.sync.health_kept import HealthKept
from kiosk.sync.issuing import Order
from kiosk.sync.journal import Journal, JournalError
from kiosk.sync.news import Connecting, Here, Issued, Log, News, PeerCalled, ServerCameBack, ServerWentAway
from kiosk.sync.orders import OrdersHeard
from kiosk.sync.outbox import KEPT_ACKED_S, Outbox
from kiosk.sync.presence import Presence
from kiosk.sync.recording import Keep, Recorder
from kiosk.sync.snapshots import Snapshots
from kiosk.sync.ticketing import Ticketing, lease_for
from kiosk.sync.way_out import Publish, WayOut

PRUNE_EVERY_S: Final = 3600.0
NUMBERS_KEPT_S: Final = 60 * 24 * 3600.0
"""Longer than any day token can stay in use."""
WITNESSED: Final = (Leased, Called, Started, Done)
"""Answers that are kept as witnesses; none of them says anything about a person."""
REMEMBERED: Final = "remembered."
SERVER_IS_AWAY: Final = Refused(reason=Reason.SERVER_AWAY, sentence="no beat of the hall server")
PEERS_HEARD_AFTER_S: Final = 3.0
"""Without a beat for so long a peer may know already that the server is away; a little less than `AWAY_AFTER_S`."""

T = TypeVar("T")


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
        self._tell_news, self._terminal, self._lease_budget_s = news, terminal, lease_budget_s
        self._outbox = outbox = Outbox(journal, terminal, mint)
        with journal.change():
            self.epoch = outbox.begin_epoch(clock())
        self._asking = Asking()
        self._presence = Presence(now)
        self._way = WayOut(
            outbox,
            Courier(journal, outbox, self.epoch, clock),
            self._asking,
            hello=Link(state="ready", epoch=self.epoch, role=role, software=software, slip_key=slip_key),
            publish=publish,
            log=log,
        )
        self._ledger_epoch = 0
        self._recorder = Recorder(journal, outbox, log)
        self.snapshots = Snapshots(journal)
        self._ticketing = Ticketing(
            journal, outbox, self.snapshots, terminal=terminal, epoch=self.epoch, clock=clock, log=log
        )
        self._orders = OrdersHeard(journal)
        self._health_kept = HealthKept(journal, terminal)
        self._alone: CallingAlone | None = None
        if window is not None and role == "window_panel":
            self._alone = CallingAlone(journal, outbox, self.snapshots, epoch=self.epoch, window=window, log=log)
        self._decider: CallingAlone | AdoptingAlone | None = self._alone
        if role == "guide_desk":
            self._decider = AdoptingAlone(journal, outbox, self.snapshots, epoch=self.epoch, log=log)
        self._said_held = False
        self._prune_at = now

    @property
    def outbox_depth(self) -> int:
        """How many events the ledger has not confirmed."""
        return self._way.outbox_depth

    @property
    def oldest_unacked_at(self) -> float | None:
        """Hall time of the oldest of them; None when nothing waits."""
        return self._way.oldest_unacked_at

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
        self._way.count()
        self._way.drain(now)

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
        self._way.drain(now)
        self._way.send_asks(now)

    def issue(self, order: Order, now: float) -> None:
        """Issue a ticket: with a leased label if the server answers within the budget, else from the day reserve."""
        if self._presence.away or not self._way.connected:
            self._issue_alone(order)
            self._way.drain(now)
            return
        self.ask(RequestId(self._mint()), lease_for(order), self._lease_budget_s, partial(self._leased, order), now)

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
        self._way.connected = True
        self._way.begin(now, away=self._presence.away)

    def disconnected(self) -> None:
        """The broker is gone."""
        self._way.connected = False
        self._way.close()

    def heard(self, lane: str, payload: bytes, now: float, speaker: TerminalId | None = None) -> None:
        """Take a message; on `peers` of `speaker`, as the topic says. Garbage is dropped with one line."""
        try:
            match lane:
                case "beat":
                    self._beat(decode(Beat, payload, lane), now)
                case "mark":
                    self._way.heed(decode(Mark, payload, lane), now)
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
            self._way.close()
            self._log.warning("server_away")
            self.snapshots.keep_board()
            self._tell(ServerWentAway())
            for waiting in self._asking.give_up():
                self._without_server(waiting.ask.command, waiting.done, now)
            self._tell_left()
        overdue = self._asking.overdue(now)
        self._refuse(overdue, Reason.TOO_LATE if self._way.connected else Reason.SERVER_AWAY)
        if self._said_held != self._asking.held(now):
            self._said_held = not self._said_held
            self._tell(Connecting(self._said_held))
        if self._recorder.again(now):
            self._way.count()
        self._way.drain(now)
        self._way.send_asks(now)
        if now >= self._prune_at:
            self._prune_at = now + PRUNE_EVERY_S
            self._prune()

    def due(self) -> float | None:
        """Return when a question needs `tick`, in monotonic seconds."""
        return self._asking.due() if self._way.connected else None

    # ---- messages ------------------------------------------------------------------------------------------------

    def _beat(self, beat: Beat, now: float) -> None:
        came_back = self._presence.beat(now)
        restored = 0 < self._ledger_epoch < beat.ledger_epoch
        self._ledger_epoch = max(self._ledger_epoch, beat.ledger_epoch)
        if came_back:
            self._log.info("server_back")
            self._tell(ServerCameBack())
        if came_back or restored:
            self._way.begin(now, away=self._presence.away)

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
        self._way.count()
        self._guard(done, decided.reply if decided is not None else SERVER_IS_AWAY)
        if decided is not None and (said := decided.tells(self._terminal)) is not None:
            self._way.tell_peers(said)
        self._tell_left()
        self._way.drain(now)

    def _tell_left(self) -> None:
        if self._alone is not None and self._presence.away:
            self._tell(self._alone.left(self._clock()))

    # ---- tickets -------------------------------------------------------------------------------------------------

    def _leased(self, order: Order, reply: AnyReply) -> None:
        outcome = self._ticketing.by_lease(order, reply)
        if outcome is None:
            self._issue_alone(order)
        else:
            self._hand_out(order, outcome)

    def _issue_alone(self, order: Order) -> None:
        outcome = self._ticketing.alone(order)
        self._hand_out(order, outcome)
        if isinstance(outcome, Issued):
            joined = waits_for(outcome.event, self.snapshots.pack)
            self._way.tell_peers(PeerSaid(terminal=self._terminal, joined=joined))

    def _hand_out(self, order: Order, outcome: Issued | Refused) -> None:
        if isinstance(outcome, Issued):
            self._way.count()
        self._guard(order.done, outcome)

    # ---- housekeeping --------------------------------------------------------------------------------------------

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
