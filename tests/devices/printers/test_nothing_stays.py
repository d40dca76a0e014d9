"""What a printer's line and its papers leave behind: nothing."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hall.ids import JobId
from kiosk.devices.slip_printers.escpos import EscPosPrinter, connect
from kiosk.devices.slip_printers.options import open_line
from kiosk.devices.slip_printers.usb import usb_line, wanted
from kiosk.devices.virtual.printer import Pty
from kiosk.ports import PrintOutcome
from tests.devices.printers.room import SHORT, SLIP, Room, papers
from tests.devices.printers.usb_bus import Bus, Plugged
from tests.devices.reconnecting import assert_nothing_leaks, reconnects

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("transport", ["tcp", "serial", "usb"])
def test_nothing_leaks_over_all_reconnects(room: Room, tmp_path: Path, transport: str) -> None:
    printer = room.printer(Pty(tmp_path / "printer") if transport == "serial" else None)
    address = str(printer.state()["address"])
    bus = Bus()
    if transport == "usb":
        bus.plug(Plugged(printer))
        options = dataclasses.replace(SHORT, transport="usb", answer_wait_s=5.0)
    elif transport == "serial":
        options = dataclasses.replace(SHORT, transport="serial", path=address, answer_wait_s=5.0)
    else:
        options = dataclasses.replace(SHORT, port=int(address.rsplit(":", 1)[1]), answer_wait_s=5.0)
    line_of = (lambda o: usb_line(wanted(o.usb), bus)) if transport == "usb" else open_line

    def open_ask_close() -> None:
        driver = EscPosPrinter(options, "K1.slip_printer", room.told, line_of)
        assert driver.state().fault is None
        driver.close()

    assert_nothing_leaks(open_ask_close, reconnects(200))
    assert bus.open_handles() == 0


def test_nothing_leaks_over_jobs(room: Room) -> None:
    printer = room.printer()
    address = str(printer.state()["address"])
    options = dataclasses.replace(SHORT, port=int(address.rsplit(":", 1)[1]))

    def print_and_close() -> None:
        driver = connect(options, "K1.slip_printer", room.told)
        assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.PROCESSED
        driver.close()
        papers(printer, 1)
        printer._papers.clear()  # pictures of paper are no leak of the driver's

    assert_nothing_leaks(print_and_close, reconnects(usual=100))


WATCHED = """
import json, os, sys, tempfile
written = []
watching = [False]
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
MAKING = ("os.mkdir", "os.rename", "os.link", "os.symlink", "tempfile.mkstemp", "tempfile.mkdtemp", "shutil.copyfile",
          "sqlite3.connect", "subprocess.Popen", "os.memfd_create", "mmap.__new__")

def hook(event, args):
    if not watching[0]:
        return
    if event == "open":
        path, mode, flags = args
        writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & WRITING)
        if writes and not str(path).startswith("/dev/"):
            written.append([event, str(path)])
    elif event in MAKING:
        written.append([event, ""])

sys.addaudithook(hook)
from hall.ids import JobId
from kiosk.devices.slip_printers.escpos import Options, connect
from kiosk.devices.virtual.printer import Tcp, VirtualPrinter
from tests.devices.printers.samples import NAMES, STATEMENT

printer = VirtualPrinter("watched", Tcp())
port = int(printer.start().rsplit(":", 1)[1])
driver = connect(Options(port=port, profile="epson_tm_t82_cn"), "K1.slip_printer", lambda job, fault: None)
watching[0] = True
outcomes = [driver.print(JobId(str(number)), slip).outcome.value for number, slip in enumerate((STATEMENT, NAMES))]
driver.close()
watching[0] = False
printer.wait_until(lambda it: len(it.papers) == 2, 60)
printer.stop()
print(json.dumps({"outcomes": outcomes, "written": written, "papers": len(printer.papers)}))
"""


def test_a_statement_never_touches_a_disk_on_its_way_to_the_paper(tmp_path: Path) -> None:
    places = {name: str(tmp_path / name) for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")}
    for place in places.values():
        Path(place).mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED],
        cwd=tmp_path,
        env={**os.environ, **places, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = json.loads(ran.stdout)
    assert told == {"outcomes": ["printed", "printed"], "written": [], "papers": 2}
    left = [path for place in places.values() for path in Path(place).rglob("*") if path.is_file()]
    assert [path for path in left if "fontconfig" not in path.parts] == []
    assert "000000200101010096" not in ran.stdout + ran.stderr
