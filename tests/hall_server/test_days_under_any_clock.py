"""Clock jumps, restarts, words and tickets in any order: numbers stay single and one word leads back."""

import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from benchmarks.hall_rig import MONDAY
from hall.calendar.working_days import business_day
from hall.commands import Leased
from hall.day.deciding import Asker, ConfirmDay, Decision, OpenDay
from hall.day.decisions import Decidable, HallState, apply, decide
from hall.day_facts import DayOpened, DayWithdrawn
from hall.events import Event, LabelLeased
from hall.ids import BusinessDay, TerminalId
from hall_server.ledger import audit
from hall_server.ledger.store import open_ledger
from hall_server.writer.confirming import WordBox
from hall_server.writer.standing import Rules
from tests.hall_server.hall_of_days import DAY_S, Hall


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
    machine = Clocks()
    wrong_thursday(machine)
    assert machine.hall.day == business_day(MONDAY + 4 * DAY_S)


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
