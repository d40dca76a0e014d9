"""The guide desk: find an item, issue a ticket, grant priority, open a number, go to whoever asked for help.

What is done with a number that is out already is decided in `desk_numbers`, with devices in `desk_devices`.
"""

from dataclasses import replace

from hall.commands import Evidence, PriorityGrant, PriorityGround
from hall.day.leasing import MAX_ITEMS
from hall.desk_facts import DeskMove
from hall.errors import Reason
from hall.ids import ItemCode
from hall.wire.board import Board
from kiosk.flows import bringing_in, desk_devices, desk_numbers, desk_proxies, desk_upkeep, guides, signing_in
from kiosk.flows.bringing_in import BringingIn
from kiosk.flows.desk_scanning import scanned
from kiosk.flows.desk_steps import DeskDevices, DeskNumber, DeskPicking, DeskTyping, DeskUpkeep
from kiosk.flows.desk_words import (
    ChoseAppointment,
    IssuesNow,
    MoveNumber,
    OpensDevices,
    OpensNumbers,
    OrdersTest,
    OrderTest,
    PickedNumber,
    ReadNumber,
    TestOrdered,
    ToggledAppointment,
    ToggledSeveral,
)
from kiosk.flows.notice_steps import DeskTelling, TellsItem, ToggledTelling
from kiosk.flows.papering import paper_after, paper_stalled
from kiosk.flows.proxy_steps import DeskProxy
from kiosk.flows.proxy_words import OpensProxy
from kiosk.flows.scan_words import Scanned
from kiosk.flows.steps import DeskGranting, DeskIssued, DeskIssuing, DeskReady, NotReady, Paper, SigningIn
from kiosk.flows.upkeep_words import OpensUpkeep
from kiosk.flows.words import (
    AskRefused,
    BoardChanged,
    ChoseEvidence,
    ChoseGround,
    ChoseGroup,
    ChoseItem,
    ConfirmedGrant,
    Effect,
    Ended,
    GoesToHelp,
    GoToHelp,
    HallKnown,
    Happened,
    Issue,
    PrintEnded,
    PrintStalled,
    PrintTicket,
    SignedOff,
    SignOutStaff,
    StaffArrived,
    StartTimer,
    Step,
    TicketReady,
    TimerFired,
    TogglePriority,
    WantsPaper,
    WentBack,
)

ISSUED_S = 20.0
"""The issued ticket stays in view this long; touching anything else is quicker."""
TOLD_LATELY_S = 60.0
"""A self-test that ended no longer ago answers what was asked from here; a test takes half a minute at most."""

Move = tuple[Step, tuple[Effect, ...]]


def advance(step: Step, happened: Happened) -> Move:
    """Return the next step and what must now be done; inputs that do not fit change nothing."""
    match step, happened:
        case NotReady(), HallKnown():
            return SigningIn("guide_desk"), ()
        case SigningIn(asking=True), StaffArrived(who):
            return DeskReady(who.staff, who.name), ()
        case SigningIn(), _:
            return signing_in.advance(step, happened)
        case DeskIssuing(staff, name), TicketReady(issued, leased):
            issued_step = DeskIssued(staff, name, issued, leased, Paper.PRINTING)
            return issued_step, (PrintTicket(issued, leased), StartTimer("issued", ISSUED_S))
        case DeskIssuing(staff, name), AskRefused(reason):
            return DeskReady(staff, name, problem=reason), ()
        case DeskReady() | DeskIssued() | DeskDevices() | DeskTyping(asked=None), OpensUpkeep(page):
            return DeskUpkeep(step.staff, step.name, page), ()
        case DeskReady() | DeskGranting() | DeskIssued() | DeskTyping() | DeskNumber() | DeskPicking(), _:
            return _at_the_desk(step, happened)
        case DeskDevices() | DeskTelling() | DeskProxy(), _:
            return _at_the_desk(step, happened)
        case BringingIn(), _:
            return _bringing_in(step, happened)
        case DeskUpkeep(), _:
            return desk_upkeep.advance(step, happened)
    return step, ()


