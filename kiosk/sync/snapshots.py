"""Board, pack and alerts: full snapshots, the latest wins; pack and board outlive a restart in the journal."""

import contextlib
from typing import Final, TypeVar

import msgspec

from hall.day import bounding
from hall.errors import HallError
from hall.ids import BusinessDay, TerminalId
from hall.outage.hearsay import Doubt, doubt
from hall.wire.board import Board
from hall.wire.codec import decode, encode
from hall.wire.health_reports import Alerts
from hall.wire.pack_shown import PackShown
from hall.wire.peers import PeerSaid
from kiosk.sync.journal import Journal, JournalError
from kiosk.sync.news import AlertsArrived, BoardArrived, PackArrived

BOARD_KEPT_EVERY_S: Final = 30.0
"""The board comes up to four times a second; the copy for a restart may be this old, its day token never is."""
T = TypeVar("T")


def newer_board(held: Board | None, came: Board) -> bool:
    """Tell whether `came` replaces `held`.

    A restarted server may count its versions from the beginning: a later time within the same ledger epoch wins too.
    A ledger epoch that has passed never wins.
    """
    if held is None or came.ledger_epoch > held.ledger_epoch:
        return True
    return came.ledger_epoch == held.ledger_epoch and (came.version > held.version or came.at > held.at)


def newer_alerts(held: Alerts | None, came: Alerts) -> bool:
    """Tell whether `came` replaces `held`, by the same rule."""
    return held is None or came.version > held.version or came.at > held.at


class Snapshots:
    """What the terminal knows of the hall; each `take_…` returns news when something changed."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.pack = self._restored(PackShown)
        self.board = self._restored(Board)
        self.alerts: Alerts | None = None
        self._board_kept_at = float("-inf")

    def take_board(self, board: Board, now: float) -> BoardArrived | None:
        """Take a board; `now` is monotonic seconds."""
        held = self.board
        if not newer_board(held, board):
            return None
        self.board = board
        if held is None or _standing(held) != _standing(board) or now - self._board_kept_at >= BOARD_KEPT_EVERY_S:
            self._board_kept_at = now
            self._keep(board)
        return BoardArrived(board)

    def keep_board(self) -> None:
        """Keep the board as it is: what a cut-off panel calls from must be the last one, also after a restart."""
        if self.board is not None:
            self._keep(self.board)

    def take_pack(self, pack: PackShown) -> PackArrived | None:
        """Take a pack; the one received last is in force."""
        if pack == self.pack:
            return None
        self.pack = pack
        self._keep(pack)
        return PackArrived(pack)

    def take_alerts(self, alerts: Alerts) -> AlertsArrived | None:
        """Take alerts; not kept, they are of the moment."""
        if not newer_alerts(self.alerts, alerts):
            return None
        self.alerts = alerts
        return AlertsArrived(alerts)

    def doubt(self, said: PeerSaid, speaker: TerminalId | None) -> Doubt | None:
        """Return why a peer is not heeded, as far as this terminal knows the hall; a stranger to it heeds nobody."""
        if speaker is None or self.pack is None:
            return Doubt.UNKNOWN_SPEAKER
        try:
            bounding.check(said)
        except HallError:
            return Doubt.NOT_ONE_THING
        day, keys = (self.board.day, self.board.slip_keys) if self.board is not None else (BusinessDay(""), {})
        return doubt(said, speaker, self.pack, day, keys)

    def _keep(self, snapshot: msgspec.Struct) -> None:
        # a full disk must not hide the board from the screen; the copy is made with the next one
        with contextlib.suppress(JournalError), self._journal.change():
            self._journal.keep(type(snapshot).__name__, encode(snapshot))

    def _restored(self, kind: type[T]) -> T | None:
        """Return the kept copy; one that an older program wrote and this one cannot read counts as none."""
        kept = self._journal.kept(kind.__name__)
        if kept is None:
            return None
        try:
            return decode(kind, kept, "journal")
        except HallError:
            return None


def _standing(board: Board) -> tuple[object, ...]:
    """What a terminal that starts cut off must know exactly."""
    return board.ledger_epoch, board.day, board.next_day, board.taking_tickets, board.slip_keys
