"""What may be handed to the writer, and what it hands out after its commit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hall.commands import AnyReply
from hall.day.decisions import Asker, Decidable, HallState
from hall.errors import Reason
from hall.events import Event
from hall.ids import EventId, RequestId, StaffId, TerminalId
from hall.wire.board import Board
from hall.wire.lanes import Mark, Orders
from hall_server.ledger.entries import Act


@dataclass(frozen=True, slots=True)
class Parcel:
    """One event of a terminal as it came. `event` is None when the body is poison; `reason` then says why."""

    epoch: int
    seq: int
    event_id: EventId
    at: float
    body: bytes
    event: Event | None
    reason: Reason = Reason.MALFORMED
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Rubbish:
    """Bytes from a terminal that have no place in its sequence."""

    raw: bytes
    reason: Reason
    sentence: str


@dataclass(frozen=True, slots=True)
class UpJob:
    """Events from a terminal, in order. The terminal's identity is its topic's."""

    terminal: TerminalId
    parcels: tuple[Parcel, ...] = ()
    rubbish: tuple[Rubbish, ...] = ()


@dataclass(frozen=True, slots=True)
class AskJob:
    """A command to decide once. `done` is called on the writer's thread after the commit; it only enqueues."""

    asker: Asker
    request: RequestId
    after_epoch: int
    after_seq: int
    deadline_s: float
    """Monotonic; an answer after it is of no use."""
    command: Decidable
    done: Callable[[AnyReply], None]


@dataclass(frozen=True, slots=True)
class OwnJob:
    """A command of the server itself. `done` also gets the events, as they stand in the ledger."""

    command: Decidable
    done: Callable[[AnyReply, tuple[Event, ...]], None]


@dataclass(frozen=True, slots=True)
class HelloJob:
    """A terminal says it is here: it is told its marks again."""

    terminal: TerminalId
    slip_key: bytes = b""
    """What its slips are signed with; empty of one that gives out no numbers."""


@dataclass(frozen=True, slots=True)
class ReleaseJob:
    """Somebody has seen to a device that was shut out for a clash of identity: let it in again."""

    terminal: TerminalId


@dataclass(frozen=True, slots=True)
class SettleJob:
    """A member of staff sees to a quarantine entry. `done` is called on the writer's thread after the commit."""

    entry: int
    act: Act
    staff: StaffId
    reason: str
    done: Callable[[AnyReply], None]


@dataclass(frozen=True, slots=True)
class LookJob:
    """Somebody wants to see the queue day as it stands after a commit. `look` runs on the writer's thread: be brief."""

    look: Callable[[HallState], None]


Job = UpJob | AskJob | OwnJob | HelloJob | ReleaseJob | SettleJob | LookJob


class Outlet(Protocol):
    """Where the writer's news go, on its thread, after the commit. Implementations only enqueue."""

    def marked(self, terminal: TerminalId, mark: Mark) -> None:
        """Tell a terminal what the ledger holds of it."""

    def board(self, board: Board) -> None:
        """A new board."""

    def ordered(self, terminal: TerminalId, orders: Orders) -> None:
        """Tell a terminal what it must do once: its open orders have changed, or it has said hello."""

    def alarm(self, terminal: TerminalId, code: str, at: float) -> None:
        """Somebody must see to `identity_clash`, `poison`, `rubbish`, `commit_failed`, `slip_key_changed`."""
