"""From a person's record to the statement that is printed: totals, digest, check code, last day of verification."""

import hashlib
from datetime import timedelta

import msgspec

from hall.calendar.working_days import parse_day
from hall.events import StatementPrepared
from hall.ids import BusinessDay
from hall.pack.hall_pack import HallPack
from hall.pack.tables import Form
from hall.statements.sheets import Statement, check_totals
from hall_server.records.ports import PersonRecord


def digest(form: str, record: PersonRecord) -> str:
    """Return the SHA-256 over the content of a statement: what is later verified against its check code."""
    told = (form, record.name, record.number, record.social_number, record.agency, record.as_of, record.period)
    return hashlib.sha256(
        msgspec.json.encode((told, record.lines, record.certificate, record.rights, record.pension))
    ).hexdigest()


def build(
    pack: HallPack,
    form: Form,
    record: PersonRecord,
    prepared: StatementPrepared,
    day: BusinessDay,
    *,
    agent: str = "",
) -> Statement:
    """Return the complete statement, `agent` as in `Statement.proxy_agent`.

    Raises `HallError(MALFORMED)` if its totals are not the sums of its lines.
    """
    statement = Statement(
        form=form.code,
        title=form.title,
        agency=record.agency,
        sample=pack.hall.sample,
        name=record.name,
        number=record.number,
        social_number=record.social_number,
        period=record.period,
        as_of=record.as_of,
        lines=record.lines,
        total_unit_fen=sum(line.unit_fen for line in record.lines),
        total_person_fen=sum(line.person_fen for line in record.lines),
        months_paid=sum(1 for line in record.lines if line.person_fen or line.unit_fen),
        serial=prepared.serial,
        check_code=prepared.check_code,
        verify_until=(parse_day(day) + timedelta(days=pack.limits.statement_verify_days)).isoformat(),
        terminal=prepared.terminal,
        supervision=pack.hall.supervision,
        notes=form.notes,
        certificate=record.certificate,
        rights=record.rights,
        pension=record.pension,
        proxy_agent=agent,
    )
    check_totals(statement)
    return statement
