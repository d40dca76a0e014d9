"""What a terminal refuses to start with, and a terminal without a screen that starts, answers and stops."""

import json
import os
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from hall.errors import HallError
from hall.ids import TerminalId
from kiosk.__main__ import tell_where
from kiosk.assembly import Program
from kiosk.bare_loop import BareLoop
from kiosk.debug_socket import DebugSocket, NoScreen
from kiosk.devices.loading import refuse_simulators
from kiosk.flows.steps import Home
from kiosk.flows.words import HallKnown
from kiosk.ports import DeviceError
from kiosk.roles import ROLES
from kiosk.session import Frame, Session
from kiosk.settings import DeviceSettings, Settings, load

PRINTER = {"driver": "escpos", "options": {"transport": "tcp", "host": "127.0.0.1", "port": 9}}


def told(tmp_path: Path, **changes: Any) -> Settings:
    password = tmp_path / "password"
    password.write_text("secret")
    base: dict[str, Any] = {
        "environment": "test",
        "hall": "qinghe",
        "terminal": "D1",
        "role": "guide_desk",
        "brokers": [{"port": 9}],
        "password_file": password,
        "state_dir": tmp_path / "state",
        "devices": {"slip_printer": PRINTER},
        "screen": False,
    }
    return Settings.model_validate({**base, **changes})


@pytest.mark.row("RGT-03", part="rule")
def test_a_surprise_is_told_by_kind_and_place_never_in_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    people: dict[str, str] = {}
    try:
        people["000000198907220025"]
    except KeyError as error:
        tell_where(type(error), error, error.__traceback__)
    told = capsys.readouterr().err
    assert "ended by KeyError: test_assembly.py:" in told
    assert "000000198907220025" not in told


def test_an_unknown_role_is_refused_with_the_roles_there_are(tmp_path: Path) -> None:
    with pytest.raises(HallError, match=r"concierge.*guide_desk"):
        Program(told(tmp_path, role="concierge"))


def test_a_missing_device_is_named(tmp_path: Path) -> None:
    with pytest.raises(HallError, match=r"guide_desk needs slip_printer"):
        Program(told(tmp_path, devices={}))


def test_a_misspelt_device_option_is_refused_at_start(tmp_path: Path) -> None:
    printer = {"driver": "escpos", "options": {"papper": 1}}
    with pytest.raises(DeviceError, match="papper"):
        Program(told(tmp_path, devices={"slip_printer": printer}))


def test_production_refuses_simulators_and_shortcuts(tmp_path: Path) -> None:
    with pytest.raises(HallError, match="simulator"):
        Program(told(tmp_path, environment="production"))
    for shortcut in ({"debug_socket": tmp_path / "debug"}, {"clock_offset_s": 5.0}):
        with pytest.raises(ValueError, match="refused in production"):
            told(tmp_path, environment="production", devices={}, **shortcut)


SERIAL_PRINTER = {"transport": "serial", "path": "/dev/ttyS1"}


@pytest.mark.parametrize(
    ("kind", "driver", "options"),
    [
        ("slip_printer", "escpos", {}),  # a printer without a host is looked for on this machine
        ("slip_printer", "escpos", {"host": "localhost"}),
        ("slip_printer", "escpos", {"host": "127.8.0.1"}),
        ("slip_printer", "escpos", {"host": "127.1"}),
        ("slip_printer", "escpos", {"host": "0.0.0.0"}),
        ("slip_printer", "escpos", {"host": "::1"}),
        ("id_reader", "sam_serial", {"port": "socket://[::1]:4001"}),
        ("slip_printer", "escpos", {"transport": "serial", "path": "/dev/pts/7"}),
        ("id_reader", "sam_serial", {"port": "/dev/pts/7"}),
        ("id_reader", "sam_serial", {"port": "/srv/hall/K1.id_reader"}),
        ("id_reader", "sam_serial", {"port": "socket://127.0.0.1:4001"}),
        ("id_reader", "sam_serial", {"port": "socket://localhost:4001"}),
        ("speaker", "espeak", {"outlet": "tcp:127.0.0.1:4002"}),
    ],
)
def test_production_refuses_every_way_to_a_simulator(kind: str, driver: str, options: dict[str, str]) -> None:
    device = DeviceSettings.model_validate({"driver": driver, "options": options})
    with pytest.raises(HallError, match="simulator"):
        refuse_simulators({kind: device}, {})


def test_production_refuses_a_link_that_leads_to_a_pseudo_terminal() -> None:
    ours, theirs = os.openpty()
    try:
        for way in (os.ttyname(theirs), f"/dev/fd/{theirs}"):
            device = DeviceSettings(driver="sam_serial", options={"port": way})
            with pytest.raises(HallError, match="simulator"):
                refuse_simulators({"id_reader": device}, {})
    finally:
        os.close(ours)
        os.close(theirs)


