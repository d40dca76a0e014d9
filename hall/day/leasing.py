"""取号, decided: who may have which number now, and what the resident is told."""

import re

from hall.calendar.believing import doubt
from hall.calendar.working_days import business_day, taking_tickets
from hall.commands import Leased, LeaseLabel, Refused
from hall.day.deciding import Asker, Decision, asking_terminal, refused
from hall.day.granting import over_the_cap
from hall.errors import Reason
from hall.events import Event, LabelLeased, PriorityGranted
from hall.ids import BusinessDay, Series, TerminalId, TicketLabel, WindowId
from hall.pack.tables import ServiceItem
from hall.people.age_offer import BY_CARD
from hall.queue import estimates, numbering
from hall.queue.state import HallState
from hall.queue.tickets import ENDED, Lease, TicketState

KEYED_HASH = re.compile(r"[0-9a-f]{64}")
MAX_ITEMS = 5
"""Of one visit: beyond it an appointment serves everybody better."""

LOST_S = 120.0
"""A label set aside for a card holds its queue so long without a ticket: its terminal may be cut off just now. After
that the terminal is taken to have died with it, and nobody is kept from a number all day."""
LOST_AT_ONE_S = 10.0
"""The same terminal asks for one person after the other, and tells its tickets before it asks again; only a second
question at the very same moment is held."""


def lease(state: HallState, command: LeaseLabel, by: Asker, now: float) -> Decision:
    """Set a label aside. The same ticket asked again gets the same label and changes nothing."""
    terminal = asking_terminal(state, by, "self_service", "guide_desk")
    if isinstance(terminal, Decision):
        return terminal
    item = state.known.items.get(command.item)
    if item is None:
        return refused(Reason.UNKNOWN_ITEM, f"{command.item} is not an item of this hall's pack")
    known = state.leases.get(command.ticket)
    if known is not None:
        return Decision((), _leased(state, command, item, known, now))
    said_no = _desk_refusal(state, command, by) or _visit_refusal(state, command, item, by, now)
    if said_no is not None:
        return said_no
    day = _taking_day(state, command, now)
    return day if isinstance(day, Decision) else _lease_new(state, command, by, now, item=item, day=day)


def _desk_refusal(state: HallState, command: LeaseLabel, by: Asker) -> Decision | None:
    if by.role != "guide_desk":
        by_card = command.wants_priority and bool(command.person)  # judged and sealed by the hall server itself
        if command.issuer is None and (command.sealed_grant is None or by_card):
            return None
        return refused(Reason.NOT_ALLOWED, "only the guide desk may grant priority")
    issuer = state.desks.get(by.terminal)
    if issuer is None or command.issuer not in (None, issuer):
        return refused(Reason.NOT_SIGNED_IN, f"the issuer must be signed in at {by.terminal}")
    return None


def _visit_refusal(state: HallState, command: LeaseLabel, item: ServiceItem, by: Asker, now: float) -> Decision | None:
    """Further items, appointment, and one open ticket for each person and queue."""
    unknown = [code for code in command.more_items if code not in state.known.items]
    if unknown or len(command.more_items) >= MAX_ITEMS:
        return refused(Reason.UNKNOWN_ITEM, f"a visit has at most {MAX_ITEMS} items of the pack; not {unknown}")
    if command.appointment_at and by.role != "guide_desk":
        return refused(Reason.NOT_ALLOWED, "an appointment is seen at the guide desk")
    if not command.person:
        return None
    if not KEYED_HASH.fullmatch(command.person):
        return refused(Reason.MALFORMED, "a person is told by a keyed hash of 64 hex digits only")
    held = held_by_card(state, command.person, item.series, by.terminal, now)
    if held is not None:
        told = f"{held} is still open in this queue"
        return Decision((), Refused(reason=Reason.ALREADY_HOLDING, sentence=told, label=held))
    return None


def held_by_card(state: HallState, person: str, work: Series, terminal: TerminalId, now: float) -> TicketLabel | None:
    """Return the label that a card holds open in a queue already, issued or only just set aside for it."""
    key = state.holders.get((person, work))
    if key is None:
        return None
    ticket, given = state.tickets.get(key), state.leases.get(key)
    if ticket is not None:
        gone = ticket.state in ENDED or (ticket.state is TicketState.MISSED and ticket.returned)
        return None if gone else ticket.label
    if given is None or abs(now - given.at) >= (LOST_AT_ONE_S if given.terminal == terminal else LOST_S):
        return None
    return numbering.label(given.series, given.number)


def _taking_day(state: HallState, command: LeaseLabel, now: float) -> BusinessDay | Decision:
    if state.day is None or state.day != business_day(now):
        if doubt(state.believed, business_day(now)) is not None:
            return refused(Reason.SERVER_AWAY, "the date of the hall server's clock is in doubt; day reserves serve on")
        return refused(Reason.DAY_NOT_OPEN, f"the open day is {state.day or 'none'}; today is {business_day(now)}")
    if not taking_tickets(state.pack, now):
        return refused(Reason.OUTSIDE_HOURS, f"numbers are issued: {state.pack.hall.hours_text}")
    if command.ticket in state.tickets:
        return refused(Reason.TOO_LATE, "this ticket was issued already, with a number of its own")
    return state.day


def _lease_new(
    state: HallState, command: LeaseLabel, by: Asker, now: float, *, item: ServiceItem, day: BusinessDay
) -> Decision:
    priority = command.sealed_grant is not None
    series = state.known.priority_series if priority else item.series
    key = (day, series)
    number = numbering.next_leased(state.taken.get(key, set()), state.last_leased.get(key, 0), state.pack.leased)
    if number is None:
        return refused(Reason.RANGE_EXHAUSTED, f"all numbers of series {series} are given out; reserves remain")
    new = Lease(day, series, number)
    events: list[Event] = [
        LabelLeased(
            ticket=command.ticket,
            terminal=by.terminal,
            day=day,
            series=series,
            number=number,
            work=item.series,
            person=command.person,
            appointment_at=command.appointment_at,
        )
    ]
    if command.sealed_grant is not None:
        issuer = state.desks[by.terminal] if by.role == "guide_desk" else BY_CARD
        said_no = over_the_cap(state, issuer)
        if said_no is not None:
            return said_no
        events.append(PriorityGranted(ticket=command.ticket, issuer=issuer, sealed=command.sealed_grant))
    return Decision(tuple(events), _leased(state, command, item, new, now))


def _leased(state: HallState, command: LeaseLabel, item: ServiceItem, given: Lease, now: float) -> Leased:
    numbered = given.series == state.known.priority_series
    priority = numbered or item.priority  # an item may be served first under its own queue's number (条例第17条)
    return Leased(
        ticket=command.ticket,
        day=given.day,
        series=given.series,
        number=given.number,
        label=numbering.label(given.series, given.number),
        windows=windows_told(state, item, priority=numbered),
        area=item.area,
        quote=estimates.quote(state, (given.series, item.series, priority), now),
        priority=numbered,
    )


def windows_told(state: HallState, item: ServiceItem, *, priority: bool) -> tuple[WindowId, ...]:
    """The windows to print: for priority those that take priority numbers, if any of the item's windows does."""
    if not priority:
        return item.windows
    own = tuple(number for number in item.windows if state.known.priority_series in state.known.windows[number].series)
    return own or item.windows
