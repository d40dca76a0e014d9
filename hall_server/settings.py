"""What a hall server is told at start: `hall_server.toml`, checked as a whole; misspelt keys are refused by name."""

import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hall.errors import HallError, Reason
from hall.ids import HallId


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Broker(_Table):
    """The mosquitto between the terminals and us, and how we sign in there. The password file holds one line."""

    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)
    username: str = "server"
    password_file: Path


class Records(_Table):
    """Where personal records come from. `demo` reads sample people from a file and is refused in production."""

    source: Literal["demo", "none"] = "none"
    people: Path | None = None
    """`people.toml` of the demo source."""

    @model_validator(mode="after")
    def _demo_has_people(self) -> Self:
        if self.source == "demo" and self.people is None:
            message = "the demo source needs `people`, the path of people.toml"
            raise ValueError(message)
        return self


class Console(_Table):
    """The web console. Who knows the token (one line in the file) may look."""

    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)
    token_file: Path


class Limits(_Table):
    """Bounds of waits and queues, each with a reason beside its default."""

    queue: int = Field(default=5000, ge=10, le=100_000)
    """Jobs waiting for the writer; beyond it terminals are left to repeat themselves (about 2 s of full load)."""
    batch: int = Field(default=200, ge=1, le=200)
    """Jobs in one transaction: group commit gains nothing beyond (sync.md 3.4)."""
    records_wait_s: float = Field(default=4.0, gt=0, le=30)
    """How long a record source may take before the resident is told it is away."""


class Settings(_Table):
    """All settings of one hall server process."""

    environment: Literal["production", "demo", "test"] = "production"
    hall: HallId
    pack: Path
    """Folder of the hall pack."""
    ledger: Path
    """SQLite file, made at the first start."""
    key_file: Path
    """Raw X25519 private key (32 bytes, mode 0600), made by `admin create` if absent."""
    staff_pins: Path
    """Scrypt hashes of PINs by 工号, written by `admin create`."""
    broker: Broker
    records: Records = Records()
    console: Console | None = None
    limits: Limits = Limits()
    clock_offset_s: float = 0.0
    """Hall time minus machine time, for the demo; refused in production."""

    @model_validator(mode="after")
    def _production_has_no_shortcuts(self) -> Self:
        if self.environment == "production":
            if self.clock_offset_s:
                message = "clock_offset_s is refused in production"
                raise ValueError(message)
            if self.records.source == "demo":
                message = "records.source = demo is refused in production"
                raise ValueError(message)
        return self


def load(path: Path) -> Settings:
    """Read `hall_server.toml`, or raise `HallError` naming file, key and what is allowed. Paths start at the file."""
    try:
        told = Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HallError(Reason.MALFORMED, str(path), f"cannot be read as TOML: {error}") from error
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(str(part) for part in e['loc']) or 'file'}: {e['msg']}" for e in error.errors())
        raise HallError(Reason.MALFORMED, str(path), said) from error
    return _from(told, path.resolve().parent)


def _from(told: Settings, base: Path) -> Settings:
    records = told.records
    if records.people is not None:
        records = records.model_copy(update={"people": base / records.people})
    console = told.console
    if console is not None:
        console = console.model_copy(update={"token_file": base / console.token_file})
    return told.model_copy(
        update={
            "pack": base / told.pack,
            "ledger": base / told.ledger,
            "key_file": base / told.key_file,
            "staff_pins": base / told.staff_pins,
            "broker": told.broker.model_copy(update={"password_file": base / told.broker.password_file}),
            "records": records,
            "console": console,
        }
    )
