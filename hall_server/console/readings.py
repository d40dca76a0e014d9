"""A device's readings in plain words and units: what people can use first, counters only when they count something."""

from collections.abc import Callable, Mapping

import msgspec

from hall.health.forecasts import SOON
from hall_server.console import moments, words

MAX_VALUE = 60
MM_PER_M = 1000
SILENT = frozenset({"silent", "refused"})
"""Of whatever thing, such as one bar of a line."""


class ReadingShown(msgspec.Struct, frozen=True, kw_only=True):
    """One reading as people read it. `matters` = somebody should act on it or plan with it."""

    name: str
    value: str
    matters: bool = False


def plain(readings: Mapping[str, str]) -> tuple[ReadingShown, ...]:
    """Return the readings worth showing, those that matter first, in the order of the driver; no forecast twice."""
    said = {"slips_left"} if forecast(readings) else set()
    rest = ((name, value) for name, value in readings.items() if name not in said)
    shown = [told for name, value in rest if (told := _reading(name, value)) is not None]
    return tuple(sorted(shown, key=lambda one: not one.matters))


def forecast(readings: Mapping[str, str]) -> str:
    """Return how long the paper lasts, such as 「纸还可打约40张」; empty where nobody can tell or there is plenty."""
    slips = _number(readings.get("slips_left", ""))
    if slips is None or slips > SOON:
        return ""
    return f"纸还可打约{int(slips)}张，请准备新的纸卷" if slips >= 1 else "纸即将用完，请现在更换纸卷"


def _reading(name: str, value: str) -> ReadingShown | None:
    told = words.READINGS.get(value, value)[:MAX_VALUE]
    if name in words.COUNTERS:
        return None if _number(value) in (None, 0) else ReadingShown(name=words.COUNTERS[name], value=f"{told}次")
    first, _, rest = name.partition(".")
    if rest and first in words.PLACED:
        return _placed(first, rest, value, told)
    if value == "unsupported":
        return None
    number = _number(value)
    if number is not None and name in UNITS:
        if name in HIDDEN:
            return None
        return ReadingShown(name=words.reading(name), value=UNITS[name](number), matters=_matters(name, number))
    if name in words.REASSURING and value in words.REASSURING[name]:
        told = words.REASSURING[name][value]
    return ReadingShown(name=words.reading(name), value=told, matters=_alarms(name, value))


def _placed(first: str, place: str, value: str, told: str) -> ReadingShown | None:
    """A reading for one of several, such as a zone of the speaker; queues and counts only when not empty."""
    place = words.UNSPOKEN.get(place, place)
    if first == "outlet":
        told = words.CODES.get(value, told)
        return ReadingShown(name=f"{words.PLACED[first]}·{place}", value=told, matters=value != "up")
    if _number(value) in (None, 0):
        return None
    return ReadingShown(name=f"{words.PLACED[first]}·{place}", value=f"{told}条")


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


UNITS: Mapping[str, Callable[[float], str]] = {
    "slips_left": lambda n: f"约{int(n)}张",
    "paper_left_mm": lambda n: f"约{n / MM_PER_M:.1f}米",
    "disk_free_pct": lambda n: f"{n:.0f}%",
    "memory_free_pct": lambda n: f"{n:.0f}%",
    "temperature_c": lambda n: f"{n:.0f}℃",
    "battery_charge_pct": lambda n: f"{n:.0f}%",
    "battery_runtime_s": lambda n: f"约{moments.span(n)}",
    "volume": lambda n: f"{n:.0f}%",
    "baud": lambda n: f"{n:.0f}",
    "jobs_waiting": lambda n: f"{n:.0f}份",
    "bytes_sent": str,
    "dots_fed": str,
    "frames_sent": str,
}
HIDDEN = frozenset({"bytes_sent", "dots_fed", "frames_sent"})
"""For the forecast and for engineers; they stand in the JSON."""
LOW: Mapping[str, float] = {
    "slips_left": SOON,
    "disk_free_pct": 10,
    "memory_free_pct": 10,
    "battery_charge_pct": 30,
    "battery_runtime_s": 600,
}


def _alarms(name: str, value: str) -> bool:
    return value in SILENT or value in words.ALARMING.get(name, ())


def _matters(name: str, number: float) -> bool:
    return name in LOW and number <= LOW[name]
