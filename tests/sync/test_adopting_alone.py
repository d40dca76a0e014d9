"""A slip is brought in while the server is away: at a panel, which may call it, and at a desk that lets others call."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from hall.commands import AnyReply, Called, CallTicket, Refused
from hall.desk_facts import AdoptTicket, TicketShown
from hall.errors import Reason
from hall.events import TicketAdopted, TicketIssued
from hall.ids import HallId, RequestId, Series, StaffId, TerminalId, TicketId, TicketLabel, WindowId
from hall.outage.hearsay import waits_for
from hall.outage.signed_slips import public_of, sign
from hall.queue.numbering import label
from hall.wire.board import Board
from hall.wire.peers import CallSaid, PeerSaid
from kiosk.sync.core import Core
from kiosk.sync.journal import Journal
from kiosk.sync.news import CallsAlone
from kiosk.sync.slip_key import FILE, own_key
from tests.sync.alone_samples import SEVEN, board, cut_off, kinds, leave, panel, waits
from tests.sync.panels_alone import Panel, pack_on_screens
from tests.sync.samples import MONDAY, MONDAY_0930

KEY = bytes(range(32))
K1 = TerminalId("K1")
ID = TicketId("019a0000000070008000000000000001")
EIGHT = WindowId("8")


def issued(**changes: object) -> TicketIssued:
    first = next(one.first for one in pack_on_screens().reserves if one.terminal == K1)
    ticket = TicketIssued(
        ticket=ID,
        day=MONDAY,
        series=Series("C"),
        number=first,
        label=label(Series("C"), first),
        item=pack_on_screens().items[0].code,  # type: ignore[arg-type]
        issued_at=MONDAY_0930 - 60,
        reserve=True,
    )
    pension = next(item for item in pack_on_screens().items if item.series == "C" and SEVEN in item.windows)
    return msgspec.structs.replace(ticket, item=pension.code, **changes)


def with_keys(*waiting: object) -> Board:
    return msgspec.structs.replace(board(*waiting), slip_keys={K1: public_of(KEY)})  # type: ignore[arg-type]


def adopting(one: TicketIssued, staff: StaffId, key: bytes = KEY) -> AdoptTicket:
    return AdoptTicket(issued=one, terminal=K1, staff=staff, slip=sign(one, pack_on_screens().hall, K1, key))


def brings_in(seven: Panel, one: TicketIssued, key: bytes = KEY) -> AnyReply:
    (reply,) = seven.press(adopting(one, seven.staff, key))
    return reply


def calls(seven: Panel, told: str) -> AnyReply:
    (reply,) = seven.press(CallTicket(window=seven.window, staff=seven.staff, label=TicketLabel(told)))
    return reply


def test_a_panel_on_its_own_brings_in_a_slip_and_serves_its_person() -> None:
    seven = cut_off(with_keys(waits(1)))
    shown = brings_in(seven, issued())
    assert isinstance(shown, TicketShown)
    assert (shown.issued.ticket, shown.state) == (ID, "waiting")
    called = calls(seven, issued().label)
    assert isinstance(called, Called)
    assert called.ticket == ID
    seven.starts()
    seven.finishes()
    assert kinds(seven.journalled()) == ["TicketAdopted", "TicketCalled", "ServiceStarted", "ServiceFinished"]
    assert [(one.joined is not None, one.called is not None) for one in seven.said()] == [(True, False), (False, True)]


def test_the_same_slip_twice_is_one_fact_and_tells_where_its_person_is() -> None:
    seven = cut_off(with_keys())
    brings_in(seven, issued())
    brings_in(seven, issued())
    calls(seven, issued().label)
    at_window = brings_in(seven, issued())
    assert isinstance(at_window, TicketShown)
    assert (at_window.state, at_window.window) == ("called", SEVEN)
    seven.starts()
    seven.finishes()
    over = brings_in(seven, issued())
    assert isinstance(over, TicketShown)
    assert over.state == "done"
    assert isinstance(calls(seven, issued().label), Refused)
    assert sum(isinstance(event, TicketAdopted) for event in seven.journalled()) == 1


def test_a_panel_that_is_started_again_still_knows_whom_it_brought_in() -> None:
    seven = cut_off(with_keys())
    brings_in(seven, issued())
    seven.restart()
    leave(seven)
    assert isinstance(calls(seven, issued().label), Called)


@pytest.mark.parametrize(
    "refused",
    [
        lambda seven: brings_in(seven, issued(), bytes(32)),
        lambda seven: seven.press(msgspec.structs.replace(adopting(issued(), seven.staff), slip=""))[0],
        lambda seven: seven.press(
            msgspec.structs.replace(adopting(issued(), seven.staff), issued=issued(priority=True))
        )[0],
    ],
)
def test_a_slip_that_is_not_believed_is_not_brought_in(refused: Callable[[Panel], AnyReply]) -> None:
    seven = cut_off(with_keys())
    reply = refused(seven)
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.NOT_VERIFIED
    assert seven.journalled() == []


def test_without_the_terminals_key_nobody_is_believed() -> None:
    seven = cut_off(board())
    reply = brings_in(seven, issued())
    assert isinstance(reply, Refused)
    assert seven.journalled() == []


def test_whom_a_peer_called_meanwhile_is_not_called_again() -> None:
    seven = cut_off(with_keys())
    brings_in(seven, issued())
    call = CallSaid(ticket=ID, label=issued().label, window=EIGHT, at=MONDAY_0930)
    seven.hears("peers", PeerSaid(terminal=TerminalId("W08"), called=call))
    shown = brings_in(seven, issued())
    assert isinstance(shown, TicketShown)
    assert shown.state == "called"
    assert isinstance(calls(seven, issued().label), Refused)


def test_a_peer_that_lies_moves_nobody() -> None:
    seven = cut_off(with_keys(waits(1)))
    call = CallSaid(ticket=TicketId("t001"), label=TicketLabel("C001"), window=SEVEN, at=MONDAY_0930)
    seven.hears("peers", PeerSaid(terminal=TerminalId("W08"), called=call))
    seven.hears("peers", PeerSaid(terminal=K1, called=call))
    forged = sign(issued(), pack_on_screens().hall, K1, bytes(32))
    seven.hears(
        "peers", PeerSaid(terminal=TerminalId("D1"), joined=waits_for(issued(), pack_on_screens()), slip=forged)
    )
    assert seven.label() == "C001"
    assert [fact["reason"] for event, fact in seven.log.lines if event == "peer_not_heeded"] == [
        "not_its_window",
        "not_its_window",
        "not_its_number",
    ]


class DeskLine:
    """A guide desk's sync room without sockets."""

    def __init__(self) -> None:
        self.seven = panel(with_keys())  # lends its clock
        self.wire: list[tuple[str, bytes]] = []
        self.journal = Journal.connect(":memory:")
        self.core = Core(
            self.journal,
            terminal=TerminalId("D1"),
            role="guide_desk",
            software="test",
            lease_budget_s=0.15,
            clock=lambda: self.seven.clock.at,
            mint=self.seven.mint,
            publish=self._publish,
            news=lambda _news: None,
            log=self.seven.log,
            now=self.seven.clock.mono,
        )
        self.core.connected(self.seven.clock.mono)
        for lane, message in (("pack", pack_on_screens()), ("board", with_keys())):
            self.core.heard(lane, msgspec.json.encode(message), self.seven.clock.mono)
        self.seven.clock.pass_s(6.0)
        self.core.tick(self.seven.clock.mono)

    def _publish(self, lane: str, payload: bytes, *, lossy: bool = False) -> bool:
        self.wire.append((lane, payload))
        return True

    def brings_in(self, key: bytes = KEY) -> AnyReply:
        replies: list[AnyReply] = []
        self.core.ask(
            RequestId("r"), adopting(issued(), StaffId("0101"), key), 6.0, replies.append, self.seven.clock.mono
        )
        return replies[0]

    def said(self) -> list[PeerSaid]:
        return [msgspec.json.decode(payload, type=PeerSaid) for lane, payload in self.wire if lane == "peers"]


