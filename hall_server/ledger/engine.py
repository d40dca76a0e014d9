"""The SQLite engine: sqlcipher3's own library, WAL, synchronous FULL, BEGIN IMMEDIATE, migrations at start."""

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event

from hall.errors import HallError, Reason

OLDEST_SQLITE = (3, 51, 3)
"""Older libraries can damage a WAL file when two connections meet (the WAL-reset bug, fixed in 3.51.3)."""
BUSY_TIMEOUT_MS = 5000
MIGRATIONS = Path(__file__).parent / "migrations"


def refuse_old_sqlite(version: str) -> None:
    """Raise `HallError` if this SQLite library may damage the ledger."""
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        allowed = ".".join(str(part) for part in OLDEST_SQLITE)
        raise HallError(Reason.INTERNAL, "ledger", f"SQLite {version} is refused; {allowed} or newer is needed")


class StatementCount:
    """How many SQL statements ran, BEGIN and COMMIT included: the figure that shows a needless read."""

    def __init__(self, engine: Engine) -> None:
        self.statements = 0
        self.commits = 0
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    def _statement(self, *_: object) -> None:
        self.statements += 1

    def _commit(self, _connection: Connection) -> None:
        self.statements += 1
        self.commits += 1


def open_engine(path: Path) -> Engine:
    """Return an engine on `path` with its tables migrated to the newest version."""
    refuse_old_sqlite(sqlcipher3.dbapi2.sqlite_version)
    engine = create_engine(f"sqlite:///{path}", module=sqlcipher3.dbapi2)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_for_writing)
    try:
        migrate(engine)
    except Exception as error:
        engine.dispose()
        raise HallError(Reason.INTERNAL, str(path), f"the ledger cannot be opened: {error}") from error
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version, one transaction for all of it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # SQLAlchemy says BEGIN itself
    cursor = raw.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_for_writing(connection: Connection) -> None:
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")
