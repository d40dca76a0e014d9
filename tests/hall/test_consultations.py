from datetime import date, datetime

import pytest

from hall.calendar.due_dates import Known, Provisional
from hall.calendar.working_days import LOCAL
from hall.ids import StaffId
from hall.rating_facts import Dimension
from hall.services.consultations import (
    AskReason,
    Completion,
    LimitRule,
    NoService,
    NotPromised,
    Promise,
    ask_upward,
    is_settled,
    limit_days,
    on_time,
    promise,
    refusal_of,
)
from hall.services.ratings import (
    FollowUp,
    by_dimension,
    dimensions_asked,
    follow_up_overdue,
    follow_up_until,
    is_poor,
)
from tests.hall.world import qinghe

THURSDAY = date(2026, 9, 24)
LEAD = StaffId("0001")


def given(rule: LimitRule, received: date = THURSDAY, **more: object) -> Promise:
    made = promise(qinghe(), rule, received, **more)  # type: ignore[arg-type]
    assert isinstance(made, Promise), made
    return made


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.row("SLA-02", part="rule")
def test_an_arranged_answer_is_due_within_three_working_days() -> None:
    assert given(LimitRule.ARRANGED).latest == Known(date(2026, 9, 30))
    assert given(LimitRule.ARRANGED, day=date(2026, 9, 28)).day == date(2026, 9, 28)
    for day in (date(2026, 10, 8), date(2026, 9, 23)):
        refused = promise(qinghe(), LimitRule.ARRANGED, THURSDAY, day=day)
        assert isinstance(refused, NotPromised)
        assert "2026-09-30" in refused.sentence


@pytest.mark.row("SLA-03", part="rule")
def test_five_days_need_one_of_two_reasons_and_who_is_asked() -> None:
    for reason, approver in ((None, LEAD), (AskReason.SPECIAL_NEED, None), (AskReason.SPECIAL_NEED, StaffId("9999"))):
        assert isinstance(promise(qinghe(), LimitRule.ASKED, THURSDAY, reason=reason, approver=approver), NotPromised)
    asked = given(LimitRule.ASKED, reason=AskReason.POLICY_UNCLEAR, approver=LEAD)
    assert asked.latest == Known(date(2026, 10, 9))


@pytest.mark.row("SLA-03", part="rule")
def test_asking_upward_replaces_the_limit_and_never_restarts_the_clock() -> None:
    asked = ask_upward(qinghe(), given(LimitRule.ARRANGED), AskReason.SPECIAL_NEED, LEAD)
    assert isinstance(asked, Promise)
    assert (asked.received, asked.latest) == (THURSDAY, Known(date(2026, 10, 9)))
    for rule in (asked, given(LimitRule.LETTER)):
        assert isinstance(ask_upward(qinghe(), rule, AskReason.SPECIAL_NEED, LEAD), NotPromised)


@pytest.mark.row("SLA-04", part="rule")
def test_a_letter_is_answered_within_ten_working_days() -> None:
    assert given(LimitRule.LETTER).latest == Known(date(2026, 10, 15))
    assert given(LimitRule.LETTER, date(2026, 12, 17)).latest == Known(date(2026, 12, 31))


@pytest.mark.row("SLA-05", part="rule")
def test_the_postmark_decides_and_not_the_day_of_entry() -> None:
    letter, late = given(LimitRule.LETTER), local("2026-10-20T10:00")
    assert on_time(qinghe(), letter, Completion(postmark=date(2026, 10, 15), entered_at=late))
    assert not on_time(qinghe(), letter, Completion(postmark=date(2026, 10, 16), entered_at=late))
    by_phone = Completion(contacted_at=local("2026-10-15T16:00"), entered_at=late)
    assert on_time(qinghe(), letter, by_phone), "a letter answered by telephone counts by the time of contact"
    assert not on_time(qinghe(), letter, Completion(contacted_at=local("2026-10-15T17:30"), entered_at=late))
    assert not on_time(qinghe(), letter, Completion(entered_at=late)), "without either, only the entry is known"


def test_a_promise_beyond_the_calendar_says_so() -> None:
    beyond = given(LimitRule.LETTER, date(2026, 12, 25))
    assert isinstance(beyond.latest, Provisional)
    assert not is_settled(beyond)
    assert is_settled(given(LimitRule.ARRANGED))


def test_at_once_is_at_once() -> None:
    assert limit_days(qinghe().rules, LimitRule.AT_ONCE) == 0
    assert given(LimitRule.AT_ONCE).latest == Known(THURSDAY)


@pytest.mark.row("ATT-19", part="rule")
def test_a_no_without_basis_or_without_another_way_is_refused() -> None:
    assert isinstance(refusal_of("", "到县局办理"), NotPromised)
    assert isinstance(refusal_of("条例第4条", " "), NotPromised)
    assert refusal_of(" 条例第4条 ", "到医保中心") == NoService(basis="条例第4条", instead="到医保中心")


@pytest.mark.row("EXT-01", part="rule")
def test_the_two_lowest_levels_are_poor_and_open_a_follow_up() -> None:
    assert [grade for grade in range(1, 6) if is_poor(grade)] == [1, 2]
    assert not is_poor(None), "nobody is forced to rate"
    assert [follow_up_until(qinghe(), THURSDAY, grade) is not None for grade in (5, 4, 3, 2, 1, None)] == [
        False, False, False, True, True, False,
    ]  # fmt: skip


@pytest.mark.row("EXT-02", part="rule")
def test_a_poor_rating_is_corrected_within_the_halls_working_days() -> None:
    assert follow_up_until(qinghe(), THURSDAY, 2) == Known(date(2026, 10, 22))
    assert isinstance(follow_up_until(qinghe(), date(2026, 12, 25), 1), Provisional)


@pytest.mark.row("EXT-02", part="rule")
def test_a_follow_up_is_overdue_after_its_days_and_an_appeal_leaves_both_states_visible() -> None:
    until = follow_up_until(qinghe(), THURSDAY, 2)
    assert until is not None
    waiting = FollowUp(grade=2, until=until)
    assert not follow_up_overdue(qinghe(), waiting, local("2026-10-22T16:59"))
    assert follow_up_overdue(qinghe(), waiting, local("2026-10-22T17:00"))
    late = local("2026-11-23T09:00")
    assert not follow_up_overdue(qinghe(), FollowUp(grade=2, until=until, closed=True), late)
    appealed = FollowUp(grade=2, until=until, set_aside="误点")
    assert not follow_up_overdue(qinghe(), appealed, late)
    assert appealed.states == ("不满意", "申诉成立: 误点")
    assert waiting.states == ("不满意",)


@pytest.mark.row("SUP-08", part="rule")
def test_a_low_rating_asks_for_the_five_dimensions_and_reports_group_by_them() -> None:
    assert [one.value for one in Dimension] == ["服务态度", "服务时限", "服务用语", "职业形象", "服务纪律"]
    assert dimensions_asked(2) == dimensions_asked(1) == tuple(Dimension)
    assert dimensions_asked(3) == dimensions_asked(None) == ()
    told = by_dimension(((Dimension.ATTITUDE, Dimension.LANGUAGE), (Dimension.ATTITUDE,), ()))
    assert list(told.values()) == [2, 0, 1, 0, 0]
    assert list(told) == list(Dimension)
