"""A slip of a cut-off terminal is brought in by a guide or at a window, before its terminal can tell of it.

With its signed code it is believed because the terminal signed it; without one, as when a slip has got wet, only a
guide who stands there is believed. The same ticket twice is the same ticket.
"""

from hall.commands import Done
from hall.day import desk_reading
from hall.day.deciding import Asker, Decision, asking_terminal, refused
from hall.desk_facts import AdoptTicket
from hall.errors import Reason
from hall.events import TicketAdopted, TicketIssued
from hall.ids import BusinessDay, TerminalId
from hall.outage.hearsay import ADOPTERS
from hall.outage.signed_slips import SignedSlip, SlipFault, check
from hall.pack.tables import Terminal
from hall.queue import numbering
from hall.queue.state import HallState

REASONS = {
    SlipFault.UNREADABLE: Reason.MALFORMED,
    SlipFault.OTHER_HALL: Reason.NOT_ALLOWED,
    SlipFault.OTHER_DAY: Reason.DAY_NOT_OPEN,
    SlipFault.UNVERIFIED: Reason.NOT_VERIFIED,
}
"""How a slip that is not believed reads as a refusal."""


def adopt(state: HallState, command: AdoptTicket, by: Asker, now: float) -> Decision:
    """Enter the ticket, unless the hall has it already; a signed slip is answered with its facts as they stand."""
    said_no = _may_not(state, command, by) or _not_believed(state, command)
    if said_no is not None:
        return said_no
    told = command.issued
    known = state.tickets.get(told.ticket)
    if known is not None:
        facts = desk_reading.facts_of(state, known, now) if command.slip else Done()
        return Decision((), facts)
    terminal = state.known.terminals.get(command.terminal)
    if terminal is None:
        return refused(Reason.NOT_ALLOWED, f"{command.terminal} is not a terminal of this hall's pack")
    if told.day != state.day:
        return refused(Reason.ILLEGAL_MOVE, f"the slip is of {told.day}; open is {state.day or 'no day'}")
    if told.item not in state.known.items:
        return refused(Reason.UNKNOWN_ITEM, f"{told.item} is not an item of this hall's pack")
    if told.series not in state.known.means:
        return refused(Reason.MALFORMED, "the slip bears a series that is not in this hall's pack")
    said_no = _not_its_number(terminal, told)
    if said_no is not None:
        return said_no
    if (told.day, told.series, told.number, told.suffix) in state.labels:
        return refused(Reason.ILLEGAL_MOVE, f"{told.label} belongs to another ticket")
    adopted = TicketAdopted(issued=told, terminal=terminal.id, staff=command.staff, adopted_at=now, slip=command.slip)
    return Decision((adopted,), desk_reading.facts_told(state, told) if command.slip else Done())


def is_signed(state: HallState, event: TicketAdopted, device: TerminalId) -> bool:
    """Tell whether a terminal that brought in a slip alone may: its role adopts, and the slip's terminal signed it."""
    adopter = state.known.terminals.get(device)
    if adopter is None or adopter.role not in ADOPTERS or not event.slip:
        return False
    slip = check(event.slip, hall=state.pack.hall.id, day=event.issued.day, keys=state.slip_keys)
    return isinstance(slip, SignedSlip) and (slip.terminal, slip.issued) == (event.terminal, event.issued)


def _may_not(state: HallState, command: AdoptTicket, by: Asker) -> Decision | None:
    terminal = asking_terminal(state, by, *ADOPTERS)
    if isinstance(terminal, Decision):
        return terminal
    window = state.windows.get(terminal.window) if terminal.window is not None else None
    here = window.staff if window is not None else state.desks.get(by.terminal)
    if here != command.staff:
        return refused(Reason.NOT_SIGNED_IN, f"sign in at {by.terminal} first")
    if by.role != "guide_desk" and not command.slip:
        return refused(Reason.NOT_ALLOWED, "without its code a slip is brought in at the guide desk")
    return None


def _not_believed(state: HallState, command: AdoptTicket) -> Decision | None:
    if not command.slip:
        return None
    slip = check(command.slip, hall=state.pack.hall.id, day=state.day or BusinessDay(""), keys=state.slip_keys)
    if isinstance(slip, SlipFault):
        return refused(REASONS[slip], f"the slip is not believed: {slip.value}")
    if (slip.terminal, slip.issued) != (command.terminal, command.issued):
        return refused(Reason.MALFORMED, "the code says something else than the command")
    return None


def _not_its_number(terminal: Terminal, told: TicketIssued) -> Decision | None:
    """A slip made without the server has a number of its terminal's reserve, or its suffix; anything else is odd."""
    first, last = terminal.reserve or (1, 0)
    own = told.suffix == terminal.id if told.suffix else first <= told.number <= last
    if own and told.reserve and told.label == numbering.label(told.series, told.number, told.suffix):
        return None
    return refused(Reason.ILLEGAL_MOVE, f"{told.label} is no number that {terminal.id} gives out alone")
