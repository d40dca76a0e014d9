import socket
import threading
from collections.abc import Iterator

import pytest

from hall.wire.pack_shown import Volume
from kiosk.devices.speakers import espeak, wav
from kiosk.devices.speakers.outlets import Alsa, NetworkLoudspeaker, Told, outlet, private_outlet
from kiosk.devices.speakers.wav import Sound
from kiosk.devices.speakers.zones import outlets_of, volume_at, zone_of
from kiosk.devices.virtual.speaker import VirtualSpeaker, script
from kiosk.ports import DeviceError, Fault
from kiosk.speech import Manner, Speaker, Unsaid

CALL = "请Y零零一号到十四号窗口办理"


@pytest.fixture
def loudspeaker() -> Iterator[tuple[VirtualSpeaker, str]]:
    virtual = VirtualSpeaker(speed=100.0)
    address = virtual.start()
    yield virtual, f"tcp:{address}"
    virtual.stop()


def speaker(**options: object) -> Speaker:
    return espeak.connect(espeak.Options(**options), "S1.speaker")  # type: ignore[arg-type]


@pytest.mark.row("QUE-04", part="face")
def test_a_call_is_heard_as_sound_with_its_caption(loudspeaker: tuple[VirtualSpeaker, str]) -> None:
    virtual, address = loudspeaker
    begun: list[int] = []
    assert speaker(outlet=address).say(CALL, Manner(begun=lambda: begun.append(1))) is None
    (heard,) = virtual.spoken()
    assert heard["caption"] == CALL
    assert heard["pinyin"].startswith("qing3 wai4 ling2 ling2 yi1 hao4")
    assert 2.0 < heard["seconds"] < 8.0
    assert (heard["language"], heard["zone"], heard["volume"], heard["private"]) == ("zh", "all", 100, False)
    assert begun == [1]
    sound = virtual.sound(1)
    assert sound is not None
    assert wav.settle(sound) is not None


def test_text_without_any_sound_is_not_played(loudspeaker: tuple[VirtualSpeaker, str]) -> None:
    virtual, address = loudspeaker
    assert speaker(outlet=address).say("※ ☆", Manner()) is Unsaid.NO_VOICE
    assert virtual.spoken() == []


@pytest.mark.parametrize(("language", "text"), [("en", "Number A 0 1 2, window 3"), ("ug", "ياخشىمۇسىز")])
def test_a_language_with_a_voice_is_spoken_by_it(
    loudspeaker: tuple[VirtualSpeaker, str], language: str, text: str
) -> None:
    virtual, address = loudspeaker
    assert speaker(outlet=address).say(text, Manner(language=language)) is None
    assert virtual.spoken()[0]["language"] == language


@pytest.mark.parametrize("language", ["bo", "mn", "za", "xx"])
def test_a_language_without_a_voice_is_for_the_screens_only(
    loudspeaker: tuple[VirtualSpeaker, str], language: str
) -> None:
    virtual, address = loudspeaker
    assert speaker(outlet=address).say("བཀྲ་ཤིས", Manner(language=language)) is Unsaid.NO_VOICE
    assert virtual.spoken() == []


def test_a_word_without_pinyin_is_spoken_and_reported_until_the_pack_brings_it(
    loudspeaker: tuple[VirtualSpeaker, str],
) -> None:
    virtual, address = loudspeaker
    driver = speaker(outlet=address)
    assert driver.say("请到贵宾厅", Manner()) is None
    assert driver.state().readings["lacking"] == "贵宾厅"
    driver.learn({"贵宾厅": "gui4 bin1 ting1"})
    assert "lacking" not in driver.state().readings
    assert driver.say("请到贵宾厅", Manner()) is None
    assert [entry["pinyin"] for entry in virtual.spoken()] == ["", "qing3 dao4 gui4 bin1 ting1"]


def test_a_speaker_that_is_there_is_no_fault(loudspeaker: tuple[VirtualSpeaker, str]) -> None:
    state = speaker(outlet=loudspeaker[1]).state()
    assert state.fault is None
    assert (state.readings["outlet.all"], state.readings["jack"]) == ("up", "absent")


def test_a_loudspeaker_that_is_gone_says_disconnected() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    driver = speaker(outlet=f"tcp:127.0.0.1:{port}")
    assert driver.state().fault is Fault.DISCONNECTED
    with pytest.raises(DeviceError) as told:
        driver.say(CALL, Manner())
    assert told.value.reason is Fault.DISCONNECTED