def test_production_refuses_a_virtual_card_service() -> None:
    device = DeviceSettings(driver="pcsc")
    with pytest.raises(HallError, match="virtual card service"):
        refuse_simulators({"card_reader": device}, {"PCSCLITE_CSOCK_NAME": "/srv/hall/pcscd.comm"})


def test_production_refuses_a_password_that_others_can_read(tmp_path: Path) -> None:
    devices = {"slip_printer": {"driver": "escpos", "options": SERIAL_PRINTER}}
    settings = told(tmp_path, environment="production", devices=devices)
    settings.password_file.chmod(0o640)
    with pytest.raises(HallError, match=r"password.*0600"):
        Program(settings)
    settings.password_file.chmod(0o600)
    Program(settings)


def test_production_takes_real_devices() -> None:
    devices = {
        "slip_printer": DeviceSettings.model_validate({"driver": "escpos", "options": SERIAL_PRINTER}),
        "id_reader": DeviceSettings(driver="sam_serial", options={"port": "/dev/ttyUSB0"}),
        "card_reader": DeviceSettings(driver="pcsc"),
        "led_bars": DeviceSettings(driver="onbon_bx5k", options={"port": "/dev/serial/by-id/usb-FTDI"}),
        "speaker": DeviceSettings(driver="espeak"),
    }
    simulated = DeviceSettings(driver="sam_serial", options={"port": "/dev/pts/1"})
    with pytest.raises(HallError):  # the same devices, but for one that is a simulator
        refuse_simulators({**devices, "id_reader": simulated}, {})
    refuse_simulators(devices, {})
    networked = {"driver": "escpos", "options": {"host": "10.20.0.31"}}
    refuse_simulators({"slip_printer": DeviceSettings.model_validate(networked)}, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("role = ", "TOML"),
        ('environment = "demo"', "brokers"),
        (
            'hall="q"\nterminal="D1"\nrole="r"\npassword_file="p"\nstate_dir="s"\nbrokers=[{port=1}]\ncolour="red"',
            "colour",
        ),
        ('hall="q"\nterminal="D1"\nrole="r"\npassword_file="p"\nstate_dir="s"\nbrokers=[{port=70000}]', "port"),
    ],
)
def test_a_wrong_configuration_is_refused_by_file_and_key(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(text)
    with pytest.raises(HallError, match=expected) as refused:
        load(path)
    assert "kiosk.toml" in str(refused.value)


def ask(path: Path, request: bytes) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(60)
        line.connect(str(path))
        line.sendall(request + b"\n")
        answer: dict[str, Any] = json.loads(line.makefile().readline())
        return answer


def test_the_debug_socket_tells_the_step_and_takes_touches_only(tmp_path: Path) -> None:
    session = Session(
        role=ROLES["self_service"],
        frame=Frame(TerminalId("K1"), "self_service"),
        performer=lambda effect, session: None,
        mint=lambda: "s",
        monotonic=lambda: 0.0,
        idle_s=45,
        complain=lambda where, error: None,
    )
    loop = BareLoop(session)
    running = threading.Thread(target=loop.run)
    running.start()
    path = tmp_path / "debug"
    debug = DebugSocket(path, session, NoScreen(), loop.on_main, lambda: {"touch_to_frame": []})
    try:
        session.post(HallKnown())
        assert ask(path, b'{"op": "happen", "kind": "WantsTicket"}') == {"ok": True}
        assert ask(path, b'{"op": "state"}')["step"] == "ChoosingGroup"
        assert ask(path, b'{"op": "happen", "kind": "WentBack"}') == {"ok": True}
        assert ask(path, b'{"op": "state"}')["step"] == type(Home()).__name__
        assert ask(path, b'{"op": "timings"}') == {"touch_to_frame": []}
        for bad in (
            b'{"op": "happen", "kind": "IdCardRead"}',
            b'{"op": "screenshot", "path": "/x"}',
            b"nonsense",
            b"{}",
        ):
            assert "error" in ask(path, bad)
    finally:
        debug.stop()
        loop.stop()
        running.join(60)
    assert not running.is_alive()
    assert not path.exists()


def test_a_terminal_without_broker_printer_or_screen_starts_says_so_and_stops(tmp_path: Path) -> None:
    path = tmp_path / "debug"
    program = Program(told(tmp_path, debug_socket=path))
    running = threading.Thread(target=program.run)
    running.start()
    try:
        assert program.started.wait(60)
        assert ask(path, b'{"op": "state"}')["step"] == "NotReady"
    finally:
        program.stop()
        running.join(60)
    assert not running.is_alive()


def test_the_example_configuration_is_complete_and_fit_for_production() -> None:
    settings = load(Path(__file__).parents[2] / "deploy" / "kiosk.example.toml")
    assert settings.environment == "production"
    assert not ROLES[settings.role].needs - settings.devices.keys()
    refuse_simulators(settings.devices, {})
