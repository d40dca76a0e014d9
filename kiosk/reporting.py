"""Health: what this terminal knows of itself and its devices, on change and every 10 s.

Readings are lossy; a change of state that matters is an event in the journal.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from hall.events import DeviceChanged
from hall.wire.health_reports import DeviceReport, HealthReport
from kiosk.session import Session
from kiosk.sync.terminal import Terminal

EVERY_S = 10.0
SETTLE_S = 0.2
"""Several devices that change together make one report."""
STOP_S = 2.0


class Reporting:
    """One thread that reports; `changed` may be called from any thread."""

    def __init__(
        self,
        *,
        role: str,
        session: Session,
        terminal: Terminal,
        reports: Sequence[Callable[[], DeviceReport]],
        clock: Callable[[], float],
        monotonic: Callable[[], float],
        seen: Callable[[], None] = lambda: None,
    ) -> None:
        """`seen` is called with each report: the program runs."""
        self._role = role
        self._session = session
        self._terminal = terminal
        self._reports = reports
        self._clock = clock
        self._monotonic = monotonic
        self._began = monotonic()
        self._seen = seen
        self._known: dict[str, tuple[str, str]] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reporting", daemon=True)

    def start(self) -> None:
        """Begin reporting."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def changed(self) -> None:
        """Some device changed: report soon."""
        self._wake.set()

    def report(self) -> None:
        """Report once, now."""
        devices = tuple(each() for each in self._reports)
        at = self._clock()
        for device in devices:
            known = (device.state, device.code)
            if self._known.get(device.device) != known:
                self._known[device.device] = known
                changed = DeviceChanged(
                    device=device.device, state=device.state, code=device.code, severity=device.severity, at=at
                )
                self._terminal.record((changed,))
        if self._session.frame.devices != devices:
            self._session.post_frame(lambda frame: replace(frame, devices=devices))
        self._terminal.publish_health(
            HealthReport(
                at=at,
                role=self._role,
                epoch=self._terminal.epoch,
                uptime_s=self._monotonic() - self._began,
                outbox_depth=self._terminal.outbox_depth,
                oldest_unacked_s=self._terminal.oldest_unacked_s,
                step=type(self._session.step).__name__,
                devices=devices,
            )
        )

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.report()
            self._seen()
            if self._wake.wait(EVERY_S):
                self._stopping.wait(SETTLE_S)
            self._wake.clear()
