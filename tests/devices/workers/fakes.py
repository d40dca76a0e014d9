"""Fakes with memory: a clock that only we move, drivers that can be told to fail, a session that remembers."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hall.ids import JobId, SessionId
from kiosk.flows.words import Happened
from kiosk.ports import (
    CardProblem,
    DeviceError,
    DeviceState,
    Fault,
    IdCard,
    PinOutcome,
    PrintOutcome,
    PrintResult,
    Progress,
    Slip,
    SocialCard,
)
from kiosk.speech import PLAINLY, Manner, Unsaid

HOLDER = IdCard("李和", "000000198907220025", "19890722")
PULLED = DeviceError(Fault.DISCONNECTED, "K2.device", "the cable is gone")


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Posts:
    """A session's inbox."""

    entries: list[tuple[Happened, SessionId | None]] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)

    def __call__(self, happened: Happened, session: SessionId | None) -> None:
        self.entries.append((happened, session))
        self.arrived.set()

    def kinds(self) -> list[str]:
        return [type(happened).__name__ for happened, _ in self.entries]


@dataclass
class Shelf:
    """Opens drivers, and remembers how often; `away` is raised instead while set."""

    make: Callable[[], object]
    away: DeviceError | None = None
    opened: int = 0

    def __call__(self) -> object:
        self.opened += 1
        if self.away is not None:
            raise self.away
        return self.make()


@dataclass
class FakeDriver:
    told: DeviceState = field(default_factory=DeviceState)
    broken: Exception | None = None
    asked: int = 0
    closed: int = 0

    def state(self) -> DeviceState:
        self.asked += 1
        self.check()
        return self.told

    def close(self) -> None:
        self.closed += 1

    def check(self) -> None:
        if self.broken is not None:
            raise self.broken


@dataclass
class FakeIdReader(FakeDriver):
    """Like most readers: after a good read the card is not found again until it is lifted."""

    lying: bool = False
    readable: bool = True
    answer: IdCard | CardProblem = HOLDER
    finds_again: bool = False
    reads: list[str] = field(default_factory=list)
    hold: threading.Event | None = None

    def lay(self) -> None:
        self.lying = self.readable = True

    def lift(self) -> None:
        self.lying = False

    def present(self) -> bool:
        self.check()
        return self.lying and self.readable

    def read(self, today: str) -> IdCard | CardProblem:
        self.check()
        self.reads.append(today)
        if self.hold is not None:
            self.hold.wait(10)
        if isinstance(self.answer, IdCard):
            self.readable = self.finds_again
        return self.answer


@dataclass
class FakeSlot(FakeDriver):
    inside: bool = False
    answer: SocialCard | CardProblem = field(default_factory=lambda: SocialCard("李和", "000000198907220025", "2.00"))
    pins: list[str] = field(default_factory=list)
    let_go_count: int = 0
    days: list[str] = field(default_factory=list)

    def present(self) -> bool:
        self.check()
        return self.inside

    def read(self, today: str = "") -> SocialCard | CardProblem:
        self.check()
        self.days.append(today)
        return self.answer

    def verify_pin(self, pin: str) -> PinOutcome | CardProblem:
        self.check()
        self.pins.append(pin)
        return PinOutcome(accepted=pin == "123456", tries_left=2)

    def let_go(self) -> None:
        self.let_go_count += 1


@dataclass
class FakePrinter(FakeDriver):
    progress: Progress | None = None
    stall: Fault | None = None
    wanted: list[Callable[[], bool]] = field(default_factory=list)
    printed: list[JobId] = field(default_factory=list)

    def print(self, job: JobId, slip: Slip, wanted: Callable[[], bool] = lambda: True) -> PrintResult:
        self.printed.append(job)
        self.wanted.append(wanted)
        self.check()
        if self.stall is not None and self.progress is not None:
            self.progress(job, self.stall)
            self.progress(job, None)
        return PrintResult(job, PrintOutcome.PRINTED)


@dataclass
class FakeBars(FakeDriver):
    assert_every_s: float = 15.0
    powered: dict[int, bool] = field(default_factory=lambda: {7: True, 14: True})
    shown: dict[int, str] = field(default_factory=dict)
    sent: list[tuple[int, str]] = field(default_factory=list)

    def state(self) -> DeviceState:
        self.asked += 1
        self.check()
        readings = {str(address): "up" if on else "silent" for address, on in self.powered.items()}
        silent = "silent" in readings.values()
        return DeviceState(Fault.SILENT if silent else None, may_serve=True, readings=dict(readings))

    def show(self, address: int, text: str) -> bool:
        self.check()
        self.sent.append((address, text))
        if self.powered[address]:
            self.shown[address] = text
        return self.powered[address]


@dataclass
class FakeSpeaker(FakeDriver):
    """Remembers what was said where and how loud; `answer` is why not, `during` happens in the middle of a turn."""

    said: list[str] = field(default_factory=list)
    manners: list[Manner] = field(default_factory=list)
    learnt: list[Mapping[str, str]] = field(default_factory=list)
    answer: Unsaid | None = None
    during: Callable[[], None] = lambda: None
    at_once: int = 0

    def learn(self, table: Mapping[str, str]) -> None:
        self.learnt.append(table)

    def say(self, text: str, manner: Manner = PLAINLY) -> Unsaid | None:
        self.check()
        self.at_once += 1
        assert self.at_once == 1
        if self.answer is None:
            manner.begun()
        self.said.append(text)
        self.manners.append(manner)
        self.during()
        self.at_once -= 1
        return self.answer if manner.wanted() else Unsaid.CUT
