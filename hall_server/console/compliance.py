"""「合规」: consulting windows required, set up and open (4.2); the official calendar; what the rules follow."""

import msgspec

from hall.calendar.due_dates import gaps
from hall.calendar.working_days import local_datetime
from hall.pack.hall_pack import HallPack
from hall.queue.state import HallState
from hall.services.window_plan import CLAUSE, check

MAX_REFERENCES = 200


class PlanShown(msgspec.Struct, frozen=True, kw_only=True):
    """One evaluation of the consulting windows with its inputs and its day."""

    day: str
    clause: str
    level: str
    urban_population: int
    insured_count: int
    counted_on: str
    required: int
    configured: int
    open_now: int
    complies: bool
    open_enough: bool
    sentences: tuple[str, ...]


class ReferenceShown(msgspec.Struct, frozen=True, kw_only=True):
    """A document that the rules lean on, with the version that is meant."""

    title: str
    number: str
    version: str
    status: str


class Compliance(msgspec.Struct, frozen=True, kw_only=True):
    """What an auditor asks first."""

    at: float
    plan: PlanShown
    calendar_gaps: tuple[int, ...]
    """Years whose official calendar must be imported now: this year's, from 1 October the next one's."""
    calendar_years: tuple[int, ...]
    rule_pack: str
    standard: str
    dated: str
    statement: str
    pack_version: str
    references: tuple[ReferenceShown, ...]


def compliance(pack: HallPack, state: HallState, now: float) -> Compliance:
    """Return the panel."""
    return Compliance(
        at=now,
        plan=_plan(pack, state, now),
        calendar_gaps=gaps(pack.calendar, local_datetime(now).date()),
        calendar_years=tuple(sorted(year.year for year in pack.calendar.years)),
        rule_pack=pack.rules.id,
        standard=pack.rules.standard,
        dated=pack.rules.dated,
        statement=pack.rules.statement,
        pack_version=pack.version,
        references=tuple(
            ReferenceShown(title=one.title, number=one.number, version=one.version, status=one.status)
            for one in pack.references[:MAX_REFERENCES]
        ),
    )


def _plan(pack: HallPack, state: HallState, now: float) -> PlanShown:
    open_now = frozenset(str(window.number) for window in state.open_windows())
    told = check(pack, open_now, local_datetime(now).date())
    return PlanShown(
        day=told.day.isoformat(),
        clause=CLAUSE,
        level=told.level,
        urban_population=told.urban_population,
        insured_count=told.insured_count,
        counted_on=told.counted_on,
        required=told.required,
        configured=told.configured,
        open_now=told.open_now,
        complies=told.complies,
        open_enough=told.open_now >= told.required,
        sentences=told.sentences,
    )
