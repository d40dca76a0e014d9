"""The virtual printer's plug: a TCP port or a pty, bytes paced like a serial line, unplugged on command."""

import contextlib
import os
import select
import socket
import time
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock

from kiosk.devices.virtual.link_claims import LinkClaim
from kiosk.devices.virtual.serial_lines import lay_link, take_link
from kiosk.devices.virtual.transcripts import OnWire, unrecorded

TICK_S = 0.05
"""How soon a stop, an unplugging or a new caller is noticed."""

PORTION_S = 0.02
"""Wire time handed on at once when pacing."""

PORTION_BYTES = 4_096
RECEIVE_BUFFER_BYTES = 4_096
"""Small, so that a caller feels the pace as with a real interface card."""


@dataclass(frozen=True, slots=True)
class Tcp:
    """Listen on a TCP port; 0 takes a free one."""

    port: int = 0
    host: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Pty:
    """Offer a serial line; `path` becomes a symlink to it."""

    path: Path


class Wire:
    """Moves bytes between one caller and the printer. `run` belongs to one thread, the rest may be called from any."""

    def __init__(self, listen: Tcp | Pty, baud: int, receive: Callable[[bytes], None], stop: Event) -> None:
        self._listen = listen
        self._baud = baud
        self._receive = receive
        self._stop = stop
        self._lock = Lock()
        self._reading = Lock()
        """Held while a descriptor is waited on: nobody may close it under the reader."""
        self._pulling = Event()
        self._busy = Event()
        self._listener: socket.socket | None = None
        self._caller: socket.socket | None = None
        self._pty: tuple[int, int] | None = None
        self._claim = LinkClaim(listen.path) if isinstance(listen, Pty) else None
        self._free_at = 0.0
        self._followed = False
        """The last portion was full: the next bytes came right behind it, however late this thread woke."""
        self.bytes_received = 0
        self.on_wire: OnWire = unrecorded

    def plug(self) -> str:
        """Open the line; give `host:port` or the path."""
        with self._lock:
            if isinstance(self._listen, Pty):
                return self._open_pty(self._listen.path)
            if self._listener is None:
                self._listener = socket.create_server((self._listen.host, self._listen.port))
                self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
                port = self._listener.getsockname()[1]
                self._listen = Tcp(port, self._listen.host)
            return f"{self._listen.host}:{self._listen.port}"

    def unplug(self) -> None:
        """Cut the line: the caller sees it end, new callers are refused."""
        with self._held():
            self._hang_up()
            if self._listener is not None:
                self._listener.close()
                self._listener = None
            self._close_pty()

    def hold(self, *, busy: bool) -> None:
        """Take no more bytes, as a printer that signals busy; or take them again."""
        if busy:
            self._busy.set()
        else:
            self._busy.clear()

    def hang_up(self) -> None:
        """End the present call, as a network card does that loses power."""
        with self._held():
            self._hang_up()

    def send(self, data: bytes) -> None:
        """Send an answer; lost when nobody is there."""
        with self._lock, contextlib.suppress(OSError):
            self.on_wire(False, data)
            if self._caller is not None:
                self._caller.sendall(data)
            elif self._pty is not None:
                os.write(self._pty[0], data)

    def run(self) -> None:
        """Receive until stopped."""
        while not self._stop.is_set():
            data = self._next()
            if data:
                self.bytes_received += len(data)
                self.on_wire(True, data)
                self._pace(len(data))
                self._receive(data)
        self.unplug()
        self._leave()

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        self._pulling.set()
        with self._reading, self._lock:
            self._pulling.clear()
            yield

    def _next(self) -> bytes:
        with self._reading:
            source = self._pty[0] if self._pty is not None else self._caller or self._listener
            held = self._busy.is_set() and source is not self._listener
            if source is not None and not held and not self._pulling.is_set():
                return self._read(source)
        self._stop.wait(TICK_S)
        return b""

    def _read(self, source: int | socket.socket) -> bytes:
        try:
            if not select.select([source], [], [], TICK_S)[0]:
                return b""
            if isinstance(source, int):
                return os.read(source, self._portion())
            if source is self._listener:
                self._answer_call(source)
                return b""
            data = source.recv(self._portion())
        except (OSError, ValueError):
            data = b""
        if not data:
            with self._lock:
                if source is self._caller:
                    self._hang_up()
        return data

    def _portion(self) -> int:
        return max(1, min(PORTION_BYTES, int(self._baud / 10 * PORTION_S))) if self._baud else PORTION_BYTES

    def _pace(self, size: int) -> None:
        if not self._baud:
            return
        now = time.monotonic()
        followed = self._followed and now - self._free_at < PORTION_S
        self._followed = size >= self._portion()
        self._free_at = (self._free_at if followed else max(self._free_at, now)) + size * 10 / self._baud
        if self._free_at > now:
            self._stop.wait(self._free_at - now)

    def _answer_call(self, listener: socket.socket) -> None:
        caller, _ = listener.accept()
        caller.settimeout(TICK_S)
        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._caller = caller

    def _hang_up(self) -> None:
        if self._caller is not None:
            with contextlib.suppress(OSError):
                self._caller.shutdown(socket.SHUT_RDWR)
            self._caller.close()
            self._caller = None

    def _open_pty(self, path: Path) -> str:
        if self._pty is None:
            if self._claim is not None:
                self._claim.take()
            master, slave = self._pty = os.openpty()
            tty.setraw(slave)
            os.set_blocking(master, False)
            try:
                lay_link(path, os.ttyname(slave))
            except OSError:
                self._leave()
                raise
        return str(path)

    def _close_pty(self) -> None:
        if self._pty is not None and isinstance(self._listen, Pty):
            take_link(self._listen.path, os.ttyname(self._pty[1]))
            for fd in self._pty:
                os.close(fd)
            self._pty = None

    def _leave(self) -> None:
        """Let another device have the path."""
        self._close_pty()
        if self._claim is not None:
            self._claim.give_back()
