"""What the guide asks of the hall for a number that is out, and of a terminal that should test itself."""

from collections.abc import Callable

import msgspec

from hall.commands import (
    AddItem,
    AnyCommand,
    AnyReply,
    CancelTicket,
    ComeBack,
    Done,
    GrantPriority,
    Leased,
    OrderSelfTest,
    ReadTicket,
    Refused,
    ReturnMissed,
    StepAway,
    SwapItem,
)
from hall.desk_facts import DeskMove, TicketShown
from hall.errors import HallError, Reason
from hall.ids import SessionId
from kiosk.flows.desk_words import (
    MoveNumber,
    NumberMoved,
    NumberRead,
    NumberRefused,
    OrderTest,
    ReadNumber,
    TestOrdered,
)
from kiosk.flows.upkeep_words import NoteMaintenance, SignChecklist
from kiosk.flows.words import Happened
from kiosk.performing.upkeep_errands import Line, UpkeepErrands

DESK_ASK_S = 6.0
"""As at a window: somebody stands before the guide and waits."""


class DeskErrands:
    """Asks, and posts each answer for the session that asked. `seal` is `Asking.seal`."""

    def __init__(
        self, line: Line, seal: Callable[[bytes, str], bytes], post: Callable[[Happened, SessionId | None], None]
    ) -> None:
        self._line = line
        self._seal = seal
        self._post = post
        self._upkeep = UpkeepErrands(line, post, DESK_ASK_S)

    def __call__(
        self, effect: ReadNumber | MoveNumber | OrderTest | SignChecklist | NoteMaintenance, session: SessionId
    ) -> None:
        """Start one errand; never blocks."""
        if isinstance(effect, SignChecklist | NoteMaintenance):
            self._upkeep(effect, session)
            return
        command: AnyCommand
        match effect:
            case ReadNumber(label, staff):
                command = ReadTicket(label=label, staff=staff)
            case OrderTest(terminal, staff):
                command = OrderSelfTest(terminal=terminal, staff=staff)
            case MoveNumber():
                command = self._move(effect)
        self._line.ask(command, DESK_ASK_S, lambda reply: self._post(_told(effect, reply), session))

    def _move(self, wanted: MoveNumber) -> AnyCommand:
        label, staff = wanted.label, wanted.staff
        match wanted.move, wanted.item, wanted.grant:
            case DeskMove.RETURN, _, _:
                return ReturnMissed(label=label, staff=staff)
            case DeskMove.COME_BACK, _, _:
                return ComeBack(label=label, staff=staff)
            case DeskMove.STEP_AWAY, _, _:
                return StepAway(label=label, staff=staff, minutes=float(wanted.minutes))
            case DeskMove.SWAP, item, _ if item is not None:
                return SwapItem(label=label, item=item, staff=staff)
            case DeskMove.ADD, item, _ if item is not None:
                return AddItem(label=label, item=item, staff=staff)
            case DeskMove.GRANT, _, grant if grant is not None:
                sealed = self._seal(msgspec.json.encode(grant), "grant")
                return GrantPriority(label=label, staff=staff, sealed_grant=sealed)
            case DeskMove.CANCEL, _, _:
                return CancelTicket(label=label, staff=staff)
        raise HallError(Reason.INTERNAL, wanted.move.value, "this move needs an item or a grant")


def _told(effect: ReadNumber | MoveNumber | OrderTest, reply: AnyReply) -> Happened:
    """Read the answer; what does not fit the question counts as a refusal."""
    reason = reply.reason if isinstance(reply, Refused) else Reason.INTERNAL
    match effect, reply:
        case ReadNumber(label), TicketShown():
            return NumberRead(label, reply)
        case ReadNumber(label), _:
            return NumberRefused(label, reason)
        case MoveNumber(DeskMove.SWAP, label), Leased():
            return NumberMoved(label, DeskMove.SWAP, reply)
        case MoveNumber(move, label), Done() if move is not DeskMove.SWAP:
            return NumberMoved(label, move)
        case MoveNumber(move, label), _:
            return NumberRefused(label, reason, move)
        case OrderTest(terminal), Done():
            return TestOrdered(terminal)
    return (
        TestOrdered(effect.terminal, reason) if isinstance(effect, OrderTest) else NumberRefused(effect.label, reason)
    )
