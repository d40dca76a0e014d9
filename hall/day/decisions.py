"""Decide, then do: `decide(state, command, by, now)` says what follows, `apply(state, event, device, at)` makes it so.

The hall server, tests and simulators run these same functions. `decide` changes nothing; `apply` refuses nothing.
"""

from hall.commands import (
    AcknowledgeHelp,
    AddItem,
    CallNext,
    CallTicket,
    CancelTicket,
    ComeBack,
    Done,
    FinishService,
    GrantPriority,
    HoldTicket,
    LeaseLabel,
    MarkMissed,
    OrderSelfTest,
    PrecallNext,
    ReadTicket,
    Recall,
    ResumeTicket,
    ReturnByTicket,
    ReturnMissed,
    SignIn,
    SignOut,
    StartService,
    StepAway,
    SwapItem,
    TransferTicket,
)
from hall.day import (
    adopting,
    calling,
    day_opening,
    desk_reading,
    leasing,
    own_slip,
    proxying,
    rating_follow_ups,
    reconciling,
    self_tests,
    signing,
    sweeping,
    upkeep,
    window_moves,
)
from hall.day.applying import apply
from hall.day.deciding import (
    SERVER_ASKS,
    Asker,
    ConfirmDay,
    Decision,
    EndDay,
    FollowUpRating,
    LookAround,
    NoteKeyRenewed,
    OpenDay,
    PrepareStatement,
    Reconcile,
    asking_terminal,
    refused,
)
from hall.day.desk_moves import AtDesk, decide_at_desk
from hall.day.examining import Flag, examine
from hall.day.in_hand import AtWindow
from hall.desk_facts import AdoptTicket
from hall.errors import Reason
from hall.events import HelpAcknowledged, StatementPrepared
from hall.ids import SERVER, ProxyId
from hall.proxies import AskProxy, CloseProxy, ConfirmProxy, DeclineProxy, ProxyCommand, ReadProxy
from hall.queue.state import HallState
from hall.statements.serials import serial
from hall.upkeep import RecordMaintenance, SignOpening, UpkeepCommand

__all__ = [
    "SERVER_ASKS",
    "Asker",
    "Decidable",
    "Decision",
    "EndDay",
    "Flag",
    "HallState",
    "LookAround",
    "OpenDay",
    "PrepareStatement",
    "Reconcile",
    "apply",
    "decide",
    "examine",
]

Own = OpenDay | ConfirmDay | NoteKeyRenewed | LookAround | EndDay | Reconcile | PrepareStatement | FollowUpRating
"""What only the hall server itself asks."""
Decidable = (
    LeaseLabel
    | SignIn
    | SignOut
    | AtWindow
    | AtDesk
    | AdoptTicket
    | ReturnMissed
    | ReturnByTicket
    | ReadTicket
    | AcknowledgeHelp
    | OrderSelfTest
    | ProxyCommand
    | UpkeepCommand
    | Own
)
"""Every command but `ReadStatement`, which is a read and never enters the queue, and the hall's own."""


def decide(state: HallState, command: Decidable, by: Asker, now: float) -> Decision:
    """Return the events that follow and the answer; every refusal names its reason. `now` is hall time in seconds."""
    match command:
        case LeaseLabel():
            return leasing.lease(state, command, by, now)
        case SignIn():
            return signing.sign_in(state, command, by)
        case SignOut():
            return signing.sign_out(state, command, by)
        case AcknowledgeHelp():
            return _acknowledge(state, command, by, now)
        case OrderSelfTest():
            return self_tests.order(state, command, by, now)
        case OpenDay() | ConfirmDay() | NoteKeyRenewed() | LookAround() | EndDay() | Reconcile():
            return _own(state, command, by, now)
        case PrepareStatement() | FollowUpRating():
            return _own(state, command, by, now)
        case AskProxy() | ReadProxy() | ConfirmProxy() | DeclineProxy() | CloseProxy():
            return proxying.decide_proxy(state, command, by, now)
        case RecordMaintenance() | SignOpening():
            return upkeep.decide_upkeep(state, command, by, now)
        case ReturnMissed() | ReturnByTicket() | ReadTicket() | AdoptTicket():
            return _of_one_number(state, command, by, now)
        case SwapItem() | AddItem() | CancelTicket() | StepAway() | ComeBack() | GrantPriority():
            return decide_at_desk(state, command, by, now)
        case _:
            return _at_window(state, command, by, now)


