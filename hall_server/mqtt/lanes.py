"""The lanes of the wire (design 4): events up and marks, ask and answer, state down; none waits for another.

Identity is the topic's terminal: the broker's ACL lets nobody else publish there.
"""

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from hall.commands import AnyReply
from hall.errors import HallError, Reason
from hall.ids import HallId, TerminalId
from hall.wire.board import Board
from hall.wire.codec import decode, encode, hall_topic, terminal_topic
from hall.wire.health_reports import Alerts, HealthReport
from hall.wire.lanes import Answer, Ask, Beat, Link, Mark, Orders
from hall.wire.pack_shown import PackShown
from hall_server.border import Border
from hall_server.mqtt.link import Account, BrokerLink
from hall_server.mqtt.parcels import rubbish, unpack
from hall_server.writer.jobs import HelloJob
from hall_server.writer.loop import Writer

log = logging.getLogger(__name__)

LANES = ("up", "ask", "link", "health")
INBOX_LIMIT = 5000
"""Messages taken from the broker and not yet routed; beyond it terminals repeat themselves."""
MAX_ASK_BYTES = 16 * 1024
"""The largest ask, a sealed holder or grant, has about 1 KB."""
BEAT_S = 1.0
PACK_EVERY_S = 0.5
"""A pack is large: many terminals that arrive together share one."""
MAX_RUBBISH_PER_TERMINAL = 200
"""Unreadable messages kept per terminal and server start; a broken terminal must not fill the disk."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who hears of terminals besides the queue: the health room. Called on our threads, so each only enqueues."""

    on_health: Callable[[TerminalId, HealthReport, float], None]
    """(terminal, report, hall time when received)."""
    on_link: Callable[[TerminalId, Link, float], None]
    on_alarm: Callable[[TerminalId, str, float], None]
    """(terminal, code, hall time): `identity_clash`, `poison`, `rubbish`, `commit_failed`."""


