"""All that leaves a terminal but its health: the hello, its events, its questions, and what its peers should hear."""

from typing import Final, Protocol

import msgspec

from hall.wire.codec import encode
from hall.wire.lanes import Link, Mark, Up
from hall.wire.peers import PeerSaid
from kiosk.sync.asking import Asking
from kiosk.sync.courier import Courier, Heeded
from kiosk.sync.news import Log
from kiosk.sync.outbox import Outbox

OUTBOX_WARNS_AT: Final = 5000
"""Rows; some days of a busy terminal without its ledger."""


class Publish(Protocol):
    """The wire."""

    def __call__(self, lane: str, payload: bytes, *, lossy: bool = False) -> bool:
        """Hand over one message on a lane of this terminal; False: not now, try again."""


class WayOut:
    """Called from the sync thread; `now` is monotonic seconds. What cannot leave now waits where it is."""

    def __init__(
        self, outbox: Outbox, courier: Courier, asking: Asking, *, hello: Link, publish: Publish, log: Log
    ) -> None:
        self._outbox, self._courier, self._asking = outbox, courier, asking
        self._hello, self._publish, self._log = hello, publish, log
        self._said_deep = self._said_wrong_mark = False
        self.connected = False
        """Whether a broker is there; it may be there without the server."""
        self.outbox_depth = 0
        self.oldest_unacked_at: float | None = None
        """Hall time; None when nothing waits."""
        self.count()

    def begin(self, now: float, *, away: bool) -> None:
        """Say hello; and if the server is there, begin from the mark and repeat what was not answered."""
        if not self.connected:
            return
        self._publish("link", encode(self._hello))
        if not away:
            self._courier.open(now)
            self._asking.ask_again(now)

    def close(self) -> None:
        """Nobody takes events now; nothing is forgotten."""
        self._courier.close()

    def heed(self, mark: Mark, now: float) -> None:
        """Let go of what the ledger says it holds. What it cannot hold is said once in the log, and kept."""
        heeded = self._courier.heed(mark, now)
        wrong = heeded is Heeded.WRONG or mark.quarantined
        if wrong and not self._said_wrong_mark:
            self._log.warning("mark_wrong", quarantined=mark.quarantined)
        elif heeded is Heeded.REFILL:
            self._log.info("ledger_restored", ledger_epoch=mark.ledger_epoch, beyond_refill=self._courier.beyond_refill)
        self._said_wrong_mark = wrong
        self.count()

    def tell_peers(self, said: PeerSaid) -> None:
        """Tell the other terminals; who does not hear it learns it from the server later."""
        self._publish("peers", encode(said))

    def drain(self, now: float) -> None:
        """Send the events that may go now."""
        while (batch := self._courier.next_batch(now)) is not None:
            message = encode(Up(events=[msgspec.Raw(row.body) for row in batch.rows]))
            if not self._publish("up", message):
                return
            self._courier.sent(batch)

    def send_asks(self, now: float) -> None:
        """Send the questions that are due."""
        for waiting in self._asking.to_send(now):
            if not self._publish("ask", encode(waiting.ask)):
                return
            self._asking.sent(waiting, now)

    def count(self) -> None:
        """Look how much waits; a deep outbox is said once."""
        self.outbox_depth, self.oldest_unacked_at = self._outbox.waiting()
        deep = self.outbox_depth >= OUTBOX_WARNS_AT
        if deep and not self._said_deep:
            self._log.warning("outbox_deep", rows=self.outbox_depth)
        self._said_deep = deep
