"""The virtual reader as others use it: `python -m kiosk.devices.virtual sam`, a path, a keyboard, our driver."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.devices.id_readers.sam_serial import Options, connect
from kiosk.devices.virtual.answer_faults import AnswerFault, spoiled
from kiosk.devices.virtual.id_faces import IdFace, Kind
from kiosk.devices.virtual.sam import VirtualSam
from kiosk.devices.virtual.sample_cards import PEOPLE, face_told, kind_of_number
from kiosk.devices.virtual.standing_alone import CannotError
from kiosk.ports import CardProblem, IdCard, IdReader

ROOT = Path(__file__).parents[3]
TODAY = "20261123"
COMMAND = (sys.executable, "-m", "kiosk.devices.virtual", "sam", "--read-s", "0.02")


class Alone:
    """The command, running; `say` types a line and returns the answer when there is one."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.address = self._line()

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def state(self) -> dict[str, object]:
        self.say("state")
        return dict(json.loads(self._line()))

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def alone(*options: str) -> Iterator[Alone]:
    with subprocess.Popen(
        [*COMMAND, *options], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        told = Alone(process)
        yield told
        told.say("quit")
        assert process.wait(60) == 0


def reader_at(address: str) -> IdReader:
    return connect(Options(address, greeting_timeout_s=2.0), "id_reader")


@pytest.mark.parametrize("place", [("--pty",), ("--tcp", "0")])
def test_it_stands_alone_with_a_card_and_a_keyboard(place: tuple[str, ...]) -> None:
    with alone(*place, "--person", "li-he") as sam:
        assert sam.address.startswith(("/dev/", "socket://127.0.0.1:"))
        reader = reader_at(sam.address)
        assert reader.present()
        card = reader.read(TODAY)
        assert isinstance(card, IdCard)
        assert card.number == "000000198907220025"
        sam.say("lay zhang-an damaged")
        assert sam.state()["card"] == "张安"
        assert reader.present()
        assert reader.read(TODAY) is CardProblem.MOVED
        sam.say("lift")
        assert sam.state()["card"] is None
        assert not reader.present()
        reader.close()


def test_faults_at_start_are_done_before_the_address_is_told(tmp_path: Path) -> None:
    card = tmp_path / "person.json"
    card.write_text(json.dumps({"name": "李和", "number": "000000198907220025", "valid_to": "长期"}))
    with alone("--card", str(card), "--fault", "garble_next", "--fault", "slow 0.01", "--baud", "9600") as sam:
        state = sam.state()
        assert (state["ordered"], state["slow_s"], state["baud"], state["card"]) == (["garble"], 0.01, 9_600, "李和")


def test_a_fault_it_does_not_know_is_wrong_usage() -> None:
    done = subprocess.run([*COMMAND, "--fault", "explode"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such action: explode" in done.stderr


def test_the_path_is_gone_when_it_is_told_to_end(tmp_path: Path) -> None:
    link = tmp_path / "sam"
    with subprocess.Popen([*COMMAND, "--link", str(link)], cwd=ROOT, text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == str(link)
        process.terminate()
        assert process.wait(60) == 0
    assert not link.is_symlink()


@pytest.mark.parametrize("told", ["li-he", "2"])
def test_a_person_is_named_by_key_or_by_number(told: str) -> None:
    assert face_told(told, "none", ROOT / PEOPLE).number == "000000198907220025"


@pytest.mark.parametrize("told", ["nobody", "0", "99", "/nowhere/card.json"])
def test_a_card_that_does_not_exist_is_refused_in_words(told: str) -> None:
    with pytest.raises(CannotError, match="there is no such card"):
        face_told(told, "none", ROOT / PEOPLE)


def test_a_defect_that_does_not_exist_is_refused_in_words() -> None:
    with pytest.raises(CannotError, match="melted"):
        face_told("li-he", "melted", ROOT / PEOPLE)


def test_a_number_stands_on_the_layout_of_its_kind() -> None:
    kinds = {
        "000000198907220025": Kind.CITIZEN,
        "810000199408230021": Kind.RESIDENCE_PERMIT,
        "900000198001010016": Kind.FOREIGNER_2023,
        "XXX110080010100": Kind.FOREIGNER_2017,
    }
    assert {number: kind_of_number(number) for number in kinds} == kinds


FRAME = bytes.fromhex("AAAAAA9669000800009F0000000097")


def test_each_fault_does_to_an_answer_what_it_says() -> None:
    assert spoiled(FRAME, set()) == FRAME
    assert len(spoiled(FRAME, {AnswerFault.GARBLE})) == len(FRAME)
    assert spoiled(FRAME, {AnswerFault.GARBLE}) != FRAME
    assert FRAME.startswith(spoiled(FRAME, {AnswerFault.TRUNCATE}))
    assert spoiled(FRAME, {AnswerFault.WRONG_LENGTH}) == FRAME[:5] + b"\x00\x09" + FRAME[7:]
    assert spoiled(FRAME, {AnswerFault.NOISE}).endswith(FRAME)
    assert spoiled(FRAME, set(AnswerFault)) != FRAME


def test_a_card_in_hand_tells_its_place_and_what_was_asked() -> None:
    sam = VirtualSam(tcp_port=0, finds_again=True)
    sam.lay(IdFace("李和", "000000198907220025"))
    assert sam.state()["place"] == "laid"
    sam.lay({"name": "张安", "number": "000000196203150015"})
    assert sam.state()["card"] == "张安"
