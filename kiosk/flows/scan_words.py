"""What a scanner brings to a flow, what is then asked, and what comes back."""

from dataclasses import dataclass, field

from hall.desk_facts import TicketShown
from hall.errors import Reason
from hall.ids import TicketId, TicketLabel
from kiosk.flows.kinds import Effect, Happened, Touch


@dataclass(frozen=True, slots=True)
class Scanned(Touch):
    """Somebody held a code under the scanner. `text` is a stranger's: read it with `scanned.read_code` only."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShowTicket(Effect):
    """Ask where the number of this slip stands, and put it back in line if it was missed.

    Answers `TicketTold` or `TicketNotTold`.
    """

    ticket: TicketId
    label: TicketLabel


@dataclass(frozen=True, slots=True)
class TicketTold(Happened):
    """The hall told where it stands; `shown.returned` when it is back in line by this."""

    shown: TicketShown


@dataclass(frozen=True, slots=True)
class TicketNotTold(Happened):
    """The hall does not know this slip, or did not answer."""

    ticket: TicketId
    reason: Reason
