"""What a guide can press at the desk for somebody with a number, what is then wanted, and what comes back."""

from dataclasses import dataclass, field

from hall.commands import Leased, PriorityGrant
from hall.desk_facts import DeskMove, TicketShown
from hall.errors import Reason
from hall.ids import ItemCode, StaffId, TerminalId, TicketLabel
from kiosk.flows.kinds import Effect, Happened, Touch

# ---- touches -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpensNumbers(Touch):
    """号码: look for a number that is out."""


@dataclass(frozen=True, slots=True)
class TypedLetter(Touch):
    """One letter of a number: its series."""

    letter: str


@dataclass(frozen=True, slots=True)
class PickedNumber(Touch):
    """A number from the list of those set aside, or of those that begin as typed."""

    label: TicketLabel


@dataclass(frozen=True, slots=True)
class ChoseMove(Touch):
    """One of the moves that fit the number in view."""

    move: DeskMove


@dataclass(frozen=True, slots=True)
class ChoseMinutes(Touch):
    """暂离 for so long."""

    minutes: int


@dataclass(frozen=True, slots=True)
class SaidYes(Touch):
    """The one question before a number is given up: yes."""


@dataclass(frozen=True, slots=True)
class OrdersTest(Touch):
    """请自检: let this terminal test all its devices."""

    terminal: TerminalId


@dataclass(frozen=True, slots=True)
class OpensDevices(Touch):
    """设备: how every terminal and device is."""


@dataclass(frozen=True, slots=True)
class ChoseTerminal(Touch):
    """One terminal of the devices page."""

    terminal: TerminalId


@dataclass(frozen=True, slots=True)
class OrdersAllTests(Touch):
    """全部自检: these terminals, one after the other."""

    terminals: tuple[TerminalId, ...]


@dataclass(frozen=True, slots=True)
class ToggledSeveral(Touch):
    """加办几项: gather several items on the next number, or not."""


@dataclass(frozen=True, slots=True)
class IssuesNow(Touch):
    """Take one number for the items gathered."""


@dataclass(frozen=True, slots=True)
class ToggledAppointment(Touch):
    """有预约: say for when, or take it back."""


@dataclass(frozen=True, slots=True)
class ChoseAppointment(Touch):
    """The time of the appointment that the guide has seen, hall time."""

    at: float


# ---- effects -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadNumber(Effect):
    """Answers `NumberRead` or `NumberRefused`."""

    label: TicketLabel
    staff: StaffId


@dataclass(frozen=True, slots=True)
class MoveNumber(Effect):
    """Ask for one move; answers `NumberMoved` or `NumberRefused`. Item, minutes and grant as the move needs them."""

    move: DeskMove
    label: TicketLabel
    staff: StaffId
    item: ItemCode | None = None
    minutes: int = 0
    grant: PriorityGrant | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OrderTest(Effect):
    """Answers `TestOrdered`."""

    terminal: TerminalId
    staff: StaffId


# ---- happenings --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NumberRead(Happened):
    """The hall told the facts of a number. `asked` is the label asked for; a swap may have given another since."""

    asked: TicketLabel
    shown: TicketShown


@dataclass(frozen=True, slots=True)
class NumberMoved(Happened):
    """The move was decided; `leased` only after a swap, for the new slip."""

    label: TicketLabel
    move: DeskMove
    leased: Leased | None = None


@dataclass(frozen=True, slots=True)
class NumberRefused(Happened):
    """The hall said no to what was asked of this number, or did not answer. `move` None: it was only read."""

    label: TicketLabel
    reason: Reason
    move: DeskMove | None = None


@dataclass(frozen=True, slots=True)
class TestOrdered(Happened):
    """The order is written down (`reason` None), or why not."""

    __test__ = False  # its name is no test's

    terminal: TerminalId
    reason: Reason | None = None
