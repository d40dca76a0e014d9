"""「维护」 and the opening checklist as the lead sees them: what is due, what was done, what nobody has signed."""

import csv
import io
from collections.abc import Iterable
from datetime import date

import msgspec

from hall.calendar.working_days import hours_of, local_datetime, open_spans
from hall.day import self_tests
from hall.day import upkeep as upkeep_rules
from hall.pack.hall_pack import HallPack, terminals_shown
from hall.queue.state import HallState
from hall.services.opening_checklist import LineNow, checklist, missing, prefilled, with_signed
from hall.services.upkeep import SCREEN, Due, standing_of
from hall.upkeep import Finding, LineState, MaintenanceRecorded, Work
from hall.wire.devices_shown import TerminalNow
from hall.wire.upkeep_shown import DueShown
from hall_server.console import words
from hall_server.console.answering import cell
from hall_server.console.ledger_page import Namer
from hall_server.ledger.entries import Entry

WORKS = {Work.INSPECTION: "检查保养", Work.REPAIR: "维修", Work.CONSUMABLE: "换耗材"}
FINDINGS = {
    Finding.FINE: "正常",
    Finding.CLEANED: "已清洁",
    Finding.ADJUSTED: "已调整",
    Finding.REPLACED: "已更换",
    Finding.STILL_FAULTY: "仍有问题，需报修",
}
STANDINGS = {"overdue": "已过期", "due": "即将到期", "later": "未到期", "tomorrow": "明日前备好"}
STATES = {"overdue": "down", "due": "degraded", "later": "up", "tomorrow": "degraded"}
"""The shape that a standing is shown with, as that of a device's state."""
NAMED = {SCREEN: "屏幕", "terminal": "整机"}


class DueRow(msgspec.Struct, frozen=True, kw_only=True):
    """One regular work, or a printer whose paper does not last."""

    device: str
    title: str
    work: str
    work_title: str
    what: str
    standing: str
    due: str
    last: str
    """Day of the last record, empty when there is none."""
    days: int | None = None
    """The interval; None for paper."""
    slips: int | None = None


class RecordRow(msgspec.Struct, frozen=True, kw_only=True):
    """One record as it was written down."""

    ledger_seq: int
    at: float
    device: str
    title: str
    work: str
    work_title: str
    finding: str
    finding_title: str
    note: str
    staff: str


class LineRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the opening checklist. `state` is an `upkeep.LineState`."""

    line: str
    title: str
    state: str
    told: str
    action: str
    signed: bool


class OpeningNow(msgspec.Struct, frozen=True, kw_only=True):
    """Today's checklist. `late`: the hall has opened, and some lines are signed by nobody."""

    day: str
    opens: str
    """Opening time today, `HH:MM`; empty on a day of rest."""
    late: bool
    signed_by: str
    signed_at: float
    lines: tuple[LineRow, ...]
    missing: tuple[str, ...]
    """Titles of the lines that nobody has signed."""


def device_title(namer: Namer, device: str) -> str:
    """Return what people call a device."""
    terminal, _, kind = device.partition(".")
    return namer.terminal(terminal) + (NAMED.get(kind) or words.device(kind))


def due_rows(plan: Iterable[Due], papers: Iterable[DueShown], namer: Namer, now: float) -> tuple[DueRow, ...]:
    """Return every regular work with its due day, and first the printers that need paper."""
    today = local_datetime(now).date()
    rolls = [
        DueRow(
            device=one.device,
            title=device_title(namer, one.device),
            work=one.work,
            work_title=WORKS[Work(one.work)],
            what=f"{one.what}：纸还可打约{one.slips}张" if one.slips else f"{one.what}：纸即将用完",
            standing=one.standing,
            due=one.due,
            last="",
            slips=one.slips,
        )
        for one in papers
        if one.slips is not None
    ]
    return (*rolls, *(_due(one, namer, today) for one in plan))


def _due(one: Due, namer: Namer, today: date) -> DueRow:
    return DueRow(
        device=one.task.device,
        title=device_title(namer, one.task.device),
        work=one.task.work,
        work_title=WORKS[Work(one.task.work)],
        what=one.task.what,
        standing=standing_of(one.due, today),
        due=one.due.isoformat(),
        last=local_datetime(one.last).date().isoformat() if one.last is not None else "",
        days=one.task.days,
    )


def records(entries: Iterable[Entry], namer: Namer) -> tuple[RecordRow, ...]:
    """Return records as people read them; what cannot be read is left out."""
    found: list[RecordRow] = []
    for entry in entries:
        try:
            told = msgspec.json.decode(entry.body, type=MaintenanceRecorded)
        except msgspec.MsgspecError:
            continue
        found.append(
            RecordRow(
                ledger_seq=entry.ledger_seq,
                at=told.at,
                device=told.device,
                title=device_title(namer, told.device),
                work=told.work,
                work_title=_word(WORKS, told.work),
                finding=told.finding,
                finding_title=_word(FINDINGS, told.finding),
                note=told.note,
                staff=namer.person(told.staff),
            )
        )
    return tuple(found)


def _word(table: dict[Work, str] | dict[Finding, str], key: str) -> str:
    return {str(name): word for name, word in table.items()}.get(key, key)


def as_csv(due: Iterable[DueRow], done: Iterable[RecordRow]) -> str:
    """Return both lists as one table; no cell begins as a formula, whatever somebody wrote."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(["类别", "设备", "编号", "工作", "内容或结果", "状态", "到期日或时间", "上次", "备注", "记录人"])
    for row in due:
        cells = ["计划", row.title, row.device, row.work_title, row.what, STANDINGS[row.standing], row.due, row.last]
        sheet.writerow([cell(one) for one in (*cells, "", "")])
    for done_row in done:
        at = local_datetime(done_row.at).strftime("%Y-%m-%d %H:%M")
        cells = ["记录", done_row.title, done_row.device, done_row.work_title, done_row.finding_title, "", at, ""]
        sheet.writerow([cell(one) for one in (*cells, done_row.note, done_row.staff)])
    return "\ufeff" + out.getvalue()


# ---- the opening -------------------------------------------------------------------------------------------------


def opening_now(pack: HallPack, state: HallState, floor: Iterable[TerminalNow], namer: Namer, now: float) -> OpeningNow:
    """Return today's checklist as the lead sees it, prefilled by health where nobody has signed."""
    signed = upkeep_rules.shown(state)
    lines = prefilled(checklist(terminals_shown(pack), pack.opening), floor, self_tests.shown(state))
    every = with_signed(lines, signed.signed)
    left = missing(every)
    spans = open_spans(pack, now, now)
    hours = hours_of(pack, local_datetime(now).date())
    return OpeningNow(
        day=signed.day,
        opens=hours.open[0][0] if hours else "",
        late=bool(left) and bool(spans) and now >= spans[0][0],
        signed_by=namer.person(signed.staff) if signed.signed else "",
        signed_at=signed.at,
        lines=tuple(_line(one) for one in every),
        missing=tuple(line_title(one) for one in left),
    )


def line_title(one: LineNow) -> str:
    """Return what a line is about."""
    line = one.line
    return line.title if line.kind in ("terminal", "look") else f"{line.title}{words.device(line.kind)}和纸"


def _line(one: LineNow) -> LineRow:
    told = {LineState.OPEN: "待查看", LineState.FINE: "正常", LineState.FAULT: "有问题"}[one.state]
    if one.state is LineState.FAULT and one.code:
        told = words.CODES.get(one.code, one.code)
    return LineRow(
        line=one.line.id,
        title=line_title(one),
        state=one.state.value,
        told=told,
        action=one.action,
        signed=one.signed,
    )
