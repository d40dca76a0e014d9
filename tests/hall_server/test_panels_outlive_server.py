"""Two panel programs, a broker and a hall server as processes: the server is killed, the windows go on calling."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from benchmarks.hall_rig import HALL, MONDAY, PIN, ROOT, Rig, Terminal, new_id
from hall.commands import Leased, LeaseLabel
from hall.events import TicketIssued
from hall.ids import ItemCode, TicketId
from hall.outage.sharing import ALONE_RULE
from hall.wire.peers import PeerSaid
from hall_server.ledger import audit
from hall_server.ledger.store import open_ledger
from tests.hall_server.conftest import meet

PENSION = ItemCode("SI-301")
"""Windows 7 and 14 both do it."""
PEOPLE = 9
LIMIT_S = 20.0


def until(happened: Callable[[], object], what: str) -> None:
    """Wait until something is so; fail by name within the limit."""
    pause, end = threading.Event(), time.monotonic() + LIMIT_S
    while not happened():
        assert time.monotonic() < end, f"{what} did not happen in {LIMIT_S} s"
        pause.wait(0.05)


@dataclass
class PanelProgram:
    """A window panel without a screen, pressed through its debug socket."""

    rig: Rig
    name: str
    window: str
    staff: str
    offset_s: float
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        folder = self.rig.folder / self.name
        folder.mkdir()
        password = folder / "password"
        password.write_text(self.rig.password)
        password.chmod(0o600)
        self._socket = folder / "debug.sock"
        told = {
            "environment": "test",
            "hall": HALL,
            "terminal": self.name,
            "role": "window_panel",
            "window": self.window,
            "brokers": [{"port": self.rig.port}],
            "password_file": str(password),
            "state_dir": str(folder / "state"),
            "debug_socket": str(self._socket),
            "clock_offset_s": self.offset_s,
            "screen": False,
        }
        config = folder / "kiosk.toml"
        config.write_text(tomli_w.dumps(told))
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kiosk", "--config", str(config)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def _op(self, **request: Any) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX) as asked, suppress(OSError):
            asked.settimeout(5)
            asked.connect(str(self._socket))
            asked.sendall(json.dumps(request).encode() + b"\n")
            answer: dict[str, Any] = json.loads(asked.makefile().readline())
            return answer
        return {}

    def state(self) -> dict[str, Any]:
        return self._op(op="state")

    def press(self, kind: str, **fields: Any) -> None:
        assert self._op(op="happen", kind=kind, fields=fields) == {"ok": True}

    def at(self, step: str) -> dict[str, Any]:
        """Wait until this step stands."""
        until(lambda: self.state().get("step") == step, f"{self.name} at {step}")
        return self.state()

    def sign_in(self) -> None:
        self.at("SigningIn")
        for digits in (self.staff, PIN):
            for digit in digits:
                self.press("PressedDigit", digit=digit)
            self.press("ConfirmedDigits")
        self.at("PanelReady")

    def serves(self) -> None:
        self.press("PressedStart")
        self.at("PanelServing")

    def next(self) -> str:
        """办结, and the next number, which is returned."""
        before = self.state()["label"]
        self.press("PressedFinish", call_next=True)
        until(lambda: self.state()["label"] not in ("", before), f"another number at {self.name}")
        return str(self.at("PanelCalling")["label"])


@pytest.fixture
def hall(rig: Rig) -> Iterator[tuple[Rig, PanelProgram, PanelProgram]]:
    config = rig.furnish(staff=("0303", "0310"))
    offset_s = float(config.read_text().split("clock_offset_s = ")[1].split("\n")[0])
    rig.start_broker()
    rig.start_server()
    panels = [PanelProgram(rig, *who, offset_s) for who in (("W07", "7", "0303"), ("W14", "14", "0310"))]
    yield rig, panels[0], panels[1]
    for one in panels:
        one.process.terminate()
        one.process.wait(10)


def people_come(kiosk: Terminal, count: int) -> None:
    for _ in range(count):
        leased, _ = kiosk.reply(LeaseLabel(ticket=TicketId(new_id()), item=PENSION))
        assert isinstance(leased, Leased)
        issued = TicketIssued(
            ticket=leased.ticket,
            day=leased.day,
            series=leased.series,
            number=leased.number,
            label=leased.label,
            item=PENSION,
            issued_at=MONDAY,
            quote=leased.quote,
        )
        kiosk.send_up(kiosk.mint(issued))
    kiosk.marked()


def everybody_has_the_board(kiosk: Terminal, panels: tuple[PanelProgram, ...]) -> None:
    """One more person comes, so that a board goes out that knows everything before: each panel hears it."""
    people_come(kiosk, 1)
    before = [one.state()["board_version"] for one in panels]
    people_come(kiosk, 1)
    until(
        lambda: all(one.state()["board_version"] > old for one, old in zip(panels, before, strict=True)),
        "a later board",
    )


def told(folder: Path) -> list[tuple[str, dict[str, Any], tuple[str, ...]]]:
    """Everything in the ledger, after checking its chain: kind, content, flags."""
    ledger = open_ledger(folder / "ledger.sqlite")
    try:
        assert audit.verify(ledger).broken_at is None
        return [(one.kind, json.loads(one.body), tuple(one.flags)) for one in ledger.entries()]
    finally:
        ledger.close()


@pytest.mark.row("FAC-07", part="rule")
def test_windows_go_on_calling_when_the_server_is_killed_and_the_ledger_has_it_all_afterwards(
    hall: tuple[Rig, PanelProgram, PanelProgram],
) -> None:
    rig, seven, fourteen = hall
    kiosk = meet(rig, "K1")
    people_come(kiosk, PEOPLE)
    listener = rig.terminal("S1")
    for one in (seven, fourteen):
        one.sign_in()
    seven.press("PressedCall")
    numbers = [str(seven.at("PanelCalling")["label"])]
    seven.serves()
    everybody_has_the_board(kiosk, (seven, fourteen))
    rig.kill_server()
    fourteen.press("PressedCall")
    assert fourteen.state()["step"] == "PanelAsking", "held: the server may only be slow"
    numbers.append(str(fourteen.at("PanelCalling")["label"]))
    for one in (seven, fourteen):
        until(lambda: one.state()["server_away"], f"{one.name} says that it is on its own")  # noqa: B023
    numbers.append(seven.next())
    fourteen.serves()
    numbers.append(fourteen.next())
    seven.serves()
    said, _ = listener.wait(PeerSaid, lambda one: one.called is not None and one.called.label == numbers[-1])
    assert said.terminal == "W14"
    rig.start_server()
    for one in (seven, fourteen):
        until(lambda: not one.state()["server_away"], f"{one.name} hears the server again")  # noqa: B023
    assert fourteen.state()["label"] == numbers[-1], "who was called stands at the window still"
    fourteen.serves()
    for one in (seven, fourteen):
        one.press("PressedFinish")
        one.at("PanelReady")
    assert rig.stop_server() == 0
    entries = told(rig.folder)
    calls = [event for kind, event, _ in entries if kind == "TicketCalled"]
    assert sorted(call["label"] for call in calls) == sorted(numbers), "each once, and nobody else"
    assert [call["rule"] == ALONE_RULE for call in calls].count(True) == 3
    for kind in ("ServiceStarted", "ServiceFinished"):
        assert sorted(event["ticket"] for one, event, _ in entries if one == kind) == sorted(c["ticket"] for c in calls)
    assert [flags for _, _, flags in entries if flags] == []
    assert [event for kind, event, _ in entries if kind == "TicketReconciled" and event.get("flags")] == []
    (withdrawn,) = [event for kind, event, _ in entries if kind == "RequestWithdrawn"]
    assert withdrawn["window"] == "14"
