"""Late evidence and missing devices: what nobody heard becomes what it was, what nobody reports is absent."""

import pytest
from sqlalchemy import text

from hall.health.evidence import Kept
from hall.health.states import State
from hall.ids import DeviceId, TerminalId
from hall.pack.hall_pack import HallPack
from hall.wire.health_reports import DeviceReport
from hall_server.ledger.intervals import IntervalStore
from hall_server.ledger.store import Ledger
from tests.hall_server.health_world import K1, K2, World, printer


@pytest.fixture
def world(pack: HallPack, ledger: Ledger) -> World:
    return World(pack, ledger)


def kept(began: int, ended: int, boot: str = "7", state: State = State.UP) -> list[Kept]:
    """Heartbeats of a terminal whose reports all say an uptime of 5 s when its last boot is placed."""
    return [Kept(boot=boot, mono_s=float(second), state=state) for second in range(began, ended + 1, 10)]


def rows(ledger: Ledger) -> list[tuple[object, ...]]:
    with ledger.engine.begin() as connection:
        found = connection.execute(text("SELECT id, subject, state, began, ended, revision FROM health_intervals"))
        return [tuple(row) for row in found]


def silent_for_ten_minutes(world: World) -> float:
    """K1 is heard, then not for 600 s, then heard again; return when the silence began."""
    world.report()
    world.room.look(keep=True)
    began = world.now
    world.pass_s(600)
    world.report()
    world.room.look(keep=True)
    return began


@pytest.mark.row("FAC-07", part="rule")
def test_late_heartbeats_turn_silence_into_what_it_was_by_new_rows_only(world: World, ledger: Ledger) -> None:
    silent_for_ten_minutes(world)
    before = rows(ledger)
    lost_s = world.room.uptimes()["K1"].seconds[State.DOWN]
    assert lost_s > 500
    assert world.room.on_kept(K1, None, kept(-500, -100)) > 0
    world.room.look(keep=True)
    after = rows(ledger)
    assert after[: len(before)] == before
    assert {row[-1] for row in after[len(before) :]} == {1}
    told = world.room.uptimes()["K1"].seconds
    assert told[State.DOWN] == pytest.approx(lost_s - 400, abs=1)
    assert told[State.UP] == pytest.approx(400, abs=6)


def test_the_same_evidence_again_adds_nothing_also_after_a_restart(world: World, ledger: Ledger) -> None:
    silent_for_ten_minutes(world)
    assert world.room.on_kept(K1, None, kept(-500, -100)) > 0
    assert world.room.on_kept(K1, None, kept(-500, -100)) == 0
    up_s = world.room.uptimes()["K1"].seconds[State.UP]
    world.room.stop()
    stored = rows(ledger)
    world.room = world.open()
    assert world.room.uptimes()["K1"].seconds[State.UP] == pytest.approx(up_s, abs=1)
    world.report()
    assert world.room.on_kept(K1, None, kept(-500, -100)) == 0
    assert [row for row in rows(ledger) if row[-1]] == [row for row in stored if row[-1]]


def test_evidence_of_a_device_fills_its_own_time_and_overrules_no_observation(world: World) -> None:
    device = DeviceId("K1.slip_printer")
    world.report(K1, printer(State.DOWN, "no_paper"))
    world.pass_s(300)
    world.report(K1, printer(State.DOWN, "no_paper"))
    world.pass_s(1)
    observed = world.room.uptimes()[device].seconds[State.DOWN]
    assert world.room.on_kept(K1, device, kept(-290, 0)) > 0
    told = world.room.uptimes()[device].seconds
    assert told[State.UP] > 200
    assert told[State.DOWN] == observed


@pytest.mark.parametrize(
    ("terminal", "device", "boot"),
    [("K1", None, "6"), ("K1", "K2.slip_printer", "7"), ("Z9", None, "7"), ("K1", "K1.unheard", "none")],
)
def test_evidence_that_cannot_be_placed_proves_nothing(
    world: World, terminal: str, device: str | None, boot: str
) -> None:
    silent_for_ten_minutes(world)
    told = DeviceId(device) if device else None
    assert world.room.on_kept(TerminalId(terminal), told, kept(-500, -100, boot)) == 0
    assert world.room.on_kept(TerminalId(terminal), told, []) == 0


def test_intervals_of_an_older_ledger_are_of_revision_zero(ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO health_intervals (subject, state, code, began, ended) VALUES ('K1', 'up', '', 1, 2)"
        )
    (one,) = IntervalStore(ledger).since(0)
    assert one.revision == 0


OTHERS = ("id_reader", "card_reader", "scanner", "machine")
"""What the sample hall's K1 must have beside its slip printer; K2 has no scanner and no probe of itself."""


def test_a_device_of_the_pack_that_its_terminal_does_not_report_is_absent(pack: HallPack, ledger: Ledger) -> None:
    world = World(pack, ledger, expecting=True)
    assert world.room.cards() == ()
    world.report(K1, printer())
    assert world.state("K1.slip_printer").state is State.UP
    absent = {subject for subject, code in world.cards() if code == "absent"}
    assert absent == {f"K1.{kind}" for kind in OTHERS}
    card = world.cards()["K1.id_reader", "absent"]
    assert (card.severity, card.state) == ("fault", "down")
    assert "1号自助机" in card.action
    assert not any(subject.startswith("K2") for subject, _ in world.cards())
    everything = [DeviceReport(device=DeviceId(f"K1.{kind}"), kind=kind, state="up") for kind in OTHERS]
    world.report(K1, printer(), *everything)
    assert world.room.cards() == ()
    world.report(K1, *everything)
    assert list(world.cards()) == [("K1.slip_printer", "absent")]


def test_what_a_silent_terminal_should_have_is_unobserved_and_one_card(pack: HallPack, ledger: Ledger) -> None:
    world = World(pack, ledger, expecting=True)
    world.report(K1)
    world.report(K2)
    assert len(world.cards()) == 8
    world.pass_s(90, talking=(K2,))
    assert {device for device, _ in world.cards() if device.startswith("K1")} == {"K1.terminal"}
    assert world.state("K1.id_reader").state is State.UNOBSERVED
