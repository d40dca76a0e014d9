"""Guide desk: works that are due with a one-touch record, and what to see to at the day's end."""

from datetime import date

from hall.calendar.working_days import business_day
from hall.ids import DeviceId
from hall.services.upkeep import SCREEN, ToDo, closing
from hall.upkeep import Finding, MaintenanceNoted, Work
from hall.wire.upkeep_shown import DueShown
from kiosk.flows.desk_steps import DeskUpkeep
from kiosk.flows.upkeep_words import ChoseFinding, ChoseWork
from kiosk.session import Frame
from kiosk.ui.screens.desk_floor import code_name, fitting, kind_name, terminal_title
from kiosk.ui.screens.desk_opening import CLOSE_SET, TITLE_EM, columns, row_height
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import choices
from kiosk.ui.widgets.marks import ICONS, Tone, note, note_height, note_on_top, tones
from kiosk.ui.widgets.painter import Painter

FINDINGS: dict[Work, tuple[Finding, ...]] = {
    Work.INSPECTION: (Finding.FINE, Finding.CLEANED, Finding.ADJUSTED, Finding.REPLACED, Finding.STILL_FAULTY),
    Work.REPAIR: (Finding.ADJUSTED, Finding.REPLACED, Finding.CLEANED, Finding.FINE, Finding.STILL_FAULTY),
    Work.CONSUMABLE: (Finding.REPLACED, Finding.CLEANED, Finding.STILL_FAULTY),
}
TONES: dict[str, Tone] = {"overdue": "fault", "due": "attention", "tomorrow": "calm", "fault": "fault"}
TOLD_SHARE = 0.54
"""Of a row of the day's end, for what is to be done."""
WORK_ICONS = {Work.INSPECTION: "clipboard-search", Work.REPAIR: "wrench", Work.CONSUMABLE: "package-variant"}


def device_name(p: Painter, frame: Frame, device: str) -> str:
    """Return what people call a device, such as 2号自助机 · 打印机."""
    terminal, _, kind = device.partition(".")
    known = next((one for one in frame.pack.terminals if one.terminal == terminal), None) if frame.pack else None
    named = terminal_title(p, known) if known else terminal
    if kind == "terminal":
        return named
    return named + p.say("dot") + (p.say("upkeep.screen") if kind == SCREEN else kind_name(p, kind))


def due(p: Painter, room: Box, step: DeskUpkeep, frame: Frame) -> None:
    """Draw the works that are due and the devices that need a repair; or ask what was found of the chosen one."""
    look = p.look
    if step.noted is not None:
        text = noted_text(p, frame, step.noted)
        room = note_on_top(p, room, text, "fine", look.body, name="noted")
    if step.chosen is not None:
        _finding(p, room, step, frame)
        return
    rows: list[DueShown | ToDo] = [*frame.upkeep, *_faults(frame)]
    if not rows:
        note(p, room.top(note_height(p, p.say("due.none"), room.w))[0], p.say("due.none"), "fine", name="none")
        return
    busy = step.noting or frame.server_away
    high = row_height(p, room, [_told(p, one) for one in rows])
    choices(p, room, rows, lambda box, one: _row(p, box, one, frame, busy=busy), columns=columns(p), least_h=high,
            most_h=max(high, 140.0))  # fmt: skip


def noted_text(p: Painter, frame: Frame, noted: MaintenanceNoted) -> str:
    """Return 已记录, and when it is due again."""
    told = p.say("due.noted", device=device_name(p, frame, noted.device), work=p.say(f"work.{noted.work}"))
    return (
        told
        if not noted.next_due
        else told + p.say("sentence.space") + p.say("due.next", day=day_text(p, noted.next_due))
    )


def day_text(p: Painter, day: str) -> str:
    """Return a day as people read it."""
    on = date.fromisoformat(day)
    return p.say("due.day", year=on.year, month=on.month, day=on.day)


def _faults(frame: Frame) -> list[ToDo]:
    """Devices with faults: their repair is written down here too. Paper has its own line."""
    floor = () if frame.server_away else frame.floor
    papers = tuple(one for one in frame.upkeep if one.slips is not None)
    return [one for one in closing(papers, floor, "") if one.kind == "fault"]


def _row(p: Painter, box: Box, one: DueShown | ToDo, frame: Frame, *, busy: bool) -> None:
    look = p.look
    tone = TONES[one.standing if isinstance(one, DueShown) else "due" if one.warn else one.kind]
    ink, ground = tones(p, tone)
    p.fill(box, ground, 18.0, ink, 3.0)
    sign, words = box.inset(14, 8).left(look.body * 1.5, 10)
    p.icon(sign, ICONS[tone], look.body * 1.4, ink)
    upper, lower = words.top(look.body * TITLE_EM)
    title = device_name(p, frame, one.device)
    work = Work(one.work)
    p.text(upper, fitting(p, upper.w, look.body, title), look.body, bold=True, down="middle", single=True)
    p.text(lower, _told(p, one), look.caption, color=ink, down="middle", line_em=1.2,
           name=f"due:{one.device}:{work.value}")  # fmt: skip
    p.target(f"record:{one.device}:{work.value}", box, title, ChoseWork(DeviceId(one.device), work),
             enabled=not busy)  # fmt: skip


