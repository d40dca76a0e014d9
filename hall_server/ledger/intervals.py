"""Health intervals on the ledger's database: closed ones are appended, open ones follow. Not part of the chain."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Row
from sqlalchemy.exc import SQLAlchemyError

from hall.errors import HallError, Reason
from hall.health.intervals import Interval, Standing
from hall.health.states import State
from hall_server.ledger.browsing import reading
from hall_server.ledger.rows import HealthIntervalRow, HealthStandingRow, MetaRow
from hall_server.ledger.store import Ledger

KEPT_DAYS = 400
"""A year of monthly reports, and the month after it to look at them."""
DAY_S = 86_400.0
MAX_READ = 100_000
"""So many intervals are read at once; a hall in good health makes a few hundred a day."""

_meta = MetaRow.metadata.tables["meta"]
_intervals = HealthIntervalRow.metadata.tables["health_intervals"]
_standings = HealthStandingRow.metadata.tables["health_standings"]
_add = insert(_intervals)
_put = insert(_standings)
_put = _put.on_conflict_do_update(
    index_elements=["subject"],
    set_={name: _put.excluded[name] for name in ("state", "code", "since", "seen")},
)
_forget = delete(_intervals).where(_intervals.c.ended < bindparam("before_s"))


class IntervalStore:
    """What is remembered of health over restarts. Any thread; every write is one short transaction."""

    def __init__(self, ledger: Ledger) -> None:
        self._engine = ledger.engine

    def keep(self, closed: Sequence[Interval], standings: Sequence[Standing]) -> None:
        """Append closed intervals and note how far the open ones are known, together or not at all."""
        try:
            with self._engine.begin() as connection:
                if closed:
                    connection.execute(_add, [_interval_values(one) for one in closed])
                if standings:
                    connection.execute(_put, [_standing_values(one) for one in standings])
        except SQLAlchemyError as error:
            raise HallError(Reason.INTERNAL, "health intervals", "they cannot be written now") from error

    def starts(self) -> int:
        """Return how often a server has started on this ledger so far."""
        with reading(self._engine) as connection:
            return int(connection.execute(select(_meta.c.starts)).scalar() or 0)

    def standings(self) -> list[Standing]:
        """Return the open intervals as they were last known."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(_standings).order_by(_standings.c.subject)).all()
        return [
            Standing(subject=row.subject, state=State(row.state), code=row.code, since=row.since, seen=row.seen)
            for row in rows
        ]

    def since(self, at: float) -> list[Interval]:
        """Return the closed intervals that reach beyond `at`, in the order in which they ended."""
        wanted = select(_intervals).where(_intervals.c.ended > at).order_by(_intervals.c.ended).limit(MAX_READ)
        with reading(self._engine) as connection:
            rows = connection.execute(wanted).all()
        return [_interval(row) for row in rows]

    def overlapping(self, subject: str, began: float, ended: float) -> list[Interval]:
        """Return the closed intervals of one subject that touch this span, of every revision."""
        wanted = (
            select(_intervals)
            .where(_intervals.c.subject == subject, _intervals.c.ended > began, _intervals.c.began < ended)
            .order_by(_intervals.c.ended)
            .limit(MAX_READ)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(wanted).all()
        return [_interval(row) for row in rows]

    def forget_before(self, at: float) -> None:
        """Let go of intervals that ended more than `KEPT_DAYS` before `at`."""
        with self._engine.begin() as connection:
            connection.execute(_forget, {"before_s": at - KEPT_DAYS * DAY_S})


def _interval(row: Row[tuple[object, ...]]) -> Interval:
    return Interval(
        subject=row.subject,
        state=State(row.state),
        code=row.code,
        began=row.began,
        ended=row.ended,
        revision=row.revision,
    )


def _interval_values(one: Interval) -> dict[str, object]:
    return {
        "subject": one.subject,
        "state": one.state.value,
        "code": one.code,
        "began": one.began,
        "ended": one.ended,
        "revision": one.revision,
    }


def _standing_values(one: Standing) -> dict[str, object]:
    return {
        "subject": one.subject,
        "state": one.state.value,
        "code": one.code,
        "since": one.since,
        "seen": one.seen,
    }
