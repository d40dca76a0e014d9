"""What a window panel must know of its own window to go on alone: who is in hand, and what it did by itself so far."""

import msgspec

from hall.commands import (
    AnyCommand,
    AnyReply,
    Called,
    CallNext,
    CallTicket,
    Done,
    FinishService,
    HoldTicket,
    MarkMissed,
    Recall,
    ResumeTicket,
    Started,
    StartService,
    TransferTicket,
)
from hall.ids import BusinessDay, ItemCode, RequestId, ServiceId, TicketId, TicketLabel, WindowId
from hall.wire.board import Board, WaitingShown, WindowShown
from hall.wire.shown import CallingShown


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """The ticket at this window. `since` is its place, hall time; 0 when that is not known."""

    ticket: TicketId
    label: TicketLabel
    item: ItemCode = ItemCode("")
    priority: bool = False
    since: float = 0.0
    serving: bool = False
    service: ServiceId = ServiceId("")
    """Empty when nobody told which service goes on: the hall knows."""
    calls: int = 1
    first_called_at: float = 0.0


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """What this panel keeps in its journal; it outlives the process."""

    day: BusinessDay = BusinessDay("")
    """Of the calls below; another day's hide nobody."""
    hand: Hand | None = None
    called: tuple[TicketId, ...] = ()
    """Tickets that this panel moved by itself and whose facts the ledger has not confirmed: never called again."""
    last: tuple[int, int] | None = None
    """(epoch, seq) of the last such fact."""
    in_row: int = 0
    """Priority calls in a row while ordinary people waited."""
    owed_ordinary: int = 0
    unanswered: RequestId | None = None
    """A request for a call that nobody answered; the server may have decided it all the same."""
    last_call_seq: int = 0
    joined: tuple[WaitingShown, ...] = ()
    """Tickets that peers said they gave out."""
    gone: tuple[TicketId, ...] = ()
    """Tickets that peers said they called."""
    adopted: tuple[TicketId, ...] = ()
    """Of `joined` those whose slips were brought in here: the clerk may call them at once."""


MOST_SAID = 500
"""Tickets of peers that are remembered; more than a hall gives out before somebody repairs its server."""


def answered(own: Own, command: AnyCommand, reply: AnyReply, rule: CallingShown) -> Own:
    """Return what this panel knows after the server answered one of its questions."""
    own = _no_longer_open(own, command)
    match command, reply:
        case CallNext() | CallTicket() | Recall(), Called():
            hand = _hand_of(reply, rule)
            return msgspec.structs.replace(own, hand=hand, last_call_seq=max(own.last_call_seq, reply.call_seq))
        case StartService(), Started(service=service, ticket=ticket):
            known = own.hand if own.hand is not None and own.hand.ticket == ticket else None
            hand = known or Hand(ticket=ticket, label=TicketLabel(""))
            return msgspec.structs.replace(own, hand=msgspec.structs.replace(hand, serving=True, service=service))
        case ResumeTicket(label=label), Started(service=service, ticket=ticket):
            known = Hand(ticket=ticket, label=label) if reply.called is None else _hand_of(reply.called, rule)
            return msgspec.structs.replace(own, hand=msgspec.structs.replace(known, serving=True, service=service))
        case FinishService() | MarkMissed() | HoldTicket() | TransferTicket(), Done():
            return msgspec.structs.replace(own, hand=None)
    return own


def shown(own: Own, board: Board, window: WindowId) -> Own:
    """Return what this panel knows after a board that is newer than its own last answer."""
    mine = next((one for one in board.windows if one.window == window), None)
    last = max((call.call_seq for call in board.calls), default=0)
    own = msgspec.structs.replace(own, last_call_seq=max(own.last_call_seq, last))
    if mine is None or (mine.ticket is None and mine.label is not None):
        return own  # a server of an older version does not say which ticket
    if mine.ticket is None:
        return own if own.hand is None else msgspec.structs.replace(own, hand=None)
    return msgspec.structs.replace(own, hand=_hand_on(own.hand, mine, board))


def _no_longer_open(own: Own, command: AnyCommand) -> Own:
    if own.unanswered is None or not isinstance(command, CallNext | CallTicket):
        return own
    return msgspec.structs.replace(own, unanswered=None)


def _hand_of(reply: Called, rule: CallingShown) -> Hand:
    return Hand(
        ticket=reply.ticket,
        label=reply.label,
        item=reply.item,
        priority=reply.priority,
        calls=max(1, rule.calls_before_missed - reply.calls_left),
        first_called_at=reply.may_miss_at - least_s(rule),
    )


def _hand_on(known: Hand | None, mine: WindowShown, board: Board) -> Hand:
    if known is None or known.ticket != mine.ticket:
        call = next((one for one in reversed(board.calls) if one.label == mine.label), None)
        known = Hand(
            ticket=mine.ticket or TicketId(""),
            label=mine.label or TicketLabel(""),
            item=mine.item or ItemCode(""),
            priority=call.priority if call else False,
            first_called_at=call.at if call else board.at,
        )
    serving = mine.state == "serving"
    label, item = mine.label or known.label, mine.item or known.item
    service = (mine.service or known.service) if serving else ServiceId("")
    return msgspec.structs.replace(known, label=label, item=item, serving=serving, service=service)


def least_s(rule: CallingShown) -> float:
    """Return how long after the first call somebody may be given up, seconds."""
    return (rule.calls_before_missed - 1) * rule.call_spacing_s
