"""Frames, statuses and the module's id against the published vectors (devices reference 1.2, 1.3, 1.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.id_readers.sam_frames import (
    MAX_ANSWER_LENGTH,
    PREAMBLE,
    Answer,
    Command,
    Decoder,
    answer,
    blocks,
    frame,
    request,
    sam_id,
)
from kiosk.devices.id_readers.sam_status import MEANINGS, Meaning, meaning

REQUESTS = [
    (Command.RESET, b"", "00 03 10 FF EC"),
    (Command.STATUS, b"", "00 03 11 FF ED"),
    (Command.SAM_ID, b"", "00 03 12 FF EE"),
    (Command.FIND, b"", "00 03 20 01 22"),
    (Command.SELECT, b"", "00 03 20 02 21"),
    (Command.READ, b"", "00 03 30 01 32"),
    (Command.READ_ADDRESS, b"", "00 03 30 03 30"),
    (Command.READ_CHIP, b"", "00 03 30 05 36"),
    (Command.READ_WITH_FINGERPRINT, b"", "00 03 30 10 23"),
    (Command.SET_PAYLOAD, b"\x50", "00 04 61 FF 50 CA"),
]

ANSWERS = [
    ("00 04 00 00 90 94", Answer(0x90)),
    ("00 08 00 00 9F 00 00 00 00 97", Answer(0x9F, data=bytes(4))),
    ("00 04 00 00 80 84", Answer(0x80)),
    ("00 0C 00 00 90 00 00 00 00 00 00 00 00 9C", Answer(0x90, data=bytes(8))),
    ("00 04 00 00 81 85", Answer(0x81)),
    ("00 04 00 00 41 45", Answer(0x41)),
    ("00 04 00 00 91 95", Answer(0x91)),
]

answers = st.builds(
    Answer,
    status=st.integers(0, 255),
    card_status=st.binary(min_size=2, max_size=2),
    data=st.binary(max_size=300),
)


def written(told: Answer) -> bytes:
    return answer(told.status, told.data, told.card_status)


@pytest.mark.parametrize(("command", "data", "wire"), REQUESTS)
def test_each_request_is_the_published_frame(command: Command, data: bytes, wire: str) -> None:
    assert request(command, data) == PREAMBLE + bytes.fromhex(wire)


@pytest.mark.parametrize(("rate", "check"), [(0, 0x63), (1, 0x62), (2, 0x61), (3, 0x60), (4, 0x67)])
def test_set_baud_requests_carry_the_published_check_byte(rate: int, check: int) -> None:
    assert frame(bytes((0x60, rate))) == PREAMBLE + bytes((0, 3, 0x60, rate, check))


@pytest.mark.parametrize(("wire", "told"), ANSWERS)
def test_each_published_answer_is_understood(wire: str, told: Answer) -> None:
    assert Decoder().feed(PREAMBLE + bytes.fromhex(wire)) == told
    assert written(told) == PREAMBLE + bytes.fromhex(wire)


def test_text_and_photo_make_1295_bytes_and_with_fingerprint_2321() -> None:
    assert len(answer(0x90, bytes.fromhex("01000400") + bytes(1280))) == 1295
    assert len(answer(0x90, bytes.fromhex("010004000400") + bytes(2304))) == 2321


@given(told=answers, cuts=st.lists(st.integers(1, 40), max_size=30), noise=st.binary(max_size=60))
def test_an_answer_is_found_however_the_line_cuts_it_and_whatever_came_before(
    told: Answer, cuts: list[int], noise: bytes
) -> None:
    wire = noise.replace(PREAMBLE, b"") + written(told)
    wire = wire if wire.find(PREAMBLE) == len(wire) - len(written(told)) else written(told)
    decoder, found, at = Decoder(), None, 0
    for size in [*cuts, len(wire)]:
        found = decoder.feed(wire[at : at + size])
        at += size
        if found is not None or at >= len(wire):
            break
    assert found == told


@given(told=answers, at=st.integers(0), bit=st.integers(0, 7))
def test_one_flipped_bit_is_never_taken_for_the_answer(told: Answer, at: int, bit: int) -> None:
    wire = bytearray(written(told))
    wire[at % len(wire)] ^= 1 << bit
    assert Decoder().feed(bytes(wire)) != told


@given(chunks=st.lists(st.binary(max_size=6000), max_size=6))
def test_any_bytes_leave_the_decoder_bounded_and_wanting_a_sane_number_more(chunks: list[bytes]) -> None:
    decoder = Decoder()
    for chunk in chunks:
        decoder.feed(chunk)
        assert len(decoder._buffer) <= MAX_ANSWER_LENGTH + len(PREAMBLE) + 2
        assert 1 <= decoder.wants() <= MAX_ANSWER_LENGTH + len(PREAMBLE) + 2


@given(told=answers)
def test_the_decoder_never_waits_for_more_than_the_answer_has(told: Answer) -> None:
    wire, decoder, at = written(told), Decoder(), 0
    found = None
    while found is None:
        step = decoder.wants()
        assert at + step <= len(wire)
        found = decoder.feed(wire[at : at + step])
        at += step
    assert at == len(wire)


def test_a_whole_answer_inside_a_broken_one_is_found() -> None:
    broken = PREAMBLE + bytes.fromhex("0020 00 00 90") + written(Answer(0x80)) + bytes(40)
    decoder = Decoder()
    assert decoder.feed(broken) == Answer(0x80)
    assert decoder.spoiled == 1


def test_a_length_out_of_bounds_is_noise() -> None:
    decoder = Decoder()
    assert decoder.feed(PREAMBLE + b"\xff\xff" + written(Answer(0x9F))) == Answer(0x9F)
    assert decoder.feed(PREAMBLE + b"\x00\x03\x00\x00\x03") is None


@given(parts=st.lists(st.binary(max_size=300), min_size=2, max_size=3))
def test_blocks_come_back_by_their_own_lengths(parts: list[bytes]) -> None:
    data = b"".join(len(part).to_bytes(2, "big") for part in parts) + b"".join(parts)
    assert blocks(data, len(parts)) == tuple(parts)
    assert blocks(data + b"x", len(parts)) is None


@given(data=st.binary(max_size=64), count=st.integers(2, 3))
def test_blocks_of_any_bytes_add_up_or_are_refused(data: bytes, count: int) -> None:
    cut = blocks(data, count)
    assert cut is None or len(cut) == count


def test_the_module_id_is_written_as_makers_print_it() -> None:
    words = ((5, 2), (3, 2), (20091231, 4), (123456, 4), (123456789, 4))
    told = b"".join(value.to_bytes(size, "little") for value, size in words)
    assert sam_id(told) == "05.03-20091231-0000123456-0123456789"
    assert sam_id(told[:-1]) is None


def test_every_status_has_the_class_of_the_table_and_others_are_not_guessed() -> None:
    classes = {
        Meaning.OK: {0x90, 0x9F},
        Meaning.OK_EMPTY: {0x91},
        Meaning.LINE: {0x10, 0x11, 0x21},
        Meaning.SEQUENCE: {0x23, 0x24},
        Meaning.SUSPICIOUS: {0x31, 0x32, 0x33},
        Meaning.WRONG_CARD: {0x40},
        Meaning.READ_FAILED: {0x41},
        Meaning.AGAIN: {0x47},
        Meaning.HARDWARE: {0x60, 0x66},
        Meaning.NO_CARD: {0x80},
        Meaning.NOT_SELECTED: {0x81},
    }
    assert {status: told for told, statuses in classes.items() for status in statuses} == MEANINGS
    assert all(meaning(status) is Meaning.UNLISTED for status in set(range(256)) - set(MEANINGS))


def test_an_answer_shows_no_card_data_when_printed() -> None:
    assert "0000" not in repr(Answer(0x90, data=b"000000198907220025"))
