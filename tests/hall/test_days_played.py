"""Properties over whole days, played by hypothesis move by move."""

from copy import deepcopy

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hall.commands import (
    Called,
    CallNext,
    FinishService,
    MarkMissed,
    Recall,
    Refused,
    ReturnMissed,
    SignIn,
    SignOut,
    StartService,
)
from hall.day.decisions import HallState, apply
from hall.events import Event, LabelLeased, PriorityGranted, TicketCalled, TicketIssued
from hall.ids import BusinessDay, ItemCode, Series, StaffId, TerminalId, TicketId, WindowId
from hall.queue import numbering
from hall.queue.tickets import TicketState
from hall.wire.pack_shown import Reserve
from tests.hall.world import PANELS, World, clock, qinghe

ITEMS = st.sampled_from([ItemCode("SI-301"), ItemCode("SI-701"), ItemCode("SI-801")])
WINDOWS = st.sampled_from(sorted(PANELS))
MOVES = st.sampled_from([CallNext, Recall, MarkMissed, StartService, FinishService])
RESERVES = {
    t.id: Reserve(terminal=t.id, first=t.reserve[0], last=t.reserve[1]) for t in qinghe().terminals if t.reserve
}


class Day(RuleBasedStateMachine):
    """One or two days with leases, outages, priority, calls, misses and ratings in any order."""

    @initialize()
    def open(self) -> None:
        self.world = World().open().sign_in_all()
        self.count = 0
        self.offline_used: dict[tuple[TerminalId, BusinessDay], dict[Series, int]] = {}

    def _id(self) -> str:
        self.count += 1
        return f"t{self.count:05}"

    @rule(item=ITEMS, lost=st.booleans())
    def take(self, item: ItemCode, lost: bool) -> None:
        """`lost`: the answer never reaches the terminal, which prints from its reserve instead."""
        ticket = self._id()
        if lost:
            self.world.lease(ticket, item)
            self._offline(ticket, item, TerminalId("K1"))
        else:
            self.world.take(ticket, item)

    @rule(item=ITEMS)
    def take_priority(self, item: ItemCode) -> None:
        if self.world.state.desks:
            self.world.take(self._id(), item, "D1", grant=True)

    @rule(item=ITEMS, terminal=st.sampled_from(sorted(RESERVES)))
    def take_cut_off(self, item: ItemCode, terminal: TerminalId) -> None:
        self._offline(self._id(), item, terminal)

    def _offline(self, ticket: str, item: ItemCode, terminal: TerminalId) -> None:
        state = self.world.state
        assert state.day is not None
        series = state.known.items[item].series
        used = self.offline_used.setdefault((terminal, state.day), {})
        number, suffix = numbering.next_offline(used, RESERVES[terminal], series, terminal)
        used[series] = used.get(series, 0) + 1
        event = TicketIssued(
            ticket=TicketId(ticket),
            day=state.day,
            series=series,
            number=number,
            suffix=suffix,
            label=numbering.label(series, number, suffix),
            item=item,
            issued_at=self.world.now,
            reserve=True,
        )
        assert self.world.happen(event, terminal) == ()

    @precondition(lambda self: self.count)
    @rule(data=st.data())
    def grant_later(self, data: st.DataObject) -> None:
        ticket = f"t{data.draw(st.integers(1, self.count)):05}"
        self.world.happen(PriorityGranted(ticket=TicketId(ticket), issuer=StaffId("0101"), sealed=b"x"), "D1")

    @rule(window=WINDOWS, times=st.integers(1, 6))
    def serve(self, window: str, times: int) -> None:
        for _ in range(times):
            for move in (CallNext, StartService, FinishService):
                self.work(move, window)

    @rule(move=MOVES, window=WINDOWS)
    def act(self, move: type[CallNext | Recall | MarkMissed | StartService | FinishService], window: str) -> None:
        self.work(move, window)

    def work(self, move: type[CallNext | Recall | MarkMissed | StartService | FinishService], window: str) -> None:
        before = deepcopy(self.world.state.windows[WindowId(window)].priority_in_row)
        decision = self.world.at(move, window)
        if isinstance(decision.reply, Refused):
            assert decision.reply.sentence
            assert decision.events == ()
        for event in decision.events:
            if isinstance(event, TicketCalled):
                self._check_order(event, before)
                assert isinstance(decision.reply, Called)
                assert decision.reply.why_zh
                assert decision.reply.why_en

    def _check_order(self, event: TicketCalled, in_row: int) -> None:
        head = next(head for head in event.compared if head.ticket == event.ticket)
        same = [other for other in event.compared if other.priority == head.priority]
        assert head.waited_s == max(other.waited_s for other in same), "first come, first served within a class"
        ordinary = any(not other.priority for other in event.compared)
        assert not (head.priority and ordinary and in_row >= 3), "at most three in a row"
        if event.window == "14" and in_row < 3 and any(other.priority for other in event.compared):
            assert head.priority, "the priority window takes priority first"

    @rule(window=WINDOWS, come=st.booleans())
    def clerk_comes_or_goes(self, window: str, come: bool) -> None:
        terminal, staff = PANELS[window]
        if come:
            self.world.ask(SignIn(staff=StaffId(staff), sealed_pin=b""), terminal)
        else:
            self.world.ask(SignOut(staff=StaffId(staff)), terminal)

    @rule(window=WINDOWS)
    def nobody_comes(self, window: str) -> None:
        for _ in range(3):
            self.world.at(Recall, window)
        self.world.now += 45
        self.world.at(MarkMissed, window)

    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        missed = [t.label for t in self.world.state.tickets.values() if t.state is TicketState.MISSED]
        if missed:
            self.world.ask(ReturnMissed(label=data.draw(st.sampled_from(missed)), staff=StaffId("0101")), "D1")

    @rule(data=st.data(), grade=st.none() | st.integers(1, 5), device=st.sampled_from(["R14", "W14"]))
    def rate(self, data: st.DataObject, grade: int | None, device: str) -> None:
        if self.world.state.services:
            self.world.rate(data.draw(st.sampled_from(sorted(self.world.state.services))), grade, device)

    @rule(seconds=st.integers(1, 600))
    def wait(self, seconds: int) -> None:
        if self.world.now + seconds < clock("11:59", self.world.state.day or ""):
            self.world.now += seconds

    @rule()
    def tomorrow(self) -> None:
        if self.world.state.day == "2026-11-23":
            self.world.now = clock("09:30", "2026-11-24")
            self.world.open(BusinessDay("2026-11-24")).sign_in_all()

    @invariant()
    def no_number_is_given_twice(self) -> None:
        given = [
            (event.day, event.series, event.number, event.suffix)
            for event, _, _ in self.world.log
            if isinstance(event, TicketIssued)
        ]
        assert len(set(given)) == len(given)
        leased = [(e.day, e.series, e.number) for e, _, _ in self.world.log if isinstance(e, LabelLeased)]
        assert len(set(leased)) == len(leased)

    @invariant()
    def every_waiting_ticket_is_in_its_lane_once_and_nobody_else_is(self) -> None:
        state = self.world.state
        queued = sorted(ticket for lane in state.lanes.values() for _, ticket in lane)
        waiting = sorted(t.id for t in state.tickets.values() if t.state is TicketState.WAITING and t.day == state.day)
        assert queued == waiting
        assert all(lane == sorted(lane) and lane for lane in state.lanes.values())

    @invariant()
    def a_ticket_in_hand_is_in_one_hand(self) -> None:
        held = [window.ticket for window in self.world.state.windows.values() if window.ticket]
        busy = [t.id for t in self.world.state.tickets.values() if t.state in {TicketState.CALLED, TicketState.SERVING}]
        assert sorted(held) == sorted(busy)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            log = self.world.log
            assert replayed(log) == self.world.state, "replay equals live"
            doubled = [entry for entry in log for _ in range(2)]
            assert replayed(doubled) == self.world.state, "each event told twice changes nothing"
            if self.world.state.day == "2026-11-23":
                assert replayed([*log, *log]) == self.world.state, "the whole day told again changes nothing"


def replayed(log: list[tuple[Event, TerminalId, float]]) -> HallState:
    state = HallState(qinghe())
    for event, device, at in log:
        apply(state, event, device, at)
    return state


Day.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_a_day_played_in_any_order = Day.TestCase
