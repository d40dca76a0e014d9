"""One ticket's facts, told in order: its state, where it is, and what did not fit.

The first call by corrected time, then event id, wins; later ones are flagged. Where the person was served outweighs
where they were called.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from hall.events import (
    PriorityGranted,
    ServiceFinished,
    ServiceStarted,
    TicketAdopted,
    TicketCalled,
    TicketIssued,
    TicketMissed,
    TicketReturned,
)
from hall.ids import BusinessDay, EventId, TicketId, TicketLabel, WindowId
from hall.moves import (
    CallLapsed,
    ItemSwapped,
    Move,
    NextItemBegun,
    TicketCancelled,
    TicketHeld,
    TicketLapsed,
    TicketResumed,
    TicketTransferred,
)
from hall.oddities import Flagged, Oddity
from hall.outage.merging import Noted, Unheard, in_order
from hall.queue.tickets import ENDED, TicketState

_LEADS: dict[type[Move], tuple[frozenset[TicketState], TicketState]] = {
    TicketHeld: (frozenset({TicketState.SERVING}), TicketState.HELD),
    TicketResumed: (frozenset({TicketState.HELD}), TicketState.SERVING),
    TicketTransferred: (frozenset({TicketState.SERVING, TicketState.CALLED}), TicketState.WAITING),
    NextItemBegun: (frozenset({TicketState.DONE}), TicketState.WAITING),
    CallLapsed: (frozenset({TicketState.CALLED}), TicketState.WAITING),
    TicketCancelled: (frozenset(TicketState) - ENDED, TicketState.CANCELLED),
    TicketLapsed: (frozenset(TicketState) - ENDED, TicketState.LAPSED),
}
"""From which states a move leads, and where to; moves that are not named here change no state."""


class Reconciled(msgspec.Struct, frozen=True, kw_only=True):
    """One ticket after the merge. `call` is the call that counts, `window` where it is or was last."""

    ticket: TicketId
    day: BusinessDay
    """Empty while its issue has not arrived."""
    label: TicketLabel
    priority: bool
    state: TicketState
    since: float
    """Its place: corrected time of issue, or where it was put back after a miss."""
    window: WindowId | None = None
    call: EventId | None = None


@dataclass(slots=True)
class Story:
    """One ticket's facts, read in order. `unheard` tells which calls reached nobody."""

    ticket: TicketId
    unheard: Unheard
    issued: Noted | None = None
    issue: TicketIssued | None = None
    label: TicketLabel | None = None
    priority: bool = False
    told_of: bool = False
    """False when nothing but a lease or a print job is known: that is no ticket yet."""
    state: TicketState = TicketState.WAITING
    since: float = 0.0
    window: WindowId | None = None
    call: EventId | None = None
    serving: set[WindowId] = field(default_factory=set)
    """Windows where a service began that counts now."""
    served: set[WindowId] = field(default_factory=set)
    """Windows where one ever began."""
    flags: list[Flagged] = field(default_factory=list)

    def read(self, facts: Iterable[Noted]) -> "Story":
        """Read all facts of the ticket, in whatever order they are given; call it once."""
        ordered = in_order(facts)
        for noted in ordered:  # whatever the clocks say, a ticket is issued before anything else happens to it
            match noted.event:
                case TicketIssued() as event:
                    self._issued(noted, event)
                case PriorityGranted():
                    self.priority = True
        for noted in ordered:  # a slip that a guide brought in stands for the issue until its terminal tells it
            if isinstance(noted.event, TicketAdopted) and self.issue is None:
                self._issued(noted, noted.event.issued)
        for noted in ordered:
            self._read_one(noted)
        return self

    def reconciled(self) -> Reconciled:
        """Return what the facts say together."""
        return Reconciled(
            ticket=self.ticket,
            day=self.issue.day if self.issue else BusinessDay(""),
            label=self.label or TicketLabel(""),
            priority=self.priority,
            state=self.state,
            since=self.since,
            window=self.window,
            call=self.call,
        )

    def _issued(self, noted: Noted, event: TicketIssued) -> None:
        if self.issue is not None:
            self._flag(noted, Oddity.SECOND_ISSUE)
            return
        self.issued, self.issue, self.told_of, self.label = noted, event, True, event.label
        self.since, self.priority = event.issued_at + noted.offset_s, self.priority or event.priority

    def _read_one(self, noted: Noted) -> None:
        match noted.event:
            case TicketCalled() as event:
                self._called(noted, event)
            case TicketMissed() as event:
                self._missed(noted, event)
            case TicketReturned() as event:
                self._returned(noted, event)
            case ServiceStarted() as event:
                self._started(noted, event.window)
            case ServiceFinished() as event:
                self._finished(noted, event.window)
            case Move() as event:
                self._moved(noted, event)
            case _:
                return
        self.told_of = True
        if self.issue is None:
            self._flag(noted, Oddity.NOT_ISSUED)

    def _called(self, noted: Noted, event: TicketCalled) -> None:
        self.label = self.label or event.label
        if (noted, event) in self.unheard:
            self._flag(noted, Oddity.CALL_RETURNED, event.window)
        elif self.state is TicketState.WAITING:
            self.state, self.window, self.call = TicketState.CALLED, event.window, noted.event_id
        elif self.state in {TicketState.CALLED, TicketState.SERVING}:
            self._flag(noted, Oddity.ALREADY_CALLED, event.window)
        else:
            self._flag(noted, Oddity.CALLED_TOO_LATE, event.window)

    def _missed(self, noted: Noted, event: TicketMissed) -> None:
        if self.state is TicketState.CALLED and event.window == self.window:
            self.state = TicketState.MISSED
        else:
            self._flag(noted, Oddity.MISSED_ELSEWHERE, event.window)

    def _returned(self, noted: Noted, event: TicketReturned) -> None:
        if self.state is TicketState.MISSED:
            self.state, self.window, self.call = TicketState.WAITING, None, None
            self.since = event.since + noted.offset_s
        else:
            self._flag(noted, Oddity.NOT_MISSED)

    def _started(self, noted: Noted, window: WindowId) -> None:
        if self.state is TicketState.SERVING and self.serving == {window}:
            return
        if self.serving - {window} or self.state is TicketState.DONE:
            self._flag(noted, Oddity.SERVED_TWICE, window)
        else:
            if self.state is not TicketState.CALLED:
                self._flag(noted, Oddity.SERVED_UNCALLED, window)
            elif window != self.window:
                self._flag(noted, Oddity.SERVED_ELSEWHERE, window)
            self.state, self.window = TicketState.SERVING, window
        self.serving.add(window)
        self.served.add(window)

    def _finished(self, noted: Noted, window: WindowId) -> None:
        if window not in self.served:
            self._flag(noted, Oddity.FINISHED_UNSEEN, window)
            if self.served:
                return
            self.window = window
        if window == self.window:
            self.state = TicketState.DONE

    def _moved(self, noted: Noted, event: Move) -> None:
        if isinstance(event, ItemSwapped):
            self.label = event.label
        if type(event) not in _LEADS:
            return
        states, to = _LEADS[type(event)]
        here = event.window if isinstance(event, TicketHeld | TicketTransferred | CallLapsed) else self.window
        if self.state not in states or here != self.window:
            self._flag(noted, Oddity.OUT_OF_PLACE, here or "")
            return
        self.state = to
        match event:
            case TicketResumed(window=window):
                self.window = window
                self.serving = {window}
                self.served.add(window)
            case NextItemBegun(window=window) if window is not None:
                self.state, self.window, self.serving = TicketState.CALLED, window, set()
            case TicketTransferred() | NextItemBegun() | CallLapsed():
                self.window, self.call, self.serving = None, None, set()

    def _flag(self, noted: Noted, oddity: Oddity, window: WindowId | str = "") -> None:
        self.flags.append(
            Flagged(
                event_id=noted.event_id,
                oddity=oddity,
                ticket=self.ticket,
                window=str(window),
                other=str(self.window or ""),
            )
        )
