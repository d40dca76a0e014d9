"""The one object of this room: a thread that owns the journal and all decisions, and a link to the brokers.

Public methods may be called from any thread and return at once. Callbacks come from the sync thread; they must not
block.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from hall.commands import AnyCommand, AnyReply, Refused
from hall.errors import HallError, Reason
from hall.events import Event
from hall.ids import ItemCode, RequestId, StaffId, TerminalId, TicketId
from hall.wire.board import Board
from hall.wire.codec import encode, hall_topic, peers_topic, speaker_of, terminal_topic
from hall.wire.health_reports import Alerts, HealthReport
from hall.wire.lanes import Link as LinkMessage
from hall.wire.pack_shown import PackShown
from kiosk.settings import Settings
from kiosk.sync.callbacks import call_safely
from kiosk.sync.core import Core
from kiosk.sync.issuing import Order
from kiosk.sync.journal import Journal
from kiosk.sync.link import Closed, Happening, Heard, Link, Opened, Settled
from kiosk.sync.news import Here, Issued, Log, News
from kiosk.sync.outbox import MAX_EVENT_BYTES

INBOX_LIMIT: Final = 10_000
"""Entries for the sync thread. Reached only when it is stuck; messages are then dropped (all can be had again)."""
TICK_S: Final = 0.1
"""The sync thread looks at its clocks this often; questions are looked at exactly when they are due."""
STOP_LIMIT_S: Final = 5.0
JOURNAL_NAME: Final = "journal.sqlite"
PEERS: Final = "peers"
"""Where terminals speak to each other, each on a topic of its own."""
TERMINAL_LANES: Final = ("mark", "answer", "down")
HALL_LANES: Final = ("beat", "board", "pack", "alerts")
EVERYBODY: Final = TerminalId("+")


class Terminal:
    """How this terminal lives with, and without, its hall server."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
        mint: Callable[[], str],
        jitter: Callable[[float, float], float],
        news: Callable[[News], None],
        log: Log,
        software: str = "",
        slip_key: bytes = b"",
    ) -> None:
        self._settings, self._clock, self._monotonic, self._mint, self._log = settings, clock, monotonic, mint, log
        self._jitter = jitter
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._said_full = False
        self._said_refused = False
        settings.state_dir.mkdir(parents=True, exist_ok=True)
        self._journal = Journal.connect(settings.state_dir / JOURNAL_NAME)
        self._core = Core(
            self._journal,
            terminal=settings.terminal,
            role=settings.role,
            software=software,
            lease_budget_s=settings.lease_budget_s,
            clock=clock,
            mint=mint,
            publish=self._publish,
            news=news,
            log=log,
            now=monotonic(),
            window=settings.window,
            slip_key=slip_key,
        )
        self._remembered = self._core.remembered()
        self._link = self._new_link()
        self._thread = threading.Thread(target=self._run, name=f"sync-{settings.terminal}", daemon=True)

    def start(self) -> None:
        """Begin connecting and journalling; an unreachable broker is said once in the log and tried on."""
        self._thread.start()
        self._link.start()

    def stop(self) -> None:
        """Finish what is queued, disconnect, close the journal. Nothing unsent is lost: it is in the journal."""
        self._link.stop()
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_LIMIT_S)
        if not self._thread.is_alive():
            self._journal.close()

    # ---- wishes --------------------------------------------------------------------------------------------------

    def record(
        self,
        events: Sequence[Event],
        done: Callable[[], None] | None = None,
        keep: tuple[tuple[str, bytes], ...] = (),
    ) -> None:
        """Journal these events in one transaction; `done` is called once they are on disk, never before.

        `keep`: small things by name that are kept in the same transaction, such as `orders.mark`.
        While the disk refuses they wait in memory, and `done` waits with them.
        """
        for event in events:
            size = len(encode(event))
            if size > MAX_EVENT_BYTES:
                message = f"{size} bytes; at most {MAX_EVENT_BYTES} are allowed in one event"
                raise HallError(Reason.TOO_LARGE, type(event).__name__, message)
        self._post(lambda: self._core.record(events, done, self._monotonic(), keep))

    def ask(self, command: AnyCommand, wait_s: float, done: Callable[[AnyReply], None]) -> RequestId:
        """Ask the server; `done` gets exactly one reply, at the latest after `wait_s` (at most 60 s).

        No answer: `Refused(SERVER_AWAY)` when the server or broker is away, `Refused(TOO_LATE)` when it only was slow.
        """
        request = RequestId(self._mint())
        self._post(lambda: self._core.ask(request, command, wait_s, done, self._monotonic()))
        return request

    def issue(
        self,
        item: ItemCode,
        done: Callable[[Issued | Refused], None],
        *,
        issuer: StaffId | None = None,
        sealed_grant: bytes | None = None,
        more_items: tuple[ItemCode, ...] = (),
        appointment_at: float = 0.0,
        seal_person: Callable[[TicketId], bytes] | None = None,
        wants_priority: bool = False,
    ) -> TicketId:
        """Issue a ticket, within `settings.lease_budget_s` and a commit; `done` comes after the commit.

        With `sealed_grant` and `issuer` it is a priority ticket. `Refused` passes on what the hall decided, or says
        DAY_NOT_OPEN for a terminal that never met its server. `seal_person` seals a card's holder to this one ticket;
        it is called at once, and what it raises comes out here.
        """
        ticket = TicketId(self._mint())
        person = None if seal_person is None else seal_person(ticket)
        order = Order(ticket, item, issuer, sealed_grant, done, more_items, appointment_at, person, wants_priority)
        self._post(lambda: self._core.issue(order, self._monotonic()))
        return ticket

    def publish_health(self, report: HealthReport) -> None:
        """Publish health now, or lose it."""
        self._post(lambda: self._core.publish_health(report))

    def remember(self, name: str, value: str) -> None:
        """Keep a small thing across restarts, such as the last call spoken."""
        self._remembered[name] = value
        self._post(lambda: self._core.remember(name, value))

    def recall(self, name: str) -> str | None:
        """Return what was remembered."""
        return self._remembered.get(name)

    def here(self) -> Here | None:
        """Return who stands at this panel's window. Only from the sync thread, as in a callback."""
        return self._core.here()

    # ---- what is known -------------------------------------------------------------------------------------------

    @property
    def server_away(self) -> bool:
        """Whether no beat was heard for 5 s, or never."""
        return self._core.server_away

    @property
    def pack(self) -> PackShown | None:
        """The hall pack as last received, also by an earlier process."""
        return self._core.snapshots.pack

    @property
    def board(self) -> Board | None:
        """The latest board, also from an earlier process; `board.at` tells its age."""
        return self._core.snapshots.board

    @property
    def alerts(self) -> Alerts | None:
        """The latest alerts of this process."""
        return self._core.snapshots.alerts

    @property
    def outbox_depth(self) -> int:
        """Events the ledger has not confirmed."""
        return self._core.outbox_depth

    @property
    def oldest_unacked_s(self) -> float:
        """Age of the oldest of them; 0 when there is none."""
        at = self._core.oldest_unacked_at
        return 0.0 if at is None else max(0.0, self._clock() - at)

    @property
    def epoch(self) -> int:
        """This process's epoch."""
        return self._core.epoch

    # ---- the sync thread -----------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not (self._stopping.is_set() and self._inbox.empty()):
            due = self._core.due()
            wait_s = TICK_S if due is None else min(TICK_S, max(0.0, due - self._monotonic()))
            try:
                work = self._inbox.get(timeout=wait_s) if wait_s > 0.0 else self._inbox.get_nowait()
            except queue.Empty:
                pass
            else:
                call_safely(self._log, work)
            self._link.unheard = self._core.server_away
            call_safely(self._log, partial(self._core.tick, self._monotonic()))

    def _post(self, work: Callable[[], None]) -> None:
        if self._inbox.qsize() >= INBOX_LIMIT:
            raise HallError(Reason.INTERNAL, "sync", f"{INBOX_LIMIT} entries wait already")
        self._inbox.put(work)

    def _tell(self, happening: Happening) -> None:
        """Take what the link's threads report; never raises, never waits.

        Only messages are dropped when the inbox is full; the other happenings are few and must not be missed.
        """
        if isinstance(happening, Heard) and self._inbox.qsize() >= INBOX_LIMIT:
            if not self._said_full:
                self._said_full = True
                self._log.warning("sync_inbox_full", limit=INBOX_LIMIT)
            return
        self._inbox.put(lambda: self._happened(happening))

    def _happened(self, happening: Happening) -> None:
        now = self._monotonic()
        match happening:
            case Heard():
                speaker = speaker_of(happening.topic)
                lane = PEERS if speaker is not None else happening.topic.rpartition("/")[2]
                self._core.heard(lane, happening.payload, now, speaker)
            case Opened():
                if self._link.heed(happening):
                    self._said_refused = False
                    self._core.connected(now)
            case Closed():
                if self._link.heed(happening):
                    self._core.disconnected()
            case Settled():
                if self._link.heed(happening) and not happening.accepted and not self._said_refused:
                    self._said_refused = True  # once a connection: an ACL mistake refuses everything on a lane
                    self._log.warning("publish_refused", reason=happening.reason)

    def _publish(self, lane: str, payload: bytes, *, lossy: bool = False) -> bool:
        settings = self._settings
        if lane == PEERS:
            topic = peers_topic(settings.hall, settings.terminal)
        else:
            topic = terminal_topic(settings.hall, settings.terminal, lane)
        return self._link.publish(topic, payload, lossy=lossy)

    def _new_link(self) -> Link:
        settings = self._settings
        own = [terminal_topic(settings.hall, settings.terminal, lane) for lane in TERMINAL_LANES]
        shared = [hall_topic(settings.hall, lane) for lane in HALL_LANES]
        will = encode(LinkMessage(state="lost", epoch=self._core.epoch, role=settings.role))
        return Link(
            brokers=settings.brokers,
            terminal=settings.terminal,
            password_file=settings.password_file,
            topics=[*own, *shared, peers_topic(settings.hall, EVERYBODY)],
            will=(terminal_topic(settings.hall, settings.terminal, "link"), will),
            tell=self._tell,
            jitter=self._jitter,
            log=self._log,
        )
