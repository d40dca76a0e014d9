"""A signed slip at a window and at the desk: believed for its signature, one ticket however often it is brought in."""

import msgspec
import pytest

from hall.commands import Called, CallNext, CallTicket, OutOfOrder
from hall.day.decisions import Flag
from hall.desk_facts import AdoptTicket, TicketShown
from hall.errors import Reason
from hall.events import TicketAdopted, TicketCalled, TicketIssued
from hall.ids import BusinessDay, StaffId, TerminalId, TicketId, WindowId
from hall.outage.sharing import ALONE_RULE, NO_CALL_SEQ
from hall.outage.signed_slips import public_of, sign
from hall.queue.tickets import TicketState
from hall.slip_keys import SlipKeyTrusted
from tests.hall.asking import CLERK, GUIDE, desk, no, panel, state_of, told, working
from tests.hall.world import World, offline_ticket

KEY, OTHER = bytes(range(32)), bytes(32)
K1 = TerminalId("K1")
ID = "019a0000000070008000000000000001"


def hall() -> World:
    world = working()
    world.happen(SlipKeyTrusted(terminal=K1, key=public_of(KEY), at=world.now))
    return world


def slip(world: World, **changes: object) -> TicketIssued:
    return msgspec.structs.replace(offline_ticket(ID, "C", 700, world.now - 600), **changes)


def adopting(world: World, issued: TicketIssued, staff: StaffId = CLERK, key: bytes = KEY) -> AdoptTicket:
    code = sign(issued, world.state.pack.hall.id, K1, key)
    return AdoptTicket(issued=issued, terminal=K1, staff=staff, slip=code)


def brought(world: World, issued: TicketIssued, key: bytes = KEY) -> TicketAdopted:
    command = adopting(world, issued, key=key)
    return TicketAdopted(issued=issued, terminal=K1, staff=CLERK, adopted_at=world.now, slip=command.slip)


def alone(world: World, issued: TicketIssued, window: str) -> TicketCalled:
    return TicketCalled(
        ticket=issued.ticket,
        label=issued.label,
        window=WindowId(window),
        call_seq=NO_CALL_SEQ,
        called_at=world.now,
        rule=ALONE_RULE,
    )


def test_a_window_brings_in_a_signed_slip_and_calls_it_with_a_reason() -> None:
    world = hall()
    world.take("t1")
    shown = told(panel(world, adopting(world, slip(world))), TicketShown)
    assert (shown.issued.label, shown.state) == ("C700", "waiting")
    assert "14" in shown.windows
    call = CallTicket(window=WindowId("14"), staff=CLERK, label=shown.issued.label, reason=OutOfOrder.OUR_MISTAKE)
    assert told(panel(world, call), Called).ticket == ID
    again = told(panel(world, adopting(world, slip(world))), TicketShown)
    assert (again.state, again.window) == ("called", "14")


def test_the_place_counts_from_when_it_was_taken() -> None:
    world = hall()
    world.take("t1")
    told(desk(world, adopting(world, slip(world), GUIDE)), TicketShown)
    assert told(world.at(CallNext).reply, Called).ticket == ID


def test_the_same_slip_at_desk_and_window_and_from_its_terminal_is_one_ticket() -> None:
    world = hall()
    told(desk(world, adopting(world, slip(world), GUIDE)), TicketShown)
    told(panel(world, adopting(world, slip(world))), TicketShown)
    assert world.happen(slip(world), "K1") == ()
    assert [ticket for ticket in world.state.tickets if ticket == ID] == [ID]
    assert sum(isinstance(event, TicketAdopted) for event, _, _ in world.log) == 1


def test_a_slip_that_is_not_believed_is_refused_with_its_reason() -> None:
    world = hall()
    good = adopting(world, slip(world))
    forged = adopting(world, slip(world), key=OTHER)
    assert no(panel(world, forged)) is Reason.NOT_VERIFIED
    changed = msgspec.structs.replace(good, issued=slip(world, priority=True))
    assert no(panel(world, changed)) is Reason.MALFORMED
    assert no(panel(world, msgspec.structs.replace(good, slip="DY1/S/AAAA"))) is Reason.MALFORMED
    yesterday = adopting(world, slip(world, day=BusinessDay("2026-11-20")))
    assert no(panel(world, yesterday)) is Reason.DAY_NOT_OPEN
    assert no(panel(world, msgspec.structs.replace(good, slip=""))) is Reason.NOT_ALLOWED
    assert no(panel(world, msgspec.structs.replace(good, staff=GUIDE))) is Reason.NOT_SIGNED_IN
    assert no(world.ask(good, "K1").reply) is Reason.NOT_ALLOWED
    assert no(panel(world, adopting(world, slip(world, number=1, label="C001")))) is Reason.ILLEGAL_MOVE
    assert no(panel(world, adopting(world, slip(world, series="Z", label="Z700")))) is Reason.MALFORMED
    assert ID not in world.state.tickets


def test_a_panel_on_its_own_brings_in_and_calls_and_the_hall_believes_the_signature() -> None:
    world = hall()
    issued = slip(world)
    assert world.happen(brought(world, issued), "W14") == ()
    assert world.happen(alone(world, issued, "14"), "W14") == ()
    assert state_of(world, ID) is TicketState.CALLED
    assert world.happen(brought(world, issued), "W07") == ()
    assert world.happen(issued, "K1") == ()
    assert world.state.tickets[TicketId(ID)].window == "14"


@pytest.mark.parametrize("who", ["K1", "S1", "X9"])
def test_who_neither_guides_nor_serves_brings_in_nobody(who: str) -> None:
    world = hall()
    assert Flag.NOT_A_TERMINALS_EVENT in world.happen(brought(world, slip(world)), who)
    assert ID not in world.state.tickets


def test_a_stolen_panel_cannot_make_up_tickets() -> None:
    world = hall()
    issued = slip(world)
    for event in (
        brought(world, issued, key=OTHER),
        msgspec.structs.replace(brought(world, issued), slip=""),
        msgspec.structs.replace(brought(world, issued), issued=slip(world, priority=True)),
        msgspec.structs.replace(brought(world, issued), terminal=TerminalId("K2")),
    ):
        assert Flag.NOT_A_TERMINALS_EVENT in world.happen(event, "W14")
    assert ID not in world.state.tickets


def test_no_terminal_says_whose_key_is_believed() -> None:
    world = hall()
    trusted = SlipKeyTrusted(terminal=K1, key=public_of(OTHER), at=world.now)
    assert Flag.NOT_A_TERMINALS_EVENT in world.happen(trusted, "K1")
    assert world.state.slip_keys == {K1: public_of(KEY)}
