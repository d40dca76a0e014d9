"""The computer itself and its power: nothing is asked of them but how they are."""

import time
from collections.abc import Callable

from kiosk.devices.workers.base import DeviceWorker
from kiosk.ports import Probe


class ProbeWorker(DeviceWorker[Probe]):
    """Reads every ten seconds, as often as health is reported."""

    state_every_s = 10.0

    def __init__(
        self, kind: str, name: str, opener: Callable[[], Probe], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.kind = kind
        super().__init__(name, opener, monotonic)
