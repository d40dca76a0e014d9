"""The book of ratings: what the ledger tells of them, followed as it grows, for as long as it goes back.

Any thread. What was flagged when it was adopted does not count; a follow-up counts only as the hall server's own.
"""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

import msgspec

from hall.errors import HallError
from hall.events import ServiceFinished, ServiceRated, TicketCalled
from hall.ids import SERVER, ServiceId, TicketLabel
from hall.moves import NextItemBegun
from hall.pack.hall_pack import HallPack
from hall.rating_facts import RatingFollowedUp, RatingReasonsGiven
from hall.services.rating_report import RatingBook, RatingTold, book_of
from hall_server.ledger.browsing import MAX_BOOK_PAGE, MAX_PAGE, Browser, Wanted
from hall_server.ledger.entries import Entry
from hall_server.writer.quarantine import RELEASED

log = logging.getLogger(__name__)

KINDS: dict[str, type[RatingTold]] = {
    kind.__name__: kind for kind in (ServiceFinished, NextItemBegun, ServiceRated, RatingReasonsGiven, RatingFollowedUp)
}
T = TypeVar("T")


class KeptBook:
    """Follows the ledger by the kinds that ratings are made of, a page at a time."""

    def __init__(self, pack: HallPack, browser: Browser) -> None:
        self._browser = browser
        self._book = book_of(pack)
        self._labels: dict[ServiceId, TicketLabel] = {}
        self._last_seq = 0
        self._lock = threading.Lock()

    def read(self, look: Callable[[RatingBook], T]) -> T:
        """Return what `look` makes of the book as the ledger now stands; it must keep nothing of the book."""
        with self._lock:
            self._follow()
            return look(self._book)

    def label(self, service: ServiceId) -> str:
        """Return the number of a service that was rated poorly; empty when the ledger does not tell it."""
        return self._labels.get(service, "")

    def _follow(self) -> None:
        """Read what is new; a ledger that cannot be read now leaves the book as it was."""
        try:
            while True:
                page = self._browser.of_kinds(self._last_seq, MAX_BOOK_PAGE, tuple(KINDS))
                for entry in page:
                    self._take(entry)
                    self._last_seq = entry.ledger_seq
                if len(page) < MAX_BOOK_PAGE:
                    return
        except HallError as error:
            log.warning("the book of ratings cannot be read on: %s", error)

    def _take(self, entry: Entry) -> None:
        if not set(entry.flags) <= {RELEASED} or (entry.kind == RatingFollowedUp.__name__ and entry.device != SERVER):
            return
        try:
            fact: RatingTold = msgspec.json.decode(entry.body, type=KINDS[entry.kind])
        except msgspec.MsgspecError:
            log.warning("ledger entry %d is no readable %s", entry.ledger_seq, entry.kind)
            return
        self._book.take(fact)
        if isinstance(fact, ServiceRated) and fact.service in self._book.poor:
            self._know_label(fact.service, entry.ledger_seq)

    def _know_label(self, service: ServiceId, rated_seq: int) -> None:
        """Find the number by which its person was called, among the last calls before the rating."""
        ticket = self._book.poor[service].ticket
        for call in self._browser.newest(MAX_PAGE, Wanted(kind=TicketCalled.__name__), before=rated_seq):
            try:
                told = msgspec.json.decode(call.body, type=TicketCalled)
            except msgspec.MsgspecError:
                continue
            if told.ticket == ticket:
                self._labels.setdefault(service, told.label)
                return
