"""What a person can do on a screen. Each of these restarts the idle clock."""

from dataclasses import dataclass, field

from hall.ids import ItemCode, TerminalId
from kiosk.flows.kinds import Touch


@dataclass(frozen=True, slots=True)
class WantsTicket(Touch):
    """取号 on the home screen."""


@dataclass(frozen=True, slots=True)
class WantsStatement(Touch):
    """查询打印 on the home screen."""


@dataclass(frozen=True, slots=True)
class ChoseGroup(Touch):
    """A group of items."""

    group: str


@dataclass(frozen=True, slots=True)
class ChoseItem(Touch):
    """A service item."""

    item: ItemCode


@dataclass(frozen=True, slots=True)
class ChoseForm(Touch):
    """A statement form."""

    form: str


@dataclass(frozen=True, slots=True)
class Agreed(Touch):
    """The privacy notice was read and accepted."""


@dataclass(frozen=True, slots=True)
class WentBack(Touch):
    """返回: one step back."""


@dataclass(frozen=True, slots=True)
class Ended(Touch):
    """结束: wipe and go home."""


@dataclass(frozen=True, slots=True)
class GoesOn(Touch):
    """继续 on the question whether somebody is still there."""


@dataclass(frozen=True, slots=True)
class AskedForHelp(Touch):
    """请人帮助."""


@dataclass(frozen=True, slots=True)
class PressedDigit(Touch):
    """One key of the number pad: `0` to `9`."""

    digit: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ErasedDigit(Touch):
    """退格."""


@dataclass(frozen=True, slots=True)
class ConfirmedDigits(Touch):
    """确认 on the number pad."""


@dataclass(frozen=True, slots=True)
class TurnedPage(Touch):
    """Next (+1) or previous (-1) page of a table."""

    by: int


@dataclass(frozen=True, slots=True)
class HeldEye(Touch):
    """The eye is held down (`True`) or let go: unmasked only while held."""

    down: bool


@dataclass(frozen=True, slots=True)
class WantsPaper(Touch):
    """打印."""


@dataclass(frozen=True, slots=True)
class TogglePriority(Touch):
    """Guide desk: issue the next ticket as 优先, or not."""


@dataclass(frozen=True, slots=True)
class ChoseGround(Touch):
    """Guide desk: ground of a priority ticket, a `PriorityGround` value."""

    ground: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChoseEvidence(Touch):
    """Guide desk: evidence kind, an `Evidence` value."""

    evidence: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConfirmedGrant(Touch):
    """Guide desk: issue the priority ticket now."""


@dataclass(frozen=True, slots=True)
class GoesToHelp(Touch):
    """Guide desk: I go to this terminal."""

    terminal: TerminalId


@dataclass(frozen=True, slots=True)
class SignedOff(Touch):
    """Staff signs out."""


@dataclass(frozen=True, slots=True)
class PressedCall(Touch):
    """呼叫下一位."""


@dataclass(frozen=True, slots=True)
class PressedRecall(Touch):
    """重呼."""


@dataclass(frozen=True, slots=True)
class PressedStart(Touch):
    """开始办理."""


@dataclass(frozen=True, slots=True)
class PressedMissed(Touch):
    """过号."""


@dataclass(frozen=True, slots=True)
class PressedFinish(Touch):
    """办结; with `call_next` also the next call in the same press."""

    call_next: bool = False


@dataclass(frozen=True, slots=True)
class ToggledWhy(Touch):
    """Window panel: fold or unfold "why this one"."""


@dataclass(frozen=True, slots=True)
class ChoseGrade(Touch):
    """Rating: 5 (非常满意) to 1 (非常不满意)."""

    grade: int


@dataclass(frozen=True, slots=True)
class DeclinedRating(Touch):
    """Rating: 不评价."""
