"""Which day the writer opens, whatever the clock does, and how one word of the administrator leads back."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TypeAlias

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from benchmarks.hall_rig import MONDAY, PACK
from hall.calendar.believing import DAYS_BELIEVED, Doubt, doubt
from hall.calendar.working_days import business_day, is_open_day
from hall.commands import AnyReply, Leased, LeaseLabel, Refused
from hall.day.deciding import Asker, ConfirmDay, Decision, OpenDay
from hall.day.decisions import Decidable, HallState, apply, decide
from hall.day_facts import DayOpened, DayWithdrawn
from hall.errors import Reason
from hall.events import Event, LabelLeased, TicketIssued
from hall.ids import BusinessDay, EventId, ItemCode, TerminalId, TicketId
from hall_server.assembly import read_pack
from hall_server.ledger import audit
from hall_server.ledger.store import Ledger, open_ledger
from hall_server.writer.confirming import Outcome, Spoken, WordBox
from hall_server.writer.standing import Rules
from tests.hall_server.conftest import Desk, HandWriter, Listening

Make: TypeAlias = Callable[..., HandWriter]
CARD = ItemCode("SI-701")
DAY_S = 86_400.0
YEARS_S = 1_600 * DAY_S
QINGHE = read_pack(PACK)


class Hall:
    """A writer on a clock that anybody may set, with the administrator's box; `again` is a restart."""

    def __init__(self, ledger: Ledger, box: WordBox, rules: Rules | None = None) -> None:
        self.ledger, self.box, self.rules = ledger, box, rules
        self.now, self.asked, self.lives = MONDAY, 0, 0
        self.kiosk = Desk("K1")
        self.heard = Listening()
        self.opened: list[BusinessDay] = []
        self.again()

    def again(self) -> None:
        self.lives += 1
        ids = iter(range(1_000_000))
        life = self.lives
        self.writer = HandWriter(
            ledger=self.ledger,
            pack=QINGHE,
            outlet=self.heard,
            now=lambda: self.now,
            mint=lambda: EventId(f"server-{life}-{next(ids)}"),
            rules=self.rules,
            commit_pause_s=0.0,
        )
        self.writer.watch(frozenset, self._opened, self.box)
        self.writer.open()

    def _opened(self, day: BusinessDay) -> None:
        self.opened.append(day)

    def set_clock(self, now: float) -> None:
        self.now = now
        self.writer.turn()

    @property
    def day(self) -> BusinessDay | None:
        return self.writer._stand().state.day

    def lease(self) -> AnyReply:
        self.asked += 1
        self.writer.turn(self.kiosk.ask(LeaseLabel(ticket=TicketId(f"t{self.asked}"), item=CARD), f"r{self.asked}"))
        return self.kiosk.replies[-1]

    def take(self) -> AnyReply:
        reply = self.lease()
        if isinstance(reply, Leased):
            self.writer.turn(self.kiosk.up(self.kiosk.parcel(issued(reply, self.now))))
        return reply

    def confirm(self, day: str, reason: str = "换过主板电池") -> Outcome:
        self.asked += 1
        spoken = Spoken(id=f"w{self.asked}", day=day, by="周主任", reason=reason)
        ticks = iter(range(10_000))

        def pause(_seconds: float) -> None:
            self.writer.turn()

        told = self.box.say(spoken, lambda: float(next(ticks)) / 10, pause)
        assert told is not None
        return told

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.ledger.entries()]


def issued(reply: Leased, at: float) -> TicketIssued:
    return TicketIssued(
        ticket=reply.ticket,
        day=reply.day,
        series=reply.series,
        number=reply.number,
        label=reply.label,
        item=CARD,
        issued_at=at,
    )


@pytest.fixture
def hall(ledger: Ledger, tmp_path: Path) -> Hall:
    return Hall(ledger, WordBox(tmp_path / "ledger.sqlite"))


# ---- what is believed --------------------------------------------------------------------------------------------


