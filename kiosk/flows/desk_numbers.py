"""The guide desk with a number in hand: find it, see where it stands, do what the rules allow, print its slip again."""

from dataclasses import replace

import msgspec

from hall.commands import Leased
from hall.desk_facts import DeskMove, TicketShown
from hall.errors import Reason
from hall.events import TicketIssued
from hall.ids import Series, TicketId, TicketLabel
from hall.queue.numbering import label
from hall.wire.board import Board
from kiosk.flows.desk_steps import DeskNumber, DeskPicking, DeskTyping
from kiosk.flows.desk_words import (
    ChoseMinutes,
    ChoseMove,
    MoveNumber,
    NumberMoved,
    NumberRead,
    NumberRefused,
    PickedNumber,
    ReadNumber,
    SaidYes,
    TypedLetter,
)
from kiosk.flows.papering import paper_after, paper_stalled
from kiosk.flows.steps import DeskGranting, DeskReady, Paper
from kiosk.flows.words import (
    AskRefused,
    BoardChanged,
    ChoseGroup,
    ChoseItem,
    ConfirmedDigits,
    Effect,
    Ended,
    ErasedDigit,
    Happened,
    PressedDigit,
    PrintEnded,
    PrintStalled,
    PrintTicket,
    Step,
    WantsPaper,
    WentBack,
)

MAX_DIGITS = 4
PASSING = (Reason.SERVER_AWAY, Reason.TOO_LATE)
"""Problems that are over when the next board comes."""
AT_WORK = (Paper.PRINTING, Paper.WAITING)
ENDED = ("done", "cancelled", "lapsed")
"""`tickets.ENDED` as told on the wire: such a number needs no slip any more."""

Move = tuple[Step, tuple[Effect, ...]]
Numbers = DeskTyping | DeskNumber | DeskPicking


def advance(step: Numbers, happened: Happened) -> Move:
    """Return the next step and what must now be done; inputs that do not fit change nothing."""
    match step:
        case DeskTyping():
            return _typing(step, happened)
        case DeskPicking():
            return _picking(step, happened)
        case DeskNumber():
            return _number(step, happened)


# ---- finding -----------------------------------------------------------------------------------------------------


def typed_label(typed: str) -> TicketLabel | None:
    """Return the number that was typed, such as `A012` for `A12`; None while it is not complete."""
    letter, digits = typed[:1], typed[1:]
    return label(Series(letter), int(digits)) if digits and int(digits) else None


def _typing(step: DeskTyping, happened: Happened) -> Move:
    match happened:
        case BoardChanged() if step.problem in PASSING:
            return replace(step, problem=None), ()
        case NumberRead(asked, shown) if asked == step.asked and step.slip not in (None, shown.issued.ticket):
            return replace(step, asked=None, slip=None, problem=Reason.UNKNOWN_TICKET), ()
        case NumberRead(asked, shown) if asked == step.asked:
            return DeskNumber(step.staff, step.name, shown), ()
        case NumberRefused(asked, reason) if asked == step.asked:
            return replace(step, asked=None, slip=None, problem=reason), ()
        case AskRefused(Reason.INTERNAL) if step.asked is not None:
            return replace(step, asked=None, slip=None, problem=Reason.INTERNAL), ()
        case _ if step.asked is not None:
            return step, ()
        case PickedNumber(found):
            return _read(step, found)
        case ConfirmedDigits() if (typed := typed_label(step.typed)) is not None:
            return _read(step, typed)
        case WentBack() | Ended():
            return DeskReady(step.staff, step.name), ()
    return _keyed(step, happened), ()


def _keyed(step: DeskTyping, happened: Happened) -> DeskTyping:
    match happened:
        case TypedLetter(letter):
            return replace(step, typed=letter + step.typed[1:], problem=None)
        case PressedDigit(digit) if step.typed and len(step.typed) <= MAX_DIGITS:
            return replace(step, typed=step.typed + digit, problem=None)
        case ErasedDigit():
            return replace(step, typed=step.typed[:-1], problem=None)
    return step


def _read(step: DeskTyping, found: TicketLabel) -> Move:
    return replace(step, asked=found, problem=None), (ReadNumber(found, step.staff),)


# ---- one number --------------------------------------------------------------------------------------------------


def _number(step: DeskNumber, happened: Happened) -> Move:
    match happened:
        case BoardChanged(board):
            return _board_came(step, board)
        case NumberRead(_, shown) if shown.issued.ticket == step.shown.issued.ticket:
            return replace(step, shown=shown), ()
        case NumberMoved(_, move, leased) if move is step.asking:
            return _moved(step, move, leased)
        case NumberRefused(_, reason, move) if move is not None and move is step.asking:
            return _refused(step, reason)
        case AskRefused(Reason.INTERNAL) if step.asking is not None:
            return _refused(step, Reason.INTERNAL)
        case AskRefused(Reason.INTERNAL) if step.paper is Paper.PRINTING:
            return replace(step, paper=Paper.FAILED), ()
        case PrintStalled(job, fault) if is_job_of(job, step.shown.issued.ticket):
            return replace(step, paper=paper_stalled(fault), fault=fault), ()
        case PrintEnded(job, outcome, fault) if is_job_of(job, step.shown.issued.ticket):
            return replace(step, paper=paper_after(outcome), fault=fault), ()
        case _ if step.asking is not None:
            return step, ()
    return _question(step, happened) if step.question is not None else _chosen(step, happened)


