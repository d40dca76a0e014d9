"""The demo source: sample people from `people.toml`. Refused in production by the settings."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hall.commands import Holder
from hall.errors import HallError, Reason
from hall.statements import ContributionLine
from hall_server.records.ports import PersonRecord

CONTRIBUTIONS = "contributions"
"""The one form that the demo source knows (缴费明细)."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    base_fen: int = Field(ge=0)
    unit_fen: int = Field(ge=0)
    person_fen: int = Field(ge=0)
    credited_month: str
    state: str


class _Person(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)  # cards of the bench stand in the same file
    name: str
    number: str
    unit: str = ""
    contributions: tuple[_Line, ...] = ()


class _People(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    as_of: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    agency: str
    insurance: str
    people: tuple[_Person, ...]


class DemoSource:
    """Sample people, known by number and name together."""

    def __init__(self, people: _People) -> None:
        self._people = people
        self._by_number = {person.number.upper(): person for person in people.people}

    def fetch(self, form: str, year: int, holder: Holder) -> PersonRecord | Reason:
        """Return one year's contributions. A card under another name opens nothing; who never paid here is unknown."""
        if form != CONTRIBUTIONS:
            return Reason.UNKNOWN_FORM
        person = self._by_number.get(holder.number.upper())
        if person is None or person.name != holder.name or not person.contributions:
            return Reason.UNKNOWN_PERSON
        return PersonRecord(
            name=person.name,
            number=person.number,
            social_number=person.number,
            agency=self._people.agency,
            as_of=self._people.as_of,
            period=f"{year}年1月至{year}年12月",
            lines=tuple(self._line(person, line) for line in person.contributions if line.month[:4] == str(year)),
        )

    def _line(self, person: _Person, line: _Line) -> ContributionLine:
        return ContributionLine(
            month=line.month,
            insurance=self._people.insurance,
            unit=person.unit,
            base_fen=line.base_fen,
            unit_fen=line.unit_fen,
            person_fen=line.person_fen,
            credited_month=line.credited_month,
            state=line.state,
        )


def load_people(path: Path) -> DemoSource:
    """Read `people.toml`, or raise `HallError` naming what does not fit (never a person)."""
    try:
        return DemoSource(_People.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise HallError(Reason.MALFORMED, str(path), f"cannot be read as TOML: {error}") from error
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['type']}" for e in error.errors())
        raise HallError(Reason.MALFORMED, str(path), said) from None
