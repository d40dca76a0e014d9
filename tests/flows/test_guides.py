"""办事指南 at the terminal and 告知 at the desk: to the item, to the paper, to a number; without any card."""

import pytest

from hall.ids import ItemCode, JobId, StaffId
from kiosk.flows import guide_desk, self_service
from kiosk.flows.notice_steps import (
    ConsideringItem,
    Considers,
    DeskTelling,
    GuideGroups,
    GuideItems,
    PrintNotice,
    ShowingGuide,
    TellsItem,
    ToggledTelling,
    WantsGuide,
    is_notice_job,
    notice_job,
)
from kiosk.flows.steps import ChoosingItem, DeskIssued, DeskIssuing, DeskReady, Home, Issuing, Paper
from kiosk.flows.words import (
    ChoseGroup,
    ChoseItem,
    Effect,
    Ended,
    Happened,
    Issue,
    PrintEnded,
    PrintStalled,
    Step,
    WantsPaper,
    WentBack,
)
from kiosk.ports import Fault, PrintOutcome
from kiosk.roles import Advance
from tests.flows import samples

PENSION = ItemCode("SI-301")
JOB = JobId(notice_job(PENSION, 1_795_483_800_000))
STAFF, NAME = StaffId("0101"), "何苗"


def walk(step: Step, *told: Happened, advance: Advance = self_service.advance) -> tuple[Step, list[Effect]]:
    effects: list[Effect] = []
    for happened in told:
        step, more = advance(step, happened)
        effects += more
    return step, effects


def test_the_guide_leads_to_an_item_and_its_paper_without_any_card() -> None:
    step, effects = walk(Home(), WantsGuide(), ChoseGroup("pension"), ChoseItem(PENSION))
    assert step == ShowingGuide("pension", PENSION)
    assert effects == []
    step, effects = walk(step, WantsPaper())
    assert effects == [PrintNotice(PENSION)]
    step, _ = walk(step, PrintEnded(JOB, PrintOutcome.PRINTED, None))
    assert isinstance(step, ShowingGuide)
    assert step.paper is Paper.OUT


def test_a_second_touch_while_the_paper_comes_asks_for_no_second_paper() -> None:
    step, effects = walk(ShowingGuide("pension", PENSION), WantsPaper(), WantsPaper(), WantsPaper())
    assert effects == [PrintNotice(PENSION)]
    step, effects = walk(step, PrintStalled(JOB, Fault.NO_PAPER), WantsPaper())
    assert effects == []
    assert isinstance(step, ShowingGuide)
    assert (step.paper, step.fault) == (Paper.WAITING, Fault.NO_PAPER)
    step, effects = walk(step, PrintEnded(JOB, PrintOutcome.FAILED, Fault.NO_PAPER), WantsPaper())
    assert effects == [PrintNotice(PENSION)]


def test_news_of_another_paper_changes_nothing() -> None:
    step, _ = walk(ShowingGuide("pension", PENSION), WantsPaper())
    other = JobId(notice_job(ItemCode("SI-30"), 1))
    assert walk(step, PrintEnded(other, PrintOutcome.FAILED, None))[0] == step
    assert walk(step, PrintEnded(JobId("ticket"), PrintOutcome.PRINTED, None))[0] == step
    assert is_notice_job(JOB, PENSION)
    assert not is_notice_job(other, PENSION)


def test_back_leads_one_step_back_and_then_home() -> None:
    step, _ = walk(ShowingGuide("pension", PENSION), WentBack())
    assert step == GuideItems("pension")
    step, _ = walk(step, WentBack())
    assert step == GuideGroups()
    assert walk(step, WentBack())[0] == Home()


def test_from_the_guide_a_number_is_one_touch_away() -> None:
    step, effects = walk(ShowingGuide("pension", PENSION), ChoseItem(PENSION))
    assert step == Issuing(PENSION)
    assert effects == [Issue(PENSION)]
    assert walk(ShowingGuide("pension", PENSION), ChoseItem(ItemCode("SI-101")))[0] == ShowingGuide("pension", PENSION)


@pytest.mark.row("CON-10", part="face")
@pytest.mark.parametrize("begins", [ChoosingItem("pension"), ShowingGuide("pension", PENSION)])
def test_an_item_of_choice_asks_before_a_number_is_taken(begins: Step) -> None:
    step, effects = walk(begins, Considers(PENSION))
    assert step == ConsideringItem("pension", PENSION)
    assert effects == []
    assert walk(step, WentBack())[0] == ChoosingItem("pension")
    step, effects = walk(step, ChoseItem(PENSION))
    assert step == Issuing(PENSION)
    assert effects == [Issue(PENSION)]


def test_at_the_desk_the_next_item_is_told_instead_of_issued() -> None:
    ready = DeskReady(STAFF, NAME, group="pension")
    step, effects = walk(ready, ToggledTelling(), ChoseItem(PENSION), advance=guide_desk.advance)
    assert step == DeskTelling(STAFF, NAME, PENSION)
    assert effects == []
    step, effects = walk(step, WantsPaper(), PrintEnded(JOB, PrintOutcome.PRINTED, None), advance=guide_desk.advance)
    assert effects == [PrintNotice(PENSION)]
    assert isinstance(step, DeskTelling)
    assert step.paper is Paper.OUT
    step, _ = walk(step, Ended(), advance=guide_desk.advance)
    assert step == DeskReady(STAFF, NAME, telling=True)
    step, _ = walk(ready, ToggledTelling(), ToggledTelling(), ChoseItem(PENSION), advance=guide_desk.advance)
    assert isinstance(step, DeskIssuing)


def test_the_notice_of_the_number_just_issued_is_one_touch_away() -> None:
    issued = samples.issued()
    shown = DeskIssued(STAFF, NAME, issued, None, Paper.OUT)
    assert walk(shown, TellsItem(issued.item), advance=guide_desk.advance)[0] == DeskTelling(STAFF, NAME, issued.item)
    assert walk(shown, TellsItem(ItemCode("SI-999")), advance=guide_desk.advance)[0] == shown
