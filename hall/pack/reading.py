"""TOML texts → typed tables. Every refusal names the file, the line or key, and what is allowed."""

import re
import tomllib
from collections.abc import Mapping
from types import UnionType
from typing import TypeVar, Union, get_args, get_origin

import msgspec

from hall.errors import HallError, Reason
from hall.pack.equipment import DevicesFile, SpeechFile, VolumeSpan
from hall.pack.guidance import AnswersFile, DirectoryFile, RulesFile, SearchFile
from hall.pack.tables import (
    Area,
    Calendar,
    Form,
    Group,
    HallFacts,
    Hours,
    Limits,
    NumberSeries,
    ServiceItem,
    StaffMember,
    Table,
    Terminal,
    Texts,
    Window,
)

MAX_FILE_CHARS = 500_000
NOT_TOML = "is not TOML"
"""How the refusal of such a text begins; its `where` is file and line."""
NOT_PACK = frozenset({"people.toml"})
"""Lies beside a sample pack and belongs to the demo record source and the bench."""


class HallFile(Table, frozen=True, kw_only=True):
    """`hall.toml`."""

    hall: HallFacts
    hours: tuple[Hours, ...]
    volumes: tuple[VolumeSpan, ...] = ()


class WindowsFile(Table, frozen=True, kw_only=True):
    """`windows.toml`."""

    areas: tuple[Area, ...]
    windows: tuple[Window, ...]


class SeriesFile(Table, frozen=True, kw_only=True):
    """`series.toml`."""

    leased_first: int
    leased_last: int
    reserve_first: int
    reserve_last: int
    series: tuple[NumberSeries, ...]


class TerminalsFile(Table, frozen=True, kw_only=True):
    """`terminals.toml`."""

    terminals: tuple[Terminal, ...]


class StaffFile(Table, frozen=True, kw_only=True):
    """`staff.toml`."""

    staff: tuple[StaffMember, ...]


class ItemsFile(Table, frozen=True, kw_only=True):
    """`items.toml`."""

    groups: tuple[Group, ...]
    items: tuple[ServiceItem, ...]


class StatementsFile(Table, frozen=True, kw_only=True):
    """`statements.toml`."""

    year: int
    forms: tuple[Form, ...]


class TextsFile(Table, frozen=True, kw_only=True):
    """`texts.toml`."""

    texts: Texts


class LimitsFile(Table, frozen=True, kw_only=True):
    """`limits.toml`."""

    limits: Limits


class Files(msgspec.Struct, frozen=True, kw_only=True):
    """All files of a pack, each under its name without `.toml`."""

    hall: HallFile
    calendar: Calendar
    windows: WindowsFile
    series: SeriesFile
    terminals: TerminalsFile
    staff: StaffFile
    items: ItemsFile
    statements: StatementsFile
    texts: TextsFile
    limits: LimitsFile
    rules: RulesFile
    directory: DirectoryFile
    answers: AnswersFile
    search: SearchFile
    devices: DevicesFile
    speech: SpeechFile


def names() -> tuple[str, ...]:
    """Return the names of all files of a pack."""
    return tuple(f"{field.name}.toml" for field in msgspec.structs.fields(Files))


def read(files: Mapping[str, str]) -> Files:
    """Return the typed files, or raise `HallError(MALFORMED)`: a file too many or missing, a key unknown or wrong."""
    kinds = {f"{name.name}.toml": name.type for name in msgspec.structs.fields(Files)}
    for name in sorted(files):
        if name not in kinds and name not in NOT_PACK:
            raise HallError(Reason.MALFORMED, f"{name}:file", f"is no file of a pack; allowed are {', '.join(kinds)}")
    for name in kinds:
        if name not in files:
            raise HallError(Reason.MALFORMED, f"{name}:file", "is missing from the pack")
    return msgspec.convert(
        {name.removesuffix(".toml"): _read_one(name, files[name], kind) for name, kind in kinds.items()}, Files
    )


T = TypeVar("T")


def _read_one(name: str, text: str, kind: type[T]) -> T:
    if len(text) > MAX_FILE_CHARS:
        raise HallError(Reason.MALFORMED, f"{name}:file", f"at most {MAX_FILE_CHARS} characters are allowed")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        at = line[1] if line else str(text.count("\n") + 1)
        raise HallError(Reason.MALFORMED, f"{name}:{at}", f"{NOT_TOML}: {error}") from error
    _refuse_unknown(name, "", raw, kind)
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        told, _, path = str(error).partition(" - at ")
        key = path.strip("`").removeprefix("$").removeprefix(".") or "file"
        raise HallError(Reason.MALFORMED, f"{name}:{key}", told) from error


def _refuse_unknown(name: str, path: str, raw: object, kind: object) -> None:
    """Walk values and types together, so that a misspelt key is told with the keys that exist."""
    if isinstance(raw, dict) and isinstance(kind, type) and issubclass(kind, Table):
        fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
        for key, value in raw.items():
            where = f"{path}.{key}" if path else key
            if key not in fields:
                raise HallError(Reason.MALFORMED, f"{name}:{where}", f"unknown key; allowed are {', '.join(fields)}")
            _refuse_unknown(name, where, value, fields[key])
    elif isinstance(raw, list):
        inside = _inside(kind)
        for index, value in enumerate(raw):
            _refuse_unknown(name, f"{path}[{index}]", value, inside)


def _inside(kind: object) -> object:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return next((_inside(part) for part in get_args(kind) if get_origin(part) is tuple), None)
    return get_args(kind)[0] if origin is tuple and get_args(kind) else None
