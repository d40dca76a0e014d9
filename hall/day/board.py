"""The board: what everybody in the hall may see, as one snapshot. Numbers only, never a person."""

from typing import Literal

from hall.calendar import opening
from hall.calendar.believing import doubt
from hall.calendar.working_days import business_day, taking_tickets
from hall.day import proxying, self_tests, upkeep
from hall.ids import BusinessDay, Series, ServiceId, TicketLabel, WindowId
from hall.outage import sharing
from hall.queue import estimates, queueing
from hall.queue.state import HallState
from hall.queue.tickets import Ticket, TicketState, WindowNow
from hall.services import ratings
from hall.wire.board import Board, QueueShown, WindowShown
from hall.wire.shown import MAX_ASIDE_SHOWN, AsideShown, StaffingShown

NEXT_LABELS = 3
"""The first few labels of a queue, in order of their place."""


def board(
    state: HallState,
    now: float,
    version: int,
    ledger_epoch: int,
    next_day: BusinessDay,
    *,
    staffing: tuple[StaffingShown, ...] = (),
) -> Board:
    """Return the board at `now`. `day` is empty while no day is open; `staffing` is what `pressing` found lately.

    While the date of the clock is in doubt nobody knows the hour either: the doors decide, and terminals go on.
    """
    doubted = None if state.day == business_day(now) else doubt(state.believed, business_day(now))
    hours = "open" if doubted else opening.hours_now(state.pack, now)
    return Board(
        ledger_epoch=ledger_epoch,
        version=version,
        at=now,
        day=state.day or BusinessDay(""),
        next_day=next_day,
        taking_tickets=state.day is not None and (doubted is not None or taking_tickets(state.pack, now)),
        waiting=state.waiting_count(),
        typical_wait_min=estimates.typical_wait_min(state, now),
        queues=tuple(_queue(state, row.code, now) for row in state.pack.series),
        windows=tuple(_window(state, number, window, now) for number, window in state.windows.items()),
        calls=tuple(state.calls),
        help=tuple(state.help[terminal] for terminal in sorted(state.help)),
        waiting_tickets=sharing.waiting_shown(state),
        aside=aside(state, now),
        staffing=staffing,
        hours=hours,
        day_doubt=doubted or "",
        next_opening=0.0 if hours in ("open", "cut_off") else opening.next_opening(state.pack, now),
        self_tests=self_tests.shown(state),
        slip_keys=dict(state.slip_keys),
        proxies=proxying.shown(state, now),
        opening=upkeep.shown(state),
    )


def aside(state: HallState, now: float) -> tuple[AsideShown, ...]:
    """Return the open numbers of the day that neither wait in line nor are at a window: the newest, oldest first."""
    found = [told for ticket in state.tickets.values() if (told := _aside(state, ticket, now)) is not None]
    return tuple(sorted(found, key=lambda one: (one.at, one.label))[-MAX_ASIDE_SHOWN:])


def _aside(state: HallState, ticket: Ticket, now: float) -> AsideShown | None:
    if ticket.day != state.day:
        return None
    if ticket.state is TicketState.MISSED:
        return AsideShown(
            label=ticket.label,
            state="missed",
            at=ticket.missed_at,
            window=ticket.window,
            may_return=not ticket.returned,
            item=ticket.item,
        )
    if ticket.state is TicketState.HELD:
        return AsideShown(label=ticket.label, state="held", at=ticket.held_at, window=ticket.window, item=ticket.item)
    if ticket.state is TicketState.WAITING and ticket.away_until > now:
        return AsideShown(
            label=ticket.label, state="away", at=ticket.away_since, until=ticket.away_until, item=ticket.item
        )
    return None


def _queue(state: HallState, series: Series, now: float) -> QueueShown:
    """Everybody who holds a number of this series, whatever the work."""
    entries = sorted(entry for lane, waiting in state.lanes.items() if lane[0] == series for entry in waiting)
    return QueueShown(
        series=series,
        waiting=len(entries),
        longest_wait_s=max(0.0, now - entries[0][0]) if entries else 0.0,
        next_labels=tuple(state.tickets[ticket].label for _, ticket in entries[:NEXT_LABELS]),
    )


def _window(state: HallState, number: WindowId, window: WindowNow, now: float) -> WindowShown:
    told: Literal["closed", "free", "called", "serving"] = "closed"
    label: TicketLabel | None = None
    ticket = state.tickets.get(window.ticket) if window.ticket else None
    if ticket is not None:
        told, label = ("serving" if ticket.state is TicketState.SERVING else "called"), ticket.label
    elif window.staff is not None:
        told = "free"
    return WindowShown(
        window=number,
        state=told,
        label=label,
        staff=window.staff,
        finished_service=_open_rating(state, window, now),
        next_label=_asked_near(state, number, now),
        item=ticket.item if ticket is not None else None,
        items_left=ticket.items_left if ticket is not None else (),
        ticket=window.ticket,
        service=window.service,
    )


def _asked_near(state: HallState, number: WindowId, now: float) -> TicketLabel | None:
    ticket = queueing.precalled(state, number, now)
    return ticket.label if ticket is not None and state.windows[number].staff is not None else None


def _open_rating(state: HallState, window: WindowNow, now: float) -> ServiceId | None:
    service = state.services.get(window.finished) if window.finished else None
    if service is not None and service.ticket == window.ticket:
        return None  # the visit goes on in this hand with its next item: one rating at its end (ADR 0011)
    if service is None or not ratings.is_open(service, now, state.pack.limits.rating_open_s):
        return None
    return service.id
