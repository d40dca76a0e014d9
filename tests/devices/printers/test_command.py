"""The virtual printer as a program."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

from PIL import Image

from kiosk.devices.virtual.__main__ import main


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
        with socket.create_connection((host, int(port)), timeout=5) as line:
            line.sendall(b"\x10\x04\x04\x1c&" + "取号".encode("gbk") + b"\n\x1dV\x00")
            assert line.recv(1) == b"\x1e"
        path = Path(program.stdout.readline().strip())
        with Image.open(path) as paper:
            assert paper.width == 640
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0


def test_an_unknown_device_is_wrong_usage() -> None:
    assert main(["fax"]) == 2
    assert main([]) == 2
    assert main(["--help"]) == 0
