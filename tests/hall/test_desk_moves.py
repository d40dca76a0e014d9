"""What a guide may do with a ticket, what ends it, and what is refused with its reason."""

from copy import deepcopy

import msgspec
import pytest

from hall.commands import (
    AddItem,
    AnyReply,
    Called,
    CallNext,
    CancelTicket,
    ComeBack,
    Done,
    FinishService,
    GrantPriority,
    Leased,
    LeaseLabel,
    MarkMissed,
    Refused,
    SignIn,
    Started,
    StartService,
    StepAway,
    SwapItem,
)
from hall.day import sweeping
from hall.day.decisions import EndDay
from hall.day.granting import granted_by
from hall.desk_facts import AdoptTicket
from hall.errors import Reason
from hall.events import Event, LabelLeased, ServiceStarted
from hall.ids import BusinessDay, ItemCode, Series, StaffId, TerminalId, TicketId, TicketLabel, WindowId
from hall.moves import (
    CallLapsed,
    ItemAdded,
    ItemSwapped,
    NextItemBegun,
    TicketCameBack,
    TicketCancelled,
    TicketHeld,
    TicketLapsed,
    TicketPrecalled,
    TicketResumed,
    TicketSteppedAway,
    TicketTransferred,
)
from hall.queue.fairness import grants
from hall.queue.tickets import ENDED, TicketState
from tests.hall.asking import GUIDE, desk, hold, no, panel, state_of, told, transfer, working
from tests.hall.world import CARD, ENQUIRY, PENSION, TUESDAY, clock, offline_ticket, qinghe

# ---- swap, more items, cancel ------------------------------------------------------------------------------------


@pytest.mark.row("QUE-02", part="rule")
def test_a_wrong_item_is_swapped_without_loss_of_place_and_both_numbers_stay_in_the_log() -> None:
    world = working()
    world.take("t1", CARD)
    world.now += 600
    world.take("t2")
    world.now += 60
    reply = told(desk(world, SwapItem(label=TicketLabel("H001"), item=PENSION, staff=GUIDE)), Leased)
    assert (reply.label, reply.windows, reply.quote.people_ahead) == ("C002", ("7", "8", "14"), 0)
    ticket = world.state.tickets[TicketId("t1")]
    assert (ticket.label, ticket.earlier_labels, ticket.issued_at) == ("C002", ("H001",), clock("09:30"))
    leased = [event.number for event, _, _ in world.log if isinstance(event, LabelLeased) and event.ticket == "t1"]
    assert len(leased) == 2
    assert told(world.at(CallNext, "7").reply, Called).label == "C002"
    assert world.take("t3").label == "C003", "a swapped number is never given again"


def test_a_swap_within_a_series_keeps_the_label_and_a_first_label_still_finds_its_ticket() -> None:
    world = working()
    world.take("t1")
    other = ItemCode("SI-303")
    assert told(desk(world, SwapItem(label=TicketLabel("C001"), item=other, staff=GUIDE)), Leased).label == "C001"
    assert told(desk(world, SwapItem(label=TicketLabel("C001"), item=CARD, staff=GUIDE)), Leased).label == "H001"
    told(desk(world, CancelTicket(label=TicketLabel("C001"), staff=GUIDE)), Done)
    assert state_of(world, "t1") is TicketState.CANCELLED


def test_a_swap_is_refused_when_there_is_nothing_to_put_right() -> None:
    world = working()
    world.take("t1")
    assert no(desk(world, SwapItem(label=TicketLabel("C001"), item=PENSION, staff=GUIDE))) is Reason.ILLEGAL_MOVE
    unknown = SwapItem(label=TicketLabel("C001"), item=ItemCode("SI-999"), staff=GUIDE)
    assert no(desk(world, unknown)) is Reason.UNKNOWN_ITEM
    assert no(desk(world, SwapItem(label=TicketLabel("C009"), item=CARD, staff=GUIDE))) is Reason.UNKNOWN_TICKET
    world.state.last_leased["2026-11-23", "H"] = 699  # type: ignore[index]
    assert no(desk(world, SwapItem(label=TicketLabel("C001"), item=CARD, staff=GUIDE))) is Reason.RANGE_EXHAUSTED
    world.at(CallNext)
    assert no(desk(world, SwapItem(label=TicketLabel("C001"), item=CARD, staff=GUIDE))) is Reason.ILLEGAL_MOVE


