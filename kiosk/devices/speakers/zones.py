"""Where and how loud: zones are parts of a hall that hear their own announcements, by an outlet of their own.

`zones = "Q3,Q5=tcp:10.0.0.5:4002 Q4=alsa:hw:1"`: the areas Q3 and Q5 are one zone, Q4 is another.
"""

from collections.abc import Iterable, Sequence

from hall.wire.pack_shown import Volume
from kiosk.ports import DeviceError, Fault
from kiosk.speech import EVERYWHERE

MAX_ZONES = 8
FULL = 100


def outlets_of(outlet: str, zones: str, name: str) -> dict[str, str]:
    """Return zone to outlet; areas told before the `=` share a zone, which is named as they are, joined by commas."""
    if not zones.strip():
        return {EVERYWHERE: outlet}
    told: dict[str, str] = {}
    heard: set[str] = set()
    for part in zones.split():
        areas, equals, where = part.partition("=")
        names = areas.split(",")
        if not equals or not where or not all(names) or EVERYWHERE in names or heard & set(names):
            raise DeviceError(Fault.OPTION, name, "zones must be like: Q3,Q5=tcp:HOST:PORT Q4=alsa:CARD")
        heard.update(names)
        told[areas] = where
    if len(set(told.values())) < len(told):
        raise DeviceError(Fault.OPTION, name, "two zones have one outlet; they would speak at the same time")
    if len(told) > MAX_ZONES:
        raise DeviceError(Fault.OPTION, name, f"at most {MAX_ZONES} zones")
    return told


def zone_of(area: str, zones: Iterable[str]) -> str:
    """Return the zone that an area belongs to, `all` when none is its own: rather heard by too many than by nobody."""
    return next((zone for zone in zones if area in zone.split(",")), EVERYWHERE)


def volume_at(volumes: Sequence[Volume], minute: int) -> int:
    """Return the loudness in percent at so many minutes after local midnight; 100 where the pack says nothing."""
    return next((each.percent for each in volumes if _covers(each, minute)), FULL)


def _covers(volume: Volume, minute: int) -> bool:
    """A span may go over midnight."""
    if volume.first <= volume.last:
        return volume.first <= minute < volume.last
    return minute >= volume.first or minute < volume.last
