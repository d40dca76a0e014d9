"""A few threads with a bounded queue, for what must not hold up the wire or the writer."""

import logging
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Workers:
    """Runs jobs in order of arrival on `threads` daemon threads; refuses when `limit` jobs wait."""

    def __init__(self, name: str, threads: int, limit: int) -> None:
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue(limit)
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def submit(self, job: Callable[[], None]) -> bool:
        """Queue a job; False when too many wait."""
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            return False
        return True

    def stop(self, timeout_s: float = 2.0) -> None:
        """Finish what is queued, but wait no longer than told for each thread."""
        for _ in self._threads:
            try:
                self._jobs.put(None, timeout=timeout_s)
            except queue.Full:
                return
        for thread in self._threads:
            thread.join(timeout_s)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception as error:  # noqa: BLE001 - a job's words may be personal, so only its kind is told
                log.error("a job failed: %s", type(error).__name__)  # noqa: TRY400 - the same reason
