"""Reasons of a poor rating at the border, what the lead does about it, and what the report makes of both."""

from copy import deepcopy
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.calendar.working_days import local_datetime
from hall.commands import AnyReply, Done, Refused
from hall.day.bounding import check
from hall.day.deciding import FollowUpRating
from hall.day.decisions import Flag, HallState, apply
from hall.errors import HallError, Reason
from hall.events import Event, ServiceFinished, ServiceRated
from hall.ids import SERVER, ServiceId, StaffId, TicketId, WindowId
from hall.moves import NextItemBegun
from hall.rating_facts import Dimension, FollowUpEnd, RatingFollowedUp, RatingReasonsGiven
from hall.services.rating_report import RatingBook, RatingTold, Standing, book_of, follow_up, listed, totals
from tests.hall.test_ratings_help_statements import served
from tests.hall.world import ENQUIRY, World, clock, qinghe

LATE, RUDE = Dimension.TIMELINESS.value, Dimension.LANGUAGE.value
LEAD = StaffId("0001")


def name(world: World, service: str, *dimensions: str, device: str = "R14") -> tuple[Flag, ...]:
    told = RatingReasonsGiven(service=ServiceId(service), dimensions=dimensions, given_at=world.now)
    return world.happen(told, device)


@pytest.mark.row("SUP-08", part="rule")
def test_reasons_count_once_after_a_poor_rating_from_the_windows_own_screen() -> None:
    world, service = served()
    world.rate(service, 2)
    assert name(world, service, LATE, RUDE) == ()
    assert name(world, service, Dimension.ATTITUDE.value) == (Flag.SECOND_RATING,)
    assert world.state.services[service].reasons == (LATE, RUDE)


@pytest.mark.parametrize("grade", [None, 3, 5])
def test_reasons_of_a_rating_that_is_not_poor_do_not_count(grade: int | None) -> None:
    world, service = served()
    world.rate(service, grade)
    assert name(world, service, LATE) == (Flag.NOT_RATABLE,)
    assert world.state.services[service].reasons == ()


@pytest.mark.parametrize("device", ["W14", "K1"])
def test_reasons_from_elsewhere_do_not_count(device: str) -> None:
    world, service = served()
    world.rate(service, 1)
    assert name(world, service, LATE, device=device) == (Flag.RATED_BY_STAFF_TERMINAL,)
    assert name(world, service, RUDE) == ()
    assert world.state.services[service].reasons == (RUDE,)


def test_reasons_from_another_windows_screen_do_not_count() -> None:
    world = World().open().sign_in_all()
    world.take("t1")
    other = world.serve("7")
    assert name(world, other, LATE) == (Flag.RATED_AT_OTHER_WINDOW,)
    assert world.state.services[other].reasons == ()


@pytest.mark.parametrize("dimensions", [(), ("态度",), (LATE, LATE)])
def test_reasons_that_name_nothing_or_something_else_are_flagged(dimensions: tuple[str, ...]) -> None:
    world, service = served()
    world.rate(service, 1)
    assert name(world, service, *dimensions) == (Flag.NOT_RATABLE,)
    assert name(world, "nobody/1", LATE) == (Flag.UNKNOWN_SERVICE,)


def test_what_holds_more_than_five_dimensions_is_no_event_of_a_terminal() -> None:
    check(RatingReasonsGiven(service=ServiceId("t/1"), dimensions=tuple(Dimension), given_at=0.0))
    for dimensions in ((LATE,) * 6, ("长" * 121,), ("\x00",)):
        with pytest.raises(HallError):
            check(RatingReasonsGiven(service=ServiceId("t/1"), dimensions=dimensions, given_at=0.0))


def test_no_terminal_writes_down_a_follow_up() -> None:
    world, service = served()
    told = RatingFollowedUp(service=service, end="corrected", text="x", staff=LEAD, at=world.now)
    assert world.happen(told, "R14") == (Flag.NOT_A_TERMINALS_EVENT,)


