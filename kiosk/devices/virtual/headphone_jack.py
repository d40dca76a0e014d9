"""Virtual headphone jack: a FIFO that carries the records of a Linux input device (`speakers/headphones.py`).

Run: `python -m kiosk.devices.virtual headphone_jack --path /tmp/jack`, then type `plug`, `pull`, `lose` or `quit`.
"""

import argparse
import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.devices.speakers.headphones import EV_SYN, RECORD, SYN_DROPPED, record
from kiosk.devices.virtual.link_claims import LinkClaim


class VirtualJack:
    """Both ends of the FIFO are held open here, so that a reader may come and go."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._claim = LinkClaim(path)
        self._line: int | None = None
        self._plugged = False
        self.actions: dict[str, Callable[[], None]] = {"plug": self.plug, "pull": self.pull, "lose": self.lose}

    def start(self) -> str:
        """Make the FIFO; return its path. Raises `OSError` when something else, or another jack, stands there."""
        if self._path.exists() and not stat.S_ISFIFO(self._path.stat().st_mode):
            raise FileExistsError(errno.EEXIST, "something else than a FIFO stands there", str(self._path))
        self._claim.take()
        if not self._path.exists():
            os.mkfifo(self._path, 0o600)
        self._line = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        self._send(record(plugged=False))
        return str(self._path)

    def stop(self) -> None:
        """Remove it."""
        line, self._line = self._line, None
        if line is not None:
            os.close(line)
            self._path.unlink(missing_ok=True)
        self._claim.give_back()

    def state(self) -> dict[str, Any]:
        """How it is."""
        return {"plugged": self._plugged}

    def plug(self) -> None:
        """Headphones in."""
        self._plugged = True
        self._send(record(plugged=True))

    def pull(self) -> None:
        """Headphones out."""
        self._plugged = False
        self._send(record(plugged=False))

    def lose(self) -> None:
        """Tell that records were lost, as the kernel does when nobody reads."""
        self._send(RECORD.pack(0, 0, EV_SYN, SYN_DROPPED, 0))

    def _send(self, records: bytes) -> None:
        """A full FIFO drops the news, as a kernel's queue does."""
        if self._line is not None:
            with contextlib.suppress(BlockingIOError):
                os.write(self._line, records)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of this device."""
    parser.add_argument("--path", type=Path, required=True, help="where the FIFO is made")


def run(args: argparse.Namespace) -> int:
    """Serve until `quit` or the end of input."""
    jack = VirtualJack(args.path)
    try:
        path = jack.start()
    except OSError as error:
        print(f"headphone_jack: {error.strerror or error}: {args.path}", file=sys.stderr)  # noqa: T201 told where it was typed
        return 1
    with contextlib.suppress(KeyboardInterrupt):
        print(path, flush=True)  # noqa: T201 the path is this command's output
        for line in sys.stdin:
            word = line.strip()
            if word == "quit":
                break
            if word in jack.actions:
                jack.actions[word]()
            elif word:
                print(f"there are {', '.join(jack.actions)}, quit", file=sys.stderr)  # noqa: T201 an answer
    jack.stop()
    return 0
