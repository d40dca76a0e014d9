"""What the guide, or who holds its slip, is told of a number, and how a slip is brought in. `commands` gathers all."""

from enum import StrEnum

from hall.events import TicketIssued
from hall.facts import Command, Reply
from hall.ids import AreaId, StaffId, TerminalId, WindowId


class DeskMove(StrEnum):
    """What the guide may do for somebody with a number, in the order in which a desk offers it."""

    RETURN = "return"
    """过号恢复."""
    COME_BACK = "come_back"
    STEP_AWAY = "step_away"
    SWAP = "swap"
    ADD = "add"
    GRANT = "grant"
    CANCEL = "cancel"


class TicketShown(Reply, frozen=True, kw_only=True):
    """The facts of a ticket as a slip tells them, with the label and wait of now; nothing personal, no ground."""

    issued: TicketIssued
    windows: tuple[WindowId, ...] = ()
    """Where its item is done; empty when the item has left the pack."""
    area: AreaId | None = None
    state: str
    """A `tickets.TicketState`."""
    window: WindowId | None = None
    """The window that called, serves or holds it."""
    away_until: float = 0.0
    """Stepped away: its place is kept until then, hall time; 0 = not away."""
    away_max_min: float = 0.0
    """A place is kept for at most so many minutes."""
    moves: tuple[DeskMove, ...] = ()
    """What the rules allow now."""
    returned: bool = False
    """It was missed, or away, and is back in line by this very question (`ReturnByTicket`)."""


class AdoptTicket(Command, frozen=True, kw_only=True):
    """A slip of a cut-off terminal that the hall server has not heard of; answered with `TicketShown` if signed."""

    issued: TicketIssued
    terminal: TerminalId
    staff: StaffId
    slip: str = ""
    """Its signed code; without one only a guide is believed."""
