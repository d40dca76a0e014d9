"""Official statements (制式清单) as data: what a record source delivers, what paper and screen show.

Money is integer fen everywhere; 元 appears only in text. Source: requirements RGT-04 and the hall's form list.
"""

import msgspec

from hall.errors import HallError, Reason
from hall.ids import Serial, TerminalId
from hall.statements.contributions import ContributionLine
from hall.statements.forms import (
    CERTIFICATE,
    PENSION_PAYMENTS,
    RIGHTS_RECORD,
    Certificate,
    PensionPayments,
    RightsRecord,
    check_certificate,
    check_pension_payments,
    check_rights_record,
)

__all__ = ["ContributionLine", "Statement", "check_totals", "mask_name", "mask_number", "yuan"]


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One person's statement, complete: nothing is computed at the terminal. Travels sealed, never stored."""

    form: str
    title: str
    agency: str
    sample: bool
    name: str
    number: str
    social_number: str
    period: str
    """Such as `2025年1月至2025年12月`."""
    as_of: str
    """Date to which the source's data run, `YYYY-MM-DD`."""
    lines: tuple[ContributionLine, ...]
    total_unit_fen: int
    total_person_fen: int
    months_paid: int
    serial: Serial
    check_code: str
    verify_until: str
    terminal: TerminalId
    supervision: str
    notes: tuple[str, ...]
    certificate: Certificate | None = None
    """The body of a 参保缴费证明."""
    rights: RightsRecord | None = None
    """The body of a 个人权益记录单."""
    pension: PensionPayments | None = None
    """The body of a 养老金发放明细."""
    proxy_agent: str = ""
    """代办查询: masked name of who reads it for the person; empty when the person does."""

    def __repr__(self) -> str:
        """Say nothing of the person, wherever this is printed."""
        return f"Statement({self.serial})"


def check_totals(statement: Statement) -> None:
    """Raise `HallError(MALFORMED)` naming the total that is not the sum of its parts, or the body that is missing."""
    for name, told, summed in (
        ("total_unit_fen", statement.total_unit_fen, sum(line.unit_fen for line in statement.lines)),
        ("total_person_fen", statement.total_person_fen, sum(line.person_fen for line in statement.lines)),
        ("months_paid", statement.months_paid, sum(1 for line in statement.lines if line.person_fen or line.unit_fen)),
    ):
        if told != summed:
            raise _wrong(statement, f"{name} is {told}, its lines sum to {summed}")
    for form, body in (
        (CERTIFICATE, statement.certificate),
        (RIGHTS_RECORD, statement.rights),
        (PENSION_PAYMENTS, statement.pension),
    ):
        if (statement.form == form) != (body is not None):
            raise _wrong(statement, f"a {statement.form} {'has no' if body is not None else 'needs its'} {form} body")
    if statement.certificate is not None:
        check_certificate(statement.certificate)
    if statement.rights is not None:
        check_rights_record(statement.rights)
    if statement.pension is not None:
        check_pension_payments(statement.pension)


def _wrong(statement: Statement, sentence: str) -> HallError:
    return HallError(Reason.MALFORMED, f"statement {statement.serial}", sentence)


def yuan(fen: int) -> str:
    """Return fen as 元 with two decimals and thousands separators, such as `12,960.00`."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def mask_name(name: str) -> str:
    """张安 → 张*; 阿依古丽·麦麦提 → 阿*******: the first character and one star for each other."""
    return name[:1] + "*" * (len(name) - 1)


def mask_number(number: str) -> str:
    """First six and last two characters stay: `000000**********25`."""
    shown = number[:6] + number[-2:]
    return (
        number[:6] + "*" * (len(number) - len(shown)) + number[-2:] if len(number) > len(shown) else "*" * len(number)
    )
