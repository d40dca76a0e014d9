"""「评价」 as the lead sees it: figures of a period, and every poor rating with its follow-up.

Numbers and windows only: a rating tells nothing of who gave it.
"""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Protocol

import msgspec

from hall.calendar.due_dates import Provisional
from hall.calendar.working_days import local_datetime
from hall.ids import ServiceId
from hall.pack.hall_pack import HallPack
from hall.services.rating_report import Acted, Poor, RatingBook, RatingTotals, Standing, listed, standing, totals, until
from hall.services.ratings import GRADES
from hall_server.console import words
from hall_server.console.answering import cell
from hall_server.console.ledger_page import Namer

PERIODS = {1: "今天", 7: "近7天", 30: "近30天", 90: "近90天"}
"""Calendar days up to today."""
DAYS = 30
STATES = {"overdue": "down", "open": "degraded", "done": "up", "set_aside": "off_hours"}
"""The shape that a standing is shown with, as that of a device's state."""


Labels = Callable[[ServiceId], str]


class Naming(Protocol):
    """The pack and its names."""

    @property
    def pack(self) -> HallPack:
        """The hall pack."""

    @property
    def namer(self) -> Namer:
        """Names of its staff."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """A period in numbers. `poor_share` is a part of all ratings, None where nobody rated."""

    first: str
    last: str
    served: int
    asked: int
    rated: int
    declined: int
    grades: dict[str, int]
    """By the five official words, in their order."""
    poor: int
    poor_share: float | None
    dimensions: dict[str, int]
    unnamed: int
    """Poor ratings whose resident named none of the five."""


class ActShown(msgspec.Struct, frozen=True, kw_only=True):
    """What was written down about a poor rating, by whom and when."""

    text: str
    staff: str
    at: float


class PoorRow(msgspec.Struct, frozen=True, kw_only=True):
    """One poor rating: as it was given, and what was decided about it."""

    service: str
    label: str
    window: str
    rated_at: float
    grade: int
    grade_title: str
    dimensions: tuple[str, ...]
    due: str
    provisional: bool
    """The due day counts weekdays only: a year's official calendar is missing."""
    standing: str
    standing_title: str
    corrected: ActShown | None
    set_aside: ActShown | None


class RatingsShown(msgspec.Struct, frozen=True, kw_only=True):
    """The page."""

    days: int
    figures: Figures
    waiting: int
    """Follow-ups that nobody has settled, of any day."""
    overdue: int
    rows: tuple[PoorRow, ...]
    """What waits, whatever its day, and what was rated in the period."""


def ratings_shown(book: RatingBook, label: Labels, sources: Naming, now: float, days: int) -> RatingsShown:
    """Return the figures of the last `days` days, today included, with the follow-ups."""
    at = local_datetime(now)
    first = at.date() - timedelta(days=days - 1)
    told = [
        (where, one)
        for where, one in listed(book, sources.pack, at)
        if where in (Standing.OVERDUE, Standing.OPEN) or local_datetime(one.rated_at).date() >= first
    ]
    return RatingsShown(
        days=days,
        figures=_figures(totals(book, first, at.date()), first, at.date()),
        waiting=sum(where in (Standing.OVERDUE, Standing.OPEN) for where, _ in told),
        overdue=sum(where is Standing.OVERDUE for where, _ in told),
        rows=tuple(_row(where, one, label(one.service), sources) for where, one in told),
    )


def row_of(book: RatingBook, service: ServiceId, label: Labels, sources: Naming, now: float) -> PoorRow | None:
    """Return the follow-up of one poor rating, None when this service has none."""
    one = book.poor.get(service)
    if one is None:
        return None
    return _row(standing(sources.pack, one, local_datetime(now)), one, label(service), sources)


def _figures(told: RatingTotals, first: date, last: date) -> Figures:
    return Figures(
        first=first.isoformat(),
        last=last.isoformat(),
        served=told.served,
        asked=told.asked,
        rated=told.rated,
        declined=told.declined,
        grades={word: told.grades[grade] for grade, word in GRADES.items()},
        poor=told.poor,
        poor_share=told.poor_share,
        dimensions={one.value: count for one, count in told.dimensions.items()},
        unnamed=told.unnamed,
    )


def _row(where: Standing, one: Poor, label: str, sources: Naming) -> PoorRow:
    limit = until(sources.pack, one)
    return PoorRow(
        service=one.service,
        label=label,
        window=one.window or "",
        rated_at=one.rated_at,
        grade=one.grade,
        grade_title=GRADES[one.grade],
        dimensions=one.dimensions,
        due=limit.day.isoformat(),
        provisional=isinstance(limit, Provisional),
        standing=where.value,
        standing_title=words.FOLLOW_UPS[where],
        corrected=_act(one.corrected, sources.namer),
        set_aside=_act(one.set_aside, sources.namer),
    )


def _act(told: Acted | None, namer: Namer) -> ActShown | None:
    return ActShown(text=told.text, staff=namer.person(told.staff), at=told.at) if told else None


HEAD = (
    *("类别", "项目", "数量", "号码", "窗口", "评价时间", "评价", "不满意的方面", "处理期限", "状态"),
    *("整改措施", "整改经办", "申诉理由", "申诉经办"),
)


def as_csv(told: RatingsShown) -> str:
    """Return figures and follow-ups as one table; no cell begins as a formula, whatever somebody wrote."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(HEAD)
    figures = told.figures
    counts = [
        ("办结", figures.served),
        ("请评价", figures.asked),
        ("已评价", figures.rated),
        ("不评价", figures.declined),
    ]
    counts += [*figures.grades.items(), *figures.dimensions.items(), ("未说明方面", figures.unnamed)]
    period = f"{figures.first}至{figures.last}"
    for name, count in counts:
        sheet.writerow([f"统计 {period}", name, count, *([""] * (len(HEAD) - 3))])
    for row in told.rows:
        cells = [
            "差评", "", "", row.label, row.window, f"{local_datetime(row.rated_at):%Y-%m-%d %H:%M}", row.grade_title,
            "、".join(row.dimensions), row.due, row.standing_title,
            *(_told(row.corrected)), *(_told(row.set_aside)),
        ]  # fmt: skip
        sheet.writerow([cell(one) for one in cells])
    return "\ufeff" + out.getvalue()


def _told(act: ActShown | None) -> tuple[str, str]:
    return (act.text, act.staff) if act else ("", "")
