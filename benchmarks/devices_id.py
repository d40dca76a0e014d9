"""How much our side adds to the wire when an identity card is read; asked by the devices' benchmark.

From the moment the module's answer begins to leave (its first bit, on a virtual wire that carries bytes at the
configured rate) to the moment the session holds the record, through driver, worker and its thread; divided by the
time that the bare bytes of the answer need at that rate.
"""

import statistics
import threading
import time

from hall.ids import SessionId
from kiosk.devices.id_readers.sam_serial import Options, connect
from kiosk.devices.virtual.id_faces import IdFace
from kiosk.devices.virtual.sam import VirtualSam
from kiosk.devices.virtual.serial_lines import wire_s
from kiosk.devices.workers import IdReaderWorker
from kiosk.flows.words import CardSeen, Happened, IdCardRead

ANSWER_BYTES = 1_295
"""Text and photo, `30 01` (devices reference 1.2)."""
RUNS = 5
LIMIT_S = 10.0
TODAY = "20261123"
CARD = IdFace("李和", "000000198907220025")
SESSION = SessionId("bench")


class _Hands:
    """The session's end: when the card was seen and when its record came."""

    def __init__(self) -> None:
        self.seen = threading.Event()
        self.read = threading.Event()
        self.read_mono = 0.0

    def __call__(self, happened: Happened, _session: SessionId | None) -> None:
        if isinstance(happened, CardSeen):
            self.seen.set()
        elif isinstance(happened, IdCardRead):
            self.read_mono = time.monotonic()
            self.read.set()


def id_card_ratio(baud: int) -> float:
    """Return the median over several cards of (card answered → record in hand) / pure wire time; 1.0 is the wire."""
    sam = VirtualSam(baud=baud, read_s=0.05)
    address = sam.start()
    try:
        return statistics.median(_one_card(sam, address, baud) for _ in range(RUNS)) / wire_s(ANSWER_BYTES, baud)
    finally:
        sam.stop()


def _one_card(sam: VirtualSam, address: str, baud: int) -> float:
    """Lay a card before a fresh worker, read it, lift it; return seconds from its answer's first bit to the record."""
    hands, options = _Hands(), Options(address, baud)
    worker = IdReaderWorker("bench.id_reader", lambda: connect(options, "bench.id_reader"), hands, lambda: TODAY)
    sam.lay(CARD)
    worker.start()
    try:
        if not hands.seen.wait(LIMIT_S):
            raise TimeoutError("the card was not seen")
        worker.read(SESSION)
        if not hands.read.wait(LIMIT_S):
            raise TimeoutError("the card was not read")
        return hands.read_mono - sam.last_answer_mono
    finally:
        worker.stop()
        sam.lift()
