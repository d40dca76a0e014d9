"""设备维护 (人社工作窗口制度 第十五条 定期检查和维护): what is due on which device, from the plan and the records.

Intervals are calendar days: a fan, a battery and a print head age on Sundays too, and manuals count so. A due day on
which the hall is shut moves to its next open day, as periods end in law (民法典 第二百零三条): nobody is sent to a
locked hall, nothing is overdue on a holiday. Records may come late and in any order: the newest of each work counts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from hall.calendar.working_days import MAX_SEARCH_DAYS, is_open_day, local_datetime
from hall.health.forecasts import SOON
from hall.health.states import Severity, State
from hall.ids import DeviceId, TerminalId
from hall.pack.equipment import MaintenancePlan
from hall.pack.hall_pack import HallPack
from hall.people.identity_numbers import normal
from hall.speech.courtesy import Taboo, lint
from hall.upkeep import MAX_NOTE, MaintenanceRecorded, Work
from hall.wire.devices_shown import TerminalNow
from hall.wire.upkeep_shown import MAX_DUE_SHOWN, DueShown

SOON_DAYS = 7
"""A week ahead a work is told as due: time to order a part or ask for a technician."""
SCREEN = "screen"
PAPER_WHAT = ("更换纸卷", "Put in a new paper roll")
PLAIN_WHAT = ("检查与保养", "Inspect and service")
_ID_LIKE = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}|[A-Za-z]{3}[0-9]{12}")
_PHONE_LIKE = re.compile(r"1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8}")
_CARD_LIKE = re.compile(r"[0-9]{8,}")
"""Eight digits and more are some number of somebody: of a card, an account, a birth date."""
_BETWEEN = re.compile(r"(?<=[0-9])[\s\-·.]+(?=[0-9Xx])")


class Trouble(StrEnum):
    """Why a note is not written down."""

    TOO_LONG = "too_long"
    PERSONAL = "personal"
    """It holds what may be a number of a person, a telephone or a card."""
    DISCOURTEOUS = "discourteous"
    UNREADABLE = "unreadable"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One regular work on one device, by the pack."""

    device: DeviceId
    terminal: TerminalId
    kind: str
    work: str
    days: int
    since: date
    what: str
    what_en: str


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """When a task is due next; `last` is the newest record's hall time, None where there is none."""

    task: Task
    due: date
    last: float | None


class PaperLeft(msgspec.Struct, frozen=True, kw_only=True):
    """What a printer's own count says: paper for so many slips, heard at this hall time."""

    device: DeviceId
    slips: int
    heard_at: float


@dataclass(slots=True)
class Upkeep:
    """The newest record of each work on each device, whatever order they came in."""

    last: dict[tuple[DeviceId, str], MaintenanceRecorded] = field(default_factory=dict)

    def take(self, record: MaintenanceRecorded) -> None:
        """Take a record; an older one, or the same again, changes nothing."""
        key = (record.device, record.work)
        known = self.last.get(key)
        if known is None or _order(record) > _order(known):
            self.last[key] = record


def _order(record: MaintenanceRecorded) -> tuple[float, str, str, str]:
    return record.at, record.staff, record.finding, record.note


def tasks(pack: HallPack) -> tuple[Task, ...]:
    """Return every regular work of the hall, in the pack's order; a device's own interval stands for its inspection."""
    plans: dict[tuple[str, str], MaintenancePlan] = {(plan.kind, plan.work): plan for plan in pack.maintenance}
    found: list[Task] = []
    rows: list[tuple[TerminalId, str, int | None, str]] = []
    rows += [(one.terminal, one.kind, one.maintenance_days, one.in_service) for one in pack.devices]
    rows += [(one.id, SCREEN, None, "") for one in pack.terminals]
    for terminal, kind, own_days, in_service in rows:
        since = in_service or pack.upkeep.since
        for work in (Work.INSPECTION, Work.CONSUMABLE):
            plan = plans.get((kind, work.value))
            days = own_days if work is Work.INSPECTION and own_days is not None else plan.days if plan else None
            if days is None or not since:
                continue
            what, what_en = (plan.what, plan.what_en) if plan else PLAIN_WHAT
            found.append(
                Task(
                    device=DeviceId(f"{terminal}.{kind}"),
                    terminal=terminal,
                    kind=kind,
                    work=work.value,
                    days=days,
                    since=date.fromisoformat(since),
                    what=what,
                    what_en=what_en,
                )
            )
    return tuple(found)


def device_ids(pack: HallPack) -> frozenset[DeviceId]:
    """Return every device of the hall that something can be recorded of, its screens and terminals included."""
    named = {f"{one.terminal}.{one.kind}" for one in pack.devices}
    screens = {f"{one.id}.{what}" for one in pack.terminals for what in (SCREEN, "terminal")}
    return frozenset(DeviceId(one) for one in named | screens)


