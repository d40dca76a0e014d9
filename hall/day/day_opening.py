"""Which day is open, decided: by itself where the date follows believably, else by the administrator's word."""

from hall.calendar.believing import FIRST_DAY, Doubt, doubt
from hall.calendar.working_days import business_day, first_call_seq, is_open_day, next_open_days, parse_day
from hall.commands import Done
from hall.day import sweeping
from hall.day.deciding import Asker, ConfirmDay, Decision, NoteKeyRenewed, OpenDay, refused
from hall.day_facts import DayConfirmed, DayGiven, DayKeyRenewed, DayOpened, DayWithdrawn
from hall.errors import HallError, Reason
from hall.events import Event
from hall.ids import SERVER, BusinessDay
from hall.queue.state import HallState
from hall.queue.tickets import ENDED

MAX_BY, MAX_REASON = 40, 200
"""Characters of who confirmed a day, and why."""
HOW = (
    "see that this machine's clock is right, then run: "
    'python -m hall_server --config hall_server.toml day confirm YYYY-MM-DD --by NAME --reason "…" (the date of today)'
)
"""What the administrator does; the date is left to them, for the one we know is the doubtful one."""


def open_day(state: HallState, command: OpenDay, by: Asker, now: float) -> Decision:
    """Open the day that follows; refused with the command that opens it where the date is not believed."""
    if by.terminal != SERVER:
        return refused(Reason.NOT_ALLOWED, "only the hall server opens days")
    if state.day == command.day:
        return Decision((), Done())
    try:
        day = parse_day(command.day)
    except HallError as error:
        return refused(error.reason, error.sentence)
    doubted = doubt(state.believed, command.day)
    if doubted is not None:
        return refused(Reason.ILLEGAL_MOVE, f"{told(doubted, state.believed, command.day)}; {HOW}")
    if not is_open_day(state.pack, day):
        following = next_open_days(state.pack, command.day, 1)
        return refused(Reason.DAY_NOT_OPEN, f"the hall is closed that day; next open: {', '.join(following) or 'none'}")
    return Decision((*sweeping.lapses(state, now), _opened(state, command.day, command.given)), Done())


def confirm_day(state: HallState, command: ConfirmDay, by: Asker, now: float) -> Decision:
    """Take the administrator's word for today's date: withdraw a later day that is open, and open this one.

    On a day on which the hall stays shut, or which is open although a later one was confirmed, only the date is
    confirmed; the next open day then opens by itself.
    """
    said_no = _no_word(command, by, now)
    if said_no is not None:
        return said_no
    confirmed = DayConfirmed(day=command.day, by=command.by, reason=command.reason, at=now)
    if state.day == command.day:
        return Decision(() if state.believed == state.day else (confirmed,), Done())
    events: list[Event] = []
    if state.day is not None and state.day > command.day:
        events += _withdrawal(state, state.day, command, now)
    if not is_open_day(state.pack, parse_day(command.day)):
        return Decision((*events, confirmed), Done())
    if not events:
        events += sweeping.lapses(state, now)
    return Decision((*events, confirmed, _opened(state, command.day, command.given)), Done())


def note_key_renewed(state: HallState, command: NoteKeyRenewed, by: Asker, now: float) -> Decision:
    """Write down that one card may hold a second number today, because the key of the day was lost."""
    if by.terminal != SERVER or state.day is None or command.day != state.day:
        return refused(Reason.NOT_ALLOWED, "only the hall server keeps the key of the open day")
    return Decision((DayKeyRenewed(day=state.day, at=now),), Done())


def told(doubted: Doubt, last: BusinessDay | None, today: BusinessDay) -> str:
    """Return why a date is doubted, for the log and the administrator."""
    match doubted:
        case Doubt.BEFORE_SOFTWARE:
            return f"the clock says {today}, which is before {FIRST_DAY}"
        case Doubt.BEFORE_LAST_DAY:
            return f"the clock says {today}, and {last} was open or confirmed already"
        case Doubt.LONG_AFTER_LAST_DAY:
            return f"the clock says {today}, long after the last open day {last}"


def given(state: HallState) -> DayGiven | None:
    """Return what the open day has given out, for a later life of the same day."""
    if state.day is None:
        return None
    first, last = state.pack.leased
    numbers = {series: number for (day, series), number in state.last_leased.items() if day == state.day}
    for (day, series), taken in state.taken.items():
        known = [number for number in taken if first <= number <= last]
        if day == state.day and known:
            numbers[series] = max(numbers.get(series, 0), *known)
    return DayGiven(numbers=numbers, statements=dict(state.statement_numbers))


def _no_word(command: ConfirmDay, by: Asker, now: float) -> Decision | None:
    if by.terminal != SERVER:
        return refused(Reason.NOT_ALLOWED, "a day is confirmed at the hall server's own machine")
    try:
        parse_day(command.day)
    except HallError as error:
        return refused(error.reason, error.sentence)
    if not (0 < len(command.by.strip()) <= MAX_BY and 0 < len(command.reason.strip()) <= MAX_REASON):
        return refused(Reason.MALFORMED, f"tell who (1 to {MAX_BY} characters) and why (1 to {MAX_REASON})")
    today = business_day(now)
    if command.day != today:
        return refused(
            Reason.ILLEGAL_MOVE,
            f"this machine's clock says {today}, not {command.day}; set the clock right first, then confirm again",
        )
    if command.day < FIRST_DAY:
        return refused(Reason.ILLEGAL_MOVE, f"no day before {FIRST_DAY} can be opened; set the clock right")
    return None


def _opened(state: HallState, day: BusinessDay, before: DayGiven | None) -> DayOpened:
    """Number calls and orders on where a day of a later date has pushed them up: no display takes a lower one."""
    highest = max(state.call_seq, state.numbered_above, *state.last_orders.values())
    return DayOpened(day=day, given=before, after_number=highest if highest > first_call_seq(day) else 0)


def _withdrawal(state: HallState, wrong: BusinessDay, command: ConfirmDay, now: float) -> list[Event]:
    of_day = [ticket for ticket in state.tickets.values() if ticket.day == wrong]
    withdrawn = DayWithdrawn(
        day=wrong,
        by=command.by,
        reason=command.reason,
        at=now,
        issued=len(of_day),
        ended=tuple(ticket.label for ticket in of_day if ticket.state not in ENDED),
    )
    return [*sweeping.lapses(state, now), withdrawn]
