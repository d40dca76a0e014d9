"""Whose signature on a slip is believed: the first key of a terminal at once, another one when somebody has looked."""

from collections.abc import Callable

import pytest

from benchmarks.hall_rig import MONDAY
from hall.commands import AnyReply, Done, Refused
from hall.day.board import board
from hall.ids import BusinessDay, StaffId, TerminalId
from hall.outage.signed_slips import public_of
from hall_server.ledger.entries import Act
from hall_server.ledger.store import SLIP_KEY_CHANGED, Ledger
from hall_server.writer.jobs import HelloJob, SettleJob
from tests.hall_server.conftest import HandWriter

K1, W07 = TerminalId("K1"), TerminalId("W07")
FIRST, SECOND, THIRD = (public_of(bytes([n]) * 32) for n in (1, 2, 3))
ADMIN = StaffId("0001")
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
