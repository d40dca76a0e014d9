"""What all device workers share: a thread, a bounded queue, reconnecting with patience, and one report."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from hall.events import DeviceTested
from hall.ids import DeviceId, SessionId
from hall.wire.health_reports import DeviceReport
from kiosk.devices import health
from kiosk.flows.words import Happened
from kiosk.ports import DeviceError, DeviceState, Fault

Post = Callable[[Happened, SessionId | None], None]
"""How a worker tells the session; may be called from any thread."""

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 5.0
"""A device that is away is tried again after 1 s, then 2, 4, 5, 5 …; at once when somebody needs it."""
STOP_S = 5.0
"""How long `stop` waits for a driver that is in the middle of something."""
LONGEST_NAP_S = 60.0
MAX_TESTS = 4
"""Self-tests that wait; one at a time is asked for, more means that nobody listened to the answers."""


class Driver(Protocol):
    """What every driver can do."""

    def state(self) -> DeviceState:
        """Tell how the device is."""

    def close(self) -> None:
        """Give the line back."""


D = TypeVar("D", bound=Driver)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Job(Generic[D]):
    """Something for the device. Exactly one of the two is called, in the worker's thread."""

    do: Callable[[D], None]
    fail: Callable[[DeviceError], None]


def once(call: Callable[[R], None]) -> Callable[[R], None]:
    """Return `call` in a form that works the first time only: one job, one end."""
    called = False

    def guarded(result: R) -> None:
        nonlocal called
        if not called:
            called = True
            call(result)

    return guarded


