"""A statement as an A4 sheet: the words and figures of `papers.statement_slip`, with room for every official column.

Pure; words by key. How it looks is the typesetter's: here is what stands on it, in reading order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from hall.punctuation import chinese
from hall.statements.contributions import ContributionLine
from hall.statements.forms import PAID, Certificate, PensionPayments, RightsRecord
from hall.statements.sheets import Statement, mask_name, yuan
from kiosk.flows.statement_sheets import PAID_OUT, Say, certificate_facts, registered_facts, rights_facts

Side = Literal["left", "right", "center"]
Fact = tuple[str, str]
MONTHS_A_ROW = 4


@dataclass(frozen=True, slots=True)
class A4Column:
    """A column: its head, its share of the width, the side its cells stand on."""

    head: str
    share: float
    side: Side = "left"


@dataclass(frozen=True, slots=True)
class A4Row:
    """One row; an odd one wants attention."""

    cells: tuple[str, ...]
    odd: bool = False


@dataclass(frozen=True, slots=True)
class A4Table:
    """A table whose head is repeated on every page; without heads it is a grid."""

    columns: tuple[A4Column, ...]
    rows: tuple[A4Row, ...] = field(repr=False)
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class A4Facts:
    """Labels and values. Totals stand in a frame that no page parts."""

    facts: tuple[Fact, ...] = field(repr=False)
    totals: bool = False
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class A4Words:
    """A sentence; a heading keeps with what follows. `aside` stands small at the right of the same line."""

    text: str = field(repr=False)
    heading: bool = False
    aside: str = ""
    kind: Literal["words"] = "words"


A4Block = A4Table | A4Facts | A4Words


@dataclass(frozen=True, slots=True)
class A4Paper:
    """One statement, ready to be set. `made_at` is hall time in seconds; it stands in the PDF's own description."""

    title: str
    agency: str
    sample: str
    """The mark of sample data, empty without."""
    copy: str
    """The mark of a reprint, empty on the first."""
    as_of: str
    person: tuple[Fact, ...] = field(repr=False)
    blocks: tuple[A4Block, ...] = field(repr=False)
    proof: tuple[Fact, ...] = field(repr=False)
    """Serial and check code, in their box."""
    verify: str = field(repr=False)
    printed: tuple[Fact, ...]
    notes: tuple[str, ...]
    page: str
    """With `{page}` and `{of}` left for the typesetter."""
    made_at: int


def a4_statement(statement: Statement, say: Say, *, printed_at: str, made_at: float, copy: bool) -> A4Paper:
    """Return the official form; the same serial on a copy, with its mark."""
    return A4Paper(
        title=statement.title,
        agency=chinese(statement.agency),
        sample=say("paper.sample") if statement.sample else "",
        copy=say("paper.copy") if copy else "",
        as_of=say("paper.as_of", date=statement.as_of),
        person=(
            _fact(say, "paper.name", "name", statement.name),
            _fact(say, "paper.number", "number", statement.number),
            _fact(say, "paper.period", "period", statement.period),
            _fact(say, "paper.social_number", "number", statement.social_number),
            *_proxied(statement, say),
        ),
        blocks=_body(statement, say),
        proof=(
            _fact(say, "paper.serial", "serial", statement.serial),
            _fact(say, "paper.check_code", "code", statement.check_code),
        ),
        verify=say("paper.verify", date=statement.verify_until),
        printed=(
            (say("a4.printed"), printed_at),
            (say("a4.terminal"), statement.terminal),
            _fact(say, "paper.supervision", "phone", statement.supervision),
        ),
        notes=(*(chinese(note) for note in statement.notes), say("paper.free_of_charge")),
        page=say("paper.page"),
        made_at=int(made_at),
    )


def _fact(say: Say, key: str, name: str, value: str) -> Fact:
    """The slip says `姓名 李和` in one line; a sheet has a place for each."""
    return say(key, **{name: ""}).strip(), value


def _proxied(statement: Statement, say: Say) -> tuple[Fact, ...]:
    if not statement.proxy_agent:
        return ()
    agent = say("paper.proxy_agent", name=statement.proxy_agent)
    person = say("paper.proxy_person", name=mask_name(statement.name))
    return ((say("paper.proxy"), agent), ("", person))


