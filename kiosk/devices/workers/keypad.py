"""The keypad of a window: every press reaches the session at once, the latest counts stand on it."""

import time
from collections.abc import Callable

from kiosk.devices.workers.base import DeviceWorker, Post
from kiosk.flows.pad_words import KeypadPressed
from kiosk.ports import DeviceError, Keypad

POLL_S = 0.02
"""How often the line is listened to: a press is sent again when it has no echo after 100 ms."""
RETRY_S = 5.0
"""Counts that the keypad did not take are tried again after this; the screen shows them all the time."""
RATING_S = 20.0
"""A person who has left does not rate: buttons that could not be lit in this time stay dark."""
RATING_RETRY_S = 2.0
MAX_TICKET = 16


class KeypadWorker(DeviceWorker[Keypad]):
    """Posts `KeypadPressed`; nothing that is shown queues up behind a slow line."""

    kind = "keypad"

    def __init__(
        self, name: str, opener: Callable[[], Keypad], post: Post, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(name, opener, monotonic)
        self._post = post
        self._wanted: tuple[int | None, str] | None = None
        self._standing: tuple[int | None, str] | None = None
        self._not_before = 0.0
        self._rating_until = 0.0
        self._rating_at = 0.0
        self._next_poll = 0.0
        self._fresh = False

    def show(self, waiting: int | None, ticket: str) -> None:
        """Put counts on the keypad as soon as it can be; the latest wins. From any thread."""
        with self._condition:
            self._wanted = (waiting, ticket[:MAX_TICKET])
            self._not_before = 0.0
            self._fresh = True
            self._condition.notify()

    def ask_rating(self) -> None:
        """Light the evaluator's buttons once. From any thread."""
        with self._condition:
            self._rating_at = self._monotonic()
            self._rating_until = self._rating_at + RATING_S
            self._fresh = True
            self._condition.notify()

    def _is_pressing(self) -> bool:
        fresh, self._fresh = self._fresh, False
        return super()._is_pressing() or fresh

    def _watch(self, driver: Keypad, now: float) -> None:
        """Listen first; then one thing that the keypad is to be told."""
        for press in driver.presses():
            self._post(KeypadPressed(press.key, press.value), None)
        self._next_poll = self._monotonic() + POLL_S
        wanted = self._wanted
        if self._rating_at and now >= self._rating_at:
            taken = now > self._rating_until or driver.ask_rating()
            self._rating_at = 0.0 if taken else now + RATING_RETRY_S
        elif wanted is not None and wanted != self._standing and now >= self._not_before:
            self._standing = wanted if driver.show(*wanted) else None
            if self._standing is None and wanted is self._wanted:
                self._not_before = now + RETRY_S
        else:
            super()._watch(driver, now)

    def _due(self) -> float:
        return super()._due() if self._driver is None else self._next_poll

    def _lost(self, error: DeviceError) -> None:  # noqa: ARG002 whatever the reason, the keypad may be blank
        self._standing = None
        self._not_before = 0.0
