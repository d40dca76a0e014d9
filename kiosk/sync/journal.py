"""The terminal's own durable file. One connection, used by one thread at a time; one process per file.

SQLite through `sqlcipher3`, because the system's own library may carry the WAL-reset bug (fixed in 3.51.3).
Holds no personal data: events carry none, and personal answers are never given to it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

from sqlcipher3 import dbapi2

from hall.ids import BusinessDay, RequestId, Series, TicketId
from kiosk.sync.migrations import STEPS

OLDEST_ENGINE: Final = (3, 51, 3)
BUSY_MS: Final = 5000
"""A predecessor that is being killed gives its lock back within this."""
WAL_LIMIT_BYTES: Final = 8 * 1024 * 1024
"""The write-ahead file is cut back to this after a checkpoint; small disks stay small."""


class JournalFault(StrEnum):
    """Why the journal cannot be used."""

    ENGINE_TOO_OLD = "engine_too_old"
    IN_USE = "in_use"
    NEWER = "newer"
    UNUSABLE = "unusable"
    """Cannot be opened or is damaged."""
    UNWRITABLE = "unwritable"
    """A change was rolled back whole: disk full, read-only, or failing."""


class JournalError(Exception):
    """A surprise of the journal: reason and a sentence for the technician."""

    def __init__(self, reason: JournalFault, sentence: str) -> None:
        super().__init__(f"journal: {sentence} ({reason.value})")
        self.reason = reason
        self.sentence = sentence


def check_engine(version: tuple[int, ...]) -> None:
    """Raise `JournalError(ENGINE_TOO_OLD)` for an SQLite before 3.51.3."""
    if version < OLDEST_ENGINE:
        told, needed = (".".join(map(str, v)) for v in (version, OLDEST_ENGINE))
        raise JournalError(JournalFault.ENGINE_TOO_OLD, f"SQLite {told}; at least {needed} is needed")


class Journal:
    """The open file. Writing methods must be called inside `change()`."""

    def __init__(self, connection: Any) -> None:
        self._db = connection

    @classmethod
    def connect(cls, path: Path | str, busy_ms: int = BUSY_MS) -> Self:
        """Open or create the journal and bring its tables up to date, or raise `JournalError`."""
        check_engine(dbapi2.sqlite_version_info)
        try:
            db = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
        except dbapi2.Error as error:
            raise JournalError(JournalFault.UNUSABLE, f"cannot be opened: {error}") from error
        try:
            _prepare(db, busy_ms)
        except dbapi2.Error as error:
            db.close()
            fault = JournalFault.IN_USE if "locked" in str(error) else JournalFault.UNUSABLE
            raise JournalError(fault, f"{error}; one process per journal") from error
        except JournalError:
            db.close()
            raise
        return cls(db)

    @contextmanager
    def change(self) -> Iterator[None]:
        """One durable transaction: all of it is on disk when the block is left, or none of it."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except dbapi2.Error as error:
            raise JournalError(JournalFault.UNWRITABLE, f"no transaction: {error}") from error
        try:
            yield
            self._db.execute("COMMIT")
        except dbapi2.Error as error:
            self._roll_back()
            raise JournalError(JournalFault.UNWRITABLE, f"rolled back: {error}") from error
        except BaseException:
            self._roll_back()
            raise

    def execute(self, statement: str, *values: object) -> Any:
        """Run one statement of the outbox, which shares this file."""
        return self._db.execute(statement, values)

    def keep(self, name: str, value: bytes) -> None:
        """Keep a small thing by name, replacing what was there."""
        self._db.execute(
            "INSERT INTO kept (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def kept(self, name: str) -> bytes | None:
        """Return what was kept under this name."""
        row = self._db.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0])

    def kept_under(self, prefix: str) -> dict[str, bytes]:
        """Return everything whose name begins with `prefix`, without the prefix."""
        rows = self._db.execute("SELECT name, value FROM kept WHERE substr(name, 1, ?) = ?", (len(prefix), prefix))
        return {name[len(prefix) :]: bytes(value) for name, value in rows}

    def numbers(self, day: BusinessDay, series: Series) -> set[tuple[int, str]]:
        """Return every (number, suffix) this terminal took by itself in this day and series."""
        rows = self._db.execute("SELECT number, suffix FROM numbers WHERE day = ? AND series = ?", (day, series))
        return {(number, suffix) for number, suffix in rows}

    def take_number(
        self, day: BusinessDay, series: Series, number: tuple[int, str], ticket: TicketId, at: float
    ) -> None:
        """Take a (number, suffix) for good. Taking one twice is refused by the table."""
        self._db.execute("INSERT INTO numbers VALUES (?, ?, ?, ?, ?, ?)", (day, series, *number, ticket, at))

    def taken_since(self, day: BusinessDay, series: Series, at: float) -> int:
        """Count the tickets this terminal numbered by itself after `at`."""
        row = self._db.execute(
            "SELECT count(*) FROM numbers WHERE day = ? AND series = ? AND at > ?", (day, series, at)
        ).fetchone()
        return int(row[0])

    def witness(self, request: RequestId, at: float, body: bytes) -> None:
        """Keep an answer of the server as received; the first one stays."""
        self._db.execute("INSERT INTO witnesses VALUES (?, ?, ?) ON CONFLICT (request) DO NOTHING", (request, at, body))

    def witnesses(self) -> list[bytes]:
        """Return the answers kept, oldest first."""
        return [bytes(body) for (body,) in self._db.execute("SELECT body FROM witnesses ORDER BY at, request")]

    def prune(self, answers_before: float, numbers_before: float) -> None:
        """Forget answers and used numbers older than these times."""
        self._db.execute("DELETE FROM witnesses WHERE at < ?", (answers_before,))
        self._db.execute("DELETE FROM numbers WHERE at < ?", (numbers_before,))

    def close(self) -> None:
        """Close the file; everything committed is on disk already."""
        self._db.close()

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")


def _prepare(db: Any, busy_ms: int) -> None:
    """Lock the file for this process, make it durable, and migrate."""
    db.execute(f"PRAGMA busy_timeout = {busy_ms}")
    db.execute("PRAGMA locking_mode = EXCLUSIVE")  # a second process is refused; a killed one leaves no lock
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
    db.execute("BEGIN IMMEDIATE")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        db.execute("ROLLBACK")
        raise JournalError(JournalFault.NEWER, f"has format {version}; this program knows up to {len(STEPS)}")
    for step in STEPS[version:]:
        for statement in step:
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {len(STEPS)}")
    db.execute("COMMIT")
