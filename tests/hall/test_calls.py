from copy import deepcopy

import pytest

from hall.commands import (
    Called,
    CallNext,
    Done,
    FinishService,
    LeaseLabel,
    MarkMissed,
    Recall,
    Refused,
    ReturnMissed,
    SignIn,
    SignOut,
    Started,
    StartService,
)
from hall.day.decisions import Asker, Decision, decide
from hall.errors import Reason
from hall.events import PriorityGranted, TicketCalled
from hall.ids import StaffId, TerminalId, TicketId, TicketLabel, WindowId
from hall.speech.phrases import forbidden_in
from tests.hall.world import CARD, PENSION, World, clock

KINDS = (CallNext, Recall, MarkMissed, StartService, FinishService)


def reason(decision: Decision) -> Reason:
    assert isinstance(decision.reply, Refused)
    assert decision.reply.sentence
    assert decision.events == ()
    return decision.reply.reason


def called(decision: Decision) -> Called:
    assert isinstance(decision.reply, Called), decision.reply
    return decision.reply


def working() -> World:
    return World().open().sign_in_all()


@pytest.mark.parametrize(
    ("done", "allowed"),
    [
        ((), {CallNext}),
        ((CallNext,), {Recall, StartService}),
        ((CallNext, Recall), {Recall, StartService}),
        ((CallNext, StartService), {FinishService}),
        ((CallNext, StartService, FinishService), {CallNext}),
    ],
)
def test_the_table_of_moves_at_a_window(done: tuple[type, ...], allowed: set[type]) -> None:
    for kind in KINDS:
        world = working()
        world.take("t1")
        world.take("t2")
        for move in done:
            world.at(move)
        decision = world.at(kind)
        if kind in allowed:
            assert not isinstance(decision.reply, Refused), (done, kind)
        else:
            assert reason(decision) in {Reason.ILLEGAL_MOVE, Reason.WINDOW_BUSY}, (done, kind)


def test_nobody_waiting_is_said_so() -> None:
    assert reason(working().at(CallNext)) is Reason.NOBODY_WAITING


def test_a_window_calls_only_numbers_it_serves() -> None:
    world = working()
    world.take("t1", CARD)
    assert reason(world.at(CallNext, "7")) is Reason.NOBODY_WAITING
    assert called(world.at(CallNext, "14")).label == "H001"


@pytest.mark.parametrize("kind", KINDS)
def test_a_panel_acts_for_its_own_window_with_its_own_clerk(
    kind: type[CallNext | Recall | MarkMissed | StartService | FinishService],
) -> None:
    world = working()
    world.take("t1")
    own = kind(window=WindowId("14"), staff=StaffId("0310"))
    assert reason(world.ask(own, "W07")) is Reason.NOT_ALLOWED
    assert reason(world.ask(own, "D1")) is Reason.NOT_ALLOWED
    assert reason(world.ask(own, "R14")) is Reason.NOT_ALLOWED
    assert reason(world.ask(kind(window=WindowId("14"), staff=StaffId("0303")), "W14")) is Reason.NOT_SIGNED_IN
    assert reason(world.ask(kind(window=WindowId("99"), staff=StaffId("0310")), "W14")) is Reason.UNKNOWN_WINDOW


def test_within_a_class_the_first_to_come_is_the_first_to_be_called() -> None:
    world = working()
    for number, item in enumerate((PENSION, CARD, PENSION, CARD)):
        world.take(f"t{number}", item)
        world.now += 60
    order = []
    for _ in range(4):
        order.append(called(world.at(CallNext)).ticket)
        world.at(StartService)
        world.at(FinishService)
    assert order == ["t0", "t1", "t2", "t3"]


@pytest.mark.row("QUE-11", part="rule")
def test_priority_goes_before_earlier_ordinary_people_but_at_most_three_times_in_a_row() -> None:
    world = working()
    for number in range(4):
        world.take(f"o{number}")
    world.now += 20 * 60
    for number in range(8):
        world.take(f"p{number}", terminal="D1", grant=True)
    world.now += 60
    order = ""
    for _ in range(12):
        order += "P" if called(world.at(CallNext)).priority else "o"
        world.at(StartService)
        world.at(FinishService)
    assert order == "PPPoPPPoPPoo"


@pytest.mark.row("QUE-11", part="rule")
def test_the_ground_of_a_priority_is_never_said() -> None:
    world = working()
    world.take("p", terminal="D1", grant=True)
    reply = called(world.at(CallNext))
    assert "优先号" in reply.why_zh
    told = reply.why_zh + reply.why_en
    assert not any(word in told for word in ("老", "弱", "病", "残", "孕", "军", "age", "pregnan", "disab", "ill "))
    assert forbidden_in(reply.why_zh) == ()


