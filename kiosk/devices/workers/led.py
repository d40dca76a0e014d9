"""The LED bars of a line: each shows the latest text that was asked for, also after it was without power."""

import time
from collections.abc import Callable

from kiosk.devices import health
from kiosk.devices.workers.base import DeviceWorker
from kiosk.ports import DeviceState, LedBars

REFRESH_S = 1.0
"""A card takes one refresh a second."""
RETRY_S = 8.0
"""A bar that did not take its text is tried again after 8 s, then 16, 32, 60, or as soon as it answers a ping."""
LAST_RETRY_S = 60.0
MAX_TEXT = 120
MAX_BARS = 64


class LedWorker(DeviceWorker[LedBars]):
    """Latest text per address wins; nothing queues up behind a slow line."""

    kind = "led_bars"

    def __init__(
        self, name: str, opener: Callable[[], LedBars], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(name, opener, monotonic)
        self._wanted: dict[int, str] = {}
        self._standing: dict[int, str] = {}
        """Address to the text that the bar took: acknowledged, or, where bars cannot answer, sent."""
        self._not_before: dict[int, float] = {}
        self._assert_at: dict[int, float] = {}
        self._failed: dict[int, float] = {}
        """Address to how long it was left alone after its last failure, seconds."""
        self._fresh = False

    def show(self, address: int, text: str) -> None:
        """Put `text` on a bar, as soon as it can be; empty darkens it. A 65th bar is ignored. From any thread."""
        with self._condition:
            if address not in self._wanted and len(self._wanted) >= MAX_BARS:
                return
            self._wanted[address] = text[:MAX_TEXT]
            self._fresh = True
            self._next_try = 0.0
            self._condition.notify()

    def standing(self) -> dict[int, str]:
        """Address to the text that its bar took last. From any thread."""
        return dict(self._standing)

    def _is_pressing(self) -> bool:
        fresh, self._fresh = self._fresh, False
        return super()._is_pressing() or fresh

    def _watch(self, driver: LedBars, now: float) -> None:
        """One refresh a step, good bars first, then pings, then bars that failed: a dead bar never holds up a call."""
        waiting = [(address in self._failed, due, address) for address, due in self._refreshes().items() if due <= now]
        failed, _, address = min(waiting, default=(True, 0.0, None))
        if address is not None and not (failed and now >= self._next_state):
            self._refresh(driver, address, self._wanted[address])
        elif now >= self._next_state:
            self._next_state = now + self.state_every_s
            told = driver.state()
            self._tell(health.of_state(self.name, self.kind, told))
            self._welcome_back(told)

    def _refreshes(self) -> dict[int, float]:
        """Address to when it is due."""
        with self._condition:
            wanted = dict(self._wanted)
        return {
            address: (self._assert_at if self._standing.get(address) == text else self._not_before).get(address, 0.0)
            for address, text in wanted.items()
        }

    def _refresh(self, driver: LedBars, address: int, text: str) -> None:
        taken = driver.show(address, text)
        after = self._monotonic()
        self._assert_at[address] = after + driver.assert_every_s
        if taken:
            self._not_before[address] = after + REFRESH_S
            self._standing[address] = text
            self._failed.pop(address, None)
        else:
            pause_s = min(2 * self._failed.get(address, RETRY_S / 2), LAST_RETRY_S)
            self._not_before[address] = after + pause_s
            self._standing.pop(address, None)
            self._failed[address] = pause_s
            self._next_state = min(self._next_state, after + REFRESH_S)

    def _welcome_back(self, told: DeviceState) -> None:
        """A bar that answers again gets its text at once."""
        for address in self._wanted:
            if told.readings.get(str(address)) == "up" and address not in self._standing:
                self._not_before[address] = min(self._not_before.get(address, 0.0), self._monotonic() + REFRESH_S)
            elif told.readings.get(str(address)) == "silent":
                self._standing.pop(address, None)

    def _due(self) -> float:
        if self._driver is None:
            return super()._due()
        return min([super()._due(), *self._refreshes().values()])

    def _lost(self, error: Exception) -> None:  # noqa: ARG002 whatever the reason, nothing can be relied on
        self._standing.clear()
        self._not_before.clear()
