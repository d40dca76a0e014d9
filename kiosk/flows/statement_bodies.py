"""What stands between head and foot of a printed statement, page by page, for each of the four forms (RGT-04)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from hall.statements.contributions import ContributionLine
from hall.statements.forms import Certificate, PensionMonth, PensionPayments, RightsRecord
from hall.statements.sheets import Statement, yuan
from kiosk.flows.statement_sheets import Say, certificate_facts, registered_facts, rights_facts
from kiosk.ports import Align, Block, Columns, Line, Rule

ROWS_A_PAGE = 24
"""Two years of months; longer statements continue on the next page, each with its own head."""
TABLE = (8, -10, -10, -10, -9)
"""month, base, unit, person, state: 47 of the 48 half-width columns of 80 mm paper."""
FACTS = (26, -21)
"""Label and figure."""
PLACES = (10, 37)
"""A short label and a long name."""
INSURED = (10, 21, -16)
"""State, first to last month, months in all."""
RECENT = (8, 8, 8, 8, 8, 7)
"""Three months of a certificate, each with its state."""
MONTHS_A_ROW = 3
PENSION = (8, -10, -9, -9, -11)
"""month, basic, account, transition, sum."""
Row = TypeVar("Row")


def pages(statement: Statement, say: Say) -> list[list[Block]]:
    """Return the blocks of each page; the totals stand on the last. A statement without rows still has one page."""
    if statement.certificate is not None:
        return [_certificate(statement.certificate, say)]
    if statement.rights is not None:
        return [_rights(statement.rights, say)]
    if statement.pension is not None:
        told = statement.pension
        return _paged(told.months, lambda months: _pension(months, say), _pension_total(told, say))
    return _paged(statement.lines, lambda lines: _contributions(lines, say), _contribution_totals(statement, say))


def _paged(
    rows: Sequence[Row], table: Callable[[Sequence[Row]], list[Block]], totals: list[Block]
) -> list[list[Block]]:
    cut = [rows[start : start + ROWS_A_PAGE] for start in range(0, len(rows), ROWS_A_PAGE)] or [()]
    told = [table(part) for part in cut]
    told[-1] += totals
    return told


def _contributions(lines: Sequence[ContributionLine], say: Say) -> list[Block]:
    heads = ("month", "base", "unit_pays", "person_pays", "state")
    blocks: list[Block] = []
    group: tuple[str, str] | None = None
    for line in lines:
        if (line.insurance, line.unit) != group:
            group = (line.insurance, line.unit)
            blocks += [Rule(), Line(line.insurance, bold=True), Line(say("paper.unit", unit=line.unit))]
            blocks += [Columns(tuple(say(f"paper.column.{head}") for head in heads), TABLE, bold=True), Rule()]
        amounts = (yuan(line.base_fen), yuan(line.unit_fen), yuan(line.person_fen))
        blocks.append(Columns((line.month, *amounts, line.state), TABLE))
        if line.credited_month and line.credited_month != line.month:
            blocks.append(Line(say("paper.credited", month=line.credited_month), align=Align.RIGHT))
    return blocks if lines else [Rule(), Line(say("paper.no_lines"))]


def _contribution_totals(statement: Statement, say: Say) -> list[Block]:
    return [
        Rule(),
        Line(say("paper.months_paid", months=statement.months_paid), bold=True),
        Line(say("paper.total_unit", amount=yuan(statement.total_unit_fen)), bold=True),
        Line(say("paper.total_person", amount=yuan(statement.total_person_fen)), bold=True),
    ]


def _certificate(told: Certificate, say: Say) -> list[Block]:
    blocks: list[Block] = [Rule(), *(Columns(fact, PLACES) for fact in certificate_facts(told, say)), Rule()]
    for held in told.held:
        span = say("paper.span", first=held.first_month, last=held.last_month)
        months = say("paper.months_in_all", months=held.months)
        blocks += [Line(held.insurance, bold=True), Columns((held.state, span, months), INSURED)]
    blocks += [Rule(), Line(say("paper.recent", months=len(told.recent)), bold=True)]
    for start in range(0, len(told.recent), MONTHS_A_ROW):
        row = [cell for pair in told.recent[start : start + MONTHS_A_ROW] for cell in pair]
        blocks.append(Columns((*row, *[""] * (len(RECENT) - len(row))), RECENT))
    return blocks


def _rights(told: RightsRecord, say: Say) -> list[Block]:
    months = say("total.months_value", months=told.months_total)
    closing = say("total.yuan", amount=yuan(told.account.closing_fen))
    return [
        Rule(),
        *(Columns(fact, PLACES) for fact in registered_facts(told, say)),
        Rule(),
        *(Columns(fact, FACTS) for fact in rights_facts(told, say)),
        Rule(),
        Columns((say("sheet.months_total"), months), FACTS, bold=True),
        Columns((say("sheet.closing"), closing), FACTS, bold=True),
    ]


def _pension(months: Sequence[PensionMonth], say: Say) -> list[Block]:
    if not months:
        return [Rule(), Line(say("paper.no_pension"))]
    heads = ("month", "basic", "account", "transition", "total")
    blocks: list[Block] = [Rule(), Line(say("paper.pension_parts"))]
    blocks += [Columns(tuple(say(f"column.{head}") for head in heads), PENSION, bold=True), Rule()]
    for month in months:
        parts = (month.basic_fen, month.account_fen, month.transition_fen, month.total_fen)
        blocks.append(Columns((month.month, *(yuan(fen) for fen in parts)), PENSION))
        if month.other_fen:
            blocks.append(Line(say("paper.pension_other", amount=yuan(month.other_fen)), align=Align.RIGHT))
        paid = say("sheet.paid_on", date=month.paid_on, digits=month.account_last4, state=month.state)
        blocks.append(Line(paid, align=Align.RIGHT))
    return blocks


def _pension_total(told: PensionPayments, say: Say) -> list[Block]:
    return [
        Rule(),
        Columns((say("sheet.pension_months"), say("total.months_value", months=len(told.months))), FACTS, bold=True),
        Columns((say("sheet.pension_total"), say("total.yuan", amount=yuan(told.total_fen))), FACTS, bold=True),
    ]
