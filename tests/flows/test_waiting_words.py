"""A told wait in words: never shorter than the range it stands for, never more exact than it is known."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.events import Quote
from kiosk.flows.statement_sheets import Say
from kiosk.flows.waiting_words import duration_text, wait_text
from kiosk.text.catalogue import load

SAY: Say = partial(load().say, "zh")
ENGLISH: Say = partial(load().say, "en")


def quote(low: int, high: int) -> Quote:
    return Quote(people_ahead=3, low_min=low, high_min=high)


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0, 2, "0–2 分钟"),
        (12, 19, "12–19 分钟"),
        (18, 34, "15–35 分钟"),
        (22, 51, "20–55 分钟"),
        (65, 115, "1–2 小时"),
        (155, 235, "2.5–4 小时"),
        (20, 190, "2 小时，可早可晚"),
        (15, 78, "50 分钟，可早可晚"),
        (285, 370, "4.5 小时以上"),
        (7, 7, "7 分钟"),
    ],
)
def test_a_range_is_told_as_exactly_as_it_is_known(low: int, high: int, told: str) -> None:
    assert wait_text(SAY, quote(low, high)) == told


def test_english_tells_the_same() -> None:
    assert wait_text(ENGLISH, quote(12, 19)) == "12–19 min"
    assert wait_text(ENGLISH, quote(20, 190)) == "2 hours, maybe sooner or later"
    assert duration_text(ENGLISH, 58) == "60 min"


@pytest.mark.parametrize(
    ("minutes", "told"), [(1, "1 分钟"), (20, "20 分钟"), (21, "25 分钟"), (61, "1.5 小时"), (105, "2 小时")]
)
def test_one_length_of_time_is_told_rather_too_long_than_too_short(minutes: int, told: str) -> None:
    assert duration_text(SAY, minutes) == told


class Told:
    """A catalogue that remembers what it was asked to say."""

    def __init__(self) -> None:
        self.key, self.values = "", {}  # type: tuple[str, dict[str, str | int]]

    def __call__(self, key: str, /, **values: str | int) -> str:
        self.key, self.values = key, values
        return key


@given(st.integers(0, 480), st.integers(0, 480))
def test_a_told_range_holds_the_range_it_stands_for(low: int, more: int) -> None:
    heard = Told()
    wait_text(heard, quote(low, low + more))
    unit = 60 if heard.key == "wait.hours_range" else 1
    if heard.key in {"wait.range", "wait.hours_range"}:
        assert float(heard.values["low"]) * unit <= low
        assert float(heard.values["high"]) * unit >= low + more
    if heard.key == "wait.more":
        assert float(heard.values["hours"]) * 60 <= low
