import socket
from collections.abc import Iterator

import pytest

from kiosk.devices.speakers import espeak, wav
from kiosk.devices.speakers.outlets import Alsa, NetworkLoudspeaker, outlet
from kiosk.devices.virtual.speaker import VirtualSpeaker
from kiosk.ports import DeviceError, Fault

CALL = "请Y零零一号到十四号窗口办理"


@pytest.fixture
def loudspeaker() -> Iterator[tuple[VirtualSpeaker, str]]:
    virtual = VirtualSpeaker(speed=100.0)
    address = virtual.start()
    yield virtual, f"tcp:{address}"
    virtual.stop()


def test_a_call_is_heard_as_sound_with_its_caption(loudspeaker: tuple[VirtualSpeaker, str]) -> None:
    virtual, address = loudspeaker
    speaker = espeak.connect(espeak.Options(outlet=address), "S1.speaker")
    assert speaker.say(CALL)
    (heard,) = virtual.spoken()
    assert heard["caption"] == CALL
    assert heard["pinyin"].startswith("qing3 wai4 ling2 ling2 yi1 hao4")
    assert 2.0 < heard["seconds"] < 8.0


def test_text_without_any_sound_is_not_played(loudspeaker: tuple[VirtualSpeaker, str]) -> None:
    virtual, address = loudspeaker
    assert not espeak.connect(espeak.Options(outlet=address), "S1.speaker").say("※ ☆")
    assert virtual.spoken() == []


def test_a_speaker_that_is_there_is_no_fault(loudspeaker: tuple[VirtualSpeaker, str]) -> None:
    _, address = loudspeaker
    assert espeak.connect(espeak.Options(outlet=address), "S1.speaker").state().fault is None


def test_a_loudspeaker_that_is_gone_says_disconnected() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    speaker = espeak.connect(espeak.Options(outlet=f"tcp:127.0.0.1:{port}"), "S1.speaker")
    assert speaker.state().fault is Fault.DISCONNECTED
    with pytest.raises(DeviceError) as told:
        speaker.say(CALL)
    assert told.value.reason is Fault.DISCONNECTED


def test_a_missing_program_is_named() -> None:
    speaker = espeak.connect(espeak.Options(program="no-such-program"), "S1.speaker")
    told = speaker.state()
    assert (told.fault, told.may_serve) == (Fault.NO_SERVICE, False)
    with pytest.raises(DeviceError, match="no-such-program"):
        speaker.say(CALL)


def test_a_program_that_gives_no_sound_is_garbled() -> None:
    with pytest.raises(DeviceError) as told:
        espeak.connect(espeak.Options(program="true"), "S1.speaker").say(CALL)
    assert told.value.reason is Fault.GARBLED


def test_a_missing_player_is_named() -> None:
    with pytest.raises(DeviceError) as told:
        Alsa("S1.speaker", "no-such-player").play(b"", 1.0, "", "")
    assert told.value.reason is Fault.NO_SERVICE


@pytest.mark.parametrize("told", ["", "pulse", "tcp:", "tcp:host", "tcp:host:0", "tcp:host:70000", "tcp::80"])
def test_an_unknown_outlet_is_refused(told: str) -> None:
    with pytest.raises(DeviceError) as refused:
        outlet(told, "S1.speaker")
    assert refused.value.reason is Fault.OPTION


@pytest.mark.parametrize("option", [{"words_per_minute": 20}, {"pitch": 200}, {"volume": -1}])
def test_an_impossible_voice_is_refused(option: dict[str, int]) -> None:
    with pytest.raises(DeviceError) as refused:
        espeak.connect(espeak.Options(**option), "S1.speaker")  # type: ignore[arg-type]
    assert refused.value.reason is Fault.OPTION


@pytest.mark.parametrize("damage", [b"{}\n", b"hello\n", b'{"caption":"","pinyin":"\\u8bf7","bytes":5}\nabcde'])
def test_the_loudspeaker_refuses_what_is_no_announcement(
    loudspeaker: tuple[VirtualSpeaker, str], damage: bytes
) -> None:
    virtual, address = loudspeaker
    host, _, port = address.removeprefix("tcp:").partition(":")
    with socket.create_connection((host, int(port)), 5) as line:
        line.settimeout(5)
        line.sendall(damage)
        assert line.recv(10) == b""
    assert virtual.state()["refused"] == 1


def test_sound_that_is_no_wav_is_answered_with_garbled(loudspeaker: tuple[VirtualSpeaker, str]) -> None:
    virtual, address = loudspeaker
    host, _, port = address.removeprefix("tcp:").partition(":")
    with pytest.raises(DeviceError) as told:
        NetworkLoudspeaker("S1.speaker", host, int(port)).play(b"no wave", 1.0, "x", "x1")
    assert told.value.reason in (Fault.GARBLED, Fault.DISCONNECTED)
    assert virtual.spoken() == []


@pytest.mark.parametrize("noise", [b"", b"RIFF", b"RIFF\0\0\0\0WAVEdata\xff\xff\xff\x7fabcd", b"x" * 64])
def test_what_is_no_sound_is_nothing(noise: bytes) -> None:
    assert wav.settle(noise) is None
