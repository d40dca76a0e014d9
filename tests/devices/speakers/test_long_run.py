"""What stays behind, and the simulators alone, as others run them."""

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.devices.speakers import espeak
from kiosk.devices.speakers.outlets import NetworkLoudspeaker, Told
from kiosk.devices.speakers.wav import FORMAT, settle, written
from kiosk.devices.virtual.headphone_jack import VirtualJack
from kiosk.devices.virtual.speaker import VirtualSpeaker
from kiosk.ports import DeviceError, Fault
from kiosk.speech import Manner
from tests.devices.reconnecting import assert_nothing_leaks, reconnects

TICK = settle(written(FORMAT.pack(1, 1, 8_000, 16_000, 2, 16), b"\1\0" * 8))
MODULE = [sys.executable, "-m", "kiosk.devices.virtual"]


def test_reopened_speakers_leave_nothing_behind(tmp_path: Path) -> None:
    virtual, jack = VirtualSpeaker(speed=1_000.0), VirtualJack(tmp_path / "jack")
    jack.start()
    address = f"tcp:{virtual.start()}"
    assert TICK is not None
    sound = TICK

    def open_speak_close() -> None:
        options = espeak.Options(outlet=address, headphones=str(tmp_path / "jack"), headphone_outlet="tcp:127.0.0.1:1")
        speaker = espeak.connect(options, "K1.speaker")
        speaker.state()
        host, _, port = address.removeprefix("tcp:").partition(":")
        assert NetworkLoudspeaker("K1.speaker", host, int(port)).play(sound, Told("一"), Manner())
        speaker.close()

    for _ in range(200):  # the transcript itself is full before anything is counted
        open_speak_close()
    assert_nothing_leaks(open_speak_close, reconnects(usual=300))
    virtual.stop()
    jack.stop()


def test_the_virtual_speaker_runs_alone_and_prints_its_transcript() -> None:
    command = [*MODULE, "speaker", "--tcp", "0", "--speed", "100", "--fault", "1:refuse", "--transcript"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        speaker = espeak.connect(espeak.Options(outlet=f"tcp:{child.stdout.readline().strip()}"), "S1.speaker")
        with pytest.raises(DeviceError) as told:
            speaker.say("一", Manner())
        assert told.value.reason is Fault.REFUSED
        assert speaker.say("二", Manner()) is None
        assert '"caption": "二"' in child.stdout.readline()
    finally:
        child.terminate()
        child.communicate(timeout=60)


def test_a_script_that_means_nothing_is_wrong_usage() -> None:
    told = subprocess.run(
        [*MODULE, "speaker", "--fault", "1:fly"], capture_output=True, text=True, timeout=20, check=False
    )
    assert told.returncode == 2
    assert "silence, slow, refuse, unplug" in told.stderr


def test_the_virtual_jack_runs_alone(tmp_path: Path) -> None:
    told = subprocess.run(
        [*MODULE, "headphone_jack", "--path", str(tmp_path / "jack")],
        input="plug\nturn\nquit\n",
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert told.returncode == 0
    assert told.stdout.strip() == str(tmp_path / "jack")
    assert "plug, pull, lose, quit" in told.stderr
    (tmp_path / "file").write_text("")
    taken = subprocess.run(
        [*MODULE, "headphone_jack", "--path", str(tmp_path / "file")],
        input="",
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert taken.returncode == 1
