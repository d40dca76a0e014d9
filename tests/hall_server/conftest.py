"""A writer driven by hand on a real ledger, and a whole hall server process behind a real broker."""

import math
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from benchmarks.hall_rig import MONDAY, PACK, PIN, Rig, Terminal
from hall.commands import AnyCommand, AnyReply
from hall.day.decisions import Asker
from hall.events import Event
from hall.ids import EventId, RequestId, StaffId, TerminalId
from hall.ledger.sealing import pin_context, public_key, seal
from hall.pack.hall_pack import HallPack
from hall.wire.board import Board
from hall.wire.lanes import Beat, Mark, Orders
from hall_server.assembly import read_pack
from hall_server.ledger.store import Ledger, open_ledger
from hall_server.writer.jobs import AskJob, Job, Parcel, UpJob
from hall_server.writer.loop import Writer
from hall_server.writer.standing import Rules

FAR_S = 1e12
"""A deadline that never comes."""


class Listening:
    """An outlet with memory."""

    def __init__(self) -> None:
        self.marks: list[tuple[TerminalId, Mark]] = []
        self.boards: list[Board] = []
        self.orders: list[tuple[TerminalId, Orders]] = []
        self.alarms: list[tuple[TerminalId, str]] = []

    def marked(self, terminal: TerminalId, mark: Mark) -> None:
        self.marks.append((terminal, mark))

    def board(self, board: Board) -> None:
        self.boards.append(board)

    def ordered(self, terminal: TerminalId, orders: Orders) -> None:
        self.orders.append((terminal, orders))

    def alarm(self, terminal: TerminalId, code: str, at: float) -> None:
        self.alarms.append((terminal, code))


class HandWriter(Writer):
    """A writer whose turns are taken by the test, one at a time, on the test's own thread."""

    heard: Listening

    def open(self) -> None:
        self.ledger.begin_start()
        self._rebuild()
        self._open_day()

    def turn(self, *jobs: Job) -> None:
        self._cycle(list(jobs))
        if self.duties.reconcile_after_s < math.inf:
            self.duties.reconcile_after_s = -math.inf  # the test's own clock stands still


class Desk:
    """One terminal of the hall as the writer sees it."""

    def __init__(self, name: str, role: str = "self_service", epoch: int = 1) -> None:
        self.asker = Asker(TerminalId(name), role)
        self.epoch = epoch
        self.seq = 0
        self.replies: list[AnyReply] = []

    def parcel(self, event: Event | None, event_id: str = "", seq: int = 0, body: bytes = b"{}") -> Parcel:
        if not seq:
            self.seq += 1
        number = seq or self.seq
        told = event_id or f"{self.asker.terminal}-{self.epoch}-{number}"
        content = wire_bytes(event) if event is not None else body
        return Parcel(self.epoch, number, EventId(told), MONDAY + number, content, event, sentence="test")

    def up(self, *parcels: Parcel) -> UpJob:
        return UpJob(self.asker.terminal, parcels)

    def ask(self, command: AnyCommand, request: str, after: int = 0, deadline_s: float = FAR_S) -> AskJob:
        return AskJob(self.asker, RequestId(request), self.epoch, after, deadline_s, command, self.replies.append)  # type: ignore[arg-type]


def wire_bytes(event: Event) -> bytes:
    return msgspec.json.encode(event)


@pytest.fixture(scope="session")
def pack() -> HallPack:
    return read_pack(PACK)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def make_writer(pack: HallPack) -> Callable[..., HandWriter]:
    lives = iter(range(1_000))

    def make(ledger: Ledger, rules: Rules | None = None, clock: Callable[[], float] = lambda: MONDAY) -> HandWriter:
        heard = Listening()
        starts = next(lives)
        ids = iter(range(1_000_000))
        writer = HandWriter(
            ledger=ledger,
            pack=pack,
            outlet=heard,
            now=clock,
            mint=lambda: EventId(f"server-{starts}-{next(ids)}"),
            rules=rules,
            commit_pause_s=0.0,
        )
        writer.heard = heard
        writer.open()
        return writer

    return make


@pytest.fixture
def writer(ledger: Ledger, make_writer: Callable[..., HandWriter]) -> HandWriter:
    return make_writer(ledger)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with Rig(tmp_path) as opened:
        yield opened


def meet(rig: Rig, name: str, epoch: int = 1) -> Terminal:
    """Connect a terminal and wait until it hears the server."""
    terminal = rig.terminal(name, epoch)
    terminal.wait(Beat, lambda _: True, 60)
    return terminal


def sealed_pin(rig: Rig, terminal: str, staff: str) -> bytes:
    key = public_key((rig.folder / "server.key").read_bytes())
    return seal(key, PIN.encode(), secrets.token_bytes(32), "pin", pin_context(TerminalId(terminal), StaffId(staff)))
