"""`apply` is total: whatever an event says, in whatever order it comes, the day goes on."""

from copy import deepcopy

import pytest

from hall.commands import (
    CallNext,
    FinishService,
    LeaseLabel,
    Recall,
    Refused,
    ReturnMissed,
    SignedIn,
    SignIn,
    SignOut,
    StartService,
)
from hall.day.decisions import Flag, HallState, apply
from hall.day_facts import DayOpened
from hall.errors import Reason
from hall.events import (
    CallAnnounced,
    DeviceChanged,
    Event,
    HelpAcknowledged,
    LabelLeased,
    PriorityGranted,
    SelfTestOrdered,
    ServiceFinished,
    ServiceRated,
    ServiceStarted,
    StaffSignedIn,
    StaffSignedOut,
    StatementEnded,
    StatementPrepared,
    TerminalStarted,
    TicketCalled,
    TicketMissed,
    TicketRecalled,
    TicketReturned,
)
from hall.ids import (
    SERVER,
    BusinessDay,
    DeviceId,
    ItemCode,
    JobId,
    Serial,
    Series,
    ServiceId,
    StaffId,
    TerminalId,
    TicketId,
    TicketLabel,
    WindowId,
)
from hall.moves import TicketCancelled, TicketReconciled
from hall.pack.hall_pack import parse
from hall.statements.serials import number_in
from tests.hall.world import CARD, MONDAY, TUESDAY, World, offline_ticket, pack_files, qinghe

T, W, S, K = TicketId("ghost"), WindowId("99"), StaffId("0000"), TerminalId("K1")
LABEL, SERVICE = TicketLabel("Q999"), ServiceId("ghost/1")

NO_EFFECT: list[Event] = [
    DayOpened(day=BusinessDay("2026-11-20")),
    LabelLeased(ticket=T, terminal=K, day=BusinessDay("2026-11-20"), series=Series("C"), number=1),
    offline_ticket("ghost", "C", 700, 0.0, day=BusinessDay("2026-11-20")),
    StaffSignedIn(staff=S, terminal=K, window=W),
    StaffSignedOut(staff=S, terminal=K, window=W),
    StaffSignedOut(staff=S, terminal=K, window=WindowId("14")),
    StaffSignedOut(staff=S, terminal=TerminalId("D1")),
    TicketCalled(ticket=T, label=LABEL, window=W, call_seq=0, called_at=0.0),
    TicketRecalled(ticket=T, label=LABEL, window=W, call_seq=0, called_at=0.0),
    TicketMissed(ticket=T, window=W, missed_at=0.0),
    TicketReturned(ticket=T, staff=S, since=0.0, returned_at=0.0),
    ServiceFinished(ticket=T, service=SERVICE, window=W, staff=S, finished_at=0.0),
    ServiceRated(service=SERVICE, grade=5, rated_at=0.0),
    CallAnnounced(call_seq=1, label=LABEL, window=W, shown_at=0.0, spoken_at=None, text=""),
    StatementPrepared(
        serial=Serial("nonsense"), form="x", terminal=K, person="p", digest="", check_code="", proof="id_card"
    ),
    StatementEnded(serial=Serial("nonsense"), job=JobId("j"), outcome="failed"),
    DeviceChanged(device=DeviceId("K1.x"), state="down", at=0.0),
    TerminalStarted(role="x", software="0", at=0.0),
]


@pytest.mark.parametrize("event", NO_EFFECT, ids=lambda event: type(event).__name__)
def test_an_event_about_nobody_changes_nothing(event: Event) -> None:
    world = World().open().sign_in_all()
    world.take("t1")
    before = deepcopy(world.state)
    world.happen(event)
    assert world.state == before


def test_services_and_calls_of_unknown_tickets_are_kept_without_harm() -> None:
    world = World().open().sign_in_all()
    seq = world.state.call_seq
    world.happen(TicketCalled(ticket=T, label=LABEL, window=W, call_seq=seq + 1, called_at=world.now))
    world.happen(TicketRecalled(ticket=T, label=LABEL, window=W, call_seq=seq + 2, called_at=world.now))
    assert [call.label for call in world.state.calls] == [LABEL, LABEL]
    world.happen(ServiceStarted(ticket=T, service=SERVICE, window=W, staff=S, started_at=world.now))
    world.happen(ServiceFinished(ticket=T, service=SERVICE, window=W, staff=S, finished_at=world.now))
    assert world.state.services[SERVICE].finished_at == world.now
    world.happen(HelpAcknowledged(terminal=K, staff=S, at=world.now))
    assert world.state.help == {}


