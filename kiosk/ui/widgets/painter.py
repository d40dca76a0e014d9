"""Composes a picture: every text is measured before it is placed, and shrinks a little rather than being cut off."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, Protocol

from hall.look import Colours
from hall.punctuation import chinese
from kiosk.flows.words import Happened
from kiosk.text import Style, icon
from kiosk.ui.theme import Look
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.phrasing import phrased
from kiosk.ui.widgets.picture import Across, Down, Fill, Item, Label, Line, Picture, Show, Target, Words

CONTRAST_OFF = "#A6A6A6"
"""What cannot be pressed, in high contrast: no edge, and grey (8.6 on black)."""

Family = Literal["text", "digits"]

SHRINK = 0.95
LATIN_WORD = re.compile(r"[A-Za-z]+")
SHORT_WORD = 4
HAN, LATIN = re.compile("[\u3400-\u9fff]"), re.compile("[A-Za-z]")
"""What a hall tells in Chinese keeps its own marks on screens of other languages."""
SMALLEST = 0.62
"""A text shrinks to this part of its size to fit its box, never below the caption size where it began above it."""


class Say(Protocol):
    """A text of the catalogue in this person's language."""

    def __call__(self, key: str, /, **values: str | int) -> str:
        """Return the text."""


class Measure(Protocol):
    """Width and height of a text in logical pixels."""

    def __call__(self, text: str, style: Style) -> tuple[float, float]:
        """Measure without drawing."""


