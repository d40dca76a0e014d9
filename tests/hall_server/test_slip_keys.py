"""Whose signature on a slip is believed: the first key of a terminal at once, another one when somebody has looked."""

from collections.abc import Callable

import pytest

from benchmarks.hall_rig import MONDAY
from hall.calendar.working_days import business_day
from hall.commands import AnyReply, Done, Refused
from hall.day.board import board
from hall.events import TicketAdopted
from hall.ids import BusinessDay, StaffId, TerminalId
from hall.outage.signed_slips import public_of, sign
from hall.pack.hall_pack import HallPack
from hall_server.console.folding import Fold
from hall_server.ledger.entries import Act
from hall_server.ledger.store import SLIP_KEY_CHANGED, Ledger
from hall_server.writer.jobs import HelloJob, SettleJob
from tests.hall.world import offline_ticket
from tests.hall_server.conftest import Desk, HandWriter

K1, W07 = TerminalId("K1"), TerminalId("W07")
FIRST, SECOND, THIRD = (public_of(bytes([n]) * 32) for n in (1, 2, 3))
ADMIN = StaffId("0001")
TICKET = "019a0000000070008000000000000001"
Make = Callable[..., HandWriter]


def believed(writer: HandWriter) -> dict[TerminalId, bytes]:
    """What the next board tells all terminals."""
    return board(writer._stand().state, MONDAY, 1, 1, BusinessDay("")).slip_keys


def waiting(ledger: Ledger) -> list[tuple[str, bytes]]:
    return [(row.terminal, bytes(row.raw)) for row in ledger.quarantine() if row.reason == SLIP_KEY_CHANGED]


def settle(writer: HandWriter, ledger: Ledger) -> AnyReply:
    replies: list[AnyReply] = []
    (row,) = [row for row in ledger.quarantine() if row.reason == SLIP_KEY_CHANGED]
    assert row.id is not None
    writer.turn(SettleJob(row.id, Act.SEEN, ADMIN, "换了硬盘", replies.append))
    return replies[0]


def alarms(writer: HandWriter) -> list[tuple[str, str]]:
    return [one for one in writer.heard.alarms if one[1] == SLIP_KEY_CHANGED]


def test_the_first_key_is_believed_entered_in_the_ledger_and_told_to_all(writer: HandWriter, ledger: Ledger) -> None:
    writer.turn(HelloJob(K1, FIRST), HelloJob(K1, FIRST))
    writer.turn(HelloJob(K1, FIRST))
    assert believed(writer) == {K1: FIRST}
    assert [entry.kind for entry in ledger.entries()].count("SlipKeyTrusted") == 1
    assert (waiting(ledger), alarms(writer)) == ([], [])


def test_a_changed_key_waits_for_a_person_and_nothing_else_stops(writer: HandWriter, ledger: Ledger) -> None:
    writer.turn(HelloJob(K1, FIRST))
    for _ in range(3):
        writer.turn(HelloJob(K1, SECOND))
    assert believed(writer) == {K1: FIRST}
    assert waiting(ledger) == [(K1, SECOND)]
    assert set(alarms(writer)) == {(K1, SLIP_KEY_CHANGED)}
    assert isinstance(settle(writer, ledger), Done)
    assert believed(writer) == {K1: SECOND}
    assert waiting(ledger) == []


def test_what_was_looked_at_once_is_not_believed_twice(writer: HandWriter, ledger: Ledger) -> None:
    writer.turn(HelloJob(K1, FIRST), HelloJob(K1, SECOND))
    (row,) = [row for row in ledger.quarantine() if row.reason == SLIP_KEY_CHANGED]
    settle(writer, ledger)
    assert row.id is not None
    replies: list[AnyReply] = []
    writer.turn(SettleJob(row.id, Act.ADOPTED, ADMIN, "", replies.append))
    assert isinstance(replies[0], Refused)


