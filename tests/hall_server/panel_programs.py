"""Window panel programs without a screen, pressed through their debug sockets, and people who come to their hall."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli_w

from benchmarks.hall_rig import HALL, MONDAY, PIN, ROOT, Rig, Terminal, new_id
from hall.commands import Leased, LeaseLabel
from hall.events import TicketIssued
from hall.ids import ItemCode, TicketId
from hall_server.ledger import audit
from hall_server.ledger.store import open_ledger

PENSION = ItemCode("SI-301")
"""Windows 7 and 14 both do it."""
LIMIT_S = 60.0


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
    module: str = "kiosk"
    """The program: the real one, or one that was broken on purpose."""
    devices: dict[str, Any] = field(default_factory=dict)
    """As in `kiosk.toml`."""
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
            "devices": self.devices,
        }
        self._config = folder / "kiosk.toml"
        self._config.write_text(tomli_w.dumps(told))
        self.start()

    def start(self) -> None:
        """Start the program; after `kill` this is a new process on the same journal."""
        self._socket.unlink(missing_ok=True)  # a killed program leaves its socket behind
        with (self._socket.parent / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module, "--config", str(self._config)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def kill(self) -> None:
        """As when the power goes."""
        self.process.kill()
        self.process.wait(LIMIT_S)

    def end(self) -> None:
        """Ask it to end, and wait until it has."""
        self.process.terminate()
        try:
            self.process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def _op(self, **request: Any) -> dict[str, Any]:
        assert self.process.poll() is None, f"{self.name} has ended: {(self._socket.parent / 'log').read_text()}"
        with socket.socket(socket.AF_UNIX) as asked, suppress(OSError):
            asked.settimeout(LIMIT_S)
            asked.connect(str(self._socket))
            asked.sendall(json.dumps(request).encode() + b"\n")
            answer: dict[str, Any] = json.loads(asked.makefile().readline() or "{}")
            return answer
        return {}

    def state(self) -> dict[str, Any]:
        """Return what it says, as soon as it listens."""
        said: list[dict[str, Any]] = []

        def says() -> bool:
            said.append(self._op(op="state"))
            return "step" in said[-1]

        until(says, f"{self.name} tells its state")
        return said[-1]

    def press(self, kind: str, **fields: Any) -> None:
        assert self._op(op="happen", kind=kind, fields=fields) == {"ok": True}

    def at(self, step: str) -> dict[str, Any]:
        """Wait until this step stands."""
        seen: list[dict[str, Any]] = []

        def stands() -> bool:
            seen.append(self.state())
            return bool(seen[-1]["step"] == step)

        until(stands, f"{self.name} at {step}")
        return seen[-1]

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