def _bringing_in(step: BringingIn, happened: Happened) -> Move:
    """A slip in hand; the next one under the scanner is looked at, and the number of this one can be opened."""
    match happened:
        case Scanned(text) if not step.asking:
            return scanned(DeskReady(step.staff, step.name), text)
        case PickedNumber(label) if step.shown is not None and not step.asking:
            return DeskTyping(step.staff, step.name, asked=label), (ReadNumber(label, step.staff),)
        case GoesToHelp(terminal):
            return step, (GoToHelp(terminal, step.staff),)
    return bringing_in.advance(step, happened)


Desk = (
    DeskReady
    | DeskGranting
    | DeskIssued
    | DeskTyping
    | DeskNumber
    | DeskPicking
    | DeskDevices
    | DeskTelling
    | DeskProxy
)


def _at_the_desk(step: Desk, happened: Happened) -> Move:
    busy = (
        (isinstance(step, DeskProxy) and step.asking)
        or (isinstance(step, DeskTyping) and step.asked is not None)
        or (isinstance(step, DeskNumber) and step.asking is not None)
    )
    match step, happened:
        case _, SignedOff() if not busy:
            return SigningIn("guide_desk"), (SignOutStaff(step.staff),)
        case _, GoesToHelp(terminal):
            return step, (GoToHelp(terminal, step.staff),)
        case DeskReady() | DeskIssued() | DeskTyping() | DeskNumber(), Scanned(text) if not busy:
            return scanned(step, text)
        case DeskReady() | DeskIssued() | DeskTyping(), OpensDevices() if not busy:
            return DeskDevices(step.staff, step.name), ()
        case DeskReady() | DeskIssued() | DeskTyping(), OpensProxy() if not busy:
            return desk_proxies.opened(step, happened)
        case DeskReady(), _:
            return _ready(step, happened)
        case DeskProxy(), _:
            return desk_proxies.advance(step, happened)
        case DeskGranting(), _:
            return _granting(step, happened)
        case DeskIssued(), _:
            return _issued(step, happened)
        case DeskDevices(), _:
            return desk_devices.advance(step, happened)
        case DeskTelling(), Ended() | WentBack():
            return DeskReady(step.staff, step.name, telling=True), ()
        case DeskTelling(), _:
            return guides.papered(step, happened)
        case DeskTyping() | DeskNumber() | DeskPicking(), _:
            return desk_numbers.advance(step, happened)
    return step, ()


# ---- finding an item ---------------------------------------------------------------------------------------------


def _ready(step: DeskReady, happened: Happened) -> Move:
    match happened:
        case BoardChanged(board):
            return _with_board(step, board), ()
        case ChoseItem(item) if step.telling:
            return DeskTelling(step.staff, step.name, item), ()
        case ChoseItem(item) if step.several:
            return replace(step, basket=_toggled(step.basket, item), problem=None), ()
        case ChoseItem(item):
            return _take(step, (item,))
        case IssuesNow() if step.basket:
            return _take(step, step.basket)
        case OpensNumbers():
            return DeskTyping(step.staff, step.name), ()
        case OrdersTest(terminal) if terminal not in step.asked:
            return replace(step, asked=(*step.asked, terminal)), (OrderTest(terminal, step.staff),)
        case TestOrdered(terminal, reason) if reason is not None:
            left = tuple(each for each in step.asked if each != terminal)
            return replace(step, asked=left, problem=reason), ()
    return _arranged(step, happened), ()


def _with_board(step: DeskReady, board: Board) -> DeskReady:
    """The server is back; and a terminal that has just told its self-test can be asked again."""
    problem = None if step.problem in (Reason.SERVER_AWAY, Reason.TOO_LATE) else step.problem
    tests = board.self_tests
    told = {test.terminal for test in tests if not test.waiting and test.at > board.at - TOLD_LATELY_S}
    asked = tuple(each for each in step.asked if each not in told)
    changed = problem != step.problem or asked != step.asked
    return replace(step, problem=problem, asked=asked) if changed else step


