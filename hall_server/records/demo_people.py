"""The sample people of `people.toml` as the demo source reads them: contributions, accounts, insurances, pensions."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hall.errors import HallError, Reason

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Line(_Row):
    """A month of contributions."""

    month: str = Field(pattern=MONTH)
    base_fen: int = Field(ge=0)
    unit_fen: int = Field(ge=0)
    person_fen: int = Field(ge=0)
    credited_month: str
    state: str


class Account(_Row):
    """The personal account before a year, and the year's booking rate in basis points."""

    year: int
    months_before: int = Field(ge=0)
    opening_fen: int = Field(ge=0)
    rate_bp: int = Field(ge=0, le=10_000)
    unemployment_months: int = Field(ge=0, default=0)
    injury_months: int = Field(ge=0, default=0)


class Insured(_Row):
    """One kind of insurance of a certificate."""

    insurance: str
    state: str
    first_month: str = Field(pattern=MONTH)
    last_month: str = Field(pattern=MONTH)
    months: int = Field(ge=0)


class Pension(_Row):
    """The monthly pension since its first month."""

    first_month: str = Field(pattern=MONTH)
    pay_day: int = Field(ge=1, le=28)
    basic_fen: int = Field(ge=0)
    account_fen: int = Field(ge=0)
    transition_fen: int = Field(ge=0)
    total_fen: int = Field(ge=0)
    account_last4: str = Field(pattern=r"^\d{4}$")


class Person(BaseModel):
    """One sample person; cards of the bench stand in the same table and are not read here."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    name: str
    number: str
    unit: str = ""
    contributions: tuple[Line, ...] = ()
    account: Account | None = None
    insurances: tuple[Insured, ...] = ()
    pension: Pension | None = None


class People(BaseModel):
    """All sample people, and the day to which their records run."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    as_of: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    agency: str
    place: str
    insurance: str
    people: tuple[Person, ...]


def read(path: Path) -> People:
    """Read `people.toml`, or raise `HallError` naming what does not fit (never a person)."""
    try:
        return People.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise HallError(Reason.MALFORMED, str(path), f"cannot be read as TOML: {error}") from error
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['type']}" for e in error.errors())
        raise HallError(Reason.MALFORMED, str(path), said) from None