def test_a_desk_on_its_own_lets_the_ticket_wait_and_the_panels_call_it() -> None:
    desk = DeskLine()
    shown = desk.brings_in()
    assert isinstance(shown, TicketShown)
    desk.brings_in()
    rows = list(desk.journal.execute("SELECT body FROM outbox"))
    assert len(rows) == 1, "the same slip twice is one fact"
    (said,) = desk.said()
    seven = cut_off(with_keys())
    seven.hears("peers", said)
    assert seven.told[-1] == CallsAlone(1, (issued().label,))
    assert seven.label() == issued().label


def test_a_desk_brings_in_no_forged_slip_alone() -> None:
    desk = DeskLine()
    assert isinstance(desk.brings_in(bytes(32)), Refused)
    assert desk.said() == []


def test_a_terminals_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    made: list[int] = []

    def random_bytes(count: int) -> bytes:
        made.append(count)
        return bytes([len(made)]) * count

    first = own_key(tmp_path / "state", HallId("qinghe"), K1, random_bytes)
    again = own_key(tmp_path / "state", HallId("qinghe"), K1, random_bytes)
    assert first == again
    assert made == [32]
    path = tmp_path / "state" / FILE
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert first.private.hex() not in repr(first)
    path.write_bytes(b"torn")
    assert own_key(tmp_path / "state", HallId("qinghe"), K1, random_bytes) != first
    assert first.code(issued(ticket="odd")) is None
