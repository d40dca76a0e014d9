"""The journal's tables, as numbered steps. A step that has shipped is never edited; add the next number."""

from typing import Final

STEPS: Final[tuple[tuple[str, ...], ...]] = (
    (
        "CREATE TABLE epochs (epoch INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, begun_at REAL NOT NULL)",
        """
        CREATE TABLE outbox (
            epoch INTEGER NOT NULL, seq INTEGER NOT NULL, event_id TEXT NOT NULL UNIQUE,
            at REAL NOT NULL, body BLOB NOT NULL, acked_at REAL,
            PRIMARY KEY (epoch, seq)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX outbox_waiting ON outbox (epoch, seq) WHERE acked_at IS NULL",
        "CREATE TABLE kept (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
        """
        CREATE TABLE numbers (
            day TEXT NOT NULL, series TEXT NOT NULL, number INTEGER NOT NULL, suffix TEXT NOT NULL,
            ticket TEXT NOT NULL, at REAL NOT NULL,
            PRIMARY KEY (day, series, number, suffix)
        ) WITHOUT ROWID
        """,
        "CREATE TABLE witnesses (request TEXT PRIMARY KEY, at REAL NOT NULL, body BLOB NOT NULL) WITHOUT ROWID",
    ),
)
"""`PRAGMA user_version` n means steps[:n] are done. `body` is the envelope exactly as it is sent."""
