"""The virtual cards at a keyboard, as anybody uses them to try a program of their own; pyscard is the program here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.devices.namespaces import namespaces_allowed

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "kiosk.devices.virtual", "social_card"]
SEEN_BY_ANOTHER_PROGRAM = """
import time
from smartcard.System import readers
from smartcard.util import toBytes
deadline = time.monotonic() + 10
while True:
    try:
        told = readers()
        link = told[1].createConnection()
        link.connect()
        break
    except Exception:
        assert time.monotonic() < deadline
print(*told, sep=",")
print(link.transmit(toBytes("00A404000F7378312E73682EC9E7BBE1B1A3D5CF"))[1:])
link.transmit(toBytes("00A4020002EF06"))
print(bytes(link.transmit(toBytes("00B2080014"))[0][2:]).decode())
"""


@pytest.mark.skipif(not namespaces_allowed(), reason="this machine does not let us make namespaces")
def test_it_stands_alone_with_cards_and_a_keyboard() -> None:
    options = ["--card", "li-he", "--contactless", "--fault", "remove_mid_read 50 on"]
    with subprocess.Popen(
        [*COMMAND, *options], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(line: str) -> str:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
            return process.stdout.readline().strip() if line != "quit" else ""

        csock = process.stdout.readline().strip()
        environment = {**os.environ, "PCSCLITE_CSOCK_NAME": csock}
        program = [sys.executable, "-c", SEEN_BY_ANOTHER_PROGRAM]
        seen = subprocess.run(program, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()
        assert seen == ["Virtual PCD 00 00,Virtual PCD 00 01", "(144, 0)", "000000198907220025"]
        assert "melted" in ask("insert li-he melted")
        assert "insert CARD:text [MANNER:text] [CONTACTLESS:bool]" in ask("insert")
        process.stdin.write("remove on\n")
        assert json.loads(ask("state"))["contactless"]["card"] is None
        ask("quit")
        assert process.wait(60) == 0
    assert not Path(csock).exists()


def test_a_fault_it_does_not_know_is_wrong_usage() -> None:
    done = subprocess.run(
        [*COMMAND, "--card", "nobody"], cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 2
    assert "there is no such card" in done.stderr
