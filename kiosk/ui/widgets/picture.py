"""A screen as data: fills, words and places to touch, in order from back to front."""

from dataclasses import dataclass, field
from typing import Literal

from kiosk.flows.words import Happened
from kiosk.text import Style
from kiosk.ui.widgets.box import Box

Across = Literal["left", "center", "right"]
Down = Literal["top", "middle", "bottom"]


@dataclass(frozen=True, slots=True)
class Fill:
    """A flat area; `outline` draws an edge inside the box."""

    box: Box
    color: str
    radius: float = 0.0
    outline: str = ""
    outline_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A straight stroke or an open polygon, for drawings."""

    points: tuple[float, ...]
    color: str
    width: float


@dataclass(frozen=True, slots=True)
class Words:
    """A text in its box. `by_ink` centres what is seen rather than the line: icons and lone numbers."""

    box: Box
    text: str = field(repr=False)
    style: Style
    color: str
    across: Across = "left"
    down: Down = "top"
    by_ink: bool = False
    name: str = ""
    """Tests and helpers find it by this; most words have none."""


@dataclass(frozen=True, slots=True)
class Label:
    """Nothing is drawn; tests and helpers read here what a drawing means."""

    name: str
    box: Box
    text: str = field(repr=False)


Item = Fill | Line | Words | Label


@dataclass(frozen=True, slots=True)
class Show:
    """A touch that concerns only this screen: open or shut a menu, change the view, turn a page of choices."""

    what: Literal["menu", "language", "large", "contrast", "page"]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A place to touch. `tap` happens on letting go inside; `held` on pressing and on letting go."""

    name: str
    box: Box
    text: str = field(repr=False)
    tap: Happened | Show | None = field(default=None, repr=False)
    held: tuple[Happened, Happened] | None = field(default=None, repr=False)
    enabled: bool = True
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything one screen shows and accepts at one moment."""

    ground: str
    items: tuple[Item, ...] = field(repr=False)
    targets: tuple[Target, ...] = field(repr=False)
    press: str = "#000000"
    """Colour laid thinly over a pressed target."""

    def at(self, x: float, y: float) -> Target | None:
        """Return the enabled target at this point: the last drawn wins."""
        return next((t for t in reversed(self.targets) if t.enabled and t.box.holds(x, y)), None)
