"""The works of the virtual printer: one thread on the wire, one at the head, a buffer between them."""

import time
from collections import deque
from collections.abc import Callable
from threading import Condition, Event, Thread
from typing import Literal

from kiosk.devices.virtual.escpos_interpreter import Interpreter
from kiosk.devices.virtual.escpos_model import Model
from kiosk.devices.virtual.escpos_tokens import Command, Token, Tokenizer
from kiosk.devices.virtual.paper import ROWS_MAX, Paper, Roll
from kiosk.devices.virtual.printer_faults import Faults
from kiosk.devices.virtual.printer_font import PrinterFont
from kiosk.devices.virtual.printer_wire import Pty, Tcp, Wire

BUFFER_BYTES = 64 * 1024
"""Receive buffer; beyond it the printer takes nothing more until it has printed."""

PAPERS_KEPT = 200
STROKE_ROWS = 24
"""Rows printed at once when the head has a speed."""

END_WAIT_S = 5.0
REAL_TIME = {"DLE EOT", "DLE ENQ", "DLE DC4"}
XON, XOFF = b"\x11", b"\x13"
FULL_SHARE, ROOM_SHARE = 0.75, 0.25
"""The buffer asks for a pause above the first and goes on below the second."""

Flow = Literal["rts", "xon", "none"]
"""How a full buffer holds the host: by a wire, by a character, or not at all (what comes then is lost)."""


class _PowerLost(Exception):  # noqa: N818 what happened
    pass


