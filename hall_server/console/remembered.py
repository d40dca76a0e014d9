"""What pages tell of the day that the queue day itself does not keep: calls with their evidence, papers, self-tests."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hall.calendar.working_days import business_day
from hall.day_facts import DayOpened, DayWithdrawn
from hall.events import (
    Event,
    SelfTestEnded,
    SelfTestOrdered,
    StatementEnded,
    StatementPrepared,
    TicketCalled,
)
from hall.ids import Serial, TerminalId

MAX_CALLS = 10_000
"""As many as a day has numbers for (`working_days.CALLS_A_DAY`)."""
MAX_STATEMENTS = 5_000


@dataclass(slots=True)
class Paper:
    """One statement: when it was prepared, and how each of its print jobs ended, oldest first."""

    prepared: StatementPrepared
    at: float
    jobs: list[StatementEnded] = field(default_factory=list)


@dataclass(slots=True)
class Test:
    """The last self-test of a terminal, and who has ordered one since."""

    ended: SelfTestEnded | None = None
    ordered: SelfTestOrdered | None = None


@dataclass(slots=True)
class Remembered:
    """Filled by the fold, in ledger order. Bounded; the papers and calls of earlier days go when a day opens."""

    calls: list[TicketCalled] = field(default_factory=list)
    papers: dict[Serial, Paper] = field(default_factory=dict)
    tests: dict[TerminalId, Test] = field(default_factory=dict)

    def take(self, event: Event, device: TerminalId, at: float) -> None:
        """Keep what a page will ask for."""
        match event:
            case DayWithdrawn():
                self._let_go(lambda _moment: True)
            case DayOpened():
                self._let_go(lambda moment: business_day(moment) < event.day)
            case TicketCalled() if len(self.calls) < MAX_CALLS:
                self.calls.append(event)
            case StatementPrepared() if len(self.papers) < MAX_STATEMENTS:
                self.papers.setdefault(event.serial, Paper(event, at))
            case StatementEnded():
                paper = self.papers.get(event.serial)
                if paper is not None:
                    paper.jobs.append(event)
            case SelfTestOrdered():
                self.tests.setdefault(event.terminal, Test()).ordered = event
            case SelfTestEnded() if event.terminal == device:
                self._tested(event)
            case _:
                pass

    def _tested(self, event: SelfTestEnded) -> None:
        told = self.tests.setdefault(event.terminal, Test())
        if told.ended is None or event.at >= told.ended.at:
            told.ended = event
        if told.ordered is not None and told.ordered.number <= event.number:
            told.ordered = None

    def _let_go(self, earlier: Callable[[float], bool]) -> None:
        self.calls = [one for one in self.calls if not earlier(one.called_at)]
        self.papers = {serial: one for serial, one in self.papers.items() if not earlier(one.at)}
