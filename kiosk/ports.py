"""What the kiosk needs of its devices: a port is two to four methods and a closed set of states.

Drivers block; each is called from its own worker thread only (`devices/worker.py`). Expected outcomes are values;
`DeviceError` is for surprises. Nothing here logs card data.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from hall.ids import JobId
from kiosk.cards import CardProblem, IdCard, NeedsAuthentication, PinOutcome, SocialCard, SocialField

__all__ = ["CardProblem", "IdCard", "NeedsAuthentication", "PinOutcome", "SocialCard", "SocialField"]
"""What cards tell is part of the readers' ports: passed on from `kiosk.cards`. Everything below is public, too."""


class Fault(StrEnum):
    """Why a device cannot do its work, for every kind of device."""

    DISCONNECTED = "disconnected"
    SILENT = "silent"
    GARBLED = "garbled"
    NO_PAPER = "no_paper"
    PAPER_LOW = "paper_low"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    JAM = "jam"
    """Paper stuck inside, or piled up where it comes out."""
    TONER = "toner"
    OVERHEATED = "overheated"
    HARDWARE = "hardware"
    REFUSED = "refused"
    NO_SERVICE = "no_service"
    TOUCH_LOST = "touch_lost"
    DISK_LOW = "disk_low"
    MEMORY_LOW = "memory_low"
    CLOCK_WRONG = "clock_wrong"
    ON_BATTERY = "on_battery"
    BATTERY_LOW = "battery_low"
    OPTION = "option"


class DeviceError(Exception):
    """A device surprise: reason, the device's name from the configuration, a sentence for the technician."""

    def __init__(self, reason: Fault, device: str, sentence: str) -> None:
        super().__init__(f"{device}: {sentence} ({reason.value})")
        self.reason = reason
        self.device = device
        self.sentence = sentence


class Unread(StrEnum):
    """The three ways a reading can have no value."""

    UNKNOWN = "unknown"
    UNSUPPORTED = "unsupported"
    ABSENT = "absent"


Reading = str | int | float | bool | Unread


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device's state now: `fault` is None when all is well. `readings` never hold card data."""

    fault: Fault | None = None
    may_serve: bool = True
    detail: str = ""
    """For the technician."""
    readings: dict[str, Reading] = field(default_factory=dict)


# ---- ID card -----------------------------------------------------------------------------------------------------


class IdReader(Protocol):
    """An identity-card reader (GA/T 467)."""

    def state(self) -> DeviceState:
        """Ask the reader how it is."""

    def present(self) -> bool:
        """Look for a card. After a good read the same card may no longer be found until it is lifted."""

    def read(self, today: str) -> IdCard | CardProblem:
        """Read the card that `present` found. `today` is YYYYMMDD, for expiry."""

    def close(self) -> None:
        """Give the line back."""


# ---- social-security card ----------------------------------------------------------------------------------------


class SocialCardReader(Protocol):
    """A social-security card reader (LD/T 32)."""

    def state(self) -> DeviceState:
        """Tell whether service and reader are there."""

    def present(self) -> bool:
        """Tell whether a card is in the slot."""

    def read(self, today: str = "") -> SocialCard | NeedsAuthentication | CardProblem:
        """Read EF05 and EF06. `today` is YYYYMMDD, for expiry; empty means that expiry is not judged."""

    def verify_pin(self, pin: str) -> PinOutcome | CardProblem:
        """Send one PIN, once, to the card that was read. Never a variant, never a second try by itself."""

    def let_go(self) -> None:
        """Unpower the card, if one is held: what a PIN opened is shut. Never raises."""

    def close(self) -> None:
        """Release the reader."""


# ---- slip printer ------------------------------------------------------------------------------------------------


class Align(StrEnum):
    """Where a line stands."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `scale` 1 to 8 multiplies the 24-dot character in both directions. Wrapped by the driver."""

    text: str
    scale: int = 1
    bold: bool = False
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of one row; `widths` in half-width columns, negative = right aligned; wraps inside a cell."""

    cells: tuple[str, ...]
    widths: tuple[int, ...]
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across."""


@dataclass(frozen=True, slots=True)
class Space:
    """`dots` of empty paper."""

    dots: int = 24


