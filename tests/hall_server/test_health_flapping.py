import pytest

from hall.health.states import State
from hall.pack.hall_pack import HallPack
from hall_server.ledger.store import Ledger
from tests.hall_server.health_world import K1, World, printer


@pytest.fixture
def world(pack: HallPack, ledger: Ledger) -> World:
    return World(pack, ledger)


def wobble(world: World, times: int) -> None:
    for _ in range(times):
        for state, code in ((State.DOWN, "disconnected"), (State.UP, "")):
            world.report(K1, printer(state, code, action="请检查接线"))
            world.pass_s(2)


def test_a_printer_whose_plug_wobbles_is_one_card_that_stays_the_same(world: World) -> None:
    world.report(K1, printer())
    wobble(world, 3)
    told = len(world.heard)
    (card,) = world.cards().values()
    assert (card.code, card.severity, card.state) == ("flapping", "warn", "degraded")
    assert "时好时坏" in card.action
    wobble(world, 5)
    assert list(world.cards().values()) == [card]
    assert len(world.heard) - told <= 1, "nothing but the half-minute's reminder"


def test_its_time_is_one_interval_and_it_is_itself_again_when_it_holds(world: World) -> None:
    wobble(world, 12)
    closed = [one for one in world.room.uptimes()["K1.slip_printer"].tiles if one.code == "flapping"]
    assert len(closed) == 1
    for _ in range(20):
        world.report(K1, printer())
        world.pass_s(10)
    assert world.cards() == {}
    ((_, standing),) = world.condition().devices
    assert (standing.state, standing.code) == (State.UP, "")
