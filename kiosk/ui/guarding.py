"""What keeps a screen standing in front of people: double taps, and exceptions in callbacks."""

import logging
from collections.abc import Callable
from typing import Any

from kivy.base import ExceptionHandler, ExceptionManager

log = logging.getLogger(__name__)

DOUBLE_TAP_MS = 300.0
DOUBLE_TAP_MM = 15.0
"""A second tap this soon and this near, on a screen that the first one opened, was meant for the first."""


class DoubleTaps:
    """Tells which touches only echo the one before. Times in ms, places in logical pixels."""

    def __init__(self, px_per_mm: float) -> None:
        self._reach = DOUBLE_TAP_MM * px_per_mm
        self._last = (-DOUBLE_TAP_MS, 0.0, 0.0)
        self._screen_changed = False
        self.echo = False
        """Whether the finger that is down belongs to a double tap."""

    def down(self, now_ms: float, x: float, y: float) -> None:
        """A finger came down."""
        last_ms, last_x, last_y = self._last
        near = abs(x - last_x) < self._reach and abs(y - last_y) < self._reach
        self.echo = near and now_ms - last_ms < DOUBLE_TAP_MS and self._screen_changed
        self._last = (now_ms, x, y)
        self._screen_changed = False

    def acted(self, now_ms: float) -> None:
        """It was lifted and did something: the time counts from here."""
        self._last = (now_ms, *self._last[1:])

    def screen_changed(self) -> None:
        """Another screen stands where the last touch was."""
        self._screen_changed = True


class NeverEnd(ExceptionHandler):
    """An exception in a callback must not end the program in front of a resident: it is logged, the session ended."""

    def __init__(self, give_up: Callable[[], None]) -> None:
        self._give_up = give_up

    def handle_exception(self, inst: Any) -> int:
        """Log the kind only: a message may hold somebody's data."""
        if not isinstance(inst, Exception):
            return ExceptionManager.RAISE
        log.error("screen_callback_failed", extra={"error": type(inst).__name__})
        self._give_up()
        return ExceptionManager.PASS
