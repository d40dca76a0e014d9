"""What the performer works with: this terminal's device workers, and what only the assembly may know."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hall.ids import JobId, SessionId, TerminalId, WindowId
from kiosk.flows.papers import Say
from kiosk.ports import PrintResult, Slip


class IdWorker(Protocol):
    """What is asked of a card reader's worker."""

    def read(self, session: SessionId) -> None:
        """Read the card; the answer is posted for this session."""


class PinWorker(IdWorker, Protocol):
    """A reader that can also try a PIN."""

    def verify(self, pin: str, session: SessionId) -> None:
        """One try."""


class PrintWorker(Protocol):
    """What is asked of a printer's worker."""

    def print(self, job: JobId, slip: Slip, session: SessionId | None, done: Callable[[PrintResult], None]) -> None:
        """Print once; news is posted for everybody."""


class BarWorker(Protocol):
    """What is asked of the LED bars' worker."""

    def show(self, address: int, text: str) -> None:
        """Latest text wins."""


class SpeechWorker(Protocol):
    """What is asked of the speaker's worker."""

    def say(
        self, text: str, times: int, on_start: Callable[[float], None] | None, done: Callable[[bool], None] | None
    ) -> None:
        """Queue an announcement."""


@dataclass(frozen=True, slots=True)
class Hands:
    """The workers this terminal has; a role without a device has None there."""

    id_reader: IdWorker | None = None
    card_reader: PinWorker | None = None
    slip_printer: PrintWorker | None = None
    led_bars: BarWorker | None = None
    speaker: SpeechWorker | None = None


@dataclass(frozen=True, slots=True)
class Givens:
    """What only the assembly may know: clock, randomness, words, the hall's local time as text."""

    clock: Callable[[], float]
    random_bytes: Callable[[int], bytes]
    say: Say
    local_time: Callable[[float], str]
    terminal: TerminalId
    window: WindowId | None
