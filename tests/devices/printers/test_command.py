"""The virtual printer as a program."""

import argparse
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from kiosk.devices.virtual.__main__ import main
from kiosk.devices.virtual.printer import add_arguments


def test_the_program_prints_to_files_and_obeys_hands(tmp_path: Path) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "kiosk.devices.virtual", "printer", "--out", str(tmp_path), "--rows-per-s", "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with started as program:
        assert program.stdin is not None
        assert program.stdout is not None
        host, port = program.stdout.readline().strip().rsplit(":", 1)
        assert "paper_out" in program.stdout.readline()
        program.stdin.write("near_end\nnonsense\n")
        program.stdin.flush()
        assert program.stdout.readline() == "done\n"
        assert program.stdout.readline().startswith("unknown action")
        with socket.create_connection((host, int(port)), timeout=60) as line:
            line.sendall(b"\x10\x04\x04\x1c&" + "取号".encode("gbk") + b"\n\x1dV\x00")
            assert line.recv(1) == b"\x1e"
        path = Path(program.stdout.readline().strip())
        with Image.open(path) as paper:
            assert paper.width == 640
        program.send_signal(signal.SIGTERM)
        assert program.wait(60) == 0


def test_the_program_offers_a_serial_line_to_a_58_mm_printer(tmp_path: Path) -> None:
    told = ["--pty", str(tmp_path / "line"), "--paper", "58", "--out", str(tmp_path / "out"), "--baud", "115200"]
    started = subprocess.Popen(
        [sys.executable, "-m", "kiosk.devices.virtual", "printer", *told, "--rows-per-s", "0"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with started as program:
        assert program.stdout is not None
        assert program.stdout.readline().strip() == str(tmp_path / "line")
        assert "near_end_then_out" in program.stdout.readline()
        line = os.open(tmp_path / "line", os.O_RDWR | os.O_NOCTTY)
        os.write(line, b"\x1b@A012\n\x1dV\x00")
        with Image.open(program.stdout.readline().strip()) as paper:
            assert paper.width == 384 + 64
        os.close(line)
        program.send_signal(signal.SIGTERM)
        assert program.wait(60) == 0


def test_a_model_by_name_is_as_wide_as_its_profile(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    told = parser.parse_args(["--tcp", "0", "--profile", "sprt_58", "--out", str(tmp_path)])
    assert (told.tcp, told.profile) == (0, "sprt_58")
    with pytest.raises(SystemExit):
        parser.parse_args(["--profile", "nonesuch"])
    with pytest.raises(SystemExit):
        parser.parse_args(["--tcp", "1", "--pty", "x"])


def test_an_unknown_device_is_wrong_usage() -> None:
    assert main(["fax"]) == 2
    assert main([]) == 2
    assert main(["--help"]) == 0
