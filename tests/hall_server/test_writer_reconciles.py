"""What panels did while the server was away is adopted, applied and reconciled, whatever the order of arrival."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hall_rig import MONDAY
from hall.commands import Called, CallNext, Leased, LeaseLabel, SignIn
from hall.events import (
    CallAnnounced,
    Event,
    RequestWithdrawn,
    ServiceFinished,
    ServiceStarted,
    TicketCalled,
    TicketIssued,
    TicketMissed,
)
from hall.ids import (
    BusinessDay,
    EventId,
    ItemCode,
    RequestId,
    Series,
    ServiceId,
    StaffId,
    TicketId,
    TicketLabel,
    WindowId,
)
from hall.moves import TicketReconciled
from hall.oddities import Oddity
from hall.outage.sharing import ALONE_RULE, NO_CALL_SEQ
from hall.pack.hall_pack import HallPack
from hall.queue.numbering import label
from hall.queue.tickets import TicketState
from hall_server.ledger.store import Ledger, open_ledger
from hall_server.writer.jobs import Parcel, UpJob
from tests.hall_server.conftest import Desk, HandWriter, Listening

Make: TypeAlias = Callable[..., HandWriter]
PENSION = ItemCode("SI-301")
CARD = ItemCode("SI-701")
STAFF = {"7": StaffId("0303"), "14": StaffId("0310")}
DAY_S = 86_400.0


class Panel(Desk):
    """A window panel that journals what it does alone; times are seconds after 09:30."""

    def __init__(self, window: str) -> None:
        super().__init__(f"W{int(window):02}", "window_panel")
        self.window, self.staff = WindowId(window), STAFF[window]

    def noted(self, at: float, event: Event) -> Parcel:
        return replace(self.parcel(event), at=MONDAY + at)

    def calls(self, ticket: str, at: float) -> Parcel:
        called = TicketCalled(
            ticket=TicketId(ticket),
            label=TicketLabel("C001"),
            window=self.window,
            call_seq=NO_CALL_SEQ,
            called_at=MONDAY + at,
            rule=ALONE_RULE,
        )
        return self.noted(at, called)

    def starts(self, ticket: str, at: float) -> Parcel:
        service = ServiceId(f"{ticket}/{self.window}")
        started = ServiceStarted(
            ticket=TicketId(ticket), service=service, window=self.window, staff=self.staff, started_at=MONDAY + at
        )
        return self.noted(at, started)

    def finishes(self, ticket: str, at: float) -> Parcel:
        service = ServiceId(f"{ticket}/{self.window}")
        done = ServiceFinished(
            ticket=TicketId(ticket), service=service, window=self.window, staff=self.staff, finished_at=MONDAY + at
        )
        return self.noted(at, done)

    def misses(self, ticket: str, at: float) -> Parcel:
        return self.noted(at, TicketMissed(ticket=TicketId(ticket), window=self.window, missed_at=MONDAY + at))

    def withdraws(self, after: int, at: float) -> Parcel:
        withdrawn = RequestWithdrawn(
            request=RequestId("held"),
            window=self.window,
            staff=self.staff,
            after_call_seq=after,
            withdrawn_at=MONDAY + at,
        )
        return self.noted(at, withdrawn)

    def serves(self, ticket: str, at: float) -> tuple[Parcel, ...]:
        return self.calls(ticket, at), self.starts(ticket, at + 20), self.finishes(ticket, at + 300)


@dataclass
class Hall:
    """A hall with two panels and a kiosk, whose writer the test turns by hand."""

    writer: HandWriter
    ledger: Ledger
    seven: Panel = field(default_factory=lambda: Panel("7"))
    fourteen: Panel = field(default_factory=lambda: Panel("14"))
    kiosk: Desk = field(default_factory=lambda: Desk("K1"))

    def __post_init__(self) -> None:
        for panel in (self.seven, self.fourteen):
            self.writer.turn(panel.ask(SignIn(staff=panel.staff, sealed_pin=b"", window=panel.window), panel.window))

    def take(self, ticket: str, *more: ItemCode) -> TicketLabel:
        lease = LeaseLabel(ticket=TicketId(ticket), item=PENSION, more_items=more)
        self.writer.turn(self.kiosk.ask(lease, f"r-{ticket}"))
        leased = self.kiosk.replies[-1]
        assert isinstance(leased, Leased)
        issued = TicketIssued(
            ticket=leased.ticket,
            day=leased.day,
            series=leased.series,
            number=leased.number,
            label=leased.label,
            item=PENSION,
            issued_at=MONDAY,
            more_items=more,
        )
        self.writer.turn(self.kiosk.up(replace(self.kiosk.parcel(issued), at=MONDAY)))
        return leased.label

    def state(self, ticket: str) -> tuple[TicketState, WindowId | None]:
        known = self.writer._stand().state.tickets[TicketId(ticket)]
        return known.state, known.window

    def flags(self) -> set[tuple[str, Oddity]]:
        """Everything odd that was told, with the ticket."""
        events = [msgspec.json.decode(one.body, type=Event) for one in self.ledger.entries()]
        told = [flag for one in events if isinstance(one, TicketReconciled) for flag in one.flags]
        assert len(told) == len(set(told)), "each is told once"
        return {(flag.ticket, flag.oddity) for flag in told}

    def adopted_with(self) -> set[str]:
        """The flags of all entries."""
        return {flag for one in self.ledger.entries() for flag in one.flags}

    def waiting(self) -> list[str]:
        return [ticket for lane in self.writer._stand().state.lanes.values() for _, ticket in lane]


@pytest.fixture
def hall(writer: HandWriter, ledger: Ledger) -> Hall:
    return Hall(writer, ledger)


def offline(ticket: str, number: int = 701, at: float = 0.0, day: str = "2026-11-23") -> TicketIssued:
    return TicketIssued(
        ticket=TicketId(ticket),
        day=BusinessDay(day),
        series=Series("C"),
        number=number,
        label=label(Series("C"), number),
        item=PENSION,
        issued_at=MONDAY + at,
        reserve=True,
    )


def announced(seq: int, told: TicketLabel, window: str) -> CallAnnounced:
    return CallAnnounced(
        call_seq=seq, label=told, window=WindowId(window), shown_at=MONDAY, spoken_at=MONDAY, text="请"
    )


def test_a_visit_that_a_panel_led_alone_is_in_the_ledger_without_a_flag(hall: Hall) -> None:
    hall.take("t1")
    hall.take("t2")
    hall.writer.turn(hall.fourteen.up(*hall.fourteen.serves("t1", 60)))
    assert hall.state("t1") == (TicketState.DONE, WindowId("14"))
    assert hall.waiting() == ["t2"]
    assert hall.adopted_with() == set()
    assert "TicketReconciled" not in [one.kind for one in hall.ledger.entries()], "there was nothing to put right"
    window = hall.writer._stand().state.windows[WindowId("14")]
    assert (window.ticket, window.finished) == (None, "t1/14"), "the rating screen may ask"


def test_a_call_alone_is_at_its_window_and_a_miss_is_missed(hall: Hall) -> None:
    hall.take("t1")
    hall.writer.turn(hall.fourteen.up(hall.fourteen.calls("t1", 60)))
    assert hall.state("t1") == (TicketState.CALLED, WindowId("14"))
    assert hall.writer._stand().state.calls == [], "no display says it late"
    hall.writer.turn(hall.fourteen.up(hall.fourteen.misses("t1", 180)))
    assert hall.state("t1")[0] is TicketState.MISSED
    assert hall.flags() == set()


@pytest.mark.parametrize("seven_first", [True, False])
def test_two_panels_that_called_one_ticket_end_alike_whoever_tells_first(hall: Hall, seven_first: bool) -> None:
    hall.take("t1")
    messages = [hall.seven.up(hall.seven.calls("t1", 60)), hall.fourteen.up(*hall.fourteen.serves("t1", 61))]
    for message in messages if seven_first else reversed(messages):
        hall.writer.turn(message)
    assert hall.state("t1") == (TicketState.DONE, WindowId("14"))
    assert hall.flags() == {("t1", Oddity.ALREADY_CALLED), ("t1", Oddity.SERVED_ELSEWHERE)}
    assert hall.writer._stand().state.windows[WindowId("7")].ticket is None, "window 7 is free for the next"


def test_a_ticket_whose_issue_comes_after_its_service_is_not_called_again(hall: Hall) -> None:
    other = Desk("K2")
    hall.writer.turn(hall.fourteen.up(*hall.fourteen.serves("t9", 60)))
    hall.writer.turn(other.up(other.parcel(offline("t9"))))
    assert hall.state("t9") == (TicketState.DONE, WindowId("14"))
    assert hall.waiting() == []
    assert hall.flags() == set()


def server_calls(hall: Hall) -> Called:
    """Call for window 14 an answer that never arrives there."""
    hall.writer.turn(hall.fourteen.ask(CallNext(window=WindowId("14"), staff=STAFF["14"]), "lost"))
    called = hall.fourteen.replies[-1]
    assert isinstance(called, Called)
    return called


def test_a_call_that_the_panel_never_heard_of_gives_its_ticket_back(hall: Hall) -> None:
    hall.take("t1")
    hall.take("t2")
    called = server_calls(hall)
    assert called.ticket == "t1"
    panel = hall.fourteen
    hall.writer.turn(panel.up(panel.withdraws(called.call_seq - 1, 10), panel.calls("t2", 11)))
    assert hall.state("t1") == (TicketState.WAITING, None)
    assert hall.state("t2") == (TicketState.CALLED, WindowId("14"))
    assert hall.waiting() == ["t1"]
    assert hall.flags() == {("t1", Oddity.CALL_RETURNED)}


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_a_call_that_was_announced_after_all_ends_alike_in_every_order(hall: Hall, order: tuple[int, ...]) -> None:
    first = hall.take("t1")
    called = server_calls(hall)
    display, panel = Desk("S1"), hall.fourteen
    withdrawn = panel.up(panel.withdraws(called.call_seq - 1, 10))
    served = panel.up(*panel.serves("t1", 30))
    shown = display.up(display.parcel(announced(called.call_seq, first, "14")))
    messages = [withdrawn, served, shown]
    for number in order:
        hall.writer.turn(messages[number])
    hall.writer.turn(*messages)  # whatever was dropped for a gap is sent again
    assert hall.state("t1") == (TicketState.DONE, WindowId("14"))
    assert ("t1", Oddity.ALREADY_CALLED) in hall.flags()


def test_what_happened_yesterday_and_is_told_today_stands_in_the_ledger_and_in_no_queue(
    ledger: Ledger, make_writer: Make
) -> None:
    now = [MONDAY]
    hall = Hall(make_writer(ledger, clock=lambda: now[0]), ledger)
    hall.take("t1")
    parcels = hall.fourteen.serves("t1", 60)
    now[0] += DAY_S
    hall.writer.turn()
    hall.writer.turn(hall.fourteen.up(*parcels))
    assert hall.waiting() == []
    (told,) = [msgspec.json.decode(one.body, type=Event) for one in ledger.entries() if one.kind == "TicketReconciled"]
    assert isinstance(told, TicketReconciled)
    assert (told.ticket, told.state, told.window) == ("t1", "done", "14")
    assert hall.flags() == {("t1", Oddity.OUT_OF_PLACE)}, "it had lapsed, though it was served"


def test_what_was_not_settled_before_a_crash_is_settled_after(ledger: Ledger, make_writer: Make) -> None:
    hall = Hall(make_writer(ledger), ledger)
    hall.take("t1")
    hall.writer.duties.reconcile_after_s = math.inf
    hall.writer.turn(hall.fourteen.up(*hall.fourteen.serves("t1", 61)), hall.seven.up(hall.seven.calls("t1", 60)))
    assert hall.flags() == set()
    hall.writer = make_writer(ledger)
    hall.writer.turn()
    assert hall.state("t1") == (TicketState.DONE, WindowId("14"))
    assert len(hall.flags()) == 2
    again = make_writer(ledger)
    again.turn()
    assert len(hall.flags()) == 2
    assert again._stand().state == hall.writer._stand().state


def test_who_is_not_the_windows_own_panel_is_flagged_and_moves_nobody(hall: Hall) -> None:
    label_told = hall.take("t1")
    for stranger in (Desk("K1", epoch=2), Desk("W07", epoch=2), Desk("S1", epoch=2)):
        told = TicketCalled(
            ticket=TicketId("t1"),
            label=label_told,
            window=WindowId("14"),
            call_seq=NO_CALL_SEQ,
            called_at=MONDAY + 1,
            rule=ALONE_RULE,
        )
        withdrawn = RequestWithdrawn(
            request=RequestId("r"), window=WindowId("14"), staff=STAFF["14"], after_call_seq=0, withdrawn_at=MONDAY
        )
        hall.writer.turn(stranger.up(stranger.parcel(withdrawn), stranger.parcel(told)))
    assert hall.state("t1") == (TicketState.WAITING, None)
    assert hall.adopted_with() == {"not_a_terminals_event", "other_terminal"}
    assert hall.flags() == set()


def test_a_panel_may_not_number_a_call_as_the_server_does(hall: Hall) -> None:
    hall.take("t1")
    call = hall.fourteen.calls("t1", 60)
    assert isinstance(call.event, TicketCalled)
    numbered = msgspec.structs.replace(call.event, call_seq=1)
    hall.writer.turn(hall.fourteen.up(replace(call, event=numbered, body=msgspec.json.encode(numbered))))
    assert "not_a_terminals_event" in hall.adopted_with()
    assert hall.state("t1")[0] is TicketState.WAITING


def test_a_visit_with_a_further_item_goes_on_after_a_panel_finished_the_first_alone(hall: Hall) -> None:
    hall.take("t1", CARD)
    hall.writer.turn(hall.fourteen.up(*hall.fourteen.serves("t1", 60)))
    ticket = hall.writer._stand().state.tickets[TicketId("t1")]
    assert (ticket.state, ticket.item, ticket.items_left) == (TicketState.WAITING, CARD, ())
    hall.writer.turn()
    assert [one.kind for one in hall.ledger.entries()].count("NextItemBegun") == 1


# ---- any order ---------------------------------------------------------------------------------------------------


def stories(hall: Hall) -> dict[str, list[UpJob]]:
    """Messages of four devices about five tickets: served alone, called twice, unheard, issued late, missed."""
    label_told = hall.take("t1")
    for ticket in ("t2", "t3", "t4"):
        hall.take(ticket)
    called = server_calls(hall)
    seven, fourteen, other, display = hall.seven, hall.fourteen, Desk("K2"), Desk("S1")
    return {
        "seven": [
            seven.up(*seven.serves("t2", 40)),
            seven.up(seven.calls("t3", 400), seven.misses("t3", 500)),
            seven.up(*seven.serves("t9", 600)),
        ],
        "fourteen": [
            fourteen.up(fourteen.withdraws(called.call_seq - 1, 30), fourteen.calls("t2", 50)),
            fourteen.up(*fourteen.serves("t3", 450)),
            fourteen.up(fourteen.calls("t4", 900)),
        ],
        "kiosk": [other.up(replace(other.parcel(offline("t9", at=100)), at=MONDAY + 100))],
        "display": [display.up(replace(display.parcel(announced(called.call_seq + 1, label_told, "14")), at=MONDAY))],
    }


def played(pack: HallPack, folder: str, order: list[str]) -> tuple[dict[str, object], set[tuple[str, Oddity]]]:
    """Deliver the messages in this order of devices; return who is where, and what was flagged."""
    ledger = open_ledger(Path(folder) / "ledger.sqlite")
    ids = iter(range(1_000_000))
    writer = HandWriter(
        ledger=ledger, pack=pack, outlet=Listening(), now=lambda: MONDAY, mint=lambda: EventId(f"s{next(ids):06}")
    )
    writer.open()
    hall = Hall(writer, ledger)
    messages = stories(hall)
    for device in order:
        if messages[device]:
            writer.turn(messages[device].pop(0))
    for rest in messages.values():
        writer.turn(*rest)
    found: dict[str, object] = {ticket: hall.state(ticket) for ticket in ("t1", "t2", "t3", "t4", "t9")}
    found["waiting"] = hall.waiting()
    found["hands"] = {number: one.ticket for number, one in writer._stand().state.windows.items() if one.ticket}
    flags = hall.flags()
    ledger.close()
    return found, flags


@settings(max_examples=8)  # each makes and migrates a ledger file
@given(st.permutations(["seven"] * 3 + ["fourteen"] * 3 + ["kiosk", "display"]))
def test_the_hall_ends_alike_in_whatever_order_its_devices_come_back(pack: HallPack, order: list[str]) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        found, flags = played(pack, one, order)
        expected, least = played(pack, other, sorted(order))
    assert found == expected
    assert flags == least