GRADES = st.sampled_from([None, 1, 2, 3, 5])
NAMED = st.lists(st.sampled_from([*(one.value for one in Dimension), "态度"]), max_size=3).map(tuple)
TOLD = st.one_of(
    st.builds(ServiceRated, service=st.just(ServiceId("t1/1")), grade=GRADES, rated_at=st.just(1.0)),
    st.builds(RatingReasonsGiven, service=st.just(ServiceId("t1/1")), dimensions=NAMED, given_at=st.just(1.0)),
)


@given(told=st.lists(st.tuples(TOLD, st.sampled_from(["R14", "W14", "K1"])), max_size=8), again=st.data())
def test_what_is_told_again_changes_nothing_and_a_replay_is_the_day_as_it_was(
    told: list[tuple[Event, str]], again: st.DataObject
) -> None:
    world, service = served()
    assert service == "t1/1"
    for event, device in told:
        world.happen(event, device)
    before = deepcopy(world.state.services[service])
    if told:
        event, device = again.draw(st.sampled_from(told))
        world.happen(event, device)
        after = world.state.services[service]
        assert (after.rated, after.grade, after.reasons) == (before.rated, before.grade, before.reasons)
    replayed = HallState(qinghe())
    for logged, by, at in world.log:
        apply(replayed, logged, by, at)
    assert replayed.services == world.state.services


# ---- the lead ----------------------------------------------------------------------------------------------------


def see_to(world: World, service: str, text: str = "已回访致歉", staff: str = LEAD, terminal: str = SERVER) -> AnyReply:
    command = FollowUpRating(ServiceId(service), FollowUpEnd.CORRECTED, text, StaffId(staff))
    return world.ask(command, terminal).reply


def test_only_the_lead_sees_to_a_poor_rating_with_a_text_that_may_stand() -> None:
    world, service = served()
    world.rate(service, 2)
    assert isinstance(see_to(world, service), Done)
    assert isinstance(world.log[-1][0], RatingFollowedUp)
    assert isinstance(see_to(world, "older/1"), Done), "services of days ago are told by the ledger"
    for refused, reason in (
        (see_to(world, service, staff="0101"), Reason.NOT_ALLOWED),
        (see_to(world, service, terminal="D1"), Reason.NOT_ALLOWED),
        (see_to(world, service, "  "), Reason.MALFORMED),
        (see_to(world, service, "电话13800138000"), Reason.MALFORMED),
        (see_to(world, service, "丢了不负责"), Reason.MALFORMED),
    ):
        assert isinstance(refused, Refused)
        assert refused.reason is reason


def test_a_rating_that_is_not_poor_needs_no_follow_up() -> None:
    world, service = served()
    world.rate(service, 3)
    refused = see_to(world, service)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.ILLEGAL_MOVE


# ---- the report --------------------------------------------------------------------------------------------------


NOON = clock("12:00")
DAY = date(2026, 11, 23)


def service_of(number: int, grade: int | None, *named: str) -> list[RatingTold]:
    service, ticket = ServiceId(f"t{number}/1"), TicketId(f"t{number}")
    told: list[RatingTold] = [
        ServiceFinished(ticket=ticket, service=service, window=WindowId("14"), staff=LEAD, finished_at=NOON),
        ServiceRated(service=service, grade=grade, rated_at=NOON + 5),
    ]
    if named:
        told.append(RatingReasonsGiven(service=service, dimensions=named, given_at=NOON + 9))
    return told


DAYS_FACTS = [
    *service_of(1, 5),
    *service_of(2, 2, LATE, RUDE),
    *service_of(3, 1, LATE),
    *service_of(4, 2),
    *service_of(5, None),
    *service_of(6, 3)[:1],
]


def book(facts: list[RatingTold]) -> RatingBook:
    told = book_of(qinghe())
    for fact in facts:
        told.take(fact)
    return told


