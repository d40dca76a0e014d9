"""What is odd about an event that a terminal minted. Adoption never refuses: it keeps the event and flags it."""

from enum import StrEnum

from hall.calendar.working_days import business_day
from hall.day.adopting import is_signed
from hall.day.applying_alone import is_its_panel
from hall.errors import Reason
from hall.events import (
    Event,
    HelpRequested,
    PriorityGranted,
    RequestWithdrawn,
    SelfTestEnded,
    ServiceFinished,
    ServiceRated,
    ServiceStarted,
    SlipEnded,
    TicketAdopted,
    TicketCalled,
    TicketIssued,
    TicketMissed,
    TicketRecalled,
)
from hall.ids import SERVER, TerminalId
from hall.outage.sharing import ALONE_RULE, NO_CALL_SEQ
from hall.queue.numbering import label
from hall.queue.state import HallState
from hall.queue.tickets import ENDED, Lease
from hall.rating_facts import RatingReasonsGiven
from hall.services.ratings import reasons_refusal, refusal
from hall.staff_facts import StaffContinued

TERMINAL_KINDS = frozenset(
    {
        "TicketIssued",
        "PriorityGranted",
        "SlipEnded",
        "ServiceRated",
        "RatingReasonsGiven",
        "CallAnnounced",
        "RequestWithdrawn",
        "HelpRequested",
        "StatementEnded",
        "DeviceChanged",
        "SelfTestEnded",
        "TerminalStarted",
    }
)
"""What terminals mint while the server assigns all calls; all else from a terminal is flagged and moves nobody."""


class Flag(StrEnum):
    """Why somebody should look at an adopted event."""

    UNKNOWN_TERMINAL = "unknown_terminal"
    NOT_A_TERMINALS_EVENT = "not_a_terminals_event"
    OTHER_TERMINAL = "other_terminal"
    LABEL_CLASH = "label_clash"
    LABEL_MISMATCH = "label_mismatch"
    NOT_LEASED = "not_leased"
    OUTSIDE_RESERVE = "outside_reserve"
    SECOND_ISSUE = "second_issue"
    SECOND_OF_CARD = "second_of_card"
    WRONG_DAY = "wrong_day"
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_SERIES = "unknown_series"
    PRIORITY_WITHOUT_GRANT = "priority_without_grant"
    GRANT_BY_OTHERS = "grant_by_others"
    UNKNOWN_TICKET = "unknown_ticket"
    UNKNOWN_SERVICE = "unknown_service"
    SECOND_RATING = "second_rating"
    RATED_BY_STAFF_TERMINAL = "rated_by_staff_terminal"
    RATED_AT_OTHER_WINDOW = "rated_at_other_window"
    NOT_RATABLE = "not_ratable"
    CONTINUED_WITHOUT_PIN = "continued_without_pin"


def examine(state: HallState, event: Event, device: TerminalId) -> tuple[Flag, ...]:
    """Return the flags of an event of `device`, judged before it is applied. The server's own events have none."""
    if device == SERVER:
        return ()
    flags = [] if device in state.known.terminals else [Flag.UNKNOWN_TERMINAL]
    if not has_a_say(state, event, device):
        flags.append(Flag.NOT_A_TERMINALS_EVENT)
    match event:
        case TicketIssued():
            flags += _issued(state, event, device)
        case PriorityGranted():
            terminal = state.known.terminals.get(device)
            if terminal is None or terminal.role != "guide_desk":
                flags.append(Flag.GRANT_BY_OTHERS)
        case SlipEnded() if event.ticket not in state.tickets:
            flags.append(Flag.UNKNOWN_TICKET)
        case ServiceRated() | RatingReasonsGiven():
            flags += _rated(state, event, device)
        case HelpRequested() | SelfTestEnded() if event.terminal != device:
            flags.append(Flag.OTHER_TERMINAL)
        case StaffContinued():
            flags.append(Flag.CONTINUED_WITHOUT_PIN)
        case RequestWithdrawn() if not is_its_panel(state, device, event.window):
            flags.append(Flag.OTHER_TERMINAL)
    return tuple(flags)


