"""A statement as a sheet on the screen: columns, rows and totals in the person's language. Pure; words by key."""

from dataclasses import dataclass
from typing import Protocol

from hall.statements.forms import PAID, Certificate, PensionPayments, RightsRecord
from hall.statements.sheets import Statement, yuan

STATES = ("正常", "补缴", "未到账", "未缴")
"""States of a month as the record source writes them; the last two want attention."""
PAID_OUT = "已发放"
SPAN = "{first}—{last}"


class Say(Protocol):
    """The catalogue: text by key, with values put in."""

    def __call__(self, key: str, /, **values: str | int) -> str:
        """Return the text."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row; `under` is a second, smaller line, `odd` wants attention."""

    cells: tuple[str, ...]
    under: str = ""
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a statement shows. A column is its key and its share of the width; a total is name, label and value."""

    columns: tuple[tuple[str, float], ...]
    rows: tuple[SheetRow, ...]
    totals: tuple[tuple[str, str, str], ...]
    subject: str = ""
    """What all rows are about, told once above them: the one insurance, or the account that is paid into."""


CONTRIBUTION_COLUMNS = (("month", 0.2), ("base", 0.22), ("unit", 0.21), ("person", 0.21), ("state", 0.16))
PENSION_COLUMNS = (("month", 0.16), ("basic", 0.21), ("account", 0.2), ("transition", 0.21), ("total", 0.22))
FACT_COLUMNS = (("label", 0.46), ("value", 0.54))
NAME_COLUMNS = (("label", 0.41), ("value", 0.59))


def sheet(statement: Statement, say: Say) -> Sheet:
    """Return the sheet of a statement in any of the four forms."""
    if statement.certificate is not None:
        told = (*certificate_facts(statement.certificate, say), *_insurances(statement.certificate, say))
        return Sheet(NAME_COLUMNS, tuple(SheetRow(fact) for fact in told), ())
    if statement.rights is not None:
        told = (*registered_facts(statement.rights, say), *rights_facts(statement.rights, say))
        rows = tuple(SheetRow(fact) for fact in told)
        return Sheet(FACT_COLUMNS, rows, _rights_totals(statement.rights, say))
    if statement.pension is not None:
        return _pension_sheet(statement.pension, say)
    return _contribution_sheet(statement, say)


def row_count(statement: Statement) -> int:
    """Return how many rows the sheet has, whatever the language."""
    return len(sheet(statement, _no_words).rows)


def certificate_facts(told: Certificate, say: Say) -> tuple[tuple[str, str], ...]:
    """Return where, by whom and for which employer somebody is insured, each as label and value."""
    return (
        (say("sheet.place"), told.place),
        (say("sheet.agency"), told.agency),
        (say("sheet.unit"), told.unit),
    )


def rights_facts(told: RightsRecord, say: Say) -> tuple[tuple[str, str], ...]:
    """Return the figures of a year's record without its two totals, each as label and value."""
    account = told.account
    return (
        (say("sheet.months_before"), _months(told.months_before, say)),
        (say("sheet.months_in_year"), _months(told.months_in_year, say)),
        (say("sheet.gaps"), "、".join(told.gaps) or say("sheet.no_gaps")),
        (say("sheet.opening"), _yuan(account.opening_fen, say)),
        (say("sheet.booked"), _yuan(account.booked_fen, say)),
        (say("sheet.interest"), _yuan(account.interest_fen, say)),
        (say("sheet.unemployment_months"), _months(told.unemployment_months, say)),
        (say("sheet.injury_months"), _months(told.injury_months, say)),
    )


def registered_facts(told: RightsRecord, say: Say) -> tuple[tuple[str, str], ...]:
    """Return what a year's record is about, each as label and value."""
    known = (("sheet.insurance", told.insurance), ("sheet.unit", told.unit))
    return tuple((say(key), value) for key, value in known if value)


def state_text(state: str, say: Say) -> str:
    """Return the state of a month in this person's language; unknown ones as the source wrote them."""
    return say(f"state.{STATES.index(state)}") if state in STATES else state


def _insurances(told: Certificate, say: Say) -> tuple[tuple[str, str], ...]:
    facts: list[tuple[str, str]] = []
    for row in told.held:
        facts.append((row.insurance, say("sheet.held", state=row.state, months=row.months)))
        facts.append((say("sheet.from_to"), say("paper.span", first=row.first_month, last=row.last_month)))
    return (*facts, *((month, state_text(state, say)) for month, state in reversed(told.recent)))


def _rights_totals(told: RightsRecord, say: Say) -> tuple[tuple[str, str, str], ...]:
    return (
        ("months_total", say("sheet.months_total"), _months(told.months_total, say)),
        ("closing", say("sheet.closing"), _yuan(told.account.closing_fen, say)),
    )


def _pension_sheet(told: PensionPayments, say: Say) -> Sheet:
    rows = tuple(
        SheetRow(
            (
                month.month,
                yuan(month.basic_fen),
                yuan(month.account_fen),
                yuan(month.transition_fen),
                yuan(month.total_fen),
            ),
            under="" if month.state == PAID_OUT else month.state,
            odd=month.state != PAID_OUT,
        )
        for month in told.months
    )
    totals = (
        ("months", say("sheet.pension_months"), _months(len(told.months), say)),
        ("pension", say("sheet.pension_total"), _yuan(told.total_fen, say)),
    )
    accounts = {month.account_last4 for month in told.months}
    return Sheet(PENSION_COLUMNS, rows, totals, subject=say("sheet.account", digits="、".join(sorted(accounts))))


def _contribution_sheet(statement: Statement, say: Say) -> Sheet:
    kinds = {line.insurance for line in statement.lines}
    rows = tuple(
        SheetRow(
            (
                line.month,
                yuan(line.base_fen),
                yuan(line.unit_fen),
                yuan(line.person_fen),
                state_text(line.state, say),
            ),
            under=line.insurance if len(kinds) > 1 else "",
            odd=line.state not in PAID,
        )
        for line in statement.lines
    )
    totals = (
        ("months", say("total.months"), _months(statement.months_paid, say)),
        ("unit", say("total.unit"), _yuan(statement.total_unit_fen, say)),
        ("person", say("total.person"), _yuan(statement.total_person_fen, say)),
    )
    return Sheet(CONTRIBUTION_COLUMNS, rows, totals, subject=statement.lines[0].insurance if statement.lines else "")


def _months(months: int, say: Say) -> str:
    return say("total.months_value", months=months)


def _yuan(fen: int, say: Say) -> str:
    return say("total.yuan", amount=yuan(fen))


def _no_words(key: str, /, **_values: str | int) -> str:
    return key
