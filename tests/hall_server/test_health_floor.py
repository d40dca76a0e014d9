"""What the desk's devices page hears: every terminal and device, at once when it is a card, else soon."""

import pytest

from hall.health.states import State
from hall.ids import DeviceId, TerminalId
from hall.pack.hall_pack import HallPack
from hall.speech.courtesy import lint
from hall.wire.codec import MAX_MESSAGE_BYTES, encode
from hall.wire.devices_shown import MAX_TERMINALS_SHOWN, DeviceNow, TerminalNow
from hall.wire.health_reports import Alerts, DeviceReport
from hall_server.health.advice import ADVICE
from hall_server.ledger.store import Ledger
from tests.hall_server.health_world import K1, World, printer


@pytest.fixture
def world(pack: HallPack, ledger: Ledger) -> World:
    return World(pack, ledger, expecting=True)


PAPER_LOW = "打印纸即将用完，请准备新的打印纸"


def told(world: World, terminal: str = "K1") -> TerminalNow:
    return next(one for one in world.heard[-1].terminals if one.terminal == terminal)


def test_every_terminal_of_the_pack_is_told_also_those_never_heard(world: World) -> None:
    world.room.look()
    assert [one.terminal for one in world.heard[-1].terminals] == [one.id for one in world.pack.terminals]
    assert told(world).state == State.UNOBSERVED
    assert {device.state for device in told(world).devices} == {State.UNOBSERVED.value}
    assert {device.kind for device in told(world).devices} == {
        one.kind for one in world.pack.devices if one.terminal == K1
    }


def test_devices_are_told_with_state_code_and_what_to_do_and_an_expected_one_as_absent(world: World) -> None:
    report = printer(State.DEGRADED, "paper_low", action=PAPER_LOW)
    reader = DeviceReport(device=DeviceId("K1.id_reader"), kind="id_reader", state=State.UP)
    world.report(K1, report, reader)
    world.room.look()
    devices = {one.kind: one for one in told(world).devices}
    assert devices["slip_printer"] == DeviceNow("slip_printer", "degraded", "paper_low", "warn", PAPER_LOW)
    assert devices["id_reader"] == DeviceNow("id_reader", "up")
    assert (devices["card_reader"].state, devices["card_reader"].code) == ("down", "absent")
    assert "请" in devices["card_reader"].action


def test_a_device_that_works_again_is_told_within_seconds_although_no_card_changes(world: World) -> None:
    readers = [DeviceReport(device=DeviceId(f"K1.{kind}"), kind=kind, state=State.UP) for kind in
               ("id_reader", "card_reader")]  # fmt: skip
    world.report(K1, printer(State.UNOBSERVED), *readers)
    world.room.look()
    before = len(world.heard)
    world.report(K1, printer(), *readers)
    world.pass_s(3)
    assert len(world.heard) == before + 1
    assert DeviceNow("slip_printer", "up") in told(world).devices


def test_a_silent_terminal_tells_of_its_devices_only_that_nothing_is_known(world: World) -> None:
    world.report(K1, printer())
    world.pass_s(70)
    assert (told(world).state, told(world).code) == ("down", "silent")
    assert {device.state for device in told(world).devices} == {"unobserved"}


def test_the_largest_hall_fits_into_one_message() -> None:
    action = "设" * 40
    devices = tuple(DeviceNow(f"kind_of_device_{n}", "degraded", "paper_low", "warn", action) for n in range(3))
    fine = tuple(DeviceNow(f"kind_of_device_{n}", "up") for n in range(7))
    every = tuple(
        TerminalNow(terminal=TerminalId(f"K{number}"), state="up", devices=devices + fine)
        for number in range(MAX_TERMINALS_SHOWN)
    )
    assert len(encode(Alerts(version=1, at=0.0, alerts=(), terminals=every))) < MAX_MESSAGE_BYTES


def test_all_advice_of_the_hall_server_is_courteous() -> None:
    for sentence in ADVICE.values():
        assert lint(sentence) == ()
