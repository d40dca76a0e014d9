"""A virtual social-security card: files, PIN with its counter, and the manners of versions 1, 2 and 3.

It parses commands strictly and knows nothing of readers; `card_room` puts it behind vpcd. Devices reference 3.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

ATR = bytes.fromhex("3B6D0000 0081544410 866091 0000000001")
"""T=0, 13 historical bytes of the shape real cards show: maker, region, serial."""

ENVIRONMENT = bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF")
APPLICATION = bytes.fromhex("D156000005")
PIN_TRIES = 3

BITS_PER_BYTE = 12
"""T=0: start, eight, parity, two of guard time."""

OK = b"\x90\x00"
_WRONG_PLACE = b"\x6a\x86"
_WRONG_LENGTH = b"\x67\x00"
_NAME_BYTES, _EXTENSION_BYTES = 30, 20


@dataclass(frozen=True, slots=True)
class SocialFace:
    """A sample card. `pin` is six digits; `expires` YYYYMMDD."""

    name: str
    number: str
    card_number: str = "X00000019"
    version: str = "2.00"
    expires: str = "20400101"
    pin: str = "123456"
    tries: int = PIN_TRIES
    """0: the PIN is blocked."""
    hides_holder: bool = False
    """Version 3 without a PSAM: card number and holder are empty or refused."""
    refuses_holder: bool = False
    """Like `hides_holder`, by 69 82 instead of empty values; cards of both manners exist."""
    name_extension: bool = False
    """Has a record for what of a name is longer than its field; it stands between others and shifts their numbers."""
    spaces: bool = False
    """Pads its texts with spaces, as some issuers do, instead of 00."""
    by_number: bool = False
    """Takes the tag of READ RECORD for a record's number, as cards that know no tags do."""
    file_way: int = 0x02
    """The P1 of SELECT that this card understands for its files."""
    exact_length: bool = True
    """Answers 6C xx to another Le than its record's; otherwise 61 xx for everything that has data."""
    locked: bool = False
    """The application has been shut for good: 93 03."""
    works: bool = True
    """False: every command ends in 6F 00."""
    mute: bool = False
    """Commands are never answered."""
    baud: int = 10_753
    """Pace of the contacts: 4 MHz / 372, what a reader uses when nothing faster was agreed; 0 = at once."""

    def fields(self) -> dict[str, object]:
        """Return everything, for the control socket."""
        return asdict(self)


def third_generation(face: SocialFace) -> SocialFace:
    """Return the same holder's version-3 card, which hides the holder."""
    return replace(face, version="3.00", hides_holder=True, name_extension=True)


