"""Every command and what its answer holds, against the published vectors (devices reference 1.2, 1.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.id_readers.sam_commands import (
    BAUD_CODES,
    MAX_ADDRESS_BYTES,
    MAX_MANAGEMENT_BYTES,
    PHOTO_AND_FINGERPRINT,
    parse_answer,
    parse_management,
    parse_new_address,
    parse_text,
    set_baud,
    set_payload,
)
from kiosk.devices.id_readers.sam_frames import PREAMBLE, Answer, Command, answer, request
from kiosk.devices.virtual.id_faces import IdFace
from kiosk.devices.virtual.sam_module import SamModule

LI_HE = IdFace("李和", "000000198907220025", fingerprint=True)


@pytest.mark.parametrize(
    ("baud", "wire"),
    [
        (115_200, "0003600063"),
        (57_600, "0003600162"),
        (38_400, "0003600261"),
        (19_200, "0003600360"),
        (9_600, "0003600467"),
    ],
)
def test_each_rate_is_set_by_its_published_frame(baud: int, wire: str) -> None:
    assert set_baud(baud) == PREAMBLE + bytes.fromhex(wire)


def test_a_rate_that_no_module_has_is_refused() -> None:
    assert len(BAUD_CODES) == 5
    with pytest.raises(KeyError):
        set_baud(921_600)


def test_the_radio_payload_is_told_by_its_published_frame() -> None:
    assert set_payload() == PREAMBLE + bytes.fromhex("000461FF50CA")


def laid(face: IdFace, *commands: Command) -> bytes:
    module = SamModule()
    module.lay(face)
    for command in (Command.FIND, Command.SELECT, *commands):
        replies = module.receive(request(command))
    return replies[0].frame


def test_the_reading_has_the_published_head_and_length() -> None:
    told = laid(LI_HE, Command.READ)
    assert len(told) == 1295
    assert told.startswith(PREAMBLE + bytes.fromhex("050800009001000400"))
    assert parse_text(told[len(PREAMBLE) + 5 : -1]) == LI_HE.text_block()


def test_the_reading_with_fingerprint_has_the_published_head_and_length() -> None:
    told = laid(LI_HE, Command.READ_WITH_FINGERPRINT)
    assert len(told) == 2321
    assert told.startswith(PREAMBLE + bytes.fromhex("090A000090010004000400"))
    assert parse_text(told[len(PREAMBLE) + 5 : -1], PHOTO_AND_FINGERPRINT) == LI_HE.text_block()


def test_a_new_address_is_read_and_its_absence_is_the_published_answer() -> None:
    moved = IdFace("李和", "000000198907220025", new_address="示例省示例市新河路2号")
    told = parse_answer(laid(moved, Command.READ, Command.READ_ADDRESS))
    assert told is not None
    assert parse_new_address(told.data) == "示例省示例市新河路2号"
    assert laid(LI_HE, Command.READ, Command.READ_ADDRESS) == PREAMBLE + bytes.fromhex("000400009195")


def test_a_blank_or_broken_address_is_none() -> None:
    assert parse_new_address(b"") is None
    assert parse_new_address(" ".encode("utf-16-le") * 35) is None
    assert parse_new_address(b"\x00\xd8") is None
    assert parse_new_address("街".encode("utf-16-le") * 36) is None


def test_a_management_number_is_told_in_hexadecimal() -> None:
    told = parse_answer(laid(LI_HE, Command.READ_CHIP))
    assert told is not None
    assert parse_management(told.data) == "0011223344556677"
    assert parse_management(b"") is None
    assert parse_management(bytes(MAX_MANAGEMENT_BYTES + 1)) is None


@given(wire=st.binary(max_size=3_000))
def test_any_bytes_hold_an_answer_or_none(wire: bytes) -> None:
    told = parse_answer(wire)
    assert told is None or answer(told.status, told.data, told.card_status) in wire


@given(data=st.binary(max_size=3_000), pictures=st.sampled_from([1, 2]))
def test_any_bytes_hold_a_text_block_or_none(data: bytes, pictures: int) -> None:
    text = parse_text(data, pictures)
    assert text is None or text in data


@given(data=st.binary(max_size=200))
def test_any_bytes_hold_an_address_or_a_number_or_none(data: bytes) -> None:
    address, number = parse_new_address(data), parse_management(data)
    assert address is None or len(address) <= MAX_ADDRESS_BYTES // 2
    assert number is None or bytes.fromhex(number) == data


@given(text=st.binary(max_size=300), photo=st.binary(max_size=300))
def test_the_text_is_cut_by_the_told_lengths_never_by_a_fixed_place(text: bytes, photo: bytes) -> None:
    data = len(text).to_bytes(2, "big") + len(photo).to_bytes(2, "big") + text + photo
    assert parse_text(data) == text
    assert parse_text(data + b"x") is None


def test_an_answer_shows_nothing_of_the_card() -> None:
    assert "2A" not in repr(Answer(0x90, data=b"2A2A"))
