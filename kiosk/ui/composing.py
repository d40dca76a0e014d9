"""From a step and its frame to a picture: table, look and words; an apology when a screen fails."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from hall.errors import Reason
from kiosk.flows.steps import Apology
from kiosk.flows.words import Step
from kiosk.session import Frame
from kiosk.settings import Surface
from kiosk.text import Style, TextEngine
from kiosk.text.catalogue import Catalogue
from kiosk.ui.screens import TABLE
from kiosk.ui.screens.staff_view import staff_view
from kiosk.ui.theme import Look, look
from kiosk.ui.widgets.header import STAFF_ROLES
from kiosk.ui.widgets.painter import Painter
from kiosk.ui.widgets.picture import Picture
from kiosk.ui.widgets.placing import room, scaled

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Local:
    """What only this screen knows: an open menu, a page of choices, the beat of something new."""

    menu: str = ""
    page: int = 0
    blink: bool = False


class Composer:
    """Composes pictures for one surface."""

    def __init__(
        self, engine: TextEngine, catalogue: Catalogue, surface: Surface, clock: Callable[[float], str]
    ) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._surface = surface
        self._clock = clock

    def picture(self, step: Step, frame: Frame, local: Local, hall_time: float) -> Picture:
        """Return what `step` looks like; a screen that fails is logged by its name and an apology shown instead."""
        try:
            return self.compose(step, frame, local, hall_time)
        except Exception as error:  # noqa: BLE001 - a resident never sees a traceback; the message may hold their data
            log.error("screen_failed", extra={"step": type(step).__name__, "error": type(error).__name__})  # noqa: TRY400
            return self.compose(Apology(Reason.INTERNAL), frame, local, hall_time)

    def compose(self, step: Step, frame: Frame, local: Local, hall_time: float) -> Picture:
        """Return what `step` looks like, or raise."""
        staff = frame.role in STAFF_ROLES
        shown = look(self._surface, frame.view, staff=staff)
        painter = self.painter(shown, local, self._clock(hall_time))
        if staff and local.menu == "view":
            staff_view(painter, frame)
        else:
            TABLE[type(step)](painter, step, replace(frame, hall_time=hall_time))
        return painter.picture()

    def painter(self, shown: Look, local: Local, clock: str) -> Painter:
        """Return a painter with this look."""

        def say(key: str, /, **values: str | int) -> str:
            return self._catalogue.say(shown.language, key, **values)

        return Painter(shown, say, self._measure, clock=clock, blink=local.blink, page=local.page, menu=local.menu)

    def _measure(self, text: str, style: Style) -> tuple[float, float]:
        """Measure as it will be drawn: at the window's scale, then back to logical pixels."""
        scale = self._surface.scale
        width, height = (side / scale for side in self._engine.measure(text, scaled(style, scale)))
        if style.width_px is not None and width <= style.width_px + room(style, scale) / scale:
            width = min(width, style.width_px)  # what a line was given for its glyphs' whole pixels does not stick out
        return width, height
