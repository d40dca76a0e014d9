"""How a fact gets into a turn: judged, applied to the standing, given its place in the batch. No I/O but lookups."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from hall.events import Event
from hall.ids import SERVER, EventId, TerminalId
from hall_server.ledger.entries import Batch
from hall_server.ledger.store import Ledger
from hall_server.writer.jobs import Parcel
from hall_server.writer.standing import Rules, Standing, Unchained

log = logging.getLogger(__name__)


class ApplyBrokeError(Exception):
    """An event could not be applied, so the state in memory is suspect. `culprit` identifies the parcel or job."""

    def __init__(self, culprit: int) -> None:
        super().__init__("apply failed")
        self.culprit = culprit


@dataclass(slots=True, kw_only=True)
class Entering:
    """What one turn writes; `batch` must be committed before marks and alarms may go out."""

    standing: Standing
    rules: Rules
    ledger: Ledger
    now: float
    """Hall time of the whole turn."""
    mint: Callable[[], EventId]
    broken: frozenset[int]
    """Identities of parcels and jobs whose events could not be applied in an earlier try of this turn."""
    batch: Batch = field(default_factory=Batch)
    to_mark: dict[TerminalId, set[int]] = field(default_factory=dict)
    alarms: list[tuple[TerminalId, str]] = field(default_factory=list)

    def let_in(self, terminal: TerminalId) -> None:
        """Take events of a terminal again that was shut out for a clash of identity."""
        self.standing.clashed.discard(terminal)
        self.batch.released[terminal] = self.now
        self.to_mark.setdefault(terminal, set())

    def enter_own(self, event: Event) -> None:
        """Enter a fact of the hall server itself that nobody asked for."""
        self.enter_decided(event, msgspec.json.encode(event), id(event))

    def enter_decided(self, event: Event, body: bytes, culprit: int) -> None:
        """Enter a fact of the hall server itself; `culprit` is the job that asked for it, and `body` its bytes."""
        self.standing.own_seq += 1
        mine = Unchained(
            device=SERVER,
            epoch=self.standing.epoch,
            seq=self.standing.own_seq,
            event_id=self.mint(),
            at=self.now,
            kind=type(event).__name__,
            body=body,
        )
        self._apply(event, SERVER, self.now, culprit, ())
        self.standing.append(self.batch, mine, ())

    def enter(
        self, terminal: TerminalId, parcel: Parcel, event: Event, culprit: int, more_flags: tuple[str, ...] = ()
    ) -> None:
        """Apply an event of a terminal and give it its place."""
        flags = (*self._examined(terminal, event, culprit), *more_flags)
        self._apply(event, terminal, parcel.at, culprit, flags)
        kind = type(event).__name__
        theirs = Unchained(terminal, parcel.epoch, parcel.seq, parcel.event_id, parcel.at, kind, parcel.body)
        self.standing.append(self.batch, theirs, flags)

    def _examined(self, terminal: TerminalId, event: Event, culprit: int) -> tuple[str, ...]:
        try:
            return tuple(str(flag) for flag in self.rules.examine(self.standing.state, event, terminal))
        except Exception as error:
            log.exception("a %s of %s could not be examined", type(event).__name__, terminal)
            raise ApplyBrokeError(culprit) from error

    def _apply(self, event: Event, device: TerminalId, at: float, culprit: int, flags: tuple[str, ...]) -> None:
        try:
            self.standing.unsettled.heard(self.standing.state, event, device, flags)
            self.rules.apply(self.standing.state, event, device, at)
        except Exception as error:
            log.exception("a %s of %s could not be applied", type(event).__name__, device)
            raise ApplyBrokeError(culprit) from error
