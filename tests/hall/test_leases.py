from copy import deepcopy

import pytest

from hall.commands import Leased, LeaseLabel, Refused, SignIn
from hall.day.decisions import Asker, Flag, HallState, OpenDay, decide
from hall.day_facts import DayOpened
from hall.errors import Reason
from hall.events import LabelLeased, PriorityGranted
from hall.ids import BusinessDay, ItemCode, StaffId, TerminalId, TicketId
from hall.pack.hall_pack import parse
from tests.hall.world import CARD, MONDAY, TUESDAY, World, clock, offline_ticket, pack_files


def reason(world: World, *args: object, **kwargs: object) -> Reason:
    reply = world.lease(*args, **kwargs).reply  # type: ignore[arg-type]
    assert isinstance(reply, Refused)
    assert reply.sentence
    return reply.reason


def test_a_lease_tells_label_windows_area_and_quote() -> None:
    reply = World().open().lease("t1").reply
    assert isinstance(reply, Leased)
    assert (reply.label, reply.number, reply.windows, reply.area) == ("C001", 1, ("7", "8", "14"), "Q3")
    assert reply.quote.people_ahead == 0


def test_the_same_ticket_asked_twice_gets_the_same_label_and_no_event() -> None:
    world = World().open()
    first = world.lease("t1").reply
    again = world.lease("t1")
    assert again.events == ()
    assert isinstance(first, Leased)
    assert isinstance(again.reply, Leased)
    assert again.reply.label == first.label


def test_a_known_lease_is_repeated_even_after_the_last_ticket_of_the_day() -> None:
    world = World(now=clock("16:44")).open()
    world.lease("t1")
    world.now = clock("16:46")
    assert isinstance(world.lease("t1").reply, Leased)


def test_an_unknown_item_is_refused() -> None:
    assert reason(World().open(), "t1", ItemCode("SI-999")) is Reason.UNKNOWN_ITEM


def test_without_an_open_day_nothing_is_leased() -> None:
    assert reason(World(), "t1") is Reason.DAY_NOT_OPEN


def test_yesterdays_token_leases_nothing_today() -> None:
    assert reason(World(now=clock("09:30", TUESDAY)).open(MONDAY), "t1") is Reason.DAY_NOT_OPEN


@pytest.mark.parametrize("at", ["08:59:59", "12:00", "13:29", "16:45", "17:30"])
def test_outside_taking_hours_nothing_is_leased(at: str) -> None:
    assert reason(World(now=clock(at)).open(), "t1") is Reason.OUTSIDE_HOURS


@pytest.mark.parametrize("at", ["09:00", "11:59:59", "13:30", "16:44:59"])
def test_inside_taking_hours_labels_are_leased(at: str) -> None:
    assert isinstance(World(now=clock(at)).open().lease("t1").reply, Leased)


def test_an_exhausted_range_is_refused_and_says_so() -> None:
    files = pack_files()
    files["series.toml"] = files["series.toml"].replace("leased_last = 699", "leased_last = 2")
    world = World(HallState(parse(files))).open()
    world.take("t1")
    world.take("t2")
    assert reason(world, "t3") is Reason.RANGE_EXHAUSTED
    assert isinstance(world.lease("t4", CARD).reply, Leased)


def test_a_number_that_was_adopted_is_never_leased() -> None:
    world = World().open()
    world.happen(offline_ticket("x", "C", 1, world.now), "K9")
    assert world.take("t1").label == "C002"


def test_a_ticket_issued_from_the_reserve_gets_no_late_lease() -> None:
    world = World().open()
    assert world.happen(offline_ticket("t1", "C", 700, world.now), "K1") == ()
    assert reason(world, "t1") is Reason.TOO_LATE


@pytest.mark.parametrize("terminal", ["W07", "R14", "S1", "X9"])
def test_only_terminals_that_issue_tickets_lease(terminal: str) -> None:
    assert reason(World().open().sign_in_all(), "t1", terminal=terminal) is Reason.NOT_ALLOWED


def test_a_terminal_cannot_claim_another_role() -> None:
    world = World().open().sign_in_all()
    by = Asker(TerminalId("K1"), "guide_desk")
    reply = decide(world.state, LeaseLabel(ticket=TicketId("t"), item=CARD, sealed_grant=b"x"), by, world.now).reply
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.NOT_ALLOWED


