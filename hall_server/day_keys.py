"""The key under which a card's holder is known for one business day: "one open ticket per person" (design 9).

It lies in one file of mode 0600 beside the server's key, so that a restart keeps the rule, and is destroyed when
another day opens: from then on nobody can tell whose hash stands in yesterday's ledger. It never enters the ledger.
"""

import hmac
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from hall.errors import HallError, Reason
from hall.ids import BusinessDay
from hall.ledger.sealing import KEY_BYTES
from hall_server.keys import create_key_file, refuse_open_secret

log = logging.getLogger(__name__)

SUFFIX = ".day"


class _Kept(msgspec.Struct, frozen=True):
    day: BusinessDay
    key: bytes

    def __repr__(self) -> str:
        return f"_Kept({self.day})"


class DayKeys:
    """Holds the key of one day. Any thread may call; a key that cannot be written serves until the server ends."""

    def __init__(self, path: Path, mint: Callable[[], bytes]) -> None:
        """`mint` returns 32 bytes nobody can guess. Raises `HallError` for a file that others can read."""
        refuse_open_secret(path)
        self._path = path
        self._mint = mint
        self._guard = threading.Lock()
        self._kept = _read(path)

    def open(self, day: BusinessDay) -> bool:
        """Make the key of the day that the ledger has opened, an earlier one too, and destroy the one before.

        The key of a day that is open already stays. True when a new one was made: at a start on a day that was open
        already this means that its key was lost.
        """
        with self._guard:
            if self._kept is not None and day == self._kept.day:
                return False
            self._change(day)
            return True

    def person(self, day: BusinessDay, number: str) -> str:
        """Return the keyed hash (64 hex digits) of an identity number on the open day.

        `HallError(SERVER_AWAY)` for any other day, whatever a clock says: that is no decision, and terminals go on with
        their day reserves.
        """
        with self._guard:
            kept = self._kept
        if kept is None or kept.day != day:
            raise HallError(Reason.SERVER_AWAY, "day key", f"{day} is not the open day")
        return hmac.new(kept.key, number.encode(), "sha256").hexdigest()

    def _change(self, day: BusinessDay) -> None:
        new = _Kept(day, self._mint())
        self._kept = new
        try:
            _destroy(self._path)
            create_key_file(self._path, msgspec.json.encode(new))
        except OSError as error:
            log.warning("the key of %s cannot be written (%s); it serves until this server ends", day, error.strerror)


def _read(path: Path) -> _Kept | None:
    """Return the key that lies there, None when there is none or it cannot be read: then the day begins anew."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        log.warning("the day key in %s cannot be read; a new one is made", path.name)
        return None
    return kept if len(kept.key) == KEY_BYTES else None


def _destroy(path: Path) -> None:
    """Overwrite and remove. On flash the old blocks may live on; whoever can read those reads the server's key too."""
    try:
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink()
