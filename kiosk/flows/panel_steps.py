"""Steps of the window panel between its three homes (nobody, called, serving): choosing, and asking once if sure.

`before` is the home that 返回 leads to; it is left as it was.
"""

from dataclasses import dataclass

from hall.errors import Reason
from hall.ids import ItemCode, StaffId, TicketLabel, WindowId
from kiosk.flows.kinds import Step
from kiosk.flows.steps import PanelCalling, PanelReady, PanelServing


@dataclass(frozen=True, slots=True)
class PanelStaying(Step):
    """Started again while the server is away: is it still who was signed in here? No PIN can be checked."""

    staff: StaffId
    name: str
    asking: bool = False
    """They said so, and the journal is being written."""


@dataclass(frozen=True, slots=True)
class PanelMore(Step):
    """更多: hold, transfer, one more item."""

    staff: StaffId
    name: str
    before: PanelServing


@dataclass(frozen=True, slots=True)
class PanelSure(Step):
    """Asked once before something that a person would feel."""

    staff: StaffId
    name: str
    what: str
    """`missed`, `hold` or `sign_off`."""
    before: PanelReady | PanelCalling | PanelServing


@dataclass(frozen=True, slots=True)
class PanelSending(Step):
    """转移: which window; or first which other item, then which window or any; then, are you sure."""

    staff: StaffId
    name: str
    before: PanelCalling | PanelServing
    other: bool = False
    """Another item is being chosen, or was."""
    group: str | None = None
    item: ItemCode | None = None
    """The other item; None: the item stays."""
    window: WindowId | None = None
    sure: bool = False
    """Everything is chosen; only yes or back is left."""


@dataclass(frozen=True, slots=True)
class PanelAdding(Step):
    """加办一项: which item; then, are you sure."""

    staff: StaffId
    name: str
    before: PanelServing
    group: str | None = None
    item: ItemCode | None = None


@dataclass(frozen=True, slots=True)
class PanelPicking(Step):
    """呼叫指定号: type it or pick it; when it is not its turn, why."""

    staff: StaffId
    name: str
    before: PanelReady
    letter: str = ""
    digits: str = ""
    label: TicketLabel | None = None
    """It is not the turn of this number: a reason is asked for."""
    problem: Reason | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class PanelHeld(Step):
    """挂起的号: which one to go on with."""

    staff: StaffId
    name: str
    before: PanelReady
    problem: Reason | None = None
    refused: str = ""


PanelChoice = PanelMore | PanelSure | PanelSending | PanelAdding | PanelPicking | PanelHeld
