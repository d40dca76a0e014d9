"""A small hall for the tests of sync: one pack, one board, ids and clocks that tests can move."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hall.events import Event, HelpRequested, Quote
from hall.ids import AreaId, BusinessDay, HallId, RequestId, TerminalId, TicketId, TicketLabel, WindowId
from hall.wire.board import Board, QueueShown
from hall.wire.codec import encode
from hall.wire.lanes import Beat
from hall.wire.pack_shown import ItemShown, PackShown, Reserve
from kiosk.settings import Broker, Settings
from kiosk.sync.core import Core
from kiosk.sync.journal import Journal
from kiosk.sync.news import News

HALL = HallId("QH")
K1 = TerminalId("K1")
MONDAY = BusinessDay("2026-11-23")
TUESDAY = BusinessDay("2026-11-24")
MONDAY_0930 = 1_795_397_400.0
"""2026-11-23 09:30 at the hall (UTC+8)."""
DAY_S = 86_400.0
QUOTE = Quote(people_ahead=3, low_min=5, high_min=12)


def ids() -> Callable[[], str]:
    """Return a mint of 32 hex digits that never repeats in a test run of one mint."""
    counter = count(1)
    return lambda: f"{next(counter):032x}"


def pack(first: int = 701, last: int = 703) -> PackShown:
    """A pack with one item and one reserve."""
    item = ItemShown(
        code="SI-301",
        title="待遇申领",
        title_en="Claim",
        group="pension",
        series="A",
        windows=(WindowId("7"),),
        area=AreaId("east"),
        materials=(),
    )
    return PackShown(
        version="1",
        hall=HALL,
        title="清河",
        title_en="Qinghe",
        sample=True,
        hotline="12333",
        supervision="",
        duty_lead="",
        hours="",
        missed_rule="",
        missed_rule_en="",
        groups=(),
        items=(item,),
        windows=(),
        areas={"east": "东区"},
        reserves=(Reserve(terminal=K1, first=first, last=last),),
        statement_forms={},
        statement_year=2026,
        staff_names={},
        server_key=bytes(32),
    )


def board(
    version: int = 1, *, at: float = MONDAY_0930, ledger_epoch: int = 1, taking: bool = True, waiting: int = 4
) -> Board:
    """A board of Monday with one queue."""
    return Board(
        ledger_epoch=ledger_epoch,
        version=version,
        at=at,
        day=MONDAY,
        next_day=TUESDAY,
        taking_tickets=taking,
        waiting=waiting,
        typical_wait_min=10,
        queues=(QueueShown(series="A", waiting=waiting, longest_wait_s=300.0, next_labels=(TicketLabel("A012"),)),),
        windows=(),
        calls=(),
    )


def beat(ledger_epoch: int = 1) -> bytes:
    """A beat as it travels."""
    return encode(Beat(ledger_epoch=ledger_epoch, at=MONDAY_0930, board_version=1, pack_version="1"))


def help_wanted(step: str = "choosing") -> Event:
    """A small event."""
    return HelpRequested(terminal=K1, step=step, at=MONDAY_0930)


def settings(folder: Path, *ports: int, budget_s: float = 0.15) -> Settings:
    """Settings of K1 against brokers on these ports."""
    password = folder / "password"
    if not password.exists():
        password.write_text("secret\n", encoding="utf-8")
    return Settings(
        environment="test",
        hall=HALL,
        terminal=K1,
        role="self_service",
        brokers=tuple(Broker(port=port) for port in ports),
        password_file=password,
        state_dir=folder / "state",
        lease_budget_s=budget_s,
    )


@dataclass
class Lines:
    """A log with memory."""

    lines: list[tuple[str, dict[str, str | float]]] = field(default_factory=list)

    def info(self, event: str, **facts: str | float) -> None:
        self.lines.append((event, facts))

    def warning(self, event: str, **facts: str | float) -> None:
        self.lines.append((event, facts))

    def count(self, event: str) -> int:
        return sum(1 for line, _facts in self.lines if line == event)


@dataclass
class Bench:
    """A `Core` on a journal in memory, with a wire that remembers and clocks that move."""

    journal: Journal = field(default_factory=lambda: Journal.connect(":memory:"))
    mint: Callable[[], str] = field(default_factory=ids)
    wall: float = MONDAY_0930
    now: float = 100.0
    takes: bool = True
    wire: list[tuple[str, bytes]] = field(default_factory=list)
    told: list[News] = field(default_factory=list)
    log: Lines = field(default_factory=Lines)
    core: Core = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new process on the same journal."""
        self.core = Core(
            self.journal,
            terminal=K1,
            role="self_service",
            software="test",
            lease_budget_s=0.15,
            clock=lambda: self.wall,
            mint=self.mint,
            publish=self.publish,
            news=self.told.append,
            log=self.log,
            now=self.now,
        )

    def publish(self, lane: str, payload: bytes, *, lossy: bool = False) -> bool:
        if self.takes:
            self.wire.append((lane, payload))
        return self.takes

    def pass_s(self, seconds: float) -> None:
        self.now += seconds
        self.wall += seconds
        self.core.tick(self.now)

    def hear(self, lane: str, payload: bytes) -> None:
        self.core.heard(lane, payload, self.now)
        self.core.tick(self.now)

    def meet(self) -> None:
        """Connect to a server that is there and told everything."""
        self.core.connected(self.now)
        self.hear("beat", beat())
        self.hear("pack", encode(pack()))
        self.hear("board", encode(board()))

    def sent(self, lane: str) -> list[bytes]:
        return [payload for at, payload in self.wire if at == lane]


def ticket_of(mark: str) -> TicketId:
    return TicketId(mark)


def request_of(mark: str) -> RequestId:
    return RequestId(mark)
