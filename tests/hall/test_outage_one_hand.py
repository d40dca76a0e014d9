"""Whatever panels told, a window has one ticket in hand, and nobody is called who is in no hand."""

from hall.commands import AddItem, FinishService, Refused, StartService
from hall.day.deciding import Reconcile
from hall.events import Event, ServiceStarted, TicketCalled
from hall.ids import SERVER, EventId, ServiceId, StaffId, TerminalId, TicketId, TicketLabel, WindowId
from hall.outage.merging import Noted, merge
from hall.outage.sharing import ALONE_RULE, NO_CALL_SEQ
from hall.queue.tickets import TicketState
from tests.hall.world import ENQUIRY, World

FOURTEEN = WindowId("14")


def call(ticket: str, at: float) -> TicketCalled:
    return TicketCalled(
        ticket=TicketId(ticket),
        label=TicketLabel("C001"),
        window=FOURTEEN,
        call_seq=NO_CALL_SEQ,
        called_at=at,
        rule=ALONE_RULE,
    )


def start(ticket: str, at: float) -> ServiceStarted:
    service = ServiceId(f"{ticket}/14.1")
    return ServiceStarted(
        ticket=TicketId(ticket), service=service, window=FOURTEEN, staff=StaffId("0310"), started_at=at
    )


def noted(device: str, seq: int, event: Event, at: float) -> Noted:
    return Noted(device=TerminalId(device), epoch=1, seq=seq, event_id=EventId(f"{device}-{seq}"), at=at, event=event)


def test_of_two_that_are_settled_into_one_window_together_one_has_it_and_the_other_waits_again() -> None:
    world = World().open().sign_in_all()
    facts = [
        noted("K1", number, world.take(ticket), world.now) for number, ticket in enumerate(("t1", "t2", "t3"), start=1)
    ]
    facts.append(noted("W14", 1, call("t1", world.now + 1), world.now + 1))
    facts.append(noted("W14", 2, start("t1", world.now + 2), world.now + 2))
    facts += [noted("W14", seq, call(f"t{seq - 1}", world.now + seq), world.now + seq) for seq in (3, 4)]
    world.ask(Reconcile(merge(facts)))
    assert world.state.windows[FOURTEEN].ticket == "t1"
    told = {ticket.id: ticket.state for ticket in world.state.tickets.values()}
    assert told == {"t1": TicketState.SERVING, "t2": TicketState.WAITING, "t3": TicketState.WAITING}
    assert world.state.waiting_count() == 2


def test_a_service_that_was_finished_is_not_begun_again_because_its_panels_clock_was_fast() -> None:
    world = World().open().sign_in_all()
    issued = noted("K1", 1, world.take("t1"), world.now)
    fast = world.now + 600
    told = [noted("W14", 1, call("t1", fast), fast), noted("W14", 2, start("t1", fast + 1), fast + 1)]
    for one in told:
        world.happen(one.event, "W14")
    world.ask(AddItem(label=TicketLabel("C001"), item=ENQUIRY, staff=StaffId("0101")), "D1")
    world.now += 120
    ours = [noted(SERVER, seq, one, world.now) for seq, one in enumerate(world.at(FinishService).events)]
    world.ask(Reconcile(merge([issued, *told, *ours])))
    assert world.state.tickets[TicketId("t1")].state is TicketState.CALLED, "in the same hand, for the other item"
    assert not isinstance(world.at(StartService).reply, Refused)
    assert not isinstance(world.at(FinishService).reply, Refused)
