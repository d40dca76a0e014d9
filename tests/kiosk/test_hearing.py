"""What is heard of an outage reaches the screen: connecting, on its own, back again; and what peers call."""

from dataclasses import dataclass, field

from hall.ids import TerminalId, TicketId, TicketLabel, WindowId
from hall.wire.peers import CallSaid
from kiosk.flows.words import Happened, PeerCall
from kiosk.hearing import Hearing
from kiosk.session import Frame
from kiosk.sync.news import BoardArrived, CallsAlone, Connecting, PeerCalled, ServerCameBack, ServerWentAway
from tests.sync.samples import MONDAY_0930, board

C1 = TicketLabel("C001")


@dataclass
class Told:
    """A session with memory."""

    frame: Frame = field(default_factory=lambda: Frame(TerminalId("W07"), "window_panel", WindowId("7")))
    happened: list[Happened] = field(default_factory=list)

    def post(self, happened: Happened) -> None:
        self.happened.append(happened)

    def post_frame(self, change: object) -> None:
        self.frame = change(self.frame)  # type: ignore[operator]


def test_the_screen_knows_that_its_window_is_on_its_own_and_for_a_while_that_it_is_over() -> None:
    told = Told()
    hearing = Hearing(told, WindowId("7"))  # type: ignore[arg-type]
    hearing(Connecting(held=True))
    assert told.frame.connecting
    hearing(Connecting(held=False))
    hearing(ServerWentAway())
    hearing(CallsAlone(3, (C1,)))
    assert (told.frame.server_away, told.frame.alone, told.frame.alone_next) == (True, 3, (C1,))
    hearing(ServerCameBack())
    assert (told.frame.server_away, told.frame.alone, told.frame.back) == (False, None, True)
    hearing(BoardArrived(board(2, at=MONDAY_0930 + 60)))
    hearing(BoardArrived(board(3, at=MONDAY_0930 + 75)))
    assert told.frame.back
    hearing(BoardArrived(board(4, at=MONDAY_0930 + 81)))
    assert not told.frame.back


def test_a_terminal_that_calls_nobody_does_not_say_that_its_calls_are_handed_over() -> None:
    told = Told()
    hearing = Hearing(told, None)  # type: ignore[arg-type]
    hearing(ServerWentAway())
    hearing(ServerCameBack())
    assert not told.frame.back


def test_what_a_peer_calls_is_an_input_of_the_screen() -> None:
    told = Told()
    call = CallSaid(ticket=TicketId("t1"), label=C1, window=WindowId("7"), at=MONDAY_0930)
    Hearing(told, None)(PeerCalled(call))  # type: ignore[arg-type]
    assert told.happened == [PeerCall(call)]