@dataclass(frozen=True, slots=True)
class Boxed:
    """Lines inside a drawn frame: serial and check code."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code; only where it does something."""

    data: str
    module_dots: int = 5


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Cut here; the next page follows."""


Block = Line | Columns | Rule | Space | Boxed | QrCode | PageBreak


@dataclass(frozen=True, slots=True)
class Slip:
    """A paper to print, top to bottom. Cut at the end. What stands on it may be personal."""

    blocks: tuple[Block, ...] = field(repr=False)


class PrintOutcome(StrEnum):
    """How a job ended, as surely as the printer can tell (devices reference 4.2)."""

    PRINTED = "printed"
    PROCESSED = "processed"
    SENT = "sent"
    FAILED = "failed"
    """Nothing usable came out, and nothing of it will come out later."""
    UNKNOWN = "unknown"
    """Some of it may be out, or may still come: never printed again by itself."""


@dataclass(frozen=True, slots=True)
class PrintResult:
    """The end of a job: `fault` says why it is not printed. Times for the benches, monotonic seconds."""

    job: JobId
    outcome: PrintOutcome
    fault: Fault | None = None
    accepted_mono: float = 0.0
    first_byte_mono: float = 0.0
    last_byte_mono: float = 0.0


class SlipPrinter(Protocol):
    """A receipt printer."""

    def state(self) -> DeviceState:
        """Ask the printer how it is: paper, cover, cutter."""

    def print(self, job: JobId, slip: Slip, wanted: Callable[[], bool] = lambda: True) -> PrintResult:
        """Print once. The same job id again returns its first result and prints nothing.

        A job that waits for people before its first byte has gone out is given up (`FAILED`) once it is not `wanted`.
        """

    def close(self) -> None:
        """Give the line back."""


class Progress(Protocol):
    """How a printer tells, from its thread, that a job waits for people (paper out in mid print)."""

    def __call__(self, job: JobId, fault: Fault | None) -> None:
        """`fault` is what the job waits for, None when it goes on."""


# ---- LED bars; the speaker is in `kiosk.speech` ------------------------------------------------------------------


class LedBars(Protocol):
    """All LED bars on one RS-485 line; the driver owns the bus."""

    assert_every_s: float
    """How often a standing text is sent again, for bars forget it with their power; infinite where they do not."""

    def state(self) -> DeviceState:
        """Ping the bars; readings name each address."""

    def show(self, address: int, text: str) -> bool:
        """Put `text` on the bar at `address`; True when the bar acknowledged it.

        Of bars that cannot answer (their readings are `unsupported`) True means no more than that it was sent.
        """

    def close(self) -> None:
        """Give the line back."""


# ---- keypad, scanner, the box itself -----------------------------------------------------------------------------


class Key(StrEnum):
    """What a key of a call keypad or an evaluator asks for."""

    CALL = "call"
    RECALL = "recall"
    EVALUATE = "evaluate"
    CANCEL = "cancel"
    CONFIRM = "confirm"
    GIVE_UP = "give_up"
    HOLD = "hold"
    CALL_BACK = "call_back"
    LINE = "line"
    """Asks the person to wait behind the one-metre line."""
    PAUSE = "pause"
    TRANSFER = "transfer"
    DIGIT = "digit"
    GRADE = "grade"
    """An evaluator's button; `KeyPress.value` is 5 (非常满意) to 1."""


@dataclass(frozen=True, slots=True)
class KeyPress:
    """One key, acknowledged to the keypad. `value` is the digit or the grade; a digit may belong to a PIN."""

    address: int
    key: Key
    value: int | None = field(default=None, repr=False)


class Keypad(Protocol):
    """The call keypad and the evaluator of a window, on one line."""

    def state(self) -> DeviceState:
        """Tell how the line and its keypads are."""

    def presses(self) -> tuple[KeyPress, ...]:
        """Return what was pressed since the last time, oldest first; waits a few milliseconds at most."""

    def show(self, waiting: int | None, ticket: str) -> bool:
        """Put counts and the last digits of the number in hand on the keypad; True when it acknowledged."""

    def ask_rating(self) -> bool:
        """Light the evaluator's buttons once; True when it acknowledged."""

    def close(self) -> None:
        """Give the line back."""


class Scanner(Protocol):
    """A barcode or QR scanner."""

    def state(self) -> DeviceState:
        """Tell how the line is."""

    def scanned(self) -> str | None:
        """Return one code read since the last time, at most `MAX_SCAN` characters; waits a few milliseconds at most."""

    def close(self) -> None:
        """Give the line back."""


MAX_SCAN = 512
"""Longest code that is taken; a signed ticket needs half of it."""


class Probe(Protocol):
    """Something that can only be looked at: the computer itself, its power."""

    def state(self) -> DeviceState:
        """Read everything that can be told; what cannot is `unknown`, `unsupported` or `absent`."""

    def close(self) -> None:
        """Let go."""


# ---- A4 sheets ---------------------------------------------------------------------------------------------------


class SheetPrinter(Protocol):
    """An A4 printer for statements."""

    def state(self) -> DeviceState:
        """Ask the printer how it is."""

    def print(self, job: JobId, pdf: bytes, wanted: Callable[[], bool] = lambda: True) -> PrintResult:
        """Print a PDF once; as `SlipPrinter.print`. The bytes never touch a disk."""

    def close(self) -> None:
        """Let go."""
