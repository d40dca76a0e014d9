"""A scanner that types: its bursts are codes and press nothing, a person's keys are keys and no code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ports import MAX_SCAN
from kiosk.ui.navigation import CODES
from kiosk.ui.wedge import Wedge, character_of

SLIP = "DY1/T/A012/019A0000000070008000000000000001"
ENTER, TAB, DOWN = 13, 9, 274
FAST, SLOW = 0.004, 0.2


def keys_of(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """How a scanner types a text of letters, digits and marks."""
    return [(ord(mark.lower()), ("shift",) if mark.isupper() else ()) for mark in text]


def typed(wedge: Wedge, text: str, apart_s: float = FAST, start_s: float = 10.0, end: int = ENTER) -> str | None:
    now = start_s
    for code, modifiers in keys_of(text):
        assert wedge.key(code, modifiers, now) == ""
        now += apart_s
    return wedge.key(end, (), now)


@pytest.mark.parametrize("end", [ENTER, 271, TAB])
def test_a_burst_and_an_enter_are_one_code(end: int) -> None:
    assert typed(Wedge(), SLIP, end=end) == SLIP


def test_the_line_feed_after_a_carriage_return_presses_nothing() -> None:
    wedge = Wedge()
    assert typed(wedge, "A012") == "A012"
    now = 10.0 + 4 * FAST
    assert wedge.key(ENTER, (), now + FAST) == ""
    assert wedge.key(ENTER, (), now + 1) is None


def test_slow_typing_is_no_code_and_its_enter_is_a_persons() -> None:
    assert typed(Wedge(), "A012B034", SLOW) is None


def test_what_was_typed_slowly_before_a_scan_is_no_part_of_it() -> None:
    wedge = Wedge()
    assert wedge.key(ord("9"), (), 9.0) == ""
    assert typed(wedge, "A012") == "A012"


def test_a_few_characters_are_noise_and_press_nothing() -> None:
    assert typed(Wedge(), "A01") == ""


def test_a_key_in_the_middle_of_a_burst_moves_nothing_and_alone_it_is_a_persons() -> None:
    wedge = Wedge()
    wedge.key(ord("a"), (), 10.0)
    assert wedge.key(DOWN, (), 10.01) == ""
    assert wedge.key(DOWN, (), 12.0) is None


def test_a_code_without_end_is_bounded_and_told_as_too_long() -> None:
    found = typed(Wedge(), "x" * (5 * MAX_SCAN))
    assert found is not None
    assert len(found) == MAX_SCAN + 1


def test_a_scan_that_waited_while_the_screen_was_drawing_is_still_one_code() -> None:
    wedge, now = Wedge(), 10.0
    for index, (code, modifiers) in enumerate(keys_of(SLIP)):
        if index % 5 == 0:  # five keys, then 150 ms in which nobody looks
            wedge.looked(now)
            now += 0.15
        wedge.key(code, modifiers, now)
    assert wedge.key(ENTER, (), now) == SLIP


def test_slow_typing_before_a_screen_that_looks_all_the_time_is_no_code() -> None:
    wedge, now = Wedge(), 10.0
    for code, modifiers in keys_of("A012B034"):
        for _ in range(6):
            now += 1 / 60
            wedge.looked(now)
        wedge.key(code, modifiers, now)
    for _ in range(6):
        now += 1 / 60
        wedge.looked(now)
    assert wedge.key(ENTER, (), now) is None


@pytest.mark.parametrize(
    ("code", "modifiers", "character"),
    [
        (ord("a"), (), "a"),
        (ord("a"), ("shift",), "A"),
        (ord("a"), ("capslock",), "A"),
        (ord("a"), ("shift", "capslock"), "a"),
        (ord(";"), ("shift",), ":"),
        (ord("/"), ("shift",), "?"),
        (ord("7"), ("numlock",), "7"),
        (263, (), "7"),
        (ord("]"), ("ctrl",), "\x1d"),
        (304, ("shift",), ""),
    ],
)
def test_keys_type_as_on_a_united_states_keyboard(code: int, modifiers: tuple[str, ...], character: str) -> None:
    assert character_of(code, modifiers) == character


def test_no_key_of_the_navigation_keypad_types_anything() -> None:
    assert not [name for name, code in CODES.items() if character_of(code, ())]


@given(
    st.lists(st.tuples(st.integers(0, 320), st.sets(st.sampled_from(["shift", "ctrl"])), st.floats(0, 1)), max_size=60)
)
def test_any_keys_give_only_codes_of_a_known_size(keys: list[tuple[int, set[str], float]]) -> None:
    wedge, now = Wedge(), 0.0
    for code, modifiers, apart in keys:
        now += apart
        found = wedge.key(code, modifiers, now)
        assert found is None or not found or 4 <= len(found) <= MAX_SCAN + 1
        assert found is not None or not character_of(code, modifiers)
