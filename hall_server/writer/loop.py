"""The writer's thread: take what is queued, one turn, one commit, then the news."""

import contextlib
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from hall.commands import AnyReply, Refused
from hall.day.decisions import Decidable, HallState
from hall.errors import HallError, Reason
from hall.events import Event
from hall.ids import SERVER, EventId
from hall.pack.hall_pack import HallPack
from hall_server.ledger.store import Ledger
from hall_server.writer.boards import Boards
from hall_server.writer.confirming import WordBox
from hall_server.writer.days import DayOpenedHook, Days
from hall_server.writer.duties import Duties, Lost
from hall_server.writer.entering import ApplyBrokeError
from hall_server.writer.jobs import AskJob, Job, LookJob, Outlet, OwnJob
from hall_server.writer.standing import Rules, Standing, stand
from hall_server.writer.telling import Telling
from hall_server.writer.turn import Turn

T = TypeVar("T")

log = logging.getLogger(__name__)

TICK_S = 1.0
"""The writer looks at the calendar at least this often."""
AWAKE_S = 4.0
"""Longer than any turn and tick; shorter than the 5 s after which terminals call the server away."""
TURNS_MEASURED = 1000
MAX_PARKED = 500
"""Asks waiting for their terminal's own events; beyond it they are decided as too late."""
GATHER_S = 0.0005
"""While several terminals are at work, a turn waits so long for their jobs to share one commit."""
PARK_CHECK_S = 0.05
"""How late a parked ask may learn that its time is over."""
COMMIT_PAUSE_S = 0.2
"""After a failed commit, before the next try: a full disk is not healed by hurry."""


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
        self.days = Days(ledger, pack, self._rules, outlet)
        self.boards = Boards(pack, outlet, self.days)
        self.duties = Duties(ledger)
        self.telling = Telling(outlet)
        self._commits_fail = False
        self._busy = False
        self._came_round_s = time.monotonic()
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
        self.duties.begin()
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

    def watch(self, lost: Lost, day_opened: DayOpenedHook, words: WordBox | None = None) -> None:
        """Say who knows which panels are lost, who is told of the open day, and where the administrator's word comes.

        Before `start`; all are called on the writer's thread, so they are brief.
        """
        self.duties.lost, self.days.hook, self.days.words = lost, day_opened, words

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
        return min(patience, self.boards.patience_s())

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
        self.duties.look_around(self._stand, self._do, self._now())
        self.duties.reconcile(self._stand, self._do)

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
            self.telling.tell(turn)

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
        if turn.batch.entries:
            self.boards.changed()
        return True

    def _stand(self) -> Standing:
        if self._standing is None:
            self._rebuild()
        standing = self._standing
        if standing is None:  # pragma: no cover - _rebuild sets it or raises
            raise RuntimeError
        return standing

    def _rebuild(self) -> None:
        self._standing = stand(self.ledger, self._pack, self._rules, self._committed_own_seq)
        self.boards.changed()

    def _open_day(self) -> None:
        """Open the business day when the clock has come to it believably, or the administrator says so."""
        self.days.look(self._day_state, self._do_and_tell, self._now())

    def _day_state(self) -> HallState:
        return self._stand().state

    def _do(self, command: Decidable) -> None:
        self._do_and_tell(command, _nothing_to_tell)

    def _do_and_tell(self, command: Decidable, done: Callable[[AnyReply, tuple[Event, ...]], None]) -> None:
        self._settle(self._decided([OwnJob(command, done)]))

    def _show_board(self) -> None:
        if self.boards.due():
            self.boards.show(self._stand(), self._now())


def _nothing_to_tell(_reply: AnyReply, _events: tuple[Event, ...]) -> None:
    """What the hall did by itself stands in the ledger and on the next board."""
