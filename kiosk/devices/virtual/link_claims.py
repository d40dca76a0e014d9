"""Who serves a path: one virtual device at a time, told by name to whoever comes second.

A claim is a name of the kernel's (an abstract socket) made from the path, so nothing lies about on a disk and nothing
outlives its program: a link that a killed device left behind is free at once. It holds through pulled cables, until
the device ends. Programs in different network namespaces do not see each other's claims.
"""

import errno
import hashlib
import os
import socket
import struct
from contextlib import suppress
from pathlib import Path

REFUSALS = 64
"""So many later comers are told who was first; the next ones only that somebody was."""
MAX_COMMAND = 80
"""Characters of the owner's command line that are told."""
_CREDENTIALS = struct.Struct("iII")


class LinkClaim:
    """Right to one path. Used from one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = _name(path)
        self._held: socket.socket | None = None

    def take(self) -> None:
        """Claim the path; harmless when it is ours already. Raises `OSError(EADDRINUSE)` naming its owner."""
        if self._held is not None:
            return
        held = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            held.bind(self._name)
            held.listen(REFUSALS)
        except OSError as error:
            held.close()
            if error.errno != errno.EADDRINUSE:
                raise
            sentence = f"{_owner(self._name)} serves this path already; end it, or choose another path"
            raise OSError(errno.EADDRINUSE, sentence, str(self._path)) from error
        self._held = held

    def give_back(self) -> None:
        """Let the next one have it; harmless when it is not ours."""
        held, self._held = self._held, None
        if held is not None:
            held.close()


def _name(path: Path) -> bytes:
    """Return the kernel's name: the same for every way to write a path, but not through the link at its end."""
    place = os.fsencode(path.parent.resolve() / path.name)
    return b"\0daoyin-virtual-" + hashlib.sha256(place).hexdigest().encode("ascii")


def _owner(name: bytes) -> str:
    """Return the process that claimed `name`, as a person would look for it."""
    process = 0
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.setblocking(False)  # nobody accepts: a full queue must not keep us
        asking.connect(name)
        process = _CREDENTIALS.unpack(asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))[0]
    if not process:
        return "another virtual device"
    if process == os.getpid():
        return "another device of this program"
    with suppress(OSError):
        words = Path(f"/proc/{process}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        return f"process {process} ({' '.join(words).strip()[:MAX_COMMAND]})"
    return f"process {process}"