def has_a_say(state: HallState, event: Event, device: TerminalId) -> bool:
    """Tell whether an event is of a kind that `device` may mint at all; the hall server may mint every kind."""
    if device == SERVER or type(event).__name__ in TERMINAL_KINDS:
        return True
    return _alone_at_own_window(state, event, device)


def _alone_at_own_window(state: HallState, event: Event, device: TerminalId) -> bool:
    """What a panel mints while the server is away: signed slips brought in, calls without a number, what follows."""
    match event:
        case TicketCalled() if event.rule != ALONE_RULE or event.call_seq != NO_CALL_SEQ:
            return False
        case TicketRecalled() if event.call_seq != NO_CALL_SEQ:
            return False
        case TicketAdopted():
            return is_signed(state, event, device)
        case TicketCalled() | TicketRecalled() | TicketMissed() | ServiceStarted() | ServiceFinished():
            return is_its_panel(state, device, event.window)
        case StaffContinued():
            return event.terminal == device and is_its_panel(state, device, event.window)
    return False


def _issued(state: HallState, event: TicketIssued, device: TerminalId) -> list[Flag]:
    before = state.tickets.get(event.ticket)
    holder = state.labels.get((event.day, event.series, event.number, event.suffix))
    lease = state.leases.get(event.ticket) or state.unissued.get(event.ticket)
    leased = lease is not None and (lease.day, lease.series, lease.number) == (event.day, event.series, event.number)
    found = {
        Flag.SECOND_ISSUE: before is not None and not (before.adopted and before.terminal == device),
        Flag.LABEL_CLASH: holder not in (None, event.ticket),
        Flag.LABEL_MISMATCH: event.label != label(event.series, event.number, event.suffix),
        Flag.NOT_LEASED: not event.reserve and not leased,
        Flag.OUTSIDE_RESERVE: event.reserve and not _own_number(state, event, device),
        Flag.WRONG_DAY: event.day != state.day and not told_late(state, event),
        Flag.UNKNOWN_ITEM: event.item not in state.known.items,
        Flag.UNKNOWN_SERIES: event.series not in state.known.means,
        Flag.PRIORITY_WITHOUT_GRANT: event.priority and event.ticket not in state.grants,
        Flag.SECOND_OF_CARD: lease is not None and _second_of_card(state, event, lease),
    }
    return [flag for flag, is_so in found.items() if is_so]


def told_late(state: HallState, event: TicketIssued) -> bool:
    """Tell whether a ticket was issued on its own day, which is over: its terminal was cut off, nothing is wrong."""
    return state.day is not None and event.day < state.day and business_day(event.issued_at) == event.day


def _second_of_card(state: HallState, event: TicketIssued, lease: Lease) -> bool:
    """Tell whether the card of this ticket took another number meanwhile, which is open: its terminal was cut off."""
    if not lease.person:
        return False
    others = (key for key, one in state.leases.items() if (one.person, one.work) == (lease.person, lease.work))
    held = (state.tickets.get(key) for key in others if key != event.ticket)
    return any(ticket is not None and ticket.state not in ENDED for ticket in held)


def _own_number(state: HallState, event: TicketIssued, device: TerminalId) -> bool:
    terminal = state.known.terminals.get(device)
    if event.suffix:
        return event.suffix == device
    if terminal is None or terminal.reserve is None:
        return False
    return terminal.reserve[0] <= event.number <= terminal.reserve[1]


def _rated(state: HallState, event: ServiceRated | RatingReasonsGiven, device: TerminalId) -> list[Flag]:
    terminal, service = state.known.terminals.get(device), state.services.get(event.service)
    role, window = (terminal.role, terminal.window) if terminal else ("", None)
    if isinstance(event, RatingReasonsGiven):
        told = reasons_refusal(service, role, window, event.dimensions)
    else:
        told = refusal(service, role, window, event.grade)
    return [_RATING_FLAGS[told]] if told else []


_RATING_FLAGS = {
    Reason.NOT_ALLOWED: Flag.RATED_BY_STAFF_TERMINAL,
    Reason.UNKNOWN_SERVICE: Flag.UNKNOWN_SERVICE,
    Reason.UNKNOWN_WINDOW: Flag.RATED_AT_OTHER_WINDOW,
    Reason.ALREADY_RATED: Flag.SECOND_RATING,
    Reason.ILLEGAL_MOVE: Flag.NOT_RATABLE,
}
