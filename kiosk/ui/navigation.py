"""A screen worked by five keys: stops in reading order, a ring around the one in focus, and what is said there. Pure.

The ring is part of the picture, so that a helper who looks sees what the person hears.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from kiosk.settings import Keys
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.picture import Label, Line, Picture, Target, Words


class NavKey(StrEnum):
    """What a key of the navigation keypad asks for; the names are those of `[keys]`."""

    NEXT = "next"
    PREVIOUS = "previous"
    SELECT = "select"
    BACK = "back"
    HELP = "help"
    REPEAT = "repeat"
    SOFTER = "softer"
    LOUDER = "louder"


CODES: Final[dict[str, int]] = {
    "backspace": 8, "tab": 9, "enter": 13, "escape": 27, "delete": 127, "numpadenter": 271, "up": 273, "down": 274,
    "right": 275, "left": 276, "insert": 277, "home": 278, "end": 279, "pageup": 280, "pagedown": 281,
    **{f"f{number}": 281 + number for number in range(1, 16)},
}  # fmt: skip
"""Names in `[keys]` to the codes of SDL's keys as Kivy passes them on."""
REPEATABLE: Final = frozenset({NavKey.NEXT, NavKey.PREVIOUS, NavKey.SOFTER, NavKey.LOUDER})
"""Held down, these go on; any other key acts once however long it is held."""

RING_PX: Final = 8.0
GAP_PX: Final = 5.0
"""Of the ground's colour between a target and its ring, so that the ring stands out from every fill."""
CORNER_POINTS: Final = 6
VOLUMES: Final = (40, 55, 70, 85, 100)
"""Percent; the middle is where everybody begins."""
MAX_SPOKEN: Final = 600
"""Characters said of one screen; more is read at the stops or asked of the guide."""


def key_map(keys: Keys) -> dict[int, NavKey]:
    """Return key codes to what they ask for."""
    return {CODES[name]: NavKey(asked) for asked, names in keys for name in names}


def stops(picture: Picture) -> tuple[Target, ...]:
    """Return what a finger could press now, line by line from the top, each from the left."""
    open_ = [each for each in picture.targets if each.enabled and picture.at(*_middle(each.box)) is each]
    rows: list[list[Target]] = []
    for target in sorted(open_, key=lambda each: each.box.y):
        row = next((row for row in rows if row[0].box.y <= _middle(target.box)[1] < row[0].box.bottom), None)
        if row is None:
            rows.append([target])
        else:
            row.append(target)
    return tuple(target for row in rows for target in sorted(row, key=lambda each: each.box.x))


def texts(picture: Picture) -> tuple[str, ...]:
    """Return what stands on the screen beside its stops, in the same order; icons and drawings say nothing."""
    boxes = [target.box for target in picture.targets]
    told = [
        item
        for item in picture.items
        if isinstance(item, Words) and item.text.strip() and item.style.family != "icon"
        if not any(box.holds(*_middle(item.box)) for box in boxes)
    ]
    told.sort(key=lambda item: (round(item.box.y), item.box.x))
    return tuple(" ".join(item.text.split()) for item in told)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said: the screen's own texts, then a stop and its place among so many; or only the loudness."""

    screen: tuple[str, ...] = ()
    stop: str = ""
    at: int = 0
    of: int = 0
    volume: int = 0
    """Step of `VOLUMES` from 1, when that was changed."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a key leads to: something to press, something to say, or neither."""

    press: Target | None = None
    said: Spoken | None = None


