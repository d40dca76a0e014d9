"""Which tickets panels have touched on their own, and which of them must be settled again from all their facts."""

from collections.abc import Collection, Iterator

import msgspec

from hall.day.deciding import Reconcile
from hall.day.examining import Flag
from hall.day_facts import DayOpened
from hall.events import (
    CallAnnounced,
    Event,
    RequestWithdrawn,
    ServiceFinished,
    ServiceStarted,
    TicketAdopted,
    TicketCalled,
    TicketIssued,
    TicketMissed,
    TicketRecalled,
)
from hall.ids import SERVER, BusinessDay, TerminalId, TicketId, WindowId
from hall.moves import TicketReconciled
from hall.outage.merging import Noted, merge
from hall.queue.state import HallState
from hall.queue.tickets import ENDED, Ticket, TicketState
from hall_server.ledger.entries import Entry

DISTRUSTED = frozenset({Flag.NOT_A_TERMINALS_EVENT.value, Flag.OTHER_TERMINAL.value})
"""Facts with these flags stay in the ledger, and move nobody."""
OF_ALL_TICKETS = frozenset({"RequestWithdrawn", "CallAnnounced"})
"""Facts that bear on calls whose ticket they do not name."""


class Unsettled:
    """Rebuilt from the ledger like the rest of the standing: what was not settled before a crash is settled after."""

    def __init__(self) -> None:
        self.pending: set[TicketId] = set()
        self._touched: set[TicketId] = set()
        self._touched_before: set[TicketId] = set()

    def heard(self, state: HallState, event: Event, device: TerminalId, flags: Collection[str] = ()) -> None:
        """Take note of an event that is about to be applied."""
        if not DISTRUSTED.isdisjoint(flags):
            return
        match event:
            case DayOpened():
                self._touched_before, self._touched = self._touched, set()
                self.pending |= {ticket.id for ticket in state.tickets.values() if _left(ticket, event.day)}
            case TicketIssued(ticket=ticket, day=day) if state.day is not None and day < state.day:
                self.pending.add(ticket)  # told after its day was over: it ends in the ledger
            case TicketAdopted(issued=issued) if state.day is not None and issued.day < state.day:
                self.pending.add(issued.ticket)  # so does a slip that somebody brought in alone
            case TicketReconciled(ticket=ticket):
                self.pending.discard(ticket)
            case _ if device == SERVER:
                return
            case RequestWithdrawn(window=window, after_call_seq=after):
                self._touch(_in_hand(state, window, after))
            case TicketCalled(ticket=ticket, window=window):
                self._touch(ticket)
                self._touch(_in_hand(state, window, -1))
            case TicketRecalled() | TicketMissed() | ServiceStarted() | ServiceFinished():
                self._touch(event.ticket)
            case CallAnnounced(label=label):
                known = ((one, state.tickets.get(one)) for one in self._touched | self._touched_before)
                self.pending |= {one for one, ticket in known if ticket is not None and ticket.label == label}
            case _:
                told = getattr(event, "ticket", None)
                if told in self._touched or told in self._touched_before:
                    self.pending.add(told)

    def _touch(self, ticket: TicketId | None) -> None:
        if ticket is not None:
            self._touched.add(ticket)
            self.pending.add(ticket)


def _left(ticket: Ticket, opening: BusinessDay) -> bool:
    """Tell whether a ticket of an earlier day came while no day was open, and never ended."""
    return ticket.day < opening and ticket.state not in ENDED


def _in_hand(state: HallState, window: WindowId, after: int) -> TicketId | None:
    """The ticket that the server believes called to this window, by a call after `after`."""
    known = state.windows.get(window)
    ticket = state.tickets.get(known.ticket) if known is not None and known.ticket else None
    called = ticket is not None and ticket.state is TicketState.CALLED and ticket.call_seq > after
    return ticket.id if ticket is not None and called else None


class _Issued(msgspec.Struct):
    ticket: str = ""


class _Whose(msgspec.Struct):
    """Of an event's body only whose it is: most of a day is of others, and costs no more than this look."""

    ticket: str = ""
    issued: _Issued | None = None


_whose = msgspec.json.Decoder(_Whose)
_event: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def gathered(entries: Iterator[Entry], tickets: Collection[TicketId]) -> Reconcile:
    """Return the command that settles these tickets from all that the ledger's entries tell of them."""
    return Reconcile(merge(fact for entry in entries if (fact := _fact(entry, tickets)) is not None))


def _fact(entry: Entry, tickets: Collection[TicketId]) -> Noted | None:
    if not DISTRUSTED.isdisjoint(entry.flags):
        return None
    try:
        if entry.kind not in OF_ALL_TICKETS:
            told = _whose.decode(entry.body)
            if told.ticket not in tickets and (told.issued is None or told.issued.ticket not in tickets):
                return None
        event = _event.decode(entry.body)
    except msgspec.MsgspecError:
        return None  # nothing that could be applied either
    return Noted(
        device=entry.device, epoch=entry.epoch, seq=entry.seq, event_id=entry.event_id, at=entry.at, event=event
    )
