"""ESC/POS as a stream of commands: strict about every parameter, unharmed by any byte, bounded in memory."""

from dataclasses import dataclass

COMMAND_BYTES = 256 * 1024
"""Longest command kept; a longer one is skipped and told. A full 80 mm band of 1,000 rows is 72 kB."""

TERMINATED_BYTES = 256
"""Longest parameter list that ends with zero."""

ESC, GS, FS, DLE = 0x1B, 0x1D, 0x1C, 0x10
_PREFIX = {ESC: "ESC", GS: "GS", FS: "FS", DLE: "DLE"}
CONTROLS = {0x00: "NUL", 0x09: "HT", 0x0A: "LF", 0x0C: "FF", 0x0D: "CR", 0x18: "CAN"}

_FIXED = {
    "ESC": {
        **dict.fromkeys("@2im", 0),
        **dict.fromkeys(" !-3EGMRtaJd{V", 1),
        **dict.fromkeys("$\\c", 2),
        "p": 3,
    },
    "GS": {**dict.fromkeys("!BarbIHhwf", 1), **dict.fromkeys("LWP$", 2)},
    "FS": {**dict.fromkeys("&.", 0), **dict.fromkeys("!W-C", 1), "S": 2},
    "DLE": {"\x04": 1, "\x05": 1, "\x14": 3},
}
"""Parameter bytes by command, where their number is fixed."""

REAL_TIME = {"DLE \x04", "DLE \x05", "DLE \x14"}
NAMES = {"DLE \x04": "DLE EOT", "DLE \x05": "DLE ENQ", "DLE \x14": "DLE DC4"}


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, not yet decoded."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Command:
    """One command, such as `GS v`, with everything that follows its name."""

    name: str
    parameters: bytes = b""


@dataclass(frozen=True, slots=True)
class Bad:
    """Bytes that no printer of ours understands."""

    sentence: str


Token = Text | Command | Bad


class _TooShort(Exception):  # noqa: N818 not an error: more bytes are to come
    pass


class Tokenizer:
    """Feed bytes in any portions; the tokens are the same."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skip = 0

    def feed(self, data: bytes) -> list[Token]:
        """Give all tokens that are complete now."""
        self._buffer += data
        tokens: list[Token] = []
        while self._buffer:
            if self._skip:
                dropped = min(self._skip, len(self._buffer))
                del self._buffer[:dropped]
                self._skip -= dropped
                continue
            try:
                tokens.append(self._one())
            except _TooShort:
                break
        return tokens

    def _one(self) -> Token:
        first = self._buffer[0]
        if first >= 0x20:  # noqa: PLR2004 text begins after the control characters
            end = next((at for at, byte in enumerate(self._buffer) if byte < 0x20), len(self._buffer))  # noqa: PLR2004
            return Text(self._take(end))
        if first in _PREFIX:
            return self._command(_PREFIX[first])
        self._take(1)
        return Command(CONTROLS[first]) if first in CONTROLS else Bad(f"control character {first:02X}")

    def _command(self, prefix: str) -> Token:
        letter = chr(self._at(1))
        name = f"{prefix} {letter}"
        parameters = _FIXED[prefix].get(letter)
        if parameters is None:
            parameters = self._variable(name)
        if parameters is None:
            self._take(2)
            return Bad(f"unknown command {prefix} {ord(letter):02X}")
        size = 2 + parameters
        if size > COMMAND_BYTES:
            self._skip = size
            return Bad(f"{prefix} {letter} of {size} bytes is longer than any printer's buffer")
        if len(self._buffer) < size:
            raise _TooShort
        return Command(NAMES.get(name, name), self._take(size)[2:])

    def _variable(self, name: str) -> int | None:
        """Count the parameter bytes of a command whose length depends on them; None for unknown commands."""
        match name:
            case "GS V":
                return 2 if self._at(2) in (65, 66, 97, 98, 103, 104) else 1
            case "GS v":
                across = self._at(4) | self._at(5) << 8
                return 6 + across * (self._at(6) | self._at(7) << 8)
            case "GS (" | "FS (" | "ESC (":
                return 3 + (self._at(3) | self._at(4) << 8)
            case "GS 8":
                return 5 + int.from_bytes(bytes(self._at(at) for at in range(3, 7)), "little")
            case "GS k":
                return 2 + self._at(3) if self._at(2) >= 65 else self._until_zero(3)  # noqa: PLR2004 the counted form
            case "ESC *":
                return 3 + (self._at(3) | self._at(4) << 8) * (3 if self._at(2) in (32, 33) else 1)
            case "ESC D":
                return self._until_zero(2)
        return None

    def _until_zero(self, start: int) -> int:
        end = self._buffer.find(0, start, start + TERMINATED_BYTES)
        if end >= 0:
            return end - 1
        if len(self._buffer) < start + TERMINATED_BYTES:
            raise _TooShort
        return start + TERMINATED_BYTES - 2

    def _at(self, index: int) -> int:
        if index >= len(self._buffer):
            raise _TooShort
        return self._buffer[index]

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken
