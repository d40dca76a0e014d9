"""Identity numbers against the standard's vectors (devices reference 2, libraries 1.6, hall C4)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from hall.people import identity_numbers
from hall.people.identity_numbers import NumberKind

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
    assert identity_numbers.is_valid(identity_numbers.normal(number), TODAY)


@pytest.mark.parametrize("number", BAD)
def test_bad_numbers_are_refused(number: str) -> None:
    assert not identity_numbers.is_valid(identity_numbers.normal(number), TODAY)


def test_the_historic_sample_has_a_right_check_digit_but_its_holder_would_be_too_old() -> None:
    assert mod_11_2.is_valid(OLDER_THAN_ANYONE)
    assert not identity_numbers.is_valid(OLDER_THAN_ANYONE, TODAY)


@given(body=st.from_regex(r"\A[0-9]{6}(19[0-9]{2}|20[01][0-9])(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}\Z"))
def test_every_region_and_day_with_its_check_digit_is_good_and_with_another_bad(body: str) -> None:
    right = mod_11_2.calc_check_digit(body)
    assert identity_numbers.is_valid(body + right, TODAY)
    assert not any(identity_numbers.is_valid(body + other, TODAY) for other in "0123456789X" if other != right)


@given(text=st.text(max_size=20))
def test_any_text_gets_an_answer(text: str) -> None:
    assert identity_numbers.is_valid(identity_numbers.normal(text), TODAY) in {True, False}


def test_a_day_must_exist() -> None:
    assert identity_numbers.is_day("20000229")
    assert not identity_numbers.is_day("19000229")
    assert not identity_numbers.is_day("2000022")
    assert not identity_numbers.is_day("00000101")


@pytest.mark.row("EXT-18", part="rule")
@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("11010519491231002X", NumberKind.CITIZEN),
        ("653228202201051231", NumberKind.CITIZEN),
        ("810000199408230021", NumberKind.RESIDENCE_PERMIT),
        ("820000199001010017", NumberKind.RESIDENCE_PERMIT),
        ("830000199201300022", NumberKind.RESIDENCE_PERMIT),
        ("921566198803150017", NumberKind.FOREIGNER),
        ("ABC110101010101", NumberKind.FOREIGNER_OLD),
        ("000000196203150015", NumberKind.SAMPLE),
        ("900000198001010016", NumberKind.SAMPLE),
        ("000000196203150016", None),
        ("AB1110101010101", None),
        ("", None),
    ],
)
def test_every_kind_of_number_is_known_and_samples_serve_in_a_demo_hall_only(
    number: str, kind: NumberKind | None
) -> None:
    if number.startswith("82"):
        number = number[:17] + identity_numbers.check_character(number[:17])
    assert identity_numbers.kind_of(number, TODAY) == kind
    assert identity_numbers.is_accepted(number, demo=True, today=TODAY) == (kind is not None)
    assert identity_numbers.is_accepted(number, demo=False, today=TODAY) == (kind not in {None, NumberKind.SAMPLE})


@pytest.mark.row("EXT-18", part="rule")
@pytest.mark.parametrize(
    ("number", "birth", "age"),
    [
        ("11010519491231002X", date(1949, 12, 31), 76),
        ("810000199408230021", date(1994, 8, 23), 32),
        ("921566198803150017", date(1988, 3, 15), 38),
        ("ABC110101010101", None, None),
        ("11010519491231003X", None, None),
        ("", None, None),
    ],
)
def test_only_a_number_of_eighteen_characters_tells_birth_and_age(
    number: str, birth: date | None, age: int | None
) -> None:
    assert identity_numbers.birth_of(number) == birth
    assert identity_numbers.age_on(number, date(2026, 11, 23)) == age


def test_nobody_is_of_an_age_before_birth_and_the_birthday_counts() -> None:
    number = "11010519491231002X"
    assert identity_numbers.age_on(number, date(1949, 12, 30)) is None
    assert identity_numbers.age_on(number, date(2009, 12, 30)) == 59
    assert identity_numbers.age_on(number, date(2009, 12, 31)) == 60


@given(st.from_regex(r"\A[0-9]{17}\Z"))
def test_the_check_character_is_that_of_iso_7064(seventeen: str) -> None:
    assert identity_numbers.check_character(seventeen) == mod_11_2.calc_check_digit(seventeen)
