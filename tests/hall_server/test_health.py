import itertools
import queue
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.hall_rig import MONDAY
from hall.health import State
from hall.ids import DeviceId, TerminalId
from hall.intervals import Standing
from hall.pack import HallPack
from hall.wire import Alert, Alerts, DeviceReport, HealthReport, Link
from hall_server.health.room import Condition, HealthRoom
from hall_server.ledger.intervals import IntervalStore
from hall_server.ledger.store import Ledger, open_ledger

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

    def __post_init__(self) -> None:
        self.room = self.open()

    def open(self) -> HealthRoom:
        store = IntervalStore(self.ledger)
        self.ledger.begin_start()
        return HealthRoom(
            pack=self.pack,
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


@pytest.fixture
def world(pack: HallPack, ledger: Ledger) -> World:
    return World(pack, ledger)


def printer(state: State = State.UP, code: str = "", name: str = "K1.slip_printer", action: str = "") -> DeviceReport:
    severity = {State.DOWN: "fault", State.DEGRADED: "warn"}.get(state, "")
    return DeviceReport(
        device=DeviceId(name), kind="slip_printer", state=state, code=code, severity=severity, action=action
    )


def test_before_anything_is_heard_everything_is_unobserved_and_nobody_is_blamed(world: World) -> None:
    world.pass_s(200)
    assert {one.standing.state for one in world.room.conditions()} == {State.UNOBSERVED}
    assert world.room.cards() == ()
    assert world.room.uptimes()["K1"].share is None


def test_a_silent_terminal_is_unobserved_then_down_and_comes_back(world: World) -> None:
    world.report()
    world.pass_s(24)
    assert world.state("K1").state is State.UP
    world.pass_s(2)
    assert world.state("K1").state is State.UNOBSERVED
    assert world.state("K1").since == MONDAY
    world.pass_s(35)
    assert (world.state("K1").state, world.state("K1").code) == (State.DOWN, "silent")
    world.report()
    assert world.state("K1").state is State.UP
    assert world.room.cards() == ()
    world.room.look()
    seconds = world.room.uptimes()["K1"].seconds
    assert (seconds[State.DOWN], seconds[State.UNOBSERVED] - 1800) == (1.0, 60.0)


def test_reports_every_ten_seconds_keep_a_terminal_up(world: World) -> None:
    world.report()
    world.pass_s(300, talking=(K1,))
    assert world.state("K1").since == MONDAY
    assert world.state("K1").seen == MONDAY + 300


def test_devices_of_a_silent_terminal_are_unobserved_and_make_no_storm_of_cards(world: World) -> None:
    names = ("slip_printer", "id_reader", "card_reader")
    faulty = tuple(printer(State.DOWN, "disconnected", f"K1.{name}") for name in names)
    world.report(K1, *faulty)
    assert len(world.cards()) == 3
    world.pass_s(30)
    assert {known.state for _, known in world.condition().devices} == {State.UNOBSERVED}
    assert list(world.cards()) == [("K1.terminal", "silent")]
    world.pass_s(60)
    assert list(world.cards()) == [("K1.terminal", "silent")]
    assert world.cards()["K1.terminal", "silent"].severity == "fault"


@pytest.mark.row("FAC-08", part="rule")
def test_a_silent_display_is_told_to_the_guide_desk_with_its_name_and_area(world: World) -> None:
    world.report(S1)
    world.pass_s(5)
    assert not world.heard[-1].alerts
    world.pass_s(21)
    (card,) = world.heard[-1].alerts
    assert (card.terminal, card.code, card.severity) == ("S1", "silent", "warn")
    assert "东区叫号屏" in card.action
    assert "等候休息区 东" in card.action
    assert card.since == MONDAY


def test_when_nobody_is_heard_any_more_it_is_one_card_for_all(world: World) -> None:
    three = (K1, S1, R14)
    for terminal in three:
        world.report(terminal)
    world.pass_s(27)
    assert list(world.cards()) == [("SERVER.hall_server", "all_silent")]
    assert "交换机" in world.cards()["SERVER.hall_server", "all_silent"].action
    assert world.cards()["SERVER.hall_server", "all_silent"].severity == "warn"
    world.pass_s(40)
    assert world.cards()["SERVER.hall_server", "all_silent"].severity == "fault"
    world.report(S1)
    assert set(world.cards()) == {("K1.terminal", "silent"), ("R14.terminal", "silent")}


def test_one_fault_is_one_card_with_what_to_do_and_goes_with_the_fault(world: World) -> None:
    world.report(K1, printer(State.DOWN, "no_paper", action="请装入新的打印纸"))
    world.room.look()
    (card,) = world.heard[-1].alerts
    assert (card.device, card.code, card.severity, card.state) == ("K1.slip_printer", "no_paper", "fault", "down")
    assert card.action == "请装入新的打印纸"
    before = world.heard[-1].version
    world.report(K1, printer())
    world.room.look()
    assert world.heard[-1].alerts == ()
    assert world.heard[-1].version > before


def test_alerts_are_told_on_change_and_on_hello_and_else_only_now_and_then(world: World) -> None:
    world.report()
    world.pass_s(29, talking=(K1,))
    assert len(world.heard) == 1
    world.room.on_link(K1, Link(state="ready", epoch=8), world.now)
    world.room.look()
    assert len(world.heard) == 2
    world.pass_s(31, talking=(K1,))
    assert len(world.heard) == 3


def test_a_last_will_is_a_hint_and_no_evidence(world: World) -> None:
    world.report()
    world.room.on_link(K1, Link(state="lost", epoch=6), world.now)
    assert not world.condition().suspect
    world.room.on_link(K1, Link(state="lost", epoch=7), world.now)
    assert world.condition().suspect
    assert world.state("K1").state is State.UP
    assert world.room.cards() == ()
    world.report()
    assert not world.condition().suspect


def test_while_the_broker_is_away_nobody_is_down(world: World) -> None:
    world.report()
    world.connected = False
    world.pass_s(300)
    assert world.state("K1").state is State.UNOBSERVED
    assert list(world.cards()) == [("SERVER.hall_server", "broker_away")]
    told = len(world.heard)
    world.connected = True
    world.pass_s(20)
    assert world.heard[-1].alerts == ()
    assert world.state("K1").state is State.UNOBSERVED
    assert len(world.heard) > told
    world.report()
    assert world.state("K1").state is State.UP
    assert world.room.cards() == ()


def test_a_server_that_stood_still_blames_nobody_for_its_own_pause(world: World) -> None:
    world.report()
    world.pass_s(3)
    world.now += 600
    world.mono += 600
    world.room.look()
    assert world.state("K1").state is State.UNOBSERVED
    world.report()
    world.room.look()
    seconds = world.room.uptimes()["K1"].seconds
    assert seconds[State.DOWN] == 0
    assert seconds[State.UNOBSERVED] == 1800 + 603


@pytest.mark.parametrize("step_s", [-3600.0, 3600.0])
def test_a_clock_that_is_set_raises_no_alarm_and_leaves_no_gap(world: World, step_s: float) -> None:
    world.report()
    world.pass_s(20, talking=(K1,))
    world.now += step_s
    world.pass_s(20, talking=(K1,))
    assert world.state("K1").state is State.UP
    assert world.room.cards() == ()
    world.report(K1, printer(State.DOWN, "no_paper"))
    world.pass_s(40)
    told = world.room.uptimes()["K1"]
    edges = [(one.began, one.ended) for one in told.tiles]
    assert all(first[1] == second[0] for first, second in itertools.pairwise(edges))


@pytest.mark.row("FAC-07", part="rule")
def test_uptime_survives_a_restart_and_the_pause_between_is_unobserved(world: World) -> None:
    world.report(K1, printer())
    world.pass_s(600, talking=(K1,))
    world.report(K1, printer(State.DOWN, "no_paper"))
    world.pass_s(5)
    before = world.room.uptimes()["K1.slip_printer"].seconds[State.UP]
    assert before > 0
    world.now += 1200
    world.mono = 3.0
    world.room = world.open()
    assert world.state("K1").state is State.UNOBSERVED
    told = world.room.uptimes()
    assert told["K1.slip_printer"].seconds[State.UP] == before
    assert 590 <= told["K1"].seconds[State.UP] <= 606
    assert 1200 + 1800 <= told["K1"].seconds[State.UNOBSERVED] <= 1200 + 1800 + 15
    assert told["K1"].share == 1.0
    world.report(K1, printer())
    world.room.look()
    assert world.room.uptimes()["K1"].seconds[State.UNOBSERVED] >= 1200


def test_a_terminal_that_was_there_before_the_restart_and_stays_silent_gets_a_card(world: World) -> None:
    world.report()
    world.pass_s(12, talking=(K1,))
    world.room.stop()
    world.now += 60
    world.room = world.open()
    world.pass_s(12)
    world.room.stop()
    world.room = world.open()
    world.pass_s(24)
    assert world.room.cards() == ()
    world.pass_s(2)
    assert list(world.cards()) == [("K1.terminal", "silent")]
    assert world.cards()["K1.terminal", "silent"].severity == "warn"


def test_alert_versions_grow_over_restarts(world: World) -> None:
    world.pass_s(3)
    world.room = world.open()
    world.pass_s(3)
    versions = [one.version for one in world.heard]
    assert versions == sorted(set(versions))
    assert len(versions) == 2


def test_events_that_wait_too_long_for_the_ledger_make_a_terminal_degraded(world: World) -> None:
    world.report(unsent_s=61)
    assert (world.state("K1").state, world.state("K1").code) == (State.DEGRADED, "unsent")
    assert "不会丢失" in world.cards()["K1.terminal", "unsent"].action


def test_a_device_that_is_no_longer_reported_is_unobserved_and_no_fault(world: World) -> None:
    world.report(K1, printer(State.DOWN, "no_paper"))
    world.report(K1)
    assert world.state("K1.slip_printer").state is State.UNOBSERVED
    assert world.room.cards() == ()


def test_a_terminal_speaks_for_its_own_devices_only_and_cannot_fill_our_memory(world: World) -> None:
    strangers = [printer(State.DOWN, "no_paper", name) for name in ("D1.slip_printer", "slip_printer", "K12.x")]
    many = [printer(name=f"K1.{number}") for number in range(500)]
    long = DeviceReport(
        device=DeviceId("K1.a"),
        kind="x" * 9_000,
        state="strange",
        code="c" * 9_000,
        readings={"n" * 9_000: "v" * 9_000},
    )
    world.report(K1, *strangers, long, *many)
    devices = world.condition().devices
    assert len(devices) == 29
    assert all(known.subject.startswith("K1.") for _, known in devices)
    told = next(report for report, known in devices if known.subject == "K1.a")
    assert told is not None
    assert world.state("K1.a").state is State.UNOBSERVED
    assert max(len(told.kind), len(told.code), *(len(text) for pair in told.readings.items() for text in pair)) == 200
    for number in range(10):
        world.report(K1, *(printer(name=f"K1.{number}-{other}") for other in range(30)))
    assert len(world.condition().devices) == 63
    world.report(TerminalId("K99"))
    assert {one.terminal.id for one in world.room.conditions()} == {one.id for one in world.pack.terminals}


def test_two_devices_with_one_identity_are_a_card_until_they_are_released(world: World) -> None:
    world.shut_out = {R14}
    world.room.on_alarm(R14, "identity_clash", world.now)
    world.room.on_alarm(R14, "identity_clash", world.now + 9)
    world.pass_s(25)
    assert world.cards()["R14.terminal", "identity_clash"].since == MONDAY
    world.shut_out = set()
    world.pass_s(11)
    assert world.room.cards() == ()
    assert world.room.alarm_counts == {"identity_clash": 2}


def test_a_failed_commit_is_a_card_until_the_database_can_be_written_again(world: World) -> None:
    world.room.look()
    world.room.on_alarm(TerminalId("SERVER"), "commit_failed", world.now)
    assert ("SERVER.hall_server", "commit_failed") in world.cards()
    world.pass_s(11)
    assert world.room.cards() == ()


def test_rubbish_is_counted_and_troubles_no_guide(world: World) -> None:
    world.room.on_alarm(R14, "rubbish", world.now)
    assert world.room.cards() == ()
    assert world.room.alarm_counts["rubbish"] == 1


def test_intervals_that_cannot_be_written_wait_and_are_written_once(pack: HallPack, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "l.sqlite")
    world = World(pack, ledger)
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE health_intervals RENAME TO away")
    world.report()
    world.pass_s(30)
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO health_intervals")
    world.pass_s(15)
    kept = [one for one in IntervalStore(ledger).since(0) if one.subject == "K1"]
    assert [(one.state, one.began, one.ended) for one in kept] == [(State.UNOBSERVED, MONDAY, MONDAY)] or kept == []
    world.report()
    world.room.look()
    kept = [one for one in IntervalStore(ledger).since(0) if one.subject == "K1"]
    assert [(one.state, one.began, one.ended) for one in kept] == [(State.UNOBSERVED, MONDAY, MONDAY + 45)]
    ledger.close()


def test_intervals_older_than_a_year_of_reports_are_let_go(world: World) -> None:
    world.report()
    world.pass_s(30)
    world.report()
    world.room.look()
    store = IntervalStore(world.ledger)
    assert store.since(0) != []
    store.forget_before(MONDAY + 399 * 86_400)
    assert store.since(0) != []
    store.forget_before(MONDAY + 402 * 86_400)
    assert store.since(0) == []


@pytest.fixture
def running(world: World) -> Iterator[World]:
    world.room.start()
    yield world
    world.room.stop()


def test_the_rooms_own_thread_tells_a_fault_at_once(running: World) -> None:
    assert running.told.get(timeout=5).alerts == ()
    running.report(K1, printer(State.DOWN, "no_paper"))
    (card,) = running.told.get(timeout=5).alerts
    assert card.code == "no_paper"
