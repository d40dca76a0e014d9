"""A SAM module behind a network adapter: the same bytes over TCP, every wait bounded.

Not pyserial's `socket://`, which waits five seconds for a host that does not answer, and for ever for one that never
stops talking. The host is an address in numbers: looking up a name has no limit that a program could set.
"""

import contextlib
import ipaddress
import socket
from urllib.parse import urlsplit

SCHEME = "socket"
CONNECT_TIMEOUT_S = 2.0
"""A host in the same hall answers within milliseconds; an address where nobody lives costs this."""
READ_BYTES = 4096
DRAIN_READS = 16
"""Old bytes are thrown away in at most so many reads; a peer that talks on is heard as noise later."""


class TcpWire:
    """Connects at once; `read` waits `poll_s` at most, `write` `write_timeout_s`. Raises `OSError` when it is lost."""

    def __init__(self, url: str, poll_s: float, write_timeout_s: float) -> None:
        parts = urlsplit(url)
        if parts.scheme != SCHEME or not parts.port:
            raise ValueError(url)
        host = str(ipaddress.ip_address(parts.hostname or ""))
        self._poll_s = poll_s
        self._write_timeout_s = write_timeout_s
        self._socket = socket.create_connection((host, parts.port), CONNECT_TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self, count: int) -> bytes:
        """Return up to `count` bytes, none when none came in time."""
        self._socket.settimeout(self._poll_s)
        try:
            received = self._socket.recv(count)
        except TimeoutError:
            return b""
        if not received:
            raise ConnectionResetError("the far end closed the connection")
        return received

    def write(self, sent: bytes) -> None:
        """Send all of it."""
        self._socket.settimeout(self._write_timeout_s)
        self._socket.sendall(sent)

    def reset_input_buffer(self) -> None:
        """Drop what came unasked."""
        self._socket.settimeout(0.0)
        with contextlib.suppress(BlockingIOError):
            for _ in range(DRAIN_READS):
                if not self._socket.recv(READ_BYTES):
                    raise ConnectionResetError("the far end closed the connection")

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close; harmless when closed."""
        self._socket.close()
