"""Every parser that meets bytes from outside, as a function of bytes that returns nothing and never raises.

A target is added here with its parser; `./run fuzz` and the seeds' test find it by the table.
"""

import contextlib
from pathlib import Path

from hall.errors import HallError
from hall.ids import TerminalId
from hall.pack.hall_pack import parse
from hall.wire import board, codec, health_reports, lanes
from hall_server.mqtt import parcels
from kiosk.devices.card_readers import conversation, social_files, vendor_line
from kiosk.devices.card_readers.apdu import PinCoding
from kiosk.devices.id_readers import id_text, sam_frames
from kiosk.devices.led_bars import bx_frames
from kiosk.devices.scanners.codes import MAX_BYTES, Codes, Manners
from kiosk.devices.sheet_printers import ipp
from kiosk.devices.slip_printers import status
from kiosk.devices.virtual.escpos_interpreter import Interpreter
from kiosk.devices.virtual.escpos_tokens import Tokenizer
from kiosk.devices.virtual.paper import Roll
from kiosk.devices.virtual.printer_font import PrinterFont
from kiosk.flows.scanned import read_code
from kiosk.ports import MAX_SCAN
from tests.fuzz.device_targets import DEVICE_TARGETS
from tests.fuzz.target import Target, in_pieces

ROOT = Path(__file__).parents[2]
FONT = PrinterFont()
ENOUGH_ROWS = 20_000
"""Two and a half metres; a longer paper teaches nothing new."""
MOST_COMMANDS = 500
"""No reading of one social-security card may ask more often, whatever the card answers."""
IPP_ANSWER = bytes.fromhex("01010000000000010147001261747472696275746573") + b"-charset\x00\x05utf-8\x03"
UPLOAD = b'{"events":[{"device":"K1","epoch":1,"seq":1,"event_id":"x","at":1.0,"event":{"type":"TerminalStarted"}}]}'
HELD_BYTES = 16 * 1024
"""No decoder of a device's answers may hold back more."""


def sam_answers(data: bytes) -> None:
    """Answers of an identity-card reader."""
    decoder = sam_frames.Decoder()
    for piece in in_pieces(data):
        decoder.feed(piece)
        assert 0 < decoder.wants() <= HELD_BYTES
    for count in (2, 3):
        sam_frames.blocks(data, count)
    sam_frames.sam_id(data)


def ipp_messages(data: bytes) -> None:
    """What an A4 printer or CUPS answers."""
    with contextlib.suppress(ipp.IppError):
        assert len(ipp.decode(data).document) <= len(data)


def id_card_text(data: bytes) -> None:
    """The text block of an identity card."""
    id_text.holder_in(data, "20261123")


def social_card_records(data: bytes) -> None:
    """Records of a social-security card."""
    for record in social_files.Record:
        value = social_files.value_of(record, data)
        if value is not None:
            for read in (social_files.version_in, social_files.day_in, social_files.number_in, social_files.name_in):
                read(value)
            social_files.card_number_in(value)
    name, extension = data[:30], data[30:50]
    assert len(social_files.name_in(name, extension) or "") <= len(data)


class RepeatingSlot:
    """A card slot without a card: it answers the bytes it was given, cut where they say, again and again."""

    connected = False

    def __init__(self, data: bytes) -> None:
        self._answers = [piece[1 : 2 + piece[0] % len(piece)] for piece in in_pieces(data)] or [b""]
        self.commands = 0

    def reader(self) -> str:
        """Its name."""
        return "fuzz"

    def present(self) -> bool:
        """Always."""
        return True

    def connect(self) -> None:
        """Nothing to hold."""

    def transmit(self, _command: bytes) -> bytes:
        """The next answer."""
        self.commands += 1
        return self._answers[self.commands % len(self._answers)]

    def disconnect(self) -> None:
        """Nothing is held."""

    leave = close = disconnect


def social_card_conversation(data: bytes) -> None:
    """A whole reading of a social-security card that answers anything."""
    slot = RepeatingSlot(data)
    conversation.Conversation(slot, PinCoding.BCD, check_card_number=True).read("20261123")
    assert slot.commands < MOST_COMMANDS


def vendor_lines(data: bytes) -> None:
    """Lines of a vendor's library; the first four bytes are its code."""
    code = int.from_bytes(data[:4], "big", signed=True)
    vendor_line.meaning(code)
    vendor_line.tries_left(code, data[4:])
    vendor_line.parse(data[4:])


def printer_answers(data: bytes) -> None:
    """What a printer sends back: whole or in pieces, the same answers."""
    whole = status.Demultiplexer().feed(data)
    pieces = status.Demultiplexer()
    assert [answer for piece in in_pieces(data) for answer in pieces.feed(piece)] == whole


