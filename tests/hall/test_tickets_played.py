"""Every move a ticket can make, in any order, over whole days: what must hold whatever people do."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hall.commands import (
    AddItem,
    CallNext,
    CallTicket,
    CancelTicket,
    ComeBack,
    FinishService,
    GrantPriority,
    HoldTicket,
    MarkMissed,
    OutOfOrder,
    PrecallNext,
    Recall,
    Refused,
    ResumeTicket,
    ReturnMissed,
    SignIn,
    SignOut,
    StartService,
    StepAway,
    SwapItem,
    TransferTicket,
)
from hall.day.decisions import Decision, EndDay, HallState, LookAround, apply
from hall.events import Event, LabelLeased, TicketCalled, TicketIssued
from hall.ids import ItemCode, StaffId, TerminalId, TicketId, TicketLabel, WindowId
from hall.queue.disciplines import Ground
from hall.queue.explaining import explain
from hall.queue.tickets import ENDED, TicketState
from tests.hall.asking import GUIDE, working
from tests.hall.world import PANELS, World

ITEMS = st.sampled_from([ItemCode("SI-301"), ItemCode("SI-701"), ItemCode("SI-801"), ItemCode("SI-303")])
WINDOWS = st.sampled_from(sorted(PANELS))
RULES = st.sampled_from(["apq_target", "apq", "ratio_1_2", "strict", "first_come"])
PLAIN = [CallNext, CallNext, StartService, StartService, FinishService, Recall, MarkMissed, PrecallNext, HoldTicket]
MUST_BE: dict[type, set[TicketState]] = {
    StartService: {TicketState.CALLED},
    Recall: {TicketState.CALLED},
    MarkMissed: {TicketState.CALLED},
    FinishService: {TicketState.SERVING},
    HoldTicket: {TicketState.SERVING},
    TransferTicket: {TicketState.CALLED, TicketState.SERVING},
}
"""From which states of the ticket in hand a move at a window may succeed; all others must be refused."""


class Tickets(RuleBasedStateMachine):
    """A hall with two windows and a guide, by any rule, with every move there is."""

    @initialize(discipline=RULES)
    def open(self, discipline: str) -> None:
        self.world = working(discipline=discipline, calls_before_missed=1, held_per_window=2)
        self.strict = discipline == "strict"
        self.count = 0

    @rule(item=ITEMS, grant=st.booleans(), times=st.integers(1, 3))
    def take(self, item: ItemCode, grant: bool, times: int) -> None:
        for _ in range(times):
            self.count += 1
            self.world.take(f"t{self.count:04}", item, "D1" if grant else "K1", grant=grant)

    @rule(kind=st.sampled_from(PLAIN), window=WINDOWS)
    def work(self, kind: type[CallNext | StartService | FinishService], window: str) -> None:
        terminal, staff = PANELS[window]
        self._ask(kind(window=WindowId(window), staff=StaffId(staff)), terminal, window)

    @rule(data=st.data(), window=WINDOWS)
    def work_with(self, data: st.DataObject, window: str) -> None:
        terminal, staff = PANELS[window]
        label = self._label(data)
        number, clerk = WindowId(window), StaffId(staff)
        reason = data.draw(st.none() | st.sampled_from(OutOfOrder))
        other = WindowId("7" if window == "14" else "14")
        command = data.draw(
            st.sampled_from(
                [
                    CallTicket(window=number, staff=clerk, label=label, reason=reason),
                    ResumeTicket(window=number, staff=clerk, label=label),
                    TransferTicket(window=number, staff=clerk, to_window=other),
                    TransferTicket(window=number, staff=clerk, item=data.draw(ITEMS)),
                ]
            )
        )
        self._ask(command, terminal, window)

    @rule(data=st.data(), item=ITEMS, minutes=st.integers(0, 20))
    def at_the_desk(self, data: st.DataObject, item: ItemCode, minutes: int) -> None:
        label = self._label(data)
        command = data.draw(
            st.sampled_from(
                [
                    SwapItem(label=label, item=item, staff=GUIDE),
                    AddItem(label=label, item=item, staff=GUIDE),
                    CancelTicket(label=label, staff=GUIDE),
                    StepAway(label=label, staff=GUIDE, minutes=minutes),
                    ComeBack(label=label, staff=GUIDE),
                    GrantPriority(label=label, staff=GUIDE, sealed_grant=b"x"),
                    ReturnMissed(label=label, staff=GUIDE),
                ]
            )
        )
        self._checked(self.world.ask(command, "D1"))  # type: ignore[arg-type]

    @rule(window=WINDOWS, come=st.booleans())
    def clerk_comes_or_goes(self, window: str, come: bool) -> None:
        terminal, staff = PANELS[window]
        command = SignIn(staff=StaffId(staff), sealed_pin=b"") if come else SignOut(staff=StaffId(staff))
        self._checked(self.world.ask(command, terminal))

    @rule(seconds=st.sampled_from([1, 60, 200, 900]), lost=st.sets(st.sampled_from(["W07", "W14"])))
    def time_passes(self, seconds: int, lost: set[str]) -> None:
        if self.world.now + seconds < self.world_noon:
            self.world.now += seconds
        self._checked(self.world.ask(LookAround(frozenset(TerminalId(one) for one in lost))))

    @property
    def world_noon(self) -> float:
        return World().now + 2.4 * 3600

    def _label(self, data: st.DataObject) -> TicketLabel:
        labels = sorted({t.label for t in self.world.state.tickets.values()}) or [TicketLabel("C001")]
        return data.draw(st.sampled_from(labels))

    def _ask(self, command: object, terminal: str, window: str) -> None:
        held = self.world.state.windows[WindowId(window)]
        before = self.world.state.tickets[held.ticket].state if held.ticket else None
        in_row = held.priority_in_row
        decision = self.world.ask(command, terminal)  # type: ignore[arg-type]
        self._checked(decision)
        if not isinstance(decision.reply, Refused) and type(command) in MUST_BE:
            assert before in MUST_BE[type(command)], "an illegal move is refused"
        for event in decision.events:
            if isinstance(event, TicketCalled):
                self._check_call(event, in_row)

    def _check_call(self, event: TicketCalled, in_row: int) -> None:
        chosen = next(head for head in event.compared if head.ticket == event.ticket)
        assert all(event.label in sentence for sentence in explain(event))
        if event.because in (Ground.PRE_CALLED, Ground.OUT_OF_ORDER):
            assert (event.because == Ground.OUT_OF_ORDER) == bool(event.out_of_order)
            return
        same = [head for head in event.compared if head.priority == chosen.priority]
        assert chosen.credit == max(head.credit for head in same), "the earliest place within a class"
        ordinary = any(not head.priority for head in event.compared)
        assert self.strict or not (chosen.priority and ordinary and in_row >= 3), "at most three in a row"

    def _checked(self, decision: Decision) -> None:
        if isinstance(decision.reply, Refused):
            assert decision.reply.sentence
            assert decision.events == ()

    @invariant()
    def everybody_is_in_exactly_one_place(self) -> None:
        state = self.world.state
        queued = sorted(ticket for lane in state.lanes.values() for _, ticket in lane)
        assert queued == sorted(t.id for t in state.tickets.values() if t.state is TicketState.WAITING)
        assert all(lane == sorted(lane) and lane for lane in state.lanes.values())
        in_hand = sorted(w.ticket for w in state.windows.values() if w.ticket)
        busy = (TicketState.CALLED, TicketState.SERVING)
        assert in_hand == sorted(t.id for t in state.tickets.values() if t.state in busy)
        assert set(state.bound) == {t.id for t in state.tickets.values() if t.state is TicketState.WAITING and t.bound}

    @invariant()
    def no_number_is_given_twice_and_issue_times_never_change(self) -> None:
        leased = [(e.day, e.series, e.number) for e, _, _ in self.world.log if isinstance(e, LabelLeased)]
        assert len(set(leased)) == len(leased)
        labels = [(t.day, t.label) for t in self.world.state.tickets.values()]
        assert len(set(labels)) == len(labels)
        for event, _, _ in self.world.log:
            if isinstance(event, TicketIssued):
                assert self.world.state.tickets[event.ticket].issued_at == event.issued_at

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        self._everybody_is_served()
        self.world.ask(EndDay(final=True))
        assert {ticket.state for ticket in self.world.state.tickets.values()} <= ENDED, "every ticket ends"
        log = self.world.log
        assert replayed(self.world, log) == self.world.state, "replay equals live"
        doubled = [entry for entry in log for _ in range(2)]
        assert replayed(self.world, doubled) == self.world.state, "each event told twice changes nothing"

    def _everybody_is_served(self) -> None:
        """Nobody new comes: with one clerk at the general window everybody who waits is called, in bounded time."""
        terminal, staff = PANELS["14"]
        self.world.now += 3600  # whoever stepped away is due
        self.world.ask(LookAround(frozenset({TerminalId("W07")})))
        for window in PANELS:
            if self.world.state.windows[WindowId(window)].ticket:
                self.world.at(StartService, window)
                self.world.at(FinishService, window)
                self.world.at(MarkMissed, window)
        self.world.ask(SignOut(staff=StaffId(PANELS["7"][1])), PANELS["7"][0])
        self.world.ask(SignIn(staff=StaffId(staff), sealed_pin=b""), terminal)
        for _ in range(self.world.state.waiting_count() * 6 + 10):
            self.world.at(CallNext)
            self.world.at(StartService)
            self.world.at(FinishService)
        assert self.world.state.waiting_count() == 0, "no ticket waits for ever"


def replayed(world: World, log: list[tuple[Event, TerminalId, float]]) -> HallState:
    state = HallState(world.state.pack)
    for event, device, at in log:
        apply(state, event, device, at)
    return state


Tickets.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
test_every_move_in_any_order = Tickets.TestCase


def test_an_illegal_move_of_an_ended_ticket_is_refused_and_named() -> None:
    world = working()
    world.take("t1")
    world.serve()
    for command in (
        SwapItem(label=TicketLabel("C001"), item=ItemCode("SI-701"), staff=GUIDE),
        CancelTicket(label=TicketLabel("C001"), staff=GUIDE),
        StepAway(label=TicketLabel("C001"), staff=GUIDE, minutes=5),
        ComeBack(label=TicketLabel("C001"), staff=GUIDE),
        ReturnMissed(label=TicketLabel("C001"), staff=GUIDE),
        AddItem(label=TicketLabel("C001"), item=ItemCode("SI-701"), staff=GUIDE),
        GrantPriority(label=TicketLabel("C001"), staff=GUIDE, sealed_grant=b"x"),
    ):
        reply = world.ask(command, "D1").reply
        assert isinstance(reply, Refused)
        assert "C001 is done" in reply.sentence
    assert world.state.tickets[TicketId("t1")].state is TicketState.DONE
