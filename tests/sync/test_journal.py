"""The journal: all of a change or none of it, one process per file, an engine that does not corrupt."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from hall.commands import Refused
from hall.errors import Reason
from hall.events import PriorityGranted, TicketIssued
from hall.ids import BusinessDay, ItemCode, Series, StaffId
from hall.wire.codec import decode
from hall.wire.lanes import Envelope
from kiosk.sync.issuing import Issuing, Order, offline_day, rough_quote
from kiosk.sync.journal import Journal, JournalError, JournalFault, check_engine
from kiosk.sync.migrations import STEPS
from kiosk.sync.news import Issued
from kiosk.sync.outbox import Outbox
from tests.sync.samples import DAY_S, K1, MONDAY, MONDAY_0930, TUESDAY, board, help_wanted, ids, pack, ticket_of


class CrashError(BaseException):
    """The power goes."""


class FrailJournal(Journal):
    """Loses power before the n-th writing statement after `arm`."""

    left = -1

    def arm(self, statements: int) -> None:
        self.left = statements

    def _count(self) -> None:
        if self.left == 0:
            self.left = -1
            raise CrashError
        self.left -= 1 if self.left > 0 else 0

    def take_number(self, *told: Any) -> None:
        self._count()
        super().take_number(*told)

    def execute(self, statement: str, *values: object) -> Any:
        if not statement.startswith("SELECT"):
            self._count()
        return super().execute(statement, *values)


class LooseJournal(FrailJournal):
    """Broken on purpose: every statement commits by itself."""

    @contextmanager
    def change(self) -> Iterator[None]:
        yield


def order(mint: Any, grant: bytes | None = None) -> Order:
    return Order(ticket_of(mint()), ItemCode("SI-301"), StaffId("0310"), grant, lambda _outcome: None)


def issue_with_power_cuts(journal: FrailJournal, cuts: list[int]) -> list[str]:
    """Issue a ticket per cut, losing power at that statement (or not at all); return what is wrong afterwards."""
    mint = ids()
    outbox = Outbox(journal, K1, mint)
    with journal.change():
        epoch = outbox.begin_epoch(MONDAY_0930)
    issuing = Issuing(journal, outbox, K1)
    printed: list[str] = []
    for cut in cuts:
        journal.arm(cut)
        try:
            outcome = issuing.alone(order(mint), pack(), board(), epoch, MONDAY_0930 + 1)
        except CrashError:
            continue
        assert isinstance(outcome, Issued)
        printed.append(outcome.event.label)
    bodies = [decode(Envelope, row.body, "row").event for row in outbox.read(epoch, 0, 1000)]
    committed = [event.label for event in bodies if isinstance(event, TicketIssued)]
    wrong = []
    if committed != printed:
        wrong.append("a printed ticket is not in the outbox, or one in the outbox was not printed")
    if len(set(printed)) != len(printed):
        wrong.append("a number was printed twice")
    if len(journal.numbers(MONDAY, Series("A"))) != len(committed):
        wrong.append("a number was taken without its ticket")
    if [row.seq for row in outbox.read(epoch, 0, 1000)] != list(range(1, len(bodies) + 1)):
        wrong.append("a sequence number is missing")
    return wrong


@pytest.mark.row("FAC-07", part="rule")
@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=12))
def test_number_and_ticket_are_committed_together_or_not_at_all(cuts: list[int]) -> None:
    assert issue_with_power_cuts(FrailJournal.connect(":memory:"), cuts) == []


def test_the_same_harness_catches_numbers_outside_the_transaction() -> None:
    assert issue_with_power_cuts(LooseJournal.connect(":memory:"), [1]) != []
    assert issue_with_power_cuts(FrailJournal.connect(":memory:"), [1]) == []


def test_the_reserve_is_used_in_order_and_then_suffixed_numbers_also_over_restarts() -> None:
    journal = Journal.connect(":memory:")
    mint = ids()
    labels = []
    for _ in range(5):
        outbox = Outbox(journal, K1, mint)
        with journal.change():
            epoch = outbox.begin_epoch(MONDAY_0930)
        outcome = Issuing(journal, outbox, K1).alone(order(mint), pack(), board(), epoch, MONDAY_0930)
        assert isinstance(outcome, Issued)
        assert outcome.event.reserve
        assert outcome.leased is None
        labels.append(outcome.event.label)
    assert labels == ["A701", "A702", "A703", "A1-K1", "A2-K1"]


def test_a_pack_that_moves_the_reserve_back_never_gives_a_number_again() -> None:
    journal = Journal.connect(":memory:")
    mint = ids()
    outbox = Outbox(journal, K1, mint)
    with journal.change():
        epoch = outbox.begin_epoch(MONDAY_0930)
    issuing = Issuing(journal, outbox, K1)
    labels = []
    for first in (701, 701, 699, 699, 699, 701):
        outcome = issuing.alone(order(mint), pack(first, first + 9), board(), epoch, MONDAY_0930)
        assert isinstance(outcome, Issued)
        labels.append(outcome.event.label)
    assert len(set(labels)) == len(labels)


def test_a_priority_ticket_has_its_own_series_and_its_sealed_grant_in_the_same_transaction() -> None:
    journal = Journal.connect(":memory:")
    mint = ids()
    outbox = Outbox(journal, K1, mint)
    with journal.change():
        epoch = outbox.begin_epoch(MONDAY_0930)
    outcome = Issuing(journal, outbox, K1).alone(order(mint, b"sealed"), pack(), board(), epoch, MONDAY_0930)
    assert isinstance(outcome, Issued)
    assert outcome.event.label == "Y701"
    assert outcome.event.priority
    first, second = (decode(Envelope, row.body, "row").event for row in outbox.read(epoch, 0, 9))
    assert second == outcome.event
    assert first == PriorityGranted(ticket=outcome.event.ticket, issuer=StaffId("0310"), sealed=b"sealed")


def test_a_terminal_that_never_met_its_server_issues_nothing() -> None:
    journal = Journal.connect(":memory:")
    issuing = Issuing(journal, Outbox(journal, K1, ids()), K1)
    for held_pack, held_board in ((None, None), (pack(), None), (None, board())):
        outcome = issuing.alone(order(ids()), held_pack, held_board, 1, MONDAY_0930)
        assert isinstance(outcome, Refused)
        assert outcome.reason is Reason.DAY_NOT_OPEN


def test_a_closed_board_is_believed_for_half_an_hour_and_not_all_day() -> None:
    journal = Journal.connect(":memory:")
    mint = ids()
    outbox = Outbox(journal, K1, mint)
    with journal.change():
        epoch = outbox.begin_epoch(MONDAY_0930)
    issuing = Issuing(journal, outbox, K1)
    closed = board(taking=False)
    early = issuing.alone(order(mint), pack(), closed, epoch, MONDAY_0930 + 29 * 60)
    late = issuing.alone(order(mint), pack(), closed, epoch, MONDAY_0930 + 31 * 60)
    assert isinstance(early, Refused)
    assert early.reason is Reason.OUTSIDE_HOURS
    assert isinstance(late, Issued)


@pytest.mark.parametrize(
    ("days_later", "day", "plain"),
    [(-1, MONDAY, True), (0, MONDAY, True), (1, TUESDAY, True), (2, TUESDAY, False), (400, TUESDAY, False)],
)
def test_a_cut_off_terminal_goes_on_with_the_tokens_it_holds(days_later: int, day: BusinessDay, plain: bool) -> None:
    assert offline_day(board(), MONDAY_0930 + days_later * DAY_S) == (day, plain)


def test_the_hall_day_turns_at_the_halls_midnight_not_at_utc() -> None:
    assert offline_day(board(), MONDAY_0930 + 14.4 * 3600) == (MONDAY, True)
    assert offline_day(board(), MONDAY_0930 + 14.6 * 3600) == (TUESDAY, True)


@given(st.integers(0, 500), st.integers(0, 200))
def test_an_offline_quote_is_a_range_and_says_about(waiting: int, own: int) -> None:
    quote = rough_quote(board(waiting=waiting), Series("A"), own)
    assert quote.people_ahead == waiting + own
    assert 0 <= quote.low_min < quote.high_min
    assert quote.approximate


def test_an_engine_with_the_wal_bug_is_refused_by_name() -> None:
    with pytest.raises(JournalError, match=r"3\.40\.1.*3\.51\.3") as refusal:
        check_engine((3, 40, 1))
    assert refusal.value.reason is JournalFault.ENGINE_TOO_OLD


def test_the_file_is_durable_and_belongs_to_one_process(tmp_path: Path) -> None:
    journal = Journal.connect(tmp_path / "j")
    assert journal.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert journal.execute("PRAGMA synchronous").fetchone() == (2,)
    with pytest.raises(JournalError) as refusal:
        Journal.connect(tmp_path / "j", busy_ms=1)
    assert refusal.value.reason is JournalFault.IN_USE
    journal.close()
    Journal.connect(tmp_path / "j").close()


def test_a_newer_format_and_a_file_that_is_no_journal_are_refused(tmp_path: Path) -> None:
    journal = Journal.connect(tmp_path / "newer")
    journal.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    journal.close()
    (tmp_path / "junk").write_bytes(b"not a database" * 100)
    for name, fault in (("newer", JournalFault.NEWER), ("junk", JournalFault.UNUSABLE)):
        with pytest.raises(JournalError) as refusal:
            Journal.connect(tmp_path / name)
        assert refusal.value.reason is fault


def test_epochs_grow_with_every_start_even_when_the_clock_stands_or_goes_back() -> None:
    journal = Journal.connect(":memory:")
    outbox = Outbox(journal, K1, ids())
    epochs = []
    for at in (MONDAY_0930, MONDAY_0930, 0.0, MONDAY_0930 + 60):
        with journal.change():
            epochs.append(outbox.begin_epoch(at))
    assert epochs == sorted(set(epochs))


def test_a_failed_change_leaves_no_gap_in_the_sequence() -> None:
    journal = Journal.connect(":memory:")
    outbox = Outbox(journal, K1, lambda: "the same id")
    with journal.change():
        epoch = outbox.begin_epoch(MONDAY_0930)
        outbox.append(epoch, [help_wanted()], MONDAY_0930)
    with pytest.raises(JournalError) as refusal, journal.change():
        outbox.append(epoch, [help_wanted()], MONDAY_0930)
    assert refusal.value.reason is JournalFault.UNWRITABLE
    assert outbox.last_seq(epoch) == 1
