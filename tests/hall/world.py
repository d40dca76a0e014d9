"""A hall that remembers: it decides, applies, and keeps the log, so that a test can play a day and look back."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from hall.calendar.working_days import LOCAL
from hall.commands import (
    CallNext,
    FinishService,
    Leased,
    LeaseLabel,
    MarkMissed,
    Recall,
    Refused,
    SignIn,
    StartService,
)
from hall.day.decisions import SERVER_ASKS, Asker, Decidable, Decision, Flag, HallState, OpenDay, apply, decide, examine
from hall.events import Event, ServiceRated, TicketIssued
from hall.ids import (
    SERVER,
    BusinessDay,
    ItemCode,
    Series,
    ServiceId,
    StaffId,
    TerminalId,
    TicketId,
    WindowId,
)
from hall.pack.hall_pack import HallPack, parse
from hall.queue.numbering import label

PACK_DIR = Path(__file__).parents[2] / "deploy/packs/qinghe"
MONDAY = BusinessDay("2026-11-23")
TUESDAY = BusinessDay("2026-11-24")
PENSION, CARD, ENQUIRY = ItemCode("SI-301"), ItemCode("SI-701"), ItemCode("SI-801")

PANELS = {"7": ("W07", "0303"), "14": ("W14", "0310")}


def clock(text: str, day: str = MONDAY) -> float:
    """Hall time of a local time of day, `09:30` or `09:30:05`."""
    return datetime.fromisoformat(f"{day}T{text}").replace(tzinfo=LOCAL).timestamp()


def pack_files() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(PACK_DIR.glob("*.toml"))}


@cache
def qinghe() -> HallPack:
    return parse(pack_files())


@dataclass
class World:
    state: HallState = field(default_factory=lambda: HallState(qinghe()))
    log: list[tuple[Event, TerminalId, float]] = field(default_factory=list)
    now: float = clock("09:30")

    def happen(self, event: Event, device: str = SERVER) -> tuple[Flag, ...]:
        flags = examine(self.state, event, TerminalId(device))
        self.log.append((event, TerminalId(device), self.now))
        apply(self.state, event, TerminalId(device), self.now)
        return flags

    def ask(self, command: Decidable, terminal: str = SERVER, role: str = "") -> Decision:
        known = self.state.known.terminals.get(TerminalId(terminal))
        by = Asker(TerminalId(terminal), role or (known.role if known else "server"))
        decision = decide(self.state, command, SERVER_ASKS if terminal == SERVER else by, self.now)
        for event in decision.events:
            self.happen(event)
        return decision

    def open(self, day: BusinessDay = MONDAY) -> "World":
        self.ask(OpenDay(day))
        return self

    def lease(self, ticket: str, item: ItemCode = PENSION, terminal: str = "K1", *, grant: bool = False) -> Decision:
        command = LeaseLabel(ticket=TicketId(ticket), item=item, sealed_grant=b"sealed" if grant else None)
        return self.ask(command, terminal)

    def take(self, ticket: str, item: ItemCode = PENSION, terminal: str = "K1", *, grant: bool = False) -> TicketIssued:
        """Lease and issue, as a terminal does."""
        reply = self.lease(ticket, item, terminal, grant=grant).reply
        assert isinstance(reply, Leased), reply
        event = TicketIssued(
            ticket=reply.ticket,
            day=reply.day,
            series=reply.series,
            number=reply.number,
            label=reply.label,
            item=item,
            priority=grant,
            issued_at=self.now,
            quote=reply.quote,
        )
        assert self.happen(event, terminal) == ()
        return event

    def sign_in_all(self) -> "World":
        for window, (terminal, staff) in PANELS.items():
            decision = self.ask(SignIn(staff=StaffId(staff), sealed_pin=b"", window=WindowId(window)), terminal)
            assert not isinstance(decision.reply, Refused)
        decision = self.ask(SignIn(staff=StaffId("0101"), sealed_pin=b""), "D1")
        assert not isinstance(decision.reply, Refused)
        return self

    def at(
        self, kind: type[CallNext | Recall | MarkMissed | StartService | FinishService], window: str = "14"
    ) -> Decision:
        terminal, staff = PANELS[window]
        return self.ask(kind(window=WindowId(window), staff=StaffId(staff)), terminal)

    def serve(self, window: str = "14") -> ServiceId:
        """Call, start and finish one ticket."""
        self.at(CallNext, window)
        self.at(StartService, window)
        self.at(FinishService, window)
        finished = self.state.windows[WindowId(window)].finished
        assert finished is not None
        return finished

    def rate(self, service: str, grade: int | None = 5, device: str = "R14") -> tuple[Flag, ...]:
        return self.happen(ServiceRated(service=ServiceId(service), grade=grade, rated_at=self.now), device)


def offline_ticket(
    ticket: str, series: str, number: int, at: float, suffix: str = "", *, day: BusinessDay = MONDAY
) -> TicketIssued:
    return TicketIssued(
        ticket=TicketId(ticket),
        day=day,
        series=Series(series),
        number=number,
        suffix=suffix,
        label=label(Series(series), number, suffix),
        item=PENSION,
        issued_at=at,
        reserve=True,
    )
