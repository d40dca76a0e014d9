import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.led_bars import bx_frames as bx
from kiosk.devices.led_bars.bx_frames import Area, Broken, Damage, Decoder, Error, Frame, Reply

PING = "01 00 00 80 00 00 00 00 00 00 fe 02 05 00 a2 00 01 00 00 68 f8 5a"
ACK = "00 80 fe ff 00 00 00 00 00 00 fe 02 05 00 a0 00 00 00 00 14 ac 5a"
NACK = "00 80 fe ff 00 00 00 00 00 00 fe 02 05 00 a0 01 05 00 00 05 51 5a"
CLOCK = "01 00 00 80 00 00 00 00 00 00 fe 02 0d 00 a2 03 01 08 00 13 20 01 25 11 17 26 05 b0 3f 5a"
AREA = (
    "fe ff 00 80 00 00 00 00 00 00 fe 02 2c 00 a3 06 01 00 00 00 01 23 00 00 00 80 00 00 80 80 20 00 00 00 00 0a 00 "
    "00 00 00 02 01 01 00 02 0a 08 00 00 00 bb b6 d3 ad b9 e2 c1 d9 3c 49 5a"
)


def golden(text: str) -> bytes:
    return bx.PREAMBLE + bytes.fromhex(text)


def only(received: bytes) -> Frame:
    (found,) = Decoder().feed(received)
    assert isinstance(found, Frame)
    return found


def test_a_ping_is_the_vendors_ping() -> None:
    assert bx.encode(bx.ping(1)) == golden(PING)


def test_a_welcome_is_the_vendors_dynamic_area() -> None:
    assert bx.encode(bx.update_area(bx.ANY_REPLIES, Area(text="欢迎光临".encode("gbk")))) == golden(AREA)


@pytest.mark.parametrize("vector", [PING, ACK, NACK, CLOCK, AREA])
def test_every_vector_is_read_and_written_back(vector: str) -> None:
    assert bx.encode(only(golden(vector))) == golden(vector)


def test_ack_and_nack_are_told_apart() -> None:
    assert bx.reply(only(golden(ACK))) == Reply(acknowledged=True)
    assert bx.reply(only(golden(NACK))) == Reply(acknowledged=False, error=Error.CHECKSUM)
    assert bx.reply(only(golden(PING))) is None


def test_a_card_answers_as_the_vendors_does() -> None:
    assert bx.encode(bx.reply_frame(bx.ANY_REPLIES)) == golden(ACK)
    assert bx.encode(bx.reply_frame(bx.ANY_REPLIES, Error.CHECKSUM)) == golden(NACK)


def test_the_vendors_dynamic_area_is_understood() -> None:
    update = bx.parse_update(only(golden(AREA)).data)
    assert update is not None
    assert update.delete == ()
    assert update.areas == (Area(text="欢迎光临".encode("gbk")),)


def test_crc_is_arc() -> None:
    assert bx.crc16_arc(b"123456789") == 0xBB3D


def test_nine_start_bytes_and_noise_before_them_do_no_harm() -> None:
    (found,) = Decoder().feed(b"\x00\x5a\x33" + b"\xa5" + golden(ACK))
    assert isinstance(found, Frame)


def test_a_flipped_bit_is_a_broken_frame_with_its_destination() -> None:
    damaged = bytearray(golden(PING))
    damaged[-4] ^= 0x10
    assert Decoder().feed(bytes(damaged)) == [Broken(Damage.CHECKSUM, 1)]


def test_an_endless_frame_is_given_up() -> None:
    assert Broken(Damage.LENGTH) in Decoder().feed(b"\xa5" + b"\x01" * 5_000)


@given(st.binary(max_size=600))
def test_escaping_hides_both_marks_and_comes_back(data: bytes) -> None:
    escaped = bx.escape(data)
    assert b"\xa5" not in escaped
    assert b"\x5a" not in escaped
    assert bx.unescape(escaped) == data


@given(st.integers(0, 0xFFFF), st.binary(max_size=300), st.integers(1, 7))
def test_a_frame_survives_the_line_in_pieces(address: int, data: bytes, piece: int) -> None:
    frame = Frame(address, bx.HOST, data)
    sent = bx.encode(frame)
    decoder = Decoder()
    found = [f for start in range(0, len(sent), piece) for f in decoder.feed(sent[start : start + piece])]
    assert found == [frame]


@given(st.binary(max_size=400))
def test_no_bytes_make_the_decoder_or_the_parsers_fail(noise: bytes) -> None:
    assert sum(len(frame.data) for frame in Decoder().feed(noise) if isinstance(frame, Frame)) <= len(noise)
    bx.parse(noise)
    update = bx.parse_update(b"\xa3\x06\x01" + noise)
    assert update is None or sum(len(area.text) for area in update.areas) <= len(noise)


@given(st.binary(max_size=512), st.integers(0, 255), st.integers(1, 6))
def test_an_area_is_understood_as_it_was_meant(text: bytes, ident: int, display_mode: int) -> None:
    area = Area(text=text, area_id=ident, display_mode=display_mode)
    update = bx.parse_update(bx.update_area(7, area).data)
    assert update is not None
    assert update.areas == (area,)


def test_removing_all_areas_is_understood() -> None:
    update = bx.parse_update(bx.remove_areas(7).data)
    assert update is not None
    assert update.delete is None
    assert update.areas == ()


def test_reset_and_format_have_no_name_here() -> None:
    assert {int(kind) for kind in bx.Request}.isdisjoint({0xA201, 0xA100})
