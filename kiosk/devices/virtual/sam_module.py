"""The virtual SAM module without its line: strict requests in, answers out, the card field as real modules keep it."""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.devices.id_readers.sam_commands import BAUD_CODES
from kiosk.devices.id_readers.sam_frames import LENGTH_BYTES, PREAMBLE, Command, answer, checksum
from kiosk.devices.virtual.id_faces import Defect, IdFace

MAX_REQUEST_LENGTH = 64
"""The longest request has a length of 4; more than this is not a request."""

SET_BAUD = 0x60
"""The first byte of `60 nn`; what follows is not a parameter but the rate."""

BUSY = 0x24
"""What a module answers that cannot do it now; the published table has no status of its own for it."""

CHIP_STATUS = {0x31: b"\x69\x88", 0x41: b"\x6a\x82", 0x47: b"\x6f\x00", 0x81: b"\x69\x85"}
"""SW1 SW2 that go with a status: the card's own words. Which ones is not published; drivers must not care."""

MANAGEMENT = bytes.fromhex("0011223344556677")
"""Answer to `30 05` of every sample card; no real card has it."""

PROMPT_S = 0.005
FIND_S = 0.02
SELECT_S = 0.03


class Place(StrEnum):
    """Where the card on the reader stands in the sequence find, select, read."""

    EMPTY = "empty"
    LAID = "laid"
    FOUND = "found"
    SELECTED = "selected"
    DONE = "done"
    """Read well: it answers no further find until it is lifted and laid again."""


@dataclass(slots=True)
class Reply:
    """What the module sends and how long the card and the module work before the first byte leaves."""

    frame: bytes
    work_s: float = PROMPT_S
    then_baud: int | None = None
    """The rate from the next request on."""


@dataclass(slots=True)
class SamModule:
    """State of the module. `answer` is called from one thread only."""

    read_s: float = 0.6
    """How long reading the chip takes; real ones need 0.3 to 1 s."""
    sam_id: bytes = bytes.fromhex("050003005f91320140e2010015cd5b07")
    place: Place = Place.EMPTY
    card: IdFace | None = None
    sam_fault: int = 0
    """0, or 60 (self-test failed) or 66 (not authorised) in hexadecimal."""
    lift_during_read: bool = False
    finds_again: bool = False
    """Some readers find a card that was read again while it lies; most do not."""
    busy: int = 0
    """So many requests more are answered with 24."""
    counts: dict[str, int] = field(default_factory=dict)
    """How often each command was asked, for tests and the bench."""
    _buffer: bytearray = field(default_factory=bytearray, repr=False)

    def lay(self, card: IdFace) -> None:
        """Put a card on the reader; the one that lay there is taken away."""
        self.card, self.place = card, Place.LAID

    def lift(self) -> None:
        """Take the card away."""
        self.card, self.place = None, Place.EMPTY

    def receive(self, received: bytes) -> list[Reply]:
        """Take bytes from the line; one reply for each request, sound or not. Noise before a preamble is lost."""
        self._buffer += received
        replies: list[Reply] = []
        while (body := self._next_request()) is not None:
            replies.append(self._reply(body) if isinstance(body, bytes) else Reply(answer(body)))
        return replies

    def _next_request(self) -> bytes | int | None:
        """Return a request's body, the status for a broken one, or None when more bytes must come."""
        at = self._buffer.find(PREAMBLE)
        if at < 0:
            del self._buffer[: max(len(self._buffer) - len(PREAMBLE) + 1, 0)]
            return None
        del self._buffer[:at]
        head = len(PREAMBLE) + LENGTH_BYTES
        if len(self._buffer) < head:
            return None
        length = int.from_bytes(self._buffer[len(PREAMBLE) : head], "big")
        if not 3 <= length <= MAX_REQUEST_LENGTH:  # noqa: PLR2004 - command, parameter, check byte
            del self._buffer[:head]
            return 0x11
        if len(self._buffer) < head + length:
            return None
        counted = bytes(self._buffer[len(PREAMBLE) : head + length])
        del self._buffer[: head + length]
        return 0x10 if checksum(counted) else counted[LENGTH_BYTES:-1]

    def _reply(self, body: bytes) -> Reply:
        if body[0] == SET_BAUD:
            return self._set_baud(body)
        try:
            command = Command(body[:2])
        except ValueError:
            return Reply(answer(0x21))
        wanted = 3 if command is Command.SET_PAYLOAD else 2
        if len(body) != wanted:
            return Reply(answer(0x11))
        self._count(command.name)
        if self.busy:
            self.busy -= 1
            return Reply(answer(BUSY))
        if self.sam_fault and command is not Command.SAM_ID:
            return Reply(answer(self.sam_fault))
        match command:
            case Command.STATUS | Command.RESET | Command.SET_PAYLOAD:
                return Reply(answer(0x90))
            case Command.SAM_ID:
                return Reply(answer(0x90, self.sam_id))
            case Command.FIND:
                return self._find()
            case Command.SELECT:
                return self._select()
            case _:
                return self._read(command)

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    def _set_baud(self, body: bytes) -> Reply:
        """Answered at the old rate; the new one holds from then on."""
        rate = next((baud for baud, code in BAUD_CODES.items() if body[1:] == bytes((code,))), None)
        if rate is None:
            return Reply(answer(0x21))
        self._count("SET_BAUD")
        return Reply(answer(0x90), then_baud=rate)

    def _find(self) -> Reply:
        if self.place is Place.EMPTY or (self.place is Place.DONE and not self.finds_again):
            return Reply(answer(0x80), FIND_S)
        self.place = Place.FOUND
        return Reply(answer(0x9F, bytes(4)), FIND_S)

    def _select(self) -> Reply:
        if self.place is not Place.FOUND or self.card is None:
            return Reply(_failed(0x81), SELECT_S)
        if self.card.defect is Defect.UNREGISTERED:
            self.place = Place.LAID
            return Reply(answer(0x40), SELECT_S)
        self.place = Place.SELECTED
        return Reply(answer(0x90, bytes(8)), SELECT_S)

    def _read(self, command: Command) -> Reply:
        if self.card is None:
            return Reply(_failed(0x41))
        if self.place not in {Place.SELECTED, Place.DONE}:
            return Reply(answer(0x23))
        if command is Command.READ_ADDRESS:
            added = self.card.new_address_block()
            return Reply(answer(0x90, added) if added else answer(0x91), SELECT_S)
        if command is Command.READ_CHIP:
            return Reply(answer(0x90, MANAGEMENT), SELECT_S)
        if self.lift_during_read:
            self.lift_during_read = False
            self.lift()
            return Reply(_failed(0x41), self.read_s / 2)
        if self.card.defect in {Defect.DAMAGED, Defect.FORGED}:
            self.place = Place.LAID
            return Reply(_failed(0x41 if self.card.defect is Defect.DAMAGED else 0x33), self.read_s)
        self.place = Place.DONE
        return Reply(answer(0x90, self._content(self.card, command)), self.read_s)

    def _content(self, card: IdFace, command: Command) -> bytes:
        parts = [card.text_block(), card.photo_block()]
        if command is Command.READ_WITH_FINGERPRINT:
            parts.append(card.fingerprint_block())
        return b"".join(len(part).to_bytes(2, "big") for part in parts) + b"".join(parts)


def _failed(status: int) -> bytes:
    return answer(status, card_status=CHIP_STATUS.get(status, b"\0\0"))
