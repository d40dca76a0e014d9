"""A power supply, asked through Network UPS Tools: lines, faults, and the real server with its dummy driver."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.hall_rig import free_port
from kiosk.devices.upses import nut_lines
from kiosk.devices.upses.nut import NutUps, Options, connect, fault_of
from kiosk.devices.upses.nut_lines import Refusal, Variable
from kiosk.ports import DeviceError, Fault, Unread
from tests.devices.reconnecting import assert_nothing_leaks, reconnects

DUMMY_DRIVER, UPSD = Path("/lib/nut/dummy-ups"), shutil.which("upsd", path="/lib/nut:/usr/lib/nut:/sbin:/usr/sbin")


class Upsd:
    """A strict stand-in with memory: it answers whole lines only, in the words of NUT 2.8."""

    def __init__(self, **variables: str) -> None:
        self.variables = variables
        self.refusal = ""
        self._peer: socket.socket | None = None
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        if self._peer is not None:
            with suppress(OSError):
                self._peer.shutdown(socket.SHUT_RDWR)
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._server.accept()
            except OSError:
                return
            self._peer = peer
            with peer, peer.makefile("rwb") as line:
                for asked in line:
                    line.write(self._answer(asked.decode().split()).encode())
                    line.flush()

    def _answer(self, words: list[str]) -> str:
        if self.refusal:
            return f"ERR {self.refusal}\n"
        match words:
            case ["GET", "VAR", ups, _] if ups != "hall":
                return "ERR UNKNOWN-UPS\n"
            case ["GET", "VAR", ups, name] if name in self.variables:
                return f'VAR {ups} {name} "{self.variables[name]}"\n'
            case ["GET", "VAR", _, _]:
                return "ERR VAR-NOT-SUPPORTED\n"
        return "ERR UNKNOWN-COMMAND\n"


@pytest.fixture
def upsd() -> Iterator[Upsd]:
    server = Upsd(**{"ups.status": "OL CHRG", "battery.charge": "87", "battery.runtime": "1260"})
    yield server
    with suppress(OSError):
        server.close()


def ups(port: int, name: str = "hall", timeout_s: float = 2.0) -> NutUps:
    return NutUps(Options(ups=name, tcp_port=port, timeout_s=timeout_s), "K1.ups")


def reason(driver: NutUps) -> Fault:
    with pytest.raises(DeviceError) as told:
        driver.state()
    assert told.value.device == "K1.ups"
    assert told.value.sentence
    return told.value.reason


def test_status_charge_and_time_left_are_read(upsd: Upsd) -> None:
    with closing(ups(upsd.port)) as driver:
        told = driver.state()
    assert told.fault is None
    assert told.readings == {
        "mains": True,
        "battery_charge_pct": 87.0,
        "battery_runtime_s": 1260.0,
        "battery_must_be_replaced": False,
    }


@pytest.mark.parametrize(
    ("flags", "fault"),
    [
        ("OL", None),
        ("OL CHRG", None),
        ("OB DISCHRG", Fault.ON_BATTERY),
        ("OB DISCHRG LB", Fault.BATTERY_LOW),
        ("OL LB", Fault.BATTERY_LOW),
        ("OL RB", Fault.HARDWARE),
        ("OFF", Fault.HARDWARE),
        ("", Fault.SILENT),
        ("WAIT", Fault.SILENT),
    ],
)
def test_the_flags_mean_what_nut_says_they_mean(flags: str, fault: Fault | None) -> None:
    assert fault_of(flags.split()) is fault


@pytest.mark.parametrize(
    ("refusal", "fault"),
    [
        ("DRIVER-NOT-CONNECTED", Fault.DISCONNECTED),
        ("DATA-STALE", Fault.SILENT),
        ("ACCESS-DENIED", Fault.REFUSED),
        ("SOMETHING-NEW", Fault.HARDWARE),
    ],
)
def test_a_server_that_cannot_tell_is_never_taken_for_on_line(upsd: Upsd, refusal: str, fault: Fault) -> None:
    upsd.refusal = refusal
    assert reason(ups(upsd.port)) is fault


def test_an_unknown_ups_is_a_wrong_option_and_a_name_that_could_be_a_command_is_refused() -> None:
    with closing(Upsd()) as server:
        assert reason(ups(server.port, "cellar")) is Fault.OPTION
    with pytest.raises(DeviceError) as told:
        connect(Options(ups="hall\nSHUTDOWN"), "K1.ups")
    assert told.value.reason is Fault.OPTION


def test_what_a_model_does_not_measure_is_unsupported(upsd: Upsd) -> None:
    del upsd.variables["battery.runtime"]
    upsd.variables["battery.charge"] = "full"
    with closing(ups(upsd.port)) as driver:
        told = driver.state()
    assert told.readings["battery_runtime_s"] is Unread.UNSUPPORTED
    assert told.readings["battery_charge_pct"] is Unread.UNKNOWN


def test_without_server_it_says_no_service_and_comes_back_with_it(upsd: Upsd) -> None:
    port = upsd.port
    driver = ups(port)
    assert driver.state().fault is None
    upsd.close()
    assert reason(driver) is Fault.NO_SERVICE
    assert reason(driver) is Fault.NO_SERVICE


def test_a_server_that_takes_calls_and_says_nothing_is_silent_within_its_time() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as deaf:
        assert reason(ups(deaf.getsockname()[1], timeout_s=0.05)) is Fault.SILENT


@given(st.binary(max_size=2 * nut_lines.MAX_LINE_BYTES))
def test_any_line_is_a_variable_a_refusal_or_nothing(line: bytes) -> None:
    told = nut_lines.parse(line)
    assert told is None or isinstance(told, Variable | Refusal)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\n\r", exclude_categories=("Cs", "Cc")), max_size=80))
def test_a_quoted_value_comes_through_whatever_stands_in_it(value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    told = nut_lines.parse(f'VAR hall ups.model "{quoted}"\n'.encode())
    assert told == Variable("hall", "ups.model", value)


def test_nothing_stays_behind_however_often_it_connects(upsd: Upsd) -> None:
    def once() -> None:
        with closing(ups(upsd.port)) as driver:
            assert driver.state().fault is None

    assert_nothing_leaks(once, reconnects(usual=200))


# ---- the real server ---------------------------------------------------------------------------------------------


@pytest.fixture
def real_nut(tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """NUT 2.8 with its own dummy driver, in the foreground, on loopback, with nothing but this folder."""
    assert UPSD is not None, "nut-server is one of the packages that ./run installs"
    port = free_port()
    facts = tmp_path / "hall.dev"
    facts.write_text("ups.status: OB DISCHRG LB\nbattery.charge: 12\nbattery.runtime: 90\n")
    (tmp_path / "ups.conf").write_text("[hall]\ndriver = dummy-ups\nport = hall.dev\nmode = dummy-once\n")
    (tmp_path / "upsd.conf").write_text(f"LISTEN 127.0.0.1 {port}\n")
    (tmp_path / "upsd.users").write_text("")
    (tmp_path / "nut.conf").write_text("MODE=standalone\n")
    for file in tmp_path.iterdir():
        file.chmod(0o600)
    told = {"NUT_CONFPATH": str(tmp_path), "NUT_STATEPATH": str(tmp_path), "NUT_ALTPIDPATH": str(tmp_path)}
    with ExitStack() as ending:
        log = ending.enter_context((tmp_path / "log").open("wb"))

        def begin(program: Path | str, *options: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen([program, *options, "-D", "-u", "root"], env=told, stdout=log, stderr=log)
            ending.callback(process.wait, 60)
            ending.callback(process.terminate)
            return process

        driver = begin(DUMMY_DRIVER, "-a", "hall")
        wait_for(lambda: any(tmp_path.glob("dummy-ups-hall*")), driver)
        wait_for(lambda: answers(port), begin(UPSD))
        yield port, driver


def wait_for(is_so: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    gate = threading.Event()
    for _ in range(1_200):
        if is_so():
            return
        assert process.poll() is None, "it ended at its start"
        gate.wait(0.05)
    raise AssertionError("it did not begin in 60 s")


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 0.5) as line:
            line.sendall(b"GET VAR hall ups.status\n")
            return line.recv(200).startswith(b"VAR")
    except OSError:
        return False


def test_the_real_server_feeds_it_and_a_dead_driver_of_the_server_is_told_from_a_dead_server(
    real_nut: tuple[int, subprocess.Popen[bytes]],
) -> None:
    port, dummy_driver = real_nut
    with closing(ups(port)) as driver:
        wait_for_fault(driver, Fault.BATTERY_LOW)  # until its driver has read anything, NUT says WAIT
        told = driver.state()
        assert (told.readings["battery_charge_pct"], told.readings["battery_runtime_s"]) == (12.0, 90.0)
        assert told.readings["mains"] is False
    assert reason(ups(port, "other")) is Fault.OPTION
    dummy_driver.terminate()
    dummy_driver.wait(60)
    with closing(ups(port)) as driver:
        wait_for_fault(driver, Fault.DISCONNECTED)


def wait_for_fault(driver: NutUps, fault: Fault) -> None:
    """The server notices within a few seconds that its driver is gone; until then it tells the last it knew."""
    gate = threading.Event()
    told: Fault | None = None
    for _ in range(1_200):
        try:
            told = driver.state().fault
        except DeviceError as error:
            told = error.reason
        if told is fault:
            return
        gate.wait(0.05)
    raise AssertionError(f"still {told}")