class Navigation:
    """Where the focus is. Nothing is in focus, and nothing said, until a key was pressed."""

    def __init__(self) -> None:
        self.reset()

    @property
    def active(self) -> bool:
        """Whether the person works by keys."""
        return bool(self._name)

    @property
    def volume(self) -> int:
        """Percent."""
        return VOLUMES[self._volume]

    def reset(self) -> None:
        """Another person: no ring, middle loudness, and nothing of the last screen kept."""
        self._name = ""
        self._index = 0
        self._volume = len(VOLUMES) // 2
        self._told: frozenset[str] = frozenset()

    def hide(self) -> bool:
        """A finger touched the screen; tell whether there was a ring."""
        shown, self._name = self.active, ""
        return shown

    def follow(self, picture: Picture, *, fresh: bool) -> Spoken | None:
        """Another picture is shown, `fresh` on another screen; return what to say of it."""
        found = stops(picture)
        if not self.active or not found:
            return None
        names = [each.name for each in found]
        if fresh:
            return self._begin(picture, found)
        if self._name not in names:
            return self._go(found, min(self._index, len(found) - 1))
        self._index = names.index(self._name)
        return None

    def press(self, key: NavKey, picture: Picture) -> Act:
        """Return what a key leads to."""
        found = stops(picture)
        if key in (NavKey.SOFTER, NavKey.LOUDER):
            step = self._volume + (1 if key is NavKey.LOUDER else -1)
            self._volume = max(0, min(len(VOLUMES) - 1, step))
            return Act(said=Spoken(volume=self._volume + 1))
        if not found:
            return Act()
        if not self.active or self._name not in [each.name for each in found]:
            return Act(said=self._begin(picture, found))  # a key pressed in the dark only shows where one is
        here = next(index for index, each in enumerate(found) if each.name == self._name)
        match key:
            case NavKey.NEXT | NavKey.PREVIOUS:
                by = 1 if key is NavKey.NEXT else -1
                return Act(said=self._go(found, (here + by) % len(found)))
            case NavKey.SELECT:
                return Act(press=found[here])
            case _:
                return Act(said=Spoken(texts(picture), *_place(found, here)))

    def ringed(self, picture: Picture, ink: str, ground: str) -> Picture:
        """Return the picture with a ring around the stop in focus."""
        target = next((each for each in stops(picture) if each.name == self._name), None)
        if target is None:
            return picture
        around = target.box.inset(-(GAP_PX + RING_PX / 2))
        line = _rounded(around, target.radius + GAP_PX)
        gap = Line(line, ground, RING_PX + 2 * GAP_PX)
        return replace(picture, items=(*picture.items, gap, Line(line, ink, RING_PX), _label(target)))

    def _begin(self, picture: Picture, found: tuple[Target, ...]) -> Spoken:
        """Of a new screen only what is new is said: header and phones are the same everywhere."""
        every = texts(picture)
        new = tuple(text for text in every if text not in self._told)
        self._told = frozenset(every)
        return replace(self._go(found, 0), screen=new)

    def _go(self, found: tuple[Target, ...], index: int) -> Spoken:
        self._index, self._name = index, found[index].name
        return Spoken((), *_place(found, index))


def _place(found: tuple[Target, ...], index: int) -> tuple[str, int, int]:
    return " ".join(found[index].text.split()), index + 1, len(found)


def _label(target: Target) -> Label:
    return Label("focus", target.box, target.name)


def _middle(box: Box) -> tuple[float, float]:
    return box.x + box.w / 2, box.y + box.h / 2


def _rounded(box: Box, radius: float) -> tuple[float, ...]:
    """A closed line around a box with round corners, clockwise from the middle of the top."""
    radius = min(radius, box.w / 2, box.h / 2)
    points = [box.x + box.w / 2, box.y]
    corners = ((box.right, box.y, 0), (box.right, box.bottom, 1), (box.x, box.bottom, 2), (box.x, box.y, 3))
    for x, y, turn in corners:
        centre_x = x + (radius if x == box.x else -radius)
        centre_y = y + (radius if y == box.y else -radius)
        for step in range(CORNER_POINTS + 1):
            angle = math.pi / 2 * (turn - 1 + step / CORNER_POINTS)
            points += [centre_x + radius * math.cos(angle), centre_y + radius * math.sin(angle)]
    return (*points, box.x + box.w / 2, box.y)