def test_an_older_sign_in_never_replaces_a_newer_one() -> None:
    world = World().open().sign_in_all()
    for event in (
        StaffSignedIn(staff=S, terminal=TerminalId("D1")),
        StaffSignedIn(staff=S, terminal=TerminalId("W14"), window=WindowId("14")),
        StaffSignedOut(staff=StaffId("0101"), terminal=TerminalId("D1")),
        StaffSignedOut(staff=StaffId("0310"), terminal=TerminalId("W14"), window=WindowId("14")),
    ):
        apply(world.state, event, SERVER, world.now - 60)
    assert world.state.desks == {"D1": "0101"}
    assert world.state.windows[WindowId("14")].staff == "0310"


def test_a_grant_for_a_served_ticket_only_stays_on_record() -> None:
    world = World().open().sign_in_all()
    world.take("t1")
    world.serve()
    grant = PriorityGranted(ticket=TicketId("t1"), issuer=StaffId("0101"), sealed=b"x")
    assert world.happen(grant, "D1") == ()
    assert world.happen(grant, "K1") == (Flag.GRANT_BY_OTHERS,)
    assert world.state.tickets[TicketId("t1")].priority
    assert world.state.waiting_count() == 0


def test_a_grant_for_tomorrows_ticket_waits_with_it() -> None:
    world = World().open()
    world.happen(offline_ticket("t1", "C", 700, world.now, day=TUESDAY), "K1")
    world.happen(PriorityGranted(ticket=TicketId("t1"), issuer=StaffId("0101"), sealed=b"x"), "D1")
    assert world.state.lanes == {}
    world.open(TUESDAY)
    assert list(world.state.lanes) == [("C", "C", True)]


def test_what_a_terminal_may_not_mint_is_flagged() -> None:
    world = World().open()
    told = world.happen(TicketMissed(ticket=T, window=W, missed_at=0.0), "W14")
    assert told == (Flag.NOT_A_TERMINALS_EVENT,)
    odd = world.happen(offline_ticket("x", "Q", 700, world.now), "W14")
    assert set(odd) == {Flag.OUTSIDE_RESERVE, Flag.UNKNOWN_SERIES}


NO_TERMINALS: list[Event] = [
    DayOpened(day=BusinessDay("zzzz")),
    DayOpened(day=TUESDAY),
    LabelLeased(ticket=T, terminal=K, day=MONDAY, series=Series("C"), number=10**12),
    TicketReconciled(ticket=TicketId("t1"), move=1, at=0.0, state="done", window=None, flags=()),
    TicketCancelled(ticket=TicketId("t1"), move=1, at=0.0, staff=S),
    StaffSignedIn(staff=StaffId("0304"), terminal=K, window=WindowId("14")),
    StaffSignedOut(staff=StaffId("0310"), terminal=TerminalId("W14"), window=WindowId("14")),
    TicketCalled(ticket=TicketId("t1"), label=LABEL, window=WindowId("14"), call_seq=2**60, called_at=1e300),
    SelfTestOrdered(terminal=TerminalId("K2"), number=2**60, staff=S, at=0.0),
]


@pytest.mark.parametrize("event", NO_TERMINALS, ids=lambda event: type(event).__name__)
def test_what_only_the_hall_server_decides_moves_nobody_when_a_terminal_says_it(event: Event) -> None:
    world = World().open().sign_in_all()
    world.take("t1")
    before = deepcopy(world.state)
    assert world.happen(event, "K1") == (Flag.NOT_A_TERMINALS_EVENT,)
    assert world.state == before


def test_a_ticket_for_an_item_the_hall_no_longer_has_is_adopted_into_its_own_series() -> None:
    world = World().open().sign_in_all()
    event = offline_ticket("x", "C", 700, world.now)
    old = type(event)(**{name: getattr(event, name) for name in event.__struct_fields__} | {"item": ItemCode("SI-000")})
    assert world.happen(old, "K1") == (Flag.UNKNOWN_ITEM,)
    assert not isinstance(world.at(CallNext, "7").reply, Refused)


