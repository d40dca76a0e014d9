"""Virtual card slot: a real pcscd with the vpcd reader, shut in namespaces of its own, and a card steered from outside.

vpcd listens on all interfaces and pcscd owns one fixed socket, so both live in their own network, mount and pid
namespace; only the socket file comes out, at `csock`. A client process reaches it with `PCSCLITE_CSOCK_NAME=<csock>`
set before its first PC/SC call: libpcsclite reads it once.
"""

import json
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import kiosk
from kiosk.devices.virtual.social_chip import SocialFace
from kiosk.ports import DeviceError, Fault

START_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 4.0
ORDER_TIMEOUT_S = 12.0
"""Restarting pcscd: stop, start, card back in."""

MAX_PATH_BYTES = 100
"""A unix socket's path holds 107 bytes."""

MAX_ANSWER_BYTES = 16_384


class CardSlot:
    """`start`, then `insert` cards. `run_dir` is private to this slot; its path must be short."""

    def __init__(self, run_dir: Path) -> None:
        self._run_dir = run_dir.absolute()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self.actions: dict[str, Callable[..., None]] = {
            "insert": self.insert,
            "remove": self.remove,
            "remove_mid_read": self.remove_mid_read,
            "unplug_reader": self.unplug_reader,
            "replug_reader": self.replug_reader,
            "restart_pcscd": self.restart_pcscd,
            "stop_pcscd": self.stop_pcscd,
            "start_pcscd": self.start_pcscd,
        }

    @property
    def csock(self) -> Path:
        """The socket for clients' `PCSCLITE_CSOCK_NAME`."""
        return self._run_dir / "pcscd" / "pcscd.comm"

    @property
    def environment(self) -> dict[str, str]:
        """What a client process needs in its environment."""
        return {"PCSCLITE_CSOCK_NAME": str(self.csock)}

    def start(self) -> str:
        """Start pcscd and wait until clients can reach it; return `csock`. Raises `DeviceError` with the reason."""
        if len(os.fsencode(self.csock)) > MAX_PATH_BYTES:
            raise DeviceError(Fault.OPTION, "card_slot", f"{self._run_dir} is too long for a socket's path")
        self._run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        as_user = () if os.geteuid() == 0 else ("--map-root-user",)
        command = ["unshare", *as_user, "--net", "--mount", "--pid", "--fork", "--kill-child"]
        command += [sys.executable, "-m", "kiosk.devices.virtual.card_room", str(self._run_dir)]
        with (self._run_dir / "room.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own module under the system's unshare
                command,
                cwd=Path(kiosk.__file__).parents[1],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        told = self._first_line()
        if "ready" not in told:
            self.stop()
            log_text = (self._run_dir / "room.log").read_text(encoding="utf-8", errors="replace").strip()
            reason = str(told.get("error") or log_text[-300:] or "no word within the time")
            raise DeviceError(Fault.NO_SERVICE, "card_slot", f"the virtual card slot did not start: {reason}")
        return str(self.csock)

    def stop(self) -> None:
        """Let the leash go; by force when that is not enough. Whatever was started ends with its pid namespace."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()  # --kill-child takes the room with it, and the room's end takes pcscd
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def insert(self, card: SocialFace | dict[str, object], contactless: bool = False) -> None:
        """Put a card (or the fields of one) in; another one is pulled first. pcscd sees it within about 0.5 s."""
        told = card.fields() if isinstance(card, SocialFace) else card
        self._order("insert", card=told, contactless=contactless)

    def remove(self, contactless: bool = False) -> None:
        """Pull the card."""
        self._order("remove", contactless=contactless)

    def remove_mid_read(self, commands: int = 3, contactless: bool = False) -> None:
        """Pull the card when it gets its n-th command from now."""
        self._order("remove_after", commands=commands, contactless=contactless)

    def unplug_reader(self) -> None:
        """Take the reader away: pcscd runs on and has none."""
        self._order("unplug_reader")

    def replug_reader(self) -> None:
        """Put the reader back, its cards in it."""
        self._order("replug_reader")

    def restart_pcscd(self) -> None:
        """End pcscd and start another; the card stays where it is."""
        self._order("restart_pcscd")

    def stop_pcscd(self) -> None:
        """End pcscd."""
        self._order("stop_pcscd")

    def start_pcscd(self) -> None:
        """Start pcscd again."""
        self._order("start_pcscd")

    def state(self) -> dict[str, object]:
        """Tell service, card and the card's own PIN counter."""
        return self._order("state")

    def _order(self, do: str, **told: object) -> dict[str, object]:
        with self._lock, socket.socket(socket.AF_UNIX) as end:
            end.settimeout(ORDER_TIMEOUT_S)
            try:
                end.connect(str(self._run_dir / "card.sock"))
                end.sendall(json.dumps({"do": do, **told}).encode() + b"\n")
                with end.makefile("rb") as lines:
                    answer = json.loads(lines.readline(MAX_ANSWER_BYTES))
            except (OSError, ValueError) as error:
                raise DeviceError(Fault.NO_SERVICE, "card_slot", f"{do}: the card slot does not answer") from error
        if "error" in answer:
            raise DeviceError(Fault.REFUSED, "card_slot", f"{do}: {answer['error']}")
        return dict(answer)

    def _first_line(self) -> dict[str, object]:
        process = self._process
        if process is None or process.stdout is None:
            return {}
        readable, _, _ = select.select([process.stdout], [], [], START_TIMEOUT_S)
        line = process.stdout.readline() if readable else b""
        return dict(json.loads(line)) if line else {}