def due_day(pack: HallPack, last: date, days: int) -> date:
    """Return the day a work is due `days` calendar days after `last`, or the hall's next open day after that.

    >>> # 90 days after 2026-07-03 is 2026-10-01, a holiday until the 7th: due on 2026-10-08.
    """
    day = last + timedelta(days=days)
    for ahead in range(MAX_SEARCH_DAYS):
        if is_open_day(pack, day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return day


def next_due(pack: HallPack, device: DeviceId, work: str, done: date) -> date | None:
    """Return when this work is due again after it was done on `done`, None where no plan asks for it."""
    task = next((one for one in tasks(pack) if (one.device, one.work) == (device, work)), None)
    return due_day(pack, done, task.days) if task else None


def dues(pack: HallPack, upkeep: Upkeep) -> tuple[Due, ...]:
    """Return every task with its due day, the earliest first."""
    found = [_due(pack, task, upkeep.last.get((task.device, task.work))) for task in tasks(pack)]
    return tuple(sorted(found, key=lambda one: (one.due, one.task.device, one.task.work)))


def _due(pack: HallPack, task: Task, record: MaintenanceRecorded | None) -> Due:
    last = local_datetime(record.at).date() if record else task.since
    return Due(task=task, due=due_day(pack, last, task.days), last=record.at if record else None)


def standing_of(due: date, today: date) -> str:
    """Return `overdue`, `due` (within `SOON_DAYS`, today included) or `later`."""
    if due < today:
        return "overdue"
    return "due" if due <= today + timedelta(days=SOON_DAYS) else "later"


def paper_due(pack: HallPack, upkeep: Upkeep, papers: Iterable[PaperLeft], today: date) -> tuple[DueShown, ...]:
    """Return the printers that need a roll: now, soon, or before tomorrow's first slip.

    A roll that was put in after the count was heard is believed until the printer itself is heard again.
    """
    tomorrow = _next_open(pack, today)
    found: list[DueShown] = []
    for paper in papers:
        record = upkeep.last.get((paper.device, Work.CONSUMABLE.value))
        if paper.slips >= pack.upkeep.slips_a_day or (record is not None and record.at >= paper.heard_at):
            continue
        if paper.slips <= 0:
            standing, due = "overdue", today
        elif paper.slips <= SOON:
            standing, due = "due", today
        else:
            standing, due = "tomorrow", tomorrow
        found.append(_paper(paper, standing, due))
    return tuple(sorted(found, key=lambda one: (one.slips or 0, one.device)))


def _paper(paper: PaperLeft, standing: str, due: date) -> DueShown:
    return msgspec.convert(
        {
            "device": paper.device,
            "work": Work.CONSUMABLE.value,
            "standing": standing,
            "due": due.isoformat(),
            "what": PAPER_WHAT[0],
            "what_en": PAPER_WHAT[1],
            "slips": max(0, paper.slips),
        },
        DueShown,
    )


def _next_open(pack: HallPack, day: date) -> date:
    return due_day(pack, day, 1)


def shown(pack: HallPack, upkeep: Upkeep, papers: Iterable[PaperLeft], now: float) -> tuple[DueShown, ...]:
    """Return what the desk should see to: overdue, then due within a week, then paper for tomorrow; bounded."""
    today = local_datetime(now).date()
    found = [
        DueShown(
            device=one.task.device,
            work=one.task.work,
            standing="overdue" if one.due < today else "due",
            due=one.due.isoformat(),
            what=one.task.what,
            what_en=one.task.what_en,
        )
        for one in dues(pack, upkeep)
        if standing_of(one.due, today) != "later"
    ]
    found += paper_due(pack, upkeep, papers, today)
    ranks: Mapping[str, int] = {"overdue": 0, "due": 1, "tomorrow": 2}
    found.sort(key=lambda one: (ranks[one.standing], one.due, one.device, one.work))
    return tuple(found[:MAX_DUE_SHOWN])


def note_trouble(note: str, taboos: Iterable[Taboo] = ()) -> Trouble | None:
    """Return why a remark is not written down, None when it may be: short, courteous, and of no person."""
    plain = normal(" ".join(note.split()))
    if len(plain) > MAX_NOTE:
        return Trouble.TOO_LONG
    if not plain.isprintable():
        return Trouble.UNREADABLE
    digits = _BETWEEN.sub("", _ascii(plain))
    if any(pattern.search(digits) for pattern in (_ID_LIKE, _PHONE_LIKE, _CARD_LIKE)):
        return Trouble.PERSONAL
    return Trouble.DISCOURTEOUS if lint(plain, taboos) else None


def _ascii(text: str) -> str:
    """Digits of every script as 0 to 9, so that a full-width number is a number too."""
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)


class ToDo(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to see to before going home. `kind`: `paper`, `fault` or `due`."""

    kind: str
    device: DeviceId
    work: str
    code: str = ""
    """Of a fault."""
    action: str = ""
    slips: int | None = None
    what: str = ""
    what_en: str = ""
    due: str = ""
    warn: bool = False
    """Of a fault: the device works and wants attention."""


def closing(due: Iterable[DueShown], floor: Iterable[TerminalNow], next_day: str) -> tuple[ToDo, ...]:
    """Return what to do at the day's end: paper for tomorrow, devices with faults, works due by the next open day.

    A printer without paper is told once, as paper. `next_day` is the next open day, YYYY-MM-DD; empty when unknown.
    """
    due = tuple(due)
    papers = [one for one in due if one.slips is not None]
    told = {one.device for one in papers}
    found = [ToDo(kind="paper", device=one.device, work=one.work, slips=one.slips, due=one.due) for one in papers]
    for terminal in floor:
        if terminal.state == State.DOWN:
            own = DeviceId(f"{terminal.terminal}.terminal")
            found.append(ToDo(kind="fault", device=own, work=Work.REPAIR.value, code=terminal.code))
        for one in terminal.devices:
            device = DeviceId(f"{terminal.terminal}.{one.kind}")
            if one.state not in (State.DOWN, State.DEGRADED) or one.severity == Severity.INFO or device in told:
                continue
            found.append(
                ToDo(
                    kind="fault",
                    device=device,
                    work=Work.REPAIR.value,
                    code=one.code,
                    action=one.action,
                    warn=one.state == State.DEGRADED,
                )
            )
    found += [
        ToDo(kind="due", device=one.device, work=one.work, what=one.what, what_en=one.what_en, due=one.due)
        for one in due
        if one.slips is None and (one.standing == "overdue" or (next_day and one.due <= next_day))
    ]
    return tuple(found)
