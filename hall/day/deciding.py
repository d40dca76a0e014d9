"""What a decision is: who asks, what follows, and the hall's own commands that never travel on the wire."""

from dataclasses import dataclass

from hall.commands import AnyReply, Refused
from hall.day_facts import DayGiven
from hall.errors import Reason
from hall.events import Event
from hall.ids import SERVER, BusinessDay, ProxyId, ServiceId, StaffId, TerminalId
from hall.outage.merging import Merged
from hall.pack.tables import Terminal
from hall.queue.state import HallState
from hall.rating_facts import FollowUpEnd


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a terminal and its role as authenticated by the wire. The hall server itself is `SERVER_ASKS`."""

    terminal: TerminalId
    role: str


SERVER_ASKS = Asker(SERVER, "server")


@dataclass(frozen=True, slots=True)
class OpenDay:
    """Open a business day. Internal."""

    day: BusinessDay
    given: DayGiven | None = None
    """What an earlier life of this day has given out, where the ledger knows of one."""


@dataclass(frozen=True, slots=True)
class ConfirmDay:
    """The administrator says that today is this day. Internal; spoken at the hall server's own machine."""

    day: BusinessDay
    by: str
    reason: str
    given: DayGiven | None = None


@dataclass(frozen=True, slots=True)
class NoteKeyRenewed:
    """The key of the open day was lost and made anew. Internal."""

    day: BusinessDay


@dataclass(frozen=True, slots=True)
class PrepareStatement:
    """Number a statement that is about to be handed out. Internal; content and proof were checked before."""

    form: str
    terminal: TerminalId
    person: str
    """Keyed hash of the person, the same all day."""
    digest: str
    check_code: str
    proof: str
    proxy: ProxyId | None = None
    """For somebody who acts for the person, see `proxying.may_open`."""
    session: str = ""
    """`proxies.session_of` the key that the statement will be sealed to."""


@dataclass(frozen=True, slots=True)
class FollowUpRating:
    """Write down what the lead did about a poor rating. Internal, spoken at the console, which knows the rating."""

    service: ServiceId
    end: FollowUpEnd
    text: str
    staff: StaffId


@dataclass(frozen=True, slots=True)
class LookAround:
    """Put back what was called and not started, or whose panel is lost. Internal, asked every few seconds."""

    lost: frozenset[TerminalId] = frozenset()


@dataclass(frozen=True, slots=True)
class EndDay:
    """End the day after closing. Internal; refused while people wait, unless `final` (then their tickets lapse)."""

    final: bool = False


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Settle tickets that panels touched on their own, from all that the ledger holds of them. Internal.

    `facts` also holds every withdrawn request and every announced call: they tell which calls reached nobody.
    """

    facts: Merged


@dataclass(frozen=True, slots=True)
class Decision:
    """The events that make it so, in order, and the answer. No events when refused or when it is so already."""

    events: tuple[Event, ...]
    reply: AnyReply


def refused(reason: Reason, sentence: str) -> Decision:
    """Return a refusal; `sentence` says what is allowed."""
    return Decision((), Refused(reason=reason, sentence=sentence))


def asking_terminal(state: HallState, by: Asker, *roles: str) -> Terminal | Decision:
    """Return the pack's terminal of the asker if it has one of the roles, else the refusal."""
    terminal = state.known.terminals.get(by.terminal)
    if terminal is None or terminal.role != by.role:
        return refused(Reason.NOT_ALLOWED, f"{by.terminal} is not a {by.role} of this hall's pack")
    if by.role not in roles:
        return refused(Reason.NOT_ALLOWED, f"only {', '.join(roles)} may ask this")
    return terminal