def test_several_items_are_done_on_one_number_each_with_its_own_service() -> None:
    world = working()
    world.take("t1")
    for item in (CARD, ENQUIRY):
        told(desk(world, AddItem(label=TicketLabel("C001"), item=item, staff=GUIDE)), Done)
    assert no(desk(world, AddItem(label=TicketLabel("C001"), item=CARD, staff=GUIDE))) is Reason.ILLEGAL_MOVE
    unknown = AddItem(label=TicketLabel("C001"), item=ItemCode("SI-999"), staff=GUIDE)
    assert no(desk(world, unknown)) is Reason.UNKNOWN_ITEM
    world.serve("7")
    assert state_of(world, "t1") is TicketState.WAITING, "window 7 serves pensions only"
    called = told(world.at(CallNext).reply, Called)
    assert (called.label, called.item) == ("C001", CARD)
    world.at(StartService)
    world.at(FinishService)
    assert state_of(world, "t1") is TicketState.CALLED, "the general window goes on with the same person"
    assert told(world.at(StartService).reply, Started).service == "t1/3"
    world.at(FinishService)
    assert state_of(world, "t1") is TicketState.DONE


def test_a_visit_has_a_bounded_number_of_items() -> None:
    world = working()
    many = tuple(item.code for item in qinghe().items[:5])
    reply = world.ask(LeaseLabel(ticket=TicketId("t"), item=PENSION, more_items=many), "K1").reply
    assert no(reply) is Reason.UNKNOWN_ITEM
    world.take("t1")
    for code in ("SI-101", "SI-102", "SI-104", "SI-106"):
        told(desk(world, AddItem(label=TicketLabel("C001"), item=ItemCode(code), staff=GUIDE)), Done)
    assert no(desk(world, AddItem(label=TicketLabel("C001"), item=CARD, staff=GUIDE))) is Reason.ILLEGAL_MOVE


@pytest.mark.parametrize("kind", [CancelTicket, ComeBack])
def test_a_desk_acts_only_with_its_guide_signed_in(kind: type[CancelTicket | ComeBack]) -> None:
    world = working()
    world.take("t1")
    command = kind(label=TicketLabel("C001"), staff=StaffId("0102"))
    assert no(desk(world, command)) is Reason.NOT_SIGNED_IN
    assert no(world.ask(command, "W14").reply) is Reason.NOT_ALLOWED


def test_nobody_is_called_after_cancelling() -> None:
    world = working()
    world.take("t1")
    told(desk(world, CancelTicket(label=TicketLabel("C001"), staff=GUIDE)), Done)
    assert no(world.at(CallNext).reply) is Reason.NOBODY_WAITING
    assert no(desk(world, CancelTicket(label=TicketLabel("C001"), staff=GUIDE))) is Reason.ILLEGAL_MOVE


# ---- 暂离 ---------------------------------------------------------------------------------------------------------


def test_who_steps_away_keeps_the_place_for_a_bounded_time() -> None:
    world = working()
    world.take("t1")
    world.now += 60
    world.take("t2")
    world.now += 60
    away = StepAway(label=TicketLabel("C001"), staff=GUIDE, minutes=10)
    assert no(desk(world, msgspec.structs.replace(away, minutes=90))) is Reason.ILLEGAL_MOVE
    told(desk(world, away), Done)
    assert no(desk(world, away)) is Reason.ILLEGAL_MOVE
    assert told(world.at(CallNext, "7").reply, Called).label == "C002"
    assert no(world.at(CallNext).reply) is Reason.NOBODY_WAITING
    world.take("t3")
    world.now += 600
    assert told(world.at(CallNext).reply, Called).label == "C001", "the time is over: it may be called, in its place"


def test_coming_back_early_is_being_here_again_and_stepping_away_has_a_limit() -> None:
    world = working()
    world.take("t1")
    back = ComeBack(label=TicketLabel("C001"), staff=GUIDE)
    assert world.ask(back, "D1").events == ()
    for _ in range(2):
        told(desk(world, StepAway(label=TicketLabel("C001"), staff=GUIDE, minutes=5)), Done)
        told(desk(world, back), Done)
    assert no(desk(world, StepAway(label=TicketLabel("C001"), staff=GUIDE, minutes=5))) is Reason.ILLEGAL_MOVE
    assert told(world.at(CallNext).reply, Called).label == "C001"


# ---- priority, persons, appointments, slips ----------------------------------------------------------------------


