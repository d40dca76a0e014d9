"""The driver on real lines: pyserial over a pty and over TCP, against the virtual module and against strict scripts."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.devices.id_readers.sam_frames import Command, answer, request
from kiosk.devices.id_readers.sam_serial import CardNote, Options, SamSerial, connect
from kiosk.devices.virtual.id_faces import Defect, IdFace
from kiosk.devices.virtual.sam import VirtualSam
from kiosk.devices.virtual.serial_lines import PtyLine
from kiosk.ports import CardProblem, DeviceError, Fault, IdCard, IdReader

TODAY = "20261123"
LI_HE = IdFace("李和", "000000198907220025")
FAST_BAUD = 921_600

Desk = tuple[VirtualSam, IdReader]

on_both_lines = pytest.mark.parametrize("desk", ["pty", "tcp"], indirect=True)


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    place = {"tcp_port": 0} if getattr(request, "param", "pty") == "tcp" else {"link": tmp_path / "id"}
    sam = VirtualSam(baud=FAST_BAUD, read_s=0.02, **place)
    options = Options(sam.start(), FAST_BAUD, greeting_timeout_s=0.1, find_timeout_s=0.4, read_timeout_s=1.0)
    reader = connect(options, "id_reader")
    yield sam, reader
    reader.close()
    sam.stop()


def read(desk: Desk, face: IdFace) -> IdCard | CardProblem:
    sam, reader = desk
    sam.lay(face)
    assert reader.present()
    return reader.read(TODAY)


def counts(sam: VirtualSam) -> dict[str, int]:
    told = sam.state()["counts"]
    assert isinstance(told, dict)
    return told


@on_both_lines
def test_a_card_is_read_once_and_found_again_only_when_laid_again(desk: Desk) -> None:
    sam, reader = desk
    assert not reader.present()
    card = read(desk, LI_HE)
    assert card == IdCard(name="李和", number="000000198907220025", birth="19890722")
    assert not reader.present()
    sam.lift()
    assert not reader.present()
    assert read(desk, LI_HE) == card


def test_the_state_of_a_sound_reader_carries_its_serial_number(desk: Desk) -> None:
    state = desk[1].state()
    assert state.fault is None
    assert state.may_serve
    assert state.readings["sam_id"] == "05.03-20091231-0000123456-0123456789"


@pytest.mark.row("RGT-02", part="rule")
@pytest.mark.parametrize(
    ("face", "problem"),
    [
        (replace(LI_HE, valid_to="20261122"), CardProblem.EXPIRED),
        (replace(LI_HE, defect=Defect.UNREGISTERED), CardProblem.UNKNOWN_CARD),
        (replace(LI_HE, defect=Defect.DAMAGED), CardProblem.MOVED),
        (replace(LI_HE, defect=Defect.FORGED), CardProblem.SUSPICIOUS),
        (replace(LI_HE, defect=Defect.SPOILED), CardProblem.DAMAGED),
    ],
)
def test_a_card_that_opens_nothing_says_why(desk: Desk, face: IdFace, problem: CardProblem) -> None:
    assert read(desk, face) is problem


def test_a_card_pulled_in_mid_read_has_moved_and_the_next_one_reads(desk: Desk) -> None:
    desk[0].lift_mid_read()
    assert read(desk, LI_HE) is CardProblem.MOVED
    assert isinstance(read(desk, LI_HE), IdCard)


def test_a_card_lifted_between_find_and_read_has_moved(desk: Desk) -> None:
    sam, reader = desk
    sam.lay(LI_HE)
    assert reader.present()
    sam.lift()
    assert reader.read(TODAY) is CardProblem.MOVED


@pytest.mark.parametrize("fault", ["garble_next", "truncate_next", "wrong_length_next"])
def test_a_spoiled_answer_is_asked_for_once_more(desk: Desk, fault: str) -> None:
    sam, reader = desk
    sam.lay(LI_HE)
    assert reader.present()
    sam.actions[fault]()
    assert isinstance(reader.read(TODAY), IdCard)
    assert counts(sam)["SELECT"] > 1  # selecting again is refused by the module, so the card is found once more
    assert counts(sam)["READ"] == 1


@on_both_lines
def test_garbage_before_an_answer_is_dropped(desk: Desk) -> None:
    sam, reader = desk
    sam.lay(LI_HE)
    sam.noise_before()
    assert reader.present()
    sam.noise_before()
    assert isinstance(reader.read(TODAY), IdCard)
    assert {name: times for name, times in counts(sam).items() if name != "STATUS"} == {
        "FIND": 1,
        "SELECT": 1,
        "READ": 1,
    }


def test_a_silent_reader_is_told_in_time_and_recovers(desk: Desk) -> None:
    sam, reader = desk
    sam.silence()
    begun = time.monotonic()
    state = reader.state()
    assert (state.fault, state.may_serve) == (Fault.SILENT, False)
    assert time.monotonic() - begun < 3
    with pytest.raises(DeviceError) as told:
        reader.present()
    assert told.value.reason is Fault.SILENT
    sam.silence(on=False)
    assert reader.state().fault is None


@pytest.mark.parametrize("status", [0x60, 0x66])
def test_a_module_that_fails_its_self_test_may_not_serve(desk: Desk, status: int) -> None:
    sam, reader = desk
    sam.sam_fault(status)
    state = reader.state()
    assert (state.fault, state.may_serve) == (Fault.HARDWARE, False)
    with pytest.raises(DeviceError) as told:
        reader.present()
    assert told.value.reason is Fault.HARDWARE
    sam.sam_fault(0)
    assert reader.state().may_serve


@on_both_lines
def test_a_pulled_plug_is_disconnected_and_the_same_address_works_again(desk: Desk) -> None:
    sam, reader = desk
    assert reader.state().fault is None
    sam.unplug()
    with pytest.raises(DeviceError) as told:
        reader.present()
    assert told.value.reason is Fault.DISCONNECTED
    assert reader.state().fault is Fault.DISCONNECTED
    sam.replug()
    assert reader.state().fault is None
    assert isinstance(read(desk, LI_HE), IdCard)


@on_both_lines
def test_a_plug_pulled_in_mid_read_is_disconnected(desk: Desk) -> None:
    sam, reader = desk
    sam._module.read_s = 0.3
    sam.lay(LI_HE)
    assert reader.present()
    pull = threading.Timer(0.1, sam.unplug)
    pull.start()
    with pytest.raises(DeviceError) as told:
        reader.read(TODAY)
    pull.join()
    assert told.value.reason is Fault.DISCONNECTED


def test_a_slow_reader_is_waited_for_until_the_limit_and_no_longer(desk: Desk) -> None:
    sam, reader = desk
    sam.lay(LI_HE)
    assert reader.present()
    sam.slow(0.15)
    assert isinstance(reader.read(TODAY), IdCard)
    sam.slow(1.2)
    begun = time.monotonic()
    assert reader.state().fault is Fault.SILENT
    assert time.monotonic() - begun < 1.2


def test_a_module_that_says_busy_is_no_card_and_no_fault(desk: Desk) -> None:
    sam, reader = desk
    sam.lay(LI_HE)
    assert reader.present()
    sam.busy(2)
    assert not reader.present()
    assert reader.read(TODAY) is CardProblem.MOVED
    assert reader.present()
    assert isinstance(reader.read(TODAY), IdCard)


def test_a_module_that_is_busy_for_a_moment_is_not_broken(desk: Desk) -> None:
    sam, reader = desk
    assert reader.state().fault is None
    sam.busy(1)
    assert reader.state().fault is None
    sam.busy(2)
    assert reader.state().fault is Fault.HARDWARE


def test_what_a_module_forgets_without_power_is_told_once_after_each_opening(desk: Desk) -> None:
    sam, reader = desk
    for _ in range(3):
        assert reader.state().fault is None
    assert counts(sam)["SET_PAYLOAD"] == 1
    sam.unplug()
    assert reader.state().fault is Fault.DISCONNECTED
    sam.replug()
    assert reader.state().fault is None
    assert counts(sam)["SET_PAYLOAD"] == 2


def test_a_new_address_and_the_management_number_are_told_only_when_asked_for(desk: Desk) -> None:
    sam, reader = desk
    assert isinstance(reader, SamSerial)
    read(desk, replace(LI_HE, new_address="示例省示例市新河路2号"))
    address, management = reader.new_address(), reader.management()
    assert isinstance(address, CardNote)
    assert isinstance(management, CardNote)
    assert (address.text, management.text) == ("示例省示例市新河路2号", "0011223344556677")
    assert "新河" not in repr(address)
    read(desk, LI_HE)
    assert reader.new_address() is None
    sam.lift()
    assert reader.new_address() is CardProblem.MOVED


def test_closing_is_harmless_at_any_time_and_for_good(desk: Desk) -> None:
    sam, reader = desk
    reader.close()
    reader.close()
    assert reader.state().fault is Fault.DISCONNECTED
    sam.lay(LI_HE)
    with pytest.raises(DeviceError):
        reader.present()
    assert counts(sam) == {}


def test_a_reader_that_was_never_there_is_disconnected(tmp_path: Path) -> None:
    reader = connect(Options(port=str(tmp_path / "nothing")), "id_reader")
    assert reader.state().fault is Fault.DISCONNECTED
    reader.close()


def test_nothing_of_the_card_is_logged_or_told_in_errors(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sam, reader = desk
    card = read(desk, LI_HE)
    read(desk, replace(LI_HE, defect=Defect.SPOILED))
    sam.unplug()
    state = reader.state()
    for text in (caplog.text, repr(card), repr(state), repr(vars(reader))):
        assert "李" not in text
        assert "19890722" not in text


class Script:
    """A far end that takes exactly the requests it was given, in order, and answers what it was told."""

    def __init__(self, *exchanges: tuple[bytes, bytes]) -> None:
        self._line = PtyLine()
        self.port = self._line.plug()
        self.left = list(exchanges)
        self.unexpected = b""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._play)
        self._thread.start()

    def _play(self) -> None:
        heard = b""
        while not self._stop.is_set():
            heard += self._line.receive(0.02)
            if self.left and heard == self.left[0][0]:
                self._line.send(self.left.pop(0)[1])
                heard = b""
            elif heard and not (self.left and self.left[0][0].startswith(heard)):
                self.unexpected, heard = heard, b""

    def end(self) -> None:
        self._stop.set()
        self._thread.join()
        self._line.unplug()
        assert not self.unexpected
        assert not self.left


@pytest.fixture
def script() -> Iterator[Callable[..., tuple[Script, IdReader]]]:
    made: list[tuple[Script, IdReader]] = []

    def begin(*exchanges: tuple[bytes, bytes]) -> tuple[Script, IdReader]:
        played = Script((request(Command.STATUS), answer(0x90)), *exchanges)  # every opened line is greeted
        options = Options(played.port, greeting_timeout_s=2.0, find_timeout_s=0.5, read_timeout_s=0.5)
        made.append((played, connect(options, "id_reader")))
        return made[-1]

    yield begin
    for played, reader in made:
        reader.close()
        played.end()


@pytest.mark.parametrize("status", [0x10, 0x11, 0x21])
def test_a_request_that_came_in_broken_is_sent_once_more(
    script: Callable[..., tuple[Script, IdReader]], status: int
) -> None:
    find = request(Command.FIND)
    _, reader = script((find, answer(status)), (find, answer(0x9F, bytes(4))))
    assert reader.present()


def test_two_broken_requests_are_a_fault_of_the_line(script: Callable[..., tuple[Script, IdReader]]) -> None:
    find = request(Command.FIND)
    _, reader = script((find, answer(0x10)), (find, answer(0x10)))
    with pytest.raises(DeviceError) as told:
        reader.present()
    assert told.value.reason is Fault.GARBLED


def test_a_failed_selection_is_found_and_selected_once_more(script: Callable[..., tuple[Script, IdReader]]) -> None:
    find, select, read = request(Command.FIND), request(Command.SELECT), request(Command.READ)
    content = bytes.fromhex("01000400") + LI_HE.text_block() + LI_HE.photo_block()
    _, reader = script(
        (select, answer(0x81, card_status=b"\x69\x82")),
        (find, answer(0x9F, bytes(4))),
        (select, answer(0x90, bytes(8))),
        (read, answer(0x47)),
        (read, answer(0x90, content)),
    )
    assert isinstance(reader.read(TODAY), IdCard)


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (0x31, CardProblem.SUSPICIOUS),
        (0x32, CardProblem.SUSPICIOUS),
        (0x33, CardProblem.SUSPICIOUS),
        (0x40, CardProblem.UNKNOWN_CARD),
        (0x41, CardProblem.MOVED),
        (0x23, CardProblem.MOVED),
        (0x91, CardProblem.DAMAGED),
    ],
)
def test_each_status_of_a_reading_is_told_as_its_problem(
    script: Callable[..., tuple[Script, IdReader]], status: int, problem: CardProblem
) -> None:
    _, reader = script((request(Command.SELECT), answer(0x90, bytes(8))), (request(Command.READ), answer(status)))
    assert reader.read(TODAY) is problem


def test_a_status_nobody_published_is_the_readers_fault(script: Callable[..., tuple[Script, IdReader]]) -> None:
    _, reader = script((request(Command.SELECT), answer(0xEE)))
    with pytest.raises(DeviceError) as told:
        reader.read(TODAY)
    assert told.value.reason is Fault.HARDWARE


def test_a_reading_with_wrong_block_lengths_is_damaged(script: Callable[..., tuple[Script, IdReader]]) -> None:
    _, reader = script(
        (request(Command.SELECT), answer(0x90, bytes(8))),
        (request(Command.READ), answer(0x90, bytes.fromhex("01010400") + bytes(1280))),
    )
    assert reader.read(TODAY) is CardProblem.DAMAGED


def test_a_line_that_only_makes_noise_ends_within_the_limit() -> None:
    line, stop = PtyLine(), threading.Event()
    port = line.plug()

    def babble() -> None:
        while not stop.wait(0.002):
            line.send(b"\xaa\xaa\xaa\x96\x69\x0d\x0a\x55" * 4)

    babbler = threading.Thread(target=babble)
    babbler.start()
    reader = connect(Options(port, greeting_timeout_s=0.1, find_timeout_s=0.3), "id_reader")
    begun = time.monotonic()
    with pytest.raises(DeviceError) as told:
        reader.present()
    assert told.value.reason is Fault.GARBLED
    assert time.monotonic() - begun < 3
    stop.set()
    babbler.join()
    reader.close()
    line.unplug()
