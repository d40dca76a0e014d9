"""Window panels of one hall without sockets: each a real `Core` on its own journal, all with one clock.

The hall itself is not here: a test feeds boards, marks and answers, from a sample or from the real writer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import msgspec

from hall.commands import (
    AnyCommand,
    AnyReply,
    Called,
    CallNext,
    FinishService,
    MarkMissed,
    Recall,
    StartService,
)
from hall.events import Event
from hall.ids import RequestId, StaffId, TerminalId, WindowId
from hall.pack.hall_pack import HallPack, shown
from hall.pack.tables import Terminal
from hall.wire.board import Board
from hall.wire.codec import decode, encode
from hall.wire.lanes import Answer, Ask, Beat, Envelope, Mark, Up
from hall.wire.pack_shown import PackShown
from hall.wire.peers import PeerSaid
from kiosk.sync.core import Core
from kiosk.sync.journal import Journal
from kiosk.sync.news import News
from tests.hall.world import qinghe
from tests.sync.samples import MONDAY_0930, Lines, ids

AWAY_S = 5.1


@cache
def pack_with_panels() -> HallPack:
    """The sample hall, with a panel at every window."""
    pack = qinghe()
    panels = tuple(
        Terminal(id=panel_of(one.number), role="window_panel", title=one.title, area=one.area, window=one.number)
        for one in pack.windows
    )
    others = tuple(one for one in pack.terminals if one.role != "window_panel")
    return msgspec.structs.replace(pack, terminals=(*others, *panels))


@cache
def pack_on_screens() -> PackShown:
    return shown(pack_with_panels(), bytes(32))


def panel_of(window: WindowId) -> TerminalId:
    return TerminalId(f"W{int(window):02d}")


def clerk_of(window: WindowId) -> StaffId:
    """One clerk for each window, the same in every test."""
    pack = pack_with_panels()
    taken: set[StaffId] = set()
    for one in pack.windows:
        able = [who.id for who in pack.staff if one.number in who.windows and who.id not in taken]
        if one.number == window:
            return able[0]
        taken.add(able[0])
    raise AssertionError(window)


@dataclass
class Clock:
    """One clock for all: hall time and monotonic seconds move together."""

    at: float = MONDAY_0930
    mono: float = 100.0

    def pass_s(self, seconds: float) -> None:
        self.at += seconds
        self.mono += seconds


@dataclass
class Panel:
    """One window panel. What it publishes stays in `wire` until the test takes it."""

    window: WindowId
    clock: Clock = field(default_factory=Clock)
    mint: Callable[[], str] = field(default_factory=ids)
    journal: Journal = field(default_factory=lambda: Journal.connect(":memory:"))
    wire: list[tuple[str, bytes]] = field(default_factory=list)
    told: list[News] = field(default_factory=list)
    log: Lines = field(default_factory=Lines)
    core: Core = field(init=False)

    def __post_init__(self) -> None:
        self.staff = clerk_of(self.window)
        self.restart()

    def restart(self) -> None:
        """A new process on the same journal; the one before was killed."""
        self.core = Core(
            self.journal,
            terminal=panel_of(self.window),
            role="window_panel",
            software="test",
            lease_budget_s=0.15,
            clock=lambda: self.clock.at,
            mint=self.mint,
            publish=self._publish,
            news=self.told.append,
            log=self.log,
            now=self.clock.mono,
            window=self.window,
        )
        self.core.connected(self.clock.mono)

    def _publish(self, lane: str, payload: bytes, *, lossy: bool = False) -> bool:
        self.wire.append((lane, payload))
        return True

    def hears(self, lane: str, message: msgspec.Struct) -> None:
        speaker = message.terminal if isinstance(message, PeerSaid) else None
        self.core.heard(lane, encode(message), self.clock.mono, speaker)
        self.core.tick(self.clock.mono)

    def beat(self) -> None:
        self.hears("beat", Beat(ledger_epoch=1, at=self.clock.at, board_version=1, pack_version="1"))

    def meets(self, board: Board) -> None:
        """The server is here and has told everything."""
        self.beat()
        self.hears("mark", Mark(ledger_epoch=1, marks={}, chain_head=""))
        self.hears("pack", pack_on_screens())
        self.hears("board", board)

    def tick(self) -> None:
        self.core.tick(self.clock.mono)

    def press(self, command: AnyCommand, request: str = "") -> list[AnyReply]:
        """Ask; the list has the reply as soon as there is one."""
        replies: list[AnyReply] = []
        self.core.ask(RequestId(request or self.mint()), command, 6.0, replies.append, self.clock.mono)
        return replies

    def answer(self, reply: AnyReply) -> None:
        """Answer the question sent last."""
        ask = decode(Ask, self.sent("ask")[-1], "ask")
        self.hears("answer", Answer(request=ask.request, ledger_epoch=1, reply=reply))

    def sent(self, lane: str) -> list[bytes]:
        return [payload for at, payload in self.wire if at == lane]

    def said(self) -> list[PeerSaid]:
        return [decode(PeerSaid, payload, "peers") for payload in self.sent("peers")]

    def journalled(self) -> list[Event]:
        """Everything this panel has ever written to its outbox, in order."""
        rows = self.journal.execute("SELECT body FROM outbox ORDER BY epoch, seq")
        return [msgspec.json.decode(body, type=Envelope).event for (body,) in rows]

    def takes_messages_up(self) -> list[bytes]:
        """Return what is on its way to the ledger, and forget it: a broker keeps nothing."""
        messages = self.sent("up")
        self.wire = [one for one in self.wire if one[0] != "up"]
        return messages

    # ---- what a clerk presses ----------------------------------------------------------------------------------------

    def calls(self) -> AnyReply:
        return self._now(CallNext(window=self.window, staff=self.staff))

    def recalls(self) -> AnyReply:
        return self._now(Recall(window=self.window, staff=self.staff))

    def starts(self) -> AnyReply:
        return self._now(StartService(window=self.window, staff=self.staff))

    def finishes(self) -> AnyReply:
        return self._now(FinishService(window=self.window, staff=self.staff))

    def misses(self) -> AnyReply:
        return self._now(MarkMissed(window=self.window, staff=self.staff))

    def label(self) -> str:
        """Call, and return which label came."""
        called = self.calls()
        assert isinstance(called, Called), called
        return called.label

    def _now(self, command: AnyCommand) -> AnyReply:
        replies = self.press(command)
        assert replies, "a panel on its own answers at once"
        return replies[0]


def events_of(message: bytes) -> list[Event]:
    return [msgspec.json.decode(raw, type=Envelope).event for raw in decode(Up, message, "up").events]
