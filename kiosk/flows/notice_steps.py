"""办事指南 and 一次性告知: what an item needs, told at once, without identity. Nothing of these steps is personal."""

from dataclasses import dataclass, field

from hall.ids import ItemCode, StaffId
from kiosk.flows.held_cards import HeldCard
from kiosk.flows.kinds import Effect, Step, Touch
from kiosk.flows.steps import Paper
from kiosk.ports import Fault


@dataclass(frozen=True, slots=True)
class GuideGroups(Step):
    """办事指南: which kind of matter."""


@dataclass(frozen=True, slots=True)
class GuideItems(Step):
    """办事指南: which matter of this kind."""

    group: str


@dataclass(frozen=True, slots=True)
class ShowingGuide(Step):
    """Everything about one item: the eleven elements, the five facts, materials, steps, limits."""

    group: str
    item: ItemCode
    paper: Paper = Paper.NONE
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class ConsideringItem(Step):
    """An item of choice: its fee and the question come before the number (告知义务). The card as in `ChoosingItem`."""

    group: str
    item: ItemCode
    held: HeldCard | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class DeskTelling(Step):
    """Guide desk: the notice of an item, to be read out, shown and printed."""

    staff: StaffId
    name: str
    item: ItemCode
    paper: Paper = Paper.NONE
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class WantsGuide(Touch):
    """办事指南 on the home screen."""


@dataclass(frozen=True, slots=True)
class Considers(Touch):
    """An item that asks a question before its number is taken."""

    item: ItemCode


@dataclass(frozen=True, slots=True)
class ToggledTelling(Touch):
    """Guide desk: the next item touched is told, not issued; or issued again."""


@dataclass(frozen=True, slots=True)
class TellsItem(Touch):
    """Guide desk: the notice of the item whose number was just issued."""

    item: ItemCode


@dataclass(frozen=True, slots=True)
class PrintNotice(Effect):
    """Print the one-time notice of an item; answers `PrintStalled`, `PrintEnded` for a job of `is_notice_job`."""

    item: ItemCode


def notice_job(item: ItemCode, at_ms: int) -> str:
    """Return the name of a print job: this notice, asked for at this moment."""
    return f"notice:{item}:{at_ms}"


def is_notice_job(job: str, item: ItemCode) -> bool:
    """Tell whether a print job is a notice of this item."""
    return job.startswith(f"notice:{item}:")
