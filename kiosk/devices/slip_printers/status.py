"""ESC/POS status bytes, both ways named bit by bit: DLE EOT 1-4, GS r 1, automatic status, GS ( H (Epson reference)."""

from dataclasses import dataclass
from enum import IntFlag

from kiosk.ports import Fault

FIXED_MASK = 0x93
REAL_TIME = 0x12
"""A DLE EOT answer is 0xx1xx10."""
AUTOMATIC = 0x10
"""The first byte of an automatic status is 0xx1xx00."""
PLAIN_MASK = 0x90
"""Queued (GS r) and later automatic bytes are 0xx0xxxx."""

PROCESS_ID = 0x37
"""Header of a GS ( H answer."""
INFORMATION = 0x5F
"""Header of a GS I answer."""
BLOCK_BYTES = 84
"""Longest block answer: GS I gives at most 80 characters; longer ones are noise."""
AUTOMATIC_BYTES = 4
QUERIES = (1, 2, 3, 4)


class PrinterBit(IntFlag):
    """DLE EOT 1."""

    DRAWER = 0x04
    OFFLINE = 0x08
    WAITING_FOR_RECOVERY = 0x20
    FEED_BUTTON = 0x40


class OfflineBit(IntFlag):
    """DLE EOT 2."""

    COVER_OPEN = 0x04
    FEEDING_BY_BUTTON = 0x08
    PAPER_END = 0x20
    ERROR = 0x40


class ErrorBit(IntFlag):
    """DLE EOT 3."""

    RECOVERABLE = 0x04
    CUTTER = 0x08
    UNRECOVERABLE = 0x20
    AUTO_RECOVERABLE = 0x40
    """Head too hot: cools down by itself."""


class PaperBit(IntFlag):
    """DLE EOT 4."""

    NEAR_END = 0x0C
    END = 0x60


class QueuedPaperBit(IntFlag):
    """GS r 1, and the third byte of an automatic status."""

    NEAR_END = 0x03
    END = 0x0C


class AutomaticBit(IntFlag):
    """First byte of an automatic status."""

    DRAWER = 0x04
    OFFLINE = 0x08
    COVER_OPEN = 0x20
    FEED_BUTTON = 0x40


class AutomaticErrorBit(IntFlag):
    """Second byte of an automatic status."""

    WAITING_FOR_RECOVERY = 0x01
    FEED_BUTTON = 0x02
    RECOVERABLE = 0x04
    CUTTER = 0x08
    UNRECOVERABLE = 0x20
    AUTO_RECOVERABLE = 0x40


@dataclass(frozen=True, slots=True)
class Status:
    """What the printer said about itself."""

    offline: bool = False
    cover_open: bool = False
    paper_end: bool = False
    paper_near_end: bool = False
    error: bool = False
    cutter: bool = False
    unrecoverable: bool = False
    overheated: bool = False
    recoverable: bool = False
    """A mechanical error that the host may end by DLE ENQ, when a person has removed its cause."""

    @classmethod
    def from_real_time(cls, answers: dict[int, int]) -> "Status":
        """From the four DLE EOT answers, by query number."""
        printer, cause, error, paper = (answers[query] for query in QUERIES)
        return cls(
            offline=bool(printer & PrinterBit.OFFLINE),
            cover_open=bool(cause & OfflineBit.COVER_OPEN),
            paper_end=bool(cause & OfflineBit.PAPER_END or paper & PaperBit.END),
            paper_near_end=bool(paper & PaperBit.NEAR_END),
            error=bool(cause & OfflineBit.ERROR),
            cutter=bool(error & ErrorBit.CUTTER),
            unrecoverable=bool(error & ErrorBit.UNRECOVERABLE),
            overheated=bool(error & ErrorBit.AUTO_RECOVERABLE),
            recoverable=bool(error & ErrorBit.RECOVERABLE),
        )

    @classmethod
    def from_automatic(cls, group: bytes) -> "Status":
        """From the four bytes of an automatic status."""
        first, error, paper, _ = group
        return cls(
            offline=bool(first & AutomaticBit.OFFLINE),
            cover_open=bool(first & AutomaticBit.COVER_OPEN),
            paper_end=bool(paper & QueuedPaperBit.END),
            paper_near_end=bool(paper & QueuedPaperBit.NEAR_END),
            error=bool(error & ~(AutomaticErrorBit.WAITING_FOR_RECOVERY | AutomaticErrorBit.FEED_BUTTON)),
            cutter=bool(error & AutomaticErrorBit.CUTTER),
            unrecoverable=bool(error & AutomaticErrorBit.UNRECOVERABLE),
            overheated=bool(error & AutomaticErrorBit.AUTO_RECOVERABLE),
            recoverable=bool(error & AutomaticErrorBit.RECOVERABLE),
        )

    @property
    def stop(self) -> Fault | None:
        """Tell why nothing can be printed now, the cause that a person can remove first."""
        causes = (
            (self.cover_open, Fault.COVER_OPEN),
            (self.paper_end, Fault.NO_PAPER),
            (self.cutter, Fault.CUTTER),
            (self.unrecoverable, Fault.HARDWARE),
            (self.overheated, Fault.OVERHEATED),
            (self.error or self.offline or self.recoverable, Fault.HARDWARE),
        )
        return next((fault for is_so, fault in causes if is_so), None)

    @property
    def unexplained(self) -> bool:
        """Offline for no reason that is told: four answers are not one moment, and the reason may have gone between."""
        return self.offline and not (self.cover_open or self.paper_end or self.error or self.recoverable)

    @property
    def host_may_resume(self) -> bool:
        """Tell whether DLE ENQ helps: cutter and mechanical errors only; paper and cover need hands, heat time."""
        hindered = self.cover_open or self.paper_end or self.unrecoverable or self.overheated
        return (self.cutter or self.recoverable) and not hindered


