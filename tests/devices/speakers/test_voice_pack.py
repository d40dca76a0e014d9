"""Recorded clips joined: golden samples, longest match, whole sentences only; and the script that builds a pack."""

from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy import voice_pack as builder
from hall.errors import HallError
from hall.ids import TicketLabel, WindowId
from hall.speech.phrases import call_spoken
from hall.speech.spoken import PAUSES, SILENT
from kiosk.devices.speakers import clips, pcm, voice_pack, wav
from kiosk.devices.speakers.pcm import Pcm
from kiosk.devices.virtual.speaker import VirtualSpeaker
from kiosk.ports import DeviceError, Fault
from kiosk.speech import Manner, Speaker, Unsaid

RATE = 8_000
LEVELS = {"请": 1, "A": 2, "零": 3, "一": 4, "二": 5, "号": 6, "到": 7, "三": 8, "窗口办理": 9, "号到": 10, "幺": 11}
"""Text to the value of all samples of its clip, ten each: what was joined can be read off the samples."""
HALL = Path("deploy/packs/qinghe")


def clip(level: int, samples: int = 10) -> Pcm:
    return Pcm(RATE, array("h", [level * 100] * samples))


def write(folder: Path, *, language: str = "zh", more: str = "", levels: dict[str, int] = LEVELS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for level in levels.values():
        (folder / f"{level}.wav").write_bytes(pcm.to_wav(clip(level)).wav)
    files = "".join(f'"{text}" = "{level}.wav"\n' for text, level in levels.items())
    told = f'name = "test"\nlanguage = "{language}"\nrate = {RATE}\ngap_ms = 1\npause_ms = 2\n{more}[clips]\n{files}'
    (folder / "voice.toml").write_text(told, encoding="utf-8")
    return folder


def heard(sound: bytes) -> list[int]:
    """Return the runs of samples as level, or minus their length for quiet."""
    told = pcm.of_wav(sound)
    assert told is not None
    runs: list[int] = []
    place = 0
    while place < len(told.samples):
        length = 1
        while place + length < len(told.samples) and told.samples[place + length] == told.samples[place]:
            length += 1
        runs.append(told.samples[place] // 100 if told.samples[place] else -length)
        place += length
    return runs


@pytest.fixture
def loudspeaker() -> Iterator[tuple[VirtualSpeaker, str]]:
    virtual = VirtualSpeaker(speed=100.0)
    address = virtual.start()
    yield virtual, f"tcp:{address}"
    virtual.stop()


def speaker(folder: Path, address: str, **more: object) -> Speaker:
    options = voice_pack.Options(folder=str(folder), outlet=address, **more)  # type: ignore[arg-type]
    return voice_pack.connect(options, "S1.speaker")


@pytest.mark.row("ATT-09", part="face")
@pytest.mark.row("QUE-04", part="face")
def test_a_call_is_its_clips_digit_by_digit_in_order_with_gaps_between(
    loudspeaker: tuple[VirtualSpeaker, str], tmp_path: Path
) -> None:
    virtual, address = loudspeaker
    driver = speaker(write(tmp_path), address)
    assert driver.say(call_spoken(TicketLabel("A012"), WindowId("3")), Manner()) is None
    sound = virtual.sound(1)
    assert sound is not None
    gap = -8  # 1 ms at 8,000 samples a second
    assert heard(sound) == [1, gap, 2, gap, 3, gap, 4, gap, 5, gap, 10, gap, 8, gap, 6, gap, 9]
    assert virtual.spoken()[0]["pinyin"] == ""
    assert driver.state().readings["voice_pack"] == "zh:test"


def test_a_comma_is_a_pause_and_takes_the_place_of_the_gap() -> None:
    voice = clips.ClipVoice(
        clips.VoiceFile(name="t", rate=RATE, gap_ms=1, pause_ms=2, clips={"一": "x"}), {"一": clip(4)}, 1
    )
    voiced = voice.make("一，一一", "zh")
    assert voiced is not None
    assert heard(pcm.to_wav(voiced.pcm).wav) == [4, -16, 4, -8, 4]


def test_one_among_digits_is_said_as_the_pack_says_it_and_a_window_stays_a_number() -> None:
    voice = clips.ClipVoice(clips.VoiceFile(name="t", clips={"一": "x"}, digit_one="幺"), {}, 1)
    assert voice.spaced("请 A 一 一 二 号 到 一 号 窗口") == "请 A 幺 幺 二 号 到 一 号 窗口"
    assert voice.spaced("十一 号") == "十一 号"


def test_the_longest_words_win_but_never_leave_a_rest() -> None:
    words = dict.fromkeys(("十四", "十四号", "号窗口", "窗口办理"))
    assert clips.split("十四号窗口", words, 4) == (["十四", "号窗口"], ())
    assert clips.split("十四号窗口办理", words, 4) == (["十四号", "窗口办理"], ())
    assert clips.split("到十四号", words, 4) == (["十四号"], ("到",))


@given(st.lists(st.sampled_from(["请", "号", "号到", "到", "十四", "四"]), max_size=12))
def test_what_is_made_of_clips_is_always_found_and_put_together_again(words: list[str]) -> None:
    found, missing = clips.split(" ".join(words), dict.fromkeys(["请", "号", "号到", "到", "十四", "四"]), 2)
    assert missing == ()
    assert "".join(found) == "".join(words)
    assert len(found) <= len(words)


@given(st.text(max_size=40), st.sets(st.text(min_size=1, max_size=3), max_size=6))
def test_no_text_breaks_the_splitter_and_nothing_of_it_is_lost(text: str, words: set[str]) -> None:
    known = {word for word in words if not set(word) & SILENT}
    found, missing = clips.split(text, dict.fromkeys(known), 3)
    assert all(word in known or word in PAUSES for word in found)
    assert bool(missing) == ("".join(found) != "".join(sign for sign in text if sign not in SILENT))


def test_a_sentence_with_a_missing_clip_is_spoken_whole_by_the_other_voice_and_the_clip_is_named(
    loudspeaker: tuple[VirtualSpeaker, str], tmp_path: Path
) -> None:
    virtual, address = loudspeaker
    driver = speaker(write(tmp_path), address)
    assert driver.say("请 B 零 一 二 号 到 四 号 窗口办理", Manner()) is None
    assert virtual.spoken()[0]["pinyin"].startswith("qing3 bi4 ling2 yi1 er4 hao4 dao4 si4")
    assert driver.state().readings["lacking"] == "B、四"


def test_without_another_voice_it_is_for_the_screens_only(
    loudspeaker: tuple[VirtualSpeaker, str], tmp_path: Path
) -> None:
    driver = speaker(write(tmp_path), loudspeaker[1], program="")
    assert driver.say("请 B 号", Manner()) is Unsaid.NO_VOICE
    assert driver.say("请 A 号", Manner()) is None
    readings = driver.state().readings
    assert (readings["fallback"], readings["lacking"]) == ("absent", "B")


def test_each_language_has_its_own_folder(loudspeaker: tuple[VirtualSpeaker, str], tmp_path: Path) -> None:
    write(tmp_path / "zh")
    write(tmp_path / "bo", language="bo", levels={"ཀ": 20})
    driver = speaker(tmp_path, loudspeaker[1])
    assert driver.say("ཀ", Manner(language="bo")) is None
    sound = loudspeaker[0].sound(1)
    assert sound is not None
    assert heard(sound) == [20]
    assert driver.state().readings["voice_pack"] == "bo:test,zh:test"


@pytest.mark.row("ATT-09", part="face")
def test_the_volume_of_the_hour_is_in_the_samples(loudspeaker: tuple[VirtualSpeaker, str], tmp_path: Path) -> None:
    virtual, address = loudspeaker
    driver = speaker(write(tmp_path, levels={"一": 100}), address)
    for number, volume in enumerate((100, 50, 0), 1):
        assert driver.say("一", Manner(volume=volume)) is None
        sound = pcm.of_wav(virtual.sound(number) or b"")
        assert sound is not None
        assert set(sound.samples) == {int(10_000 * pcm.gain(volume))}


@given(st.integers(0, 200), st.integers(0, 200), st.lists(st.integers(-32_768, 32_767), max_size=50))
def test_loudness_never_falls_with_the_percentage_and_never_wraps(one: int, other: int, samples: list[int]) -> None:
    low, high = sorted((one, other))
    told = Pcm(RATE, array("h", samples))
    quiet, loud = pcm.louder(told, low), pcm.louder(told, high)
    assert all(abs(a) <= abs(b) for a, b in zip(quiet.samples, loud.samples, strict=True))
    assert all(a == 0 or (a > 0) == (b > 0) for a, b in zip(loud.samples, told.samples, strict=True))
    assert pcm.louder(told, 100) is told


@given(
    st.lists(st.integers(-32_768, 32_767), min_size=1, max_size=60), st.sampled_from([8_000, 16_000, 22_050, 44_100])
)
def test_samples_survive_a_file_and_another_rate_keeps_length_and_bounds(samples: list[int], rate: int) -> None:
    told = Pcm(16_000, array("h", samples))
    assert pcm.of_wav(pcm.to_wav(told).wav) == told
    other = pcm.at_rate(told, rate)
    assert abs(other.seconds - told.seconds) <= 1 / min(rate, 16_000)
    assert not other.samples or (min(other.samples) >= min(samples) and max(other.samples) <= max(samples))


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        ('rate = 8000\nname="x"\n[clips]\n"一"="none.wav"', "the clip is missing"),
        ('rate = 8000\nname="x"\n[clips]\n"一"="../4.wav"', "beside voice.toml"),
        ('rate = 16000\nname="x"\n[clips]\n"一"="4.wav"', "16-bit mono"),
        ('rate = 1\nname="x"\n[clips]\n"一"="4.wav"', "rate must be"),
        ('rate = 8000\nname="x"\ngap_ms=99999\n[clips]\n"一"="4.wav"', "gap_ms"),
        ('rate = 8000\nname="x"\ndigit_one="壹"\n[clips]\n"一"="4.wav"', "digit_one"),
        ('rate = 8000\nname="x"\n[clips]\n', "1 to 2000"),
        ('rate = 8000\nname="x"\ncolour="red"\n[clips]\n"一"="4.wav"', "colour"),
        ("no toml", "cannot be read"),
    ],
)
def test_a_pack_that_does_not_fit_is_refused_by_name(tmp_path: Path, spoil: str, named: str) -> None:
    write(tmp_path)
    (tmp_path / "voice.toml").write_text(spoil, encoding="utf-8")
    with pytest.raises(DeviceError) as told:
        speaker(tmp_path, "alsa")
    assert told.value.reason is Fault.OPTION
    assert named in told.value.sentence


