"""One open line's talk with a printer: jobs out, answers in, questions only between jobs' bytes."""

import time

from kiosk.devices.slip_printers.raster import BAND_BYTES
from kiosk.devices.slip_printers.status import (
    QUERIES,
    About,
    Automatic,
    Demultiplexer,
    Noise,
    Processed,
    Queued,
    RealTime,
    Status,
)
from kiosk.devices.slip_printers.transport import Transport
from kiosk.ports import Fault

BARRIER = b"\x1dr\x01"
"""GS r 1: answered when everything before it has been processed."""

AUTOMATIC_STATUS_ON = b"\x1da\x0e"
"""GS a: online, error and paper changes. Initialising cancels it on many models."""

RESUME = b"\x10\x05\x01"
"""DLE ENQ 1: go on from the line where a cutter or mechanical error stopped."""

RECOVER = b"\x10\x05\x02"
"""DLE ENQ 2: end a cutter or mechanical error and forget what is buffered."""

MAKER, MODEL, SERIAL_NUMBER = 66, 67, 68
"""GS I numbers that are answered by a block of text."""

PROCESSED_KEPT = 64

MAX_STRAYS = 3
"""Bytes that answer nothing, in one round of four questions: what an answer leaves of an automatic group that it cut in
two, or late answers. A line with more babbles, and what looks like an answer on it is chance."""

ROUNDS = 2

FLOW_BYTES = b"\x11\x13"
"""XON and XOFF, which a printer may send whatever the line was set to."""


def process_mark(number: int) -> bytes:
    """Four printable characters (20-7E) that name a job in GS ( H."""
    return f"{number % 10_000:04d}".encode()


def ask_processed(mark: bytes) -> bytes:
    """GS ( H fn 48: answered when everything before it is on paper."""
    return b"\x1d(H\x06\x0000" + mark


class Conversation:
    """Bytes out and answers in on one open line. Raises `LineLost`."""

    def __init__(self, transport: Transport, barriers_owed: int = 0) -> None:
        self._transport = transport
        self._parts = Demultiplexer()
        self._asked: int | None = None
        self._told: dict[int, int] = {}
        self._out = bytearray()
        self.status: Status | None = None
        """The latest complete status, asked for or sent by itself."""
        self._strays = 0
        self._babbled = False
        self.statuses = 0
        """How many asked statuses were completed."""
        self.barriers_owed = barriers_owed
        """Answers to GS r that are still to come, also for jobs of an earlier line."""
        self.processed: list[bytes] = []
        self.identity: str | None = None
        """Maker, model and serial number; None until asked for, empty when the printer does not tell."""
        self.answers = transport.reads
        """False where nothing can come back, or where a line that need not answer did not."""
        self._told_about: list[str] = []
        self.proves_jobs = True
        """False once GS ( H stayed unanswered beside an answered GS r: a clone, not waited for again."""

    @property
    def asking(self) -> bool:
        """Tell whether a question is still open; a new one would confuse its answer."""
        return self._asked is not None

    @property
    def babbles(self) -> bool:
        """Tell whether so much comes that was not asked for that nothing on this line can be believed."""
        return self._babbled or self._strays > MAX_STRAYS

    @property
    def stop(self) -> Fault | None:
        """Tell why nothing can be printed, as far as it is known and to be believed."""
        return None if self.status is None or self.babbles else self.status.stop

    @property
    def unanswered(self) -> Fault:
        """Tell what it means that a question has no answer."""
        return Fault.GARBLED if self.babbles else Fault.SILENT

    def ask(self) -> None:
        """Ask for the four status bytes, one after the other; `pump` collects them."""
        if self._asked is None:
            self._strays = 0
            self._ask_for(QUERIES[0])

    def resume(self) -> None:
        """Tell the printer to go on after an error that a person has removed."""
        self._out += RESUME

    def recover(self) -> None:
        """Tell the printer to forget what an earlier job left behind its error, so that it never comes out late."""
        self._out += RECOVER
        self.barriers_owed = 0

    def weak_status(self) -> Status | None:
        """Tell what the port knows of a printer that cannot be asked."""
        return self._transport.weak_status()

    def identify(self, wait_s: float) -> None:
        """Ask maker, model and serial number, once; only while the printer is well and idle, as it answers in turn."""
        self.identity = ""
        for number in (MAKER, MODEL, SERIAL_NUMBER):
            known, until = len(self._told_about), time.monotonic() + wait_s
            self._out += bytes((0x1D, 0x49, number))
            while len(self._told_about) == known:
                left = until - time.monotonic()
                if left <= 0:
                    return
                self.pump(left)
        self.identity = " ".join(part for part in self._told_about if part)

    def pump(self, wait_s: float) -> None:
        """Move bytes until something happens or `wait_s` has passed."""
        written, data = self._transport.exchange(bytes(self._out), wait_s)
        del self._out[:written]
        self._take(data)

    def pass_on(self, data: bytes, wait_s: float) -> int:
        """Write a piece of a job and look for answers meanwhile; give the bytes written. Nothing may be asked now."""
        written, answered = self._transport.exchange(data, wait_s)
        self._take(answered)
        return written

    def current(self, wait_s: float) -> Status | None:
        """Ask how the printer is and wait for it; None when it stays silent or the line babbles (`unanswered`).

        A round among stray bytes is asked once more: a plug that was moved babbles for a moment only.
        """
        before = self.statuses
        until = time.monotonic() + wait_s
        for _ in range(ROUNDS):
            self.ask()
            while self.asking:
                left = until - time.monotonic()
                if left <= 0:
                    return None
                self.pump(left)
            if self.statuses != before:
                return self.status
        return None

    def fill_up(self, wait_s: float) -> None:
        """Send zeros, which print nothing, so that a raster band cut off by a lost line does not eat what follows."""
        self._out += bytes(BAND_BYTES)
        until = time.monotonic() + wait_s
        while self._out and time.monotonic() < until:
            self.pump(until - time.monotonic())

    def close(self) -> None:
        """Give the line back."""
        self._transport.close()

    def _ask_for(self, query: int) -> None:
        self._asked = query
        self._out += bytes((0x10, 0x04, query))

    def _take(self, data: bytes) -> None:
        for answer in self._parts.feed(data):
            match answer:
                case RealTime(byte):
                    self._take_real_time(byte)
                case Automatic(status):
                    if not self.babbles:
                        self.status = status
                case Queued():
                    self._strays += self.barriers_owed == 0
                    self.barriers_owed = max(0, self.barriers_owed - 1)
                case Noise(byte):
                    self._strays += byte not in FLOW_BYTES
                case Processed(process):
                    self.processed = [*self.processed[-PROCESSED_KEPT:], process]
                case About(text):
                    self._told_about = [*self._told_about[-PROCESSED_KEPT:], text]

    def _take_real_time(self, byte: int) -> None:
        if self._asked is None or self._out:  # nothing was asked, or the question has not even left
            self._strays += 1
            return
        self._told[self._asked] = byte
        if self._asked != QUERIES[-1]:
            self._ask_for(self._asked + 1)
            return
        self._asked = None
        self._babbled = self._strays > MAX_STRAYS
        if self._babbled:
            return
        self.status = Status.from_real_time(self._told)
        self.statuses += 1
