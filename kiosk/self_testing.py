"""The self-test of a terminal: at its start, when the hall opens, and when the guide orders one.

Every device is asked anew how it is; what does not answer in time counts as silent. The report is an event.
"""

import queue
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from hall.events import DeviceTested, Event, SelfTestEnded
from hall.ids import DeviceId, TerminalId
from kiosk.ports import Fault
from kiosk.sync import orders
from kiosk.sync.news import SelfTestWanted

LIMIT_S = 30.0
"""A device that has not answered by then is silent. Opening takes seconds, a paper being printed some more."""
STOP_S = 2.0
AT_OWN_WISH = SelfTestWanted(ledger_epoch=0, number=0)
"""At start and at the hall's opening: nobody ordered it."""
ABSENT = "absent"


class Testable(Protocol):
    """A device worker."""

    def self_test(self, done: Callable[[DeviceTested], None]) -> None:
        """Ask the device anew how it is."""


class Record(Protocol):
    """The journal."""

    def __call__(
        self,
        events: Sequence[Event],
        done: Callable[[], None] | None = None,
        keep: tuple[tuple[str, bytes], ...] = (),
    ) -> None:
        """Journal events, and what is kept with them, in one transaction."""


class SelfTesting:
    """One thread, one test at a time. What is wanted meanwhile is answered by one further test."""

    def __init__(
        self,
        terminal: TerminalId,
        workers: Mapping[str, Testable],
        needs: Collection[str],
        *,
        record: Record,
        clock: Callable[[], float],
        limit_s: float = LIMIT_S,
    ) -> None:
        self._terminal = terminal
        self._workers = workers
        self._needs = needs
        self._record = record
        self._clock = clock
        self._limit_s = limit_s
        self._own = False
        self._ordered: SelfTestWanted | None = None
        self._condition = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"self-test-{terminal}", daemon=True)

    def start(self) -> None:
        """Begin with the test of the start; it waits until every device had its first chance."""
        self.of_own_accord()
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a test under way is not reported."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def of_own_accord(self) -> None:
        """Test soon, by nobody's order. From any thread."""
        with self._condition:
            self._own = True
            self._condition.notify()

    def order(self, wanted: SelfTestWanted) -> None:
        """Test soon, by order; an older order still waiting is answered by the same test. From any thread."""
        with self._condition:
            self._ordered = wanted
            self._condition.notify()

    def perform(self, wanted: SelfTestWanted) -> None:
        """Test now and journal the report; an ordered one together with the mark that it is done."""
        tested = self._tested()
        if self._stopping:
            return  # devices that fail because the terminal stops are not faulty; an order is found again at the start
        ended = SelfTestEnded(terminal=self._terminal, number=wanted.number, at=self._clock(), tested=tested)
        keep = (orders.mark(wanted.ledger_epoch, wanted.number),) if wanted.number else ()
        self._record((ended,), keep=keep)

    def _tested(self) -> tuple[DeviceTested, ...]:
        answers: queue.SimpleQueue[DeviceTested] = queue.SimpleQueue()
        for worker in self._workers.values():
            worker.self_test(answers.put)
        found: dict[str, DeviceTested] = {}
        deadline = time.monotonic() + self._limit_s
        while len(found) < len(self._workers) and not self._stopping:
            try:
                answer = answers.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                break
            found[answer.device] = answer
        every = sorted(set(self._workers) | set(self._needs))
        return tuple(found.get(f"{self._terminal}.{kind}") or self._no_answer(kind) for kind in every)

    def _no_answer(self, kind: str) -> DeviceTested:
        code = Fault.SILENT.value if kind in self._workers else ABSENT
        return DeviceTested(device=DeviceId(f"{self._terminal}.{kind}"), passed=False, code=code)

    def _run(self) -> None:
        while (wanted := self._next()) is not None:
            self.perform(wanted)

    def _next(self) -> SelfTestWanted | None:
        with self._condition:
            self._condition.wait_for(lambda: self._stopping or self._own or self._ordered is not None)
            if self._stopping:
                return None
            wanted = self._ordered or AT_OWN_WISH
            self._own, self._ordered = False, None  # a test by order is as good as one of its own
            return wanted
