"""Virtual serial lines: a pty (with a stable path) or a TCP port, and a pace that keeps bytes at the baud rate."""

import contextlib
import errno
import os
import select
import socket
import termios
import time
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from kiosk.devices.virtual.link_claims import LinkClaim

BITS_PER_BYTE = 10
"""8N1: a start bit and a stop bit around eight."""

CHUNK_S = 0.0015
"""Bytes leave in groups of so long a wire time: finer than any driver sees, coarse enough for a busy machine."""

READ_BYTES = 4096

_RATES = {getattr(termios, name): int(name[1:]) for name in dir(termios) if name[0] == "B" and name[1:].isdigit()}
"""The kernel's codes for the rates of a line."""


class Line(Protocol):
    """The device's end of a cable. Used from one thread."""

    def plug(self) -> str:
        """Put the cable in; return the address that a driver opens."""

    def unplug(self) -> None:
        """Pull it: whoever has the other end open gets an error, as from a pulled adapter."""

    def leave(self) -> None:
        """Pull it for good, and let another device have the address."""

    def receive(self, timeout_s: float) -> bytes:
        """Wait for bytes; empty when none came in time."""

    def send(self, sent: bytes) -> None:
        """Push bytes; they are lost when nobody listens."""

    def far_baud(self) -> int | None:
        """Return the rate to which the driver has set its end; None when such a line has none, or an odd one."""


class PtyLine:
    """A pseudo terminal; `link`, when given, is a path that stays the same, and ours, through every replugging."""

    def __init__(self, link: Path | None = None) -> None:
        self._link = link
        self._claim = LinkClaim(link) if link is not None else None
        self._near = self._far = -1

    def plug(self) -> str:
        """Open a fresh pair; return the link or the pty's own name. Raises `OSError` when another serves the link."""
        self.unplug()
        if self._claim is not None:
            self._claim.take()
        self._near, self._far = os.openpty()
        tty.setraw(self._far)  # no echo before the driver has set the line up
        os.set_blocking(self._near, False)
        name = os.ttyname(self._far)
        if self._link is None:
            return name
        try:
            lay_link(self._link, name)
        except OSError:
            self.leave()
            raise
        return str(self._link)

    def unplug(self) -> None:
        """Close both ends and take the path away."""
        if self._link is not None and self._far >= 0:
            take_link(self._link, os.ttyname(self._far))
        for end in (self._near, self._far):
            if end >= 0:
                os.close(end)
        self._near = self._far = -1

    def leave(self) -> None:
        """Close both ends and give the path back."""
        self.unplug()
        if self._claim is not None:
            self._claim.give_back()

    def receive(self, timeout_s: float) -> bytes:
        """Wait for bytes from the driver."""
        if self._near < 0:
            time.sleep(timeout_s)
            return b""
        readable, _, _ = select.select([self._near], [], [], timeout_s)
        return os.read(self._near, READ_BYTES) if readable else b""

    def send(self, sent: bytes) -> None:
        """Push bytes; a full buffer (nobody reads) drops them as a wire would."""
        if self._near >= 0:
            with contextlib.suppress(BlockingIOError):
                os.write(self._near, sent)

    def far_baud(self) -> int | None:
        """A pty carries every rate alike, but both of its ends know the one that was set."""
        return _RATES.get(termios.tcgetattr(self._near)[5]) if self._near >= 0 else None


class TcpLine:
    """A serial server with one client at a time, on the loopback; the port stays the same through replugging."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._listener: socket.socket | None = None
        self._client: socket.socket | None = None

    def plug(self) -> str:
        """Listen; return `socket://127.0.0.1:port`."""
        self.unplug()
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=1)
        self._port = self._listener.getsockname()[1]
        return f"socket://127.0.0.1:{self._port}"

    def unplug(self) -> None:
        """Drop client and port."""
        for end in (self._client, self._listener):
            if end is not None:
                end.close()
        self._client = self._listener = None

    def leave(self) -> None:
        """Drop client and port: a port that nobody listens on is free for others anyway."""
        self.unplug()

    def receive(self, timeout_s: float) -> bytes:
        """Wait for a client or its bytes."""
        if self._listener is None:
            time.sleep(timeout_s)
            return b""
        ends = [end for end in (self._client, self._listener) if end is not None]
        readable, _, _ = select.select(ends, [], [], timeout_s)
        if self._listener in readable:
            if self._client is not None:
                self._client.close()
            self._client, _ = self._listener.accept()
            return b""
        if self._client in readable and self._client is not None:
            return self._from_client(self._client)
        return b""

    def send(self, sent: bytes) -> None:
        """Push bytes to the client, if there is one."""
        if self._client is not None:
            with contextlib.suppress(OSError):
                self._client.sendall(sent)

    def far_baud(self) -> int | None:
        """A network has none."""
        return None

    def _from_client(self, client: socket.socket) -> bytes:
        try:
            received = client.recv(READ_BYTES)
        except OSError:
            received = b""
        if not received:
            client.close()
            self._client = None
        return received


def lay_link(link: Path, name: str) -> None:
    """Let `link` lead to the pty `name`, in place of a link that was left there. Raises `OSError`; keeps any file."""
    if link.exists() and not link.is_symlink():
        raise FileExistsError(errno.EEXIST, "something else than a link stands there", str(link))
    link.unlink(missing_ok=True)
    link.symlink_to(name)


def take_link(link: Path, name: str) -> None:
    """Take `link` away, unless it leads elsewhere by now: another virtual device was started at it."""
    with contextlib.suppress(OSError):
        if str(link.readlink()) == name:
            link.unlink()


def wire_s(count: int, baud: int) -> float:
    """Return how long `count` bytes take on the wire."""
    return count * BITS_PER_BYTE / baud


def send_paced(line: Line, sent: bytes, baud: int, go_on: Callable[[], bool]) -> None:
    """Send at the baud rate: no byte leaves before a wire of that speed would have carried it.

    `go_on` is asked before every group of bytes; when it says no, the rest is never sent.
    """
    start = time.monotonic()
    chunk = max(round(baud * CHUNK_S / BITS_PER_BYTE), 1)
    for at in range(0, len(sent), chunk):
        part = sent[at : at + chunk]
        left = start + wire_s(at + len(part), baud) - time.monotonic()
        if left > 0:
            time.sleep(left)
        if not go_on():
            return
        line.send(part)