def test_a_day_follows_within_a_fortnight_and_never_goes_back() -> None:
    friday = BusinessDay("2026-11-20")
    assert doubt(None, BusinessDay("2026-11-23")) is None
    assert doubt(None, BusinessDay("1970-01-01")) is Doubt.BEFORE_SOFTWARE
    assert doubt(friday, friday) is None
    assert doubt(friday, BusinessDay("2026-12-04")) is None
    assert doubt(friday, BusinessDay("2026-12-05")) is Doubt.LONG_AFTER_LAST_DAY
    assert doubt(friday, BusinessDay("2026-11-19")) is Doubt.BEFORE_LAST_DAY


def test_every_holiday_of_the_packs_calendar_is_shorter_than_what_is_believed() -> None:
    day, last, longest = date(2026, 1, 4), date(2026, 1, 4), 0
    while day < date(2027, 1, 1):
        if is_open_day(QINGHE, day):
            longest, last = max(longest, (day - last).days), day
        day += timedelta(days=1)
    assert 8 <= longest < DAYS_BELIEVED


# ---- clocks and the administrator --------------------------------------------------------------------------------


def test_a_clock_years_ahead_opens_nothing_and_says_so_once_and_numbers_are_left_to_the_reserves(hall: Hall) -> None:
    assert isinstance(hall.take(), Leased)
    hall.now += YEARS_S
    hall.again()
    hall.set_clock(hall.now + 5)
    assert hall.day == "2026-11-23"
    assert hall.heard.alarms == [("SERVER", "day_withheld")]
    refused = hall.lease()
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.SERVER_AWAY, "no decision: the terminal takes its day reserve"
    hall.writer._board_sent_s = float("-inf")
    hall.writer._show_board()
    board = hall.heard.boards[-1]
    assert (board.day, board.next_day, board.day_doubt) == ("2026-11-23", "2026-11-24", "long_after_last_day")
    assert board.taking_tickets
    hall.set_clock(MONDAY + 60)
    assert hall.heard.alarms == [("SERVER", "day_withheld"), ("SERVER", "day_believed")]
    assert isinstance(hall.take(), Leased)
    assert hall.kinds().count("DayOpened") == 1


def test_a_hall_that_was_closed_for_months_opens_by_one_word_that_stands_in_the_ledger(hall: Hall) -> None:
    hall.set_clock(MONDAY + 91 * DAY_S)
    assert hall.day == "2026-11-23"
    wrong = hall.confirm("2026-11-24")
    assert "set the clock right first" in wrong.refused
    told = hall.confirm(business_day(hall.now), "装修后恢复开放")
    assert (told.refused, told.opened, told.withdrawn) == ("", "2027-02-22", "")
    assert hall.day == "2027-02-22"
    assert hall.kinds()[-2:] == ["DayConfirmed", "DayOpened"]
    assert isinstance(hall.take(), Leased)
    assert hall.opened[-1] == "2027-02-22"


def test_a_day_that_was_opened_wrongly_is_withdrawn_and_earlier_days_open_again(hall: Hall) -> None:
    first = hall.take()
    hall.set_clock(MONDAY + 3 * DAY_S)
    assert hall.day == "2026-11-26", "three days ahead are believable"
    wrong = hall.take()
    assert isinstance(first, Leased)
    assert isinstance(wrong, Leased)
    hall.set_clock(MONDAY + 600)
    assert hall.heard.alarms[-1] == ("SERVER", "day_withheld")
    told = hall.confirm("2026-11-23")
    assert (told.opened, told.withdrawn, told.issued, told.ended) == ("2026-11-23", "2026-11-26", 1, (wrong.label,))
    again = hall.take()
    assert isinstance(again, Leased)
    assert again.number == first.number + 1, "the day goes on after its earlier life"
    assert hall.opened == ["2026-11-23", "2026-11-26", "2026-11-23"]
    seq = hall.writer._stand().state.call_seq
    for days in (1, 2, 3):
        hall.set_clock(MONDAY + days * DAY_S)
        hall.again()
    thursday = hall.take()
    assert isinstance(thursday, Leased)
    assert (thursday.day, thursday.number) == (wrong.day, wrong.number + 1)
    assert hall.writer._stand().state.call_seq >= seq, "a speaker would not say lower calls"
    assert audit.verify(hall.ledger).broken_at is None