def test_at_an_ordinary_window_credit_grows_three_times_as_fast_for_priority() -> None:
    world = working()
    for ticket, minutes in (("old", 0), ("granted", 4), ("late", 5)):
        world.now = clock("09:30") + minutes * 60
        world.take(ticket)
    world.happen(PriorityGranted(ticket=TicketId("granted"), issuer=StaffId("0101"), sealed=b"x"), "D1")
    world.now = clock("09:35")
    assert called(world.at(CallNext, "7")).ticket == "old"  # credit 5 against 3
    world.at(StartService, "7")
    world.at(FinishService, "7")
    world.now = clock("09:36")
    assert called(world.at(CallNext, "7")).ticket == "granted"


def test_priority_over_its_target_takes_two_of_three_calls_whatever_the_credits() -> None:
    world = working()
    for number in range(3):
        world.take(f"o{number}")
    world.now += 60 * 60
    for number in range(3):
        world.take(f"p{number}")
        world.happen(PriorityGranted(ticket=TicketId(f"p{number}"), issuer=StaffId("0101"), sealed=b"x"), "D1")
    world.now += 16 * 60  # credits 48 against 76
    order = ""
    for _ in range(6):
        order += "P" if called(world.at(CallNext, "7")).priority else "o"
        world.at(StartService, "7")
        world.at(FinishService, "7")
    assert order == "PPoPoo"


def test_a_ticket_that_becomes_priority_later_keeps_its_label_and_its_time() -> None:
    world = working()
    world.take("t1")
    world.take("t2")
    world.happen(PriorityGranted(ticket=TicketId("t2"), issuer=StaffId("0101"), sealed=b"x"), "D1")
    reply = called(world.at(CallNext))
    assert (reply.label, reply.priority) == ("C002", True)


def test_priority_numbers_are_not_stranded_when_their_window_is_closed() -> None:
    world = working()
    world.take("p", terminal="D1", grant=True)
    assert reason(world.at(CallNext, "7")) is Reason.NOBODY_WAITING
    world.ask(SignOut(staff=StaffId("0310")), "W14")
    assert called(world.at(CallNext, "7")).label == "Y001"


def test_every_call_keeps_the_heads_it_compared() -> None:
    world = working()
    world.take("a", CARD)
    world.now += 120
    world.take("b")
    world.now += 60
    event = world.at(CallNext).events[0]
    assert isinstance(event, TicketCalled)
    assert [(head.label, head.waited_s, head.credit) for head in event.compared] == [("H001", 180, 3), ("C001", 60, 1)]
    assert event.rule == "accumulating"


def test_recalling_makes_a_new_call_of_the_same_ticket() -> None:
    world = working()
    world.take("t1")
    first = called(world.at(CallNext))
    again = called(world.at(Recall))
    assert (again.label, again.call_seq) == (first.label, first.call_seq + 1)
    assert [(call.label, call.recalled) for call in world.state.calls] == [("C001", False), ("C001", True)]


def test_call_numbers_grow_from_day_to_day_even_when_nobody_remembers_the_day_before() -> None:
    monday, tuesday = working(), World(now=clock("09:30", "2026-11-24")).open("2026-11-24").sign_in_all()  # type: ignore[arg-type]
    for world in (monday, tuesday):
        world.take("t1")
    assert called(monday.at(CallNext)).call_seq < called(tuesday.at(CallNext)).call_seq


def missed(world: World) -> Decision:
    """Call three times 20 s apart and give up."""
    world.at(CallNext)
    for _ in range(2):
        world.now += 20
        world.at(Recall)
    return world.at(MarkMissed)


def test_a_missed_number_leaves_the_displays_and_the_others_stay() -> None:
    world = working()
    world.take("t1")
    first = called(world.at(CallNext, "7")).label
    world.take("t2")
    missed(world)
    assert {call.label for call in world.state.calls} == {first}


@pytest.mark.row("QUE-04", part="rule")
def test_a_ticket_is_missed_only_after_three_calls_and_time_enough_to_walk() -> None:
    world = working()
    world.take("t1")
    world.at(CallNext)
    assert reason(world.at(MarkMissed)) is Reason.ILLEGAL_MOVE
    world.at(Recall)
    world.now += 60
    assert reason(world.at(MarkMissed)) is Reason.ILLEGAL_MOVE
    world.at(Recall)
    assert isinstance(world.at(MarkMissed).reply, Done)
    assert reason(world.at(CallNext)) is Reason.NOBODY_WAITING


