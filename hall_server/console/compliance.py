"""「合规」: consulting windows required, set up and open (4.2); the official calendar; what the rules follow."""

from collections import Counter

import msgspec

from hall.calendar.due_dates import Provisional, due, gaps
from hall.calendar.working_days import local_datetime
from hall.pack.hall_pack import HallPack
from hall.queue.state import HallState
from hall.services.guidance import referral_of_insurance
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


class InsuranceShown(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of insurance: this hall's own, or another office's (转介)."""

    title: str
    referral: str
    """Where people are sent, empty for this hall's own kinds."""


class LinkShown(msgspec.Struct, frozen=True, kw_only=True):
    """A link of the agency's work: how many items of this hall belong to it, or why it is left out."""

    title: str
    items: int
    excluded: str


class AnswerBy(msgspec.Struct, frozen=True, kw_only=True):
    """What is received today is to be answered by that day at the latest (8.2)."""

    what: str
    days: int
    by: str
    """`YYYY-MM-DD`."""
    provisional: bool


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
    kind: str
    """`agency` (经办机构) or `related` (社会保险服务相关机构)."""
    insurances: tuple[InsuranceShown, ...]
    links: tuple[LinkShown, ...]
    answers: tuple[AnswerBy, ...]


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
        kind=pack.hall.kind,
        insurances=_insurances(pack),
        links=_links(pack),
        answers=_answers(pack, now),
    )


def _insurances(pack: HallPack) -> tuple[InsuranceShown, ...]:
    slips = ((one.title, referral_of_insurance(pack, one.title)) for one in pack.insurances)
    return tuple(InsuranceShown(title=title, referral=slip.office if slip else "") for title, slip in slips)


def _links(pack: HallPack) -> tuple[LinkShown, ...]:
    carried = Counter(item.category for item in pack.items)
    return tuple(LinkShown(title=one.title, items=carried[one.title], excluded=one.excluded) for one in pack.links)


def _answers(pack: HallPack, now: float) -> tuple[AnswerBy, ...]:
    today, rules = local_datetime(now).date(), pack.rules
    kinds = (("另行约定", rules.arranged_days), ("请示后答复", rules.asked_days), ("信函", rules.letter_days))
    told = []
    for what, days in kinds:
        limit = due(pack.calendar, today, days)
        provisional = isinstance(limit, Provisional)
        told.append(AnswerBy(what=what, days=days, by=limit.day.isoformat(), provisional=provisional))
    return tuple(told)


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