def test_a_word_on_a_day_of_rest_confirms_the_date_and_the_next_day_opens_by_itself(hall: Hall) -> None:
    hall.set_clock(MONDAY + 3 * DAY_S)
    hall.set_clock(MONDAY - DAY_S)
    told = hall.confirm("2026-11-22")
    assert (told.opened, told.withdrawn, hall.day) == ("", "2026-11-26", None)
    hall.again()
    hall.set_clock(MONDAY)
    assert hall.day == "2026-11-23"


@pytest.mark.parametrize(("day", "by"), [("23.11.2026", "a"), ("2026-11-23", " "), ("2026-11-23", "n" * 41)])
def test_a_word_that_is_no_word_changes_nothing(hall: Hall, day: str, by: str) -> None:
    hall.box._word.write_bytes(f'{{"id":"x","day":"{day}","by":"{by}","reason":"r"}}'.encode())
    before = hall.kinds()
    hall.writer.turn()
    told = hall.box._outcome()
    assert told is not None
    assert told.refused
    hall.box._word.write_bytes(b"\x00")
    hall.writer.turn()
    assert hall.kinds() == before
    assert not hall.box._word.exists()


def test_a_word_that_nobody_takes_is_taken_back(tmp_path: Path) -> None:
    box = WordBox(tmp_path / "ledger.sqlite")
    ticks = iter(range(1_000))
    spoken = Spoken(id="w", day="2026-11-23", by="a", reason="b")
    assert box.say(spoken, lambda: float(next(ticks)), lambda _s: None) is None
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_was_lost_while_its_day_was_open_is_flagged_in_the_ledger(hall: Hall) -> None:
    days = hall.writer.days
    days.hook = lambda _day: True
    days.told_at_start(hall.writer._day_state, hall.writer._do_and_tell, hall.now)
    assert hall.kinds()[-1] == "DayKeyRenewed"
    assert hall.heard.alarms == [("SERVER", "day_key_renewed")]
    days.hook = lambda _day: False
    days.told_at_start(hall.writer._day_state, hall.writer._do_and_tell, hall.now)
    assert hall.kinds().count("DayKeyRenewed") == 1
    hall.set_clock(MONDAY + DAY_S)
    assert hall.heard.alarms[-1] == ("SERVER", "day_opened")


# ---- whatever happens --------------------------------------------------------------------------------------------


class Clocks(RuleBasedStateMachine):
    """Clock jumps, restarts, words and tickets in any order; the ledger is judged at the end."""

    rules_used: Rules | None = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "ledger.sqlite"
        shutil.copy(template(), path)
        self.ledger = open_ledger(path)
        self.hall = Hall(self.ledger, WordBox(path), self.rules_used)

    @rule(days=st.one_of(st.integers(-3, 5), st.sampled_from([-20_000, -400, -30, 15, 60, 400, 1_600])))
    def clock_jumps(self, days: int) -> None:
        self.hall.set_clock(MONDAY + days * DAY_S)

    @rule()
    def restart(self) -> None:
        live = told(self.hall.writer._stand().state)
        self.hall.writer._rebuild()
        assert told(self.hall.writer._stand().state) == live, "replay equals live"
        self.hall.again()

    @rule()
    def somebody_takes_a_number(self) -> None:
        self.hall.take()

    @rule()
    def the_administrator_confirms_what_the_clock_says(self) -> None:
        self.hall.confirm(business_day(self.hall.now))

    @rule(days=st.integers(0, 4))
    def a_correct_clock_leads_back_with_one_word_at_most(self, days: int) -> None:
        self.hall.set_clock(MONDAY + days * DAY_S)
        today = business_day(self.hall.now)
        if self.hall.day != today:
            self.hall.confirm(today)
        assert self.hall.day == today
        assert isinstance(self.hall.take(), Leased)

    def teardown(self) -> None:
        try:
            self.judge()
        finally:
            self.ledger.close()
            self.folder.cleanup()

    def judge(self) -> None:
        """Numbers are single, one day is open at a time, the chain is whole."""
        events = [msgspec.json.decode(entry.body, type=Event) for entry in self.ledger.entries()]
        given = [(one.day, one.series, one.number) for one in events if isinstance(one, LabelLeased)]
        assert len(given) == len(set(given))
        open_now: BusinessDay | None = None
        for one in events:
            if isinstance(one, DayWithdrawn):
                assert one.day == open_now
                open_now = None
            elif isinstance(one, DayOpened):
                assert open_now is None or one.day > open_now
                open_now = one.day
        assert self.hall.day == open_now
        assert audit.verify(self.ledger).broken_at is None


