"""Bytes of the Onbon BX-5K/BX-6K font-card protocol (onbonlab, `zh/k/potocol`), and nothing else.

Frame: 8 x A5 | header 14 | data | CRC-16/ARC, low byte first | 5A. Between header and CRC A5, A6, 5A, 5B are escaped;
lengths and CRC count unescaped bytes. Multi-byte values are little-endian. Example, ping of address 1:
`a5*8 01 00 00 80 00 00 00 00 00 00 fe 02 05 00 a2 00 01 00 00 68 f8 5a`.
"""

import struct
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

PREAMBLE = b"\xa5" * 8
START, END = 0xA5, 0x5A
HOST = 0x8000
ANY_REPLIES = 0xFFFE
"""Broadcast that devices answer; only safe with one device on the line."""
ANY_SILENT = 0xFFFF
"""Broadcast that nobody answers."""
MAX_FRAME_BYTES = 2_048
"""Unescaped header, data and CRC; the largest area of a 6K card is 1,024 bytes."""
MAX_AREA_TEXT_BYTES = 512
"""Text of one dynamic area on a 5K card."""
HEADER = struct.Struct("<HH3xBBBBBH")
AREA = struct.Struct("<BHHHHBBBHBBBBBBBBBI")
PIXELS = 0x8000
"""Set in X and width: counted in pixels, not in units of eight."""

_ESCAPES = {0xA5: b"\xa6\x02", 0xA6: b"\xa6\x01", 0x5A: b"\x5b\x02", 0x5B: b"\x5b\x01"}
_ESCAPED = {pair: bytes([plain]) for plain, pair in _ESCAPES.items()}


class Request(IntEnum):
    """Group and command this house may send. Reset (A2 01, erases files) and format (A1 00) do not exist here."""

    PING = 0xA200
    UPDATE_AREAS = 0xA306


class Error(IntEnum):
    """Why a card says NACK."""

    NONE = 0
    GROUP = 1
    COMMAND = 2
    BUSY = 3
    MEMORY = 4
    CHECKSUM = 5
    FILE_ABSENT = 6
    FLASH = 7
    DOWNLOAD = 8
    FILE_NAME = 9
    FILE_TYPE = 10
    FILE_CRC = 11
    FONT_ABSENT = 12
    FIRMWARE_TYPE = 13
    DATE_FORMAT = 14
    FILE_EXISTS = 15
    BLOCK_NUMBER = 16


