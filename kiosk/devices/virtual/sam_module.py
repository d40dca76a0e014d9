"""The virtual SAM module without its line: strict requests in, answers out, the card field as real modules keep it."""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.devices.id_readers.sam_frames import LENGTH_BYTES, PREAMBLE, Command, answer, checksum
from kiosk.devices.virtual.id_faces import Defect, IdFace

MAX_REQUEST_LENGTH = 64
"""The longest request has a length of 4; more than this is not a request."""

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
        try:
            command = Command(body[:2])
        except ValueError:
            return Reply(answer(0x21))
        wanted = 3 if command is Command.SET_PAYLOAD else 2
        if len(body) != wanted:
            return Reply(answer(0x11))
        self.counts[command.name] = self.counts.get(command.name, 0) + 1
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

    def _find(self) -> Reply:
        if self.place in {Place.EMPTY, Place.DONE}:
            return Reply(answer(0x80), FIND_S)
        self.place = Place.FOUND
        return Reply(answer(0x9F, bytes(4)), FIND_S)

    def _select(self) -> Reply:
        if self.place is not Place.FOUND or self.card is None:
            return Reply(answer(0x81), SELECT_S)
        if self.card.defect is Defect.UNREGISTERED:
            self.place = Place.LAID
            return Reply(answer(0x40), SELECT_S)
        self.place = Place.SELECTED
        return Reply(answer(0x90, bytes(8)), SELECT_S)

    def _read(self, command: Command) -> Reply:
        if self.card is None:
            return Reply(answer(0x41))
        if self.place not in {Place.SELECTED, Place.DONE}:
            return Reply(answer(0x23))
        if command is Command.READ_ADDRESS:
            return Reply(answer(0x91), SELECT_S)
        if command is Command.READ_CHIP:
            return Reply(answer(0x90, bytes(8)), SELECT_S)
        if self.lift_during_read:
            self.lift_during_read = False
            self.lift()
            return Reply(answer(0x41), self.read_s / 2)
        if self.card.defect in {Defect.DAMAGED, Defect.FORGED}:
            self.place = Place.LAID
            return Reply(answer(0x41 if self.card.defect is Defect.DAMAGED else 0x33), self.read_s)
        self.place = Place.DONE
        return Reply(answer(0x90, self._content(self.card, command)), self.read_s)

    def _content(self, card: IdFace, command: Command) -> bytes:
        parts = [card.text_block(), card.photo_block()]
        if command is Command.READ_WITH_FINGERPRINT:
            parts.append(b"")
        return b"".join(len(part).to_bytes(2, "big") for part in parts) + b"".join(parts)
