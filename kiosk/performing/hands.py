"""What the performer works with: this terminal's device workers, and what only the assembly may know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hall.commands import AnyCommand, AnyReply, Refused
from hall.events import Event, TicketIssued
from hall.ids import ItemCode, JobId, RequestId, ServiceId, SessionId, StaffId, TerminalId, TicketId, WindowId
from hall.wire.board import Board
from hall.wire.pack_shown import PackShown, Volume
from kiosk.flows.a4_papers import A4Paper
from kiosk.flows.papers import Say
from kiosk.ports import PrintResult, Slip
from kiosk.speech import Announcement, Ended
from kiosk.sync.news import Issued


class IdWorker(Protocol):
    """What is asked of a card reader's worker."""

    def read(self, session: SessionId) -> None:
        """Read the card; the answer is posted for this session."""

    def look(self) -> None:
        """Announce a card that this person laid unread, once more."""

    def person_left(self) -> None:
        """Whatever lies there was left behind: it serves nobody until it was lifted, and what a PIN opened is shut."""


class TwoCardWorker(IdWorker, Protocol):
    """A reader on which two persons' cards can be laid in one session."""

    def look_for_other(self, session: SessionId) -> None:
        """Announce the next card that is laid; the one that was read before answers `SAME_CARD`."""


class PinWorker(IdWorker, Protocol):
    """A reader that can also try a PIN."""

    def verify(self, pin: str, session: SessionId) -> None:
        """One try."""


class PrintWorker(Protocol):
    """What is asked of a printer's worker."""

    def print(self, job: JobId, slip: Slip, session: SessionId | None, done: Callable[[PrintResult], None]) -> None:
        """Print once; news is posted for everybody. With a session: private, given up if its person leaves first."""

    def person_left(self) -> None:
        """Private papers that have not begun are not printed."""


class SheetWorker(Protocol):
    """What is asked of an A4 printer's worker."""

    def print(
        self,
        job: JobId,
        paper: A4Paper,
        session: SessionId,
        done: Callable[[PrintResult], None],
        instead: Callable[[], None],
    ) -> None:
        """Print this paper once; `done`, or, when nothing was sent while its person is here, `instead` is called."""

    def person_left(self) -> None:
        """Papers that have not begun are not printed."""


class BarWorker(Protocol):
    """What is asked of the LED bars' worker."""

    def show(self, address: int, text: str) -> None:
        """Latest text wins."""


class SpeechWorker(Protocol):
    """What is asked of the speaker's worker."""

    def announce(
        self, told: Announcement, on_start: Callable[[float], None] | None, done: Callable[[Ended], None] | None
    ) -> None:
        """Queue an announcement; its end is told exactly once."""

    def learn(self, table: Mapping[str, str], volumes: Sequence[Volume]) -> None:
        """Take the hall pack's pinyin and its loudness by time of day."""

    def clear(self, key: str) -> None:
        """Take back what is about `key`, such as an emergency that is over."""

    def person_left(self) -> None:
        """What is private is not spoken any more."""


class PadWorker(Protocol):
    """What is asked of the keypad's worker."""

    def show(self, waiting: int | None, ticket: str) -> None:
        """Latest wins."""

    def ask_rating(self) -> None:
        """Light the evaluator once."""


class RatingButtons(Protocol):
    """Which service an evaluator's button means (`keypad_display.KeypadDisplay`)."""

    def rated(self) -> ServiceId | None:
        """The service the buttons were lit for, once."""


class HallLine(Protocol):
    """What is asked of the sync room (`sync.terminal.Terminal`)."""

    @property
    def pack(self) -> PackShown | None:
        """The hall pack as last received."""

    @property
    def board(self) -> Board | None:
        """The latest board."""

    @property
    def server_away(self) -> bool:
        """Whether the hall server cannot be asked now."""

    def record(self, events: Sequence[Event], done: Callable[[], None] | None = None) -> None:
        """Journal events durably."""

    def ask(self, command: AnyCommand, wait_s: float, done: Callable[[AnyReply], None]) -> RequestId:
        """Ask the server."""

    def issue(
        self,
        item: ItemCode,
        done: Callable[[Issued | Refused], None],
        *,
        issuer: StaffId | None = None,
        sealed_grant: bytes | None = None,
        more_items: tuple[ItemCode, ...] = (),
        appointment_at: float = 0.0,
        seal_person: Callable[[TicketId], bytes] | None = None,
        wants_priority: bool = False,
    ) -> TicketId:
        """Issue a ticket."""

    def remember(self, name: str, value: str) -> None:
        """Keep a small thing across restarts."""


@dataclass(frozen=True, slots=True)
class Hands:
    """The workers this terminal has; a role without a device has None there."""

    id_reader: TwoCardWorker | None = None
    card_reader: PinWorker | None = None
    slip_printer: PrintWorker | None = None
    sheet_printer: SheetWorker | None = None
    led_bars: BarWorker | None = None
    speaker: SpeechWorker | None = None
    keypad: PadWorker | None = None
    rating_buttons: RatingButtons | None = None
    """With a keypad."""


@dataclass(frozen=True, slots=True)
class Givens:
    """What only the assembly may know: clock, randomness, words, the hall's local time as text."""

    clock: Callable[[], float]
    random_bytes: Callable[[int], bytes]
    say: Say
    local_time: Callable[[float], str]
    terminal: TerminalId
    window: WindowId | None
    sign_slip: Callable[[TicketIssued], str | None] = lambda _issued: None
    """The signed code of a ticket that this terminal gave out alone; None where none is signed."""
