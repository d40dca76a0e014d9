"""The look of one surface: colours, sizes and distances, made from the tokens of `hall/look.toml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import hall
from hall.look import Colours, contrast, parse
from hall.look import Look as Tokens
from kiosk.session import View
from kiosk.settings import Surface
from kiosk.text import Style

__all__ = ["Look", "contrast", "look", "tokens"]

LARGE = 1.4
"""Large print relative to standard print; layouts are re-laid, not scaled."""
STAFF_LARGE = 1.3
STAFF_LARGE_MM = 8.4
"""Em of body: a capital H of 6.1 mm, 0.7 degrees at the 500 mm at which staff sit (EN 301 549, 5.1.4)."""
STAFF_LARGE_TITLE = 1.1
STAFF_LARGE_BUTTON = 1.15
"""A clerk's screen holds a whole task; what is large already grows less."""
LARGE_TITLE = 1.2
LARGE_CAPTION = 1.25
"""Titles and captions grow less: what must be read is body text."""
CAPTION_PX = 26.0
"""Captions never smaller than this, a little above the token: thin strokes at 24 px were hard to read."""
WIDE_PX = 1000
"""Panels with a shorter side than this are small: their margin is two thirds."""


@cache
def tokens() -> Tokens:
    """Return the design tokens."""
    return parse(Path(hall.__path__[0], "look.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Look:
    """How this surface looks for this person. Lengths in logical pixels."""

    width: int
    height: int
    scale: float
    mm: float
    """Pixels of one millimetre on the panel."""
    palette: Colours
    language: str
    large: bool
    contrast: bool
    caption: float
    body: float
    button: float
    title: float
    target: float
    gap: float
    margin: float

    @property
    def lang(self) -> str:
        """The language tag for shaping."""
        return "zh-cn" if self.language == "zh" else self.language

    def style(self, em: float, *, bold: bool = False) -> Style:
        """Return a text style in this language."""
        return Style(em, bold=bold, lang=self.lang)


def look(surface: Surface, view: View, *, staff: bool = False) -> Look:
    """Return the look of `surface` for `view`: type is the greater of millimetres and pixels.

    `staff`: large print is for somebody who sits before the screen, not for one who stands.
    """
    token, sizes = tokens(), tokens().type
    mm = surface.width_px / surface.width_mm
    grown, title, button = 1.0, 1.0, 1.0
    if view.large:
        grown, title, button = (
            (STAFF_LARGE, STAFF_LARGE_TITLE, STAFF_LARGE_BUTTON) if staff else (LARGE, LARGE_TITLE, LARGE)
        )
    least = STAFF_LARGE_MM if staff else sizes.large_body_mm
    body = max(sizes.body_mm * mm, sizes.body_px) * grown
    small = min(surface.width_px, surface.height_px) < WIDE_PX
    return Look(
        width=surface.width_px,
        height=surface.height_px,
        scale=surface.scale,
        mm=mm,
        palette=token.high_contrast if view.contrast else token.colours,
        language=view.language,
        large=view.large,
        contrast=view.contrast,
        caption=max(sizes.caption_mm * mm, sizes.caption_px, CAPTION_PX) * (LARGE_CAPTION if view.large else 1.0),
        body=max(body, least * mm) if view.large else body,
        button=max(sizes.button_mm * mm, sizes.button_px) * button,
        title=max(sizes.title_mm * mm, sizes.title_px) * title,
        target=token.grid.target_mm * mm,
        gap=max(token.grid.base_px, token.grid.apart_mm * mm),
        margin=token.grid.margin_px * (2 / 3 if small else 1.0),
    )