def _told(p: Painter, one: DueShown | ToDo) -> str:
    if isinstance(one, ToDo):
        return p.say("due.fault", fault=code_name(p, one.code)) + "\n" + (one.action or p.say("opening.do"))
    if one.slips is not None:
        return paper_text(p, one.slips)
    what = one.what if p.look.language == "zh" or not one.what_en else one.what_en
    key = "due.overdue" if one.standing == "overdue" else "due.soon"
    return p.say(key, day=day_text(p, one.due)) + "\n" + what


def paper_text(p: Painter, slips: int) -> str:
    """Return for how many slips the paper lasts, and what to do."""
    return p.say("due.paper", count=slips) if slips else p.say("due.paper_out")


def _finding(p: Painter, room: Box, step: DeskUpkeep, frame: Frame) -> None:
    """Ask what was found of the chosen device: one touch is the record, in the name of who is signed in."""
    look = p.look
    if step.chosen is None:
        return
    device, work = step.chosen
    row = next((one for one in frame.upkeep if (one.device, one.work) == (device, work.value)), None)
    title = device_name(p, frame, device)
    head, room = room.top(look.button * 1.7, 4)
    p.text(head, title, look.button * 1.1, bold=True, down="middle", single=True, name="title")
    if row is not None:
        under, room = room.top(look.caption * 3.0, look.gap * 0.5)
        p.text(under, _told(p, row), look.caption, color=p.colors.ink_soft, line_em=1.25, name="chosen")
    works, room = room.top(max(look.target, 84.0), look.gap)
    for box, each in zip(works.columns(3, look.gap * 0.75), Work, strict=True):
        kind = "chosen" if each is work else "plain"
        p.button(f"work:{each.value}", box, p.say(f"work.{each.value}"), ChoseWork(device, each), kind=kind,
                 icon=WORK_ICONS[each], em=look.body, enabled=not step.noting)  # fmt: skip
    text = p.say("due.noting" if step.noting else "due.ask", name=step.name)
    ask, room = room.top(look.body * 1.8, look.gap * 0.5)
    p.text(ask, text, look.body, down="middle", single=True, name="ask")
    choices(p, room, FINDINGS[work], lambda box, one: _chip(p, box, one, step), columns=columns(p),
            least_h=max(look.target, look.body * 2.2), most_h=120.0)  # fmt: skip


def _chip(p: Painter, box: Box, one: Finding, step: DeskUpkeep) -> None:
    kind = "attention" if one is Finding.STILL_FAULTY else "quiet"
    p.button(f"finding:{one.value}", box, p.say(f"finding.{one.value}"), ChoseFinding(one), kind=kind, em=p.look.body,
             enabled=not step.noting)  # fmt: skip


# ---- the day's end -----------------------------------------------------------------------------------------------


def to_do(frame: Frame) -> tuple[ToDo, ...]:
    """Return what to see to before going home."""
    board = frame.board
    floor = () if frame.server_away else frame.floor
    return closing(frame.upkeep, floor, board.next_day if board else "")


def closing_list(p: Painter, room: Box, frame: Frame) -> None:
    """Draw the list; each row is also the way to write down what was done."""
    look, rows = p.look, to_do(frame)
    text = p.say("closing.hint" if rows else "closing.none")
    room = note_on_top(p, room, text, "attention" if rows else "fine", look.body, name="closing")
    wide = room.w * TOLD_SHARE
    texts = [p.height(_to_do_text(p, one, frame), look.caption, wide) for one in rows]
    high = max([look.body * 2.5, *(text * CLOSE_SET + 18 for text in texts)])
    choices(p, room, rows, lambda box, one: _to_do(p, box, one, frame), columns=1, least_h=high, most_h=high * 1.2)


def _to_do(p: Painter, box: Box, one: ToDo, frame: Frame) -> None:
    look = p.look
    tone: Tone = "fault" if one.kind == "fault" and not one.warn else "attention"
    ink, ground = tones(p, tone)
    p.fill(box, ground, 18.0, ink, 3.0)
    sign, words = box.inset(14, 8).left(look.body * 1.5, 10)
    p.icon(sign, ICONS[tone], look.body * 1.4, ink)
    name, told = words.left(words.w * 0.36, look.gap)
    p.text(name, device_name(p, frame, one.device), look.body, bold=True, down="middle", line_em=1.2)
    p.text(told, _to_do_text(p, one, frame), look.caption, color=ink, down="middle", line_em=1.2,
           name=f"todo:{one.kind}:{one.device}")  # fmt: skip


def _to_do_text(p: Painter, one: ToDo, frame: Frame) -> str:
    if one.kind == "paper":
        return paper_text(p, one.slips or 0)
    if one.kind == "fault":
        return code_name(p, one.code) + p.say("closing.then") + (one.action or p.say("opening.do"))
    what = one.what if p.look.language == "zh" or not one.what_en else one.what_en
    late = one.due < business_day(frame.hall_time)
    return p.say("due.overdue" if late else "due.soon", day=day_text(p, one.due)) + p.say("closing.then") + what


def unwell(frame: Frame) -> int:
    """Return how many works are overdue."""
    return sum(one.standing == "overdue" for one in frame.upkeep)