@dataclass(slots=True)
class SocialCard:
    """The chip: `answer` takes one command and returns data and status word; a reader calls `power` and `reset`."""

    face: SocialFace
    tries_left: int = PIN_TRIES
    commands: int = 0
    pin_commands: int = 0
    """VERIFY commands received: what a driver spent of the holder's tries."""
    verified: bool = False
    _powered: bool = False
    _inside: bool = False
    _file: int = 0
    _waiting: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        self.tries_left = self.face.tries

    def power(self, on: bool) -> None:
        """Give or take power; either way the card forgets what was selected and opened."""
        self._powered = on
        self.reset()

    def reset(self) -> None:
        """Warm reset."""
        self.verified = self._inside = False
        self._file, self._waiting = 0, b""

    def answer(self, command: bytes) -> bytes:
        """Do one command."""
        self.commands += 1
        if not (self._powered and self.face.works) or len(command) < 4:  # noqa: PLR2004 - CLA INS P1 P2
            return b"\x6f\x00"
        if command[0] != 0:
            return b"\x6e\x00"
        waiting, self._waiting = self._waiting, b""  # whatever else is asked first, an announced answer is lost
        doers: dict[int, Callable[[bytes], bytes]] = {
            0xA4: self._select,
            0xB2: self._read_record,
            0x20: self._verify,
            0xC0: lambda asked: self._get_response(asked, waiting),
            0x84: self._get_challenge,
        }
        done = doers.get(command[1])
        return done(command) if done else b"\x6d\x00"

    def _select(self, command: bytes) -> bytes:
        body = _body(command)
        if body is None:
            return _WRONG_LENGTH
        way, which = command[2:4]
        if which != 0 or way not in {0x04, self.face.file_way}:
            return _WRONG_PLACE
        if way == 0x04:  # noqa: PLR2004 - by name
            if body != ENVIRONMENT and not body.startswith(APPLICATION):
                return b"\x6a\x82"
            if self.face.locked:
                return b"\x93\x03"
            self._inside, self._file = True, 0
            return self._with_data(b"\x6f\x11\x84\x0f" + ENVIRONMENT) if not self.face.exact_length else OK
        if not self._inside or body not in {b"\xef\x05", b"\xef\x06"}:
            return b"\x6a\x82"
        if self.face.refuses_holder and body == b"\xef\x06":
            return b"\x69\x82"
        self._file = body[1]
        return OK

    def _read_record(self, command: bytes) -> bytes:
        if len(command) != 5:  # noqa: PLR2004 - with Le and nothing else
            return _WRONG_LENGTH
        _, _, which, how, expected = command
        if how not in {0x00, 0x04}:
            return _WRONG_PLACE
        if not self._file:
            return b"\x69\x86"
        records = self._records()
        if how == 0x04 or self.face.by_number:  # noqa: PLR2004 - by number
            found = list(records.items())[which - 1 : which] if which else []
        else:
            found = [(tag, value) for tag, value in records.items() if tag == which]
        if not found:
            return b"\x6a\x83"
        tag, value = found[0]
        record = bytes((tag, len(value))) + value
        if not self.face.exact_length:
            return self._with_data(record)
        return record + OK if expected == len(record) else bytes((0x6C, len(record)))

    def _with_data(self, data: bytes) -> bytes:
        self._waiting = data
        return bytes((0x61, len(data)))

    def _records(self) -> dict[int, bytes]:
        return self._of_card() if self._file == 0x05 else self._of_holder()  # noqa: PLR2004 - EF05

    def _of_card(self) -> dict[int, bytes]:
        face = self.face
        return {
            0x01: bytes.fromhex("000000D15600000500000000000001 23".replace(" ", "")),
            0x02: b"1",
            0x03: face.version.encode("ascii"),
            0x04: bytes.fromhex("910000000000000000000000"),
            0x05: bytes.fromhex("20200101"),
            0x06: bytes.fromhex(face.expires),
            0x07: self._text("" if face.hides_holder else face.card_number, 9),
        }

    def _of_holder(self) -> dict[int, bytes]:
        face = self.face
        name = "" if face.hides_holder else face.name
        rest = self._text(name, _NAME_BYTES + _EXTENSION_BYTES)[_NAME_BYTES:]
        birth = face.number[6:14]
        told = not face.hides_holder and len(birth) == 8 and birth.isdecimal()  # noqa: PLR2004 - YYYYMMDD
        return {
            0x08: self._text("" if face.hides_holder else face.number, 18),
            0x09: self._text(name, _NAME_BYTES),
            **({0x4E: rest} if face.name_extension else {}),
            0x0A: b"1",
            0x0B: b"\x01",
            0x0C: b"\0\0\0",
            0x0D: bytes.fromhex(birth) if told else bytes(4),
        }

    def _text(self, text: str, count: int) -> bytes:
        """A text in its field; what is hidden is blank in whatever the card pads with."""
        return text.encode("gb18030").ljust(count, b" " if self.face.spaces else b"\0")[:count]

    def _verify(self, command: bytes) -> bytes:
        self.pin_commands += 1
        body = _body(command)
        if body is None:
            return _WRONG_LENGTH
        if command[2:4] != b"\0\0":
            return _WRONG_PLACE
        if not self._inside:
            return b"\x69\x85"
        if self.tries_left == 0:
            return b"\x69\x83"
        if body == bytes.fromhex(self.face.pin):
            self.tries_left, self.verified = PIN_TRIES, True
            return OK
        self.verified = False
        self.tries_left -= 1
        return bytes((0x63, 0xC0 | self.tries_left))

    def _get_response(self, command: bytes, waiting: bytes) -> bytes:
        if not waiting or len(command) != 5 or command[2:4] != b"\0\0":  # noqa: PLR2004
            return b"\x69\x85"
        if command[4] != len(waiting):
            self._waiting = waiting
            return bytes((0x6C, len(waiting)))
        return waiting + OK

    def _get_challenge(self, command: bytes) -> bytes:
        """Eight bytes; a virtual card's challenge opens nothing, so they need not be random."""
        if command[2:4] != b"\0\0":
            return _WRONG_PLACE
        return bytes(range(8)) + OK if command[4:] == b"\x08" else _WRONG_LENGTH


def _body(command: bytes) -> bytes | None:
    """Return the data field when Lc is right, with or without an Le after it."""
    if len(command) < 5:  # noqa: PLR2004 - no Lc
        return None
    count = command[4]
    return command[5 : 5 + count] if count and len(command) in {5 + count, 6 + count} else None