def test_a_folder_without_a_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=r"voice\.toml"):
        speaker(tmp_path / "none", "alsa")


# ---- the script --------------------------------------------------------------------------------------------------


def test_the_demo_pack_says_every_call_of_its_hall_by_clips_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert builder.main(["demo", str(tmp_path), "--pack", str(HALL)]) == 0
    assert "0 missing" in capsys.readouterr().out
    voice = clips.read(tmp_path)
    for label, window in (("A012", "3"), ("Y003", "14"), ("B12-K3", "10")):
        voiced = voice.make(call_spoken(TicketLabel(label), WindowId(window), recalled=True), "zh")
        assert voiced is not None
        assert voiced.lacking == ()
        assert voiced.pcm.seconds > 1.0


def test_recordings_are_brought_to_one_rate_and_loudness_and_what_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recordings = tmp_path / "in"
    recordings.mkdir()
    quiet = array("h", [0] * 16_000)
    loud = array("h", [1_000, -1_000] * 4_000)
    (recordings / "请.wav").write_bytes(pcm.to_wav(Pcm(16_000, quiet + loud + quiet)).wav)
    (recordings / "号.wav").write_bytes(pcm.to_wav(Pcm(44_100, quiet)).wav)
    (recordings / "到.wav").write_bytes(b"no sound")
    assert builder.main(["cut", str(recordings), str(tmp_path / "out"), "--pack", str(HALL)]) == 1
    told = capsys.readouterr()
    assert "窗口办理" in told.out
    assert told.err.count("left out") == 2
    voice = clips.read(tmp_path / "out")
    assert list(voice.clips) == ["请"]
    made = voice.clips["请"]
    assert made.rate == builder.RATE
    assert made.seconds == pytest.approx(0.53, abs=0.02)
    assert pcm.peak(made) == pytest.approx(builder.PEAK, rel=0.01)
    assert made.samples[0] == made.samples[-1] == 0


def test_a_hall_pack_that_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert builder.main(["check", str(tmp_path), "--pack", str(tmp_path)]) == 1
    assert "hall.toml" in capsys.readouterr().err


def test_a_stereo_or_eight_bit_file_is_no_clip() -> None:
    stereo = wav.written(wav.FORMAT.pack(1, 2, RATE, RATE * 4, 4, 16), b"\0" * 8)
    narrow = wav.written(wav.FORMAT.pack(1, 1, RATE, RATE, 1, 8), b"\0" * 8)
    assert pcm.of_wav(stereo) is None
    assert pcm.of_wav(narrow) is None


def test_errors_of_a_pack_are_the_houses(tmp_path: Path) -> None:
    with pytest.raises(HallError):
        clips.read(tmp_path)