@dataclass(frozen=True, slots=True)
class RealTime:
    """One DLE EOT answer."""

    byte: int


@dataclass(frozen=True, slots=True)
class Automatic:
    """One automatic status."""

    status: Status


@dataclass(frozen=True, slots=True)
class Queued:
    """One GS r answer: everything sent before it has been processed."""

    byte: int


@dataclass(frozen=True, slots=True)
class Processed:
    """One GS ( H answer: everything sent before this id has been printed."""

    process: bytes


@dataclass(frozen=True, slots=True)
class About:
    """One GS I answer: what the printer calls itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Noise:
    """A byte that belongs to nothing we know."""

    byte: int


Answer = RealTime | Automatic | Queued | Processed | About | Noise


class Demultiplexer:
    """Takes one input stream apart; remembers at most one unfinished group."""

    def __init__(self) -> None:
        self._automatic = bytearray()
        self._block = bytearray()

    def feed(self, data: bytes) -> list[Answer]:
        """Give the answers that `data` completes, in order."""
        answers: list[Answer] = []
        for byte in data:
            answers.extend(self._take(byte))
        return answers

    def _take(self, byte: int) -> list[Answer]:
        if self._block:
            return self._take_in_block(byte)
        if self._automatic:
            if byte & PLAIN_MASK == 0:
                self._automatic.append(byte)
                if len(self._automatic) < AUTOMATIC_BYTES:
                    return []
                group, self._automatic = bytes(self._automatic), bytearray()
                return [Automatic(Status.from_automatic(group))]
            self._automatic.clear()
        if byte & FIXED_MASK == REAL_TIME:
            return [RealTime(byte)]
        if byte & FIXED_MASK == AUTOMATIC:
            self._automatic.append(byte)
            return []
        if byte in (PROCESS_ID, INFORMATION):
            self._block.append(byte)
            return []
        return [Queued(byte)] if byte & PLAIN_MASK == 0 else [Noise(byte)]

    def _take_in_block(self, byte: int) -> list[Answer]:
        if byte != 0 and len(self._block) < BLOCK_BYTES:
            self._block.append(byte)
            return []
        block, self._block = bytes(self._block), bytearray()
        if block[0] == PROCESS_ID and byte == 0 and len(block) == 6 and block[1] == 0x22:  # noqa: PLR2004 37 22 d1-d4 00
            return [Processed(block[2:])]
        if block[0] == INFORMATION and byte == 0:
            return [About("".join(chr(each) if 0x20 <= each < 0x7F else "?" for each in block[1:]))]  # noqa: PLR2004 ASCII
        return [Noise(block[0])]


def parse_status(data: bytes) -> list[Answer]:
    """Take a whole recording of a printer's answers apart; any bytes will do."""
    return Demultiplexer().feed(data)
