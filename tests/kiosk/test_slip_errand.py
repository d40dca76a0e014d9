"""A slip's question to the hall: by its id alone, and whatever comes back is told for this slip and this session."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import msgspec
import pytest

from hall.commands import AnyCommand, AnyReply, Done, Refused, ReturnByTicket
from hall.desk_facts import TicketShown
from hall.errors import Reason
from hall.ids import RequestId, SessionId, TerminalId, TicketId, TicketLabel
from kiosk.flows.scan_words import ShowTicket, TicketNotTold, TicketTold
from kiosk.flows.words import Happened
from kiosk.performing.asking import Asking
from kiosk.performing.hands import Givens
from kiosk.text.catalogue import load
from tests.flows import samples

ME = SessionId("session-1")
TICKET = TicketId("019a0000000070008000000000000001")
SHOWN = TicketShown(issued=msgspec.structs.replace(samples.issued(), ticket=TICKET), state="waiting", returned=True)
GIVENS = Givens(
    clock=lambda: 0.0,
    random_bytes=bytes,
    say=partial(load().say, "zh"),
    local_time=str,
    terminal=TerminalId("K1"),
    window=None,
)


@dataclass
class Hall:
    """A line that remembers what was asked and answers what the test says."""

    reply: AnyReply
    asked: list[AnyCommand] = field(default_factory=list)
    posted: list[tuple[Happened, SessionId | None]] = field(default_factory=list)

    def ask(self, command: AnyCommand, wait_s: float, done: Callable[[AnyReply], None]) -> RequestId:
        assert 0 < wait_s < 10, "somebody stands there"
        self.asked.append(command)
        done(self.reply)
        return RequestId("r")


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (SHOWN, TicketTold(SHOWN)),
        (Refused(reason=Reason.UNKNOWN_TICKET), TicketNotTold(TICKET, Reason.UNKNOWN_TICKET)),
        (Refused(reason=Reason.SERVER_AWAY), TicketNotTold(TICKET, Reason.SERVER_AWAY)),
        (Done(), TicketNotTold(TICKET, Reason.INTERNAL)),
    ],
)
def test_a_slip_is_asked_about_by_its_id_and_every_answer_is_told(reply: AnyReply, told: Happened) -> None:
    hall = Hall(reply)
    asking = Asking(hall, GIVENS, lambda happened, session: hall.posted.append((happened, session)))  # type: ignore[arg-type]
    asking.errand(ShowTicket(TICKET, TicketLabel("C012")), ME)
    assert hall.asked == [ReturnByTicket(ticket=TICKET)]
    assert hall.posted == [(told, ME)]
