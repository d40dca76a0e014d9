"""The ministry's line and codes, as bytes: published samples, every field wrong in turn, and anything at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.card_readers.vendor_line import LineProblem, Meaning, VendorCard, meaning, parse, tries_left
from kiosk.ports import SocialField
from tests.devices.card_readers.vendor_library import LI_HE

HIDING = b"411600|||411600D156000005C38275EEFC9B9648||008C544CB386844116018593CA|3.00|20211203|20311202|"


def with_field(index: int, value: str) -> bytes:
    parts = LI_HE.split("|")
    parts[index] = value
    return "|".join(parts).encode("gb18030")


def test_a_line_is_a_card() -> None:
    assert parse(LI_HE.encode("gb18030")) == VendorCard("李和", "000000198907220025", "A00000011", "2.00", "20400101")


def test_a_version_3_card_without_a_psam_tells_which_fields_it_hides() -> None:
    card = parse(HIDING)
    assert isinstance(card, VendorCard)
    assert card.version == "3.00"
    assert card.missing() == (SocialField.CARD_NUMBER, SocialField.NUMBER, SocialField.NAME)


@pytest.mark.parametrize(
    ("index", "value", "problem"),
    [
        (0, "63010", LineProblem.NO_LINE),
        (3, "630200D15600000500BF7C7A48FB4966", LineProblem.NO_LINE),
        (3, "", LineProblem.NO_LINE),
        (6, "2", LineProblem.NO_LINE),
        (1, "000000198907220026", LineProblem.UNSOUND),
        (2, "A00000012", LineProblem.UNSOUND),
        (4, "李\x07和", LineProblem.UNSOUND),
        (8, "20401301", LineProblem.UNSOUND),
    ],
)
def test_a_wrong_field_is_named_for_what_it_is(index: int, value: str, problem: LineProblem) -> None:
    assert parse(with_field(index, value)) is problem


def test_a_line_whose_fields_are_shifted_is_nobodys_card() -> None:
    assert parse(LI_HE.partition("|")[2].encode("gb18030")) is LineProblem.NO_LINE
    assert parse(b"|" + LI_HE.encode("gb18030")) is LineProblem.NO_LINE


def test_a_line_may_end_after_the_version_and_a_card_number_may_go_unchecked() -> None:
    short = parse("|".join(LI_HE.split("|")[:7]).encode("gb18030"))
    assert isinstance(short, VendorCard)
    assert short.expires == ""
    unchecked = parse(with_field(2, "9900012"), check_card_number=False)
    assert isinstance(unchecked, VendorCard)
    assert not unchecked.missing()


def test_a_line_longer_than_its_limit_is_refused() -> None:
    assert parse(LI_HE.encode("gb18030") + b" " * 1024) is LineProblem.NO_LINE


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        (0, Meaning.OK),
        (-1, Meaning.WRONG_CARD),
        (-2, Meaning.NO_CARD),
        (-4, Meaning.MUTE),
        (-11, Meaning.NO_READER),
        (-13, Meaning.NOT_KNOWN),
        (-21, Meaning.SUSPICIOUS),
        (-24, Meaning.NEEDS_AUTHENTICATION),
        (-51, Meaning.WRONG_PIN),
        (-52, Meaning.BLOCKED),
        (-2201, Meaning.NEEDS_AUTHENTICATION),
        (-2202, Meaning.NEEDS_AUTHENTICATION),
        (-2203, Meaning.NEEDS_AUTHENTICATION),
        (-27010, Meaning.NEEDS_AUTHENTICATION),  # 69 82
        (-27011, Meaning.BLOCKED),  # 69 83
        (-27266, Meaning.WRONG_CARD),  # 6A 82
        (-27272, Meaning.NEEDS_AUTHENTICATION),  # 6A 88
        (-37635, Meaning.REPLACE),  # 93 03
        (-0x63C1, Meaning.WRONG_PIN),
        (-999, Meaning.TROUBLE),
        (1, Meaning.TROUBLE),
        (-(2**31), Meaning.TROUBLE),
    ],
)
def test_codes_have_their_meaning(code: int, meant: Meaning) -> None:
    assert meaning(code) is meant


def test_tries_are_told_by_the_card_or_in_words() -> None:
    assert tries_left(-0x63C2, b"") == 2
    assert tries_left(-51, "PIN校验失败，剩余次数2次".encode("gb18030")) == 2
    assert tries_left(-51, b"\xff\xff") is None
    assert tries_left(-51, "剩余次数".encode("gb18030")) is None


def test_a_card_of_a_line_shows_nothing_when_printed() -> None:
    assert "李和" not in repr(parse(LI_HE.encode("gb18030")))


@given(line=st.binary(max_size=1200) | st.lists(st.binary(max_size=20), max_size=20).map(b"|".join))
def test_any_line_is_judged_without_a_crash(line: bytes) -> None:
    card = parse(line)
    if isinstance(card, VendorCard):
        assert len(card.number) <= 18
    parse(line, check_card_number=False)


@given(code=st.integers(-(2**31), 2**31 - 1), said=st.binary(max_size=80))
def test_every_code_has_a_meaning(code: int, said: bytes) -> None:
    assert meaning(code) in Meaning
    left = tries_left(code, said)
    assert left is None or 0 <= left < 100
