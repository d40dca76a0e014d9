r"""Where speech is heard: this machine's sound card, or a network loudspeaker.

A network loudspeaker listens on TCP. For each announcement it is sent one line of JSON,
`{"caption": "请…", "pinyin": "qing3 …", "bytes": 123456}` and `\n`, then so many bytes of WAV; when it has played
them it answers `done\n`. One connection carries one announcement; a connection closed at once is a question whether
anybody is there.
"""

import json
import socket
import subprocess
from pathlib import Path
from shutil import which
from typing import Protocol

from kiosk.ports import DeviceError, Fault

CONNECT_S = 2.0
GRACE_S = 5.0
"""Added to the length of the sound before a player counts as hung."""
DONE = b"done\n"
SOUND_CARDS = Path("/proc/asound/cards")


class Outlet(Protocol):
    """Plays one sound to its end."""

    def check(self) -> None:
        """Raise `DeviceError` when nothing could be heard now."""

    def play(self, wav: bytes, seconds: float, caption: str, pinyin: str) -> None:
        """Return when the sound has been played, or raise `DeviceError`."""


class Alsa:
    """The sound card, by way of `aplay`."""

    def __init__(self, name: str, program: str = "aplay") -> None:
        self._name = name
        self._program = program

    def check(self) -> None:
        """A machine without `aplay` or without a sound card is silent."""
        if which(self._program) is None:
            raise DeviceError(Fault.NO_SERVICE, self._name, f"{self._program} is not installed")
        try:
            cards = SOUND_CARDS.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise DeviceError(Fault.DISCONNECTED, self._name, "this machine has no sound system") from error
        if "no soundcards" in cards or not cards.strip():
            raise DeviceError(Fault.DISCONNECTED, self._name, "this machine has no sound card")

    def play(self, wav: bytes, seconds: float, caption: str, pinyin: str) -> None:  # noqa: ARG002 ears only
        """Play it."""
        try:
            ended = subprocess.run(  # noqa: S603 a fixed program, the sound on its standard input
                [self._program, "-q", "-"], input=wav, capture_output=True, timeout=seconds + GRACE_S, check=False
            )
        except FileNotFoundError as error:
            raise DeviceError(Fault.NO_SERVICE, self._name, f"{self._program} is not installed") from error
        except subprocess.TimeoutExpired as error:
            raise DeviceError(Fault.SILENT, self._name, "the sound card did not finish in time") from error
        if ended.returncode:
            raise DeviceError(Fault.HARDWARE, self._name, f"{self._program} ended with status {ended.returncode}")


class NetworkLoudspeaker:
    """A loudspeaker on the network, by the protocol above."""

    def __init__(self, name: str, host: str, port: int) -> None:
        self._name = name
        self._host = host
        self._port = port

    def check(self) -> None:
        """Somebody must be listening."""
        self._connect().close()

    def play(self, wav: bytes, seconds: float, caption: str, pinyin: str) -> None:
        """Send it and wait for `done`."""
        header = json.dumps({"caption": caption, "pinyin": pinyin, "bytes": len(wav)}, ensure_ascii=False)
        with self._connect() as line:
            line.settimeout(seconds + GRACE_S)
            try:
                line.sendall(header.encode() + b"\n" + wav)
                answer = b""
                while len(answer) < len(DONE) and (piece := line.recv(len(DONE) - len(answer))):
                    answer += piece
            except TimeoutError as error:
                raise DeviceError(Fault.SILENT, self._name, "the loudspeaker did not finish in time") from error
            except OSError as error:
                raise DeviceError(Fault.DISCONNECTED, self._name, "the loudspeaker went away") from error
        if answer != DONE:
            raise DeviceError(Fault.GARBLED, self._name, "the loudspeaker did not answer done")

    def _connect(self) -> socket.socket:
        try:
            return socket.create_connection((self._host, self._port), CONNECT_S)
        except OSError as error:
            where = f"{self._host}:{self._port}"
            raise DeviceError(Fault.DISCONNECTED, self._name, f"no loudspeaker at {where}") from error


def outlet(told: str, name: str) -> Outlet:
    """Return the outlet of `alsa` or `tcp:host:port`, or raise `DeviceError`."""
    if told == "alsa":
        return Alsa(name)
    kind, _, address = told.partition(":")
    host, _, port = address.rpartition(":")
    if kind == "tcp" and host and port.isascii() and port.isdigit() and 0 < int(port) <= 0xFFFF:  # noqa: PLR2004 ports
        return NetworkLoudspeaker(name, host, int(port))
    raise DeviceError(Fault.OPTION, name, "outlet must be alsa or tcp:host:port")