@pytest.mark.row("QUE-11", part="rule")
def test_priority_is_granted_by_a_guide_who_is_signed_in_and_the_grant_is_on_record() -> None:
    world = World().open()
    assert reason(world, "t1", terminal="K1", grant=True) is Reason.NOT_ALLOWED
    assert reason(world, "t1", terminal="D1", grant=True) is Reason.NOT_SIGNED_IN
    world.sign_in_all()
    decision = world.lease("t1", terminal="D1", grant=True)
    grants = [event for event in decision.events if isinstance(event, PriorityGranted)]
    assert [(grant.issuer, grant.sealed) for grant in grants] == [("0101", b"sealed")]
    assert isinstance(decision.reply, Leased)
    assert (decision.reply.label, decision.reply.windows) == ("Y001", ("14",))


def test_a_guide_cannot_grant_in_another_guides_name() -> None:
    world = World().open().sign_in_all()
    command = LeaseLabel(ticket=TicketId("t"), item=CARD, sealed_grant=b"x", issuer=StaffId("0102"))
    reply = world.ask(command, "D1").reply
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.NOT_SIGNED_IN


def test_each_day_begins_with_number_one_and_forgets_the_day_before() -> None:
    world = World().open()
    world.take("t1")
    world.now = clock("09:30", TUESDAY)
    world.open(TUESDAY)
    assert world.state.tickets == {}
    assert world.take("t2").label == "C001"


def test_a_ticket_of_tomorrow_waits_for_its_day() -> None:
    world = World().open()
    flags = world.happen(offline_ticket("t1", "C", 700, clock("09:05", TUESDAY), day=TUESDAY), "K1")
    assert flags == (Flag.WRONG_DAY,)
    assert world.state.waiting_count() == 0
    world.open(TUESDAY)
    assert world.state.waiting_count() == 1


def test_days_open_forwards_only_and_on_open_days_only() -> None:
    world = World().open()
    for day, told in (
        ("2026-11-22", Reason.ILLEGAL_MOVE),
        ("2026-11-28", Reason.DAY_NOT_OPEN),
        ("someday", Reason.MALFORMED),
    ):
        reply = world.ask(OpenDay(BusinessDay(day))).reply
        assert isinstance(reply, Refused)
        assert reply.reason is told
    assert world.ask(OpenDay(MONDAY)).events == ()
    assert world.ask(OpenDay(TUESDAY)).events == (DayOpened(day=TUESDAY),)


def test_only_the_server_opens_days() -> None:
    reply = World().ask(OpenDay(MONDAY), "K1").reply
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.NOT_ALLOWED


def test_deciding_changes_nothing() -> None:
    world = World().open().sign_in_all()
    world.take("t1")
    before = deepcopy(world.state)
    by = Asker(TerminalId("K1"), "self_service")
    decision = decide(world.state, LeaseLabel(ticket=TicketId("t2"), item=CARD), by, world.now)
    assert [type(event) for event in decision.events] == [LabelLeased]
    decide(
        world.state, SignIn(staff=StaffId("0304"), sealed_pin=b""), Asker(TerminalId("W07"), "window_panel"), world.now
    )
    assert world.state == before


def test_adopted_tickets_are_flagged_never_refused() -> None:
    world = World().open()
    world.take("t1")
    clash = offline_ticket("t2", "C", 1, world.now)
    assert set(world.happen(clash, "K1")) == {Flag.LABEL_CLASH, Flag.OUTSIDE_RESERVE}
    assert world.state.waiting_count() == 2
    assert world.happen(offline_ticket("t3", "C", 800, world.now), "K1") == (Flag.OUTSIDE_RESERVE,)
    assert world.happen(offline_ticket("t4", "C", 12, world.now, "K1"), "K1") == ()
    assert Flag.UNKNOWN_TERMINAL in world.happen(offline_ticket("t5", "C", 701, world.now), "K7")
    assert world.happen(clash, "K1")[0] is Flag.SECOND_ISSUE
    assert world.state.waiting_count() == 5