def test_priority_without_a_grant_is_flagged_and_still_priority() -> None:
    world = World().open()
    event = offline_ticket("x", "Y", 900, world.now)
    bold = type(event)(**{name: getattr(event, name) for name in event.__struct_fields__} | {"priority": True})
    assert world.happen(bold, "D1") == (Flag.PRIORITY_WITHOUT_GRANT,)
    assert world.state.tickets[TicketId("x")].priority


TWO_PANELS = (
    pack_files()["terminals.toml"]
    + """
[[terminals]]
id = "W13"
role = "window_panel"
title = "13"
area = "Q5"
window = "13"

[[terminals]]
id = "W14B"
role = "window_panel"
title = "14"
area = "Q5"
window = "14"
"""
)


def two_panels() -> World:
    files = pack_files() | {"terminals.toml": TWO_PANELS}
    files["staff.toml"] = files["staff.toml"].replace('windows = ["13"]', 'windows = ["13", "14"]')
    return World(HallState(parse(files))).open()


def sign(world: World, staff: str, terminal: str) -> object:
    return world.ask(SignIn(staff=StaffId(staff), sealed_pin=b""), terminal).reply


def test_a_clerk_who_moves_leaves_the_old_window_and_a_taken_window_stays_taken() -> None:
    world = two_panels()
    assert isinstance(sign(world, "0309", "W13"), SignedIn)
    assert isinstance(sign(world, "0309", "W14"), SignedIn)
    assert world.state.windows[WindowId("13")].staff is None
    taken = sign(world, "0310", "W14B")
    assert isinstance(taken, Refused)
    assert taken.reason is Reason.WINDOW_TAKEN
    assert isinstance(sign(world, "0310", "W14"), SignedIn), "the colleague at the same panel is relieved"
    assert world.state.windows[WindowId("14")].staff == "0310"


def test_a_clerk_with_a_person_at_the_old_window_finishes_there_first() -> None:
    world = two_panels()
    sign(world, "0309", "W13")
    world.take("t1", CARD)
    world.ask(CallNext(window=WindowId("13"), staff=StaffId("0309")), "W13")
    busy = sign(world, "0309", "W14")
    assert isinstance(busy, Refused)
    assert busy.reason is Reason.WINDOW_BUSY
    for kind in (StartService, FinishService):
        world.ask(kind(window=WindowId("13"), staff=StaffId("0309")), "W13")
    assert isinstance(sign(world, "0309", "W14"), SignedIn)


def test_who_is_not_signed_in_at_a_desk_brings_nobody_back_and_a_display_signs_nobody_out() -> None:
    world = World().open()
    reply = world.ask(ReturnMissed(label=LABEL, staff=StaffId("0101")), "D1").reply
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.NOT_SIGNED_IN
    reply = world.ask(SignOut(staff=StaffId("0101")), "S1").reply
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.NOT_ALLOWED


def test_recall_needs_a_ticket_in_hand() -> None:
    reply = World().open().sign_in_all().at(Recall).reply
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.ILLEGAL_MOVE


def test_a_self_service_terminal_cannot_name_an_issuer() -> None:
    command = LeaseLabel(ticket=T, item=CARD, issuer=StaffId("0101"))
    reply = World().open().ask(command, "K1").reply
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.NOT_ALLOWED


@pytest.mark.parametrize("told", ["QH-20261122-K2-000001", "QH-20261123-K2-", "QH-20261123-K2-x1", "", "000001"])
def test_a_serial_of_another_day_or_shape_counts_nothing(told: str) -> None:
    assert number_in(Serial(told), MONDAY) is None
    assert number_in(Serial("QH-20261123-K2-000007"), MONDAY) == 7
    assert number_in(Serial("QH-20261123-K2-000007"), None) is None


def test_a_state_is_built_from_its_pack_alone() -> None:
    state = HallState(qinghe())
    assert set(state.windows) == {str(number) for number in range(1, 15)}
    assert state.waiting_count() == 0
