"""Facts about who works at a window beside signing in and out."""

from hall.facts import Fact
from hall.ids import StaffId, TerminalId, WindowId


class StaffContinued(Fact, frozen=True, kw_only=True):
    """Without a PIN: a panel that was started again in an outage goes on with who was signed in there before.

    Somebody at the panel said so; `last_seen_at` is when the program that ended was last known to run, hall time.
    Always flagged: the lead looks at it.
    """

    staff: StaffId
    terminal: TerminalId
    window: WindowId
    last_seen_at: float
    at: float