class Damage(StrEnum):
    """Why received bytes are not a frame."""

    CHECKSUM = "checksum"
    LENGTH = "length"
    ESCAPE = "escape"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as header values and data."""

    destination: int
    source: int
    data: bytes
    check_mode: int = 0
    """0 CRC; 1 sum and 2 none exist on 6K only and are not used here."""
    display_mode: int = 0
    device_type: int = 0xFE
    """FE any, 51 5K1, 58 5K2, 53 5MK2, 54 5MK1, 61 to 66 6K, 69 6K4."""
    version: int = 2
    barcode_option: int = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes between a start and an end that are no frame. `destination` as far as it could be read."""

    damage: Damage
    destination: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a card answered. ACK is A0 00, NACK A0 01."""

    acknowledged: bool
    error: int = 0


@dataclass(frozen=True, slots=True)
class Area:
    """One dynamic area: where, how, and the bytes of its text (GBK with the card's escapes)."""

    text: bytes
    x_px: int = 0
    y_px: int = 0
    width_px: int = 128
    height_px: int = 32
    area_id: int = 0
    line_spacing_px: int = 0
    run_mode: int = 0
    """0 loop, 1 hold the last page, 2 loop and remove after the time-out."""
    timeout_s: int = 10
    alignment: int = 0
    lines: int = 2
    """1 single line, 2 several."""
    wrap: int = 1
    """1 manual, 2 automatic."""
    display_mode: int = 1
    """1 static, 2 fast, 3 left, 4 right, 5 up, 6 down."""
    exit_mode: int = 0
    speed: int = 2
    """0 fastest to 24."""
    stay_half_s: int = 10


@dataclass(frozen=True, slots=True)
class Update:
    """A3 06 as a card understands it. `delete` None means all areas."""

    clear_first: bool
    delete: tuple[int, ...] | None
    areas: tuple[Area, ...] = field(default=())


def _crc_table() -> tuple[int, ...]:
    table = []
    for index in range(256):
        value = index
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
        table.append(value)
    return tuple(table)


_CRC = _crc_table()


def crc16_arc(data: bytes) -> int:
    """CRC-16/ARC: polynomial 8005 reflected, initial value 0."""
    value = 0
    for byte in data:
        value = (value >> 8) ^ _CRC[(value ^ byte) & 0xFF]
    return value


def escape(data: bytes) -> bytes:
    """Return `data` without any A5 or 5A."""
    return b"".join(_ESCAPES.get(byte) or bytes([byte]) for byte in data)


def unescape(data: bytes) -> bytes | None:
    """Return the plain bytes, or None where a pair is not one of the four."""
    plain = bytearray()
    position = 0
    while position < len(data):
        byte = data[position]
        if byte in (0xA6, 0x5B):
            known = _ESCAPED.get(data[position : position + 2])
            if known is None:
                return None
            plain += known
            position += 2
        else:
            plain.append(byte)
            position += 1
    return bytes(plain)


def encode(frame: Frame) -> bytes:
    """Return the bytes on the line, preamble included."""
    header = HEADER.pack(
        frame.destination,
        frame.source,
        frame.barcode_option,
        frame.check_mode,
        frame.display_mode,
        frame.device_type,
        frame.version,
        len(frame.data),
    )
    body = header + frame.data
    return PREAMBLE + escape(body + struct.pack("<H", crc16_arc(body))) + bytes([END])


def request(address: int, kind: Request, payload: bytes = b"", modes: bytes = b"\0\0") -> Frame:
    """Return a request that wants an answer. `modes` stands where other commands have two reserved bytes."""
    group, command = divmod(int(kind), 0x100)
    return Frame(address, HOST, bytes([group, command, 0x01]) + modes + payload)


def ping(address: int) -> Frame:
    """Ask whether a card is there."""
    return request(address, Request.PING)


def update_area(address: int, area: Area) -> Frame:
    """Put one dynamic area on the card. It lives in memory: lost with power, and no wear on the flash."""
    body = AREA.pack(
        0,
        PIXELS | area.x_px,
        area.y_px,
        PIXELS | area.width_px,
        area.height_px,
        area.area_id,
        area.line_spacing_px,
        area.run_mode,
        area.timeout_s,
        0,
        0,
        area.alignment,
        area.lines,
        area.wrap,
        area.display_mode,
        area.exit_mode,
        area.speed,
        area.stay_half_s,
        len(area.text),
    )
    body += area.text
    return request(address, Request.UPDATE_AREAS, b"\x00\x01" + struct.pack("<H", len(body)) + body)


def remove_areas(address: int) -> Frame:
    """Take every dynamic area away: the bar is dark, or shows its stored programme."""
    return request(address, Request.UPDATE_AREAS, b"\xff\x00")


def reply(frame: Frame) -> Reply | None:
    """Return what the card says, or None if this frame is no reply to the host."""
    if frame.destination != HOST or len(frame.data) < 5 or frame.data[0] != 0xA0:  # noqa: PLR2004 as the page says
        return None
    if frame.data[1] == 0x00:
        return Reply(acknowledged=True)
    if frame.data[1] == 0x01:
        return Reply(acknowledged=False, error=frame.data[2])
    return None


def reply_frame(source: int, error: int = 0) -> Frame:
    """Return ACK (no error) or NACK as a card sends it."""
    return Frame(HOST, source, bytes([0xA0, 0x01 if error else 0x00, error, 0, 0]))


def parse_update(data: bytes) -> Update | None:
    """Return what an A3 06 asks for, strictly: any byte too many or too few gives None."""
    position = 5
    if len(data) < 7:  # noqa: PLR2004 group, command, response, two modes, two counts
        return None
    clear_first = data[3] == 1
    count = data[position]
    position += 1
    delete: tuple[int, ...] | None = None
    if count != 0xFF:  # noqa: PLR2004 all
        delete = tuple(data[position : position + count])
        position += count
    if position >= len(data):
        return None
    wanted = data[position]
    position += 1
    areas: list[Area] = []
    for _ in range(wanted):
        if position + 2 > len(data):
            return None
        (length,) = struct.unpack_from("<H", data, position)
        position += 2
        area = _parse_area(data[position : position + length], length)
        if area is None:
            return None
        areas.append(area)
        position += length
    return Update(clear_first, delete, tuple(areas)) if position == len(data) else None


def _parse_area(body: bytes, length: int) -> Area | None:
    if len(body) != length or length < AREA.size:
        return None
    kind, x, y, width, height, ident, spacing, run, timeout, sound, extension, *rest = AREA.unpack_from(body)
    alignment, lines, wrap, display, exit_mode, speed, stay, text_length = rest
    text = body[AREA.size :]
    if kind or sound or extension or len(text) != text_length or display not in range(1, 7):
        return None
    return Area(
        text=text,
        x_px=_pixels(x),
        y_px=y,
        width_px=_pixels(width),
        height_px=height,
        area_id=ident,
        line_spacing_px=spacing,
        run_mode=run,
        timeout_s=timeout,
        alignment=alignment,
        lines=lines,
        wrap=wrap,
        display_mode=display,
        exit_mode=exit_mode,
        speed=speed,
        stay_half_s=stay,
    )


def _pixels(value: int) -> int:
    return value & ~PIXELS if value & PIXELS else value * 8


class Decoder:
    """Cuts a byte stream into frames. One A5 is enough to start; noise before it is dropped."""

    def __init__(self) -> None:
        self._body = bytearray()
        self._inside = False

    def feed(self, received: bytes) -> list[Frame | Broken]:
        """Take bytes as they come; return every frame, whole or broken, that ended in them."""
        found: list[Frame | Broken] = []
        for byte in received:
            if byte == START:
                self._inside = True
                self._body.clear()
            elif not self._inside:
                continue
            elif byte == END:
                self._inside = False
                found.append(parse(bytes(self._body)))
            elif len(self._body) >= 2 * MAX_FRAME_BYTES:
                self._inside = False
                found.append(Broken(Damage.LENGTH))
            else:
                self._body.append(byte)
        return found


def parse(escaped: bytes) -> Frame | Broken:
    """Return the frame of the bytes between the last A5 and 5A."""
    body = unescape(escaped)
    if body is None:
        return Broken(Damage.ESCAPE)
    if len(body) < HEADER.size + 2:
        return Broken(Damage.LENGTH)
    destination, source, barcode, check, display, device, version, length = HEADER.unpack_from(body)
    if len(body) != HEADER.size + length + 2:
        return Broken(Damage.LENGTH, destination)
    (told,) = struct.unpack("<H", body[-2:])
    if told != crc16_arc(body[:-2]):
        return Broken(Damage.CHECKSUM, destination)
    return Frame(destination, source, body[HEADER.size : -2], check, display, device, version, barcode)
