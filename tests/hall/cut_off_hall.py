"""A cut-off hall for tests."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from hall.events import (
    CallAnnounced,
    Event,
    PriorityGranted,
    RequestWithdrawn,
    ServiceFinished,
    ServiceStarted,
    SlipEnded,
    TicketAdopted,
    TicketCalled,
    TicketMissed,
    TicketReturned,
)
from hall.ids import (
    SERVER,
    EventId,
    JobId,
    RequestId,
    Series,
    ServiceId,
    StaffId,
    TerminalId,
    TicketId,
    TicketLabel,
    WindowId,
)
from hall.moves import (
    CallLapsed,
    ItemSwapped,
    NextItemBegun,
    TicketCancelled,
    TicketHeld,
    TicketResumed,
    TicketTransferred,
)
from hall.outage.merging import Noted, merge
from hall.outage.settling import Settled, settle
from hall.outage.stories import Reconciled
from tests.hall.world import PENSION, clock, offline_ticket

DEVICES = [SERVER, *(TerminalId(name) for name in ("K1", "K2", "W07", "W09", "S1"))]
WINDOWS = [WindowId("7"), WindowId("9")]
STAFF = StaffId("0303")
TEN = clock("10:00")


@dataclass
class Hall:
    """Devices that note facts, each with its own sequence and its own clock error."""

    facts: list[Noted] = field(default_factory=list)
    fast_s: dict[str, float] = field(default_factory=dict)
    """How far a device's clock is ahead."""

    def note(self, device: str, at: float, event: Event, event_id: str = "") -> Noted:
        """Note that something happened at hall time `at`."""
        fast = self.fast_s.get(device, 0.0)
        seq = 1 + sum(one.device == device for one in self.facts)
        noted = Noted(
            device=TerminalId(device),
            epoch=1,
            seq=seq,
            event_id=EventId(event_id or f"e{len(self.facts):03d}"),
            at=at + fast,
            offset_s=-fast,
            event=event,
        )
        self.facts.append(noted)
        return noted

    def issued(self, ticket: str, at: float = TEN, number: int = 701) -> Noted:
        fast = self.fast_s.get("K2", 0.0)
        return self.note("K2", at, offline_ticket(ticket, "A", number, at + fast))

    def called(self, ticket: str, window: str, at: float, call_seq: int = 0, event_id: str = "") -> Noted:
        device = SERVER if call_seq else f"W{int(window):02d}"
        return self.note(device, at, call(ticket, window, at, call_seq), event_id)

    def served(self, ticket: str, window: str, at: float) -> None:
        self.note(f"W{int(window):02d}", at, start(ticket, window, at))
        self.note(f"W{int(window):02d}", at + 300, finish(ticket, window, at + 300))

    def settled(self) -> Settled:
        return settle(merge(self.facts))

    def ticket(self, name: str) -> Reconciled:
        return next(one for one in self.settled().tickets if one.ticket == name)

    def oddities(self) -> dict[str, str]:
        return {flag.event_id: flag.oddity.value for flag in self.settled().flags}


def call(ticket: str, window: str, at: float, call_seq: int = 0) -> TicketCalled:
    return TicketCalled(
        ticket=TicketId(ticket),
        label=TicketLabel("A701"),
        window=WindowId(window),
        call_seq=call_seq,
        called_at=at,
    )


def start(ticket: str, window: str, at: float) -> ServiceStarted:
    service = ServiceId(f"{ticket}/1")
    return ServiceStarted(ticket=TicketId(ticket), service=service, window=WindowId(window), staff=STAFF, started_at=at)


def finish(ticket: str, window: str, at: float) -> ServiceFinished:
    service = ServiceId(f"{ticket}/1")
    return ServiceFinished(
        ticket=TicketId(ticket), service=service, window=WindowId(window), staff=STAFF, finished_at=at
    )


def withdrawn(window: str, after: int, at: float) -> RequestWithdrawn:
    return RequestWithdrawn(
        request=RequestId("r1"), window=WindowId(window), staff=STAFF, after_call_seq=after, withdrawn_at=at
    )


def announced(window: str, call_seq: int, at: float) -> CallAnnounced:
    label = TicketLabel("A701")
    return CallAnnounced(call_seq=call_seq, label=label, window=WindowId(window), shown_at=at, spoken_at=None, text="")


def transferred(ticket: str, window: str, at: float) -> TicketTransferred:
    there = WindowId(window)
    return TicketTransferred(
        ticket=TicketId(ticket), move=1, at=at, window=there, staff=STAFF, to_window=None, item=PENSION
    )


def adopted(ticket: str, at: float) -> TicketAdopted:
    slip = offline_ticket(ticket, "A", 701, at)
    return TicketAdopted(issued=slip, terminal=TerminalId("K2"), staff=STAFF, adopted_at=at)


def swapped(ticket: str, at: float) -> ItemSwapped:
    return ItemSwapped(
        ticket=TicketId(ticket),
        move=1,
        at=at,
        staff=STAFF,
        item=PENSION,
        series=Series("C"),
        number=5,
        label=TicketLabel("C005"),
    )


@st.composite
def happenings(draw: st.DrawFn) -> Event:
    ticket, window = draw(st.sampled_from(["t1", "t2"])), draw(st.sampled_from(WINDOWS))
    at, seq = TEN + draw(st.integers(0, 9)), draw(st.integers(0, 3))
    possible: list[Event] = [
        offline_ticket(ticket, "A", 700 + seq // 2, at),
        call(ticket, window, at, seq),
        call(ticket, window, at, seq),
        TicketMissed(ticket=TicketId(ticket), window=window, missed_at=at),
        TicketReturned(ticket=TicketId(ticket), staff=STAFF, since=at, returned_at=at),
        start(ticket, window, at),
        TicketHeld(ticket=TicketId(ticket), move=1, at=at, window=window, staff=STAFF),
        TicketResumed(ticket=TicketId(ticket), move=2, at=at, window=window, staff=STAFF),
        NextItemBegun(
            ticket=TicketId(ticket), move=1, at=at, item=PENSION, window=draw(st.sampled_from([None, window]))
        ),
        CallLapsed(ticket=TicketId(ticket), move=1, at=at, window=window, cause="not_started"),
        transferred(ticket, window, at),
        adopted(ticket, at),
        swapped(ticket, at),
        TicketCancelled(ticket=TicketId(ticket), move=1, at=at, staff=STAFF),
        finish(ticket, window, at),
        withdrawn(window, seq, at),
        announced(window, seq, at),
        PriorityGranted(ticket=TicketId(ticket), issuer=STAFF, sealed=b"sealed"),
        SlipEnded(ticket=TicketId(ticket), job=JobId("j"), outcome="printed"),
    ]
    return draw(st.sampled_from(possible))


@st.composite
def facts(draw: st.DrawFn) -> Noted:
    """Anything at all, also one event id under which two things are told, and sequences that were used twice."""
    return Noted(
        device=draw(st.sampled_from(DEVICES)),
        epoch=draw(st.integers(1, 2)),
        seq=draw(st.integers(1, 5)),
        event_id=EventId(f"e{draw(st.integers(0, 15)):02d}"),
        at=TEN + draw(st.integers(-5, 5)),
        offset_s=float(draw(st.sampled_from([0, 0, -2, 3]))),
        event=draw(happenings()),
    )


many = st.lists(facts(), max_size=14)
