"""The guide desk's steps around a number that is out already, and its devices page. Nothing of them is personal."""

from dataclasses import dataclass

from hall.desk_facts import DeskMove, TicketShown
from hall.errors import Reason
from hall.ids import DeviceId, ItemCode, StaffId, TerminalId, TicketId, TicketLabel
from hall.upkeep import LineState, MaintenanceNoted, Work
from kiosk.flows.steps import Paper
from kiosk.flows.upkeep_words import UpkeepPage
from kiosk.flows.words import Step
from kiosk.ports import Fault


@dataclass(frozen=True, slots=True)
class DeskTyping(Step):
    """A big pad for letter and digits, and the numbers set aside to pick from."""

    staff: StaffId
    name: str
    typed: str = ""
    """Letter and digits as pressed, such as `A12`."""
    asked: TicketLabel | None = None
    """This number is being read."""
    slip: TicketId | None = None
    """It was scanned from this ticket's slip: another one of the same label is somebody else's."""
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class DeskNumber(Step):
    """One number: what the hall knows of it, and only the moves that fit."""

    staff: StaffId
    name: str
    shown: TicketShown
    question: DeskMove | None = None
    """Asks for minutes (暂离), or once whether it is really given up (取消)."""
    asking: DeskMove | None = None
    """This move is on its way; until it is answered nothing else is taken."""
    item: ItemCode | None = None
    """The item of the swap on its way."""
    done: DeskMove | None = None
    """What was done last, to be told."""
    problem: Reason | None = None
    paper: Paper = Paper.NONE
    fault: Fault | None = None
    on_board: str = ""
    """Where the last board had this number; a change there is read anew."""


@dataclass(frozen=True, slots=True)
class DeskPicking(Step):
    """The right item for a wrong one (换项), or one more (加办)."""

    staff: StaffId
    name: str
    shown: TicketShown
    move: DeskMove
    group: str | None = None


@dataclass(frozen=True, slots=True)
class DeskDevices(Step):
    """Every terminal and its devices, and what was asked of them here."""

    staff: StaffId
    name: str
    chosen: TerminalId | None = None
    """Its devices fill the page, one by one."""
    asking: TerminalId | None = None
    """The order for this one is on its way to the hall."""
    queued: tuple[TerminalId, ...] = ()
    """Orders that follow it, one after the other."""
    ordered: tuple[TerminalId, ...] = ()
    """The order is written down; until the board has come that waits for it or tells its result."""
    refused: tuple[TerminalId, ...] = ()
    """Their last order was refused, or not sent because it would have been."""
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class DeskUpkeep(Step):
    """开门检查, 维护, 今日收尾: what was pressed here and is not yet in the hall's snapshots."""

    staff: StaffId
    name: str
    page: UpkeepPage = "opening"
    marks: tuple[tuple[str, LineState], ...] = ()
    """Lines of the checklist that the guide has judged by eye, and how."""
    signing: bool = False
    """The signature is on its way; until it is answered nothing else is taken."""
    chosen: tuple[DeviceId, Work] | None = None
    """This work on this device is being written down: what was found is asked."""
    noting: bool = False
    noted: MaintenanceNoted | None = None
    """What was written down last, to be told with its next due day."""
    problem: Reason | None = None
