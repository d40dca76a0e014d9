"""The scanner: every code reaches the session once, on a line or typed by a scanner that is a keyboard."""

import time
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from kiosk.devices.workers.base import DeviceWorker, Job, Post
from kiosk.flows.scan_words import Scanned
from kiosk.ports import DeviceError, Scanner

POLL_S = 0.05
"""How often the line is listened to: quicker than anybody sees."""


@runtime_checkable
class Typing(Protocol):
    """A scanner that the screen hears."""

    def typed(self, text: str) -> None:
        """Take a whole code."""


class ScannerWorker(DeviceWorker[Scanner]):
    """Posts `Scanned`, about nobody's session in particular: whoever stands there holds the paper."""

    kind = "scanner"

    def __init__(
        self, name: str, opener: Callable[[], Scanner], post: Post, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(name, opener, monotonic)
        self._post = post
        self._next_poll = 0.0

    def typed(self, text: str) -> None:
        """The screen heard a scanner type. From any thread; what comes while too much waits is lost."""

        def take(driver: Scanner) -> None:
            if isinstance(driver, Typing):
                driver.typed(text)

        self._submit(Job(take, _lost))

    def _watch(self, driver: Scanner, now: float) -> None:
        while (text := driver.scanned()) is not None:
            self._post(Scanned(text), None)
        self._next_poll = self._monotonic() + POLL_S
        super()._watch(driver, now)

    def _due(self) -> float:
        return super()._due() if self._driver is None else min(self._next_poll, super()._due())


def _lost(_error: DeviceError) -> None:
    """The person shows the code again."""
