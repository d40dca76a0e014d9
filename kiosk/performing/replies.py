"""How the hall's answers read as inputs of a flow."""

from collections.abc import Callable

import msgspec

from hall.commands import AnyReply, Called, Done, Refused, SignedIn, Started, StatementSealed
from hall.desk_facts import TicketShown
from hall.errors import HallError, Reason
from hall.ids import TicketId
from hall.ledger.sealing import unseal
from hall.statements.sheets import Statement
from kiosk.flows.scan_words import TicketNotTold, TicketTold
from kiosk.flows.words import (
    AskRefused,
    Happened,
    MoveMade,
    ServiceBegan,
    ServiceOver,
    StaffArrived,
    StaffLeft,
    StatementArrived,
    TicketAtWindow,
)


def opened(reply: AnyReply, reply_private: bytes) -> Happened:
    """Open a statement with the key of this session."""
    if isinstance(reply, StatementSealed):
        try:
            return StatementArrived(
                msgspec.json.decode(unseal(reply_private, reply.sealed, "statement"), type=Statement)
            )
        except (HallError, msgspec.MsgspecError):
            return AskRefused(Reason.MALFORMED)
    return _no(reply)


def refusal(reply: AnyReply) -> AskRefused:
    """Read an answer that is not the one hoped for."""
    return _no(reply)


def _no(reply: AnyReply) -> AskRefused:
    if isinstance(reply, Refused):
        return AskRefused(reply.reason, reply.tries_left)
    return AskRefused(Reason.INTERNAL)


def signed_in(reply: AnyReply) -> Happened:
    """Read the answer to a sign-in."""
    return StaffArrived(reply) if isinstance(reply, SignedIn) else _no(reply)


def left(reply: AnyReply) -> Happened:
    """Read the answer to something that needs no more than yes."""
    return StaffLeft() if isinstance(reply, Done) else _no(reply)


def at_window(reply: AnyReply) -> Happened:
    """Read the answer to a call or recall."""
    return TicketAtWindow(reply) if isinstance(reply, Called) else _no(reply)


def began(reply: AnyReply) -> Happened:
    """Read the answer to a start."""
    return ServiceBegan(reply.service, reply.called) if isinstance(reply, Started) else _no(reply)


def over(reply: AnyReply) -> Happened:
    """Read the answer to finish, missed, hold or transfer."""
    return ServiceOver() if isinstance(reply, Done) else _no(reply)


def made(reply: AnyReply) -> Happened:
    """Read the answer to a move after which the person stays."""
    return MoveMade() if isinstance(reply, Done) else _no(reply)


def slip_told(ticket: TicketId) -> Callable[[AnyReply], Happened]:
    """Return what reads the answer about this slip."""

    def read(reply: AnyReply) -> Happened:
        if isinstance(reply, TicketShown):
            return TicketTold(reply)
        return TicketNotTold(ticket, reply.reason if isinstance(reply, Refused) else Reason.INTERNAL)

    return read
