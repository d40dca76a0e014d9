"""A panel whose program was started again while the hall server is away goes on with who was signed in there.

Nobody can check a PIN then, and neither a PIN nor anything made from one may lie on a terminal's disk: six digits are
guessed. So what is kept says only who was let in here, and when this program was last seen to run. Whoever sits at
the panel must say that it is they, the journal has it before they can call anybody, and the lead finds it flagged.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from hall.calendar.working_days import business_day
from hall.commands import SignedIn
from hall.errors import Reason
from hall.events import Event
from hall.ids import SessionId, StaffId, TerminalId, WindowId
from hall.staff_facts import StaffContinued
from hall.wire.board import Board
from kiosk.flows.staying_words import FindWhoStays, MayStay, NobodyStays, StaffStays, StayOn
from kiosk.flows.words import AskRefused, Happened
from kiosk.sync.news import Here

SIGNED_IN_HERE: Final = "signed_in_here"
SEEN_EVERY_S: Final = 60.0
"""Hall time between two notes that this program runs: each costs a write to the disk."""


class Line(Protocol):
    """What is asked of the sync room (`sync.terminal.Terminal`)."""

    @property
    def board(self) -> Board | None:
        """The last board, also from an earlier process."""

    @property
    def server_away(self) -> bool:
        """Whether the hall server cannot be asked now."""

    def record(self, events: Sequence[Event], done: Callable[[], None] | None = None) -> None:
        """Journal events durably; `done` comes afterwards, on the sync thread."""

    def remember(self, name: str, value: str) -> None:
        """Keep a small thing across restarts."""

    def recall(self, name: str) -> str | None:
        """Return what was remembered."""

    def here(self) -> Here | None:
        """Return who stands at this window; only from the sync thread."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in here. Times are hall time; `seen_at` is when the program was last known to run."""

    staff: StaffId
    name: str
    roles: tuple[str, ...]
    window: WindowId
    signed_at: float
    seen_at: float


@dataclass(frozen=True, slots=True)
class Place:
    """Which panel this is, and for how long after its program ended somebody may go on (0: never)."""

    terminal: TerminalId
    window: WindowId
    stays_s: float


class Staying:
    """Remembers who is signed in here, and decides who may go on. Methods may be called from any thread."""

    def __init__(
        self,
        line: Line,
        place: Place,
        clock: Callable[[], float],
        post: Callable[[Happened, SessionId | None], None],
    ) -> None:
        self._line, self._place, self._clock, self._post = line, place, clock, post
        self._lock = threading.Lock()
        self._here: Kept | None = None

    # ---- while somebody is signed in ---------------------------------------------------------------------------------

    def signed_in(self, who: SignedIn) -> None:
        """Remember who was let in, by the server or by their PIN while it is away."""
        at = self._clock()
        kept = Kept(
            staff=who.staff, name=who.name, roles=who.roles, window=self._place.window, signed_at=at, seen_at=at
        )
        with self._lock:
            self._keep(kept)

    def left(self) -> None:
        """They signed out, or the hall knows somebody else here: nobody may go on."""
        with self._lock:
            self._here = None
            self._line.remember(SIGNED_IN_HERE, "")

    def seen(self) -> None:
        """The program runs; call often."""
        at = self._clock()
        with self._lock:
            if self._here is not None and abs(at - self._here.seen_at) >= SEEN_EVERY_S:
                self._keep(msgspec.structs.replace(self._here, seen_at=at))

    def _keep(self, kept: Kept) -> None:
        self._here = kept
        self._line.remember(SIGNED_IN_HERE, msgspec.json.encode(kept).decode())

    # ---- after a restart ---------------------------------------------------------------------------------------------

    def __call__(self, effect: FindWhoStays | StayOn | NobodyStays, session: SessionId) -> None:
        """Do what the panel's flow wants."""
        match effect:
            case FindWhoStays():
                self._find(session)
            case StayOn(staff):
                self._stay(staff, session)
            case NobodyStays():
                self.left()

    def _find(self, session: SessionId) -> None:
        kept = self._may_stay()
        if kept is not None:
            self._post(MayStay(kept.staff, kept.name), session)

    def _stay(self, staff: StaffId, session: SessionId) -> None:
        """Let them go on once the journal has it; it may have become too late meanwhile."""
        kept = self._may_stay()
        if kept is None or kept.staff != staff:
            self._post(AskRefused(Reason.SERVER_AWAY), session)
            return
        at = self._clock()
        continued = StaffContinued(
            staff=staff, terminal=self._place.terminal, window=kept.window, last_seen_at=kept.seen_at, at=at
        )

        def done() -> None:
            with self._lock:
                self._keep(msgspec.structs.replace(kept, seen_at=at))
            here = self._line.here()
            called, service = (here.called, here.service) if here is not None else (None, None)
            self._post(StaffStays(kept.staff, kept.name, called, service), session)

        self._line.record((continued,), done)

    def _may_stay(self) -> Kept | None:
        kept, at, board = self._restored(), self._clock(), self._line.board
        if kept is None or board is None or not self._line.server_away or kept.window != self._place.window:
            return None
        if not 0.0 <= at - kept.seen_at <= self._place.stays_s or business_day(kept.signed_at) != business_day(at):
            return None
        # A board from before the sign-in, as after a power cut of the whole hall, says nothing of it.
        mine = next((one for one in board.windows if one.window == kept.window), None)
        known = board.at < kept.signed_at or (mine is not None and mine.staff == kept.staff)
        return kept if known else None

    def _restored(self) -> Kept | None:
        told = self._line.recall(SIGNED_IN_HERE)
        try:
            return msgspec.json.decode(told, type=Kept) if told else None
        except msgspec.MsgspecError:
            return None
