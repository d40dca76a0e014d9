"""A call that nobody started goes back to its place by itself, once, and into the ledger."""

from collections.abc import Callable
from typing import TypeAlias

from benchmarks.hall_rig import MONDAY
from hall.commands import CallNext, Leased, LeaseLabel, SignIn
from hall.events import TicketIssued
from hall.ids import ItemCode, StaffId, TicketId, WindowId
from hall.queue.tickets import TicketState
from hall_server.ledger.store import Ledger
from tests.hall_server.conftest import Desk, HandWriter

Make: TypeAlias = Callable[..., HandWriter]


def test_a_call_that_nobody_started_goes_back_to_its_place(ledger: Ledger, make_writer: Make) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    desk, panel = Desk("K1"), Desk("W07", "window_panel")
    ticket, staff, window = TicketId("t1"), StaffId("0303"), WindowId("7")
    writer.turn(desk.ask(LeaseLabel(ticket=ticket, item=ItemCode("SI-301")), "r1"))
    leased = desk.replies[-1]
    assert isinstance(leased, Leased)
    issued = TicketIssued(
        ticket=ticket,
        day=leased.day,
        series=leased.series,
        number=leased.number,
        label=leased.label,
        item=ItemCode("SI-301"),
        issued_at=MONDAY,
    )
    writer.turn(desk.up(desk.parcel(issued)))
    writer.turn(panel.ask(SignIn(staff=staff, sealed_pin=b"", window=window), "r2"))
    writer.turn(panel.ask(CallNext(window=window, staff=staff), "r3"))
    state = writer._stand().state
    assert state.tickets[ticket].state is TicketState.CALLED

    now[0] += state.pack.limits.not_started_s - 1
    writer.turn()
    assert writer._stand().state.tickets[ticket].state is TicketState.CALLED
    now[0] += 6
    writer.turn()
    writer.turn()
    assert writer._stand().state.tickets[ticket].state is TicketState.WAITING
    assert [entry.kind for entry in ledger.entries()].count("CallLapsed") == 1
    assert make_writer(ledger, clock=lambda: now[0])._stand().state == writer._stand().state
