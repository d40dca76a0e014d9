"""Virtual network loudspeaker (protocol in `speakers/outlets.py`): takes its time, keeps a transcript, can fall silent.

Run: `python -m kiosk.devices.virtual speaker --port 0 --speed 1`.
"""

import argparse
import contextlib
import json
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from kiosk.devices.speakers import wav

MAX_HEADER_BYTES = 16_384
RECEIVE_S = 5.0
"""An announcement arrives at once; a sender that stalls longer is cut off."""
POLL_S = 0.2
TRANSCRIPT = 200


@dataclass(frozen=True, slots=True)
class Spoken:
    """One announcement as it was heard. `started_mono` is this machine's monotonic clock."""

    number: int
    caption: str
    pinyin: str
    seconds: float
    started_mono: float


class VirtualSpeaker:
    """Listens on loopback; one announcement at a time, like one pair of ears."""

    def __init__(self, port: int = 0, speed: float = 1.0) -> None:
        self._port = port
        self._speed = speed
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._muted = False
        self._unplugged = False
        self._playing = False
        self._refused = 0
        self._count = 0
        self.transcript: deque[Spoken] = deque(maxlen=TRANSCRIPT)
        self.actions: dict[str, Callable[..., None]] = {
            "mute": self.mute,
            "unmute": self.unmute,
            "unplug": self.unplug,
            "replug": self.replug,
        }

    def start(self) -> str:
        """Listen; return `host:port`."""
        self._listener = self._listen()
        self._thread = threading.Thread(target=self._serve, name="virtual speaker", daemon=True)
        self._thread.start()
        return f"127.0.0.1:{self._port}"

    def stop(self) -> None:
        """Stop listening and end the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(5.0)
        self._hang_up()

    def state(self) -> dict[str, Any]:
        """What was said, and how it is."""
        return {
            "muted": self._muted,
            "plugged": not self._unplugged,
            "playing": self._playing,
            "refused": self._refused,
            "announcements": self._count,
            "last": self.transcript[-1].caption if self.transcript else "",
        }

    def spoken(self) -> list[dict[str, Any]]:
        """The transcript, oldest first."""
        return [asdict(entry) for entry in tuple(self.transcript)]

    def mute(self) -> None:
        """Take announcements and never say done."""
        self._muted = True

    def unmute(self) -> None:
        """Play again."""
        self._muted = False

    def unplug(self) -> None:
        """Nobody listens any more."""
        self._unplugged = True

    def replug(self) -> None:
        """Listen again."""
        self._unplugged = False

    def _listen(self) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", self._port))
        listener.settimeout(POLL_S)
        self._port = listener.getsockname()[1]
        return listener

    def _hang_up(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _serve(self) -> None:
        while not self._stopping.is_set():
            if self._unplugged:
                self._hang_up()
                self._stopping.wait(POLL_S)
                continue
            if self._listener is None:
                self._listener = self._listen()
            with contextlib.suppress(TimeoutError, OSError):
                line, _ = self._listener.accept()
                with line:
                    line.settimeout(RECEIVE_S)
                    self._hear(line)

    def _hear(self, line: socket.socket) -> None:
        with line.makefile("rb") as incoming:
            header = incoming.readline(MAX_HEADER_BYTES)
            if not header:
                return
            told = _header(header)
            sound = wav.settle(incoming.read(told[2])) if told is not None else None
        if told is None or sound is None or len(sound.wav) != told[2]:
            self._refused += 1
            return
        self._count += 1
        entry = Spoken(self._count, told[0], told[1], sound.seconds, time.monotonic())
        self.transcript.append(entry)
        self._playing = True
        self._stopping.wait(sound.seconds / self._speed)
        while self._muted and not self._stopping.is_set() and not self._unplugged:
            self._stopping.wait(POLL_S)
        self._playing = False
        if not self._unplugged:
            line.sendall(b"done\n")


def _header(line: bytes) -> tuple[str, str, int] | None:
    try:
        told = json.loads(line)
    except (ValueError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(told, dict) or set(told) != {"caption", "pinyin", "bytes"}:
        return None
    caption, pinyin, size = told["caption"], told["pinyin"], told["bytes"]
    if not isinstance(caption, str) or not isinstance(pinyin, str) or type(size) is not int:
        return None
    if not pinyin.isascii() or not 0 < size <= wav.MAX_WAV_BYTES:
        return None
    return caption, pinyin, size


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of this device."""
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--speed", type=float, default=1.0, help="2 plays twice as fast")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    speaker = VirtualSpeaker(args.port, args.speed)
    print(speaker.start(), flush=True)  # noqa: T201 the address is this command's output
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()
    speaker.stop()
    return 0
