"""The window panel: sign in, call, start, finish. At most one request is on its way; the hall decides."""

from dataclasses import replace

from hall.commands import Called
from hall.errors import Reason
from hall.ids import ItemCode, ServiceId, TicketId
from kiosk.flows import signing_in
from kiosk.flows.steps import NotReady, PanelAsking, PanelCalling, PanelReady, PanelServing, SigningIn
from kiosk.flows.words import (
    AskRefused,
    BeginService,
    BoardChanged,
    CallTicket,
    Effect,
    EndService,
    HallKnown,
    Happened,
    MissTicket,
    PressedCall,
    PressedFinish,
    PressedMissed,
    PressedRecall,
    PressedStart,
    RecallTicket,
    ServiceBegan,
    ServiceOver,
    SignedOff,
    SignOutStaff,
    StaffArrived,
    Step,
    TicketAtWindow,
    ToggledWhy,
)

Move = tuple[Step, tuple[Effect, ...]]


def advance(step: Step, happened: Happened) -> Move:
    """Return the next step and what must now be done; inputs that do not fit change nothing."""
    match step, happened:
        case NotReady(), HallKnown():
            return SigningIn("window_panel"), ()
        case SigningIn(asking=True), StaffArrived(who):
            return PanelReady(who.staff, who.name, fresh=True), ()
        case SigningIn(), _:
            return signing_in.advance(step, happened)
        case PanelReady(), SignedOff():
            return SigningIn("window_panel"), (SignOutStaff(step.staff),)
        case PanelReady(fresh=True), BoardChanged():
            return _resume(step, happened), ()
        case PanelCalling(), BoardChanged() if _went_back(step, happened):
            return PanelReady(step.staff, step.name), ()  # not started in time: the hall put the number back
        case PanelReady() | PanelCalling() | PanelServing(), BoardChanged():
            return _no_longer(step, happened), ()
        case PanelReady(), PressedCall():
            return _ask(step, "call", CallTicket(step.staff))
        case PanelCalling() | PanelServing(), ToggledWhy():
            return replace(step, why=not step.why), ()
        case PanelCalling(), _:
            return _calling(step, happened)
        case PanelServing(), PressedFinish(call_next):
            return _ask(step, "finish_and_call" if call_next else "finish", EndService(step.staff))
        case PanelAsking(), _:
            return _answered(step, happened)
    return step, ()


def _went_back(step: PanelCalling, happened: BoardChanged) -> bool:
    """A board that knows this call, and on which the window no longer holds its number. An older board says nothing."""
    knows = any(call.call_seq >= step.called.call_seq for call in happened.board.calls)
    mine = next((shown for shown in happened.board.windows if shown.window == happened.window), None)
    return knows and mine is not None and mine.label != step.called.label


def _no_longer(step: PanelReady | PanelCalling | PanelServing, happened: BoardChanged) -> Step:
    """A board from the server says that it is back; a board with people waiting that somebody can be called."""
    over = step.problem in (Reason.SERVER_AWAY, Reason.TOO_LATE) or (
        step.problem is Reason.NOBODY_WAITING and happened.board.waiting > 0
    )
    return replace(step, problem=None) if over else step


def _ask(before: PanelReady | PanelCalling | PanelServing, what: str, effect: Effect) -> Move:
    return PanelAsking(before.staff, before.name, what, replace(before, problem=None)), (effect,)


def _calling(step: PanelCalling, happened: Happened) -> Move:
    match happened:
        case PressedRecall():
            return _ask(step, "recall", RecallTicket(step.staff))
        case PressedMissed():
            return _ask(step, "missed", MissTicket(step.staff))
        case PressedStart():
            return _ask(step, "start", BeginService(step.staff))
    return step, ()


def _answered(step: PanelAsking, happened: Happened) -> Move:
    staff, name = step.staff, step.name
    match happened:
        case TicketAtWindow(called):
            return PanelCalling(staff, name, called), ()
        case ServiceBegan(service) if isinstance(step.before, PanelCalling):
            return PanelServing(staff, name, step.before.called, service), ()
        case ServiceOver() if step.what == "finish_and_call":
            return _ask(PanelReady(staff, name), "call", CallTicket(staff))
        case ServiceOver():
            return PanelReady(staff, name), ()
        case AskRefused(Reason.WINDOW_BUSY) if isinstance(step.before, PanelReady):
            # Somebody is still at this window, from before a restart: the next board tells who.
            return replace(step.before, problem=Reason.WINDOW_BUSY, fresh=True), ()
        case AskRefused(reason):
            return replace(step.before, problem=reason), ()
    return step, ()


def _resume(step: PanelReady, happened: BoardChanged) -> Step:
    """A clerk who signs in again finds the person who was there, not an empty window."""
    mine = next((shown for shown in happened.board.windows if shown.window == happened.window), None)
    if mine is None or mine.label is None or mine.state not in ("called", "serving"):
        return replace(step, fresh=False)
    call = next((call for call in reversed(happened.board.calls) if call.label == mine.label), None)
    called = Called(
        ticket=TicketId(""),
        label=mine.label,
        item=ItemCode(""),
        priority=call.priority if call else False,
        call_seq=call.call_seq if call else 0,
        waited_s=0.0,
    )
    if mine.state == "called":
        return PanelCalling(step.staff, step.name, called)
    return PanelServing(step.staff, step.name, called, ServiceId(""))
