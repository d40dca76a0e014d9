"""The tables of a hall pack about its equipment: devices of each terminal, upkeep, loudness, spoken words."""

from collections.abc import Collection, Iterable
from typing import Literal

from hall.ids import TerminalId
from hall.pack.guidance import SearchWord
from hall.pack.tables import Table

DeviceKind = Literal[
    "id_reader",
    "card_reader",
    "slip_printer",
    "sheet_printer",
    "scanner",
    "keypad",
    "led_bars",
    "speaker",
    "machine",
    "ups",
]
"""The kinds that terminals report, by the names of `kiosk.toml`."""
PlanKind = DeviceKind | Literal["screen"]
"""A kind of device, or `screen`: the panel that every terminal has."""
PlanWork = Literal["inspection", "consumable"]


class Device(Table, frozen=True, kw_only=True):
    """A device that a terminal must have. One that is expected and not reported is `absent`, never simply missing."""

    terminal: TerminalId
    kind: DeviceKind
    driver: str
    """Expected driver family, such as `escpos`; another one is a wrong device, or a wrong setting."""
    maintenance_days: int | None = None
    """Calendar days between two inspections of this very device; without it the plan of its kind holds."""
    in_service: str = ""
    """The day from which its plan counts, YYYY-MM-DD; empty: `UpkeepTable.since`."""


class MaintenancePlan(Table, frozen=True, kw_only=True):
    """One regular work on every device of a kind."""

    kind: PlanKind
    work: PlanWork = "inspection"
    days: int
    """Calendar days between two of them."""
    what: str
    what_en: str


class OpeningLine(Table, frozen=True, kw_only=True):
    """A line of the opening checklist that no device can tell: somebody must look."""

    code: str
    title: str
    title_en: str


NOTICES = OpeningLine(code="notice", title="公示屏和公示栏内容正常", title_en="Notice display and board are right")
LEAFLETS = OpeningLine(code="leaflets", title="办事指南、宣传单齐全", title_en="Guides and leaflets are laid out")


class UpkeepTable(Table, frozen=True, kw_only=True):
    """`[upkeep]`."""

    since: str = ""
    """The day from which the plan counts for devices without `in_service`, YYYY-MM-DD."""
    slips_a_day: int = 150
    """So many slips a printer prints on a full day: less paper than that does not last for tomorrow."""


class DevicesFile(Table, frozen=True, kw_only=True):
    """`devices.toml`."""

    devices: tuple[Device, ...]
    upkeep: UpkeepTable = UpkeepTable()
    maintenance: tuple[MaintenancePlan, ...] = ()
    opening: tuple[OpeningLine, ...] = (NOTICES, LEAFLETS)


class VolumeSpan(Table, frozen=True, kw_only=True):
    """Loudness of announcements in one span of the day, local time `HH:MM`; outside of all spans it is 100 percent."""

    first: str
    until: str
    percent: int


class SpeechFile(Table, frozen=True, kw_only=True):
    """`speech.toml`, written by `python -m deploy.pack_speech`: words of announcements and their pinyin with tones."""

    words: tuple[SearchWord, ...]


def absent(devices: Iterable[Device], terminal: TerminalId, reported: Collection[str]) -> tuple[Device, ...]:
    """Return the devices that a terminal must have and does not report, by the kinds that it does report."""
    return tuple(device for device in devices if device.terminal == terminal and device.kind not in reported)