def _wide(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Names of places and employers with the punctuation of a Chinese paper."""
    return tuple((label, chinese(value)) for label, value in facts)


def _body(statement: Statement, say: Say) -> tuple[A4Block, ...]:
    if statement.certificate is not None:
        return _certificate(statement.certificate, say)
    if statement.rights is not None:
        return _rights(statement.rights, say)
    if statement.pension is not None:
        return _pension(statement.pension, say)
    return _contributions(statement, say)


def _contributions(statement: Statement, say: Say) -> tuple[A4Block, ...]:
    if not statement.lines:
        return (A4Words(say("paper.no_lines")),)
    columns = (
        A4Column(say("column.month"), 1.0),
        A4Column(say("column.base"), 1.3, "right"),
        A4Column(say("column.unit"), 1.3, "right"),
        A4Column(say("column.person"), 1.3, "right"),
        A4Column(say("a4.credited"), 1.1, "center"),
        A4Column(say("column.state"), 0.9, "center"),
    )
    blocks: list[A4Block] = []
    for insurance, unit, lines in _groups(statement.lines):
        blocks.append(A4Words(chinese(insurance), heading=True, aside=say("a4.unit_of_money")))
        if unit:
            blocks.append(A4Words(say("paper.unit", unit=chinese(unit))))
        rows = (
            A4Row(
                (
                    line.month,
                    yuan(line.base_fen),
                    yuan(line.unit_fen),
                    yuan(line.person_fen),
                    line.credited_month,
                    line.state,
                ),
                odd=line.state not in PAID,
            )
            for line in lines
        )
        blocks.append(A4Table(columns, tuple(rows)))
    totals = (
        (say("total.months"), say("total.months_value", months=statement.months_paid)),
        (say("total.unit"), say("total.yuan", amount=yuan(statement.total_unit_fen))),
        (say("total.person"), say("total.yuan", amount=yuan(statement.total_person_fen))),
    )
    return (*blocks, A4Facts(totals, totals=True))


def _groups(lines: Sequence[ContributionLine]) -> list[tuple[str, str, list[ContributionLine]]]:
    """Neighbouring months of one insurance and employer, in the source's order."""
    groups: list[tuple[str, str, list[ContributionLine]]] = []
    for line in lines:
        if not groups or groups[-1][:2] != (line.insurance, line.unit):
            groups.append((line.insurance, line.unit, []))
        groups[-1][2].append(line)
    return groups


def _certificate(told: Certificate, say: Say) -> tuple[A4Block, ...]:
    held = (
        A4Row((row.insurance, row.state, say("paper.span", first=row.first_month, last=row.last_month), months))
        for row in told.held
        for months in (say("total.months_value", months=row.months),)
    )
    columns = (
        A4Column(say("sheet.insurance"), 2.2),
        A4Column(say("a4.held_state"), 1.0),
        A4Column(say("sheet.from_to"), 1.8),
        A4Column(say("sheet.months_total"), 1.2, "right"),
    )
    blocks = (A4Facts(_wide(certificate_facts(told, say))), A4Table(columns, tuple(held)))
    if not told.recent:
        return blocks
    heading = A4Words(say("paper.recent", months=len(told.recent)), heading=True)
    return (*blocks, heading, _months(told.recent))


def _months(recent: Sequence[tuple[str, str]]) -> A4Table:
    """Month and state, several pairs a row."""
    rows = []
    for start in range(0, len(recent), MONTHS_A_ROW):
        pairs = recent[start : start + MONTHS_A_ROW]
        cells = tuple(f"{month} {state}" for month, state in pairs)
        rows.append(A4Row(cells + ("",) * (MONTHS_A_ROW - len(cells))))
    return A4Table((A4Column("", 1.0),) * MONTHS_A_ROW, tuple(rows))


def _rights(told: RightsRecord, say: Say) -> tuple[A4Block, ...]:
    totals = (
        (say("sheet.months_total"), say("total.months_value", months=told.months_total)),
        (say("sheet.closing"), say("total.yuan", amount=yuan(told.account.closing_fen))),
    )
    registered = registered_facts(told, say)
    rows = tuple(A4Row(fact) for fact in rights_facts(told, say))
    table = A4Table((A4Column("", 1.6), A4Column("", 1.0, "right")), rows)
    return (*((A4Facts(_wide(registered)),) if registered else ()), table, A4Facts(totals, totals=True))


def _pension(told: PensionPayments, say: Say) -> tuple[A4Block, ...]:
    if not told.months:
        return (A4Words(say("paper.no_pension")),)
    columns = (
        A4Column(say("column.month"), 0.95),
        A4Column(say("a4.basic"), 1.15, "right"),
        A4Column(say("a4.account"), 1.15, "right"),
        A4Column(say("a4.transition"), 1.15, "right"),
        A4Column(say("a4.other"), 0.8, "right"),
        A4Column(say("column.total"), 1.1, "right"),
        A4Column(say("a4.paid_on"), 1.25, "center"),
        A4Column(say("a4.last4"), 0.8, "center"),
        A4Column(say("column.state"), 0.9, "center"),
    )
    rows = (
        A4Row(
            (
                month.month,
                yuan(month.basic_fen),
                yuan(month.account_fen),
                yuan(month.transition_fen),
                yuan(month.other_fen),
                yuan(month.total_fen),
                month.paid_on,
                month.account_last4,
                month.state,
            ),
            odd=month.state != PAID_OUT,
        )
        for month in told.months
    )
    totals = (
        (say("sheet.pension_months"), say("total.months_value", months=len(told.months))),
        (say("sheet.pension_total"), say("total.yuan", amount=yuan(told.total_fen))),
    )
    money = A4Words("", aside=say("a4.unit_of_money"))
    return (money, A4Table(columns, tuple(rows)), A4Facts(totals, totals=True))