def test_one_zone_that_is_away_does_not_silence_the_other_and_is_reported(
    loudspeaker: tuple[VirtualSpeaker, str],
) -> None:
    virtual, address = loudspeaker
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    driver = speaker(zones=f"Q3={address} Q4=tcp:127.0.0.1:{port}")
    state = driver.state()
    assert (state.fault, state.may_serve) == (Fault.DISCONNECTED, True)
    assert (state.readings["outlet.Q3"], state.readings["outlet.Q4"]) == ("up", "disconnected")
    assert driver.say(CALL, Manner()) is None
    assert driver.say(CALL, Manner(zone="Q3")) is None
    assert driver.say(CALL, Manner(zone="Q9")) is Unsaid.NO_ZONE
    with pytest.raises(DeviceError):
        driver.say(CALL, Manner(zone="Q4"))
    assert [entry["zone"] for entry in virtual.spoken()] == ["all", "Q3"]


def test_a_missing_program_is_named() -> None:
    driver = speaker(program="no-such-program")
    told = driver.state()
    assert (told.fault, told.may_serve) == (Fault.NO_SERVICE, False)
    with pytest.raises(DeviceError, match="no-such-program"):
        driver.say(CALL, Manner())


def test_a_program_that_gives_no_sound_is_garbled() -> None:
    with pytest.raises(DeviceError) as told:
        speaker(program="true").say(CALL, Manner())
    assert told.value.reason is Fault.GARBLED


def test_a_missing_player_is_named() -> None:
    with pytest.raises(DeviceError) as told:
        Alsa("S1.speaker", program="no-such-player").play(Sound(b"", 1.0), Told(), Manner())
    assert told.value.reason is Fault.NO_SERVICE


@pytest.mark.parametrize(("program", "reason"), [("false", Fault.HARDWARE), ("true", None)])
def test_a_players_end_is_believed(program: str, reason: Fault | None) -> None:
    card = Alsa("S1.speaker", "hw:1", program)
    if reason is None:
        assert card.play(Sound(b"RIFF", 0.1), Told(), Manner())
        return
    with pytest.raises(DeviceError) as told:
        card.play(Sound(b"RIFF", 0.1), Told(), Manner())
    assert told.value.reason is reason


def test_a_sound_card_falls_silent_when_the_sound_is_no_longer_wanted(tmp_path: object) -> None:
    player = tmp_path / "player"  # type: ignore[operator]
    player.write_text("#!/bin/sh\nexec sleep 60\n")
    player.chmod(0o700)
    assert not Alsa("S1.speaker", "", str(player)).play(Sound(b"RIFF", 60.0), Told(), Manner(wanted=lambda: False))


@pytest.mark.parametrize(
    "told", ["", "pulse", "tcp:", "tcp:host", "tcp:host:0", "tcp:host:70000", "tcp::80", "alsa:", "alsa:-x"]
)
def test_an_unknown_outlet_is_refused(told: str) -> None:
    with pytest.raises(DeviceError) as refused:
        outlet(told, "S1.speaker")
    assert refused.value.reason is Fault.OPTION


@pytest.mark.parametrize("told", ["tcp:10.0.0.5:80", "tcp:loud.example:80"])
def test_headphones_are_never_across_a_network(told: str) -> None:
    with pytest.raises(DeviceError, match="of this machine"):
        private_outlet(told, "K1.speaker")


@pytest.mark.parametrize(
    "zones", ["Q3", "=alsa", "Q3=", "Q3,=alsa", "all=alsa", "Q3=alsa Q3=alsa:hw:1", "Q3=alsa Q4=alsa"]
)
def test_zones_that_make_no_sense_are_refused(zones: str) -> None:
    with pytest.raises(DeviceError) as refused:
        outlets_of("alsa", zones, "S1.speaker")
    assert refused.value.reason is Fault.OPTION


def test_an_area_finds_its_zone_and_a_strange_one_is_heard_everywhere() -> None:
    zones = outlets_of("alsa", "Q3,Q5=tcp:10.0.0.5:80 Q4=alsa", "S1.speaker")
    assert [zone_of(area, zones) for area in ("Q3", "Q5", "Q4", "Q9")] == ["Q3,Q5", "Q3,Q5", "Q4", "all"]


@pytest.mark.row("ATT-09", part="rule")
def test_the_volume_follows_the_time_of_day_also_over_midnight() -> None:
    volumes = (Volume(first=720, last=840, percent=50), Volume(first=1_380, last=60, percent=20))
    told = {minute: volume_at(volumes, minute) for minute in (0, 59, 60, 719, 720, 839, 840, 1_379, 1_380)}
    assert told == {0: 20, 59: 20, 60: 100, 719: 100, 720: 50, 839: 50, 840: 100, 1_379: 100, 1_380: 20}


