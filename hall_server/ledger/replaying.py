"""What a queue day is rebuilt from, by the writer and by whoever follows the ledger: one history for both."""

from collections.abc import Iterator

from hall.slip_keys import SlipKeyTrusted
from hall_server.ledger.entries import Entry
from hall_server.ledger.store import Ledger


def replayed(ledger: Ledger, days: int) -> Iterator[Entry]:
    """Yield the slip keys that were believed when the last `days` days began, then those days, in order.

    A key that was believed later comes in its own place: a slip is judged by the key of the time it was brought in.
    """
    entries = ledger.since_last("DayOpened", days)
    first = next(entries, None)
    if first is None:
        return
    yield from (entry for entry in ledger.minted(SlipKeyTrusted.__name__) if entry.ledger_seq < first.ledger_seq)
    yield first
    yield from entries
