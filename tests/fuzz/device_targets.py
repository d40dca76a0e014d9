"""Parsers of devices and of the bench, each as a function of bytes that raises only if the parser is wrong."""

import contextlib
import os

from hall.errors import HallError
from hall.speech.spoken import PAUSES, SILENT
from hall.wire import codec, lanes
from kiosk.devices.id_readers import sam_commands, sam_frames
from kiosk.devices.keypads import pad_frames
from kiosk.devices.keypads.pad_frames import PadFrame
from kiosk.devices.led_bars import queue_frames
from kiosk.devices.led_bars.queue_frames import BarFrame
from kiosk.devices.slip_printers import status, usb
from kiosk.devices.speakers import clips, headphones
from kiosk.devices.upses import nut_lines
from kiosk.devices.virtual import transcripts
from kiosk.devices.virtual.escpos_interpreter import interpret
from kiosk.devices.virtual.id_faces import IdFace
from kiosk.devices.virtual.printer_font import PrinterFont
from kiosk.devices.virtual.sam_module import MAX_REQUEST_LENGTH, SamModule
from kiosk.devices.virtual.uart import heard_at
from tests.fuzz.target import Target, in_pieces

FONT = PrinterFont()
BAUDS = (1_200, 9_600, 19_200, 57_600, 115_200)
WORDS = dict.fromkeys(("请", "A", "零", "一", "零一", "到", "号", "号窗口", "窗口", "14", "1", "4"))
LONGEST = 3
MOST_PRINTED = 300
"""A long job is drawn on metres of paper; the tokens have their own target."""
HELD_BY_MODULE = len(sam_frames.PREAMBLE) + sam_frames.LENGTH_BYTES + MAX_REQUEST_LENGTH


def keypad_frames(data: bytes) -> None:
    """A keypad's line: whole or in pieces, the same presses; never more held than one frame."""
    whole, pieces = pad_frames.Decoder(), pad_frames.Decoder()
    expected = whole.feed(data) + whole.pause()
    found: list[PadFrame] = []
    for piece in in_pieces(data):
        found += pieces.feed(piece)
        assert len(pieces._held) <= pad_frames.MAX_FRAME_BYTES
    assert found + pieces.pause() == expected
    assert whole.dropped == pieces.dropped
    for frame in expected:
        assert pad_frames.parse(pad_frames.encode(frame)) == frame
        pad_frames.keys(frame)
        pad_frames.acknowledgement(frame)


def bank_bar_frames(data: bytes) -> None:
    """A bank-queue bar's line."""
    whole, pieces = queue_frames.Decoder(), queue_frames.Decoder()
    expected = whole.feed(data)
    found: list[BarFrame] = []
    for piece in in_pieces(data):
        found += pieces.feed(piece)
        assert len(pieces._held) < queue_frames.FRAME_BYTES
    assert found == expected
    pieces.pause()
    queue_frames.parse(data)


def sam_contents(data: bytes) -> None:
    """What stands in a reader's sound answers."""
    sam_commands.parse_answer(data)
    for pictures in (sam_commands.PHOTO, sam_commands.PHOTO_AND_FINGERPRINT):
        sam_commands.parse_text(data, pictures)
    sam_commands.parse_new_address(data)
    sam_commands.parse_management(data)


def sam_requests(data: bytes) -> None:
    """What a host sends to our virtual reader: whole or in pieces, the same answers."""
    whole, pieces = SamModule(read_s=0.0), SamModule(read_s=0.0)
    for module in (whole, pieces):
        module.lay(IdFace("李和", "000000198907220025"))
    expected = whole.receive(data)
    found = []
    for piece in in_pieces(data):
        found += pieces.receive(piece)
        assert len(pieces._buffer) <= HELD_BY_MODULE
    assert found == expected