def bar_frames(data: bytes) -> None:
    """Frames on an LED bar's line."""
    decoder = bx_frames.Decoder()
    found = [each for piece in in_pieces(data) for each in decoder.feed(piece)]
    for each in found:
        if isinstance(each, bx_frames.Frame):
            bx_frames.reply(each)
            bx_frames.parse_update(each.data)
    bx_frames.parse_update(data)


def printer_bytes(data: bytes) -> None:
    """A print job, as our virtual printer reads it."""
    roll = Roll(576, lambda rows: rows)
    interpreter = Interpreter(roll, FONT, lambda _name, _answer: None, lambda: None)
    tokens = Tokenizer()
    for piece in in_pieces(data):
        for token in tokens.feed(piece):
            if roll.rows < ENOUGH_ROWS:
                interpreter.execute(token)


def scanned_codes(data: bytes) -> None:
    """What a scanner says, in either encoding: short printable codes, or nothing."""
    for manners in (Manners(again_after_s=0.0), Manners("line", encoding="gb18030"), Manners("pause")):
        codes = Codes(manners)
        for at, piece in enumerate(in_pieces(data)):
            codes.feed(piece, at * 0.07)
            assert len(codes._piece) <= MAX_BYTES
        codes.pause(float(len(data) + 1))
        while (text := codes.next()) is not None:
            assert 0 < len(text) <= MAX_SCAN
            assert text.isprintable()
            read_code(text)


def messages(data: bytes) -> None:
    """Messages of the wire: refused by `HallError`, whatever they are."""
    said = (lanes.Up, lanes.RawEnvelope, lanes.Envelope, lanes.Ask, lanes.Answer)
    for kind in (*said, board.Board, health_reports.HealthReport):
        try:
            codec.decode(kind, data, "fuzz")
        except HallError:
            continue


def uploads(data: bytes) -> None:
    """What a terminal sends up, at the hall server's door: every byte ends as an event or in quarantine."""
    job = parcels.unpack(TerminalId("K1"), data)
    assert len(job.parcels) + len(job.rubbish) <= max(lanes.MAX_EVENTS_PER_MESSAGE, 1)


def hall_packs(data: bytes) -> None:
    """A pack whose tables of limits and windows are anything."""
    files = {path.name: path.read_text(encoding="utf-8") for path in PACK}
    try:
        parse(files | {"limits.toml": data.decode("utf-8", "replace")})
    except HallError:
        return


PACK = sorted((ROOT / "deploy/packs/qinghe").glob("*.toml"))

TARGETS = {
    "sam_answers": Target(sam_answers, (sam_frames.answer(0x90), sam_frames.answer(0x9F, bytes(4)))),
    "id_card_text": Target(id_card_text, (("赵一" + " " * 118 + "I").encode("utf-16-le").ljust(256, b" "),)),
    "social_card_records": Target(social_card_records, (bytes([7, 9]) + b"A00000011" + b"\x90\x00",)),
    "social_card_conversation": Target(social_card_conversation, (b"\x01\x90\x00", b"\x01\x6c\x20\x05\x08\x12123")),
    "vendor_lines": Target(
        vendor_lines,
        (
            bytes(4) + "630100||A00000011|630100D15600000500BF7C7A48FB4966|李和|00|2.00|20200101|".encode("gbk"),
            (-51).to_bytes(4, "big", signed=True) + "剩余次数2次".encode("gbk"),
        ),
    ),
    "printer_answers": Target(printer_answers, (b"\x12\x12", b"\x10\x00\x00\x00", b"\x377\x22abcd\x00", b"_EPSON\x00")),
    "ipp_messages": Target(ipp_messages, (IPP_ANSWER,)),
    "bar_frames": Target(bar_frames, (bx_frames.encode(bx_frames.ping(1)),)),
    "printer_bytes": Target(printer_bytes, (b"\x1b@\x1c&" + "号".encode("gb18030") + b"\n\x1dV\x00",)),
    "scanned_codes": Target(scanned_codes, (b"DY1/T/A012/019A0000000070008000000000000001\r\n",)),
    "messages": Target(messages, (b'{"events":[]}', b'{"ledger_epoch":1,"marks":{},"chain_head":""}')),
    "uploads": Target(uploads, (UPLOAD, b'{"events":[]}')),
    "hall_packs": Target(hall_packs, ((ROOT / "deploy/packs/qinghe/limits.toml").read_bytes(),)),
    **DEVICE_TARGETS,
}
"""Name to target; `./run fuzz --list` prints the names."""
