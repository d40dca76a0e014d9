import itertools

import pytest

from benchmarks.hall_rig import MONDAY
from hall.health.states import State
from hall.pack.hall_pack import HallPack
from hall.wire.lanes import Link
from hall_server.ledger.store import Ledger
from tests.hall_server.health_world import K1, R14, S1, World, printer


@pytest.fixture
def world(pack: HallPack, ledger: Ledger) -> World:
    return World(pack, ledger)


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
    assert "东侧等候休息区" in card.action
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