@pytest.mark.row("SUP-08", part="rule")
def test_the_report_groups_poor_ratings_by_the_five_dimensions() -> None:
    told = totals(book(DAYS_FACTS), DAY, DAY)
    assert (told.served, told.asked, told.rated, told.declined, told.poor) == (6, 6, 4, 1, 3)
    assert list(told.grades.values()) == [1, 0, 0, 2, 1]
    assert list(told.dimensions.values()) == [0, 2, 1, 0, 0]
    assert (told.unnamed, told.poor_share) == (1, 0.75)
    empty = totals(book(DAYS_FACTS), date(2026, 11, 24), date(2026, 11, 30))
    assert (empty.served, empty.poor_share) == (0, None)


def test_a_visit_that_goes_on_in_the_same_hand_was_not_asked_about_yet() -> None:
    goes_on = NextItemBegun(ticket=TicketId("t1"), move=1, at=NOON, item=ENQUIRY, window=WindowId("14"))
    elsewhere = NextItemBegun(ticket=TicketId("t2"), move=1, at=NOON, item=ENQUIRY, window=None)
    told = totals(book([*service_of(1, 5)[:1], goes_on, *service_of(2, 5)[:1], elsewhere]), DAY, DAY)
    assert (told.served, told.asked) == (2, 1)


@given(repeated=st.lists(st.integers(0, len(DAYS_FACTS) - 1), max_size=12))
def test_facts_that_are_told_again_are_counted_once(repeated: list[int]) -> None:
    once, again = book(DAYS_FACTS), book([*DAYS_FACTS, *(DAYS_FACTS[index] for index in repeated)])
    assert (again.days, again.poor) == (once.days, once.poor)


@pytest.mark.row("EXT-02", part="rule")
def test_a_follow_up_is_open_then_overdue_and_what_is_decided_leaves_the_rating_as_it_was() -> None:
    facts = book(service_of(2, 2, LATE))
    soon, late = local_datetime(NOON), datetime.fromisoformat("2026-12-14T17:00:00+08:00")
    assert [where for where, _ in listed(facts, qinghe(), soon)] == [Standing.OPEN]
    assert [where for where, _ in listed(facts, qinghe(), late)] == [Standing.OVERDUE]
    service = ServiceId("t2/1")
    for end, text in (("corrected", "已回访"), ("corrected", "又一次"), ("set_aside", "误点"), ("elsewise", "x")):
        facts.take(RatingFollowedUp(service=service, end=end, text=text, staff=LEAD, at=NOON))
    ((where, one),) = listed(facts, qinghe(), late)
    assert where is Standing.SET_ASIDE
    assert one.corrected is not None
    assert one.corrected.text == "已回访", "the first of its kind counts"
    assert follow_up(qinghe(), one).states == ("不满意", "申诉成立: 误点")


def test_a_correction_settles_a_follow_up_and_what_waits_stands_first() -> None:
    facts = book([*service_of(2, 2), *service_of(3, 1)])
    facts.take(RatingFollowedUp(service=ServiceId("t2/1"), end="corrected", text="已回访", staff=LEAD, at=NOON))
    facts.take(RatingFollowedUp(service=ServiceId("nobody/1"), end="corrected", text="x", staff=LEAD, at=NOON))
    told = [(where, one.service) for where, one in listed(facts, qinghe(), local_datetime(NOON))]
    assert told == [(Standing.OPEN, "t3/1"), (Standing.DONE, "t2/1")]


def test_a_screen_whose_clock_is_wrong_makes_no_rating_older_than_its_service() -> None:
    ended = service_of(2, 2)[0]
    facts = book([ended, ServiceRated(service=ServiceId("t2/1"), grade=2, rated_at=0.0)])
    assert facts.poor[ServiceId("t2/1")].rated_at == NOON
    assert facts.poor[ServiceId("t2/1")].window == "14"
    assert totals(facts, DAY, DAY).poor == 1


def test_the_book_knows_repetitions_of_the_last_days_only_and_stays_small() -> None:
    facts = book_of(qinghe())
    for day in range(20):
        facts.take(ServiceRated(service=ServiceId(f"d{day}/1"), grade=1, rated_at=NOON + day * 86_400))
    assert len(facts.seen) == 7
    assert len(facts.poor) == 20
    assert facts.poor[ServiceId("d0/1")].window is None