class DeviceWorker(Generic[D]):
    """Owns one driver. `step` does one thing that is due; the thread only repeats it."""

    kind = ""
    """Device kind of the configuration, such as `slip_printer`."""
    max_jobs = 8
    state_every_s = 5.0
    """How often an idle device is asked how it is."""

    def __init__(self, name: str, opener: Callable[[], D], monotonic: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self.on_change: Callable[[DeviceReport], None] = lambda _report: None
        """Called from the worker's thread when state, fault or may_serve changed; must not block."""
        self._opener = opener
        self._monotonic = monotonic
        self._driver: D | None = None
        self._retry_s = FIRST_RETRY_S
        self._next_try = 0.0
        self._next_state = 0.0
        self._jobs: deque[Job[D]] = deque()
        self._tests: deque[Callable[[DeviceTested], None]] = deque()
        self._condition = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._report = health.unobserved(name, self.kind)

    def start(self) -> None:
        """Start the thread; the device is opened there."""
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self, limit_s: float = STOP_S) -> bool:
        """End the thread; what waits in the queue fails. False when the driver did not come back in time."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        if self._thread is None:
            self._end()
            return True
        self._thread.join(limit_s)
        return not self._thread.is_alive()

    def report(self) -> DeviceReport:
        """How the device is, as far as is known. From any thread."""
        return self._report

    def self_test(self, done: Callable[[DeviceTested], None]) -> None:
        """Ask the device anew how it is, opening it if need be; `done` is called once. From any thread.

        It passes when it has no fault at all; testing twice does no harm.
        """
        with self._condition:
            taken = not self._stopping and len(self._tests) < MAX_TESTS
            if taken:
                self._tests.append(done)
                self._condition.notify()
        if not taken:
            done(self._failed_test(DeviceError(Fault.REFUSED, self.name, "too many tests wait, or it is stopping")))

    def step(self) -> float:
        """Do one thing that is due; return the seconds until something will be. The worker's thread only."""
        test = self._next_test()
        if test is not None:
            test(self._tested())
            return 0.0
        job = self._next_job()
        if job is not None:
            self._perform(job)
            return 0.0
        now = self._monotonic()
        if self._driver is None and now < self._next_try:
            return self._next_try - now
        try:
            driver = self._connected()
            self._watch(driver, now)
            self._retry_s = FIRST_RETRY_S
        except DeviceError as error:
            self._lose(error)
        except Exception as error:  # noqa: BLE001 - a worker never dies; the fault says what kind of surprise it was
            self._lose(self._surprise(error))
        return max(0.0, self._due() - self._monotonic())

    # ---- for each kind of device ---------------------------------------------------------------------------------

    def _watch(self, driver: D, now: float) -> None:
        """Do what is due by itself: ask for the state, look for cards."""
        if now >= self._next_state:
            self._next_state = now + self.state_every_s
            self._tell(health.of_state(self.name, self.kind, driver.state()))

    def _due(self) -> float:
        """Monotonic time of the next `_watch`."""
        return self._next_try if self._driver is None else self._next_state

    def _lost(self, error: DeviceError) -> None:
        """The driver was dropped."""

    # ---- for subclasses ------------------------------------------------------------------------------------------

    def _submit(self, job: Job[D]) -> bool:
        """Queue a job and wake the thread; False when too much waits or the worker is stopping."""
        with self._condition:
            if self._stopping or len(self._jobs) >= self.max_jobs:
                return False
            self._jobs.append(job)
            self._condition.notify()
            return True

    def _tell(self, report: DeviceReport) -> None:
        """Publish a report; once lost, once back."""
        before, self._report = self._report, report
        if (before.state, before.code, before.may_serve) != (report.state, report.code, report.may_serve):
            self.on_change(report)

    def _nudge(self) -> None:
        """Wake the thread."""
        with self._condition:
            self._condition.notify()

    # ---- inside --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping:
            delay_s = self.step()
            with self._condition:
                if delay_s > 0 and not self._tests and not self._is_pressing():
                    self._condition.wait(min(delay_s, LONGEST_NAP_S))
        self._end()

    def _is_pressing(self) -> bool:
        """Something arrived that `step` has not seen. Called with the condition held."""
        return self._stopping or bool(self._jobs)

    def _end(self) -> None:
        gone = DeviceError(Fault.DISCONNECTED, self.name, "the terminal is stopping")
        while (job := self._next_job()) is not None:
            job.fail(gone)
        while (test := self._next_test()) is not None:
            test(self._failed_test(gone))
        self._close()

    def _next_job(self) -> Job[D] | None:
        with self._condition:
            return self._jobs.popleft() if self._jobs else None

    def _next_test(self) -> Callable[[DeviceTested], None] | None:
        with self._condition:
            return self._tests.popleft() if self._tests else None

    def _tested(self) -> DeviceTested:
        """Whatever kind of queue a worker has, its test does not wait in it: it asks between two jobs."""
        try:
            report = health.of_state(self.name, self.kind, self._connected().state())
        except DeviceError as error:
            self._lose(error)
            return self._failed_test(error)
        except Exception as error:  # noqa: BLE001 - see `step`
            surprise = self._surprise(error)
            self._lose(surprise)
            return self._failed_test(surprise)
        self._tell(report)
        return DeviceTested(device=report.device, passed=not report.code, code=report.code)

    def _failed_test(self, error: DeviceError) -> DeviceTested:
        return DeviceTested(device=DeviceId(self.name), passed=False, code=error.reason.value)

    def _perform(self, job: Job[D]) -> None:
        try:
            job.do(self._connected())
        except DeviceError as error:
            self._lose(error)
            job.fail(error)
        except Exception as error:  # noqa: BLE001 - see `step`
            self._lose(self._surprise(error))
            job.fail(self._surprise(error))

    def _connected(self) -> D:
        if self._driver is None:
            self._driver = self._opener()
            self._next_state = 0.0
        return self._driver

    def _lose(self, error: DeviceError) -> None:
        self._close()
        self._next_try = self._monotonic() + self._retry_s
        self._retry_s = min(LAST_RETRY_S, 2 * self._retry_s)
        self._tell(health.of_error(self.name, self.kind, error))
        self._lost(error)

    def _close(self) -> None:
        driver, self._driver = self._driver, None
        if driver is not None:
            with contextlib.suppress(Exception):
                driver.close()

    def _surprise(self, error: Exception) -> DeviceError:
        """The kind of a foreign exception; never its text, which may hold what a card said."""
        return DeviceError(Fault.HARDWARE, self.name, f"unexpected {type(error).__name__}")
