import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.speakers import espeak
from kiosk.devices.speakers.headphones import EVIOCGBIT_SW, EVIOCGSW, RECORD, Jack, record
from kiosk.devices.virtual.headphone_jack import VirtualJack
from kiosk.devices.virtual.speaker import VirtualSpeaker
from kiosk.ports import Unread
from kiosk.speech import Manner, Speaker, Unsaid


@pytest.fixture
def jack(tmp_path: Path) -> Iterator[VirtualJack]:
    virtual = VirtualJack(tmp_path / "jack")
    virtual.start()
    yield virtual
    virtual.stop()


@pytest.fixture
def terminal(jack: VirtualJack) -> Iterator[tuple[Speaker, VirtualSpeaker, VirtualSpeaker]]:
    room, ears = VirtualSpeaker(speed=100.0), VirtualSpeaker(speed=100.0)
    options = espeak.Options(
        outlet=f"tcp:{room.start()}", headphones=str(jack._path), headphone_outlet=f"tcp:{ears.start()}"
    )
    speaker = espeak.connect(options, "K1.speaker")
    yield speaker, room, ears
    speaker.close()
    room.stop()
    ears.stop()


def test_the_requests_are_those_of_the_kernels_headers() -> None:
    assert (EVIOCGSW, EVIOCGBIT_SW) == (0x8008451B, 0x80084525)
    assert RECORD.size == 24


def test_the_jack_follows_the_plug(jack: VirtualJack) -> None:
    reader = Jack(str(jack._path))
    told = [reader.reading()]
    for deed in (jack.plug, jack.pull, jack.plug):
        deed()
        told.append(reader.reading())
    assert told == ["unplugged", "plugged", "unplugged", "plugged"]
    reader.close()


def test_lost_records_make_the_state_unknown_until_the_next(jack: VirtualJack) -> None:
    reader = Jack(str(jack._path))
    jack.plug()
    assert reader.plugged()
    jack.lose()
    assert reader.reading() is Unread.UNKNOWN
    assert not reader.plugged()
    jack.plug()
    assert reader.plugged()
    reader.close()


def test_no_jack_is_absent_and_a_missing_one_is_unknown(tmp_path: Path) -> None:
    assert Jack("").reading() is Unread.ABSENT
    missing = Jack(str(tmp_path / "none"))
    assert missing.reading() is Unread.UNKNOWN
    assert not missing.plugged()


def test_a_jack_that_comes_back_is_found_again(tmp_path: Path) -> None:
    reader = Jack(str(tmp_path / "jack"))
    assert reader.reading() is Unread.UNKNOWN
    virtual = VirtualJack(tmp_path / "jack")
    virtual.start()
    virtual.plug()
    assert reader.plugged()
    reader.close()
    virtual.stop()


@given(st.binary(max_size=200))
def test_any_bytes_are_survived_and_only_a_whole_switch_record_counts(noise: bytes) -> None:
    line, write = os.pipe2(os.O_NONBLOCK)
    reader = Jack("a pipe")
    reader._line = line
    os.write(write, noise)
    os.close(write)
    state = reader.reading()
    records = [RECORD.unpack_from(noise, at) for at in range(0, len(noise) - RECORD.size + 1, RECORD.size)]
    assert (state in ("plugged", "unplugged")) == any((kind, code) == (5, 2) for _, _, kind, code, _ in records)
    reader.close()


def test_a_record_that_arrives_in_pieces_is_one_record(jack: VirtualJack) -> None:
    reader = Jack(str(jack._path))
    assert reader.reading() == "unplugged"
    told = record(plugged=True)
    for piece in (told[:7], told[7:30], told[30:]):
        jack._send(piece)
        state = reader.reading()
    assert state == "plugged"
    reader.close()


def test_what_is_private_is_heard_in_the_headphones_and_never_in_the_room(
    jack: VirtualJack, terminal: tuple[Speaker, VirtualSpeaker, VirtualSpeaker]
) -> None:
    speaker, room, ears = terminal
    private = Manner(private=True)
    assert speaker.say("您的账户余额", private) is Unsaid.NOT_PRIVATE
    jack.plug()
    assert speaker.say("您的账户余额", private) is None
    jack.pull()
    assert speaker.say("您的账户余额", private) is Unsaid.NOT_PRIVATE
    assert speaker.say("请取走号单", Manner()) is None
    assert [entry["caption"] for entry in room.spoken()] == ["请取走号单"]
    assert [(entry["caption"], entry["zone"], entry["private"]) for entry in ears.spoken()] == [
        ("您的账户余额", "headphones", True)
    ]
    assert ears.sound(1) is None, "a simulator keeps nobody's private sound"


def test_a_plug_that_is_pulled_in_the_middle_makes_it_silent(jack: VirtualJack, tmp_path: Path) -> None:
    ears = VirtualSpeaker(speed=0.1)
    options = espeak.Options(outlet="alsa", headphones=str(jack._path), headphone_outlet=f"tcp:{ears.start()}")
    speaker = espeak.connect(options, "K1.speaker")
    jack.plug()
    assert speaker.say("您的账户余额", Manner(private=True, begun=jack.pull)) is Unsaid.CUT
    ears.stop()
    assert ears.spoken()[0]["end"] == "cut"


def test_a_terminal_without_a_jack_never_says_what_is_private(tmp_path: Path) -> None:
    speaker = espeak.connect(espeak.Options(), "K1.speaker")
    assert speaker.say("您的账户余额", Manner(private=True)) is Unsaid.NOT_PRIVATE
    assert speaker.state().readings["jack"] is Unread.ABSENT


def test_a_private_text_leaves_no_trace_in_readings_or_representations(
    jack: VirtualJack, terminal: tuple[Speaker, VirtualSpeaker, VirtualSpeaker]
) -> None:
    speaker, _, _ = terminal
    jack.plug()
    assert speaker.say("阿依古丽的余额", Manner(private=True)) is None
    assert "lacking" not in speaker.state().readings
    assert "阿依古丽" not in repr(vars(speaker))


def test_the_jack_of_a_sound_card_without_one_is_unsupported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "event0"
    path.write_bytes(b"")
    monkeypatch.setattr("fcntl.ioctl", lambda *_told: 0)
    assert Jack(str(path)).reading() is Unread.UNSUPPORTED


@pytest.mark.parametrize("plugged", [False, True])
def test_the_state_at_the_beginning_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, plugged: bool) -> None:
    path = tmp_path / "event0"
    path.write_bytes(b"")

    def ioctl(_line: int, request: int, bits: bytearray) -> int:
        bits[0] = 4 if request == EVIOCGBIT_SW or plugged else 0
        return 0

    monkeypatch.setattr("fcntl.ioctl", ioctl)
    reader = Jack(str(path))
    assert reader.reading() == ("plugged" if plugged else "unplugged")
    reader.close()