def wrong_rates(data: bytes) -> None:
    """Bytes heard at another rate than they were sent at."""
    sent, heard = (BAUDS[byte % len(BAUDS)] for byte in (data[:2] + b"\0\0")[:2])
    told = data[2:512]
    got = heard_at(told, sent, heard)
    assert len(got) <= len(told) * 10 * max(heard // sent, 1) + 10


def printer_status(data: bytes) -> None:
    """A printer's answers, whole, and the port's own three bits."""
    status.parse_status(data)
    for byte in data[:256]:
        assert usb.port_status(byte) is not None


def whole_print_jobs(data: bytes) -> None:
    """A whole job on our virtual printer."""
    interpret(data[:MOST_PRINTED], FONT)


def jack_records(data: bytes) -> None:
    """Records of a sound card's input device, read until they end."""
    near, far = os.pipe()
    os.set_blocking(far, False)
    try:
        os.write(far, data)
        jack = headphones.Jack(f"/proc/self/fd/{near}")
        for _ in range(len(data) // (headphones.RECORD.size * headphones.MAX_READ_RECORDS) + 2):
            jack.reading()
        assert len(jack._partial) < headphones.RECORD.size
        jack.close()
    finally:
        os.close(near)
        os.close(far)


def spoken_texts(data: bytes) -> None:
    """A text that is put together from recorded words: nothing is lost and nothing is made up."""
    text = data.decode("utf-8", "ignore")
    words, missing = clips.split(text, WORDS, LONGEST)
    signs = "".join(sign for sign in text if sign not in SILENT)
    assert all(word in WORDS or word in PAUSES for word in words)
    assert all(part in signs for part in missing)
    if not missing:
        assert "".join(words) == signs


def down_orders(data: bytes) -> None:
    """Orders to a terminal: refused by `HallError`, whatever they are."""
    with contextlib.suppress(HallError):
        codec.decode(lanes.Orders, data, "fuzz")


def ups_lines(data: bytes) -> None:
    """A line of the UPS service."""
    nut_lines.parse(data)
    nut_lines.is_name(data.decode("utf-8", "replace"))


def recorded_transcripts(data: bytes) -> None:
    """A transcript that somebody wrote: refused by `ValueError`, or read and written the same."""
    try:
        found = transcripts.parse(data.decode("utf-8", "replace"))
    except ValueError:
        return
    assert transcripts.parse(transcripts.encode(found)) == found


_PRESS = pad_frames.encode(PadFrame(1, 1, bytes([0x0C])))

DEVICE_TARGETS = {
    "keypad_frames": Target(keypad_frames, (_PRESS, b"\x68\x03\x03" + _PRESS, pad_frames.encode(pad_frames.beep(1)))),
    "bank_bar_frames": Target(bank_bar_frames, (queue_frames.encode(BarFrame(14, "请Y001号")),)),
    "sam_contents": Target(sam_contents, (bytes([1, 0, 4, 0]) + bytes(1_280), "示例路1号".encode("utf-16-le"))),
    "sam_requests": Target(
        sam_requests,
        tuple(sam_frames.request(each) for each in (sam_frames.Command.FIND, sam_frames.Command.SELECT)),
    ),
    "wrong_rates": Target(wrong_rates, (b"\x04\x01" + sam_frames.answer(0x9F, bytes(4)), b"\x01\x04\xaa\x96")),
    "printer_status": Target(printer_status, (b"\x12\x12", b"\x10\x00\x00\x00", b"\x377\x22abcd\x00")),
    "whole_print_jobs": Target(
        whole_print_jobs,
        (b"\x1b@\x1c&" + "号".encode("gb18030") + b"\n\x1dV\x00", b"\x1dv0\x00\x01\x00\x02\x00\xff\xff"),
    ),
    "jack_records": Target(jack_records, (headphones.record(plugged=True), headphones.record(plugged=False)[:30])),
    "spoken_texts": Target(spoken_texts, ("请A零一号到14号窗口".encode(), "请稍候，谢谢。".encode())),
    "down_orders": Target(down_orders, (b'{"ledger_epoch":1,"orders":[]}',)),
    "ups_lines": Target(ups_lines, (b'VAR hall battery.charge "87"\n', b"ERR UNKNOWN-UPS\n")),
    "recorded_transcripts": Target(recorded_transcripts, (b"# K1\n> 12ms aa 96\n< 9f  # yes\n",)),
}
"""Part of the table in `targets.py`."""
