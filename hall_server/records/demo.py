"""The demo source: sample people from `people.toml`, in all four forms. Refused in production by the settings."""

from pathlib import Path

import msgspec

from hall.errors import Reason
from hall.people.holders import Holder
from hall.statements.forms import (
    CERTIFICATE,
    CONTRIBUTIONS,
    FORMS,
    MONTHS_A_YEAR,
    PENSION_PAYMENTS,
    RIGHTS_RECORD,
    Certificate,
    InsuranceHeld,
    PensionMonth,
    PensionPayments,
    RightsRecord,
    rights_record,
)
from hall.statements.sheets import ContributionLine
from hall_server.records.demo_people import Account, Pension, People, Person, read
from hall_server.records.ports import PersonRecord

PAID_OUT = "已发放"


class DemoSource:
    """Sample people, known by number and name together."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._by_number = {person.number.upper(): person for person in people.people}

    def fetch(self, form: str, year: int, holder: Holder) -> PersonRecord | Reason:
        """Return the record of one form. A card under another name opens nothing; who has no such record is unknown."""
        if form not in FORMS:
            return Reason.UNKNOWN_FORM
        person = self._by_number.get(holder.number.upper())
        if person is None or person.name != holder.name:
            return Reason.UNKNOWN_PERSON
        return self._told(form, year, person) or Reason.UNKNOWN_PERSON

    def _told(self, form: str, year: int, person: Person) -> PersonRecord | None:
        if form == CONTRIBUTIONS and person.contributions:
            return self._record(person, _year(year), lines=self._lines(person, year))
        if form == CERTIFICATE and person.insurances:
            told = self._certificate(person)
            first, last = min(held.first_month for held in told.held), max(held.last_month for held in told.held)
            return self._record(person, f"{_month(first)}至{_month(last)}", certificate=told)
        if form == RIGHTS_RECORD and person.account is not None and person.account.year == year:
            return self._record(person, _year(year), rights=self._rights(person, person.account))
        if form == PENSION_PAYMENTS and person.pension is not None:
            return self._record(person, _year(year), pension=self._payments(person.pension, year))
        return None

    def _record(
        self,
        person: Person,
        period: str,
        *,
        lines: tuple[ContributionLine, ...] = (),
        certificate: Certificate | None = None,
        rights: RightsRecord | None = None,
        pension: PensionPayments | None = None,
    ) -> PersonRecord:
        return PersonRecord(
            name=person.name,
            number=person.number,
            social_number=person.number,
            agency=self._people.agency,
            as_of=self._people.as_of,
            period=period,
            lines=lines,
            certificate=certificate,
            rights=rights,
            pension=pension,
        )

    def _certificate(self, person: Person) -> Certificate:
        return Certificate(
            place=self._people.place,
            agency=self._people.agency,
            unit=person.unit,
            held=tuple(InsuranceHeld(**row.model_dump()) for row in person.insurances),
            recent=tuple((line.month, line.state) for line in person.contributions[-MONTHS_A_YEAR:]),
        )

    def _rights(self, person: Person, account: Account) -> RightsRecord:
        record = rights_record(
            account.year,
            account.months_before,
            account.opening_fen,
            self._lines(person, account.year),
            account.rate_bp,
            unemployment_months=account.unemployment_months,
            injury_months=account.injury_months,
        )
        return msgspec.structs.replace(record, insurance=self._people.insurance, unit=person.unit)

    def _payments(self, told: Pension, year: int) -> PensionPayments:
        days = [f"{year}-{month:02d}-{told.pay_day:02d}" for month in range(1, MONTHS_A_YEAR + 1)]
        months = tuple(
            PensionMonth(
                month=day[:7],
                basic_fen=told.basic_fen,
                account_fen=told.account_fen,
                transition_fen=told.transition_fen,
                total_fen=told.total_fen,
                paid_on=day,
                account_last4=told.account_last4,
                state=PAID_OUT,
            )
            for day in days
            if told.first_month <= day[:7] and day <= self._people.as_of
        )
        return PensionPayments(months=months, total_fen=sum(month.total_fen for month in months))

    def _lines(self, person: Person, year: int) -> tuple[ContributionLine, ...]:
        return tuple(
            ContributionLine(insurance=self._people.insurance, unit=person.unit, **line.model_dump())
            for line in person.contributions
            if line.month[:4] == str(year)
        )


def load_people(path: Path) -> DemoSource:
    """Read `people.toml`, or raise `HallError` naming what does not fit (never a person)."""
    return DemoSource(read(path))


def _year(year: int) -> str:
    return f"{year}年1月至{year}年12月"


def _month(month: str) -> str:
    return f"{month[:4]}年{int(month[5:])}月"
