"""Hall packs on disk: read, take in (`pack import`) and give out (`pack export`). A bad pack changes nothing."""

import os
from pathlib import Path

from hall.calendar.due_dates import gaps
from hall.calendar.working_days import local_datetime
from hall.errors import HallError, Reason
from hall.ids import HallId
from hall.pack.hall_pack import HallPack, parse
from hall.pack.reading import NOT_PACK, names

COMING = ".coming"
BEFORE = ".before"


def read(folder: Path) -> tuple[HallPack, dict[str, str]]:
    """Return the checked pack of a folder and its files; raise `HallError` naming file, line or key, and reason."""
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            files[path.name] = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise HallError(Reason.MALFORMED, f"{path.name}:file", f"cannot be read: {error}") from error
    return parse(files), {name: text for name, text in files.items() if name not in NOT_PACK}


def take(source: Path, target: Path, hall: HallId) -> HallPack:
    """Check the pack in `source` and put its files, byte for byte, in place of those in `target`; return it.

    All or nothing for a reader of single files: the files are written beside, then renamed. What stood there before
    is kept as `<target>.before`. Files that are no part of a pack stay where they are.
    """
    pack, files = read(source)
    if pack.hall.id != hall:
        raise HallError(Reason.MALFORMED, "hall.toml:hall.id", f"is {pack.hall.id!r}; this hall is {hall!r}")
    coming, before = _beside(target, COMING), _beside(target, BEFORE)
    try:
        _write(files, coming)
        if target.is_dir():
            _write({path.name: path.read_bytes().decode("utf-8") for path in _pack_files(target)}, before)
        target.mkdir(parents=True, exist_ok=True)
        for name in files:
            (coming / name).replace(target / name)
        coming.rmdir()
    except OSError as error:
        raise HallError(Reason.INTERNAL, str(target), f"cannot be written: {error.strerror}") from error
    return pack


def give(source: Path, target: Path) -> HallPack:
    """Write the checked pack of `source` into the new folder `target`, byte for byte; return it."""
    pack, files = read(source)
    if target.exists() and any(target.iterdir()):
        raise HallError(Reason.MALFORMED, str(target), "must be a new or an empty folder")
    try:
        _write(files, target)
    except OSError as error:
        raise HallError(Reason.INTERNAL, str(target), f"cannot be written: {error.strerror}") from error
    return pack


def calendar_notes(pack: HallPack, now: float) -> tuple[str, ...]:
    """Return one sentence for each year whose official calendar must be imported now, in hall time `now`."""
    return tuple(
        f"calendar.toml: 日历未维护, the official calendar of {year} is missing; due dates in it are provisional"
        for year in gaps(pack.calendar, local_datetime(now).date())
    )


def _pack_files(folder: Path) -> list[Path]:
    return [folder / name for name in names() if (folder / name).is_file()]


def _beside(target: Path, suffix: str) -> Path:
    return target.with_name(target.name + suffix)


def _write(files: dict[str, str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        with (folder / name).open("wb") as out:
            out.write(text.encode("utf-8"))
            out.flush()
            os.fsync(out.fileno())
