"""A health room whose clocks stand still until the test moves them."""

import queue
from dataclasses import dataclass, field

import msgspec

from benchmarks.hall_rig import MONDAY
from hall.health.intervals import Standing
from hall.health.states import State
from hall.ids import DeviceId, TerminalId
from hall.pack.hall_pack import HallPack
from hall.wire.health_reports import Alert, Alerts, DeviceReport, HealthReport
from hall_server.health.room import Condition, HealthRoom
from hall_server.ledger.intervals import IntervalStore
from hall_server.ledger.store import Ledger

K1, S1, K2, R14 = (TerminalId(name) for name in ("K1", "S1", "K2", "R14"))


@dataclass
class World:
    """A health room whose clocks stand still until the test moves them."""

    pack: HallPack
    ledger: Ledger
    now: float = MONDAY
    mono: float = 1_000.0
    connected: bool = True
    shut_out: set[TerminalId] = field(default_factory=set)
    heard: list[Alerts] = field(default_factory=list)
    told: "queue.SimpleQueue[Alerts]" = field(default_factory=queue.SimpleQueue)
    expecting: bool = False
    """Whether the pack's list of devices counts; most tests tell of one device only."""

    def __post_init__(self) -> None:
        self.room = self.open()

    def open(self) -> HealthRoom:
        store = IntervalStore(self.ledger)
        self.ledger.begin_start()
        return HealthRoom(
            pack=self.pack if self.expecting else msgspec.structs.replace(self.pack, devices=()),
            store=store,
            tell=self.hear,
            connected=lambda: self.connected,
            shut_out=lambda: self.shut_out,
            now=lambda: self.now,
            monotonic=lambda: self.mono,
            start_number=store.starts(),
        )

    def hear(self, alerts: Alerts) -> None:
        self.heard.append(alerts)
        self.told.put(alerts)

    def report(self, terminal: TerminalId = K1, *devices: DeviceReport, unsent_s: float = 0.0, epoch: int = 7) -> None:
        told = HealthReport(
            at=self.now,
            role="self_service",
            epoch=epoch,
            uptime_s=5.0,
            outbox_depth=0,
            oldest_unacked_s=unsent_s,
            step="Home",
            devices=devices,
        )
        self.room.on_health(terminal, told, self.now)

    def pass_s(self, seconds: int, *, talking: tuple[TerminalId, ...] = ()) -> None:
        """Let time pass in the steps in which the room looks around."""
        for second in range(seconds):
            self.now += 1
            self.mono += 1
            if second % 10 == 9:
                for terminal in talking:
                    self.report(terminal)
            self.room.look()

    def condition(self, terminal: TerminalId = K1) -> Condition:
        return next(one for one in self.room.conditions() if one.terminal.id == terminal)

    def state(self, subject: str) -> Standing:
        for one in self.room.conditions():
            for standing in (one.standing, *(known for _, known in one.devices)):
                if standing.subject == subject:
                    return standing
        raise KeyError(subject)

    def cards(self) -> dict[tuple[str, str], Alert]:
        return {(card.device, card.code): card for card in self.room.cards()}


def printer(state: State = State.UP, code: str = "", name: str = "K1.slip_printer", action: str = "") -> DeviceReport:
    severity = {State.DOWN: "fault", State.DEGRADED: "warn"}.get(state, "")
    return DeviceReport(
        device=DeviceId(name), kind="slip_printer", state=state, code=code, severity=severity, action=action
    )
