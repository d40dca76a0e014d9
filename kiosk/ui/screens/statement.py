"""The person's own record: ten rows a page, totals fixed at the foot, masked unless the eye is held down."""

from hall.statements.sheets import mask_name, mask_number
from kiosk.flows.enquiry import ROWS_A_PAGE
from kiosk.flows.statement_sheets import Sheet, SheetRow, sheet
from kiosk.flows.steps import Paper, ShowingStatement
from kiosk.flows.words import Ended, HeldEye, TurnedPage, WantsPaper
from kiosk.session import Frame
from kiosk.ui.widgets.bottom_bar import resident_page
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.choices import pager
from kiosk.ui.widgets.marks import note, note_height
from kiosk.ui.widgets.painter import Family, Painter
from kiosk.ui.widgets.paper_news import paper_news
from kiosk.ui.widgets.picture import Across
from kiosk.ui.widgets.stop_card import stop_card

WORDS = frozenset({"state", "label", "value"})
"""Columns of words; the others are figures."""


def showing_statement(p: Painter, step: ShowingStatement, frame: Frame) -> None:
    """Show the record; 打印, 结束, and 请收好证件 always in sight."""
    look, told_sheet = p.look, sheet(step.statement, p.say)
    room = resident_page(p, frame)
    room = Box(room.x, room.y - look.gap * 0.75, room.w, room.h + look.gap * 1.25)
    buttons, room = room.foot(max(look.target, 112.0), look.gap * 0.75)
    _buttons(p, buttons, step)
    tone, text = paper_news(p, "statement", step.paper, step.fault)
    keep = p.say("statement.keep_both" if step.before is not None else f"statement.keep_{step.card.value}")
    told = keep if step.paper is Paper.NONE else f"{text}{p.say('sentence.space')}{keep}"
    if look.large and tone == "attention":
        stop_card(p, room, p.say("statement.trouble"), (text, keep), 0)
        return
    strip, room = room.foot(note_height(p, told, room.w), look.gap * 0.75)
    note(p, strip, told, tone, name="paper")
    room = _head(p, room, step, told_sheet.subject)
    pages = max(1, -(-len(told_sheet.rows) // ROWS_A_PAGE))
    if pages > 1:
        foot, room = room.foot(max(look.target, 88.0), look.gap * 0.75)
        pager(p, foot, step.page, pages - 1, back=TurnedPage(-1), on=TurnedPage(1))
    if told_sheet.totals:
        totals, room = room.foot(look.body * 3.4, look.gap * 0.5)
        _totals(p, totals, told_sheet)
    rows = told_sheet.rows[step.page * ROWS_A_PAGE : (step.page + 1) * ROWS_A_PAGE]
    _table(p, room, told_sheet.columns, rows)


def _buttons(p: Painter, row: Box, step: ShowingStatement) -> None:
    left, right = row.columns(2, p.look.gap)
    busy = step.paper in (Paper.PRINTING, Paper.WAITING, Paper.OUT)
    key = {Paper.FAILED: "again", Paper.UNSURE: "copy", Paper.OUT: "printed"}.get(step.paper, "print")
    p.button("print", left, p.say(f"statement.{key}"), WantsPaper(), kind="primary", icon="printer", enabled=not busy)
    kind = "primary" if step.paper is Paper.OUT else "plain"
    p.button("end", right, p.say("statement.end"), Ended(), icon="exit-run", kind=kind)


def _head(p: Painter, room: Box, step: ShowingStatement, subject: str) -> Box:
    look, statement, soft = p.look, step.statement, p.colors.ink_soft
    as_of = p.say("statement.as_of", date=statement.as_of)
    side = p.width(as_of, look.caption) + 4
    title_h = look.title * 1.3
    line, rest = room.top(title_h, 2)
    title = Box(line.x, line.y, line.w - side - look.gap, line.h)
    name = p.say(f"form.{statement.form}") if look.language != "zh" else statement.title
    p.text(title, name, look.title * 0.9, bold=True, down="middle", single=True, name="title")
    p.text(line.far(side)[0], as_of, look.caption, color=soft, across="right", down="middle", single=True, name="as_of")
    period = p.say("statement.period", period=statement.period)
    line, rest = rest.top(look.caption * 1.5, look.gap * 0.6)
    p.text(
        line,
        period + (p.say("dot") + subject if subject else ""),
        look.caption,
        color=soft,
        down="middle",
        single=True,
    )
    if statement.proxy_agent:
        told = p.say("statement.proxy", agent=statement.proxy_agent, person=mask_name(statement.name))
        line, rest = rest.top(p.height(told, look.caption, rest.w - look.gap, bold=True) + 12, look.gap * 0.5)
        p.fill(line, p.colors.attention_tint, 10, p.colors.attention)
        inner = line.inset(look.gap * 0.5, 2)
        p.text(inner, told, look.caption, bold=True, color=p.colors.attention, down="middle", name="proxy")
    eye_h = max(look.target, look.body * 2.9 if look.large else 92.0)
    line, rest = rest.top(eye_h, look.gap * 0.75)
    p.card(line)
    eye, words = line.far(max(230.0, p.width(p.say("statement.eye"), look.body, bold=True) + look.body * 3.4), look.gap)
    name = statement.name if step.unmasked else mask_name(statement.name)
    number = statement.number if step.unmasked else mask_number(statement.number)
    inner = words.inset(look.gap, 4)
    if look.large:
        upper, lower = inner.top(inner.h * 0.5)
    else:
        number_w = p.width(number, look.body, family="digits") + 8
        lower, upper = inner.far(number_w, look.gap)
    p.text(upper, name, look.body, bold=True, down="middle", line_em=1.15, name="holder_name")
    p.text(lower, number, look.body, down="middle", single=True, family="digits", name="holder_number")
    held = (HeldEye(down=True), HeldEye(down=False))
    kind = "chosen" if step.unmasked else "quiet"
    p.button("eye", eye, p.say("statement.eye"), held=held, icon="eye", kind=kind, em=look.body)
    return rest


def _table(p: Painter, room: Box, columns: tuple[tuple[str, float], ...], rows: tuple[SheetRow, ...]) -> None:
    look, colors = p.look, p.colors
    body = room
    if columns[0][0] != "label":
        head, body = room.top(look.caption * 1.9)
        p.fill(head, colors.tint, 10)
        heads = tuple(p.say(f"column.{key}") for key, _ in columns)
        _row(p, head, columns, heads, look.caption, color=colors.on_tint, bold=True)
    em = look.body * (0.9 if look.large else 1.0)
    high = min(body.h / ROWS_A_PAGE, 96.0)
    for index, told in enumerate(rows):
        row = Box(body.x, body.y + high * index, body.w, high)
        if index:
            p.fill(row.top(2)[0], colors.line)
        if told.under:
            row, under = row.top(row.h * 0.6)
            p.text(under.inset(12, 0), told.under, look.caption * 0.9, color=colors.ink_soft, single=True)
        _row(p, row, columns, told.cells, em, color=colors.attention if told.odd else colors.ink)


def _row(
    p: Painter,
    row: Box,
    columns: tuple[tuple[str, float], ...],
    cells: tuple[str, ...],
    em: float,
    *,
    color: str,
    bold: bool = False,
) -> None:
    inner = row.inset(12, 0)
    x = inner.x
    for index, (cell, (key, share)) in enumerate(zip(cells, columns, strict=True)):
        box = Box(x, inner.y, inner.w * share - 8, inner.h)
        x += inner.w * share
        family: Family = "text" if bold or key in WORDS else "digits"
        across: Across = "left" if index == 0 else "right"
        p.text(box, cell, em, bold=bold, color=color, across=across, down="middle", single=True, family=family)


def _totals(p: Painter, box: Box, told_sheet: Sheet) -> None:
    look, colors = p.look, p.colors
    p.fill(box, colors.tint, 16, colors.accent if look.contrast else "")
    cells = box.inset(look.gap, 6).columns(len(told_sheet.totals), look.gap)
    for cell, (name, label, value) in zip(cells, told_sheet.totals, strict=True):
        upper, lower = cell.top(cell.h * 0.44)
        p.text(upper, label, look.caption, color=colors.ink_soft, down="middle", single=True)
        p.text(
            lower,
            value,
            look.body * 1.05,
            bold=True,
            down="middle",
            single=True,
            color=colors.on_tint,
            name=f"total_{name}",
        )