def test_a_changed_key_is_no_event_that_could_be_taken_over(writer: HandWriter, ledger: Ledger) -> None:
    writer.turn(HelloJob(K1, FIRST), HelloJob(K1, SECOND))
    (row,) = [row for row in ledger.quarantine() if row.reason == SLIP_KEY_CHANGED]
    assert row.id is not None
    replies: list[AnyReply] = []
    writer.turn(SettleJob(row.id, Act.ADOPTED, ADMIN, "", replies.append))
    assert isinstance(replies[0], Refused)
    assert believed(writer) == {K1: FIRST}


def test_keys_outlive_days_and_restarts(ledger: Ledger, make_writer: Make) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    writer.turn(HelloJob(K1, FIRST), HelloJob(K1, SECOND))
    settle(writer, ledger)
    for _ in range(4):
        now[0] += 86_400
        writer.turn()
    assert sum(entry.kind == "DayOpened" for entry in ledger.entries()) > 3
    again = make_writer(ledger, clock=lambda: now[0])
    assert believed(again) == {K1: SECOND}


@pytest.mark.parametrize("key_changes", [True, False])
def test_a_slip_stays_brought_in_over_restarts_and_changed_keys(
    ledger: Ledger, make_writer: Make, pack: HallPack, key_changes: bool
) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    writer.turn(HelloJob(K1, FIRST))
    for _ in range(3):
        now[0] += 86_400
        writer.turn()
    issued = offline_ticket(TICKET, "C", 700, now[0] - 60, day=business_day(now[0]))
    code = sign(issued, pack.hall.id, K1, bytes([1]) * 32)
    brought = TicketAdopted(issued=issued, terminal=K1, staff=StaffId("0303"), adopted_at=now[0], slip=code)
    panel = Desk("W07", "window_panel")
    writer.turn(panel.up(panel.parcel(brought)))
    if key_changes:  # its disk was broken: why it was cut off
        writer.turn(HelloJob(K1, SECOND))
        settle(writer, ledger)
    again = make_writer(ledger, clock=lambda: now[0])
    with Fold(ledger, pack).state() as seen_at_console:
        for state in (writer._stand().state, again._stand().state, seen_at_console):
            assert list(state.tickets) == [TICKET]


def test_a_slip_that_is_told_of_after_its_day_ends_in_the_ledger(
    ledger: Ledger, make_writer: Make, pack: HallPack
) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    writer.turn(HelloJob(K1, FIRST))
    issued = offline_ticket(TICKET, "C", 700, MONDAY - 60)
    code = sign(issued, pack.hall.id, K1, bytes([1]) * 32)
    brought = TicketAdopted(issued=issued, terminal=K1, staff=StaffId("0303"), adopted_at=MONDAY, slip=code)
    now[0] += 86_400
    writer.turn()
    panel = Desk("W07", "window_panel")
    for _ in range(2):
        writer.turn(panel.up(panel.parcel(brought)))
    told = [entry.kind for entry in ledger.entries()]
    assert told == ["DayOpened", "SlipKeyTrusted", "DayOpened", "TicketAdopted", "TicketLapsed", "TicketAdopted"]


@pytest.mark.parametrize("told", [(W07, FIRST), (TerminalId("X9"), FIRST), (K1, b""), (K1, b"short"), (K1, bytes(33))])
def test_who_gives_out_no_numbers_and_what_is_no_key_means_nothing(
    writer: HandWriter, told: tuple[TerminalId, bytes]
) -> None:
    writer.turn(HelloJob(*told))
    assert believed(writer) == {}


def test_a_box_that_makes_a_new_key_at_every_start_fills_no_disk(writer: HandWriter, ledger: Ledger) -> None:
    writer.turn(HelloJob(K1, FIRST))
    for number in range(10, 40):
        writer.turn(HelloJob(K1, public_of(bytes([number]) * 32)))
    assert len(waiting(ledger)) == 10
