"""Signed codes of slips: put on what this terminal gave out alone, and checked on what is held under its scanner."""

from hall.commands import AnyReply
from hall.desk_facts import AdoptTicket, TicketShown
from hall.events import TicketIssued
from hall.outage.hearsay import is_own_number
from hall.outage.signed_slips import SlipFault, check
from hall.wire.pack_shown import PackShown
from kiosk.flows.bringing_in import BringIn, BroughtIn, CheckSlip, SlipChecked
from kiosk.flows.kinds import Happened
from kiosk.performing import replies
from kiosk.performing.hands import Givens, HallLine


def code_on(issued: TicketIssued, pack: PackShown, givens: Givens) -> str:
    """Return what stands signed on a slip; empty for a ticket that the server or another terminal gave out."""
    own = issued.reserve and is_own_number(issued.label, issued.series, givens.terminal, pack)
    return (givens.sign_slip(issued) or "") if own else ""


def checked(effect: CheckSlip, line: HallLine) -> SlipChecked:
    """Judge a code by the last that was known of the hall: with the server away too, and in a moment."""
    pack, board = line.pack, line.board
    if pack is None or board is None:
        return SlipChecked(effect.code, SlipFault.UNVERIFIED)
    return SlipChecked(effect.code, check(effect.code, hall=pack.hall, day=board.day, keys=board.slip_keys))


def bringing_in(effect: BringIn) -> AdoptTicket:
    """Return what to ask of the hall."""
    return AdoptTicket(issued=effect.issued, terminal=effect.terminal, staff=effect.staff, slip=effect.code)


def brought_in(reply: AnyReply) -> Happened:
    """Read the answer."""
    return BroughtIn(reply) if isinstance(reply, TicketShown) else replies.refusal(reply)