class Painter:
    """One picture in the making. Later fills and words lie over earlier ones."""

    def __init__(
        self, look: Look, say: Say, measure: Measure, *, clock: str, blink: bool, page: int, menu: str
    ) -> None:
        self.look = look
        self.say = say
        self.clock = clock
        """The hall's time as text."""
        self.blink = blink
        """True in the dark half of a one-second beat while something new calls for eyes."""
        self.page = page
        """Which page of choices is open."""
        self.menu = menu
        """Which menu of the bottom bar is open, or empty."""
        self._measure = measure
        self._items: list[Item] = []
        self._targets: list[Target] = []

    @property
    def colors(self) -> Colours:
        """The palette."""
        return self.look.palette

    @property
    def surface(self) -> Box:
        """The whole surface."""
        return Box(0, 0, self.look.width, self.look.height)

    def picture(self) -> Picture:
        """Return what was composed."""
        return Picture(self.colors.paper, tuple(self._items), tuple(self._targets), self.colors.press)

    def fill(self, box: Box, color: str, radius: float = 0.0, outline: str = "", outline_px: float = 0.0) -> None:
        """Lay a flat area."""
        self._items.append(Fill(box, color, radius, outline, outline_px or (3.0 if outline else 0.0)))

    def card(self, box: Box, color: str = "", outline: str = "", radius: float = 18.0) -> None:
        """Lay a tile: white, with a drawn edge."""
        self.fill(box, color or self.colors.card, radius, outline or self.colors.outline)

    def line(self, points: tuple[float, ...], color: str, width: float = 4.0) -> None:
        """Draw a stroke."""
        self._items.append(Line(points, color, width))

    def text(
        self,
        box: Box,
        text: str,
        em: float,
        *,
        bold: bool = False,
        color: str = "",
        across: Across = "left",
        down: Down = "top",
        line_em: float = 0.0,
        single: bool = False,
        family: Family = "text",
        by_ink: bool = False,
        name: str = "",
    ) -> float:
        """Place `text`, wrapped to the box and made smaller until it fits; return the height of its lines."""
        text = self._typeset(text)
        style = Style(
            em,
            bold=bold,
            width_px=None if single else max(1, int(box.w)),
            align=across,
            line_em=line_em or (1.3 if em >= self.look.title else 1.45),
            lang=self.look.lang,
            family=family,
        )
        style, height = self.fitted(text, style, box)
        if style.width_px is not None and self.look.language == "zh":
            text = self._phrased(text, style, height)
        ink = color or self.colors.ink
        self._items.append(Words(box, text, style, ink, across, down, by_ink, name))
        return height

    def _phrased(self, text: str, style: Style, height: float) -> str:
        """Break the lines between phrases where that takes no more room."""
        lines = round(height / (style.line_em * style.em_px))

        def measure(part: str) -> float:
            return self._measure(part, replace(style, width_px=None))[0]

        return phrased(text, style.width_px or 1, lines, measure)

    def fitted(self, text: str, style: Style, box: Box) -> tuple[Style, float]:
        """Return the style at the greatest size at which `text` fits `box`, and its height there."""
        least = max(style.em_px * SMALLEST, min(style.em_px, self.look.caption))
        word = max(LATIN_WORD.findall(text), key=len, default="") if style.width_px else ""
        while True:
            width, height = self._measure(text, style)
            fits = height <= box.h + 1 and width <= box.w + 1
            if fits and len(word) > SHORT_WORD:  # a long word is set smaller rather than broken in two
                fits = self._measure(word, replace(style, width_px=None))[0] <= box.w + 1
            if fits or style.em_px <= least:
                return style, height
            style = replace(style, em_px=max(least, style.em_px * SHRINK))

    def height(self, text: str, em: float, width: float, *, bold: bool = False) -> float:
        """Height that `text` takes when wrapped at `width`."""
        text = self._typeset(text)
        line_em = 1.3 if em >= self.look.title else 1.45
        style = Style(em, bold=bold, width_px=max(1, int(width)), line_em=line_em, lang=self.look.lang)
        return self._measure(text, style)[1]

    def width(self, text: str, em: float, *, bold: bool = False, family: Family = "text") -> float:
        """Width of `text` on one line."""
        text = self._typeset(text)
        return self._measure(text, Style(em, bold=bold, lang=self.look.lang, line_em=1.45, family=family))[0]

    def _typeset(self, text: str) -> str:
        told_in_chinese = self.look.language == "zh" or len(HAN.findall(text)) > len(LATIN.findall(text))
        return chinese(text) if told_in_chinese else text

    def icon(self, box: Box, name: str, em: float, color: str = "") -> None:
        """Place an icon in the middle of its box."""
        style = Style(em, family="icon", line_em=1.0)
        self._items.append(Words(box, icon(name), style, color or self.colors.accent, "center", "middle", by_ink=True))

    def label(self, name: str, box: Box, text: str) -> None:
        """Tell tests and helpers what a drawing means."""
        self._items.append(Label(name, box, text))

    def target(
        self,
        name: str,
        box: Box,
        text: str,
        tap: Happened | Show | None = None,
        *,
        held: tuple[Happened, Happened] | None = None,
        enabled: bool = True,
        radius: float = 18.0,
    ) -> None:
        """Make the box a place to touch."""
        self._targets.append(Target(name, box, text, tap, held, enabled, radius))

    def button(
        self,
        name: str,
        box: Box,
        text: str,
        tap: Happened | Show | None = None,
        *,
        kind: str = "plain",
        icon: str = "",
        held: tuple[Happened, Happened] | None = None,
        enabled: bool = True,
        em: float = 0.0,
        stacked: bool = False,
        after: bool = False,
    ) -> None:
        """Draw a button: `primary` filled, `plain` with an edge, `quiet` tinted, `attention` amber, `chosen` marked."""
        ground, ink, edge = self._button_colors(kind, enabled=enabled)
        self.fill(box, ground, 18.0, edge, 6.0 if kind == "chosen" else 3.0)
        em = em or self.look.button
        inner = box.inset(min(18.0, box.w * 0.06), min(8.0, box.h * 0.06))
        if icon and stacked:
            lines = text.count("\n") + 1
            upper, lower = inner.top(inner.h * (0.54 if lines == 1 else 0.42))
            size = min(em * 1.5, upper.h * 0.86)
            self.icon(upper, icon, size, ink)
            self.text(lower, text, em, bold=True, color=ink, across="center", down="middle", line_em=1.15)
        elif icon:
            self._beside(inner, icon, text, em=em, ink=ink, after=after)
        else:
            self.text(inner, text, em, bold=True, color=ink, across="center", down="middle", line_em=1.25)
        self.target(name, box, text, tap, held=held, enabled=enabled)

    def _beside(self, inner: Box, icon: str, text: str, *, em: float, ink: str, after: bool) -> None:
        """Icon and words side by side in the middle; `after`: the icon stands behind the words."""
        size, space = em * 1.25, em * 0.4 if text else 0.0
        wide = min(self.width(text, em, bold=True) + 2, max(1.0, inner.w - size - space)) if text else 0.0
        row = inner.middle(size + space + wide, inner.h)
        sign, words = row.far(size, space) if after else row.left(size, space)
        self.icon(sign, icon, size, ink)
        if text:
            self.text(words, text, em, bold=True, color=ink, down="middle", line_em=1.25)

    def _button_colors(self, kind: str, *, enabled: bool) -> tuple[str, str, str]:
        colors = self.colors
        if not enabled:
            edge = colors.paper if self.look.contrast else colors.line
            return colors.paper, CONTRAST_OFF if self.look.contrast else colors.ink_soft, edge
        return {
            "primary": (colors.primary, colors.on_primary, colors.primary),
            "quiet": (colors.tint, colors.accent, colors.accent),
            "chosen": (colors.tint, colors.accent, colors.accent),
            "attention": (colors.attention_tint, colors.attention, colors.attention),
        }.get(kind, (colors.card, colors.accent if self.look.contrast else colors.ink, colors.outline))


Compose = Callable[..., None]
"""`compose(painter, step, frame)`: one per step type, see `screens.TABLE`."""
