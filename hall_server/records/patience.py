"""Ask a source, but not for ever: a hung source costs the resident a bounded wait and the hall a bounded thread."""

import logging
import queue
import threading
from dataclasses import dataclass, field

from hall.errors import Reason
from hall.people.holders import Holder
from hall_server.records.ports import PersonRecord, RecordSource

log = logging.getLogger(__name__)

MAX_FETCHES = 8
"""Fetches under way at once, hung ones included; the ninth is told at once that the source is away."""


@dataclass(slots=True)
class PatientSource:
    """A source with a limit of time and of threads."""

    source: RecordSource
    wait_s: float
    _places: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MAX_FETCHES))

    def fetch(self, form: str, year: int, holder: Holder) -> PersonRecord | Reason:
        """Return what the source says within `wait_s`, else SOURCE_AWAY."""
        if not self._places.acquire(blocking=False):
            return Reason.SOURCE_AWAY
        answer: queue.Queue[PersonRecord | Reason] = queue.Queue(1)
        threading.Thread(target=self._ask, args=(form, year, holder, answer), name="record-source", daemon=True).start()
        try:
            return answer.get(timeout=self.wait_s)
        except queue.Empty:
            log.warning("the record source did not answer within %.1f s", self.wait_s)
            return Reason.SOURCE_AWAY

    def _ask(self, form: str, year: int, holder: Holder, answer: "queue.Queue[PersonRecord | Reason]") -> None:
        try:
            answer.put(self.source.fetch(form, year, holder))
        except Exception as error:  # noqa: BLE001 - a foreign source may fail in any way; its words may be personal
            log.warning("the record source failed: %s", type(error).__name__)
            answer.put(Reason.SOURCE_AWAY)
        finally:
            self._places.release()


class NoSource:
    """A hall without a record source says so politely."""

    def fetch(self, form: str, year: int, holder: Holder) -> PersonRecord | Reason:  # noqa: ARG002 - the port's form
        """Always SOURCE_AWAY."""
        return Reason.SOURCE_AWAY
