"""The line itself: rates found and kept, waits that end, peers that vanish, ten thousand reconnects."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.devices.id_readers.sam_commands import BAUD_CODES
from kiosk.devices.id_readers.sam_frames import Command, request
from kiosk.devices.id_readers.sam_line import SamLine
from kiosk.devices.id_readers.sam_serial import Options, SamSerial
from kiosk.devices.line_errors import line_errors
from kiosk.devices.virtual.sam import VirtualSam
from kiosk.ports import DeviceError, Fault, Unread
from tests.devices.reconnecting import assert_nothing_leaks, reconnects

STATUS = request(Command.STATUS)
GREETING_S = 0.08
FAST_BAUD = 921_600


@pytest.fixture
def sam(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VirtualSam]:
    told = VirtualSam(link=tmp_path / "sam", baud=getattr(request, "param", 115_200))
    told.start()
    yield told
    told.stop()


def line_to(sam: VirtualSam, baud: int = 115_200) -> SamLine:
    return SamLine(sam.start() if sam._thread is None else sam._address, baud, "K1.id_reader", GREETING_S)


def commands(sam: VirtualSam) -> dict[str, int]:
    told = sam.state()["counts"]
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize("sam", list(BAUD_CODES), indirect=True)
@pytest.mark.parametrize("configured", [0, 57_600])
def test_a_module_is_found_at_whatever_rate_it_was_set_to(sam: VirtualSam, configured: int) -> None:
    line = line_to(sam, configured)
    assert line.ask(STATUS, 1.0).status == 0x90
    assert line.readings()["baud"] == sam.state()["baud"]
    line.close()


@pytest.mark.parametrize("sam", [9_600], indirect=True)
def test_the_rate_that_worked_is_the_first_to_be_tried_again(sam: VirtualSam) -> None:
    line = line_to(sam, 0)
    line.ask(STATUS, 1.0)
    line.close()
    begun = time.monotonic()
    line.ask(STATUS, 1.0)
    assert time.monotonic() - begun < 2 * GREETING_S + 0.3
    assert line.openings == 2
    line.close()


def test_a_greeting_lost_to_noise_is_given_once_more_at_the_same_rate(sam: VirtualSam) -> None:
    line = line_to(sam)
    sam.garble_next()
    assert line.ask(STATUS, 1.0).status == 0x90
    assert line.readings()["baud"] == 115_200
    line.close()


def test_a_silent_module_costs_all_greetings_and_no_more(sam: VirtualSam) -> None:
    line = line_to(sam)
    sam.silence()
    begun = time.monotonic()
    with pytest.raises(DeviceError) as told:
        line.ask(STATUS, 5.0)
    assert told.value.reason is Fault.SILENT
    assert time.monotonic() - begun < 7 * (GREETING_S + 0.05) + 0.5
    assert not line.is_open


def test_a_module_set_to_another_rate_is_followed_there(sam: VirtualSam) -> None:
    reader = SamSerial(Options(sam._address, greeting_timeout_s=0.3), "K1.id_reader")
    assert reader.change_rate(9_600)
    assert sam.state()["baud"] == 9_600
    state = reader.state()
    assert (state.fault, state.readings["baud"]) == (None, 9_600)
    assert not reader.change_rate(921_600)
    reader.close()


def test_a_port_that_cannot_count_its_errors_says_unsupported(sam: VirtualSam) -> None:
    line = line_to(sam)
    assert line.readings()["line_frame_errors"] is Unread.UNKNOWN
    line.ask(STATUS, 1.0)
    told = line.readings()
    assert {told[name] for name in line_errors(None)} == {Unread.UNSUPPORTED}
    line.close()


@pytest.mark.parametrize(
    "port",
    ["socket://", "socket://host", "socket://127.0.0.1:99999", "socket://1.2.3.4:x", "socket://reader.hall:4001"],
)
def test_an_address_that_is_none_is_a_fault_of_the_configuration(port: str) -> None:
    with pytest.raises(DeviceError) as told:
        SamLine(port, 0, "K1.id_reader").ask(STATUS, 0.1)
    assert told.value.reason is Fault.OPTION
    assert "socket://ADDRESS:PORT" in told.value.sentence


def test_an_address_in_brackets_is_an_address() -> None:
    with pytest.raises(DeviceError) as told:
        SamLine("socket://[::1]:1", 0, "K1.id_reader").ask(STATUS, 0.1)
    assert told.value.reason is Fault.DISCONNECTED


class Peer:
    """A network adapter that we play ourselves: takes connections, and says what it was told to."""

    def __init__(self, said: bytes = b"", *, chatty: bool = False) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"
        self.taken: list[socket.socket] = []
        self._said, self._chatty, self._stop = said, chatty, threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        self._listener.settimeout(0.02)
        while not self._stop.is_set():
            try:
                end, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.taken.append(end)
            end.setblocking(False)
            while self._chatty and not self._stop.is_set():
                try:
                    end.send(self._said)
                except BlockingIOError:
                    self._stop.wait(0.001)
                except OSError:
                    break

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        for end in (*self.taken, self._listener):
            end.close()


@pytest.fixture
def silent_peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.stop()


def test_a_half_open_connection_is_silent_in_time_and_the_next_question_connects_anew(silent_peer: Peer) -> None:
    line = SamLine(silent_peer.port, 0, "K1.id_reader")
    for connections in (1, 2):
        begun = time.monotonic()
        with pytest.raises(DeviceError) as told:
            line.ask(STATUS, 0.2)
        assert told.value.reason is Fault.SILENT
        assert time.monotonic() - begun < 1.0
        assert not line.is_open
        assert len(silent_peer.taken) == connections


def test_a_peer_that_never_stops_talking_is_garbled_within_the_limit() -> None:
    peer = Peer(b"\xaa\xaa\xaa\x96\x69\x0d\x0a\x55" * 64, chatty=True)
    line = SamLine(peer.port, 0, "K1.id_reader")
    begun = time.monotonic()
    with pytest.raises(DeviceError) as told:
        line.ask(STATUS, 0.3)
    assert told.value.reason is Fault.GARBLED
    assert time.monotonic() - begun < 3.0
    line.close()
    peer.stop()


def test_a_peer_that_closed_is_disconnected_and_found_again() -> None:
    sam = VirtualSam(tcp_port=0)
    line = SamLine(sam.start(), 0, "K1.id_reader")
    assert line.ask(STATUS, 1.0).status == 0x90
    assert line.readings()["baud"] is Unread.UNSUPPORTED
    sam.unplug()
    for _ in range(2):
        with pytest.raises(DeviceError) as told:
            line.ask(STATUS, 1.0)
        assert told.value.reason is Fault.DISCONNECTED
    sam.replug()
    assert line.ask(STATUS, 1.0).status == 0x90
    line.close()
    sam.stop()


@pytest.mark.parametrize("place", ["pty", "tcp"])
def test_nothing_stays_behind_after_many_reconnects(place: str, tmp_path: Path) -> None:
    sam = VirtualSam(link=tmp_path / "sam" if place == "pty" else None, tcp_port=0, baud=FAST_BAUD)
    sam.start()

    def open_and_close() -> None:
        line = SamLine(sam._address, FAST_BAUD, "K1.id_reader", 1.0)
        assert line.ask(STATUS, 1.0).status == 0x90
        line.close()

    assert_nothing_leaks(open_and_close, reconnects(usual=120))
    sam.stop()


@pytest.mark.parametrize("place", ["pty", "tcp"])
def test_nothing_stays_behind_when_the_cable_is_pulled_many_times(place: str, tmp_path: Path) -> None:
    sam = VirtualSam(link=tmp_path / "sam" if place == "pty" else None, tcp_port=0, baud=FAST_BAUD)
    sam.start()
    line = SamLine(sam._address, FAST_BAUD, "K1.id_reader", 1.0)

    def pull_and_put_back() -> None:
        assert line.ask(STATUS, 1.0).status == 0x90
        sam.unplug()
        with pytest.raises(DeviceError):
            line.ask(STATUS, 1.0)
        sam.replug()

    assert_nothing_leaks(pull_and_put_back, reconnects(usual=20))
    line.close()
    sam.stop()


def test_a_line_that_is_never_closed_is_caught(tmp_path: Path) -> None:
    sam = VirtualSam(tcp_port=0, baud=FAST_BAUD)
    address = sam.start()
    kept: list[SamLine] = []

    def open_and_forget() -> None:
        kept.append(SamLine(address, 0, "K1.id_reader"))
        kept[-1].ask(STATUS, 1.0)

    with pytest.raises(AssertionError, match="descriptors"):
        assert_nothing_leaks(open_and_forget, 8, settle_limit_s=0.1)
    for line in kept:
        line.close()
    sam.stop()