@cache
def template() -> Path:
    """An empty ledger, made once: each life of the machine begins with a copy."""
    path = Path(tempfile.mkdtemp()) / "ledger.sqlite"
    open_ledger(path).close()
    return path


def told(state: HallState) -> tuple[object, ...]:
    return (state.day, state.believed, state.tickets, state.leases, state.taken, state.last_leased, state.call_seq)


QUICK = settings(
    max_examples=10,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


def test_under_any_clock_numbers_stay_single_and_one_word_leads_back() -> None:
    run_state_machine_as_test(Clocks, settings=QUICK)


def wrong_thursday(machine: Clocks) -> None:
    """Monday; Thursday by a wrong clock; Monday again by a word; and Thursday when it comes."""
    try:
        for days in (0, 3, 0, 1, 3):
            machine.a_correct_clock_leads_back_with_one_word_at_most(days)
            machine.restart()
        machine.clock_jumps(1_600)
        machine.restart()
        machine.a_correct_clock_leads_back_with_one_word_at_most(4)
    finally:
        machine.teardown()


def test_a_wrong_thursday_hurts_nobody() -> None:
    wrong_thursday(Clocks())


def _forgets_the_earlier_life(state: HallState, command: Decidable, by: Asker, now: float) -> Decision:
    if isinstance(command, OpenDay | ConfirmDay):
        command = replace(command, given=None)
    return decide(state, command, by, now)


def _withdraws_nothing(state: HallState, command: Decidable, by: Asker, now: float) -> Decision:
    decision = decide(state, command, by, now)
    kept = tuple(event for event in decision.events if not isinstance(event, DayWithdrawn))
    return Decision(kept, decision.reply)


def _numbers_calls_by_date_only(state: HallState, command: Decidable, by: Asker, now: float) -> Decision:
    decision = decide(state, command, by, now)
    return Decision(tuple(_unnumbered(event) for event in decision.events), decision.reply)


def _unnumbered(event: Event) -> Event:
    return msgspec.structs.replace(event, after_number=0) if isinstance(event, DayOpened) else event


def _believes_any_later_day(state: HallState, event: Event, device: TerminalId, at: float) -> None:
    apply(state, event, device, at)
    state.believed = None


@pytest.mark.parametrize(
    "broken",
    [
        Rules(decide=_forgets_the_earlier_life),
        Rules(decide=_withdraws_nothing),
        Rules(decide=_numbers_calls_by_date_only),
        Rules(apply=_believes_any_later_day),
    ],
    ids=["forgets_the_earlier_life", "withdraws_nothing", "numbers_calls_by_date_only", "believes_any_later_day"],
)
def test_the_harness_catches_a_hall_that(broken: Rules) -> None:
    class Broken(Clocks):
        rules_used = broken

    with pytest.raises(AssertionError):
        wrong_thursday(Broken())
