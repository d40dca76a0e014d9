import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.keypads import pad_frames as pad
from kiosk.devices.keypads.pad_frames import Decoder, PadFrame
from kiosk.ports import Key

SHOW_016 = bytes.fromhex("ff 68 08 08 68 01 02 0a 0a 0a 00 01 06 28 16")
WAITING_12 = bytes.fromhex("ff 68 08 08 68 01 02 00 01 02 0a 0a 0a 24 16")
BEEP = bytes.fromhex("ff 68 02 02 68 01 03 04 16")

FRAMES = st.builds(PadFrame, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=pad.MAX_DATA))


def pressed(*data: int) -> tuple[tuple[Key, int | None], ...]:
    return pad.keys(PadFrame(1, 1, bytes(data)))


def test_the_three_vectors_of_the_family() -> None:
    assert pad.encode(pad.show(1, None, "A016")) == SHOW_016
    assert pad.encode(pad.show(1, 12, "")) == WAITING_12
    assert pad.encode(pad.beep(1)) == BEEP


@pytest.mark.parametrize("vector", [SHOW_016, WAITING_12, BEEP])
def test_every_vector_is_read_and_written_back(vector: bytes) -> None:
    (frame,) = Decoder().feed(vector)
    assert pad.encode(frame) == vector


def test_counts_and_number_stand_side_by_side() -> None:
    assert pad.show(1, 12, "Y001").data == bytes([0, 1, 2, 0, 0, 1])
    assert pad.show(1, 4_711, "A12-K3").data == bytes([9, 9, 9, 0x0A, 1, 2])
    assert pad.show(1, 0, "").data == bytes([0, 0, 0, 0x0A, 0x0A, 0x0A])


def test_an_evaluators_frame_is_answered_with_function_01_and_a_sum_ten_hex_less() -> None:
    rated = PadFrame(3, pad.RATED, b"\x02")
    answer = pad.acknowledgement(rated)
    assert (answer.address, answer.function, answer.data) == (3, 0x01, b"\x02")
    assert pad.encode(rated)[-2] - pad.encode(answer)[-2] == 0x10


def test_a_keypads_press_is_answered_with_itself() -> None:
    press = PadFrame(1, 1, b"\x0c")
    assert pad.acknowledgement(press) == press


def test_the_rating_is_started_with_0b() -> None:
    assert pad.encode(pad.start_rating(2)) == bytes.fromhex("ff 68 03 03 68 02 01 0b 0e 16")


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ([0x0C], Key.CALL),
        ([0x0D], Key.RECALL),
        ([0x0B], Key.EVALUATE),
        ([0x0E], Key.CANCEL),
        ([0x0F], Key.CONFIRM),
        ([0x06, 0x0F], Key.GIVE_UP),
        ([0x00, 0x0F], Key.HOLD),
        ([0x03, 0x0F], Key.CALL_BACK),
        ([0x11], Key.LINE),
        ([0x12], Key.PAUSE),
        ([0x13], Key.TRANSFER),
    ],
)
def test_every_key_has_its_name(data: list[int], key: Key) -> None:
    assert pressed(*data) == ((key, None),)


def test_digits_come_one_by_one_or_together_with_the_key_that_ended_them() -> None:
    assert pressed(7) == ((Key.DIGIT, 7),)
    digits = tuple((Key.DIGIT, digit) for digit in (0, 3, 1, 0))
    assert pressed(0, 3, 1, 0, 0x0F) == (*digits, (Key.CONFIRM, None))
    assert pressed(4, 0x0F) == ((Key.DIGIT, 4), (Key.CONFIRM, None))


@pytest.mark.parametrize("data", [[], [0x1F], [0x0C, 0x0C], [1, 0x77]])
def test_what_no_key_says_is_no_press(data: list[int]) -> None:
    assert pressed(*data) == ()


def test_what_was_typed_is_not_told_by_a_frames_name() -> None:
    assert "data" not in repr(PadFrame(1, 1, bytes([2, 4, 6, 8])))


@given(FRAMES)
def test_a_frame_comes_back_as_it_was_meant(frame: PadFrame) -> None:
    assert Decoder().feed(pad.encode(frame)) == [frame]
    assert pad.parse(pad.encode(frame)) == frame
    assert pad.parse(pad.encode(frame)[1:]) == frame


@given(FRAMES, st.binary(max_size=40), st.integers(1, 7))
def test_a_press_after_noise_and_a_pause_is_found(frame: PadFrame, noise: bytes, piece: int) -> None:
    decoder = Decoder()
    decoder.feed(noise)
    decoder.pause()
    sent = pad.encode(frame)
    found = [each for at in range(0, len(sent), piece) for each in decoder.feed(sent[at : at + piece])]
    assert found == [frame]


def test_a_press_behind_a_cut_frame_is_found_when_the_line_rests() -> None:
    decoder = Decoder()
    cut = pad.encode(PadFrame(1, 1, bytes(12)))[:9]
    press = PadFrame(1, 1, b"\x0c")
    found = decoder.feed(cut + pad.encode(press))
    assert found + decoder.pause() == [press]


@given(FRAMES, st.integers(min_value=1), st.integers(1, 255))
def test_one_changed_byte_is_never_taken_for_another_press(frame: PadFrame, at: int, by: int) -> None:
    sent = bytearray(pad.encode(frame))
    sent[1 + at % (len(sent) - 1)] ^= by
    decoder = Decoder()
    found = decoder.feed(bytes(sent)) + decoder.pause()
    assert frame not in found


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_no_bytes_make_the_decoder_fail_or_grow(pieces: list[bytes]) -> None:
    decoder = Decoder()
    for piece in pieces:
        for frame in decoder.feed(piece):
            pad.keys(frame)
        assert len(decoder._held) <= pad.MAX_FRAME_BYTES
        pad.parse(piece)
    decoder.pause()
    assert decoder._held == b""


@given(st.lists(st.one_of(FRAMES.map(pad.encode), st.binary(max_size=12)), max_size=6), st.integers(1, 9))
def test_pieces_read_the_same_as_the_whole(parts: list[bytes], piece: int) -> None:
    line = b"".join(parts)
    whole, pieces = Decoder(), Decoder()
    found = [each for at in range(0, len(line), piece) for each in pieces.feed(line[at : at + piece])]
    assert found == whole.feed(line)
    assert pieces.pause() == whole.pause()
    assert pieces.dropped == whole.dropped
