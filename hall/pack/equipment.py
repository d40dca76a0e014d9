"""The tables of a hall pack about its equipment: devices of each terminal, loudness by time of day, spoken words."""

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


class Device(Table, frozen=True, kw_only=True):
    """A device that a terminal must have. One that is expected and not reported is `absent`, never simply missing."""

    terminal: TerminalId
    kind: DeviceKind
    driver: str
    """Expected driver family, such as `escpos`; another one is a wrong device, or a wrong setting."""
    maintenance_days: int | None = None
    """Calendar days between two services of the device, where the hall keeps such a plan."""


class DevicesFile(Table, frozen=True, kw_only=True):
    """`devices.toml`."""

    devices: tuple[Device, ...]


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
