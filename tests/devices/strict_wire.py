"""A wire that plays a transcript: every byte the driver sends must be the recorded one, in order, and none may be left.

Transcripts are those of `kiosk.devices.virtual.transcripts`, written by hand or recorded on the bench. Times are not
kept: the device's answer comes as soon as the driver has sent all that came before it.
"""

import os
import select
import threading
import time
import tty
from pathlib import Path

from kiosk.devices.virtual import transcripts

LIMIT_S = 60.0
READ_BYTES = 256


class StrictWire:
    """`port` is what the driver opens; `ended()` tells what went wrong, empty when all was as recorded."""

    def __init__(self, transcript: Path) -> None:
        self._turns = transcripts.parse(transcript.read_text(encoding="utf-8"))
        self._near, self._far = os.openpty()
        tty.setraw(self._far)
        self.port = os.ttyname(self._far)
        self._wrong: list[str] = []
        self._go_on = threading.Event()
        self._go_on.set()
        self._thread = threading.Thread(target=self._play, name="strict wire", daemon=True)

    def begin(self) -> None:
        """Play from here: opening a port throws away what has arrived before."""
        self._thread.start()

    def ended(self) -> list[str]:
        """Wait for the end of the transcript; the line may then be used no more."""
        self._thread.join(LIMIT_S)
        if self._thread.is_alive():
            self._wrong.append("the driver never sent what was recorded")
        elif extra := self._read(READ_BYTES, 0.05):
            self._wrong.append(f"unexpected: {extra.hex(' ')}")
        self._go_on.clear()
        self._thread.join(LIMIT_S)
        for end in (self._near, self._far):
            os.close(end)
        return self._wrong

    def _play(self) -> None:
        for turn in self._turns:
            frame = turn.data
            if not turn.to_device:
                os.write(self._near, frame)
                continue
            heard = self._read(len(frame), LIMIT_S)
            if heard != frame:
                self._wrong.append(f"expected {frame.hex(' ')}, heard {heard.hex(' ')}")
                return

    def _read(self, count: int, limit_s: float) -> bytes:
        heard, until = b"", time.monotonic() + limit_s
        while len(heard) < count and time.monotonic() < until and self._go_on.is_set():
            if select.select([self._near], [], [], 0.05)[0]:
                heard += os.read(self._near, count - len(heard))
        return heard