@pytest.mark.row("QUE-11", part="rule")
def test_priority_given_later_keeps_label_and_time_and_each_guide_has_a_cap_but_the_lead() -> None:
    world = working(grants_per_issuer=2)
    for number in range(4):
        world.take(f"t{number}")
    for number in range(1, 3):
        grant = GrantPriority(label=TicketLabel(f"C00{number}"), staff=GUIDE, sealed_grant=b"x")
        told(desk(world, grant), Done)
    assert world.ask(grant, "D1").events == (), "granted already"
    third = GrantPriority(label=TicketLabel("C003"), staff=GUIDE, sealed_grant=b"x")
    assert no(desk(world, third)) is Reason.DAILY_LIMIT
    assert no(world.lease("p", terminal="D1", grant=True).reply) is Reason.DAILY_LIMIT
    lead = next(member.id for member in qinghe().staff if "lead" in member.roles)
    world.ask(SignIn(staff=lead, sealed_pin=b""), "D1")
    told(desk(world, msgspec.structs.replace(third, staff=lead)), Done)
    assert granted_by(world.state) == grants(event for event, _, _ in world.log) == {GUIDE: 2, lead: 1}
    ticket = world.state.tickets[TicketId("t2")]
    assert (ticket.label, ticket.priority, ticket.since) == ("C003", True, ticket.issued_at)


def test_a_card_holds_one_open_ticket_for_each_queue() -> None:
    world = working()
    person = "ab" * 32

    def take(ticket: str, item: ItemCode = PENSION, who: str = person) -> AnyReply:
        reply = world.ask(LeaseLabel(ticket=TicketId(ticket), item=item, person=who), "K1").reply
        if isinstance(reply, Leased):
            world.take(ticket, item)
        return reply

    told(take("t1"), Leased)
    refused = told(take("t2"), Refused)
    assert (refused.reason, "C001" in refused.sentence) == (Reason.ALREADY_HOLDING, True)
    told(take("t3", CARD), Leased)
    told(take("t4", who="cd" * 32), Leased)
    assert no(take("t5", who="320106194801010011")) is Reason.MALFORMED, "never a number in clear"
    world.serve("7")
    told(take("t6"), Leased)  # the first one is done


def test_an_appointment_kept_in_time_counts_as_having_come_earlier() -> None:
    world = working()
    world.take("walk")
    world.now += 20 * 60
    lease = LeaseLabel(ticket=TicketId("booked"), item=PENSION, appointment_at=world.now)
    assert no(world.ask(lease, "K1").reply) is Reason.NOT_ALLOWED
    told(world.ask(lease, "D1").reply, Leased)
    world.take("booked", terminal="D1")
    late = LeaseLabel(ticket=TicketId("late"), item=PENSION, appointment_at=world.now - 3600)
    world.ask(late, "D1")
    world.take("late", terminal="D1")
    order = [told(world.at(CallNext).reply, Called).ticket]
    assert world.state.calls[-1].label == "C002"
    for _ in range(2):
        world.at(StartService)
        world.at(FinishService)
        order.append(told(world.at(CallNext).reply, Called).ticket)
    assert order == ["booked", "walk", "late"]


def test_a_slip_of_a_cut_off_terminal_is_adopted_once_and_its_own_event_is_no_surprise() -> None:
    world = working()
    issued = offline_ticket("x", "C", 700, world.now - 600)
    adopt = AdoptTicket(issued=issued, terminal=TerminalId("K1"), staff=GUIDE)
    assert no(desk(world, msgspec.structs.replace(adopt, terminal=TerminalId("K9")))) is Reason.NOT_ALLOWED
    assert no(desk(world, msgspec.structs.replace(adopt, terminal=TerminalId("K2")))) is Reason.ILLEGAL_MOVE
    old = msgspec.structs.replace(issued, day=BusinessDay("2026-11-20"))
    assert no(desk(world, msgspec.structs.replace(adopt, issued=old))) is Reason.ILLEGAL_MOVE
    odd = msgspec.structs.replace(issued, item=ItemCode("SI-999"))
    assert no(desk(world, msgspec.structs.replace(adopt, issued=odd))) is Reason.UNKNOWN_ITEM
    world.take("t1")
    told(desk(world, adopt), Done)
    assert world.ask(adopt, "D1").events == ()
    same_number = msgspec.structs.replace(issued, ticket=TicketId("y"))
    assert no(desk(world, msgspec.structs.replace(adopt, issued=same_number))) is Reason.ILLEGAL_MOVE
    assert told(world.at(CallNext).reply, Called).label == "C700"
    assert world.happen(issued, "K1") == ()
    assert state_of(world, "x") is TicketState.CALLED


# ---- closing -----------------------------------------------------------------------------------------------------


