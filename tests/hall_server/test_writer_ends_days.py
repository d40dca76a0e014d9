"""The server ends the day by itself: after closing, once, and also when it was started again in between."""

from collections.abc import Callable
from typing import TypeAlias

from benchmarks.hall_rig import MONDAY
from hall.commands import CallNext, Leased, LeaseLabel, SignIn
from hall.day.deciding import EndDay, LookAround
from hall.day_facts import DayOpened
from hall.events import TicketIssued
from hall.ids import BusinessDay, ItemCode, StaffId, TerminalId, TicketId, WindowId
from hall.queue.tickets import TicketState
from hall_server.ledger.store import Ledger
from hall_server.writer.duties import due
from tests.hall_server.conftest import Desk, HandWriter

Make: TypeAlias = Callable[..., HandWriter]
CARD = ItemCode("SI-701")
CLOSES = MONDAY + 7.5 * 3600
"""09:30 to 17:00."""


def waiting(writer: HandWriter, ticket: str = "t1") -> Desk:
    desk = Desk("K1")
    writer.turn(desk.ask(LeaseLabel(ticket=TicketId(ticket), item=CARD), f"r-{ticket}"))
    leased = desk.replies[-1]
    assert isinstance(leased, Leased)
    issued = TicketIssued(
        ticket=leased.ticket,
        day=leased.day,
        series=leased.series,
        number=leased.number,
        label=leased.label,
        item=CARD,
        issued_at=MONDAY,
    )
    writer.turn(desk.up(desk.parcel(issued)))
    return desk


def called(writer: HandWriter) -> None:
    panel = Desk("W14", "window_panel")
    writer.turn(panel.ask(SignIn(staff=StaffId("0310"), sealed_pin=b"", window=WindowId("14")), "s1"))
    writer.turn(panel.ask(CallNext(window=WindowId("14"), staff=StaffId("0310")), "c1"))


def lapses(ledger: Ledger) -> int:
    return [entry.kind for entry in ledger.entries()].count("TicketLapsed")


def test_the_day_of_a_hall_that_has_gone_dark_is_ended_once_also_over_a_restart(
    ledger: Ledger, make_writer: Make
) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    waiting(writer)
    now[0] = CLOSES + 2 * 3600 - 10
    writer.turn()
    assert lapses(ledger) == 0, "whoever holds a number is served first"
    now[0] = CLOSES + 2 * 3600
    writer.turn()
    now[0] += 10
    writer.turn()
    assert lapses(ledger) == 1
    again = make_writer(ledger, clock=lambda: now[0])
    for _ in range(3):
        now[0] += 10
        again.turn()
    assert lapses(ledger) == 1
    assert again._stand().state == writer._stand().state


def test_what_came_in_the_night_lapses_when_the_next_day_opens(ledger: Ledger, make_writer: Make) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    waiting(writer)
    now[0] += 86_400
    writer.turn()
    assert [entry.kind for entry in ledger.entries()][-2:] == ["TicketLapsed", "DayOpened"]


def test_a_call_of_a_lost_panel_goes_back_and_the_panels_are_asked_about_only_then(
    ledger: Ledger, make_writer: Make
) -> None:
    now, asked = [MONDAY], []

    def lost() -> frozenset[TerminalId]:
        asked.append(now[0])
        return frozenset({TerminalId("W14")})

    writer = make_writer(ledger, clock=lambda: now[0])
    waiting(writer)
    writer.watch(lost, lambda _day: None)
    now[0] += 10
    writer.turn()
    assert asked == []
    called(writer)
    assert writer._stand().state.tickets[TicketId("t1")].state is TicketState.CALLED
    now[0] += 10
    writer.turn()
    assert writer._stand().state.tickets[TicketId("t1")].state is TicketState.WAITING
    assert asked == [now[0]]


def test_what_is_due_is_looked_at_one_after_the_other(ledger: Ledger, make_writer: Make) -> None:
    writer = make_writer(ledger)
    waiting(writer)
    called(writer)
    told = list(due(writer._stand().state, CLOSES + 3 * 3600, frozenset[TerminalId]))
    assert told == [LookAround(), EndDay(final=True)]


def test_a_terminal_that_claims_to_open_a_day_ends_nobodys_day_here_or_after_a_restart(
    ledger: Ledger, make_writer: Make
) -> None:
    writer = make_writer(ledger)
    desk = waiting(writer)
    writer.turn(desk.up(*(desk.parcel(DayOpened(day=BusinessDay(day))) for day in ("zzzz", "2026-11-24"))))
    before = writer._stand().state
    assert before.day == "2026-11-23"
    again = make_writer(ledger)
    assert again._stand().state == before
    assert TicketId("t1") in again._stand().state.tickets
    assert {entry.flags for entry in ledger.entries() if entry.device == "K1" and entry.kind == "DayOpened"} == {
        ("not_a_terminals_event",)
    }
