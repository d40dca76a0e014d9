"""Virtual network loudspeaker (protocol in `speakers/outlets.py`): takes its time, keeps a transcript, has its faults.

Run: `python -m kiosk.devices.virtual speaker --tcp 0 --speed 1 [--fault 3:silence] [--transcript]`.
"""

import argparse
import contextlib
import json
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from kiosk.devices.speakers import wav
from kiosk.devices.virtual.told_values import a_factor, a_port

MAX_HEADER_BYTES = 16_384
RECEIVE_S = 5.0
"""An announcement arrives at once; a sender that stalls longer is cut off."""
POLL_S = 0.2
SHORTEST_S = 0.001
TRANSCRIPT = 200


FAULTS = ("silence", "slow", "refuse", "unplug")
"""What can be scripted: never say done, take three times as long, refuse, go away in the middle."""
SLOWNESS = 3.0
SOUNDS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Spoken:
    """One announcement as it was heard. Times are this machine's monotonic clock; `ended_mono` 0 while it sounds."""

    number: int
    caption: str
    pinyin: str
    seconds: float
    started_mono: float
    language: str = "zh"
    zone: str = ""
    volume: int = 100
    private: bool = False
    ended_mono: float = 0.0
    end: str = ""
    """`done`, or `cut` when the sender hung up, or the name of the fault."""


class VirtualSpeaker:
    """Listens on loopback; one announcement at a time, like one pair of ears."""

    def __init__(self, port: int = 0, speed: float = 1.0, faults: str = "") -> None:
        """`faults` names announcements that go wrong, by number: `3:silence 5:refuse`."""
        self._faults = script(faults)
        self._port = port
        self._speed = speed
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._muted = False
        self._slow = False
        self._refusing = False
        self._unplugged = False
        self._playing = False
        self._refused = 0
        self._count = 0
        self._sounds: dict[int, bytes] = {}
        self.on_end: Callable[[Spoken], None] = lambda _spoken: None
        self.transcript: deque[Spoken] = deque(maxlen=TRANSCRIPT)
        self.actions: dict[str, Callable[..., None]] = {
            "mute": self.mute,
            "unmute": self.unmute,
            "slow": self.slow,
            "quick": self.quick,
            "refuse": self.refuse,
            "accept": self.accept,
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
            "slow": self._slow,
            "refusing": self._refusing,
            "plugged": not self._unplugged,
            "playing": self._playing,
            "refused": self._refused,
            "announcements": self._count,
            "last": self.transcript[-1].caption if self.transcript else "",
        }

    def spoken(self) -> list[dict[str, Any]]:
        """The transcript, oldest first."""
        return [asdict(entry) for entry in tuple(self.transcript)]

    def sound(self, number: int) -> bytes | None:
        """The WAV of one of the last announcements; never of a private one."""
        return self._sounds.get(number)

    def mute(self) -> None:
        """Take announcements and never say done."""
        self._muted = True

    def unmute(self) -> None:
        """Play again."""
        self._muted = False

    def slow(self) -> None:
        """Take three times as long."""
        self._slow = True

    def quick(self) -> None:
        """Take the time that the sound has."""
        self._slow = False

    def refuse(self) -> None:
        """Answer `refused` to every announcement."""
        self._refusing = True

    def accept(self) -> None:
        """Play again."""
        self._refusing = False

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
            sound = wav.settle(incoming.read(told["bytes"])) if told is not None else None
        if told is None or sound is None or len(sound.wav) != told["bytes"]:
            self._refused += 1
            return
        self._count += 1
        fault = self._faults.get(self._count, "")
        if self._refusing or fault == "refuse":
            self._refused += 1
            line.sendall(b"refused\n")
            return
        given = {name: told[name] for name in KINDS if name != "bytes"}
        entry = Spoken(number=self._count, seconds=sound.seconds, started_mono=time.monotonic(), **given)
        self.transcript.append(entry)
        if not entry.private:
            self._sounds[entry.number] = sound.wav
            self._sounds.pop(entry.number - SOUNDS_KEPT, None)
        self._playing = True
        end = self._play(line, sound.seconds, fault)
        self._playing = False
        ended = replace(entry, ended_mono=time.monotonic(), end=end)
        self.transcript[-1] = ended
        if end == "done":
            line.sendall(b"done\n")
        self.on_end(ended)

    def _play(self, line: socket.socket, seconds: float, fault: str) -> str:
        """Take the sound's time, or the fault's; return how it ended."""
        if fault == "unplug":
            self._unplugged = True
        until = time.monotonic() + seconds * (SLOWNESS if self._slow or fault == "slow" else 1.0) / self._speed
        while not self._stopping.is_set():
            left = until - time.monotonic()
            silent = self._muted or fault == "silence"
            if self._unplugged:
                return "unplug"
            if left <= 0 and not silent:
                return "done"
            if _hung_up(line, POLL_S if silent else min(left, POLL_S)):
                return "silence" if silent and left <= 0 else "cut"
        return "cut"


KINDS: dict[str, type] = {
    "caption": str,
    "pinyin": str,
    "bytes": int,
    "language": str,
    "zone": str,
    "volume": int,
    "private": bool,
}
"""What a header holds, all of it and nothing else."""


def _header(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except (ValueError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(told, dict) or set(told) != set(KINDS):
        return None
    if any(type(told[name]) is not kind for name, kind in KINDS.items()):
        return None
    if not told["pinyin"].isascii() or not 0 < told["bytes"] <= wav.MAX_WAV_BYTES:
        return None
    return told


def _hung_up(line: socket.socket, wait_s: float) -> bool:
    """Wait a little; true when the sender has closed the connection. What it says meanwhile is ignored."""
    line.settimeout(max(wait_s, SHORTEST_S))
    try:
        return line.recv(64) == b""
    except TimeoutError:
        return False
    except OSError:
        return True
    finally:
        line.settimeout(RECEIVE_S)


def script(told: str) -> dict[int, str]:
    """Return number of the announcement to its fault, or raise `ValueError` telling what there is."""
    faults: dict[int, str] = {}
    for part in told.split():
        number, _, name = part.partition(":")
        if not number.isdecimal() or name not in FAULTS:
            raise ValueError(f"a fault is NUMBER:NAME, and NAME one of {', '.join(FAULTS)}")
        faults[int(number)] = name
    return faults


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of this device."""
    parser.add_argument("--tcp", "--port", dest="port", type=a_port, default=0, help="0 takes a free one")
    parser.add_argument("--speed", type=a_factor, default=1.0, help="2 plays twice as fast")
    told = "what goes wrong, by number of the announcement: " + ", ".join(f"3:{name}" for name in FAULTS)
    parser.add_argument("--fault", action="append", default=[], metavar="NUMBER:NAME", help=told)
    parser.add_argument("--transcript", action="store_true", help="one line of JSON for each announcement when it ends")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    try:
        speaker = VirtualSpeaker(args.port, args.speed, " ".join(args.fault))
    except ValueError as error:
        print(error, file=sys.stderr)  # noqa: T201 wrong usage is told where it was typed
        return 2
    if args.transcript:
        speaker.on_end = _print
    address = speaker.start()
    with contextlib.suppress(KeyboardInterrupt):
        print(address, flush=True)  # noqa: T201 the address is this command's output
        signal.pause()
    speaker.stop()
    return 0


def _print(spoken: Spoken) -> None:
    print(json.dumps(asdict(spoken), ensure_ascii=False), flush=True)  # noqa: T201 the transcript is asked for
