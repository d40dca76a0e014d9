"""After a poor rating: the step that asks what was poor, what a person touches there, and what is journalled."""

from dataclasses import dataclass

from hall.ids import ServiceId, WindowId
from hall.rating_facts import Dimension
from kiosk.flows.kinds import Effect, Step, Touch


@dataclass(frozen=True, slots=True)
class AskingReasons(Step):
    """The five dimensions as large toggles; the grade itself is recorded already."""

    window: WindowId
    service: ServiceId
    grade: int
    chosen: frozenset[Dimension] = frozenset()


@dataclass(frozen=True, slots=True)
class ToggledDimension(Touch):
    """Name this dimension, or take it back."""

    dimension: Dimension


@dataclass(frozen=True, slots=True)
class SentReasons(Touch):
    """提交: what is chosen, which may be nothing."""


@dataclass(frozen=True, slots=True)
class SkippedReasons(Touch):
    """跳过: what is chosen is not told."""


@dataclass(frozen=True, slots=True)
class RecordReasons(Effect):
    """Journal `RatingReasonsGiven`; at least one dimension, in the standard's order."""

    service: ServiceId
    dimensions: tuple[Dimension, ...]
