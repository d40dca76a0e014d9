"""The moves of a ticket beside calling and serving it, as facts. Each counts up, so that none is made twice."""

from hall.facts import Fact
from hall.ids import ItemCode, Series, StaffId, TicketId, TicketLabel, WindowId
from hall.oddities import Flagged


class Move(Fact, frozen=True, kw_only=True):
    """A move of one ticket, the `move`-th (from 1): a move that is told again, or late, changes nothing."""

    ticket: TicketId
    move: int
    at: float


class TicketHeld(Move, frozen=True, kw_only=True):
    """挂起: the service pauses while its person fetches a copy; the window is free for others."""

    window: WindowId
    staff: StaffId


class TicketResumed(Move, frozen=True, kw_only=True):
    """The same service goes on, at this window."""

    window: WindowId
    staff: StaffId


class TicketTransferred(Move, frozen=True, kw_only=True):
    """转移: the ticket waits again with its number and first issue time; `to_window` None = any that serves `item`."""

    window: WindowId
    staff: StaffId
    to_window: WindowId | None
    item: ItemCode


class ItemSwapped(Move, frozen=True, kw_only=True):
    """The guide put a wrong item right. Same ticket, same issue time; the label is a second one, or the same."""

    staff: StaffId
    item: ItemCode
    series: Series
    number: int
    suffix: str = ""
    label: TicketLabel


class ItemAdded(Move, frozen=True, kw_only=True):
    """One more item on the same number."""

    staff: StaffId
    item: ItemCode


class NextItemBegun(Move, frozen=True, kw_only=True):
    """The visit goes on with its next item: at the same window, or (`window` None) waiting with its issue time."""

    item: ItemCode
    window: WindowId | None


class TicketCancelled(Move, frozen=True, kw_only=True):
    """Its person gave it up."""

    staff: StaffId


class TicketLapsed(Move, frozen=True, kw_only=True):
    """弃号, final. `cause`: `missed_twice`, or `day_ended`."""

    cause: str


class CallLapsed(Move, frozen=True, kw_only=True):
    """A called ticket went back to its place. `cause`: `not_started`, or `panel_lost`."""

    window: WindowId
    cause: str


class TicketSteppedAway(Move, frozen=True, kw_only=True):
    """暂离: the place is kept, and nobody is called, until `until` (hall time)."""

    until: float


class TicketCameBack(Move, frozen=True, kw_only=True):
    """Back from 暂离 before the time was over."""


class TicketPrecalled(Move, frozen=True, kw_only=True):
    """The next person of a window is asked to come near; no other window calls them meanwhile."""

    label: TicketLabel
    window: WindowId


class TicketReconciled(Move, frozen=True, kw_only=True):
    """What panels did on their own was merged: the ticket is where all facts together put it (`tickets.TicketState`).

    `flags` are what did not fit, each told once.
    """

    state: str
    window: WindowId | None
    flags: tuple[Flagged, ...] = ()
