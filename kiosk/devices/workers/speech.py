"""The speaker: announcements one after the other, never two at once."""

import time
from collections.abc import Callable

from kiosk.devices.workers.base import DeviceWorker, Job, once
from kiosk.ports import DeviceError, Speaker

BETWEEN_S = 0.6
"""Pause between the first and the second time."""
MAX_TIMES = 3
MAX_WAITING = 20
"""Twenty announcements are about three minutes; what is more is on the screens and is not spoken."""


class SpeakerWorker(DeviceWorker[Speaker]):
    """Speaks in the order asked."""

    kind = "speaker"
    max_jobs = MAX_WAITING
    state_every_s = 5.0

    def __init__(
        self, name: str, opener: Callable[[], Speaker], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(name, opener, monotonic)

    def say(
        self, text: str, times: int, on_start: Callable[[float], None] | None, done: Callable[[bool], None] | None
    ) -> None:
        """Speak `text` so many times (at most 3). From any thread.

        `on_start` gets the monotonic second at which the first one begins; `done` tells whether all were played,
        at once when too many wait, else from the worker's thread.
        """
        end = once(done or _ignore)

        def do(driver: Speaker) -> None:
            (on_start or _ignore)(self._monotonic())
            played = True
            for turn in range(max(1, min(times, MAX_TIMES))):
                if turn:
                    self._pause()
                played = not self._stopping and driver.say(text) and played
            end(played)

        def fail(_error: DeviceError) -> None:
            end(False)

        if not self._submit(Job(do, fail)):
            end(False)

    def _pause(self) -> None:
        with self._condition:
            if not self._stopping:
                self._condition.wait_for(lambda: self._stopping, BETWEEN_S)


def _ignore(_told: float | bool) -> None:
    """Nobody wants to know."""
