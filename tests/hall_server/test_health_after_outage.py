"""A broker is killed: what a real terminal kept meanwhile corrects the report afterwards, over a real broker."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uuid6

from hall.health.states import HEARTBEAT_S, State
from hall.ids import DeviceId
from hall.pack.hall_pack import HallPack
from hall.wire.codec import decode, encode
from hall.wire.health_reports import DeviceReport, HealthReport
from hall_server.ledger.store import Ledger
from kiosk.sync.health_kept import HealthKept
from kiosk.sync.terminal import Terminal
from kiosk.sync.way_out import Publish
from tests.hall_server.health_world import K1, World
from tests.sync.hall import FakeServer, Mosquitto, broker, until
from tests.sync.samples import MONDAY_0930, Lines, settings

PRINTER = DeviceId("K1.slip_printer")
OUTAGE_REPORTS = 60
DOWN_REPORTS = range(20, 30)


@dataclass
class Listening(FakeServer):
    """A server whose health room is the real one."""

    reports: list[HealthReport] = field(default_factory=list)

    def _take(self, lane: str, payload: bytes) -> None:
        if lane == "health":
            self.reports.append(decode(HealthReport, payload, lane))
        super()._take(lane, payload)


class Forgetful(HealthKept):
    """The terminal of yesterday: what nobody hears is lost."""

    def send(self, report: HealthReport, publish: Publish, *, away: bool) -> None:
        super().send(report, lambda _lane, _payload, *, lossy=False: False, away=False)
        publish("health", encode(report), lossy=True)


class Outage:
    """One terminal and one room: the wire and the threads are real, the hours are moved."""

    def __init__(self, folder: Path, mosquitto: Mosquitto, world: World) -> None:
        self.world, self.mosquitto = world, mosquitto
        self.later_s = 0.0
        self.uptime_s = 0.0
        self.server = Listening(mosquitto.port)
        self.terminal = Terminal(
            settings(folder, mosquitto.port),
            clock=lambda: MONDAY_0930,
            monotonic=lambda: time.monotonic() + self.later_s,
            mint=lambda: uuid6.uuid7().hex,
            jitter=min,
            news=lambda _news: None,
            log=Lines(),
        )

    def report(self, state: str = "up", code: str = "") -> None:
        self.uptime_s += HEARTBEAT_S
        printer = DeviceReport(device=PRINTER, kind="slip_printer", state=state, code=code)
        self.terminal.publish_health(
            HealthReport(
                at=self.world.now,
                role="self_service",
                epoch=self.terminal.epoch,
                uptime_s=self.uptime_s,
                outbox_depth=0,
                oldest_unacked_s=0.0,
                step="Home",
                devices=(printer,),
            )
        )
        for _ in range(int(HEARTBEAT_S)):
            self.world.now += 1
            self.world.mono += 1
            self.world.room.look()

    def heard(self) -> None:
        """Report, and let the room have what arrived."""
        before = len(self.server.reports)
        self.report()
        until(lambda: len(self.server.reports) > before, "a report")
        self.world.room.on_health(K1, self.server.reports[-1], self.world.now)
        self.world.room.look()

    def play(self) -> None:
        """Heard, cut off for ten minutes in which paper ran out once, heard again."""
        until(lambda: not self.terminal.server_away, "the server")
        for _ in range(3):
            self.heard()
        self.mosquitto.kill()
        self.later_s += 6.0
        until(lambda: self.terminal.server_away, "the outage seen")
        self.world.connected = False
        for number in range(OUTAGE_REPORTS):
            down = number in DOWN_REPORTS
            self.report("down" if down else "up", "no_paper" if down else "")
        self.mosquitto.start()
        until(lambda: not self.terminal.server_away, "the server back")
        self.world.connected = True
        self.heard()

    def seconds(self, subject: str, state: State) -> float:
        return self.world.room.uptimes()[subject].seconds.get(state, 0.0)

    def check(self) -> None:
        """The report of the day holds what happened, not that nobody looked."""
        opened = self.seconds("K1", State.UNOBSERVED) - self.before
        assert opened < 40, f"{opened} s unobserved"
        assert self.seconds("K1", State.UP) > 9 * 60
        assert abs(self.seconds(PRINTER, State.DOWN) - len(DOWN_REPORTS) * HEARTBEAT_S) <= 2 * HEARTBEAT_S

    before = 0.0


@pytest.fixture
def make(tmp_path: Path, pack: HallPack, ledger: Ledger) -> Iterator[Callable[[], Outage]]:
    with broker(tmp_path / "broker") as mosquitto:
        made: list[Outage] = []

        def build() -> Outage:
            outage = Outage(tmp_path, mosquitto, World(pack, ledger))
            outage.before = outage.seconds("K1", State.UNOBSERVED)
            made.append(outage)
            outage.server.start()
            return outage

        yield build
        for outage in made:
            outage.terminal.stop()
            outage.server.stop()


@pytest.mark.row("FAC-07", part="rule")
def test_ten_minutes_without_a_broker_become_what_they_were(make: Callable[[], Outage]) -> None:
    outage = make()
    outage.terminal.start()
    outage.play()
    outage.check()


def test_a_terminal_that_keeps_nothing_is_caught(make: Callable[[], Outage]) -> None:
    outage = make()
    outage.terminal._core._health_kept = Forgetful(outage.terminal._core._journal, K1)
    outage.terminal.start()
    outage.play()
    with pytest.raises(AssertionError, match="s unobserved"):
        outage.check()
