"""Orders heard from the hall server, each carried out once: `…/down` tells all that are open, again and again.

What was taken is remembered twice. In this process at once, so that an order heard again while it is being carried
out starts nothing. In the journal only with the report, in the same transaction (`mark`): a process that ends between
taking and reporting finds the order open when it starts again, and carries it out then. A self-test may be repeated,
so an interrupted one is simply done again, while one that was reported is never done twice.
"""

from typing import Final

from hall.wire.lanes import Orders
from kiosk.sync.journal import Journal
from kiosk.sync.news import SelfTestWanted

KEPT: Final = "orders_reported"


def mark(ledger_epoch: int, number: int) -> tuple[str, bytes]:
    """Return what is kept in the journal together with the report on every order up to `number`."""
    return KEPT, f"{ledger_epoch} {number}".encode()


class OrdersHeard:
    """The highest order taken, by ledger epoch: another ledger counts its orders anew."""

    def __init__(self, journal: Journal) -> None:
        self._taken = _read(journal.kept(KEPT))

    def take(self, orders: Orders) -> SelfTestWanted | None:
        """Return what is now to be done, None when nothing is new. One test answers all orders so far."""
        number = max((order.number for order in orders.orders), default=0)
        newest = (orders.ledger_epoch, number)
        if not number or newest <= self._taken:  # an order of a ledger that has passed comes late and means nothing
            return None
        self._taken = newest
        return SelfTestWanted(orders.ledger_epoch, number)


def _read(kept: bytes | None) -> tuple[int, int]:
    epoch, _, number = (kept or b"").decode("ascii", "replace").partition(" ")
    return (int(epoch), int(number)) if epoch.isdecimal() and number.isdecimal() else (0, 0)
