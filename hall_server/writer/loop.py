"""The writer's thread: take what is queued, one turn, one commit, then the news."""

import contextlib
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from hall.calendar.working_days import business_day, next_open_days
from hall.commands import AnyReply, Refused
from hall.day import board, pressing
from hall.day.decisions import Decidable, HallState
from hall.errors import HallError, Reason
from hall.events import Event
from hall.ids import SERVER, BusinessDay, EventId, TerminalId
from hall.pack.hall_pack import HallPack
from hall.wire.lanes import Mark
from hall_server.ledger.store import Ledger
from hall_server.writer.confirming import WordBox
from hall_server.writer.days import DayOpenedHook, Days
from hall_server.writer.duties import Lost, due, nobody_lost
from hall_server.writer.jobs import AskJob, Job, LookJob, Outlet, OwnJob
from hall_server.writer.orders import OrdersTold
from hall_server.writer.standing import DAYS_REPLAYED, Rules, Standing, stand
from hall_server.writer.turn import ApplyBrokeError, Turn
from hall_server.writer.unsettled import gathered

T = TypeVar("T")

log = logging.getLogger(__name__)

TICK_S = 1.0
"""The writer looks at the calendar at least this often."""
AWAKE_S = 4.0
"""Longer than any turn and tick; shorter than the 5 s after which terminals call the server away."""
BOARD_EVERY_S = 0.25
"""At most four boards a second (design 4)."""
BOARD_REFRESH_S = 5.0
"""Without any change a new board still follows, because waiting times and the last-ticket hour move by themselves."""
EPOCHS_TOLD = 20
"""The newest process starts of a terminal; older ones drained long ago."""
LOOK_AROUND_S = 5.0
"""How often the hall looks whether a call was not started; its own limit is minutes, so seconds more hurt nobody."""
RETURN_S = 15.0
"""A server that starts hears first what panels did without it (they are back within 6 s); only then it puts back calls
that nobody started, or it would put back people who were served long ago."""
TOLD_WITHIN_S = 6.0
"""Within this after a start every panel has told what it did alone; settling half of it would flag what is none."""
RECONCILE_EVERY_S = 1.0
"""Settling reads two days of the ledger; after an outage the panels' events come in many messages within seconds."""
RECONCILE_REST = 9
"""At the end of a full day (30,000 events) one takes some 0.4 s: the queue keeps nine tenths of the writer's time."""
TURNS_MEASURED = 1000
MAX_PARKED = 500
"""Asks waiting for their terminal's own events; beyond it they are decided as too late."""
GATHER_S = 0.0005
"""While several terminals are at work, a turn waits so long for their jobs to share one commit."""
PARK_CHECK_S = 0.05
"""How late a parked ask may learn that its time is over."""
COMMIT_PAUSE_S = 0.2
"""After a failed commit, before the next try: a full disk is not healed by hurry."""
STARTS_BOARDS = 1_000_000_000
"""Board versions of one server start; versions grow over restarts without being written down each time."""


