"""How a terminal issues a ticket by itself: which day it is, which number, what it may tell about the wait.

Pure but for the journal's transaction, in which number and event are committed together or not at all.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from hall.calendar.working_days import local_datetime
from hall.commands import Leased, Refused
from hall.errors import Reason
from hall.events import Event, PriorityGranted, Quote, TicketIssued
from hall.ids import BusinessDay, ItemCode, Series, StaffId, TerminalId, TicketId
from hall.queue.numbering import label, next_offline
from hall.wire.board import Board
from hall.wire.pack_shown import ItemShown, PackShown, Reserve
from kiosk.sync.journal import Journal
from kiosk.sync.news import Issued
from kiosk.sync.outbox import Outbox

PRIORITY_SERIES: Final = Series("Y")
CLOSED_WORD_HOLDS_S: Final = 30 * 60.0
"""A cut-off terminal believes a closed board so long; then it serves, because the hall may have opened meanwhile."""
LOW_SHARE: Final = 0.6
HIGH_SHARE: Final = 1.6
"""Around the board's typical wait: about 20 to 80 % of waits in a hall with steady service; always printed with 约."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asked for. With `sealed_grant` (sealed to the server) it is a priority ticket."""

    ticket: TicketId
    item: ItemCode
    issuer: StaffId | None
    sealed_grant: bytes | None
    done: Callable[[Issued | Refused], None]
    more_items: tuple[ItemCode, ...] = ()
    """Further items of the same visit on this number."""
    appointment_at: float = 0.0
    """Hall time of an appointment the guide has seen; only a hall server that answers can heed it."""
    sealed_person: bytes | None = field(default=None, repr=False)
    """Whose card was laid, for the hall server only. Without an answer it is dropped: no reserve number knows it."""
    wants_priority: bool = False
    """The card's holder took the offer by age; only the hall server can grant it."""


def from_lease(order: Order, leased: Leased, issued_at: float) -> TicketIssued:
    """Return the fact of a ticket with the server's label and quote."""
    return TicketIssued(
        ticket=order.ticket,
        day=leased.day,
        series=leased.series,
        number=leased.number,
        label=leased.label,
        item=order.item,
        priority=order.sealed_grant is not None or leased.priority,
        issued_at=issued_at,
        quote=leased.quote,
        more_items=order.more_items,
    )


def offline_day(board: Board, now: float) -> tuple[BusinessDay, bool]:
    """Return the day token for a cut-off terminal, and whether its plain reserve may be used.

    Tokens come from the ledger only; the clock merely chooses between the two we hold. On a date that has no token
    the last one goes on, in suffixed numbers. Board of 11-23 with 11-24 next: on the 23rd `(11-23, True)`,
    on the 24th `(11-24, True)`, on the 25th `(11-24, False)`.
    """
    today = local_datetime(now).date()
    try:
        current, following = date.fromisoformat(board.day), date.fromisoformat(board.next_day)
    except ValueError:
        return (board.day, True) if board.day else (board.next_day, today.isoformat() == board.next_day)
    if following <= current:
        return board.day, today <= current
    if today >= following:
        return board.next_day, today == following
    return board.day, today <= current


def rough_quote(board: Board, series: Series, own_since: int) -> Quote:
    """Estimate from the last board: people ahead in this series, and its typical wait in proportion to the line."""
    shown = next((queue.waiting for queue in board.queues if queue.series == series), 0)
    ahead = shown + own_since
    middle_min = board.typical_wait_min * (ahead + 1) / (shown + 1)
    low = math.floor(middle_min * LOW_SHARE)
    high = max(math.ceil(middle_min * HIGH_SHARE), low + 1)
    return Quote(people_ahead=ahead, low_min=low, high_min=high, approximate=True)


class Issuing:
    """Issues from the day reserve while the server is away."""

    def __init__(self, journal: Journal, outbox: Outbox, terminal: TerminalId) -> None:
        self._journal = journal
        self._outbox = outbox
        self._terminal = terminal

    def alone(
        self, order: Order, pack: PackShown | None, board: Board | None, epoch: int, now: float
    ) -> Issued | Refused:
        """Choose a number and commit it with its events in one transaction, or say why not.

        Raises `JournalError` when nothing could be committed; the number is then still free.
        """
        found = self._ready(order, pack, board, now)
        if isinstance(found, Refused):
            return found
        item, reserve, held_board = found
        series = Series(item.series) if order.sealed_grant is None else PRIORITY_SERIES
        day, plain = offline_day(held_board, now)
        with self._journal.change():
            used = self._journal.numbers(day, series)
            number, suffix = _free_number(used, reserve if plain else None, series, self._terminal)
            self._journal.take_number(day, series, (number, suffix), order.ticket, now)
            own_since = self._journal.taken_since(day, series, held_board.at) - 1
            event = TicketIssued(
                ticket=order.ticket,
                day=day,
                series=series,
                number=number,
                suffix=suffix,
                label=label(series, number, suffix),
                item=order.item,
                priority=order.sealed_grant is not None,
                issued_at=now,
                reserve=True,
                quote=rough_quote(held_board, series, max(0, own_since)),
                more_items=order.more_items,
            )
            self._outbox.append(epoch, (*_grant(order), event), now)
        return Issued(event, item.windows, item.area)

    def _ready(
        self, order: Order, pack: PackShown | None, board: Board | None, now: float
    ) -> tuple[ItemShown, Reserve | None, Board] | Refused:
        if pack is None or board is None:
            return Refused(reason=Reason.DAY_NOT_OPEN, sentence="this terminal has not met its hall server yet")
        item = next((item for item in pack.items if item.code == order.item), None)
        if item is None:
            return Refused(reason=Reason.UNKNOWN_ITEM, sentence="not in the hall pack this terminal holds")
        if not (board.day or board.next_day):
            return Refused(reason=Reason.DAY_NOT_OPEN, sentence="the hall server has issued no business day yet")
        if not board.taking_tickets and 0 <= now - board.at < CLOSED_WORD_HOLDS_S:
            return Refused(reason=Reason.OUTSIDE_HOURS, sentence="the last board said no tickets are taken now")
        reserve = next((reserve for reserve in pack.reserves if reserve.terminal == self._terminal), None)
        return item, reserve, board


def _free_number(
    used: set[tuple[int, str]], reserve: Reserve | None, series: Series, terminal: TerminalId
) -> tuple[int, str]:
    """Return the next number this terminal never used today, also when a new pack moved its reserve meanwhile."""
    count = len(used)
    while (found := next_offline({series: count}, reserve, series, terminal)) in used:
        count += 1  # every count gives another number, so this ends
    return found


def _grant(order: Order) -> tuple[Event, ...]:
    """Return the grant, which goes before its ticket so that the ledger never sees priority without a ground."""
    if order.sealed_grant is None or order.issuer is None:
        return ()
    return (PriorityGranted(ticket=order.ticket, issuer=order.issuer, sealed=order.sealed_grant),)
