"""The main thread of a terminal without a screen: same session, flows, devices and sync, for load and chaos tests."""

import threading
from collections import deque
from collections.abc import Callable

from kiosk.session import Session

LONGEST_SLEEP_S = 0.5


class BareLoop:
    """Drains the session whenever it is woken or a timer is due."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._woken = threading.Event()
        self._stopping = False
        self._work: deque[Callable[[], None]] = deque()
        session.wake = self._woken.set

    def run(self) -> None:
        """Run until `stop`."""
        while not self._stopping:
            while self._work:
                self._work.popleft()()
            self._session.drain()
            due = self._session.next_due_s()
            self._woken.wait(LONGEST_SLEEP_S if due is None else min(LONGEST_SLEEP_S, due))
            self._woken.clear()

    def on_main(self, work: Callable[[], None]) -> None:
        """Run `work` on the loop's thread soon. Any thread."""
        self._work.append(work)
        self._woken.set()

    def stop(self) -> None:
        """End `run`. Any thread."""
        self._stopping = True
        self._woken.set()