def _own(state: HallState, command: Own, by: Asker, now: float) -> Decision:
    match command:
        case OpenDay():
            return day_opening.open_day(state, command, by, now)
        case ConfirmDay():
            return day_opening.confirm_day(state, command, by, now)
        case NoteKeyRenewed():
            return day_opening.note_key_renewed(state, command, by, now)
        case LookAround():
            return sweeping.look_around(state, command, by, now)
        case EndDay():
            return sweeping.end_day(state, command, by, now)
        case Reconcile():
            return reconciling.reconcile(state, command, by, now)
        case FollowUpRating():
            return rating_follow_ups.follow_up(state, command, by, now)
        case PrepareStatement():
            return _prepare_statement(state, command, by, now)


def _of_one_number(
    state: HallState, command: ReturnMissed | ReturnByTicket | ReadTicket | AdoptTicket, by: Asker, now: float
) -> Decision:
    match command:
        case ReadTicket():
            return desk_reading.read_ticket(state, command, by, now)
        case AdoptTicket():
            return adopting.adopt(state, command, by, now)
        case ReturnByTicket():
            return own_slip.return_by_ticket(state, command, by, now)
        case ReturnMissed():
            return calling.return_missed(state, command, by, now)


def _at_window(state: HallState, command: AtWindow, by: Asker, now: float) -> Decision:
    match command:
        case CallNext():
            return calling.call_next(state, command, by, now)
        case CallTicket():
            return calling.call_ticket(state, command, by, now)
        case PrecallNext():
            return window_moves.precall(state, command, by, now)
        case HoldTicket():
            return window_moves.hold(state, command, by, now)
        case ResumeTicket():
            return window_moves.resume(state, command, by, now)
        case TransferTicket():
            return window_moves.transfer(state, command, by, now)
        case Recall():
            return calling.recall(state, command, by, now)
        case MarkMissed():
            return calling.mark_missed(state, command, by, now)
        case StartService():
            return calling.start(state, command, by, now)
        case FinishService():
            return calling.finish(state, command, by, now)


def _acknowledge(state: HallState, command: AcknowledgeHelp, by: Asker, now: float) -> Decision:
    terminal = asking_terminal(state, by, "guide_desk")
    if isinstance(terminal, Decision):
        return terminal
    if state.desks.get(by.terminal) != command.staff:
        return refused(Reason.NOT_SIGNED_IN, f"sign in at {by.terminal} first")
    if command.terminal not in state.help:
        return refused(Reason.ILLEGAL_MOVE, f"{command.terminal} has no open request for help")
    return Decision((HelpAcknowledged(terminal=command.terminal, staff=command.staff, at=now),), Done())


def _prepare_statement(state: HallState, command: PrepareStatement, by: Asker, now: float) -> Decision:
    if by.terminal != SERVER:
        return refused(Reason.NOT_ALLOWED, "only the hall server numbers statements")
    if command.form not in {form.code for form in state.pack.forms}:
        return refused(Reason.UNKNOWN_FORM, f"allowed are {', '.join(form.code for form in state.pack.forms)}")
    if state.day is None:
        return refused(Reason.DAY_NOT_OPEN, "statements are numbered by business day, and none is open")
    barred = proxying.may_open(state, command, now)
    if barred is not None:
        return barred
    if state.statement_counts.get(command.person, 0) >= state.pack.limits.statements_per_day:
        return refused(Reason.DAILY_LIMIT, f"at most {state.pack.limits.statements_per_day} a day for one person")
    number = state.statement_numbers.get(command.terminal, 0) + 1
    prepared = StatementPrepared(
        serial=serial(state.pack.hall.serial_prefix, state.day, command.terminal, number),
        form=command.form,
        terminal=command.terminal,
        person=command.person,
        digest=command.digest,
        check_code=command.check_code,
        proof=command.proof,
        proxy=command.proxy or ProxyId(""),
    )
    return Decision((prepared,), Done())
