"""Looking into the ledger a page at a time, for people. Reads only; every answer is bounded."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select
from sqlalchemy.engine import Row
from sqlalchemy.exc import SQLAlchemyError

from hall.errors import HallError, Reason
from hall.ids import TerminalId
from hall.ledger.chain import GENESIS
from hall_server.ledger.entries import Entry
from hall_server.ledger.rows import EventRow, QuarantineActRow, QuarantineRow
from hall_server.ledger.store import CLASH, SLIP_KEY_CHANGED, Ledger, _entry

MAX_PAGE = 200
MAX_BOOK_PAGE = 2000
"""Entries read at once by a book that follows the ledger: years are read once, and no memory is filled with them."""
HEAD_BYTES = 64
"""So much of a quarantined message is shown, as hex: enough to recognise it, not enough to read a person in it."""

_events = EventRow.metadata.tables["events"]
_quarantine = QuarantineRow.metadata.tables["quarantine"]
_acts = QuarantineActRow.metadata.tables["quarantine_acts"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; empty means everything."""

    kind: str = ""
    device: str = ""
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """How far the ledger goes, and the digest that covers all of it."""

    entries: int
    chain: str


@dataclass(frozen=True, slots=True)
class Held:
    """One entry of the quarantine as people may see it. `at` in hall time, `size` in bytes as kept."""

    id: int
    at: float
    terminal: str
    reason: str
    sentence: str
    epoch: int
    seq: int
    size: int
    head: bytes
    released_at: float | None
    act: str = ""
    """What was done about it (`entries.Act`), by whom and why; empty while nothing was, or before this was written."""
    staff: str = ""
    why: str = ""
    ledger_seq: int | None = None


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Lend a connection that only reads; trouble of the database is told as `HallError`."""
    try:
        with engine.connect().execution_options(reading=True) as connection:
            yield connection
    except SQLAlchemyError as error:
        raise HallError(Reason.INTERNAL, "ledger", "it cannot be read now") from error


class Browser:
    """Reads beside the writer, on any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._engine = ledger.engine

    def head(self) -> Head:
        """Return the number of entries and the chain's head."""
        newest = select(_events.c.ledger_seq, _events.c.chain).order_by(_events.c.ledger_seq.desc()).limit(1)
        with reading(self._engine) as connection:
            row = connection.execute(newest).one_or_none()
        return Head(row.ledger_seq, row.chain) if row else Head(0, GENESIS)

    def newest(self, count: int, wanted: Wanted, before: int | None = None) -> list[Entry]:
        """Return up to `count` entries, newest first, older than ledger number `before`."""
        page = select(_events).order_by(_events.c.ledger_seq.desc()).limit(min(count, MAX_PAGE))
        if before is not None:
            page = page.where(_events.c.ledger_seq < before)
        return self._entries(_narrowed(page, wanted))

    def following(self, after: int, count: int, wanted: Wanted) -> list[Entry]:
        """Return up to `count` entries, oldest first, newer than ledger number `after`."""
        page = select(_events).where(_events.c.ledger_seq > after).order_by(_events.c.ledger_seq)
        return self._entries(_narrowed(page.limit(min(count, MAX_PAGE)), wanted))

    def of_kinds(self, after: int, count: int, kinds: tuple[str, ...]) -> list[Entry]:
        """Return up to `count` entries of these kinds, oldest first, newer than ledger number `after`."""
        page = select(_events).where(_events.c.ledger_seq > after, _events.c.kind.in_(kinds))
        return self._entries(page.order_by(_events.c.ledger_seq).limit(min(count, MAX_BOOK_PAGE)))

    def quarantine(self, count: int, before: int | None = None) -> list[Held]:
        """Return up to `count` quarantine entries, newest first, released ones too."""
        page = _held_columns().order_by(_quarantine.c.id.desc())
        if before is not None:
            page = page.where(_quarantine.c.id < before)
        with reading(self._engine) as connection:
            return [_held(row) for row in connection.execute(page.limit(min(count, MAX_PAGE)))]

    def held(self, entry: int) -> Held | None:
        """Return the quarantine entry of that number."""
        with reading(self._engine) as connection:
            row = connection.execute(_held_columns().where(_quarantine.c.id == entry)).one_or_none()
        return None if row is None else _held(row)

    def quarantined(self) -> tuple[int, int]:
        """Return how many entries the quarantine holds that nobody has seen to, and how many it ever held."""
        open_ones = select(func.count()).where(_quarantine.c.released_at.is_(None))
        with reading(self._engine) as connection:
            waiting = connection.execute(open_ones).scalar() or 0
            ever = connection.execute(select(func.count()).select_from(_quarantine)).scalar() or 0
        return int(waiting), int(ever)

    def shut_out(self) -> frozenset[TerminalId]:
        """Return the terminals about which somebody must decide: two seem to share an identity, or a key changed."""
        waiting = _quarantine.c.reason.in_((CLASH, SLIP_KEY_CHANGED)), _quarantine.c.released_at.is_(None)
        clashed = select(_quarantine.c.device).where(*waiting)
        with reading(self._engine) as connection:
            return frozenset(TerminalId(device) for device in connection.execute(clashed).scalars())

    def _entries(self, page: Select[Any]) -> list[Entry]:
        with reading(self._engine) as connection:
            return [_entry(row) for row in connection.execute(page)]


def _held_columns() -> Select[Any]:
    """Ask for entries with what was done about each, which is one act at most; the first bytes only."""
    columns = [column for column in _quarantine.c if column.name not in {"raw", "device", "event_id"}]
    done = (_acts.c.act, _acts.c.staff, _acts.c.reason.label("why"), _acts.c.ledger_seq)
    return select(
        *columns,
        func.length(_quarantine.c.raw).label("size"),
        func.substr(_quarantine.c.raw, 1, HEAD_BYTES).label("head"),
        *done,
    ).select_from(_quarantine.outerjoin(_acts, _acts.c.quarantine_id == _quarantine.c.id))


def _held(row: Row[Any]) -> Held:
    return Held(
        id=row.id,
        at=row.at,
        terminal=row.terminal,
        reason=row.reason,
        sentence=row.sentence,
        epoch=row.epoch,
        seq=row.seq,
        size=row.size,
        head=bytes(row.head),
        released_at=row.released_at,
        act=row.act or "",
        staff=row.staff or "",
        why=row.why or "",
        ledger_seq=row.ledger_seq,
    )


def _narrowed(page: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.kind:
        page = page.where(_events.c.kind == wanted.kind)
    if wanted.device:
        page = page.where(_events.c.device == wanted.device)
    if wanted.flagged:
        page = page.where(_events.c.flags != "")
    return page