class Writer:
    """Owns the queue day of one hall. `submit` from any thread; everything else happens on its own thread."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        pack: HallPack,
        outlet: Outlet,
        now: Callable[[], float],
        mint: Callable[[], EventId],
        rules: Rules | None = None,
        queue_limit: int = 5000,
        batch_limit: int = 200,
        commit_pause_s: float = COMMIT_PAUSE_S,
    ) -> None:
        self.ledger = ledger
        self._pack = pack
        self._outlet = outlet
        self._now = now
        self._mint = mint
        self._rules = rules or Rules()
        self._batch_limit = batch_limit
        self._commit_pause_s = commit_pause_s
        self._jobs: queue.Queue[Job | None] = queue.Queue(queue_limit)
        self._parked: list[AskJob] = []
        self._committed_own_seq = 0
        self._standing: Standing | None = None
        self._board_dirty = True
        self._board_sent_s = float("-inf")
        self._boards = 0
        self._looked_at = float("-inf")
        self._look_after_s = float("-inf")
        self._reconcile_after_s = float("-inf")
        self._lost: Lost = nobody_lost
        self.days = Days(ledger, pack, self._rules, outlet)
        self._orders_told = OrdersTold()
        self._commits_fail = False
        self._busy = False
        self._came_round_s = time.monotonic()
        self.board_version = 0
        self.turn_ms: deque[float] = deque(maxlen=TURNS_MEASURED)
        """Decide, apply and commit of the last turns that changed something, in ms."""
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    @property
    def ledger_epoch(self) -> int:
        """Which life of the ledger this is; 0 before the writer has read it."""
        return self._standing.ledger_epoch if self._standing else 0

    def start(self) -> None:
        """Read the ledger, open the day if the calendar says so, and begin to take jobs."""
        self.ledger.begin_start()
        self._look_after_s = time.monotonic() + RETURN_S
        self._reconcile_after_s = time.monotonic() + TOLD_WITHIN_S
        self._rebuild()
        self.days.told_at_start(self._day_state, self._do_and_tell, self._now())
        self._open_day()
        self._thread.start()

    def submit(self, job: Job) -> bool:
        """Queue a job. False when the queue is full: the terminal will repeat itself."""
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            return False
        return True

    @property
    def awake(self) -> bool:
        """Whether the thread has come round lately; a server whose writer hangs must not say that it is here."""
        return time.monotonic() - self._came_round_s < AWAKE_S

    def look(self, read: Callable[[HallState], T], timeout_s: float = 2.0) -> T:
        """Return what `read` makes of the queue day, on the writer's thread and after a commit. For screens of staff.

        `read` is brief, changes nothing and returns values of its own. Raises `HallError(SERVER_AWAY)` in time.
        """
        seen: queue.Queue[T] = queue.Queue(1)
        if self.submit(LookJob(lambda state: seen.put(read(state)))):
            with contextlib.suppress(queue.Empty):
                return seen.get(timeout=timeout_s)
        raise HallError(Reason.SERVER_AWAY, "writer", f"no look at the queue within {timeout_s} s")

    def refresh_board(self) -> None:
        """Send the board again soon, for somebody who has just arrived."""
        self._board_dirty = True

    def watch(self, lost: Lost, day_opened: DayOpenedHook, words: WordBox | None = None) -> None:
        """Say who knows which panels are lost, who is told of the open day, and where the administrator's word comes.

        Before `start`; all are called on the writer's thread, so they are brief.
        """
        self._lost, self.days.hook, self.days.words = lost, day_opened, words

    def stop(self, timeout_s: float = 5.0) -> None:
        """Finish what is queued, then end the thread."""
        with contextlib.suppress(queue.Full):
            self._jobs.put(None, timeout=timeout_s)
        self._thread.join(timeout_s)

    def _run(self) -> None:
        going = True
        while going:
            self._came_round_s = time.monotonic()
            jobs, going = self._take()
            try:
                self._cycle(jobs)
                self._show_board()
            except Exception:
                log.exception("the writer met a surprise; its state is read from the ledger again")
                self._standing = None
                time.sleep(self._commit_pause_s)

    def _take(self) -> tuple[list[Job], bool]:
        jobs: list[Job] = []
        try:
            job = self._jobs.get(timeout=self._patience_s())
            gather_until_s = time.monotonic() + (GATHER_S if self._busy else 0.0)
            while True:
                if job is None:
                    return jobs, False
                jobs.append(job)
                if len(jobs) >= self._batch_limit:
                    break
                job = self._jobs.get(timeout=max(0.0, gather_until_s - time.monotonic()))
        except queue.Empty:
            pass
        self._busy = len(jobs) > 1
        return jobs, True

    def _patience_s(self) -> float:
        patience = PARK_CHECK_S if self._parked else TICK_S
        if self._board_dirty:
            patience = min(patience, max(0.0, self._board_sent_s + BOARD_EVERY_S - time.monotonic()))
        return patience

    def _cycle(self, jobs: list[Job]) -> None:
        parked, self._parked = self._parked, []
        everything: list[Job] = [*jobs, *parked]
        if everything:
            began_s = time.monotonic()
            turn = self._decided(everything)
            self._parked = turn.parked[:MAX_PARKED]
            turn.answered += [(job.done, Refused(reason=Reason.TOO_LATE)) for job in turn.parked[MAX_PARKED:]]
            self._settle(turn)
            if not turn.batch.empty():
                self.turn_ms.append((time.monotonic() - began_s) * 1000)
        self._open_day()
        self._look_around()
        self._reconcile()

    def _decided(self, jobs: list[Job]) -> Turn:
        """Run a turn over the jobs; what cannot be applied is marked, the state rebuilt, and the turn run again."""
        broken: frozenset[int] = frozenset()
        while True:
            turn = Turn(
                standing=self._stand(),
                rules=self._rules,
                ledger=self.ledger,
                now=self._now(),
                now_mono_s=time.monotonic(),
                mint=self._mint,
                broken=broken,
            )
            try:
                for job in jobs:
                    turn.take(job)
            except ApplyBrokeError as error:
                broken |= {error.culprit}
                self._standing = None
            else:
                return turn

    def _settle(self, turn: Turn) -> None:
        """Commit, then tell. Nothing is told of a batch that was not committed."""
        if self._commit(turn):
            self._tell(turn)

    def _commit(self, turn: Turn) -> bool:
        if turn.batch.empty():
            return True
        try:
            self.ledger.commit(turn.batch)
        except Exception:
            if not self._commits_fail:
                log.exception("a commit failed; the state is read from the ledger again and nobody is answered")
                self._outlet.alarm(SERVER, "commit_failed", turn.now)
            self._commits_fail = True
            self._standing = None
            self._parked = []
            time.sleep(self._commit_pause_s)
            return False
        if self._commits_fail:
            log.warning("commits succeed again")
        self._commits_fail = False
        self._committed_own_seq = turn.standing.own_seq
        self._board_dirty = self._board_dirty or bool(turn.batch.entries)
        return True

    def _tell(self, turn: Turn) -> None:
        for done, reply in turn.answered:
            _answer(done, reply)
        for terminal, epochs in turn.to_mark.items():
            self._outlet.marked(terminal, self._mark(turn.standing, terminal, epochs))
        for terminal, orders in self._orders_told.news(turn.standing, turn.greeted):
            self._outlet.ordered(terminal, orders)
        for job in turn.looks:
            _show(job, turn.standing.state)
        for terminal, code in turn.alarms:
            self._outlet.alarm(terminal, code, turn.now)

    def _mark(self, standing: Standing, terminal: TerminalId, epochs: set[int]) -> Mark:
        """The marks of what was just sent and of the newest epochs: a terminal that refills needs them together."""
        newest = sorted(standing.epochs.get(terminal, ()))[-EPOCHS_TOLD:]
        return Mark(
            ledger_epoch=standing.ledger_epoch,
            marks={str(epoch): standing.marks.get((terminal, epoch), 0) for epoch in sorted(epochs.union(newest))},
            chain_head=standing.chain_head,
            quarantined=terminal in standing.clashed,
        )

    def _stand(self) -> Standing:
        if self._standing is None:
            self._rebuild()
        standing = self._standing
        if standing is None:  # pragma: no cover - _rebuild sets it or raises
            raise RuntimeError
        return standing

    def _rebuild(self) -> None:
        self._standing = stand(self.ledger, self._pack, self._rules, self._committed_own_seq)
        self._board_dirty = True

    def _open_day(self) -> None:
        """Open the business day when the clock has come to it believably, or the administrator says so."""
        self.days.look(self._day_state, self._do_and_tell, self._now())

    def _day_state(self) -> HallState:
        return self._stand().state

    def _look_around(self) -> None:
        """Put calls that nobody started back to their place, and end the day when it is over."""
        now = self._now()
        if 0 <= now - self._looked_at < LOOK_AROUND_S or time.monotonic() < self._look_after_s:
            return
        self._looked_at = now
        for command in due(self._stand().state, now, self._lost):
            self._do(command)

    def _reconcile(self) -> None:
        """Settle what panels did on their own; what they still have to tell comes in the next seconds."""
        unsettled = self._stand().unsettled
        began_s = time.monotonic()
        if not unsettled.pending or began_s < self._reconcile_after_s:
            return
        told = gathered(self.ledger.since_last("DayOpened", DAYS_REPLAYED), unsettled.pending)
        unsettled.pending.clear()
        self._do(told)
        ended_s = time.monotonic()
        self._reconcile_after_s = ended_s + max(RECONCILE_EVERY_S, RECONCILE_REST * (ended_s - began_s))

    def _do(self, command: Decidable) -> None:
        self._do_and_tell(command, _nothing_to_tell)

    def _do_and_tell(self, command: Decidable, done: Callable[[AnyReply, tuple[Event, ...]], None]) -> None:
        self._settle(self._decided([OwnJob(command, done)]))

    def _show_board(self) -> None:
        since_s = time.monotonic() - self._board_sent_s
        if (self._board_dirty and since_s >= BOARD_EVERY_S) or since_s >= BOARD_REFRESH_S:
            self._board_dirty = False
            self._board_sent_s = time.monotonic()
            try:
                self._send_board(self._stand())
            except Exception:  # a board that cannot be drawn must not stop the queue behind it
                log.exception("the board could not be drawn")

    def _send_board(self, standing: Standing) -> None:
        self._boards += 1
        version = standing.epoch * STARTS_BOARDS + self._boards
        now = self._now()
        known = standing.state.day or standing.state.believed or (None if self.days.withheld else business_day(now))
        following = next_open_days(self._pack, known, 1) if known else ()
        next_day = following[0] if following else BusinessDay("")
        pressed = pressing.pressing(standing.state, now)
        shown = board.board(standing.state, now, version, standing.ledger_epoch, next_day, staffing=pressed)
        self.board_version = version
        self._outlet.board(shown)


def _answer(done: Callable[[AnyReply], None], reply: AnyReply) -> None:
    try:
        done(reply)
    except Exception:
        log.exception("an answer could not be handed over")


def _show(job: LookJob, state: HallState) -> None:
    try:
        job.look(state)
    except Exception:
        log.exception("a look at the queue failed")


def _nothing_to_tell(_reply: AnyReply, _events: tuple[Event, ...]) -> None:
    """What the hall did by itself stands in the ledger and on the next board."""
