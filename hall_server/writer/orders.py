"""Which terminals must hear of their orders: those whose orders have changed, and those who have just said hello."""

from collections.abc import Collection, Iterator

from hall.ids import TerminalId
from hall.wire.lanes import Orders
from hall.wire.shown import Order
from hall_server.writer.standing import Standing


class OrdersTold:
    """Remembers what each terminal was told last. Used on the writer's thread, after a commit."""

    def __init__(self) -> None:
        self._told: dict[TerminalId, tuple[Order, ...]] = {}

    def news(self, standing: Standing, greeted: Collection[TerminalId]) -> Iterator[tuple[TerminalId, Orders]]:
        """Yield what is to be sent now; whoever says hello is told even that there is nothing."""
        open_now = {terminal: tuple(orders) for terminal, orders in standing.state.orders.items()}
        changed = {
            one for one in open_now.keys() | self._told.keys() if open_now.get(one, ()) != self._told.get(one, ())
        }
        self._told = open_now
        for terminal in sorted(changed | set(greeted)):
            yield terminal, Orders(ledger_epoch=standing.ledger_epoch, orders=open_now.get(terminal, ()))
