"""The simulated UART: the same rate changes nothing, another rate gives the garbage that a real one gives."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.id_readers.sam_commands import BAUD_CODES
from kiosk.devices.id_readers.sam_frames import PREAMBLE, Command, request
from kiosk.devices.virtual.uart import heard_at

rates = st.sampled_from(list(BAUD_CODES))


@given(sent=st.binary(max_size=60), baud=rates)
def test_the_same_rate_brings_every_byte(sent: bytes, baud: int) -> None:
    assert heard_at(sent, baud, baud) == sent


@given(sent=st.binary(max_size=60), sent_baud=rates, heard_baud=rates)
def test_a_receiver_never_hears_more_than_the_time_on_the_line_allows(
    sent: bytes, sent_baud: int, heard_baud: int
) -> None:
    heard = heard_at(sent, sent_baud, heard_baud)
    assert len(heard) <= len(sent) * max(heard_baud / sent_baud, 1) + 1
    assert bool(heard) == bool(sent)


@given(sent=st.binary(max_size=60), baud=st.sampled_from([9_600, 115_200]))
def test_a_clock_two_percent_off_hears_every_byte_all_the_same(sent: bytes, baud: int) -> None:
    assert heard_at(sent, baud, round(baud * 1.02)) == sent
    assert heard_at(sent, baud, round(baud * 0.98)) == sent


def test_known_bytes_heard_at_twice_the_rate() -> None:
    # 00 is nine low bits, heard as eighteen: one byte whose stop bit is low, then one that ends high.
    assert heard_at(b"\x00", 9_600, 19_200) == b"\x00\x80"
    # FF is one low bit, heard as two: a start bit and one data bit.
    assert heard_at(b"\xff", 9_600, 19_200) == b"\xfe"


def test_no_request_is_understood_at_any_wrong_rate() -> None:
    for sent in BAUD_CODES:
        for heard in BAUD_CODES:
            if sent != heard:
                assert PREAMBLE not in heard_at(request(Command.STATUS), sent, heard)
