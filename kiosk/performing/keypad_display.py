"""What stands on a window's keypad: how many wait for this window, the number in hand; and when its buttons are lit."""

from hall.ids import ServiceId, WindowId
from hall.wire.board import Board, WindowShown
from hall.wire.pack_shown import PackShown
from kiosk.performing.hands import PadWorker
from kiosk.session import Session

PRIORITY_SERIES = "Y"
GENERAL_SERIES = 2
"""A window that serves more series than this is the general window, which takes 优先 first."""


class KeypadDisplay:
    """Listens to the session: after every change of the board the keypad follows. Main thread only."""

    def __init__(self, session: Session, pad: PadWorker) -> None:
        self._session = session
        self._pad = pad
        self._shown: tuple[int | None, str] | None = None
        self._asked: ServiceId | None = None
        self._open = False
        """The service asked about is not rated yet."""

    def __call__(self) -> None:
        """Show what has changed; light the buttons once for each service that ended."""
        board, window, pack = self._session.frame.board, self._session.frame.window, self._session.frame.pack
        if board is None or window is None:
            return
        mine = _own(board, window)
        shown = (waiting_for(window, board, pack), (mine.label or "") if mine else "")
        if shown != self._shown:
            self._shown = shown
            self._pad.show(*shown)
        finished = mine.finished_service if mine else None
        if finished is not None and finished != self._asked:
            self._asked, self._open = finished, True
            self._pad.ask_rating()

    def rated(self) -> ServiceId | None:
        """Return the service that a button means now, once; None when there is none to rate."""
        board, window = self._session.frame.board, self._session.frame.window
        mine = _own(board, window) if board is not None and window is not None else None
        still_open = mine is not None and mine.finished_service == self._asked
        rated, self._open = (self._asked if self._open and still_open else None), False
        return rated


def waiting_for(window: WindowId, board: Board, pack: PackShown | None) -> int | None:
    """Return how many wait for what this window serves, as its screen counts them; None without a hall pack."""
    if pack is None:
        return None
    series: set[str] = {item.series for item in pack.items if window in item.windows}
    if len(series) > GENERAL_SERIES:
        series.add(PRIORITY_SERIES)
    return sum(queue.waiting for queue in board.queues if queue.series in series)


def _own(board: Board, window: WindowId) -> WindowShown | None:
    return next((shown for shown in board.windows if shown.window == window), None)
