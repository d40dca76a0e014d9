"""Commands, status words and records against the published tables (devices reference 3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.card_readers import apdu
from kiosk.devices.card_readers.apdu import PinCoding, Reply, Word, word
from kiosk.devices.card_readers.social_files import (
    Record,
    check_character,
    day_in,
    name_in,
    number_in,
    value_of,
    version_in,
)
from kiosk.devices.virtual.social_chip import SocialCard, SocialFace


def test_commands_are_the_published_bytes() -> None:
    assert apdu.select_environment() == bytes.fromhex("00A404000F 7378312E73682E C9E7BBE1B1A3D5CF")
    assert apdu.select_file(apdu.EF_CARD, 0x02) == bytes.fromhex("00A4020002EF05")
    assert apdu.select_file(apdu.EF_HOLDER, 0x00) == bytes.fromhex("00A4000002EF06")
    assert apdu.read_record(0x09, 30) == bytes.fromhex("00B2090020")
    assert apdu.get_response(0x20) == bytes.fromhex("00C0000020")
    assert apdu.with_length(bytes.fromhex("00B2090020"), 0x1E) == bytes.fromhex("00B209001E")


def test_six_digits_are_three_bytes_of_bcd_and_other_profiles_their_own_form() -> None:
    assert apdu.verify("123456", PinCoding.BCD) == bytes.fromhex("0020000003123456")
    assert apdu.verify("12345", PinCoding.BCD) == bytes.fromhex("002000000312345F")
    assert apdu.verify("123456", PinCoding.ASCII) == bytes.fromhex("0020000006313233343536")


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        (0x9000, Word.OK),
        (0x6120, Word.MORE),
        (0x6C20, Word.LENGTH),
        (0x63C2, Word.WRONG_PIN),
        (0x6300, Word.WRONG_PIN),
        (0x6983, Word.BLOCKED),
        (0x9303, Word.LOCKED_FOR_GOOD),
        (0x6982, Word.NEEDS_AUTHENTICATION),
        (0x6A82, Word.ABSENT),
        (0x6A83, Word.ABSENT),
        (0x6986, Word.ABSENT),
        (0x6A86, Word.REFUSED),
        (0x6D00, Word.REFUSED),
        (0x6E00, Word.REFUSED),
        (0x6581, Word.FAILED),
        (0x6700, Word.FAILED),
        (0x6F00, Word.FAILED),
    ],
)
def test_status_words_have_their_meaning(code: int, meant: Word) -> None:
    assert word(code) is meant


def test_tries_left_are_told_only_when_the_card_tells_them() -> None:
    assert apdu.tries_left(0x63C2) == 2
    assert apdu.tries_left(0x63C0) == 0
    assert apdu.tries_left(0x6300) is None


@pytest.mark.parametrize(
    ("eight", "ninth"), [("X0000001", "9"), ("A0000001", "1"), ("00000000", "0"), ("ZZZZZZZZ", "3"), ("D2143569", "X")]
)
def test_card_number_check_characters_are_the_published_ones(eight: str, ninth: str) -> None:
    assert check_character(eight) == ninth


def test_a_record_with_another_tag_or_length_is_not_this_record() -> None:
    assert value_of(Record.VERSION, b"\x03\x042.00") == b"2.00"
    assert value_of(Record.VERSION, b"\x04\x042.00") is None
    assert value_of(Record.VERSION, b"\x03\x032.00") is None
    assert value_of(Record.VERSION, b"\x03\x052.000") is None
    assert value_of(Record.VERSION, b"\x03") is None


def test_values_are_read_and_blank_ones_are_empty() -> None:
    assert version_in(b"3.00") == "3.00"
    assert version_in(b"\xff\xff\xff\xff") == ""
    assert day_in(bytes.fromhex("20400101")) == "20400101"
    assert day_in(bytes(4)) == ""
    assert day_in(b"\xff" * 4) == ""
    assert day_in(bytes.fromhex("20401301")) is None
    assert number_in(b"000000198907220025") == "000000198907220025"
    assert number_in(b"00000019570509002x") == "00000019570509002X"
    assert number_in(b"000000198907220026") is None
    assert number_in(bytes(18)) == ""
    assert number_in(b"USA1234567890".ljust(18, b"\0")) == "USA1234567890"
    assert name_in("李和".encode("gbk").ljust(30, b"\0")) == "李和"
    assert name_in("李和".encode("gbk").ljust(30, b" ")) == "李和"
    assert name_in(bytes(30)) == ""
    assert name_in(b"\xd5\x00".ljust(30, b"\0")) is None


def test_rare_names_come_out_as_the_real_characters() -> None:
    assert name_in("王".encode("gbk") + b"\xfe\x9f".ljust(28, b"\0")) == "王䶮"
    assert name_in(b"\xfe\x90\xfe\x59".ljust(30, b"\0")) == "\u9fba\u9fb4"


def test_a_name_that_fills_the_field_may_be_cut_inside_a_character() -> None:
    cut = ("阿" * 7 + "·A" + "依" * 7 + "丽").encode("gb18030")[:30]
    assert name_in(cut) == "阿" * 7 + "·A" + "依" * 6
    full = ("依" * 15).encode("gb18030")
    assert name_in(full) == "依" * 15


@given(value=st.binary(max_size=40))
def test_any_value_is_judged_without_a_crash(value: bytes) -> None:
    for record in Record:
        value_of(record, value)
    version_in(value), day_in(value), number_in(value)
    assert len(name_in(value) or "") <= len(value)


@given(code=st.integers(0, 0xFFFF))
def test_every_word_has_a_meaning(code: int) -> None:
    assert word(code) in Word


@given(commands=st.lists(st.binary(max_size=40), max_size=6))
def test_the_virtual_card_answers_any_bytes_with_a_status_word(commands: list[bytes]) -> None:
    card = SocialCard(SocialFace("李和", "000000198907220025"))
    card.power(on=True)
    for command in commands:
        assert len(card.answer(command)) >= 2


def test_a_reply_shows_no_card_data_when_printed() -> None:
    assert "0000" not in repr(Reply(0x9000, b"000000198907220025"))
