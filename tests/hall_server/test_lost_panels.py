"""Which panels are lost, by what this server itself has heard: silence on a broker that was there, never a will."""

from hall.ids import TerminalId
from hall.pack.hall_pack import HallPack
from hall.wire.lanes import Link
from hall_server.assembly import lost_panels
from hall_server.ledger.store import Ledger
from tests.hall_server.health_world import K1, World

W14, W07 = TerminalId("W14"), TerminalId("W07")


def _after(world: World, seconds: int, *heard: TerminalId) -> frozenset[TerminalId]:
    """Return who is lost after so many seconds in which only these reported."""
    for _ in range(seconds):
        world.now, world.mono = world.now + 1, world.mono + 1
        for terminal in heard:
            world.report(terminal)
        world.room.look()
    return lost_panels(world.room)


def test_a_panel_is_lost_after_a_minute_of_silence_and_found_with_its_next_report(
    pack: HallPack, ledger: Ledger
) -> None:
    world = World(pack, ledger)
    for terminal in (W14, W07, K1):
        world.report(terminal)
    assert _after(world, 59, W07) == frozenset()
    assert _after(world, 3, W07) == {W14}, "a kiosk holds no call"
    world.report(W14)
    assert _after(world, 1) == frozenset()


def test_a_last_will_or_a_panel_never_heard_loses_nobody(pack: HallPack, ledger: Ledger) -> None:
    world = World(pack, ledger)
    world.report(W14)
    world.room.on_link(W14, Link(state="lost", epoch=7), world.now)
    assert _after(world, 30) == frozenset()


def test_while_this_server_is_cut_off_itself_nobody_is_lost(pack: HallPack, ledger: Ledger) -> None:
    world = World(pack, ledger)
    world.report(W14)
    world.connected = False
    assert _after(world, 120) == frozenset()
    world.connected = True
    assert _after(world, 30) == frozenset(), "everybody has the full time to be heard again"
