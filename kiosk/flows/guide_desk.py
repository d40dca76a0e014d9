"""The guide desk: find an item, issue a ticket, grant priority, go to whoever asked for help."""

from dataclasses import replace

from hall.commands import Evidence, PriorityGrant, PriorityGround
from hall.errors import Reason
from hall.ids import JobId
from kiosk.flows import signing_in
from kiosk.flows.papering import paper_after, paper_stalled
from kiosk.flows.steps import DeskGranting, DeskIssued, DeskIssuing, DeskReady, NotReady, Paper, SigningIn
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
    WentBack,
)

ISSUED_S = 20.0
"""The issued ticket stays in view this long; touching anything else is quicker."""

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
        case DeskReady() | DeskGranting() | DeskIssued(), SignedOff():
            return SigningIn("guide_desk"), (SignOutStaff(step.staff),)
        case DeskReady() | DeskGranting() | DeskIssued(), GoesToHelp(terminal):
            return step, (GoToHelp(terminal, step.staff),)
        case DeskReady(problem=Reason.SERVER_AWAY | Reason.TOO_LATE), BoardChanged():
            return replace(step, problem=None), ()  # the server is back
        case DeskReady(), _:
            return _ready(step, happened)
        case DeskGranting(), _:
            return _granting(step, happened)
        case DeskIssuing(staff, name), TicketReady(issued, leased):
            issued_step = DeskIssued(staff, name, issued, leased, Paper.PRINTING)
            return issued_step, (PrintTicket(issued, leased), StartTimer("issued", ISSUED_S))
        case DeskIssuing(staff, name), AskRefused(reason):
            return DeskReady(staff, name, problem=reason), ()
        case DeskIssued(), _:
            return _issued(step, happened)
    return step, ()


def _ready(step: DeskReady, happened: Happened) -> Move:
    match happened:
        case ChoseGroup(group):
            return replace(step, group=group, problem=None), ()
        case WentBack() if step.group is not None:
            return replace(step, group=None, problem=None), ()
        case TogglePriority():
            return replace(step, priority=not step.priority, problem=None), ()
        case ChoseItem(item) if step.priority:
            return DeskGranting(step.staff, step.name, item), ()
        case ChoseItem(item):
            return DeskIssuing(step.staff, step.name, item, priority=False), (Issue(item, step.staff),)
    return step, ()


def _granting(step: DeskGranting, happened: Happened) -> Move:
    match happened:
        case ChoseGround(ground) if ground in set(PriorityGround):
            return replace(step, ground=ground), ()
        case ChoseEvidence(evidence) if evidence in set(Evidence):
            return replace(step, evidence=evidence), ()
        case WentBack() | Ended():
            return DeskReady(step.staff, step.name, priority=True), ()
        case ConfirmedGrant() if step.ground is not None and step.evidence is not None:
            grant = PriorityGrant(ground=PriorityGround(step.ground), evidence=Evidence(step.evidence))
            asking = DeskIssuing(step.staff, step.name, step.item, priority=True)
            return asking, (Issue(step.item, step.staff, grant),)
    return step, ()


def _issued(step: DeskIssued, happened: Happened) -> Move:
    match happened:
        case PrintStalled(job, fault) if job == JobId(step.issued.ticket):
            return replace(step, paper=paper_stalled(fault), fault=fault), ()
        case PrintEnded(job, outcome, fault) if job == JobId(step.issued.ticket):
            return replace(step, paper=paper_after(outcome), fault=fault), ()
        case TimerFired("issued") if step.paper is Paper.OUT:
            return DeskReady(step.staff, step.name), ()
        case Ended() | WentBack():
            return DeskReady(step.staff, step.name), ()
        case ChoseGroup(group):
            return DeskReady(step.staff, step.name, group=group), ()
    return step, ()
