"""Asks a vendor's library across pipes: one that hangs is ended in time, one that crashes is started again.

Nothing personal is on a command line, in an environment or in an exception; requests and answers are pipes only.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import kiosk
from kiosk.devices.card_readers.vendor_child import OUT_BYTES

START_TIMEOUT_S = 10.0
"""Loading a vendor's library, which may look for its reader in doing so."""
END_TIMEOUT_S = 1.0
"""How long a library may take to leave when its work is over."""
MAX_ANSWER_BYTES = 2 * OUT_BYTES + 128
_PIECE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Said:
    """What a function returned and wrote."""

    code: int
    out: bytes = field(repr=False)


class LibraryMissingError(Exception):
    """The library, or the function in it, cannot be loaded."""


class LibraryStuckError(Exception):
    """No answer in time; the process was ended."""


class LibraryBrokeError(Exception):
    """The process ended in mid call, wrote too far, or answered nonsense; the sentence says how."""


class VendorProcess:
    """One library in one process, started when it is needed. Used from one thread."""

    def __init__(self, library: str) -> None:
        self._library = library
        self._process: subprocess.Popen[bytes] | None = None
        self._received = bytearray()
        self.starts = 0
        """How often it was started: more than once means that the library broke."""
        self.verifies = False
        """The library has iVerifyPIN; known once it was started."""

    def start(self) -> None:
        """Have it running. Raises one of the three errors."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "kiosk.devices.card_readers.vendor_child", self._library],
            cwd=Path(kiosk.__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.starts += 1
        self._received.clear()
        told = self._answer(START_TIMEOUT_S)
        if "error" in told:
            self.close()
            raise LibraryMissingError
        self.verifies = bool(told.get("verifies"))

    def ask(self, do: str, slot_type: int, limit_s: float, pin: str = "") -> Said:
        """Call a function (`read` or `verify`) within `limit_s`. Raises one of the three errors."""
        self.start()
        request = {"do": do, "type": slot_type, **({"pin": pin} if pin else {})}
        try:
            self._pipes()[0].write(json.dumps(request).encode() + b"\n")
            self._pipes()[0].flush()
        except OSError as error:
            raise self._broke() from error
        told = self._answer(limit_s)
        code, out = told.get("code"), told.get("out")
        if type(code) is not int or type(out) is not str:
            sentence = "it wrote more than its buffer holds" if told.get("error") == "overrun" else "it broke its pipe"
            self.close()
            raise LibraryBrokeError(sentence)
        return Said(code, bytes.fromhex(out))

    def close(self) -> None:
        """End the process, by force if its library does not come back."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        try:
            process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
        self._received = bytearray()

    def _answer(self, limit_s: float) -> dict[str, object]:
        """Return the next line, read with a limit in time and size."""
        deadline = time.monotonic() + limit_s
        while b"\n" not in self._received:
            if not select.select([self._pipes()[1]], [], [], max(deadline - time.monotonic(), 0))[0]:
                self._kill()
                raise LibraryStuckError
            piece = os.read(self._pipes()[1].fileno(), _PIECE_BYTES)
            if not piece or len(self._received) + len(piece) > MAX_ANSWER_BYTES:
                raise self._broke()
            self._received += piece
        line, _, rest = self._received.partition(b"\n")
        self._received = rest
        try:
            told = json.loads(line)
        except ValueError:
            raise self._broke() from None
        return told if isinstance(told, dict) else {}

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise LibraryBrokeError("it is not running")
        return process.stdin, process.stdout

    def _broke(self) -> LibraryBrokeError:
        """End what is left of it and say how it ended."""
        process = self._process
        self._kill()
        code = process.returncode if process is not None else None
        return LibraryBrokeError(f"it was ended by signal {-code}" if code is not None and code < 0 else "it ended")

    def _kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.05)  # one that is just ending says how
            self._process.kill()
        self.close()
