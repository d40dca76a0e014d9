from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.hall_rig import MONDAY
from hall.health.states import State
from hall.ids import DeviceId, TerminalId
from hall.pack.hall_pack import HallPack
from hall.wire.health_reports import DeviceReport
from hall_server.ledger.intervals import IntervalStore
from hall_server.ledger.store import Ledger, open_ledger
from tests.hall_server.health_world import K1, R14, World, printer


@pytest.fixture
def world(pack: HallPack, ledger: Ledger) -> World:
    return World(pack, ledger)


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
    assert running.told.get(timeout=60).alerts == ()
    running.report(K1, printer(State.DOWN, "no_paper"))
    (card,) = running.told.get(timeout=60).alerts
    assert card.code == "no_paper"
