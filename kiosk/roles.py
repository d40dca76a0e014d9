"""A role is data: where it begins, how it advances, what devices it needs, on what surface it is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kiosk.flows import guide_desk, hall_display, rating_screen, self_service, window_panel
from kiosk.flows.steps import NotReady
from kiosk.flows.words import Effect, Happened, Step

Advance = Callable[[Step, Happened], tuple[Step, tuple[Effect, ...]]]
Surface = Literal["portrait", "landscape", "small", "wall"]


OF_EVERY_BOX = frozenset({"machine", "ups"})
"""Readings of the computer and its power, whatever the screen."""
UNASKED = OF_EVERY_BOX | {"scanner"}
"""Kinds that no effect asks for anything: they are read, or speak by themselves."""


@dataclass(frozen=True, slots=True)
class Role:
    """One kind of screen. `needs` lists device kinds without which it must not start, `may_have` those it can use."""

    name: str
    first: Step
    advance: Advance
    needs: frozenset[str]
    surface: Surface
    may_have: frozenset[str] = OF_EVERY_BOX


ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        Role(
            "self_service",
            NotReady("self_service"),
            self_service.advance,
            frozenset({"id_reader", "card_reader", "slip_printer"}),
            "portrait",
            OF_EVERY_BOX | {"speaker", "scanner", "sheet_printer"},
        ),
        Role(
            "guide_desk",
            NotReady("guide_desk"),
            guide_desk.advance,
            frozenset({"slip_printer"}),
            "landscape",
            OF_EVERY_BOX | {"scanner"},
        ),
        Role(
            "window_panel",
            NotReady("window_panel"),
            window_panel.advance,
            frozenset(),
            "landscape",
            OF_EVERY_BOX | {"keypad", "scanner"},
        ),
        Role(
            "rating_screen",
            NotReady("rating_screen"),
            rating_screen.advance,
            frozenset(),
            "small",
            OF_EVERY_BOX | {"keypad"},
        ),
        Role(
            "hall_display",
            NotReady("hall_display"),
            hall_display.advance,
            frozenset({"led_bars", "speaker"}),
            "wall",
        ),
    )
}
"""A new role is one value here."""
