"""Walks through guide desk, window panel and rating screen."""

import pytest

from hall.commands import Evidence, PriorityGrant, PriorityGround
from hall.errors import Reason
from hall.ids import ItemCode, JobId, ServiceId, StaffId, TerminalId, WindowId
from hall.wire.board import WindowShown
from kiosk.flows import guide_desk, rating_screen, window_panel
from kiosk.flows.steps import (
    AskingRating,
    DeskGranting,
    DeskIssued,
    DeskIssuing,
    DeskReady,
    NotReady,
    PanelReady,
    Paper,
    RatingIdle,
    RatingThanks,
    SigningIn,
)
from kiosk.flows.words import (
    AskRefused,
    BoardChanged,
    ChoseEvidence,
    ChoseGrade,
    ChoseGround,
    ChoseGroup,
    ChoseItem,
    ConfirmedDigits,
    ConfirmedGrant,
    DeclinedRating,
    Ended,
    ErasedDigit,
    GoesToHelp,
    GoToHelp,
    HallKnown,
    Happened,
    Issue,
    PressedDigit,
    PrintEnded,
    PrintStalled,
    RecordRating,
    SignedOff,
    SignInStaff,
    SignOutStaff,
    TicketReady,
    TimerFired,
    TogglePriority,
    WentBack,
    WentIdle,
)
from kiosk.ports import Fault, PrintOutcome
from kiosk.roles import Advance
from tests.flows import samples
from tests.flows.walking import walk_through as walk

STAFF = StaffId("0310")
ITEM = ItemCode("SI-301")
READY = DeskReady(STAFF, "样例员工")
PANEL = PanelReady(STAFF, "样例员工")
CALLED = samples.called()
W14 = WindowId("14")


def typed(digits: str) -> tuple[Happened, ...]:
    return (*(PressedDigit(digit) for digit in digits), ConfirmedDigits())


@pytest.mark.parametrize(
    ("advance", "role"), [(guide_desk.advance, "guide_desk"), (window_panel.advance, "window_panel")]
)
def test_staff_sign_in_with_number_then_pin_once(advance: Advance, role: str) -> None:
    step, effects = walk(advance, NotReady(role), HallKnown(), *typed("0310"), *typed("246810"), ConfirmedDigits())
    assert step == SigningIn(role, staff="0310", entering_pin=True, asking=True)
    assert effects == [SignInStaff(STAFF, "246810")]
    step, _ = walk(advance, step, PressedDigit("9"), AskRefused(Reason.WRONG_PIN, 4))
    assert step == SigningIn(role, problem=Reason.WRONG_PIN, tries_left=4)


@pytest.mark.parametrize("role", ["guide_desk", "window_panel"])
def test_digits_that_were_typed_and_left_are_wiped(role: str) -> None:
    flow = guide_desk.advance if role == "guide_desk" else window_panel.advance
    typing = (*typed("0310"), *(PressedDigit(digit) for digit in "2468"))
    assert walk(flow, SigningIn(role), *typing, WentIdle()) == (SigningIn(role), [])
    asking, effects = walk(flow, SigningIn(role), *typing, ConfirmedDigits(), WentIdle())
    assert asking == SigningIn(role, staff="0310", entering_pin=True, asking=True)
    assert len(effects) == 1


def test_a_pin_can_be_mended_and_the_number_too() -> None:
    step, _ = walk(guide_desk.advance, SigningIn("guide_desk"), *typed("031"), ErasedDigit(), *typed("10"))
    assert step == SigningIn("guide_desk", staff="0310", entering_pin=True)
    step, effects = walk(guide_desk.advance, step, *typed("12"), ErasedDigit(), WentBack())
    assert (step, effects) == (SigningIn("guide_desk", staff="0310"), [])


def test_a_guide_issues_an_ordinary_ticket() -> None:
    ready = TicketReady(samples.issued(), samples.leased())
    step, effects = walk(guide_desk.advance, READY, ChoseGroup("pension"), ChoseItem(ITEM), ChoseItem(ITEM), ready)
    assert effects[0] == Issue(ITEM, STAFF)
    assert [type(effect).__name__ for effect in effects] == ["Issue", "PrintTicket", "StartTimer"]
    assert isinstance(step, DeskIssued)


@pytest.mark.row("QUE-11", part="rule")
def test_a_priority_ticket_needs_ground_and_evidence() -> None:
    begin = (TogglePriority(), ChoseItem(ITEM))
    step, effects = walk(guide_desk.advance, READY, *begin, ConfirmedGrant(), ChoseGround("pregnant"), ConfirmedGrant())
    assert (type(step), effects) == (DeskGranting, [])
    step, effects = walk(guide_desk.advance, step, ChoseGround("rich"), ChoseEvidence("sight"), ConfirmedGrant())
    grant = PriorityGrant(ground=PriorityGround.PREGNANT, evidence=Evidence.SIGHT)
    assert effects == [Issue(ITEM, STAFF, grant)]
    assert step == DeskIssuing(STAFF, "样例员工", ITEM, priority=True)
    assert "pregnant" not in repr(effects)
    issued, _ = walk(guide_desk.advance, step, TicketReady(samples.issued("Y001", priority=True), None))
    assert "pregnant" not in repr(issued)