class Machine:
    """Receives, buffers, prints, answers. `printer.VirtualPrinter` adds the hands that work it."""

    def __init__(
        self,
        name: str,
        listen: Tcp | Pty,
        baud: int = 0,
        width_dots: int = 576,
        *,
        rows_per_s: int = 0,
        process_ids: bool = True,
        buffer_bytes: int = BUFFER_BYTES,
        flow: Flow = "rts",
        model: Model | None = None,
        on_paper: Callable[[Paper], None] | None = None,
    ) -> None:
        """`baud` 0 and `rows_per_s` 0 mean at once; a real 80 mm printer does 1,200 rows a second (150 mm)."""
        self.name = name
        self._rows_per_s = self._made_rows_per_s = rows_per_s
        self._model = model or Model(process_ids=process_ids)
        self._flow = flow
        self._paused = False
        self._buffer_bytes = buffer_bytes
        self._on_paper = on_paper
        self._changed = Condition()
        self._faults = Faults()
        self._queue: deque[tuple[Token, int]] = deque()
        self._queued_bytes = 0
        self._automatic = 0
        self._told_group = b""
        self._power_losses = 0
        self._seen_power_losses = 0
        self._muted = False
        self._plugged = False
        self._address = ""
        self._last_byte_mono = self._last_job_byte_mono = 0.0
        self._papers: deque[Paper] = deque(maxlen=PAPERS_KEPT)
        self._papers_made = 0
        self._stop = Event()
        self._tokenizer = Tokenizer()
        self._roll = Roll(width_dots, self._advance)
        self._interpreter = Interpreter(self._roll, PrinterFont(), self._report, self._cut, self._model)
        self._wire = Wire(listen, baud, self._receive, self._stop)
        self._threads: list[Thread] = []

    def start(self) -> str:
        """Plug in and switch on; give the address (`host:port` or path)."""
        self._address = self._wire.plug()
        self._plugged = True
        for work, part in ((self._wire.run, "wire"), (self._work, "head")):
            thread = Thread(target=work, name=f"{self.name} {part}", daemon=True)
            thread.start()
            self._threads.append(thread)
        return self._address

    def stop(self) -> None:
        """Switch off and unplug; both threads end."""
        self._stop.set()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(END_WAIT_S)

    def _set(self, **changes: bool | int | None) -> None:
        with self._changed:
            for name, value in changes.items():
                setattr(self._faults, name, value)
            self._changed.notify_all()
        self._tell_change()

    # ---- the wire's thread ---------------------------------------------------------------------------------------

    def _receive(self, data: bytes) -> None:
        self._last_byte_mono = now = time.monotonic()
        for token in self._tokenizer.feed(data):
            if isinstance(token, Command) and token.name in REAL_TIME:
                self._real_time(token)
            else:
                self._last_job_byte_mono = now
                self._enqueue(token)

    def _enqueue(self, token: Token) -> None:
        size = _size(token)
        with self._changed:
            if self._flow == "rts":
                self._changed.wait_for(
                    lambda: self._queued_bytes < self._buffer_bytes or self._stop.is_set() or not self._plugged
                )
            elif self._queued_bytes >= self._buffer_bytes:
                self._interpreter.errors.append(f"{size} bytes lost: the buffer was full")
                return
            self._queue.append((token, size))
            self._queued_bytes += size
            pause = self._flow == "xon" and not self._paused
            pause = pause and self._queued_bytes > FULL_SHARE * self._buffer_bytes
            self._paused = self._paused or pause
            self._changed.notify_all()
        if pause:
            self._wire.send(XOFF)

    def _real_time(self, command: Command) -> None:
        value = command.parameters[0]
        if command.name == "DLE EOT":
            with self._changed:
                answer = self._faults.real_time(value)
            self._send(answer)
        elif command.name == "DLE ENQ" and value in (1, 2):
            with self._changed:
                if not self._faults.host_may_resume:
                    return
                self._faults.cutter_error = self._faults.mechanical = False
                if value == 2:  # noqa: PLR2004 DLE ENQ 2 drops what is buffered
                    self._lose_buffer()
                self._changed.notify_all()
            self._tell_change()

    def _lose_buffer(self) -> None:
        self._queue.clear()
        self._queued_bytes = 0
        self._tokenizer = Tokenizer()
        self._power_losses += 1

    def _send(self, data: bytes) -> None:
        if data and not self._muted:
            self._wire.send(data)

    def _tell_change(self) -> None:
        with self._changed:
            group = self._faults.automatic()
            tell = bool(self._automatic) and group != self._told_group
            self._told_group = group
        if tell:
            self._send(group)

    # ---- the head's thread ---------------------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                token, size = self._take()
                self._interpreter.execute(token)
                if self._roll.rows > ROWS_MAX:
                    self._interpreter.errors.append("three metres without a cut")
                    self._cut()
            except _PowerLost:
                self._interpreter.reset()
                continue
            with self._changed:
                self._queued_bytes = max(0, self._queued_bytes - size)
                go_on = self._paused and self._queued_bytes < ROOM_SHARE * self._buffer_bytes
                self._paused = self._paused and not go_on
                self._changed.notify_all()
            if go_on:
                self._wire.send(XON)

    def _take(self) -> tuple[Token, int]:
        with self._changed:
            self._changed.wait_for(lambda: self._interrupted() or (bool(self._queue) and not self._faults.offline))
            self._check_interrupted()
            return self._queue.popleft()

    def _advance(self, rows: int) -> int:
        with self._changed:
            self._changed.wait_for(lambda: self._interrupted() or not self._faults.offline)
            self._check_interrupted()
            if self._rows_per_s:
                rows = min(rows, STROKE_ROWS)
            if self._faults.rows_left is not None:
                rows = min(rows, max(1, self._faults.rows_left))
                self._faults.rows_left -= rows
                self._faults.near_end = self._faults.near_end or self._faults.rows_left < self._faults.near_end_rows
                self._faults.paper_end = self._faults.rows_left <= 0
                self._changed.notify_all()
        self._tell_change()
        if self._rows_per_s:
            self._stop.wait(rows / self._rows_per_s)
        return rows

    def _cut(self) -> None:
        with self._changed:
            while self._faults.jammed:
                self._faults.cutter_error = True
                self._changed.notify_all()
                self._changed.release()
                try:
                    self._tell_change()
                finally:
                    self._changed.acquire()
                self._changed.wait_for(lambda: self._interrupted() or not self._faults.cutter_error)
                self._check_interrupted()
        paper = self._roll.tear(time.monotonic(), self._interpreter.last_cut)
        if paper is None:
            return
        with self._changed:
            self._papers.append(paper)
            self._papers_made += 1
            self._changed.notify_all()
        if self._on_paper is not None:
            self._on_paper(paper)

    def _interrupted(self) -> bool:
        return self._stop.is_set() or self._power_losses != self._seen_power_losses

    def _check_interrupted(self) -> None:
        if self._interrupted():
            self._seen_power_losses = self._power_losses
            raise _PowerLost

    def _report(self, name: str, parameters: bytes) -> None:
        match name:
            case "ESC @":
                self._automatic = 0
            case "GS a":
                self._automatic = parameters[0] if self._model.reports_changes else 0
                if self._automatic:
                    self._send(self._faults.automatic())
            case "GS r":
                self._send(self._faults.queued(parameters[0]))
            case "GS I":
                self._send(self._model.about(parameters[0]))
            case "GS (" if self._model.process_ids and parameters[3:5] == b"00" and len(parameters) == 9:  # noqa: PLR2004
                self._send(b"\x37\x22" + parameters[5:] + b"\0")


def _size(token: Token) -> int:
    match token:
        case Command(_, parameters):
            return 2 + len(parameters)
        case _:
            return len(getattr(token, "data", b"")) + 1
