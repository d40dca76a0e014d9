"""This terminal's own key for the slips it gives out alone: made at its first start, for its owner's eyes only.

The public half goes to the hall server with the hello, on a lane that only this terminal may write. A key that cannot
be read is replaced: the hall then asks a person, and slips of before it still name their ticket.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hall.errors import HallError, Reason
from hall.events import TicketIssued
from hall.ids import HallId, TerminalId
from hall.outage import signed_slips

FILE: Final = "slip.key"


@dataclass(frozen=True, slots=True)
class SlipKey:
    """Signs as one terminal of one hall."""

    hall: HallId
    terminal: TerminalId
    private: bytes = field(repr=False)
    """Raw Ed25519 private key, 32 bytes."""

    @property
    def public(self) -> bytes:
        """What the hall server is told."""
        return signed_slips.public_of(self.private)

    def code(self, issued: TicketIssued) -> str | None:
        """Return the signed code of a ticket; None when one of its facts has no place in a code."""
        try:
            return signed_slips.sign(issued, self.hall, self.terminal, self.private)
        except HallError:
            return None


def own_key(folder: Path, hall: HallId, terminal: TerminalId, random_bytes: Callable[[int], bytes]) -> SlipKey:
    """Read this terminal's key, or make it: on the disk as a whole, or not at all, before anybody is told of it."""
    path = folder / FILE
    try:
        private = path.read_bytes()
        if len(private) == signed_slips.KEY_BYTES:
            return SlipKey(hall, terminal, private)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise HallError(Reason.INTERNAL, str(path), f"cannot be read: {error.strerror}") from error
    private = random_bytes(signed_slips.KEY_BYTES)
    _write(path, private)
    return SlipKey(hall, terminal, private)


def _write(path: Path, private: bytes) -> None:
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - the mode
            file.write(private)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise HallError(Reason.INTERNAL, str(path), f"cannot be written: {error.strerror}") from error
