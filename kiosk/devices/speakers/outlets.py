r"""Where speech is heard: a sound card of this machine, or a network loudspeaker.

A network loudspeaker listens on TCP. For each announcement it is sent one line of JSON,
`{"caption": "请…", "pinyin": "qing3 …", "bytes": 123456, "language": "zh", "zone": "hall", "volume": 100,
"private": false}` and `\n`, then so many bytes of WAV, whose samples carry the volume already; when it has played them
it answers `done\n`, when it will not play them `refused\n`. One connection carries one announcement; closed before
`done` it means: stop at once. A connection closed without a word is a question whether anybody is there.
"""

import json
import os
import socket
import subprocess
from dataclasses import asdict, dataclass, field
from ipaddress import ip_address
from pathlib import Path
from shutil import which
from typing import Protocol

from kiosk.devices.speakers.wav import Sound
from kiosk.ports import DeviceError, Fault
from kiosk.speech import Manner

CONNECT_S = 2.0
GRACE_S = 5.0
"""Added to the length of the sound before a player counts as hung."""
POLL_S = 0.05
"""How soon a sound that is no longer wanted falls silent: a person who pulls the plug hears nothing in the room."""
DONE = b"done\n"
REFUSED = b"refused\n"
SOUND_CARDS = Path("/proc/asound/cards")


@dataclass(frozen=True, slots=True)
class Told:
    """What an outlet may know of a sound beside the sound."""

    caption: str = field(default="", repr=False)
    pinyin: str = field(default="", repr=False)
    language: str = "zh"
    zone: str = ""
    volume: int = 100
    private: bool = False


class Outlet(Protocol):
    """Plays one sound to its end."""

    def check(self) -> None:
        """Raise `DeviceError` when nothing could be heard now."""

    def play(self, sound: Sound, told: Told, manner: Manner) -> bool:
        """Return True when the sound has been played, False when it was cut; or raise `DeviceError`."""


class Alsa:
    """A sound card, by way of `aplay`; `card` is an ALSA name such as `hw:1` or `headphones`, empty the default."""

    def __init__(self, name: str, card: str = "", program: str = "aplay") -> None:
        self._name = name
        self._command = [program, "-q", *(["-D", card] if card else []), "-"]

    def check(self) -> None:
        """A machine without `aplay` or without a sound card is silent."""
        program = self._command[0]
        if which(program) is None:
            raise DeviceError(Fault.NO_SERVICE, self._name, f"{program} is not installed")
        try:
            cards = SOUND_CARDS.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise DeviceError(Fault.DISCONNECTED, self._name, "this machine has no sound system") from error
        if "no soundcards" in cards or not cards.strip():
            raise DeviceError(Fault.DISCONNECTED, self._name, "this machine has no sound card")

    def play(self, sound: Sound, told: Told, manner: Manner) -> bool:  # noqa: ARG002 ears only
        """Play it from memory; no sound ever touches a disk."""
        program = self._command[0]
        memory = os.memfd_create("sound")
        try:
            _write_all(memory, sound.wav)
            os.lseek(memory, 0, os.SEEK_SET)
            player = subprocess.Popen(  # noqa: S603 a fixed program, the sound on its standard input
                self._command, stdin=memory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except FileNotFoundError as error:
            raise DeviceError(Fault.NO_SERVICE, self._name, f"{program} is not installed") from error
        finally:
            os.close(memory)
        manner.begun()
        return self._wait(player, sound.seconds + GRACE_S, manner)

    def _wait(self, player: "subprocess.Popen[bytes]", limit_s: float, manner: Manner) -> bool:
        try:
            for _ in range(round(limit_s / POLL_S)):
                try:
                    status = player.wait(POLL_S)
                except subprocess.TimeoutExpired:
                    if not manner.wanted():
                        return False
                    continue
                if status:
                    raise DeviceError(Fault.HARDWARE, self._name, f"{self._command[0]} ended with status {status}")
                return True
        finally:
            if player.poll() is None:
                player.kill()
                player.wait()
        raise DeviceError(Fault.SILENT, self._name, "the sound card did not finish in time")


class NetworkLoudspeaker:
    """A loudspeaker on the network, by the protocol above."""

    def __init__(self, name: str, host: str, port: int) -> None:
        self._name = name
        self._host = host
        self._port = port

    def check(self) -> None:
        """Somebody must be listening."""
        self._connect().close()

    def play(self, sound: Sound, told: Told, manner: Manner) -> bool:
        """Send it and wait for `done`."""
        header = json.dumps({**asdict(told), "bytes": len(sound.wav)}, ensure_ascii=False)
        with self._connect() as line:
            try:
                line.settimeout(GRACE_S)
                line.sendall(header.encode() + b"\n" + sound.wav)
                manner.begun()
                line.settimeout(POLL_S)
                answer = self._answer(line, sound.seconds + GRACE_S, manner)
            except TimeoutError as error:
                raise DeviceError(Fault.SILENT, self._name, "the loudspeaker did not finish in time") from error
            except OSError as error:
                raise DeviceError(Fault.DISCONNECTED, self._name, "the loudspeaker went away") from error
        if answer == REFUSED:
            raise DeviceError(Fault.REFUSED, self._name, "the loudspeaker refused to play")
        if answer not in (DONE, None):
            raise DeviceError(Fault.GARBLED, self._name, "the loudspeaker did not answer done")
        return answer == DONE

    def _answer(self, line: socket.socket, limit_s: float, manner: Manner) -> bytes | None:
        """Return what it answered, None when the sound was no longer wanted; or raise `OSError`."""
        answer = b""
        for _ in range(round(limit_s / POLL_S)):
            try:
                piece = line.recv(len(REFUSED) - len(answer))
            except TimeoutError:
                if not manner.wanted():
                    return None
                continue
            answer += piece
            if not piece or answer.endswith(b"\n"):
                return answer
        raise TimeoutError

    def _connect(self) -> socket.socket:
        try:
            return socket.create_connection((self._host, self._port), CONNECT_S)
        except OSError as error:
            where = f"{self._host}:{self._port}"
            raise DeviceError(Fault.DISCONNECTED, self._name, f"no loudspeaker at {where}") from error


def outlet(told: str, name: str) -> Outlet:
    """Return the outlet of `alsa`, `alsa:CARD` or `tcp:HOST:PORT`, or raise `DeviceError`."""
    kind, colon, address = told.partition(":")
    if kind == "alsa" and (not colon or (address and not address.startswith("-") and address.isascii())):
        return Alsa(name, address)
    host, _, port = address.rpartition(":")
    if kind == "tcp" and host and port.isascii() and port.isdigit() and 0 < int(port) <= 0xFFFF:  # noqa: PLR2004 ports
        return NetworkLoudspeaker(name, host, int(port))
    raise DeviceError(Fault.OPTION, name, "outlet must be alsa, alsa:CARD or tcp:HOST:PORT")


def private_outlet(told: str, name: str) -> Outlet:
    """Return the outlet of the headphones: a jack of this machine, never something across a network."""
    made = outlet(told, name)
    if told.startswith("tcp:"):
        host = told.removeprefix("tcp:").rpartition(":")[0].strip("[]")
        if host != "localhost" and not _is_loopback(host):
            raise DeviceError(Fault.OPTION, name, "headphone_outlet must be of this machine")
    return made


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
