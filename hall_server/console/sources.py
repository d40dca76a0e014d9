"""What the console reads from, and the figures it makes of it. Only what somebody decides reaches the writer."""

import contextlib
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hall.calendar.working_days import business_day, taking_tickets
from hall.commands import AnyReply, Refused
from hall.errors import Reason
from hall.events import TicketCalled
from hall.ids import StaffId
from hall.pack.hall_pack import HallPack
from hall.queue.state import HallState
from hall_server.console.compliance import Compliance, compliance
from hall_server.console.fair import CallWhy, Fairness, fairness, why
from hall_server.console.floor import Floor, floor
from hall_server.console.folding import Fold
from hall_server.console.ledger_page import EntryShown, HeldShown, Namer
from hall_server.console.overview import Overview, calls_now, ratings_now, timing, windows_now
from hall_server.console.papers import PapersShown, papers_shown
from hall_server.console.remembered import Remembered
from hall_server.console.scene import Scene, scene
from hall_server.console.self_tests import tests_shown
from hall_server.console.tickets import TicketsShown, tickets_shown
from hall_server.health.room import MONTH_DAYS, HealthRoom
from hall_server.health.uptime import Uptime
from hall_server.ledger.audit import Verdict, verify
from hall_server.ledger.browsing import Browser, Wanted
from hall_server.ledger.entries import Act
from hall_server.ledger.store import Ledger
from hall_server.writer.jobs import OwnJob, SettleJob

MONTH_EVERY_S = 60.0
"""The uptime of 30 days is made anew this often at most."""
PAGE = 50
SETTLE_S = 5.0
"""A decision waits so long for the writer's commit before the page says that nothing was done."""


@dataclass(slots=True)
class Sources:
    """Any thread."""

    pack: HallPack
    ledger: Ledger
    room: HealthRoom
    connected: Callable[[], bool]
    turn_ms: Callable[[], Sequence[float]]
    submit: Callable[[SettleJob | OwnJob], bool]
    """Hands what somebody decided to the writer; false when its queue is full."""
    now: Callable[[], float]
    monotonic: Callable[[], float]
    fold: Fold = field(init=False)
    browser: Browser = field(init=False)
    namer: Namer = field(init=False)
    _month: Mapping[str, Uptime] = field(init=False, default_factory=dict)
    _month_mono: float = field(init=False, default=float("-inf"))
    _verifying: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.fold = Fold(self.ledger, self.pack)
        self.browser = Browser(self.ledger)
        self.namer = Namer(self.pack)

    def tickets(self) -> TicketsShown:
        """Return today's tickets."""
        with self.fold.state() as state:
            return tickets_shown(state, self.now())

    def scene(self) -> Scene:
        """Return what the lead should act on."""
        with self.fold.state() as state:
            return scene(state, self.now())

    def fairness(self) -> Fairness:
        """Return the day's fairness report."""
        with self.fold.day() as (state, remembered):
            return fairness(state, self._todays(state, remembered), self.now())

    def why(self, ticket: str) -> tuple[CallWhy, ...]:
        """Return every call of a ticket with its evidence, oldest first."""
        with self.fold.day() as (_, remembered):
            return why(remembered.calls, ticket)

    def papers(self) -> PapersShown:
        """Return the day's statements."""
        with self.fold.day() as (_, remembered):
            return papers_shown(remembered.papers.values(), self.pack, self.now())

    def compliance(self) -> Compliance:
        """Return what the standard asks for and what the hall has."""
        with self.fold.state() as state:
            return compliance(self.pack, state, self.now())

    def floor(self) -> Floor:
        """Return every terminal and device."""
        mono = self.monotonic()
        if mono - self._month_mono >= MONTH_EVERY_S:
            self._month_mono, self._month = mono, self.room.uptimes(MONTH_DAYS)
        with self.fold.day() as (_, remembered):
            tests = tests_shown(remembered.tests, self.namer)
        return floor(self.room, self.pack, self.now(), self._month, tests, connected=self.connected())

    def overview(self) -> Overview:
        """Return the big numbers."""
        now, told = self.now(), self.floor()
        with self.fold.state() as state:
            tickets, windows, ratings = tickets_shown(state, now), windows_now(state), ratings_now(state)
            calls, help_open = calls_now(state), len(state.help)
        head = self.browser.head()
        return Overview(
            at=now,
            day=tickets.day,
            hall=self.pack.hall.title,
            taking_tickets=taking_tickets(self.pack, now),
            issued=sum(tickets.counts.values()),
            waiting=tickets.counts["waiting"],
            priority_waiting=tickets.priority_waiting,
            done=tickets.counts["done"],
            missed=tickets.counts["missed"],
            longest_wait_min=tickets.longest_wait_min,
            mean_wait_min=tickets.mean_wait_min,
            windows=windows,
            calls=calls,
            ratings=ratings,
            help_open=help_open,
            health=told.counts,
            alerts=len(told.alerts),
            broker=told.connected,
            ledger_entries=head.entries,
            chain_head=head.chain,
            quarantined=self.browser.quarantined()[0],
            commits=self.ledger.count.commits,
            decide_and_commit_ms=timing(self.turn_ms()),
        )

    def newest(self, wanted: Wanted, before: int | None) -> list[EntryShown]:
        """Return a page of the ledger, newest first."""
        return [self.namer.entry(one) for one in self.browser.newest(PAGE, wanted, before)]

    def following(self, wanted: Wanted, after: int) -> list[EntryShown]:
        """Return the entries that follow a ledger number, oldest first."""
        return [self.namer.entry(one) for one in self.browser.following(after, PAGE, wanted)]

    def quarantine(self, before: int | None) -> list[HeldShown]:
        """Return a page of the quarantine, newest first."""
        return [self.namer.held(one) for one in self.browser.quarantine(PAGE, before)]

    def held(self, entry: int) -> HeldShown | None:
        """Return one quarantine entry with what was done about it, None when there is none of that number."""
        found = self.browser.held(entry)
        return None if found is None else self.namer.held(found)

    def settle(self, entry: int, act: Act, staff: StaffId, reason: str) -> AnyReply:
        """See to a quarantine entry; the writer does it, and the reply comes after its commit."""
        answers: queue.Queue[AnyReply] = queue.Queue(1)
        if self.submit(SettleJob(entry, act, staff, reason, answers.put)):
            with contextlib.suppress(queue.Empty):
                return answers.get(timeout=SETTLE_S)
        return Refused(reason=Reason.SERVER_AWAY, sentence="the writer is busy")

    def _todays(self, state: HallState, remembered: Remembered) -> tuple[TicketCalled, ...]:
        return tuple(one for one in remembered.calls if business_day(one.called_at) == state.day)

    def verify(self) -> Verdict | None:
        """Check the whole chain, reading only; None while another check runs."""
        if not self._verifying.acquire(blocking=False):
            return None
        try:
            return verify(self.ledger)
        finally:
            self._verifying.release()
