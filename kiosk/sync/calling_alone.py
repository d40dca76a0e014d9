"""A window panel calls on its own while the hall server is away (design 5, L3), and hands over when it is back.

Each move is journalled in one transaction with the request it replaces and with what this panel must remember, before
anybody is told; a process that is killed in between goes on from there and calls nobody twice.
"""

from typing import Final

import msgspec

from hall.commands import AnyCommand, AnyReply, CallNext, CallTicket, Refused
from hall.errors import Reason
from hall.ids import RequestId, WindowId
from hall.wire.board import Board
from hall.wire.peers import PeerSaid
from hall.wire.shown import CallingShown
from kiosk.sync.deciding_alone import Decided, Deciding, Hall, called_of
from kiosk.sync.in_hand import MOST_SAID, Own, answered, shown
from kiosk.sync.journal import Journal, JournalError
from kiosk.sync.news import CallsAlone, Here, Log
from kiosk.sync.outbox import Outbox
from kiosk.sync.snapshots import Snapshots

KEPT: Final = "calling_alone"
BOARD_SETTLES_S: Final = 1.0
"""A board that comes so long after an answer is newer than it: boards are at most 0.25 s late."""
BOARD_HELD_S: Final = 15.0
"""Boards of a returned server are held back until it has what this panel did; not longer than this."""
NEXT_TOLD: Final = 4


class CallingAlone:
    """One panel's window. Every method is called from the sync thread; `now` is monotonic seconds, `at` hall time."""

    def __init__(
        self, journal: Journal, outbox: Outbox, snapshots: Snapshots, *, epoch: int, window: WindowId, log: Log
    ) -> None:
        self._journal, self._outbox, self._snapshots, self._epoch = journal, outbox, snapshots, epoch
        self.window, self._log = window, log
        self._own = _restored(journal.kept(KEPT))
        self._answered_at = float("-inf")
        self._held_since: float | None = None
        self._back_since: float | None = None

    # ---- while the server is here ------------------------------------------------------------------------------------

    def asked(self, request: RequestId, command: AnyCommand) -> None:
        """Take note that a call was asked for."""
        if isinstance(command, CallNext | CallTicket):
            self._own = msgspec.structs.replace(self._own, unanswered=request)

    def answered(self, command: AnyCommand, reply: AnyReply, now: float) -> tuple[str, bytes]:
        """Take an answer of the server; return what to keep of it in the journal."""
        pack = self._snapshots.pack
        rule = pack.calling if pack is not None else CallingShown()
        self._own, self._answered_at = answered(self._own, command, reply, rule), now
        return KEPT, msgspec.json.encode(self._own)

    def board(self, board: Board, now: float) -> bool:
        """Take a board; True when it may be shown.

        A returned server does not know at once what this panel did: until it has confirmed all of that, its boards
        would tell this panel to let go of the person who stands here.
        """
        if not self._confirmed():
            self._held_since = now if self._held_since is None else self._held_since
            return now - self._held_since >= BOARD_HELD_S
        self._held_since = None
        self._forget_peers(now)
        if now - self._answered_at >= BOARD_SETTLES_S:
            self._own = shown(self._own, board, self.window)
        return True

    def _forget_peers(self, now: float) -> None:
        """Let go of what peers said in an outage once the boards know it: in the next one it would call the served."""
        self._back_since = now if self._back_since is None else self._back_since
        if (self._own.joined or self._own.gone) and now - self._back_since >= BOARD_HELD_S:
            self._own = msgspec.structs.replace(self._own, joined=(), gone=())

    def _confirmed(self) -> bool:
        last = self._own.last
        if last is None:
            return True
        waiting = self._outbox.first_waiting()
        if waiting is not None and waiting <= last:
            return False
        own = Own(hand=self._own.hand, last_call_seq=self._own.last_call_seq)
        with self._journal.change():
            self._journal.keep(KEPT, msgspec.json.encode(own))
        self._own = own
        return True

    # ---- while it is away --------------------------------------------------------------------------------------------

    def heard(self, said: PeerSaid) -> None:
        """Take what another terminal did without the server."""
        own, self._back_since = self._own, None
        if said.called is not None and said.called.ticket not in own.gone:
            self._own = msgspec.structs.replace(own, gone=(*own.gone, said.called.ticket)[-MOST_SAID:])
        elif said.joined is not None and all(one.ticket != said.joined.ticket for one in own.joined):
            self._own = msgspec.structs.replace(own, joined=(*own.joined, said.joined)[-MOST_SAID:])

    def left(self, at: float) -> CallsAlone:
        """Return how many of this window's share are left, and who is near."""
        hall = self._hall(at)
        share = Deciding(self.window, self._own, hall).share()[0] if hall is not None else ()
        return CallsAlone(len(share), tuple(one.label for one in share[:NEXT_TOLD]))

    def here(self, at: float) -> Here | None:
        """Return who stands at this window, as far as this panel knows."""
        hall, hand = self._hall(at), self._own.hand
        if hall is None or hand is None:
            return None
        return Here(called_of(hand, hall), hand.service if hand.serving else None)

    def act(self, command: AnyCommand, at: float) -> Decided | None:
        """Decide and commit; None for what only the server can do. What cannot be committed was not decided."""
        hall = self._hall(at)
        decided = Deciding(self.window, self._own, hall).decide(command) if hall is not None else None
        if decided is None or decided.own is None:
            return decided
        try:
            with self._journal.change():
                self._outbox.append(self._epoch, decided.events, at)
                last = self._epoch, self._outbox.last_seq(self._epoch) or 0
                own = msgspec.structs.replace(decided.own, last=last)
                self._journal.keep(KEPT, msgspec.json.encode(own))
        except JournalError as error:
            self._log.warning("call_not_committed", fault=error.reason.value)
            return Decided(Refused(reason=Reason.INTERNAL, sentence="the journal cannot be written"))
        self._own = own
        return decided

    def _hall(self, at: float) -> Hall | None:
        pack, board = self._snapshots.pack, self._snapshots.board
        return Hall(pack, board, at) if pack is not None and board is not None else None


def _restored(kept: bytes | None) -> Own:
    """Return what an earlier process kept; what cannot be read counts as nothing."""
    try:
        return msgspec.json.decode(kept, type=Own) if kept is not None else Own()
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Own()
