"""A signed slip is brought in without the hall server: at a panel, which may call it then, and at the guide desk.

The fact is journalled like every other before anybody is told; the ledger knows it by its ticket id, so the slip's own
terminal, a second desk and a panel that bring in the same slip bring in one ticket.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from hall.calendar.working_days import business_day
from hall.commands import AnyCommand, Refused
from hall.desk_facts import AdoptTicket, TicketShown
from hall.errors import Reason
from hall.events import TicketAdopted, TicketIssued
from hall.ids import BusinessDay, TerminalId, TicketId, WindowId
from hall.outage.hearsay import waits_for
from hall.outage.signed_slips import SignedSlip, check
from hall.queue.tickets import TicketState
from hall.wire.board import Board, WaitingShown
from hall.wire.pack_shown import PackShown
from hall.wire.peers import PeerSaid
from kiosk.sync.journal import Journal, JournalError
from kiosk.sync.news import Log
from kiosk.sync.outbox import Outbox
from kiosk.sync.snapshots import Snapshots

KEPT: Final = "adopting_alone"
MOST_ADOPTED: Final = 500
"""Slips that one desk remembers of a day; more than it can bring in before somebody repairs the server."""


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What a slip makes: the answer, and unless it was refused the fact and the ticket that now waits."""

    reply: TicketShown | Refused
    event: TicketAdopted | None = None
    joined: WaitingShown | None = None

    def tells(self, terminal: TerminalId) -> PeerSaid | None:
        """Return what the peers should hear of it: the ticket, and by its code that it is one."""
        if self.event is None or self.joined is None:
            return None
        return PeerSaid(terminal=terminal, joined=self.joined, slip=self.event.slip)


def bring_in(command: AdoptTicket, pack: PackShown, board: Board, at: float) -> BroughtIn:
    """Judge a slip by the last that was known of the hall, at hall time `at`."""
    if board.day != business_day(at):
        return BroughtIn(Refused(reason=Reason.DAY_NOT_OPEN, sentence="the last board is of another day"))
    slip = check(command.slip, hall=pack.hall, day=board.day, keys=board.slip_keys)
    if not isinstance(slip, SignedSlip) or (slip.terminal, slip.issued) != (command.terminal, command.issued):
        return BroughtIn(Refused(reason=Reason.NOT_VERIFIED, sentence="the slip is not believed"))
    event = TicketAdopted(
        issued=slip.issued, terminal=slip.terminal, staff=command.staff, adopted_at=at, slip=command.slip
    )
    return BroughtIn(told(slip.issued, pack), event, waits_for(slip.issued, pack))


def told(
    issued: TicketIssued, pack: PackShown, state: TicketState = TicketState.WAITING, window: WindowId | None = None
) -> TicketShown:
    """Return the facts of a ticket as the pack knows its item."""
    item = next((each for each in pack.items if each.code == issued.item), None)
    windows, area = (item.windows, item.area) if item is not None else ((), None)
    return TicketShown(issued=issued, windows=windows, area=area, state=state.value, window=window)


class _Done(msgspec.Struct, frozen=True, kw_only=True):
    day: BusinessDay = BusinessDay("")
    tickets: tuple[TicketId, ...] = ()


class AdoptingAlone:
    """The guide desk's. Called from the sync thread."""

    def __init__(self, journal: Journal, outbox: Outbox, snapshots: Snapshots, *, epoch: int, log: Log) -> None:
        self._journal, self._outbox, self._snapshots, self._epoch, self._log = journal, outbox, snapshots, epoch, log
        try:
            self._done = msgspec.json.decode(journal.kept(KEPT) or b"{}", type=_Done)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._done = _Done()

    def act(self, command: AnyCommand, at: float) -> BroughtIn | None:
        """Bring a slip in and commit it; None for what only the server can do. Twice the same slip is one fact."""
        pack, board = self._snapshots.pack, self._snapshots.board
        if not isinstance(command, AdoptTicket) or pack is None or board is None:
            return None
        found = bring_in(command, pack, board, at)
        if found.event is None:
            return found
        tickets = self._done.tickets if self._done.day == board.day else ()
        if found.event.issued.ticket in tickets:
            return BroughtIn(found.reply, joined=found.joined)
        done = _Done(day=board.day, tickets=(*tickets, found.event.issued.ticket)[-MOST_ADOPTED:])
        try:
            with self._journal.change():
                self._outbox.append(self._epoch, (found.event,), at)
                self._journal.keep(KEPT, msgspec.json.encode(done))
        except JournalError as error:
            self._log.warning("slip_not_committed", fault=error.reason.value)
            return BroughtIn(Refused(reason=Reason.INTERNAL, sentence="the journal cannot be written"))
        self._done = done
        return found
