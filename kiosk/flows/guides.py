"""办事指南 at the terminal: group, item, everything about it, and its one-time notice on paper (CON-04, ATT-06)."""

from dataclasses import replace

from kiosk.flows import ticketing
from kiosk.flows.notice_steps import (
    ConsideringItem,
    Considers,
    DeskTelling,
    GuideGroups,
    GuideItems,
    PrintNotice,
    ShowingGuide,
    WantsGuide,
    is_notice_job,
)
from kiosk.flows.papering import paper_after, paper_stalled
from kiosk.flows.steps import ChoosingItem, Home, Paper
from kiosk.flows.words import (
    ChoseGroup,
    ChoseItem,
    Effect,
    Happened,
    PrintEnded,
    PrintStalled,
    Step,
    WantsPaper,
)

AT_WORK = (Paper.PRINTING, Paper.WAITING)
"""No second paper is asked for while the first is under way."""

Move = tuple[Step, tuple[Effect, ...]]


def advance(step: Step, happened: Happened) -> Move | None:
    """Return the move, or None when this errand has nothing to say."""
    match step, happened:
        case Home(), WantsGuide():
            return GuideGroups(), ()
        case GuideGroups(), ChoseGroup(group):
            return GuideItems(group), ()
        case GuideItems(group), ChoseItem(item):
            return ShowingGuide(group, item), ()
        case ShowingGuide(group), ChoseItem(item) if item == step.item:
            return ticketing.advance(ChoosingItem(group), happened)
        case ShowingGuide(group), Considers(item) if item == step.item:
            return ConsideringItem(group, item), ()
        case ChoosingItem(group, held), Considers(item):
            return ConsideringItem(group, item, held), ()
        case ConsideringItem(group, _, held), ChoseItem(item) if item == step.item:
            return ticketing.advance(ChoosingItem(group, held), happened)
        case ShowingGuide(), WantsPaper() | PrintStalled() | PrintEnded():
            return papered(step, happened)
    return None


def back(step: GuideItems | ShowingGuide | ConsideringItem) -> Step:
    """Return where 返回 leads."""
    match step:
        case GuideItems():
            return GuideGroups()
        case ShowingGuide(group):
            return GuideItems(group)
        case ConsideringItem(group, _, held):
            return ChoosingItem(group, held)


def papered(step: ShowingGuide | DeskTelling, happened: Happened) -> Move:
    """Return the step after news of its paper, or the wish for one; the same at the terminal and at the desk."""
    match happened:
        case WantsPaper() if step.paper not in AT_WORK:
            return replace(step, paper=Paper.PRINTING, fault=None), (PrintNotice(step.item),)
        case PrintStalled(job, fault) if is_notice_job(job, step.item) and step.paper in AT_WORK:
            return replace(step, paper=paper_stalled(fault), fault=fault), ()
        case PrintEnded(job, outcome, fault) if is_notice_job(job, step.item):
            return replace(step, paper=paper_after(outcome), fault=fault), ()
    return step, ()