def _arranged(step: DeskReady, happened: Happened) -> DeskReady:
    """Everything that only prepares the next number."""
    match happened:
        case ChoseGroup(group):
            return replace(step, group=group, problem=None)
        case WentBack() if step.timing:
            return replace(step, timing=False)
        case WentBack() if step.group is not None:
            return replace(step, group=None, problem=None)
        case TogglePriority():
            return replace(step, priority=not step.priority, problem=None)
        case ToggledSeveral():
            return replace(step, several=not step.several, basket=(), problem=None, telling=False)
        case ToggledTelling():
            return replace(step, telling=not step.telling, several=False, basket=(), timing=False, problem=None)
        case ToggledAppointment() if step.appointment_at:
            return replace(step, appointment_at=0.0, timing=False)
        case ToggledAppointment():
            return replace(step, timing=not step.timing, problem=None)
        case ChoseAppointment(at) if step.timing and at > 0:
            return replace(step, appointment_at=at, timing=False)
    return step


def _toggled(basket: tuple[ItemCode, ...], item: ItemCode) -> tuple[ItemCode, ...]:
    if item in basket:
        return tuple(each for each in basket if each != item)
    return (*basket, item) if len(basket) < MAX_ITEMS else basket


def _take(step: DeskReady, items: tuple[ItemCode, ...]) -> Move:
    """One number for the items, in the order in which they were chosen."""
    first, more = items[0], items[1:]
    if step.priority:
        granting = DeskGranting(step.staff, step.name, first, more_items=more, appointment_at=step.appointment_at)
        return granting, ()
    wanted = Issue(first, step.staff, more_items=more, appointment_at=step.appointment_at)
    return DeskIssuing(step.staff, step.name, first, priority=False), (wanted,)


# ---- priority ----------------------------------------------------------------------------------------------------


def _granting(step: DeskGranting, happened: Happened) -> Move:
    match happened:
        case ChoseGround(ground) if ground in set(PriorityGround):
            return replace(step, ground=ground), ()
        case ChoseEvidence(evidence) if evidence in set(Evidence):
            return replace(step, evidence=evidence), ()
        case WentBack() | Ended() if step.number is not None:
            return DeskNumber(step.staff, step.name, step.number), ()
        case WentBack() | Ended():
            return DeskReady(step.staff, step.name, priority=True), ()
        case ConfirmedGrant() if step.ground is not None and step.evidence is not None:
            grant = PriorityGrant(ground=PriorityGround(step.ground), evidence=Evidence(step.evidence))
            return _granted(step, grant)
    return step, ()


def _granted(step: DeskGranting, grant: PriorityGrant) -> Move:
    if step.number is not None:
        number = DeskNumber(step.staff, step.name, step.number)
        return desk_numbers.ask(number, MoveNumber(DeskMove.GRANT, step.number.issued.label, step.staff, grant=grant))
    wanted = Issue(step.item, step.staff, grant, step.more_items, step.appointment_at)
    return DeskIssuing(step.staff, step.name, step.item, priority=True), (wanted,)


# ---- the ticket just issued --------------------------------------------------------------------------------------


def _issued(step: DeskIssued, happened: Happened) -> Move:
    ticket = step.issued.ticket
    match happened:
        case PrintStalled(job, fault) if desk_numbers.is_job_of(job, ticket):
            return replace(step, paper=paper_stalled(fault), fault=fault), ()
        case PrintEnded(job, outcome, fault) if desk_numbers.is_job_of(job, ticket):
            return replace(step, paper=paper_after(outcome), fault=fault), ()
        case WantsPaper() if step.paper not in desk_numbers.AT_WORK:
            again = PrintTicket(step.issued, step.leased, copy=True)
            return replace(step, paper=Paper.PRINTING, fault=None), (again, StartTimer("issued", ISSUED_S))
        case AskRefused(Reason.INTERNAL) if step.paper is Paper.PRINTING:
            return replace(step, paper=Paper.FAILED), ()
        case TimerFired("issued") if step.paper is Paper.OUT:
            return DeskReady(step.staff, step.name), ()
        case TellsItem(item) if item in (step.issued.item, *step.issued.more_items):
            return DeskTelling(step.staff, step.name, item), ()
        case Ended() | WentBack():
            return DeskReady(step.staff, step.name), ()
        case ChoseGroup(group):
            return DeskReady(step.staff, step.name, group=group), ()
        case OpensNumbers():
            return DeskTyping(step.staff, step.name), ()
    return step, ()
