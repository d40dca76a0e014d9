"""A writer on a clock that anybody may set, with the administrator's box."""

from collections.abc import Callable
from typing import TypeAlias

from benchmarks.hall_rig import MONDAY, PACK
from hall.commands import AnyReply, Leased, LeaseLabel
from hall.events import TicketIssued
from hall.ids import BusinessDay, EventId, ItemCode, TicketId
from hall_server.assembly import read_pack
from hall_server.ledger.store import Ledger
from hall_server.writer.confirming import Outcome, Spoken, WordBox
from hall_server.writer.standing import Rules
from tests.hall_server.conftest import Desk, HandWriter, Listening

Make: TypeAlias = Callable[..., HandWriter]
CARD = ItemCode("SI-701")
DAY_S = 86_400.0
YEARS_S = 1_600 * DAY_S
QINGHE = read_pack(PACK)


class Hall:
    """A writer on a clock that anybody may set, with the administrator's box; `again` is a restart."""

    def __init__(self, ledger: Ledger, box: WordBox, rules: Rules | None = None) -> None:
        self.ledger, self.box, self.rules = ledger, box, rules
        self.now, self.asked, self.lives = MONDAY, 0, 0
        self.kiosk = Desk("K1")
        self.heard = Listening()
        self.opened: list[BusinessDay] = []
        self.again()

    def again(self) -> None:
        self.lives += 1
        ids = iter(range(1_000_000))
        life = self.lives
        self.writer = HandWriter(
            ledger=self.ledger,
            pack=QINGHE,
            outlet=self.heard,
            now=lambda: self.now,
            mint=lambda: EventId(f"server-{life}-{next(ids)}"),
            rules=self.rules,
            commit_pause_s=0.0,
        )
        self.writer.watch(frozenset, self._opened, self.box)
        self.writer.open()

    def _opened(self, day: BusinessDay) -> None:
        self.opened.append(day)

    def set_clock(self, now: float) -> None:
        self.now = now
        self.writer.turn()

    @property
    def day(self) -> BusinessDay | None:
        return self.writer._stand().state.day

    def lease(self) -> AnyReply:
        self.asked += 1
        self.writer.turn(self.kiosk.ask(LeaseLabel(ticket=TicketId(f"t{self.asked}"), item=CARD), f"r{self.asked}"))
        return self.kiosk.replies[-1]

    def take(self) -> AnyReply:
        reply = self.lease()
        if isinstance(reply, Leased):
            self.writer.turn(self.kiosk.up(self.kiosk.parcel(issued(reply, self.now))))
        return reply

    def confirm(self, day: str, reason: str = "换过主板电池") -> Outcome:
        self.asked += 1
        spoken = Spoken(id=f"w{self.asked}", day=day, by="周主任", reason=reason)
        ticks = iter(range(10_000))

        def pause(_seconds: float) -> None:
            self.writer.turn()

        told = self.box.say(spoken, lambda: float(next(ticks)) / 10, pause)
        assert told is not None
        return told

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.ledger.entries()]


def issued(reply: Leased, at: float) -> TicketIssued:
    return TicketIssued(
        ticket=reply.ticket,
        day=reply.day,
        series=reply.series,
        number=reply.number,
        label=reply.label,
        item=CARD,
        issued_at=at,
    )
