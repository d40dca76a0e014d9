"""Inside the card slot's own namespaces: pcscd, the vpcd client and a unix control socket, in one loop.

Started by `card_slot` under `unshare`, never by hand. The vpcd driver listens on every address of its network
namespace, which is why this one has a loopback and nothing else. Standard input is the leash: when the starter goes,
the pipe closes, this process ends, and its pid namespace ends pcscd with it.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import selectors
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

from kiosk.devices.virtual.card_place import POLL_S, VPCD_PORT, CardPlace
from kiosk.devices.virtual.social_chip import SocialCard, SocialFace

VPCD_LIBRARY = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
PCSCD = Path("/usr/sbin/pcscd")
SERVICE_DIR = Path("/run/pcscd")

START_TIMEOUT_S = 5.0
STOP_TIMEOUT_S = 2.0

MAX_COMMAND_BYTES = 16_384

_READER_CONF = f"""FRIENDLYNAME "Virtual PCD"
DEVICENAME   /dev/null:0x{VPCD_PORT:X}
LIBPATH      {VPCD_LIBRARY}
CHANNELID    0x{VPCD_PORT:X}
"""

_MS_BIND = 4096
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


def _mount(source: str, target: Path, kind: str, flags: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(source.encode(), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags), None) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"mount {target}: {os.strerror(number)}")


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        asked = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(end, _SIOCGIFFLAGS, asked))[1]
        fcntl.ioctl(end, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | _IFF_UP))


class Service:
    """pcscd with nothing but the virtual reader, its socket bound into `run_dir/pcscd`."""

    def __init__(self, run_dir: Path) -> None:
        self._conf = run_dir / "reader.conf.d"
        self._drivers = run_dir / "drivers"
        self._log = run_dir / "pcscd.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.plugged = True
        """The reader is there; without it pcscd runs and has none."""
        self._conf.mkdir(exist_ok=True)
        self._drivers.mkdir(exist_ok=True)

    @property
    def running(self) -> bool:
        """It has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and wait until clients can reach it."""
        for left in SERVICE_DIR.iterdir():  # of one that was killed
            left.unlink()
        (self._conf / "vpcd").write_text(_READER_CONF if self.plugged else "", encoding="ascii")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the system's own pcscd
                [str(PCSCD), "--foreground", "--config", str(self._conf)],
                # No other driver is loaded: real readers of this machine are not ours to take.
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PCSCLITE_HP_DROPDIR": str(self._drivers)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not (SERVICE_DIR / "pcscd.comm").exists():
            if not self.running or time.monotonic() > deadline:
                raise OSError("pcscd did not start; see pcscd.log")
            time.sleep(POLL_S)

    def stop(self) -> None:
        """End it, by force if it does not listen."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


CONTACT, CONTACTLESS = 0, 1
"""The two slots of vpcd's reader: `Virtual PCD 00 00` and `Virtual PCD 00 01`."""


class Room:
    """The loop: leash, control socket, cards."""

    def __init__(self, run_dir: Path) -> None:
        self._control = socket.socket(socket.AF_UNIX)
        path = run_dir / "card.sock"
        path.unlink(missing_ok=True)
        self._control.bind(str(path))
        self._control.listen(4)
        self._service = Service(run_dir)
        self._selector = selectors.DefaultSelector()
        self._places = {number: CardPlace(number, self._selector) for number in (CONTACT, CONTACTLESS)}

    def serve(self) -> None:
        """Run until the leash is let go."""
        self._service.start()
        self._selector.register(sys.stdin.buffer, selectors.EVENT_READ)
        self._selector.register(self._control, selectors.EVENT_READ)
        print(json.dumps({"ready": True}), flush=True)  # noqa: T201 - the starter waits for this line
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._control:
                    self._obey()
                elif key.fileobj is sys.stdin.buffer:
                    if not os.read(0, 64):
                        self._service.stop()
                        return
                else:
                    for place in self._places.values():
                        if place.is_wire(key.fileobj):
                            place.receive()

    def _obey(self) -> None:
        """Take one order from the control socket and answer with the state after it."""
        with contextlib.closing(self._control.accept()[0]) as starter:
            starter.settimeout(STOP_TIMEOUT_S)
            try:
                with starter.makefile("rb") as lines:
                    order = json.loads(lines.readline(MAX_COMMAND_BYTES))
                self._do(order)
                told: dict[str, object] = self._state()
            except (OSError, ValueError, TypeError, KeyError) as error:
                told = {"error": f"{type(error).__name__}: {error}"}
            with contextlib.suppress(OSError):
                starter.sendall(json.dumps(told, ensure_ascii=False).encode() + b"\n")

    def _do(self, order: dict[str, object]) -> None:
        place = self._places[CONTACTLESS if order.get("contactless") else CONTACT]
        match order.get("do"):
            case "insert":
                place.remove()
                told = order["card"]
                if not isinstance(told, dict):
                    raise TypeError("card is not an object")
                place.card = SocialCard(SocialFace(**told))
                if self._service.running and self._service.plugged:  # else it is found when the service starts
                    place.put_in()
            case "remove":
                place.remove()
            case "remove_after":
                place.pull_after = int(str(order["commands"]))
            case "stop_pcscd":
                self._stop()
            case "start_pcscd":
                self._start()
            case "restart_pcscd":
                self._stop()
                self._start()
            case "unplug_reader" | "replug_reader" as what:
                self._stop()
                self._service.plugged = what == "replug_reader"
                self._start()
            case "state":
                return
            case unknown:
                raise ValueError(f"unknown order {unknown!r}")

    def _state(self) -> dict[str, object]:
        return {
            "service": self._service.running,
            "reader": self._service.running and self._service.plugged,
            **_told(self._places[CONTACT].card),
            "contactless": _told(self._places[CONTACTLESS].card),
        }

    def _stop(self) -> None:
        for place in self._places.values():
            place.let_reader_go()
        self._service.stop()

    def _start(self) -> None:
        if self._service.running:
            return
        self._service.start()
        for place in self._places.values():
            if place.card is not None and self._service.plugged:
                place.put_in()


def _told(card: SocialCard | None) -> dict[str, object]:
    return {
        "card": card.face.name if card else None,
        "version": card.face.version if card else None,
        "tries_left": card.tries_left if card else None,
        "pin_tries_spent": card.pin_commands if card else 0,
        "verified": card.verified if card else False,
        "commands": card.commands if card else 0,
    }


def _check_installed() -> None:
    for needed in (PCSCD, VPCD_LIBRARY):
        if not needed.exists():
            raise OSError(f"{needed} is missing: install pcscd and vsmartcard-vpcd")


def main() -> int:
    """Furnish the namespaces, then serve. What fails is one JSON line on standard output."""
    run_dir = Path(sys.argv[1])
    try:
        _check_installed()
        (run_dir / "pcscd").mkdir(exist_ok=True)
        room = Room(run_dir)
        os.chdir(run_dir / "pcscd")
        _mount("tmpfs", SERVICE_DIR.parent, "tmpfs", 0)
        SERVICE_DIR.mkdir()
        _mount(".", SERVICE_DIR, "", _MS_BIND)  # by the working directory: run_dir itself may lie under /run
        _loopback_up()
        room.serve()
    except OSError as error:
        print(json.dumps({"error": str(error)}), flush=True)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
