"""What the hall server says reaches the session here: news becomes inputs, and changes of what stands around a step."""

from dataclasses import replace
from typing import Protocol

from hall.ids import WindowId
from hall.wire.board import Board
from hall.wire.health_reports import Alerts
from hall.wire.pack_shown import PackShown
from kiosk.flows.hall_day import HallDay
from kiosk.flows.staying_words import HallAway
from kiosk.flows.words import BoardChanged, HallKnown, PeerCall
from kiosk.performing.announcing import LAST_SPOKEN
from kiosk.session import Frame, Session
from kiosk.sync.news import (
    AlertsArrived,
    BoardArrived,
    CallsAlone,
    Connecting,
    News,
    PackArrived,
    PeerCalled,
    SelfTestWanted,
    ServerCameBack,
    ServerWentAway,
)
from kiosk.sync.terminal import Terminal

BACK_TOLD_S = 20.0
"""So long a panel that called on its own says that the server is back, by the time of the boards."""


class Tests(Protocol):
    """What is asked of this terminal's self-testing."""

    def order(self, wanted: SelfTestWanted) -> None:
        """Test soon, by the guide's order."""

    def of_own_accord(self) -> None:
        """Test soon."""


class Hearing:
    """Called by the sync thread with each piece of news; only posts."""

    def __init__(self, session: Session, window: WindowId | None) -> None:
        self._session = session
        self._window = window
        self._terminal: Terminal | None = None
        self._tests: Tests | None = None
        self._day = HallDay()
        self._alone = False
        self._back_at: float | None = None

    def begin(self, terminal: Terminal, tests: Tests | None = None) -> None:
        """Start from what the journal kept of an earlier process, so that a cut-off terminal can work at once."""
        self._terminal, self._tests = terminal, tests
        if terminal.pack is not None:
            self(PackArrived(terminal.pack))
        if terminal.board is not None:
            self(BoardArrived(terminal.board))

    def __call__(self, news: News) -> None:
        """Post what changed."""
        match news:
            case BoardArrived(board):
                self._session.post_frame(lambda frame: _with_board(frame, board))
                self._tell_back(board)
                self._known()
                self._session.post(BoardChanged(board, self._last_spoken(), self._window))
                self._hall_day(board)
            case PackArrived(pack):
                self._session.post_frame(lambda frame: _with_pack(frame, pack))
                self._known()
            case AlertsArrived(alerts):
                self._session.post_frame(lambda frame: _with_alerts(frame, alerts))
            case ServerWentAway():
                self._session.post_frame(lambda frame: replace(frame, server_away=True))
                self._session.post(HallAway())
            case ServerCameBack():
                back, self._alone, self._back_at = self._alone, False, None
                self._session.post_frame(lambda frame: replace(_together(frame), back=back))
            case CallsAlone(left, next_labels):
                self._alone = True
                self._session.post_frame(lambda frame: replace(frame, alone=left, alone_next=next_labels))
            case Connecting(held):
                self._session.post_frame(lambda frame: replace(frame, connecting=held))
            case PeerCalled(call):
                self._session.post(PeerCall(call))
            case SelfTestWanted() if self._tests is not None:
                self._tests.order(news)

    def _tell_back(self, board: Board) -> None:
        """That the server is back is news for a while only."""
        if self._back_at is None:
            self._back_at = board.at
        if board.at - self._back_at >= BACK_TOLD_S:
            self._session.post_frame(lambda frame: replace(frame, back=False) if frame.back else frame)

    def _hall_day(self, board: Board) -> None:
        """When the hall opens, everything is tested before the first person comes."""
        if self._day.opens(board) and self._tests is not None:
            self._tests.of_own_accord()
        self._day = self._day.after(board)

    def _known(self) -> None:
        if self._terminal is not None and self._terminal.pack is not None and self._terminal.board is not None:
            self._session.post(HallKnown(self._window))

    def _last_spoken(self) -> int:
        spoken = self._terminal.recall(LAST_SPOKEN) if self._terminal is not None else None
        return int(spoken) if spoken is not None and spoken.isdecimal() else 0


def _with_board(frame: Frame, board: Board) -> Frame:
    return replace(frame, board=board)


def _together(frame: Frame) -> Frame:
    return replace(frame, server_away=False, alone=None, alone_next=())


def _with_pack(frame: Frame, pack: PackShown) -> Frame:
    return replace(frame, pack=pack)


def _with_alerts(frame: Frame, alerts: Alerts) -> Frame:
    return replace(frame, alerts=alerts.alerts, floor=alerts.terminals, upkeep=alerts.upkeep)
