import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.led_bars import queue_frames as qf
from kiosk.devices.led_bars.queue_frames import BarFrame, Colour, Decoder, Kind

TEXTS = st.text(alphabet="A0 请号窗口到〓", max_size=20)


def test_a_frame_as_the_page_describes_it() -> None:
    sent = qf.encode(BarFrame(7, "A请", kind=Kind.TEMPORARY, speed=2, entry_mode=3, exit_mode=1, stay=9))
    assert len(sent) == 69
    assert sent[0] == 255 - 7
    assert sent[1:8] == bytes([4, 0, 0, 2, 2 << 5 | 3, 1, 9])
    assert sent[8:13] == b"\x21A\x20" + "请".encode("gbk")
    assert not any(sent[13:68])
    assert sent[68] == sum(sent[1:68]) & 0xFF


def test_the_screen_number_is_not_in_the_sum() -> None:
    assert qf.encode(BarFrame(1, "A"))[1:] == qf.encode(BarFrame(200, "A"))[1:]


def test_colours_stand_in_the_high_bits() -> None:
    sent = qf.encode(BarFrame(7, "A请", colours=(Colour.GREEN, Colour.YELLOW)))
    assert (sent[8], sent[10]) == (0x61, 0xA0)


@pytest.mark.parametrize(
    "frame",
    [
        BarFrame(0, "A"),
        BarFrame(255, "A"),
        BarFrame(7, "请" * 21),
        BarFrame(7, "AB", colours=(Colour.RED,)),
    ],
)
def test_what_no_frame_can_hold_is_refused(frame: BarFrame) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the value that does not fit is all there is to say
        qf.encode(frame)


@given(st.integers(1, 254), TEXTS, st.sampled_from(list(Kind)), st.integers(0, 255), st.data())
def test_a_frame_comes_back_as_it_was_meant(
    screen: int, text: str, kind: Kind, entry: int, data: st.DataObject
) -> None:
    shown = qf.fitting(text)
    colours = tuple(data.draw(st.lists(st.integers(0, 3), min_size=len(shown), max_size=len(shown))))
    frame = BarFrame(screen, shown, kind, 0x1234, entry >> 5, entry & 0x1F, 1, 2, colours)
    assert qf.parse(qf.encode(frame)) == frame


@given(st.text(max_size=80))
def test_any_text_becomes_something_that_fits(text: str) -> None:
    shown = qf.fitting(text)
    frame = qf.parse(qf.encode(BarFrame(7, shown)))
    assert frame is not None
    assert frame.text == shown
    assert "\n" not in shown


def test_a_call_fits_and_a_character_no_bar_knows_is_a_visible_mark() -> None:
    assert qf.fitting("请Y001号到14号窗口") == "请Y001号到14号窗口"
    assert qf.fitting("王䶮") == "王〓"
    assert qf.fitting("€1") == "〓1"
    assert qf.fitting("请" * 30) == "请" * 20


@given(st.integers(1, 68), st.integers(1, 255))
def test_one_changed_byte_is_lost(at: int, by: int) -> None:
    sent = bytearray(qf.encode(BarFrame(7, "请A001号")))
    sent[at] ^= by
    assert qf.parse(bytes(sent)) is None


@given(st.lists(st.one_of(st.binary(max_size=200), st.none()), max_size=8))
def test_no_bytes_make_the_decoder_fail_or_grow(pieces: list[bytes | None]) -> None:
    decoder = Decoder()
    for piece in pieces:
        if piece is None:
            decoder.pause()
        else:
            decoder.feed(piece)
            qf.parse(piece)
        assert len(decoder._held) < qf.FRAME_BYTES


def test_after_a_pause_a_cut_frame_no_longer_stands_in_the_way() -> None:
    decoder = Decoder()
    sent = qf.encode(BarFrame(7, "A001"))
    assert decoder.feed(sent[:30]) == []
    decoder.pause()
    assert [frame.text for frame in decoder.feed(sent)] == ["A001"]
    assert decoder.damaged == 1
