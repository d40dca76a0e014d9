"""What the bench is told: `bench.toml` and the sample persons. Misspelt keys are refused by name."""

import tomllib
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

T = TypeVar("T")

MAX_DEVICES = 64
MIN_TOKEN = 16


class BenchError(Exception):
    """The bench cannot do this; the sentence says what is allowed."""


class DevicePlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One virtual device: where a driver finds it (`link` or `port`), and its own options.

    `link` is the path of a serial line; for a social-security card slot the folder that will hold `pcscd/pcscd.comm`,
    for a headphone jack the path of its FIFO.
    """

    name: str
    """Its name in the hall, such as `K1.slip_printer`."""
    kind: Literal[
        "sam",
        "social_card",
        "printer",
        "led_bars",
        "queue_bars",
        "keypads",
        "speaker",
        "headphone_jack",
        "sheet_printer",
        "scanner",
    ]
    link: Path | None = None
    port: int | None = None
    baud: int | None = None
    options: dict[str, str | int | float | bool] = {}


class BenchSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole `bench.toml`; paths in it are relative to its folder."""

    port: int
    token_file: Path
    people_file: Path
    device: tuple[DevicePlan, ...]
    host: Literal["127.0.0.1", "localhost"] = "127.0.0.1"

    def token(self) -> str:
        """Return the token, or raise `BenchError` when it could be guessed."""
        try:
            told = self.token_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BenchError(f"{self.token_file} cannot be read") from error
        if len(told) < MIN_TOKEN or not told.isascii():
            raise BenchError(f"{self.token_file} must hold at least {MIN_TOKEN} characters")
        return told


class SampleIdCard(msgspec.Struct, frozen=True, kw_only=True):
    """Validity of a sample identity card; dates are YYYYMMDD or 长期."""

    valid_from: str
    valid_until: str


class SampleSocialCard(msgspec.Struct, frozen=True, kw_only=True):
    """A sample social-security card."""

    card_number: str
    version: str
    pin: str
    hides_holder: bool
    expires: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A sample person; nobody here exists."""

    key: str
    name: str
    number: str
    birth: str
    id_card: SampleIdCard | None = None
    social_card: SampleSocialCard | None = None


class _People(msgspec.Struct, frozen=True):
    people: tuple[Person, ...]
    sample: bool = False


def load(path: Path) -> BenchSettings:
    """Read `bench.toml`, or raise `BenchError`."""
    told = _read(path, BenchSettings)
    names = [device.name for device in told.device]
    if len(set(names)) != len(names):
        raise BenchError(f"{path}: two devices have the same name")
    if len(names) > MAX_DEVICES:
        raise BenchError(f"{path}: at most {MAX_DEVICES} devices")
    here = path.parent
    return msgspec.structs.replace(told, token_file=here / told.token_file, people_file=here / told.people_file)


def load_people(path: Path) -> dict[str, Person]:
    """Read the sample persons by key; a file that does not say `sample = true` is refused."""
    told = _read(path, _People)
    if not told.sample:
        raise BenchError(f"{path}: only sample persons may be laid on a bench (sample = true)")
    return {person.key: person for person in told.people}


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), kind, dec_hook=_path)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BenchError(f"{path} cannot be read as TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise BenchError(f"{path}: {error}") from error


def _path(kind: type[object], told: object) -> object:
    if kind is Path and isinstance(told, str):
        return Path(told)
    raise TypeError(f"a path is written as text, not as {type(told).__name__}")