@pytest.mark.row("QUE-04", part="rule")
def test_a_missed_person_comes_back_three_places_behind_the_head_and_only_once() -> None:
    world = working()
    world.take("t0")
    for number in range(1, 6):
        world.now += 10
        world.take(f"t{number}")
    assert isinstance(missed(world).reply, Done)
    back = ReturnMissed(label=TicketLabel("C001"), staff=StaffId("0101"))
    assert reason(world.ask(back, "W14")) is Reason.NOT_ALLOWED
    assert isinstance(world.ask(back, "D1").reply, Done)
    assert reason(world.ask(back, "D1")) is Reason.ILLEGAL_MOVE
    order = []
    for _ in range(3):
        order.append(called(world.at(CallNext)).ticket)
        world.at(StartService)
        world.at(FinishService)
    assert order == ["t1", "t2", "t3"]
    assert isinstance(missed(world).reply, Done)  # t0 again
    assert reason(world.ask(back, "D1")) is Reason.ILLEGAL_MOVE
    assert called(world.at(CallNext)).ticket == "t4"


def test_a_missed_person_before_an_empty_queue_is_next() -> None:
    world = working()
    world.take("t0")
    missed(world)
    unknown = ReturnMissed(label=TicketLabel("C099"), staff=StaffId("0101"))
    assert reason(world.ask(unknown, "D1")) is Reason.UNKNOWN_TICKET
    world.ask(ReturnMissed(label=TicketLabel("C001"), staff=StaffId("0101")), "D1")
    assert called(world.at(CallNext)).ticket == "t0"


def test_services_of_a_ticket_are_numbered() -> None:
    world = working()
    world.take("t1")
    world.at(CallNext)
    assert world.at(StartService).reply == Started(service="t1/1", ticket=TicketId("t1"))  # type: ignore[arg-type]


def test_signing_in_needs_a_known_clerk_and_an_allowed_window() -> None:
    world = World().open()
    for staff, terminal, window, told in (
        ("9999", "W07", None, Reason.UNKNOWN_STAFF),
        ("0303", "W14", None, Reason.NOT_ALLOWED),
        ("0303", "W07", "14", Reason.NOT_ALLOWED),
        ("0303", "D1", None, Reason.NOT_ALLOWED),
        ("0303", "K1", None, Reason.NOT_ALLOWED),
    ):
        command = SignIn(staff=StaffId(staff), sealed_pin=b"", window=WindowId(window) if window else None)
        assert reason(world.ask(command, terminal)) is told
    assert reason(world.at(CallNext)) is Reason.NOT_SIGNED_IN


def test_signing_in_twice_changes_nothing_and_another_guide_relieves_the_first() -> None:
    world = working()
    assert world.ask(SignIn(staff=StaffId("0310"), sealed_pin=b""), "W14").events == ()
    assert world.ask(SignIn(staff=StaffId("0101"), sealed_pin=b""), "D1").events == ()
    assert len(world.ask(SignIn(staff=StaffId("0102"), sealed_pin=b""), "D1").events) == 2
    assert reason(world.ask(SignOut(staff=StaffId("0101")), "D1")) is Reason.NOT_SIGNED_IN
    assert isinstance(world.ask(SignOut(staff=StaffId("0102")), "D1").reply, Done)
    assert reason(world.ask(SignOut(staff=StaffId("0303")), "W14")) is Reason.NOT_SIGNED_IN


def test_nobody_signs_out_with_a_ticket_in_hand() -> None:
    world = working()
    world.take("t1")
    world.at(CallNext)
    assert reason(world.ask(SignOut(staff=StaffId("0310")), "W14")) is Reason.WINDOW_BUSY
    world.at(StartService)
    world.at(FinishService)
    assert isinstance(world.ask(SignOut(staff=StaffId("0310")), "W14").reply, Done)


def test_deciding_a_call_changes_nothing() -> None:
    world = working()
    world.take("t1")
    before = deepcopy(world.state)
    by = Asker(TerminalId("W14"), "window_panel")
    decide(world.state, CallNext(window=WindowId("14"), staff=StaffId("0310")), by, world.now)
    decide(
        world.state,
        LeaseLabel(ticket=TicketId("t9"), item=PENSION),
        Asker(TerminalId("K1"), "self_service"),
        world.now,
    )
    assert world.state == before
