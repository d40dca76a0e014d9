"""What the console reads from, and the figures it makes of it. Reads only; nothing here reaches the writer."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hall.pack import HallPack
from hall.working_days import taking_tickets
from hall_server.console.floor import Floor, floor
from hall_server.console.folding import Fold
from hall_server.console.ledger_page import EntryShown, HeldShown, Namer
from hall_server.console.overview import Overview, calls_now, ratings_now, timing, windows_now
from hall_server.console.tickets import TicketsShown, tickets_shown
from hall_server.health.room import MONTH_DAYS, HealthRoom
from hall_server.health.uptime import Uptime
from hall_server.ledger.audit import Verdict, verify
from hall_server.ledger.browsing import Browser, Wanted
from hall_server.ledger.store import Ledger

MONTH_EVERY_S = 60.0
"""The uptime of 30 days is made anew this often at most."""
PAGE = 50


@dataclass(slots=True)
class Sources:
    """Any thread."""

    pack: HallPack
    ledger: Ledger
    room: HealthRoom
    connected: Callable[[], bool]
    turn_ms: Callable[[], Sequence[float]]
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

    def floor(self) -> Floor:
        """Return every terminal and device."""
        mono = self.monotonic()
        if mono - self._month_mono >= MONTH_EVERY_S:
            self._month_mono, self._month = mono, self.room.uptimes(MONTH_DAYS)
        return floor(self.room, self.pack, self.now(), self._month, connected=self.connected())

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

    def verify(self) -> Verdict | None:
        """Check the whole chain, reading only; None while another check runs."""
        if not self._verifying.acquire(blocking=False):
            return None
        try:
            return verify(self.ledger)
        finally:
            self._verifying.release()
