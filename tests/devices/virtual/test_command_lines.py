"""The virtual devices as commands: wrong usage is 2, what cannot begin is 1 with a sentence, an end asked for is 0."""

import io
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.devices.virtual import line_console, standing_alone
from kiosk.devices.virtual.__main__ import main
from kiosk.devices.virtual.led_bars import VirtualLedBars
from kiosk.devices.virtual.link_claims import LinkClaim
from kiosk.devices.virtual.serial_lines import PtyLine, lay_link, take_link
from kiosk.devices.virtual.sheet_printer import VirtualSheetPrinter

LINES = ["led_bars", "queue_bars", "keypads"]


@pytest.fixture(autouse=True)
def _same_handler() -> object:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    "wrong",
    [
        "printer --tcp 65536",
        "printer --baud 0",
        "printer --width -3",
        "printer --rows-per-s -1",
        "sam --tcp -1",
        "sam --baud fast",
        "sam --read-s -1",
        "led_bars --pty --addresses 7,seven",
        "led_bars --pty --addresses ,",
        "led_bars --pty --addresses 7,7",
        "queue_bars --pty --addresses 255",
        "keypads --pty --address 255",
        "scanner --baud -1",
        "speaker --speed 0",
        "speaker --speed nan",
        "speaker --tcp 99999",
        "sheet_printer --port 99999",
        "sheet_printer --page-s inf",
    ],
)
def test_an_impossible_value_is_wrong_usage(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(wrong.split())
    assert ended.value.code == 2
    assert "error: argument --" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["printer --tcp", "sam --tcp", "speaker --tcp", "sheet_printer --port"])
def test_a_port_in_use_is_told_in_one_line(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = [*command.split(), str(taken.getsockname()[1])]
        if "printer" in command:
            words += ["--out", str(tmp_path)]
        assert main(words) == 1
    told = capsys.readouterr().err
    assert "Address already in use" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("command", ["printer --pty", "sam --link", "led_bars --link", "scanner --link"])
def test_a_file_is_never_taken_for_a_line(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    words = [*command.split(), str(precious)]
    if "printer" in command:
        words += ["--out", str(tmp_path / "out")]
    assert main(words) == 1
    assert precious.read_text() == "keep me"
    assert str(precious) in capsys.readouterr().err


def test_a_link_that_was_left_behind_is_replaced_and_another_ones_is_left_alone(tmp_path: Path) -> None:
    link = tmp_path / "line"
    link.symlink_to("/dev/pts/of-a-killed-program")
    first, second = PtyLine(link), PtyLine(link)
    first.plug()
    leads_to = link.readlink()
    for _ in range(2):
        with pytest.raises(OSError, match="another device of this program serves this path"):
            second.plug()
    assert link.readlink() == leads_to
    first.unplug()
    with pytest.raises(OSError, match="serves this path already"):
        second.plug()  # a cable that is out is still the first one's
    first.leave()
    second.plug()
    first.unplug()
    assert link.is_symlink()
    second.leave()
    assert not link.is_symlink()
    lay_link(link, "/dev/pts/a")
    take_link(link, "/dev/pts/b")
    assert str(link.readlink()) == "/dev/pts/a"


PLACES = {"printer": "--pty", "headphone_jack": "--path"}


@pytest.mark.parametrize("name", ["sam", "scanner", "printer", "headphone_jack", "led_bars"])
def test_who_comes_second_is_told_who_serves_the_path_and_a_killed_one_leaves_it_free(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = [PLACES.get(name, "--link"), str(tmp_path / "line")]
    out = ["--out", str(tmp_path / "out")] if name == "printer" else []
    command = [sys.executable, "-m", "kiosk.devices.virtual", name, *place, *out]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        try:
            assert first.stdout is not None
            assert first.stdout.readline()
            stands = (tmp_path / "line").lstat().st_ino
            assert main([name, *place, *out]) == 1
            told = capsys.readouterr().err
            assert f"process {first.pid} (" in told
            assert "serves this path already" in told
            assert str(tmp_path / "line") in told
            assert (tmp_path / "line").lstat().st_ino == stands
        finally:
            first.kill()
            first.wait(60)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as next_one:
        try:
            assert next_one.stdout is not None
            assert next_one.stdout.readline()
        finally:
            next_one.terminate()
            assert next_one.wait(60) == 0


def test_a_path_is_the_same_however_it_is_written_and_other_paths_are_free(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    first, same, other = (LinkClaim(tmp_path / place) for place in ("a/line", "b/../a/line", "a/other"))
    first.take()
    first.take()
    other.take()
    with pytest.raises(OSError, match="serves this path already"):
        same.take()
    first.give_back()
    first.give_back()
    same.take()
    for claim in (same, other):
        claim.give_back()


@pytest.mark.parametrize("name", [*LINES, "printer"])
def test_quit_ends_it_when_lines_come_from_a_pipe(name: str, tmp_path: Path) -> None:
    place = ["--out", str(tmp_path)] if name == "printer" else ["--pty"]
    command = [sys.executable, "-m", "kiosk.devices.virtual", name, *place]
    ended = subprocess.run(command, input="state\nquit\n", capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert '"plugged": true' in ended.stdout


@pytest.mark.parametrize("name", [*LINES, "speaker", "headphone_jack"])
def test_a_signal_ends_it_and_nothing_stays(name: str, tmp_path: Path) -> None:
    place = {"speaker": ["--tcp", "0"], "headphone_jack": ["--path", str(tmp_path / "line")]}
    told = place.get(name, ["--link", str(tmp_path / "line")])
    command = [sys.executable, "-m", "kiosk.devices.virtual", name, *told]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as alone:
        assert alone.stdout is not None
        assert alone.stdout.readline()
        alone.send_signal(signal.SIGTERM)
        assert alone.wait(60) == 0
    assert not list(tmp_path.iterdir())


def test_a_number_that_makes_no_sense_is_not_obeyed() -> None:
    bars, out = VirtualLedBars((7,)), io.StringIO()
    asked = ["busy 7 -3", "slow inf", "slow nan", "slow -1"]
    line_console.obey(bars, asked, out)
    assert [line.split()[1] for line in out.getvalue().splitlines()] == ["needs:"] * 4

    def slow(seconds: float) -> None:
        raise AssertionError(seconds)

    for line in asked[1:]:
        with pytest.raises(standing_alone.CannotError):
            standing_alone.perform({"slow": slow}, line)


def test_a_filled_tray_is_no_longer_low() -> None:
    printer = VirtualSheetPrinter()
    printer.actions["paper_low"]()
    assert printer.state()["paper"] == "low"
    printer.actions["load_paper"]()
    assert printer.state()["paper"] == "ok"