def _chosen(step: DeskNumber, happened: Happened) -> Move:
    match happened:
        case ChoseMove(move) if move in step.shown.moves:
            return _begin(step, move)
        case WantsPaper() if step.paper not in AT_WORK and step.shown.state not in ENDED:
            again = PrintTicket(step.shown.issued, leased_of(step.shown), copy=True)
            return replace(step, paper=Paper.PRINTING, fault=None, done=None), (again,)
        case WentBack():
            return DeskTyping(step.staff, step.name), ()
        case Ended():
            return DeskReady(step.staff, step.name), ()
    return step, ()


def _begin(step: DeskNumber, move: DeskMove) -> Move:
    match move:
        case DeskMove.STEP_AWAY | DeskMove.CANCEL:
            return replace(step, question=move, done=None, problem=None), ()
        case DeskMove.SWAP | DeskMove.ADD:
            return DeskPicking(step.staff, step.name, step.shown, move), ()
        case DeskMove.GRANT:
            return DeskGranting(step.staff, step.name, step.shown.issued.item, number=step.shown), ()
        case DeskMove.RETURN | DeskMove.COME_BACK:
            return ask(step, MoveNumber(move, step.shown.issued.label, step.staff))


def _question(step: DeskNumber, happened: Happened) -> Move:
    named = step.shown.issued.label
    match step.question, happened:
        case DeskMove.STEP_AWAY, ChoseMinutes(minutes) if 0 < minutes <= step.shown.away_max_min:
            return ask(step, MoveNumber(DeskMove.STEP_AWAY, named, step.staff, minutes=minutes))
        case DeskMove.CANCEL, SaidYes():
            return ask(step, MoveNumber(DeskMove.CANCEL, named, step.staff))
        case _, WentBack() | Ended():
            return replace(step, question=None), ()
    return step, ()


def ask(step: DeskNumber, wanted: MoveNumber) -> Move:
    """Send one move on its way."""
    asking = replace(step, question=None, asking=wanted.move, item=wanted.item, done=None, problem=None)
    return asking, (wanted,)


def _moved(step: DeskNumber, move: DeskMove, leased: Leased | None) -> Move:
    """Done: tell it, print the new slip of a swap, and read the number anew for what now fits."""
    told = replace(step, asking=None, item=None, done=move, problem=None)
    if leased is None or step.item is None:
        return replace(told, paper=Paper.NONE), (ReadNumber(step.shown.issued.label, step.staff),)
    issued = renamed(step.shown.issued, leased)
    issued = msgspec.structs.replace(issued, item=step.item)
    shown = msgspec.structs.replace(step.shown, issued=issued, windows=leased.windows, area=leased.area)
    slip = PrintTicket(issued, leased, afresh=True)
    printing = replace(told, shown=shown, paper=Paper.PRINTING, fault=None)
    return printing, (slip, ReadNumber(issued.label, step.staff))


def _refused(step: DeskNumber, reason: Reason) -> Move:
    told = replace(step, asking=None, item=None, problem=reason)
    if reason is Reason.SERVER_AWAY:
        return told, ()
    return told, (ReadNumber(step.shown.issued.label, step.staff),)  # it stands elsewhere than this screen knew


def _board_came(step: DeskNumber, board: Board) -> Move:
    problem = None if step.problem in PASSING else step.problem
    place = place_on(board, step.shown.issued.label)
    after = replace(step, problem=problem, on_board=place or step.on_board)
    if place and place != step.on_board and place != place_of(step.shown) and step.asking is None:
        return after, (ReadNumber(step.shown.issued.label, step.staff),)
    return (step if after == step else after), ()


# ---- choosing an item --------------------------------------------------------------------------------------------


def _picking(step: DeskPicking, happened: Happened) -> Move:
    match happened:
        case ChoseGroup(group):
            return replace(step, group=group), ()
        case WentBack() if step.group is not None:
            return replace(step, group=None), ()
        case WentBack() | Ended():
            return DeskNumber(step.staff, step.name, step.shown), ()
        case ChoseItem(item):
            number = DeskNumber(step.staff, step.name, step.shown)
            return ask(number, MoveNumber(step.move, step.shown.issued.label, step.staff, item=item))
    return step, ()


# ---- facts -------------------------------------------------------------------------------------------------------


def place_on(board: Board, named: TicketLabel) -> str:
    """Return where the board has a number: a state, `away`, or nothing."""
    at_window = next((window.state for window in board.windows if window.label == named), "")
    aside = next((each.state for each in board.aside if each.label == named), "")
    waiting = any(each.label == named for each in board.waiting_tickets)
    return at_window or aside or ("waiting" if waiting else "")


def place_of(shown: TicketShown) -> str:
    """Return the same of what was read."""
    return "away" if shown.away_until else shown.state


def is_job_of(job: str, ticket: TicketId) -> bool:
    """Tell whether a print job is a paper of this ticket: its first, a copy, or one after a swap."""
    return job == ticket or job.startswith(f"{ticket}#")


def renamed(issued: TicketIssued, leased: Leased) -> TicketIssued:
    """Return the facts of a ticket with the label, number and wait of `leased`."""
    suffix = issued.suffix if leased.label == issued.label else ""
    return msgspec.structs.replace(
        issued, series=leased.series, number=leased.number, suffix=suffix, label=leased.label, quote=leased.quote
    )


def leased_of(shown: TicketShown) -> Leased | None:
    """Return what a slip tells beside the number, as far as it is known."""
    issued = shown.issued
    if issued.quote is None or shown.area is None:
        return None
    return Leased(
        ticket=issued.ticket,
        day=issued.day,
        series=issued.series,
        number=issued.number,
        label=issued.label,
        windows=shown.windows,
        area=shown.area,
        quote=issued.quote,
    )
