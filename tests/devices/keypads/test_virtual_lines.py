"""The virtual lines alone: a typed console, a program of their own, silence where the real device is silent."""

import io
import subprocess
import sys
import time

import pytest
import serial

from kiosk.devices.keypads import pad_frames
from kiosk.devices.led_bars import queue_frames
from kiosk.devices.virtual import line_console
from kiosk.devices.virtual.bench_devices import build
from kiosk.devices.virtual.bench_settings import DevicePlan
from kiosk.devices.virtual.keypads import VirtualKeypads
from kiosk.devices.virtual.queue_bars import VirtualQueueBars
from kiosk.devices.virtual.served_line import NOISE, spoilt


def typed(*lines: str) -> list[str]:
    out = io.StringIO()
    pads = VirtualKeypads()
    line_console.obey(pads, lines, out)
    pads.stop()
    return out.getvalue().splitlines()


def test_typed_lines_work_the_device_and_mistakes_are_told_what_there_is() -> None:
    told = typed(
        "press recall", "enter 2468", "digit x", "press sing", "dance", "grade 1 2", "", "state", "quit", "state"
    )
    assert told[:2] == ["ok", "ok"]
    assert told[2] == "digit needs: value: int"
    assert told[3].startswith("press needs")
    assert told[4].startswith("there are: state, quit, answer, bad_sum")
    assert told[5].startswith("grade needs")
    assert len(told) == 7
    assert '"waiting": ""' in told[6]
    assert "2468" not in "".join(told)


def test_a_frame_is_spoilt_as_asked() -> None:
    assert spoilt(b"abcd", "noise") == NOISE + b"abcd"
    assert spoilt(b"abcd", "truncate") == b"ab"
    assert spoilt(b"abcd", "wrong_length") == b"abd"
    assert spoilt(b"abcd", "") == b"abcd"


@pytest.mark.parametrize("name", ["keypads", "queue_bars", "led_bars"])
def test_each_can_be_used_alone(name: str) -> None:
    command = [sys.executable, "-m", "kiosk.devices.virtual", name, "--pty"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as alone:
        assert alone.stdin is not None
        assert alone.stdout is not None
        port = alone.stdout.readline().strip()
        assert port.startswith("/dev/pts/")
        if name == "keypads":
            with serial.Serial(port, 9_600, timeout=60) as line:
                alone.stdin.write("press call\n")
                alone.stdin.flush()
                wanted = pad_frames.encode(pad_frames.PadFrame(1, 1, b"\x0c"))
                assert line.read(len(wanted)) == wanted
        alone.stdin.write("state\n")
        alone.stdin.flush()
        while "plugged" not in (told := alone.stdout.readline()):
            assert told == "ok\n"
        alone.terminate()


def test_the_bench_builds_them_by_name() -> None:
    for kind, options in (("keypads", {"address": 3}), ("queue_bars", {"addresses": "1,2"})):
        standing = build(DevicePlan(name=f"x.{kind}", kind=kind, options=options), {}, lambda _name, _paper: None)  # type: ignore[arg-type]
        assert {"unplug", "replug"} <= set(standing.actions)
        standing.device.start()
        assert standing.device.state()["plugged"] is True
        standing.device.stop()


def test_bytes_take_their_time_at_the_baud_rate() -> None:
    pads = VirtualKeypads(baud=1_200)
    port = pads.start()
    with serial.Serial(port, timeout=60) as line:
        begun = time.monotonic()
        pads.press("call")
        line.read(10)
        assert time.monotonic() - begun >= 10 * 10 / 1_200 * 0.9
    pads.stop()


def test_a_queue_bar_never_answers_anything() -> None:
    bars = VirtualQueueBars((7,))
    for heard in (queue_frames.encode(queue_frames.BarFrame(7, "A001")), b"", bytes(200), b""):
        assert bars._hear(heard) == b""
    assert bars.state()["damaged"] >= 2
    bars.stop()
