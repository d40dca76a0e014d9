"""What the sync room tells the rest of the terminal, and how it writes to the log."""

from dataclasses import dataclass
from typing import Protocol

from hall.commands import Called, Leased
from hall.events import TicketIssued
from hall.ids import AreaId, ServiceId, TicketLabel, WindowId
from hall.wire.board import Board
from hall.wire.health_reports import Alerts
from hall.wire.pack_shown import PackShown
from hall.wire.peers import CallSaid


@dataclass(frozen=True, slots=True)
class BoardArrived:
    """A newer board."""

    board: Board


@dataclass(frozen=True, slots=True)
class PackArrived:
    """The hall pack, first or changed."""

    pack: PackShown


@dataclass(frozen=True, slots=True)
class AlertsArrived:
    """Newer alerts."""

    alerts: Alerts


@dataclass(frozen=True, slots=True)
class ServerWentAway:
    """No beat for `presence.AWAY_AFTER_S`, said once. Also said when the server was never met since the start."""


@dataclass(frozen=True, slots=True)
class ServerCameBack:
    """Beats are heard (again), said once."""


@dataclass(frozen=True, slots=True)
class SelfTestWanted:
    """The guide wants all devices tested; the report answers every order up to `number` of this ledger epoch."""

    ledger_epoch: int
    number: int


@dataclass(frozen=True, slots=True)
class CallsAlone:
    """This panel calls on its own (design 5, L3): how many of its share are left, and the next of them by place."""

    left: int
    next_labels: tuple[TicketLabel, ...] = ()


@dataclass(frozen=True, slots=True)
class Here:
    """Who stands at this window; `service` is None while it has not begun, empty when only the hall knows which."""

    called: Called
    service: ServiceId | None = None


@dataclass(frozen=True, slots=True)
class Connecting:
    """A question of this terminal is held and repeated because no answer came yet (L1), or that is over."""

    held: bool


@dataclass(frozen=True, slots=True)
class PeerCalled:
    """A window called on its own; said over the broker while the server is away."""

    call: CallSaid


News = (
    BoardArrived
    | PackArrived
    | AlertsArrived
    | ServerWentAway
    | ServerCameBack
    | SelfTestWanted
    | CallsAlone
    | Connecting
    | PeerCalled
)


@dataclass(frozen=True, slots=True)
class Issued:
    """A ticket whose `TicketIssued` is committed: only now may paper be printed.

    `leased` is the server's answer; None when the label came from the day reserve (`event.reserve`).
    """

    event: TicketIssued
    windows: tuple[WindowId, ...]
    area: AreaId
    leased: Leased | None = None


class Log(Protocol):
    """A structured log. Facts name codes, counts and seconds; never payloads, names or numbers of people."""

    def info(self, event: str, **facts: str | float) -> object:
        """Write what is normal but worth a line."""

    def warning(self, event: str, **facts: str | float) -> object:
        """Write what somebody may have to act on."""
