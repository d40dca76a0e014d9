"""One job from its first question to the printer's last word (devices reference 4.2 and 4.3)."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.devices.slip_printers.conversation import (
    AUTOMATIC_STATUS_ON,
    BARRIER,
    Conversation,
    ask_processed,
    process_mark,
)
from kiosk.devices.slip_printers.profiles import Means
from kiosk.devices.slip_printers.status import Status
from kiosk.ports import Fault, PrintOutcome

PROCESS_ID_GRACE_S = 1.0
"""A printer that knows GS ( H answers it together with GS r; one that does not never will."""


RESUME_POLLS = 4
"""DLE ENQ at most every so many polls (2 s): each one moves the blade, and while it is still held the error comes back.
Until a mechanical error has stayed away for as long, it counts as one and the same."""

SETTLING_POLLS = 4
"""A printer that comes back while its four answers are on their way seems offline without a reason: asked again."""

PIECE_BYTES = 8192
"""So much goes to the line at once, so that answers are heard meanwhile."""

RESUMABLE = (Fault.CUTTER, Fault.HARDWARE)


@dataclass(frozen=True, slots=True)
class Waits:
    """Named limits of a job, see `escpos.Options`."""

    answer_s: float
    poll_s: float
    refill_s: float
    finish_s: float
    wire_s_per_byte: float


@dataclass(frozen=True, slots=True)
class Ending:
    """How the job ended and, if it is not printed, why."""

    outcome: PrintOutcome
    fault: Fault | None = None


class Job:
    """The bytes of one slip on their way. `tell` hears what the job waits for, None when it goes on.

    While nothing has been sent, a job that is not `wanted` any more is given up.
    """

    def __init__(
        self,
        data: bytes,
        number: int,
        waits: Waits,
        tell: Callable[[Fault | None], None],
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._mark = process_mark(number)
        self._slip = data
        self._data = data
        self._confirm: Means = "none"
        self._waits = waits
        self._tell = tell
        self._wanted = wanted
        self._told: Fault | None = None
        self._waiting_since: float | None = None
        self._well_since: float | None = None
        self._unexplained_since: float | None = None
        self._resumed_mono = 0.0
        self.first_byte_mono = 0.0
        self.last_byte_mono = 0.0
        self.bytes_sent = 0

    def run(self, talk: Conversation, confirm: Means) -> Ending:
        """Hold until the printer can print, send once, and wait for its word. Raises `LineLost`."""
        self._confirm, self._data = confirm, self._with_questions(confirm)
        not_sent = self._until_ready(talk) if confirm != "none" else self._until_port_is_well(talk)
        if not_sent is not None:
            return not_sent
        stuck = self._send(talk)
        if stuck is not None:
            return stuck
        if self._confirm == "none":
            return Ending(PrintOutcome.SENT)
        return self._until_done(talk)

    def _with_questions(self, confirm: Means) -> bytes:
        data = self._slip
        if confirm == "none":
            return data
        proof = ask_processed(self._mark) if confirm == "process_id" else b""
        return data[:2] + AUTOMATIC_STATUS_ON + data[2:] + proof + BARRIER

    def _until_ready(self, talk: Conversation) -> Ending | None:
        """Wait, sending nothing of the job, until the printer is well; None then, or why nothing was sent."""
        settled_by = time.monotonic() + self._waits.finish_s
        while True:
            status = talk.current(self._waits.answer_s)
            if status is None:
                return Ending(PrintOutcome.FAILED, talk.unanswered)
            if self._patience_ends(status.stop, status) or not self._wanted():
                return Ending(PrintOutcome.FAILED, status.stop)
            if status.stop is not None:
                settled_by = time.monotonic() + self._waits.finish_s
                if status.host_may_resume:
                    talk.recover()
            elif talk.barriers_owed == 0:
                self._goes_on()
                return None
            elif time.monotonic() >= settled_by:
                self._goes_on()
                talk.barriers_owed = 0  # an earlier job's answer was lost with its bytes (the printer lost power)
                return None
            self._rest(talk)

    def _until_port_is_well(self, talk: Conversation) -> Ending | None:
        """Wait while the port itself says that nothing can be printed; ports that know nothing are not waited for."""
        while True:
            status = talk.weak_status()
            stop = status.stop if status is not None else None
            if self._patience_ends(stop, status) or not self._wanted():
                return Ending(PrintOutcome.FAILED, stop)
            if stop is None:
                self._goes_on()
                return None
            self._rest(talk)

    def _send(self, talk: Conversation) -> Ending | None:
        """Hand all bytes to the line. It takes none while the printer's buffer is full: then people are waited for."""
        left = memoryview(self._data)
        moved_mono = time.monotonic()
        asked = 0
        while left:
            if self._confirm != "none" and not asked and len(left) <= PIECE_BYTES:
                asked = 1
                talk.barriers_owed += 1  # before the question leaves: a quick printer answers while it is being written
            written = talk.pass_on(bytes(left[:PIECE_BYTES]), self._waits.poll_s)
            now = time.monotonic()
            if written:
                self.first_byte_mono = self.first_byte_mono or now
                self.last_byte_mono = moved_mono = now
                self.bytes_sent += written
                left = left[written:]
                continue
            stop = talk.stop
            if self._patience_ends(stop, talk.status):
                return self._cut_off(talk, asked, stop)
            if stop is not None:
                moved_mono = now
            elif now - moved_mono > self._waits.finish_s:
                return self._cut_off(talk, asked, talk.unanswered)
        return None

    def _cut_off(self, talk: Conversation, asked: int, fault: Fault | None) -> Ending:
        talk.barriers_owed = max(0, talk.barriers_owed - asked)  # the question never left whole
        return Ending(PrintOutcome.UNKNOWN if self.first_byte_mono else PrintOutcome.FAILED, fault)

    def _until_done(self, talk: Conversation) -> Ending:
        """Wait for proof or barrier; every person's help gives the printer its full time again."""
        full_time_s = len(self._data) * self._waits.wire_s_per_byte + self._waits.finish_s
        done_by = time.monotonic() + full_time_s
        ask_at = time.monotonic() + self._waits.poll_s
        while talk.barriers_owed and self._mark not in talk.processed:
            talk.pump(self._waits.poll_s)
            now = time.monotonic()
            stop = talk.stop
            if self._patience_ends(stop, talk.status):
                return Ending(PrintOutcome.UNKNOWN, stop)
            if stop is not None:
                done_by = now + full_time_s
            elif now >= done_by:
                return Ending(PrintOutcome.UNKNOWN, talk.unanswered)
            if now >= ask_at:
                ask_at = now + self._waits.poll_s
                self._look_after(talk.status, talk)
        self._goes_on()
        return self._judged(talk)

    def _judged(self, talk: Conversation) -> Ending:
        if self._confirm == "process_id" and talk.proves_jobs:
            until = time.monotonic() + PROCESS_ID_GRACE_S
            while self._mark not in talk.processed and time.monotonic() < until:
                talk.pump(self._waits.poll_s)
            if self._mark in talk.processed:
                return Ending(PrintOutcome.PRINTED)
            talk.proves_jobs = False
        status = talk.current(self._waits.answer_s)
        for _ in range(SETTLING_POLLS):
            if status is None or not status.unexplained:
                break
            self._rest(talk)
            status = talk.current(self._waits.answer_s)
        if status is None:
            return Ending(PrintOutcome.UNKNOWN, talk.unanswered)
        return Ending(PrintOutcome.PROCESSED) if status.stop is None else Ending(PrintOutcome.UNKNOWN, status.stop)

    def _patience_ends(self, stop: Fault | None, status: Status | None) -> bool:
        """Tell people once what the job waits for, once that it goes on; True when they were waited for too long."""
        now = time.monotonic()
        if stop is not None:
            self._well_since = None
            if self._waiting_since is None:
                self._waiting_since = now
            if stop is not self._told and not self._settles(status, now):
                self._told = stop
                self._tell(stop)
        elif self._told in RESUMABLE:
            self._well_since = self._well_since or now
            if now - self._well_since >= RESUME_POLLS * self._waits.poll_s:
                self._goes_on()
        else:
            self._goes_on()
        return self._waiting_since is not None and now - self._waiting_since >= self._waits.refill_s

    def _settles(self, status: Status | None, now: float) -> bool:
        """Offline for no reason may be the moment between two answers: nobody is called for it before it stays."""
        if status is None or not status.unexplained:
            self._unexplained_since = None
            return False
        self._unexplained_since = self._unexplained_since or now
        return now - self._unexplained_since < SETTLING_POLLS * self._waits.poll_s

    def _goes_on(self) -> None:
        self._waiting_since = self._well_since = self._unexplained_since = None
        if self._told is not None:
            self._told = None
            self._tell(None)

    def _look_after(self, status: Status | None, talk: Conversation) -> None:
        if talk.asking:
            return
        now = time.monotonic()
        due = now - self._resumed_mono >= RESUME_POLLS * self._waits.poll_s
        if due and status is not None and status.host_may_resume:
            self._resumed_mono = now
            talk.resume()
        talk.ask()

    def _rest(self, talk: Conversation) -> None:
        """Let `poll_s` pass on the line, so that answers are taken as they come."""
        until = time.monotonic() + self._waits.poll_s
        while (left := until - time.monotonic()) > 0:
            talk.pump(left)
