"""What devices, server and time report. Values that may hold personal data have `repr=False`."""

from dataclasses import dataclass, field
from enum import StrEnum

from hall.commands import Called, Leased, SignedIn
from hall.errors import Reason
from hall.events import TicketIssued
from hall.ids import JobId, ServiceId, WindowId
from hall.statements.sheets import Statement
from hall.wire.board import Board
from hall.wire.peers import CallSaid
from kiosk.flows.kinds import Happened
from kiosk.ports import CardProblem, Fault, IdCard, PrintOutcome, SocialCard, SocialField


class CardKind(StrEnum):
    """Which reader."""

    ID = "id"
    SOCIAL = "social"


@dataclass(frozen=True, slots=True)
class CardSeen(Happened):
    """A card was laid on or put in."""

    card: CardKind
    mono: float = 0.0


@dataclass(frozen=True, slots=True)
class CardTaken(Happened):
    """A card was removed, where the reader can see it."""

    card: CardKind


@dataclass(frozen=True, slots=True)
class IdCardRead(Happened):
    """The ID card answered."""

    card: IdCard = field(repr=False)


@dataclass(frozen=True, slots=True)
class SocialCardRead(Happened):
    """The social-security card answered."""

    card: SocialCard = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardFailed(Happened):
    """The card gave nothing."""

    problem: CardProblem
    missing: tuple[SocialField, ...] = ()
    """Of `HIDES_HOLDER`: what the card shows to nobody without a PSAM."""


@dataclass(frozen=True, slots=True)
class PinAnswered(Happened):
    """One PIN try was answered."""

    accepted: bool
    tries_left: int | None


@dataclass(frozen=True, slots=True)
class TicketReady(Happened):
    """The ticket is committed in the journal; paper may now be printed. `leased` is None for a reserve number."""

    issued: TicketIssued
    leased: Leased | None


@dataclass(frozen=True, slots=True)
class AskRefused(Happened):
    """The hall said no to what this flow asked."""

    reason: Reason
    tries_left: int | None = None


@dataclass(frozen=True, slots=True)
class StatementArrived(Happened):
    """The person's own statement, opened in memory."""

    statement: Statement = field(repr=False)


@dataclass(frozen=True, slots=True)
class PrintStalled(Happened):
    """The job waits for people (`fault`), or goes on (`None`)."""

    job: JobId
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class PrintEnded(Happened):
    """The job ended."""

    job: JobId
    outcome: PrintOutcome
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class StaffArrived(Happened):
    """Sign-in accepted."""

    who: SignedIn


@dataclass(frozen=True, slots=True)
class StaffLeft(Happened):
    """Sign-out done."""


@dataclass(frozen=True, slots=True)
class TicketAtWindow(Happened):
    """A call or recall was decided."""

    called: Called


@dataclass(frozen=True, slots=True)
class ServiceBegan(Happened):
    """Start was decided; of a held number that goes on, `called` is what the hall knows of it."""

    service: ServiceId
    called: Called | None = None


@dataclass(frozen=True, slots=True)
class ServiceOver(Happened):
    """Finish, missed, hold or transfer was decided: the window is free."""


@dataclass(frozen=True, slots=True)
class MoveMade(Happened):
    """Pre-call or a further item was decided: the person stays."""


@dataclass(frozen=True, slots=True)
class BoardChanged(Happened):
    """A new board arrived. `last_spoken` is the highest call this terminal has announced; `window` its own window."""

    board: Board
    last_spoken: int = 0
    window: WindowId | None = None


@dataclass(frozen=True, slots=True)
class PeerCall(Happened):
    """A window called without the hall server; its panel said so over the broker."""

    call: CallSaid


@dataclass(frozen=True, slots=True)
class HallKnown(Happened):
    """This terminal has a hall pack and a business day and can work. `window` is its own, if it has one."""

    window: WindowId | None = None


@dataclass(frozen=True, slots=True)
class WentIdle(Happened):
    """Nobody has touched anything for the idle time."""


@dataclass(frozen=True, slots=True)
class TimerFired(Happened):
    """A timer of this step ran out."""

    name: str
