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

from kiosk.devices.virtual.social_chip import ATR, BITS_PER_BYTE, SocialCard, SocialFace

VPCD_PORT = 35963
"""Where the vpcd driver's first slot listens (0x8C7B)."""

VPCD_LIBRARY = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
PCSCD = Path("/usr/sbin/pcscd")
SERVICE_DIR = Path("/run/pcscd")

START_TIMEOUT_S = 5.0
STOP_TIMEOUT_S = 2.0
POLL_S = 0.02
SWAP_S = 0.6
"""A hand needs longer than pcscd's 0.4 s poll to swap cards; a swap that pcscd cannot see leaves it confused."""

MAX_MESSAGE_BYTES = 1024
MAX_COMMAND_BYTES = 16_384

OFF, ON, RESET, ASK_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
"""One-byte control messages of vpcd."""

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
        self._conf.mkdir(exist_ok=True)
        (self._conf / "vpcd").write_text(_READER_CONF, encoding="ascii")
        self._drivers.mkdir(exist_ok=True)

    @property
    def running(self) -> bool:
        """It has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and wait until clients can reach it."""
        for left in SERVICE_DIR.iterdir():  # of one that was killed
            left.unlink()
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


class Room:
    """The loop: leash, control socket, card."""

    def __init__(self, run_dir: Path) -> None:
        self._control = socket.socket(socket.AF_UNIX)
        path = run_dir / "card.sock"
        path.unlink(missing_ok=True)
        self._control.bind(str(path))
        self._control.listen(4)
        self._service = Service(run_dir)
        self._card: SocialCard | None = None
        self._remove_after = 0
        """Pull the card when it gets its n-th command from now; 0 = leave it."""
        self._reader: socket.socket | None = None
        self._out_mono = 0.0
        """When a card last left the reader; monotonic seconds."""
        self._received = bytearray()
        self._selector = selectors.DefaultSelector()

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
                elif key.fileobj is self._reader:  # not one that an order of this round has just closed
                    self._from_reader()
                elif key.fileobj is sys.stdin.buffer and not os.read(0, 64):
                    self._service.stop()
                    return

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
        match order.get("do"):
            case "insert":
                self._remove()
                told = order["card"]
                if not isinstance(told, dict):
                    raise TypeError("card is not an object")
                self._card = SocialCard(SocialFace(**told))
                self._put_in()
            case "remove":
                self._remove()
            case "remove_after":
                self._remove_after = int(str(order["commands"]))
            case "stop_pcscd":
                self._let_reader_go()
                self._service.stop()
            case "start_pcscd":
                self._start_again()
            case "restart_pcscd":
                self._let_reader_go()
                self._service.stop()
                self._start_again()
            case "state":
                return
            case unknown:
                raise ValueError(f"unknown order {unknown!r}")

    def _state(self) -> dict[str, object]:
        card = self._card
        return {
            "service": self._service.running,
            "card": card.face.name if card else None,
            "version": card.face.version if card else None,
            "tries_left": card.tries_left if card else None,
            "pin_tries_spent": card.pin_commands if card else 0,
            "verified": card.verified if card else False,
            "commands": card.commands if card else 0,
        }

    def _start_again(self) -> None:
        if self._service.running:
            return
        self._service.start()
        if self._card is not None:
            self._put_in()

    # ---- the card and its reader ---------------------------------------------------------------------------------

    def _put_in(self) -> None:
        if not self._service.running:
            return  # the card waits in the slot, and is found when the service starts
        time.sleep(max(self._out_mono + SWAP_S - time.monotonic(), 0))
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                self._reader = socket.create_connection(("127.0.0.1", VPCD_PORT), timeout=START_TIMEOUT_S)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(POLL_S)
        self._selector.register(self._reader, selectors.EVENT_READ)

    def _remove(self) -> None:
        self._let_reader_go()
        self._card = None
        self._remove_after = 0

    def _let_reader_go(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            self._selector.unregister(reader)
            reader.close()
            self._out_mono = time.monotonic()
        self._received.clear()
        if self._card is not None:
            self._card.power(on=False)

    def _from_reader(self) -> None:
        if self._reader is None or self._card is None:
            return
        try:
            # vpcd writes length and message apart and waits for our acknowledgement between them: give it at once.
            self._reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            received = self._reader.recv(MAX_MESSAGE_BYTES)
        except OSError:
            received = b""
        if not received:
            self._let_reader_go()
            return
        self._received += received
        while len(self._received) >= 2:  # noqa: PLR2004 - the length comes first, big-endian
            count = int.from_bytes(self._received[:2], "big")
            if len(self._received) < 2 + count:
                return
            message = bytes(self._received[2 : 2 + count])
            del self._received[: 2 + count]
            self._message(self._reader, self._card, message)

    def _message(self, reader: socket.socket, card: SocialCard, message: bytes) -> None:
        match message:
            case _ if message == OFF:
                card.power(on=False)
            case _ if message == ON:
                card.power(on=True)
            case _ if message == RESET:
                card.reset()
            case _ if message == ASK_ATR:
                _send(reader, ATR)
            case _ if len(message) > 1:
                self._command(reader, card, message)

    def _command(self, reader: socket.socket, card: SocialCard, message: bytes) -> None:
        if self._remove_after:
            self._remove_after -= 1
            if not self._remove_after:
                self._remove()
                return
        if card.face.mute:
            return
        answer = card.answer(message)
        if card.face.baud:
            time.sleep((len(message) + len(answer)) * BITS_PER_BYTE / card.face.baud)
        _send(reader, answer)


def _send(reader: socket.socket, message: bytes) -> None:
    with contextlib.suppress(OSError):
        reader.sendall(len(message).to_bytes(2, "big") + message)


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
