"""`hall/<hall>/peers/<terminal>`: what terminals tell each other while the hall server is away; numbers only.

Lossy, and nothing of it enters the ledger: each fact goes there from the terminal that made it. What a peer says is
heeded only while no beat of the server is heard. The topic says who speaks, for nobody else may write there;
`hall.outage.hearsay` bounds what each may say.
"""

import msgspec

from hall.ids import TerminalId, TicketId, TicketLabel, WindowId
from hall.wire.board import WaitingShown


class CallSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A window called, or called again, on its own."""

    ticket: TicketId
    label: TicketLabel
    window: WindowId
    priority: bool = False
    recalled: bool = False
    at: float


class PeerSaid(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a terminal did without the server: a call, or a ticket that now waits."""

    terminal: TerminalId
    called: CallSaid | None = None
    joined: WaitingShown | None = None
    slip: str = ""
    """The signed code of a slip of another terminal that was brought in here; `joined` is that ticket."""