def test_leaving_the_grant_keeps_the_guide_at_the_desk() -> None:
    step, effects = walk(guide_desk.advance, DeskGranting(STAFF, "样例员工", ITEM, "pregnant"), WentBack())
    assert (step, effects) == (DeskReady(STAFF, "样例员工", priority=True), [])


def test_a_refusal_is_told_at_the_desk() -> None:
    asking = DeskIssuing(STAFF, "样例员工", ITEM, priority=False)
    step, _ = walk(guide_desk.advance, asking, AskRefused(Reason.OUTSIDE_HOURS))
    assert step == DeskReady(STAFF, "样例员工", problem=Reason.OUTSIDE_HOURS)


def test_the_desk_shows_how_the_paper_is_doing_and_returns() -> None:
    shown = DeskIssued(STAFF, "样例员工", samples.issued(), None, Paper.PRINTING)
    job = JobId("0193aa")
    step, _ = walk(guide_desk.advance, shown, PrintStalled(job, Fault.NO_PAPER), TimerFired("issued"))
    assert isinstance(step, DeskIssued)
    assert step.paper is Paper.WAITING
    step, _ = walk(guide_desk.advance, step, PrintEnded(job, PrintOutcome.PRINTED, None), TimerFired("issued"))
    assert step == READY
    assert walk(guide_desk.advance, shown, Ended())[0] == READY
    assert walk(guide_desk.advance, shown, ChoseGroup("g"))[0] == DeskReady(STAFF, "样例员工", group="g")


def test_a_guide_goes_to_help_from_anywhere_and_signs_out() -> None:
    step, effects = walk(guide_desk.advance, READY, GoesToHelp(TerminalId("K1")), SignedOff())
    assert effects == [GoToHelp(TerminalId("K1"), STAFF), SignOutStaff(STAFF)]
    assert step == SigningIn("guide_desk")


def test_a_group_is_left_by_back() -> None:
    step, _ = walk(guide_desk.advance, READY, ChoseGroup("pension"), WentBack())
    assert step == READY


# ---- rating ------------------------------------------------------------------------------------------------------


def finished(service: str) -> BoardChanged:
    shown = WindowShown(window=W14, state="free", finished_service=ServiceId(service))
    return BoardChanged(samples.board(windows=(shown,)), window=W14)


@pytest.mark.row("SUP-07", part="rule")
def test_a_finished_service_is_prompted_for_once() -> None:
    step, effects = walk(rating_screen.advance, NotReady("rating_screen"), HallKnown(W14), finished("t/1"))
    assert step == AskingRating(W14, ServiceId("t/1"))
    step, effects = walk(rating_screen.advance, step, ChoseGrade(5), ChoseGrade(1), finished("t/1"))
    assert [effect for effect in effects if isinstance(effect, RecordRating)] == [RecordRating(ServiceId("t/1"), 5)]
    step, effects = walk(rating_screen.advance, step, TimerFired("thanks"), finished("t/1"))
    assert (step, effects) == (RatingIdle(W14, ServiceId("t/1")), [])
    assert walk(rating_screen.advance, step, finished("t/2"))[0] == AskingRating(W14, ServiceId("t/2"))


def test_a_rating_may_be_declined_or_left_unanswered() -> None:
    asking = AskingRating(W14, ServiceId("t/1"))
    step, effects = walk(rating_screen.advance, asking, DeclinedRating())
    assert step == RatingThanks(W14, ServiceId("t/1"), None)
    assert effects[0] == RecordRating(ServiceId("t/1"), None)
    assert walk(rating_screen.advance, asking, TimerFired("rating")) == (RatingIdle(W14, ServiceId("t/1")), [])


def test_a_grade_outside_the_five_is_no_grade() -> None:
    asking = AskingRating(W14, ServiceId("t/1"))
    assert walk(rating_screen.advance, asking, ChoseGrade(0), ChoseGrade(6)) == (asking, [])


def test_a_rating_screen_without_a_window_waits() -> None:
    assert walk(rating_screen.advance, NotReady("rating_screen"), HallKnown()) == (NotReady("rating_screen"), [])


def test_another_window_does_not_prompt_here() -> None:
    shown = WindowShown(window=WindowId("7"), state="free", finished_service=ServiceId("t/1"))
    idle = RatingIdle(W14)
    assert walk(rating_screen.advance, idle, BoardChanged(samples.board(windows=(shown,)))) == (idle, [])


@pytest.mark.parametrize("problem", [Reason.SERVER_AWAY, Reason.NOBODY_WAITING])
def test_a_problem_that_is_over_is_no_longer_told(problem: Reason) -> None:
    told = PanelReady(STAFF, "样例员工", problem=problem)
    assert walk(window_panel.advance, told, BoardChanged(samples.board()))[0] == PANEL
    desk = DeskReady(STAFF, "样例员工", problem=Reason.SERVER_AWAY)
    assert walk(guide_desk.advance, desk, BoardChanged(samples.board()))[0] == READY
    other = PanelReady(STAFF, "样例员工", problem=Reason.NOT_ALLOWED)
    assert walk(window_panel.advance, other, BoardChanged(samples.board()))[0] == other
