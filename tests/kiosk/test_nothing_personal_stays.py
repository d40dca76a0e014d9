"""A whole enquiry with either card, on a real terminal and hall server; then every file they wrote is searched."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from benchmarks.hall_rig import HALL, MONDAY, ROOT, Rig
from deploy.virtual_hall.waiting import wait_for
from kiosk.devices.virtual.id_faces import IdFace
from kiosk.devices.virtual.printer import VirtualPrinter
from kiosk.devices.virtual.printer_wire import Tcp
from kiosk.devices.virtual.sam import VirtualSam
from tests.kiosk.terminal_with_slot import PIN
from tests.kiosk.test_assembly import ask

NAME, NUMBER, WRONG_PIN = "李和", "000000198907220025", "951753"
LI_HE = IdFace(NAME, NUMBER, "19890722")
OLD = IdFace("陈福", "000000194802110016", "19480211")
STEP_S = 60.0


@dataclass
class Place:
    """One terminal with its devices, in a folder of its own."""

    folder: Path
    sam: VirtualSam
    printer: VirtualPrinter
    process: subprocess.Popen[bytes]

    @property
    def card(self) -> Path:
        return self.folder.parent / "card in slot"

    def touch(self, kind: str, **fields: Any) -> None:
        told = {"op": "happen", "kind": kind, "fields": fields}
        assert ask(self.folder / "debug", _json(told)) == {"ok": True}

    def until(self, step: str, paper: str = "") -> None:
        """Wait for another process: a step, and how its paper is doing."""
        seen: dict[str, Any] = {}

        def look() -> bool:
            if not (self.folder / "debug").exists():
                return False
            seen.update(ask(self.folder / "debug", b'{"op": "state"}'))
            return seen["step"] == step and paper in ("", seen["paper"])

        wait_for(f"{step} {paper}", look, STEP_S, alive=self.lives, seen=lambda: str(seen))

    def lives(self) -> None:
        assert self.process.poll() is None, self.said()

    def said(self) -> str:
        return (self.folder / "stdout").read_text() + (self.folder / "stderr").read_text()


def _json(told: object) -> bytes:
    return json.dumps(told).encode()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    folder = tmp_path / "hall"
    folder.mkdir()
    with Rig(folder) as opened:
        opened.furnish()
        opened.start_broker()
        opened.start_server()
        yield opened


@pytest.fixture
def place(tmp_path: Path, rig: Rig) -> Iterator[Place]:
    folder = tmp_path / "K1"
    surroundings = {"CARD_IN_SLOT": str(tmp_path / "card in slot"), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        surroundings[name] = str(folder / name.lower())
        Path(surroundings[name]).mkdir(parents=True)
    with ExitStack() as standing:
        sam, printer = VirtualSam(read_s=0.05), VirtualPrinter("paper", Tcp())
        standing.callback(sam.stop)
        standing.callback(printer.stop)
        line = sam.start()
        host, port = printer.start().rsplit(":", 1)
        (folder / "password").write_text(rig.password)
        told = {
            "environment": "test",
            "hall": HALL,
            "terminal": "K1",
            "role": "self_service",
            "brokers": [{"port": rig.port}],
            "password_file": str(folder / "password"),
            "state_dir": str(folder / "state"),
            "debug_socket": str(folder / "debug"),
            "clock_offset_s": MONDAY - time.time(),  # noqa: TID251 - the hall's clock, as the rig tells it
            "screen": False,
            "devices": {
                "id_reader": {"driver": "sam_serial", "options": {"port": line}},
                "card_reader": {"driver": "pcsc"},
                "slip_printer": {"driver": "escpos", "options": {"host": host, "port": int(port)}},
            },
        }
        (folder / "kiosk.toml").write_text(tomli_w.dumps(told))
        with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.kiosk.terminal_with_slot", "--config", folder / "kiosk.toml"],
                cwd=folder / "home",
                env=surroundings,
                stdout=out,
                stderr=err,
            )
        standing.callback(process.wait)
        standing.callback(process.kill)
        yield Place(folder, sam, printer, process)


def enquire(place: Place, lay: Callable[[], object]) -> None:
    place.until("Home")
    place.touch("WantsStatement")
    place.touch("ChoseForm", form="contributions")
    place.touch("Agreed")
    place.until("WaitingForCard")
    lay()


def type_pin(place: Place, pin: str) -> None:
    place.until("EnteringPin")
    for digit in pin:
        place.touch("PressedDigit", digit=digit)
    place.touch("ConfirmedDigits")


def leave(place: Place) -> None:
    place.until("ShowingStatement")
    place.touch("HeldEye", down=True)
    place.touch("WantsPaper")
    place.until("ShowingStatement", paper="out")
    place.touch("Ended")
    place.until("Farewell")


def clear_forms(name: str = NAME, number: str = NUMBER) -> dict[str, re.Pattern[bytes]]:
    """Return every form in which a datum could lie about: encodings, and base64 at each alignment (bytes in JSON)."""
    told = {}
    for what, text in (("name", name), ("number", number)):
        for code in ("utf-8", "utf-16-le", "gb18030"):
            raw = text.encode(code)
            told[f"{what} as {code}"] = re.escape(raw)
            for shift in range(3):
                whole = base64.b64encode(b"\0" * shift + raw)
                kept = whole[(shift * 8 + 5) // 6 : (shift + len(raw)) * 8 // 6]
                told[f"{what} as base64 of {code} at {shift}"] = re.escape(kept)
        told[f"{what} as JSON"] = re.escape(text.encode("ascii", "backslashreplace"))
        told[f"{what} in hex"] = re.escape(text.encode().hex().encode())
    for pin in (PIN, WRONG_PIN):
        told[f"PIN {pin}"] = rb"(?<![0-9A-Za-z.])" + pin.encode() + rb"(?![0-9A-Za-z])"
    return {what: re.compile(pattern) for what, pattern in told.items()}


def found_in(folder: Path, name: str = NAME, number: str = NUMBER) -> list[str]:
    return [
        f"{what} in {file.relative_to(folder)}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for what, pattern in clear_forms(name, number).items()
        if pattern.search(file.read_bytes())
    ]


@pytest.mark.row("RGT-03", part="rule")
def test_after_whole_enquiries_no_file_of_terminal_or_server_holds_name_number_or_pin(place: Place, rig: Rig) -> None:
    enquire(place, lambda: place.sam.lay(replace(LI_HE, valid_to="20261122")))
    place.until("CardTrouble")
    place.touch("Ended")
    place.sam.lift()
    place.until("Farewell")
    place.touch("Ended")
    enquire(place, place.card.touch)
    type_pin(place, WRONG_PIN)
    type_pin(place, PIN)
    leave(place)
    place.card.unlink()  # the farewell then takes its time, in which the reader sees that the first card is gone
    enquire(place, lambda: place.sam.lay(LI_HE))
    leave(place)
    place.touch("Ended")
    assert len([paper for paper in place.printer.papers if "QH-20261123-K1" in paper.text]) == 2
    place.until("Home")
    assert rig.server is not None
    for process in (place.process.pid, rig.server.pid):
        limits = Path(f"/proc/{process}/limits").read_text()
        assert re.search(r"Max core file size +0 +0 ", limits), "a core file would hold what memory holds"
    place.process.send_signal(signal.SIGTERM)
    assert place.process.wait(60) == 0, place.said()
    assert rig.stop_server() == 0
    journal = b"".join(file.read_bytes() for file in (place.folder / "state").iterdir())
    assert b"QH-20261123-K1-000002" in journal, "the journal was not where it was looked for"
    assert b"StatementPrepared" in (rig.folder / "ledger.sqlite").read_bytes()
    assert found_in(place.folder.parent) == []
    written = [*(place.folder / "state").iterdir(), place.folder / "state", *rig.folder.glob("ledger.sqlite*")]
    assert [file.name for file in written if file.stat().st_mode & 0o077] == []


def take_by_card(place: Place, face: IdFace, *, offered: bool) -> None:
    place.until("Home")
    place.touch("WantsTicket")
    place.touch("UsesCard")
    place.until("LayingCard")
    place.sam.lay(face)
    if offered:
        place.until("OfferingPriority")
        place.touch("AnsweredOffer", wants=True)
    place.until("ChoosingGroup")
    place.touch("ChoseGroup", group="card")
    place.touch("ChoseItem", item="SI-701")


def next_person(place: Place) -> None:
    place.sam.lift()
    place.touch("Ended")
    place.until("Farewell")
    place.until("Home")  # the farewell takes its time, in which the reader misses the first card often enough


@pytest.mark.row("QUE-11", part="face")
def test_two_people_take_numbers_by_card_one_of_them_twice_and_nothing_of_them_stays(place: Place, rig: Rig) -> None:
    take_by_card(place, OLD, offered=True)
    place.until("ShowingTicket", paper="out")
    next_person(place)
    take_by_card(place, OLD, offered=True)
    place.until("HoldingAlready")
    place.touch("WantsPaper")
    place.until("ShowingTicket", paper="out")
    next_person(place)
    take_by_card(place, LI_HE, offered=False)
    place.until("ShowingTicket", paper="out")
    first, again, other = (paper.text for paper in place.printer.papers)
    assert "Y001" in first
    assert "Y001" in again
    assert "补打" in again
    assert "H001" in other
    for paper in (first, again, other):
        assert not [word for word in ("老", "岁", "敬老", OLD.name, OLD.number, NUMBER) if word in paper], paper
    place.process.send_signal(signal.SIGTERM)
    assert place.process.wait(60) == 0, place.said()
    assert rig.stop_server() == 0
    kept = (rig.folder / "ledger.sqlite").read_bytes()
    assert b"PriorityGranted" in kept
    assert b"elderly" not in kept
    assert found_in(place.folder.parent) == []
    for file in (each for each in place.folder.parent.rglob("*") if each.is_file()):
        assert OLD.number.encode() not in file.read_bytes(), file


def test_the_search_finds_what_lies_about(tmp_path: Path) -> None:
    for number, told in enumerate(
        (
            NAME.encode(),
            NUMBER.encode(),
            NAME.encode("gb18030"),
            f'{{"pin":"{PIN}"}}'.encode(),
            base64.b64encode(f'{{"name":"{NAME}","number":"{NUMBER}"}}'.encode()),
            base64.b64encode(f'{{"kind": "x", "number":"{NUMBER}"}}'.encode()),
            _json({"name": NAME}),
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "journal").write_bytes(b"\x00\x01" + told + b"\x02")
        assert found_in(folder), told