@pytest.mark.row("QUE-20", part="rule")
def test_who_holds_a_number_is_served_after_the_cut_off_and_the_lead_sees_them() -> None:
    world = working()
    world.take("t1")
    world.take("t2")
    world.now = clock("16:50")
    assert no(world.lease("t3").reply) is Reason.OUTSIDE_HOURS
    assert [ticket.label for ticket in sweeping.still_to_serve(world.state)] == ["C001", "C002"]
    world.now = clock("17:40")
    refused = told(world.ask(EndDay()).reply, Refused)
    assert "C001, C002" in refused.sentence
    assert told(world.at(CallNext).reply, Called).label == "C001"
    world.at(StartService)
    world.at(FinishService)
    world.serve()
    told(world.ask(EndDay()).reply, Done)


def test_every_ticket_ends_with_its_day() -> None:
    world = working(calls_before_missed=1)
    for number in range(5):
        world.take(f"t{number}")
    world.serve()
    world.at(CallNext)
    world.at(MarkMissed)
    world.at(CallNext)
    world.at(StartService)
    panel(world, hold())
    world.at(CallNext)
    assert no(world.ask(EndDay(), "K1").reply) is Reason.NOT_ALLOWED
    assert no(world.ask(EndDay()).reply) is Reason.ILLEGAL_MOVE
    told(world.ask(EndDay(final=True)).reply, Done)
    assert {ticket.state for ticket in world.state.tickets.values()} <= ENDED
    assert world.state.waiting_count() == 0
    assert world.ask(EndDay()).events == ()


def test_a_day_that_nobody_ended_ends_when_the_next_one_opens() -> None:
    world = working()
    world.take("t1")
    world.now = clock("09:00", TUESDAY)
    world.open(TUESDAY)
    assert [type(event).__name__ for event, _, _ in world.log[-2:]] == ["TicketLapsed", "DayOpened"]
    assert world.state.tickets == {}


def test_a_service_of_a_transferred_ticket_is_over_and_not_rated() -> None:
    world = working()
    world.take("t1")
    world.at(CallNext)
    event = world.at(StartService).events[0]
    assert isinstance(event, ServiceStarted)
    panel(world, transfer("7"))
    service = world.state.services[event.service]
    assert service.finished_at == world.now
    assert world.state.windows[WindowId("14")].finished is None


GHOST, STAFF, WINDOW = TicketId("ghost"), StaffId("0000"), WindowId("99")
STRANGE: list[Event] = [
    TicketHeld(ticket=GHOST, move=1, at=0.0, window=WINDOW, staff=STAFF),
    TicketResumed(ticket=GHOST, move=1, at=0.0, window=WINDOW, staff=STAFF),
    TicketTransferred(
        ticket=GHOST, move=1, at=0.0, window=WINDOW, staff=STAFF, to_window=None, item=ItemCode("SI-999")
    ),
    ItemSwapped(
        ticket=GHOST,
        move=1,
        at=0.0,
        staff=STAFF,
        item=ItemCode("SI-999"),
        series=Series("Q"),
        number=1,
        label=TicketLabel("Q001"),
    ),
    ItemAdded(ticket=GHOST, move=1, at=0.0, staff=STAFF, item=PENSION),
    NextItemBegun(ticket=GHOST, move=1, at=0.0, item=PENSION, window=WINDOW),
    TicketCancelled(ticket=GHOST, move=1, at=0.0, staff=STAFF),
    TicketLapsed(ticket=GHOST, move=1, at=0.0, cause="day_ended"),
    CallLapsed(ticket=GHOST, move=1, at=0.0, window=WINDOW, cause="not_started"),
    TicketSteppedAway(ticket=GHOST, move=1, at=0.0, until=1.0),
    TicketCameBack(ticket=GHOST, move=1, at=0.0),
    TicketPrecalled(ticket=GHOST, move=1, at=0.0, label=TicketLabel("Q001"), window=WINDOW),
]


@pytest.mark.parametrize("event", STRANGE, ids=lambda event: type(event).__name__)
def test_a_move_of_nobody_or_of_an_ended_ticket_or_told_late_changes_nothing(event: Event) -> None:
    world = working()
    world.take("done")
    world.serve()
    world.take("moved")
    world.ask(StepAway(label=TicketLabel("C002"), staff=GUIDE, minutes=5), "D1")
    world.state.tickets[TicketId("done")].moves = 7
    before = deepcopy(world.state)
    for ticket in ("ghost", "done", "moved"):
        world.happen(msgspec.structs.replace(event, ticket=TicketId(ticket)))
        assert world.state == before


def test_an_unknown_further_item_of_a_cut_off_terminal_stops_nobody() -> None:
    world = working()
    issued = msgspec.structs.replace(offline_ticket("x", "C", 700, world.now), more_items=(ItemCode("SI-999"), CARD))
    world.happen(issued, "K1")
    world.serve()
    assert state_of(world, "x") is TicketState.CALLED
    assert world.state.tickets[TicketId("x")].item == CARD
