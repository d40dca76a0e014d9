"""Calls that may hang, done by a thread of their own, one at a time, so that the caller's wait has a limit.

SCardTransmit and SCardConnect have no time limit: a reader whose firmware sleeps would take the worker with it.
"""

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class StuckError(Exception):
    """The errand, or the one before it, is still under way."""


class _Errand:
    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.done = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None


class Errands:
    """One thread, one errand. A stuck errand blocks the next ones (they are refused), never a second thread."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: queue.SimpleQueue[_Errand | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._late: _Errand | None = None

    def run(self, work: Callable[[], T], limit_s: float) -> T:
        """Do `work` within `limit_s`; return what it gives, raise what it raises, `StuckError` when it takes longer."""
        if self._late is not None:
            if not self._late.done.is_set():
                raise StuckError
            self._late = None
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()
        errand = _Errand(work)
        self._waiting.put(errand)
        if not errand.done.wait(limit_s):
            self._late = errand
            raise StuckError
        if errand.error is not None:
            raise errand.error
        return cast("T", errand.result)

    def close(self) -> None:
        """Let the thread end after what it does now; running something afterwards starts a new one."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread = None
            self._waiting = queue.SimpleQueue()

    def _serve(self) -> None:
        mine = self._waiting
        while (errand := mine.get()) is not None:
            try:
                errand.result = errand.work()
            except BaseException as error:  # noqa: BLE001 - it is raised again where it was asked for
                errand.error = error
            errand.done.set()
            del errand  # while this thread waits for the next one, nothing of a card or a PIN is held here
