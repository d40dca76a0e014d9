"""What a clerk can do with a ticket beside call, start and finish. Plain words, so that a keypad can say them too."""

from dataclasses import dataclass, field

from hall.ids import TicketLabel, WindowId
from kiosk.flows.kinds import Touch


@dataclass(frozen=True, slots=True)
class OpenedMoves(Touch):
    """更多: the seldom moves of the person being served."""


@dataclass(frozen=True, slots=True)
class PressedHold(Touch):
    """挂起: pause the service in hand."""


@dataclass(frozen=True, slots=True)
class PressedTransfer(Touch):
    """转移: send the person in hand to another window, or for another item."""


@dataclass(frozen=True, slots=True)
class PressedAddItem(Touch):
    """加办一项 on the number in hand."""


@dataclass(frozen=True, slots=True)
class PressedPrecall(Touch):
    """预叫: ask the next person to come near."""


@dataclass(frozen=True, slots=True)
class OpenedNumbers(Touch):
    """呼叫指定号: type a number or pick it from who waits."""


@dataclass(frozen=True, slots=True)
class OpenedHeld(Touch):
    """挂起的号: the held numbers, to go on with one."""


@dataclass(frozen=True, slots=True)
class ChoseWindow(Touch):
    """The window to send to; None: any that serves the item."""

    window: WindowId | None


@dataclass(frozen=True, slots=True)
class WantsOtherItem(Touch):
    """It was the wrong item: send on for another one."""


@dataclass(frozen=True, slots=True)
class PressedLetter(Touch):
    """The series letter of a number that is typed."""

    letter: str


@dataclass(frozen=True, slots=True)
class ChoseNumber(Touch):
    """A number picked from a list: who waits, or who is held."""

    label: TicketLabel


@dataclass(frozen=True, slots=True)
class ChoseReason(Touch):
    """Why somebody is called before their turn, an `OutOfOrder` value."""

    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConfirmedMove(Touch):
    """Yes, do it."""