@pytest.mark.parametrize(
    "option",
    [
        {"words_per_minute": 20},
        {"pitch": 200},
        {"volume": -1},
        {"volume": 201},
        {"headphones": "/dev/input/event0"},
        {"headphones": "/dev/input/event0", "headphone_outlet": "alsa"},
    ],
)
def test_an_impossible_voice_is_refused(option: dict[str, object]) -> None:
    with pytest.raises(DeviceError) as refused:
        speaker(**option)
    assert refused.value.reason is Fault.OPTION


@pytest.mark.row("ATT-09", part="rule")
def test_a_slower_voice_takes_longer(loudspeaker: tuple[VirtualSpeaker, str]) -> None:
    virtual, address = loudspeaker
    for speed in (200, 100):
        assert speaker(outlet=address, words_per_minute=speed).say(CALL, Manner()) is None
    quick, slow = (entry["seconds"] for entry in virtual.spoken())
    assert slow > 1.3 * quick


@pytest.mark.parametrize("damage", [b"{}\n", b"hello\n", b'{"caption":"","pinyin":"\\u8bf7","bytes":5}\nabcde'])
def test_the_loudspeaker_refuses_what_is_no_announcement(
    loudspeaker: tuple[VirtualSpeaker, str], damage: bytes
) -> None:
    virtual, address = loudspeaker
    host, _, port = address.removeprefix("tcp:").partition(":")
    with socket.create_connection((host, int(port)), 5) as line:
        line.settimeout(60)
        line.sendall(damage)
        assert line.recv(10) == b""
    assert virtual.state()["refused"] == 1


def test_sound_that_is_no_wav_is_answered_with_garbled(loudspeaker: tuple[VirtualSpeaker, str]) -> None:
    virtual, address = loudspeaker
    host, _, port = address.removeprefix("tcp:").partition(":")
    with pytest.raises(DeviceError) as told:
        NetworkLoudspeaker("S1.speaker", host, int(port)).play(Sound(b"no wave", 1.0), Told("x"), Manner())
    assert told.value.reason in (Fault.GARBLED, Fault.DISCONNECTED)
    assert virtual.spoken() == []


def test_scripted_faults_happen_to_their_announcements_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.devices.speakers.outlets.GRACE_S", 0.3)
    virtual = VirtualSpeaker(speed=100.0, faults="1:refuse 2:silence 3:unplug 5:slow")
    driver = speaker(outlet=f"tcp:{virtual.start()}")
    reasons: list[Fault | None] = []
    for text in ("一", "二", "三", "四", "五"):
        try:
            assert driver.say(text, Manner()) is None
            reasons.append(None)
        except DeviceError as error:
            reasons.append(error.reason)
            if error.reason is Fault.GARBLED:  # hung up in the middle
                virtual.replug()
                wait_for_listener(driver)
    virtual.stop()
    assert reasons == [Fault.REFUSED, Fault.SILENT, Fault.GARBLED, None, None]
    assert [entry["end"] for entry in virtual.spoken()] == ["silence", "unplug", "done", "done"]
    told = virtual.spoken()
    assert told[-1]["ended_mono"] - told[-1]["started_mono"] > told[-1]["seconds"] / 100.0 * 2.5


def wait_for_listener(driver: Speaker) -> None:
    waiting = threading.Event()
    for _ in range(100):
        if driver.state().fault is None:
            return
        waiting.wait(0.05)
    raise AssertionError("it never listens again")


def test_a_sender_that_hangs_up_makes_the_loudspeaker_silent() -> None:
    virtual, ended = VirtualSpeaker(speed=0.1), threading.Event()
    virtual.on_end = lambda _spoken: ended.set()
    driver = speaker(outlet=f"tcp:{virtual.start()}")
    assert driver.say(CALL, Manner(wanted=lambda: False)) is Unsaid.CUT
    assert ended.wait(60)
    virtual.stop()
    assert virtual.spoken()[0]["end"] == "cut"


@pytest.mark.parametrize("told", ["3", "x:slow", "3:fly"])
def test_a_script_that_means_nothing_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match="NUMBER:NAME"):
        script(told)


@pytest.mark.parametrize("noise", [b"", b"RIFF", b"RIFF\0\0\0\0WAVEdata\xff\xff\xff\x7fabcd", b"x" * 64])
def test_what_is_no_sound_is_nothing(noise: bytes) -> None:
    assert wav.settle(noise) is None
