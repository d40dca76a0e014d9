"""Identity numbers against the standard's vectors (devices reference 2, libraries 1.6, hall C4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from kiosk.devices.id_readers import id_number

TODAY = "20261123"

GOOD = [
    "11010519491231002X",
    "11010519491231002x",
    "440524188001010014",
    "810000199001010019",
    "830000198512120024",
    "110101200002299012",
    "921566198803150017",
    "330113202201051234",
    "710101199001010017",
    "810000199408230021",
    "830000199201300022",
    "911124198108030032",
    "653228202201051231",
    "00000019570509002X",
    "000000199602290051",
    "900000198001010016",
]
BAD = [
    "110105205001010019",
    "110105194912310021",
    "11010519491331002X",
    "000000196203150016",
    "00000019620315001",
    "000000196213150010",
    "０００００0196203150015",
    "00000019620315001٥",
    "",
    "11010519491231002X0",
]
OLDER_THAN_ANYONE = "440524188001010014"


@pytest.mark.parametrize("number", [number for number in GOOD if number != OLDER_THAN_ANYONE])
def test_good_numbers_are_taken(number: str) -> None:
    assert id_number.is_valid(id_number.normal(number), TODAY)


@pytest.mark.parametrize("number", BAD)
def test_bad_numbers_are_refused(number: str) -> None:
    assert not id_number.is_valid(id_number.normal(number), TODAY)


def test_the_historic_sample_has_a_right_check_digit_but_its_holder_would_be_too_old() -> None:
    assert mod_11_2.is_valid(OLDER_THAN_ANYONE)
    assert not id_number.is_valid(OLDER_THAN_ANYONE, TODAY)


@given(body=st.from_regex(r"\A[0-9]{6}(19[0-9]{2}|20[01][0-9])(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}\Z"))
def test_every_region_and_day_with_its_check_digit_is_good_and_with_another_bad(body: str) -> None:
    right = mod_11_2.calc_check_digit(body)
    assert id_number.is_valid(body + right, TODAY)
    assert not any(id_number.is_valid(body + other, TODAY) for other in "0123456789X" if other != right)


@given(text=st.text(max_size=20))
def test_any_text_gets_an_answer(text: str) -> None:
    assert id_number.is_valid(id_number.normal(text), TODAY) in {True, False}


def test_a_day_must_exist() -> None:
    assert id_number.is_day("20000229")
    assert not id_number.is_day("19000229")
    assert not id_number.is_day("2000022")
    assert not id_number.is_day("00000101")