class Lanes:
    """Routes messages in, and is the writer's outlet. Call `attach` once before `start`."""

    def __init__(
        self,
        *,
        hall: HallId,
        account: Account,
        pack: PackShown,
        listeners: Listeners,
        now: Callable[[], float],
        spread: Callable[[], float],
    ) -> None:
        self._hall = hall
        self._pack = pack
        self._listeners = listeners
        self._now = now
        self._inbox: queue.Queue[tuple[str, bytes] | None] = queue.Queue(INBOX_LIMIT)
        self._stopping = threading.Event()
        self._pack_due = threading.Event()
        self._rubbish: Counter[TerminalId] = Counter()
        self._router = threading.Thread(target=self._route_all, name="mqtt-router", daemon=True)
        self._beater = threading.Thread(target=self._beat_all, name="mqtt-beat", daemon=True)
        topics = tuple(terminal_topic(hall, TerminalId("+"), lane) for lane in LANES)
        self._link = BrokerLink(
            account=account,
            client_id=f"{hall}-server",
            topics=topics,
            on_message=self._take_in,
            on_ready=self._ready,
            spread=spread,
        )
        self._writer: Writer | None = None
        self._border: Border | None = None

    @property
    def connected(self) -> bool:
        """Whether the broker is here."""
        return self._link.connected

    def attach(self, writer: Writer, border: Border) -> None:
        """Say who decides; the writer itself needs us first, as its outlet."""
        self._writer, self._border = writer, border

    def listen(self, listeners: Listeners) -> None:
        """Say who hears of health, links and alarms; before `start`."""
        self._listeners = listeners

    def start(self) -> None:
        """Begin to listen, route and beat."""
        self._router.start()
        self._beater.start()
        self._link.start()

    def stop(self) -> None:
        """Stop listening; what was already committed is told before the goodbye."""
        self._stopping.set()
        self._pack_due.set()
        self._link.stop()
        self._inbox.put(None)
        self._router.join(2.0)
        self._beater.join(2.0)

    def marked(self, terminal: TerminalId, mark: Mark) -> None:
        """Outlet: tell a terminal what the ledger holds of it."""
        self._link.publish(terminal_topic(self._hall, terminal, "mark"), encode(mark))

    def board(self, board: Board) -> None:
        """Outlet: a new board for everybody."""
        self._link.publish(hall_topic(self._hall, "board"), encode(board))

    def ordered(self, terminal: TerminalId, orders: Orders) -> None:
        """Outlet: what a terminal must do once."""
        self._link.publish(terminal_topic(self._hall, terminal, "down"), encode(orders))

    def alarm(self, terminal: TerminalId, code: str, at: float) -> None:
        """Outlet: something an administrator must see."""
        self._listeners.on_alarm(terminal, code, at)

    def alerts(self, alerts: Alerts) -> None:
        """For the health room: a full snapshot of what is wrong."""
        self._link.publish(hall_topic(self._hall, "alerts"), encode(alerts))

    def change_pack(self, pack: PackShown) -> None:
        """A new pack is in force: everybody gets it."""
        self._pack = pack
        self._pack_due.set()

    def _take_in(self, topic: str, payload: bytes) -> None:
        try:
            self._inbox.put_nowait((topic, payload))
        except queue.Full:
            log.warning("the inbox is full (%d); a message is left to be repeated", INBOX_LIMIT)

    def _ready(self) -> None:
        self._pack_due.set()
        if self._writer is not None:
            self._writer.boards.changed()

    def _route_all(self) -> None:
        while (message := self._inbox.get()) is not None:
            try:
                self._route(*message)
            except Exception:
                log.exception("a message on %s could not be routed", message[0])

    def _route(self, topic: str, payload: bytes) -> None:
        parts = topic.split("/")
        terminal, lane = TerminalId(parts[3]), parts[4]
        try:
            match lane:
                case "up":
                    self._submit_up(terminal, payload)
                case "ask":
                    _bound_ask(payload)
                    self._ask(terminal, decode(Ask, payload, "ask"))
                case "link":
                    self._met(terminal, decode(Link, payload, "link"))
                case _:
                    self._listeners.on_health(terminal, decode(HealthReport, payload, "health"), self._now())
        except HallError as error:
            self._keep_rubbish(terminal, payload, error)

    def _submit_up(self, terminal: TerminalId, payload: bytes) -> None:
        job = unpack(terminal, payload)
        if job.rubbish and not self._may_keep(terminal, len(job.rubbish)):
            job = type(job)(terminal, job.parcels)
        if self._writer is not None and not self._writer.submit(job):
            log.warning("the writer's queue is full; events of %s are left to be sent again", terminal)

    def _keep_rubbish(self, terminal: TerminalId, payload: bytes, error: HallError) -> None:
        if self._writer is not None and self._may_keep(terminal, 1):
            self._writer.submit(rubbish(terminal, payload, error))

    def _may_keep(self, terminal: TerminalId, count: int) -> bool:
        before = self._rubbish[terminal]
        self._rubbish[terminal] += count
        if before <= MAX_RUBBISH_PER_TERMINAL < self._rubbish[terminal]:
            log.warning("%s sent over %d unreadable messages; no more are kept", terminal, MAX_RUBBISH_PER_TERMINAL)
        return self._rubbish[terminal] <= MAX_RUBBISH_PER_TERMINAL

    def _ask(self, terminal: TerminalId, ask: Ask) -> None:
        if self._border is None or self._writer is None:
            return
        writer = self._writer

        def done(reply: AnyReply) -> None:
            answer = Answer(request=ask.request, ledger_epoch=writer.ledger_epoch, reply=reply)
            self._link.publish(terminal_topic(self._hall, terminal, "answer"), encode(answer))

        self._border.ask(terminal, ask, time.monotonic(), done)

    def _met(self, terminal: TerminalId, link: Link) -> None:
        self._listeners.on_link(terminal, link, self._now())
        if link.state == "ready" and self._writer is not None:
            self._writer.submit(HelloJob(terminal, link.slip_key))
            self._writer.boards.changed()
            self._pack_due.set()

    def _beat_all(self) -> None:
        beat_due_s = time.monotonic()
        pack_after_s = beat_due_s
        while not self._stopping.is_set():
            now_s = time.monotonic()
            if now_s >= beat_due_s:
                beat_due_s = now_s + BEAT_S
                self._beat()
            if self._pack_due.is_set() and now_s >= pack_after_s and self._link.connected:
                self._pack_due.clear()
                pack_after_s = now_s + PACK_EVERY_S
                self._link.publish(hall_topic(self._hall, "pack"), encode(self._pack))
            wait_s = max(0.0, beat_due_s - now_s)
            if self._pack_due.is_set():
                self._stopping.wait(min(wait_s, PACK_EVERY_S / 4))
            else:
                self._pack_due.wait(wait_s)

    def _beat(self) -> None:
        if self._writer is None or not self._writer.awake:
            return
        beat = Beat(
            ledger_epoch=self._writer.ledger_epoch,
            at=self._now(),
            board_version=self._writer.boards.version,
            pack_version=self._pack.version,
        )
        self._link.publish(hall_topic(self._hall, "beat"), encode(beat))


def _bound_ask(payload: bytes) -> None:
    if len(payload) > MAX_ASK_BYTES:
        raise HallError(Reason.TOO_LARGE, "ask", f"{len(payload)} bytes; at most {MAX_ASK_BYTES} are allowed")
