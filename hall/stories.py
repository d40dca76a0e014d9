"""One ticket's facts, told in order: its state, where it is, and what did not fit.

The first call by corrected time, then event id, wins; later ones are flagged. Where the person was served outweighs
where they were called.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from hall.events import (
    PriorityGranted,
    ServiceFinished,
    ServiceStarted,
    TicketCalled,
    TicketIssued,
    TicketMissed,
    TicketReturned,
)
from hall.ids import BusinessDay, EventId, TicketId, TicketLabel, WindowId
from hall.merging import Noted, Unheard, in_order
from hall.tickets import TicketState


class Oddity(StrEnum):
    """Why somebody should look at a merged fact."""

    ALREADY_CALLED = "already_called"
    CALL_RETURNED = "call_returned"
    CALLED_TOO_LATE = "called_too_late"
    SERVED_ELSEWHERE = "served_elsewhere"
    SERVED_TWICE = "served_twice"
    FINISHED_UNSEEN = "finished_unseen"
    MISSED_ELSEWHERE = "missed_elsewhere"
    NOT_MISSED = "not_missed"
    NOT_ISSUED = "not_issued"
    SECOND_ISSUE = "second_issue"
    LABEL_CLASH = "label_clash"
    ONE_ID_TWICE = "one_id_twice"


TOLD = {
    Oddity.ALREADY_CALLED: "这个号已由{other}号窗口先呼叫",
    Oddity.CALL_RETURNED: "这次呼叫没有播报,号已回到原来的位置",
    Oddity.CALLED_TOO_LATE: "呼叫时这个号已不在等候",
    Oddity.SERVED_ELSEWHERE: "由{other}号窗口呼叫,在{window}号窗口办理",
    Oddity.SERVED_TWICE: "{other}号窗口和{window}号窗口都记录了办理,请核对",
    Oddity.FINISHED_UNSEEN: "有办结记录,没有开始办理的记录",
    Oddity.MISSED_ELSEWHERE: "{window}号窗口记为过号,但这个号当时不在该窗口",
    Oddity.NOT_MISSED: "恢复时这个号没有过号",
    Oddity.NOT_ISSUED: "取号记录还没有送达",
    Oddity.SECOND_ISSUE: "同一张号有两条取号记录,以先取的为准",
    Oddity.LABEL_CLASH: "同一个号码发给了两位,两位都有效,请当面核对",
    Oddity.ONE_ID_TWICE: "同一编号下有两条不同的记录,请核对设备编号",
}
"""What the console and the guide desk say of an oddity."""


class Flagged(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One fact that did not fit. `other` is the window that held the ticket then, empty when none did."""

    event_id: EventId
    oddity: Oddity
    ticket: TicketId
    window: str = ""
    other: str = ""

    @property
    def told(self) -> str:
        """One sentence for staff."""
        return TOLD[self.oddity].format(window=self.window, other=self.other)


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
    """Windows where a service began."""
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
        for noted in ordered:
            self._read_one(noted)
        return self

    def reconciled(self) -> Reconciled:
        """Return what the facts say together."""
        return Reconciled(
            ticket=self.ticket,
            day=self.issue.day if self.issue else BusinessDay(""),
            label=self.issue.label if self.issue else self.label or TicketLabel(""),
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
        self.issued, self.issue, self.told_of = noted, event, True
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
            if self.state is not TicketState.CALLED or window != self.window:
                self._flag(noted, Oddity.SERVED_ELSEWHERE, window)
            self.state, self.window = TicketState.SERVING, window
        self.serving.add(window)

    def _finished(self, noted: Noted, window: WindowId) -> None:
        if window not in self.serving:
            self._flag(noted, Oddity.FINISHED_UNSEEN, window)
            if self.serving:
                return
            self.window = window
        if window == self.window:
            self.state = TicketState.DONE

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
