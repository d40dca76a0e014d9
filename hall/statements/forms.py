"""The four official forms (制式清单) as data: what each holds, and totals that must be the sums of their parts.

Money is integer fen, months are `YYYY-MM`. Bodies: 参保缴费证明, 个人权益记录单, 缴费明细, 养老金发放明细 (the forms of
real halls); 缴费明细 is `contributions.ContributionLine` with `statements.check_totals`, the rest stands here.
"""

from collections.abc import Sequence
from fractions import Fraction
from types import MappingProxyType

import msgspec

from hall.errors import HallError, Reason
from hall.statements.contributions import ContributionLine

CERTIFICATE = "certificate"
RIGHTS_RECORD = "rights_record"
CONTRIBUTIONS = "contributions"
PENSION_PAYMENTS = "pension_payments"

FORMS = MappingProxyType(
    {
        CERTIFICATE: "参保缴费证明",
        RIGHTS_RECORD: "个人权益记录单",
        CONTRIBUTIONS: "缴费明细",
        PENSION_PAYMENTS: "养老金发放明细",
    }
)
"""Form code to official title; a hall's pack says which of them its record source serves."""
MONTHS_A_YEAR = 12
BASIS_POINTS = 10_000
ACCOUNT_SHARE_BP = 800
"""Of the contribution base, booked to the personal account: 8 % (国发〔2005〕38号), also where one pays 20 % alone."""
UNPAID = "未缴"
PAID = frozenset({"正常", "补缴"})
"""States of a month that counts as paid."""


class _Personal(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what is a person's own: its repr says nothing."""

    def __repr__(self) -> str:
        """Say nothing of the person, wherever this is printed."""
        return f"{type(self).__name__}(…)"


class InsuranceHeld(_Personal, frozen=True, kw_only=True):
    """One kind of insurance of a certificate."""

    insurance: str
    state: str
    first_month: str
    last_month: str
    months: int
    """Months paid in all."""


class Certificate(_Personal, frozen=True, kw_only=True):
    """参保缴费证明: where, by whom, each insurance, and the states of the last 12 or 24 months."""

    place: str
    agency: str
    unit: str
    held: tuple[InsuranceHeld, ...]
    recent: tuple[tuple[str, str], ...]
    """Month and state."""


class PersonalAccount(_Personal, frozen=True, kw_only=True):
    """个人账户 of one year."""

    opening_fen: int
    """上年末累计储存额."""
    booked_fen: int
    """当年记账金额."""
    interest_fen: int
    """当年记账利息."""
    closing_fen: int
    """本年末累计储存额."""


class RightsRecord(_Personal, frozen=True, kw_only=True):
    """个人权益记录单 of one year."""

    year: int
    months_before: int
    """至上年末累计缴费月数."""
    months_in_year: int
    gaps: tuple[str, ...]
    """中断月份."""
    months_total: int
    account: PersonalAccount
    unemployment_months: int = 0
    injury_months: int = 0
    insurance: str = ""
    """Whose months and account these are."""
    unit: str = ""


class PensionMonth(_Personal, frozen=True, kw_only=True):
    """One month of 养老金发放明细."""

    month: str
    basic_fen: int
    account_fen: int
    transition_fen: int
    other_fen: int = 0
    total_fen: int
    paid_on: str
    account_last4: str
    state: str


class PensionPayments(_Personal, frozen=True, kw_only=True):
    """养老金发放明细 of one period."""

    months: tuple[PensionMonth, ...]
    total_fen: int


def months_paid(lines: Sequence[ContributionLine]) -> tuple[str, ...]:
    """Return the months that count as paid, in order."""
    return tuple(sorted({line.month for line in lines if line.state in PAID}))


def gaps_in(lines: Sequence[ContributionLine], year: int) -> tuple[str, ...]:
    """Return the months of the year that were to be paid and were not (中断月份), in order."""
    told = {line.month for line in lines if line.state == UNPAID and line.month.startswith(f"{year}-")}
    return tuple(sorted(told - set(months_paid(lines))))


def account_of(opening_fen: int, lines: Sequence[ContributionLine], year: int, rate_bp: int) -> PersonalAccount:
    """Return the account of a year: interest on the opening for the year, on each month for the months left after it.

    What is booked is `ACCOUNT_SHARE_BP` of each paid month's base, rounded half up to the fen.
    `rate_bp` is the year's booking rate in basis points (200 = 2 %); interest is rounded half up to the fen, once.
    """
    rate = Fraction(rate_bp, BASIS_POINTS)
    own = [line for line in lines if line.state in PAID and line.month.startswith(f"{year}-")]
    booked = sum(_booked(line) for line in own)
    earned = opening_fen * rate
    for line in own:
        earned += _booked(line) * Fraction(MONTHS_A_YEAR - int(line.month[5:]), MONTHS_A_YEAR) * rate
    interest = int(earned + Fraction(1, 2))
    return PersonalAccount(
        opening_fen=opening_fen, booked_fen=booked, interest_fen=interest, closing_fen=opening_fen + booked + interest
    )


def _booked(line: ContributionLine) -> int:
    return (line.base_fen * ACCOUNT_SHARE_BP + BASIS_POINTS // 2) // BASIS_POINTS


def rights_record(
    year: int,
    months_before: int,
    opening_fen: int,
    lines: Sequence[ContributionLine],
    rate_bp: int,
    *,
    unemployment_months: int = 0,
    injury_months: int = 0,
) -> RightsRecord:
    """Return the record of a year from what was there before it and its contribution lines."""
    paid = sum(month.startswith(f"{year}-") for month in months_paid(lines))
    return RightsRecord(
        year=year,
        months_before=months_before,
        months_in_year=paid,
        gaps=gaps_in(lines, year),
        months_total=months_before + paid,
        account=account_of(opening_fen, lines, year, rate_bp),
        unemployment_months=unemployment_months,
        injury_months=injury_months,
    )


def check_rights_record(record: RightsRecord) -> None:
    """Raise `HallError(MALFORMED)` naming the figure that does not follow from the others."""
    account = record.account
    _same("months_total", record.months_total, record.months_before + record.months_in_year)
    _same("closing_fen", account.closing_fen, account.opening_fen + account.booked_fen + account.interest_fen)
    if not 0 <= record.months_in_year + len(record.gaps) <= MONTHS_A_YEAR:
        _same("months_in_year", record.months_in_year, MONTHS_A_YEAR - len(record.gaps))


def check_pension_payments(payments: PensionPayments) -> None:
    """Raise `HallError(MALFORMED)` naming the month or the total that is not the sum of its parts."""
    for month in payments.months:
        parts = month.basic_fen + month.account_fen + month.transition_fen + month.other_fen
        _same(f"total_fen of {month.month}", month.total_fen, parts)
    _same("total_fen", payments.total_fen, sum(month.total_fen for month in payments.months))


def check_certificate(certificate: Certificate) -> None:
    """Raise `HallError(MALFORMED)` naming the insurance whose months do not fit between its first and its last."""
    for held in certificate.held:
        span = _month_count(held.last_month) - _month_count(held.first_month) + 1
        if not 0 <= held.months <= span:
            raise HallError(Reason.MALFORMED, f"certificate {held.insurance}", f"{held.months} months in {span}")


def _month_count(month: str) -> int:
    return int(month[:4]) * MONTHS_A_YEAR + int(month[5:])


def _same(name: str, told: int, summed: int) -> None:
    if told != summed:
        raise HallError(Reason.MALFORMED, "statement", f"{name} is {told}, its parts sum to {summed}")
