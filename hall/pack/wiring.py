"""What must hold of a pack's equipment: devices of known terminals, lines and addresses, languages, volumes."""

import re

from hall.pack.days import check_day, known, minutes, refuse
from hall.pack.reading import Files
from hall.pack.upkeep import check_upkeep

CHINESE = "zh"
MAX_LANGUAGES = 8
"""More do not fit the row of languages on the first screen."""
MAX_PERCENT = 100
MAX_MAINTENANCE_DAYS = 3660
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""Drivers and lines: what may stand in a settings file."""


def check_equipment(files: Files) -> None:
    """Refuse what cannot be wired, spoken or chosen, each by file and key."""
    check_upkeep(files.devices.upkeep, files.devices.maintenance, files.devices.opening)
    _check_devices(files)
    _check_lines(files)
    _check_languages(files)
    _check_volumes(files)


def _check_devices(files: Files) -> None:
    terminals = [terminal.id for terminal in files.terminals.terminals]
    seen: set[tuple[str, str]] = set()
    for index, device in enumerate(files.devices.devices):
        where = f"devices.toml:devices[{index}]"
        known(f"{where}.terminal", device.terminal, terminals)
        if (device.terminal, device.kind) in seen:
            raise refuse(f"{where}.kind", f"{device.terminal} has a {device.kind} already; one of a kind is allowed")
        seen.add((device.terminal, device.kind))
        if not _NAME.fullmatch(device.driver):
            raise refuse(f"{where}.driver", "names a driver in small letters, digits, _ and -, such as escpos")
        if device.maintenance_days is not None and not 1 <= device.maintenance_days <= MAX_MAINTENANCE_DAYS:
            raise refuse(f"{where}.maintenance_days", f"must be 1 to {MAX_MAINTENANCE_DAYS}")
        if device.in_service:
            check_day(f"{where}.in_service", device.in_service)
        if device.maintenance_days is not None and not (device.in_service or files.devices.upkeep.since):
            raise refuse(f"{where}.maintenance_days", "a plan counts from a day: say in_service, or upkeep.since")


def _check_lines(files: Files) -> None:
    taken: dict[tuple[str, int], str] = {}
    for window in files.windows.windows:
        where = f"windows.toml:{window.number}"
        if window.bus and not _NAME.fullmatch(window.bus):
            raise refuse(f"{where}.bus", "names a line in small letters, digits, _ and -, such as east")
        if window.bar_address is None:
            continue
        if not 1 <= window.bar_address <= 254:  # noqa: PLR2004 one byte; 0 and 255 call every bar of the line
            raise refuse(f"{where}.bar_address", "must be 1 to 254")
        other = taken.setdefault((window.bus, window.bar_address), window.number)
        if other != window.number:
            raise refuse(f"{where}.bar_address", f"{window.bar_address} belongs to another window ({other})")


def _check_languages(files: Files) -> None:
    languages = files.hall.hall.languages
    where = "hall.toml:hall.languages"
    if not languages or languages[0] != CHINESE:
        raise refuse(where, f"Chinese ({CHINESE}) is always there and comes first")
    if len(languages) > MAX_LANGUAGES:
        raise refuse(where, f"at most {MAX_LANGUAGES} languages")
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise refuse(where, f"{language!r} is no code such as zh, en, ko or mn-Mong")
        if languages.count(language) > 1:
            raise refuse(where, f"{language} stands there twice")


def _check_volumes(files: Files) -> None:
    last = 0
    for index, volume in enumerate(files.hall.volumes):
        where = f"hall.toml:volumes[{index}]"
        first, until = minutes(f"{where}.first", volume.first), minutes(f"{where}.until", volume.until)
        if first < last or until <= first:
            raise refuse(where, "spans must follow each other and end after they begin")
        if not 0 <= volume.percent <= MAX_PERCENT:
            raise refuse(f"{where}.percent", f"must be 0 to {MAX_PERCENT}")
        last = until
