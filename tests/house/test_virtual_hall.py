"""The virtual hall: its plan, its settings, its broker's access list, and children that leave nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

import hall_server.settings
import kiosk.settings
from deploy.virtual_hall import broker, configuration, plan, watching
from deploy.virtual_hall.calendar import clock_offset_s, read_pack
from deploy.virtual_hall.children import ChildEndedError, Children
from deploy.virtual_hall.configuration import Site, new_site
from deploy.virtual_hall.opening import listening
from deploy.virtual_hall.plan import Layout
from deploy.virtual_hall.waiting import WaitedTooLongError, wait_for
from hall.calendar.working_days import local_datetime, taking_tickets
from hall.ids import HallId
from kiosk.devices.loading import driver_module, read_options
from kiosk.devices.virtual import bench_settings

ROOT = Path(__file__).parents[2]
PACK = ROOT / "deploy" / "packs" / "qinghe"
HALL = HallId("qinghe")
LIMIT_S = 60.0


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "own").mkdir()
    # Not below tmp_path: its parents are closed to the user as whom the broker runs when we are root.
    broker_folder = Path(tempfile.mkdtemp(prefix="daoyin-test-broker-"))
    yield new_site(tmp_path / "own", broker_folder, PACK, HALL, 3600.0)
    shutil.rmtree(broker_folder)


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    (tmp_path / "logs").mkdir()
    started = Children(tmp_path / "logs")
    yield started
    started.end_all()


# ---- plan and clock ------------------------------------------------------------------------------------------------


def overlaps(layout: Layout) -> list[tuple[str, str]]:
    def box(placed: plan.Placed) -> tuple[float, float, float, float]:
        width, height = (side * placed.scale for side in placed.terminal.size_px)
        return placed.left, placed.top, placed.left + width, placed.top + height

    return [
        (one.terminal.name, other.terminal.name)
        for one, other in combinations(layout.windows, 2)
        if box(one)[0] < box(other)[2]
        and box(other)[0] < box(one)[2]
        and box(one)[1] < box(other)[3]
        and box(other)[1] < box(one)[3]
    ]


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (1280, 1024), (3840, 2160)])
def test_tiled_windows_fit_a_screen_side_by_side(size: tuple[int, int]) -> None:
    layout = plan.tiled(*size)
    assert overlaps(layout) == []
    for placed in layout.windows:
        width, height = placed.terminal.size_px
        assert placed.left + width * placed.scale <= size[0] + 1
        assert placed.top + height * placed.scale <= size[1] + 1


def test_headless_windows_keep_their_full_size_and_do_not_overlap() -> None:
    layout = plan.side_by_side()
    assert overlaps(layout) == []
    assert {placed.scale for placed in layout.windows} == {1.0}
    assert {placed.terminal.name for placed in layout.windows} == {"K1", "D1", "S1", "W07", "W14", "R14"}
    for placed in layout.windows:
        assert placed.left + placed.terminal.size_px[0] <= layout.width_px
        assert placed.top + placed.terminal.size_px[1] <= layout.height_px


@given(now=st.floats(min_value=1_735_000_000, max_value=1_960_000_000))
def test_the_hall_opens_on_a_working_monday_at_half_past_nine(now: float) -> None:
    pack = read_pack(PACK)
    start = now + clock_offset_s(pack, now)
    shown = local_datetime(start)
    assert (shown.weekday(), shown.hour, shown.minute) == (0, 9, 30)
    assert taking_tickets(pack, start)
    assert start > now - 86_400


# ---- settings ------------------------------------------------------------------------------------------------------


def test_every_part_accepts_the_settings_it_is_given(site: Site) -> None:
    server = hall_server.settings.load(configuration.write_hall_server(site))
    assert server.console is not None
    assert server.records.people is not None
    for placed in plan.side_by_side().windows:
        told = kiosk.settings.load(configuration.write_kiosk(site, placed))
        assert told.role == placed.terminal.role
        assert set(told.devices) == set(placed.terminal.devices)
    bench = bench_settings.load(configuration.write_bench(site))
    assert {device.name for device in bench.device} == {
        f"{terminal.name}.{kind}" for terminal in plan.TERMINALS for kind in terminal.devices if kind != plan.MACHINE
    }


def test_people_who_play_find_an_a4_printer_and_headphones_that_every_part_accepts(site: Site) -> None:
    playing = replace(site, extras=True)
    for placed in plan.side_by_side().windows:
        told = kiosk.settings.load(configuration.write_kiosk(playing, placed))
        assert set(told.devices) == {*placed.terminal.devices, *placed.terminal.extras}
        for kind, device in told.devices.items():
            read_options(driver_module(kind, device.driver, kind), device.options, kind)
    bench = bench_settings.load(configuration.write_bench(playing))
    kinds = {device.name: device.kind for device in bench.device}
    assert kinds["K1.sheet_printer"] == "sheet_printer"
    assert kinds["K1.jack"] == "headphone_jack"
    assert kinds["K1.speaker"] == kinds["K1.headphones"] == "speaker"


def test_the_pack_expects_exactly_the_devices_of_the_plan_and_by_the_same_drivers() -> None:
    planned = {
        (terminal.name, kind, configuration.DRIVERS[kind]) for terminal in plan.TERMINALS for kind in terminal.devices
    }
    names = {terminal.name for terminal in plan.TERMINALS}
    expected = {(d.terminal, d.kind, d.driver) for d in read_pack(PACK).devices if d.terminal in names}
    assert expected == planned


def test_everything_in_the_run_directory_is_for_its_owner_only(site: Site) -> None:
    configuration.write_hall_server(site)
    configuration.write_bench(site)
    for placed in plan.side_by_side().windows:
        configuration.write_kiosk(site, placed)
    folders = [path for path in site.folder.iterdir() if path.is_dir()]
    assert folders
    assert all(path.stat().st_mode & 0o077 == 0 for path in folders)


def test_each_run_has_its_own_pins_tokens_and_passwords(tmp_path: Path) -> None:
    one, other = (new_site(tmp_path, tmp_path, PACK, HALL, 0.0) for _ in range(2))
    assert one.console_token != other.console_token
    assert one.bench_token != one.console_token
    assert len(set(one.passwords.values())) == len(plan.TERMINALS) + 1
    assert one.passwords["K1"] != other.passwords["K1"]
    assert all(len(pin) == configuration.PIN_DIGITS and pin.isdigit() for pin in one.pins.values())


# ---- broker --------------------------------------------------------------------------------------------------------


def test_a_terminal_speaks_in_its_own_lanes_only_and_hears_the_hall(site: Site, children: Children) -> None:
    broker.start(children, site.broker_folder, site.ports.broker, site.hall, site.passwords)
    wait_for("broker", listening(site.ports.broker), LIMIT_S, alive=children.check)
    heard: dict[str, list[str]] = {"server": [], "K1": []}
    clients = {}
    for user, wishes in (("server", "hall/qinghe/#"), ("K1", "hall/qinghe/beat"), ("W07", "")):
        client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5, client_id=user)
        client.username_pw_set(user, site.passwords[user])
        client.on_message = lambda _client, heard_by, message: heard_by.append(message.topic)
        client.user_data_set(heard.get(user, []))
        client.connect("127.0.0.1", site.ports.broker)
        client.loop_start()
        wait_for(f"{user} is connected", client.is_connected, LIMIT_S)
        if wishes:
            client.subscribe(wishes, qos=1)
        clients[user] = client
    clients["W07"].publish("hall/qinghe/terminal/K1/up", b"not mine", qos=1)
    clients["K1"].publish("hall/qinghe/beat", b"not mine", qos=1)
    clients["K1"].publish("hall/qinghe/terminal/K1/up", b"mine", qos=1)
    clients["server"].publish("hall/qinghe/beat", b"alive", qos=1)
    wait_for("both were heard", lambda: len(heard["server"]) > 1 and heard["K1"], LIMIT_S)
    for client in clients.values():
        client.disconnect()
        client.loop_stop()
    assert sorted(heard["server"]) == ["hall/qinghe/beat", "hall/qinghe/terminal/K1/up"]
    assert heard["K1"] == ["hall/qinghe/beat"]


# ---- children ------------------------------------------------------------------------------------------------------


def test_a_child_that_ends_by_itself_is_told_with_its_last_words(children: Children) -> None:
    children.start("speaker", [sys.executable, "-c", "print('no voice today'); raise SystemExit(3)"])
    with pytest.raises(ChildEndedError, match="speaker ended with status 3") as told:
        wait_for("never", lambda: None, LIMIT_S, alive=children.check)
    assert "no voice today" in str(told.value)


def test_a_part_that_was_killed_is_started_again_in_the_same_way(children: Children) -> None:
    child = children.start("hall", ["sleep", "60"], {"HALL": "qinghe"}, rank=2)
    child.process.kill()
    told: list[str] = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        if sentence == "hall is started again":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        watching.watch(children, tell, back_s=0.05)
    assert told[0].startswith("hall has ended by itself; it starts again")
    children.check()


def test_a_part_that_cannot_stand_closes_the_hall_with_its_last_words(children: Children) -> None:
    children.start("hall", ["sh", "-c", "echo no room; exit 3"])
    with pytest.raises(ChildEndedError, match=r"hall ended with status 3; its last words:\n  no room"):
        watching.watch(children, lambda _sentence: None, back_s=0.05)


def test_a_child_that_does_not_listen_is_killed(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.virtual_hall.children.END_S", 0.3)
    deaf = "from signal import *; signal(SIGTERM, SIG_IGN); print('deaf', flush=True); sigwait([SIGUSR1])"
    child = children.start("deaf", [sys.executable, "-c", deaf])
    wait_for("it is deaf", lambda: "deaf" in child.tail(), LIMIT_S, alive=children.check)
    children.end_all()
    assert child.process.returncode == -signal.SIGKILL


PARENT = """
import sys, time
from pathlib import Path
from deploy.virtual_hall.children import Children
child = Children(Path(sys.argv[1])).start("child", ["sleep", "60"])
print(child.process.pid, flush=True)
time.sleep(60)
"""


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": "."}) as parent:
        assert parent.stdout is not None
        with closing(parent.stdout) as told:
            pid = int(told.readline())
        parent.kill()
    wait_for("the child has ended", lambda: has_ended(pid), LIMIT_S)


def has_ended(pid: int) -> bool:
    """Tell whether a process is gone, or has died and only waits to be reaped by whoever inherited it."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_wait_says_what_it_waited_for_and_what_it_saw() -> None:
    began = time.monotonic()
    with pytest.raises(WaitedTooLongError, match=r"the doors open: not within 0.05 s; last seen: closed"):
        wait_for("the doors open", lambda: None, 0.05, seen=lambda: "closed")
    assert time.monotonic() - began < LIMIT_S
