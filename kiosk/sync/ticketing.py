"""A ticket with the server's label, or from the day reserve: what is asked for, and what its answer makes of it."""

from collections.abc import Callable
from typing import Final

from hall.commands import AnyReply, Leased, LeaseLabel, Refused
from hall.errors import Reason
from hall.ids import TerminalId
from kiosk.sync.issuing import Issuing, Order, from_lease
from kiosk.sync.journal import Journal, JournalError
from kiosk.sync.news import Issued, Log
from kiosk.sync.outbox import Outbox
from kiosk.sync.snapshots import Snapshots

NO_DECISION: Final = frozenset({Reason.SERVER_AWAY, Reason.TOO_LATE, Reason.INTERNAL})
"""Refusals that are no decision of the hall: the resident still gets a ticket."""


def lease_for(order: Order) -> LeaseLabel:
    """Return the request for a label of the server's."""
    return LeaseLabel(
        ticket=order.ticket,
        item=order.item,
        issuer=order.issuer,
        sealed_grant=order.sealed_grant,
        more_items=order.more_items,
        appointment_at=order.appointment_at,
        sealed_person=order.sealed_person,
        wants_priority=order.wants_priority,
    )


class Ticketing:
    """Called from the sync thread. What cannot be committed is refused: no number without its fact in the journal."""

    def __init__(
        self,
        journal: Journal,
        outbox: Outbox,
        snapshots: Snapshots,
        *,
        terminal: TerminalId,
        epoch: int,
        clock: Callable[[], float],
        log: Log,
    ) -> None:
        self._journal, self._outbox, self._snapshots = journal, outbox, snapshots
        self._issuing = Issuing(journal, outbox, terminal)
        self._epoch, self._clock, self._log = epoch, clock, log

    def by_lease(self, order: Order, reply: AnyReply) -> Issued | Refused | None:
        """Take the answer to `lease_for`; None when it is no decision, so that the day reserve must serve."""
        match reply:
            case Leased(ticket=order.ticket):
                event = from_lease(order, reply, self._clock())
                try:
                    with self._journal.change():
                        self._outbox.append(self._epoch, (event,), event.issued_at)
                except JournalError as error:
                    return self._uncommitted(error)
                return Issued(event, reply.windows, reply.area, reply)
            case Refused(reason=reason) if reason not in NO_DECISION:
                return reply
            case _:
                return None

    def alone(self, order: Order) -> Issued | Refused:
        """Issue from the day reserve, by the last pack and board."""
        held = self._snapshots
        try:
            return self._issuing.alone(order, held.pack, held.board, self._epoch, self._clock())
        except JournalError as error:
            return self._uncommitted(error)

    def _uncommitted(self, error: JournalError) -> Refused:
        self._log.warning("ticket_not_committed", fault=error.reason.value)
        return Refused(reason=Reason.INTERNAL, sentence="the journal cannot be written")
