"""The foot of the hall display: who missed the call, what to do, and what holds when nobody is called any more."""

import pytest

from hall.speech.courtesy import lint
from kiosk.session import View
from kiosk.ui.widgets.picture import Words
from tests.ui.display_samples import MISSED, RESERVES, display_shots
from tests.ui.test_pictures_hold import ink_of, picture_of

SHOTS = {shot[0]: shot for shot in display_shots()}


def words_of(name: str, view: View | None = None) -> dict[str, Words]:
    items = picture_of(SHOTS[name], view or View()).items
    return {item.name: item for item in items if isinstance(item, Words) and item.name}


@pytest.mark.row("QUE-04", part="face")
def test_who_missed_the_call_stands_on_the_display_with_the_way_back() -> None:
    for name, missed in (("display_missed", MISSED), ("display_missed_away", MISSED[:1])):
        told = words_of(name)
        assert told["missed"].text == "过号"
        assert [told[f"missed:{label}"].text for label in missed] == list(missed)
        assert "导引台" in told["back"].text
        assert "再排一次" in told["back"].text
        assert lint(told["back"].text) == ()
    assert "missed" not in words_of("display_rows")


@pytest.mark.parametrize("view", [View(), View(language="en")])
def test_missed_numbers_that_do_not_fit_are_left_out_the_oldest_first(view: View) -> None:
    told = words_of("display_missed_long", view)
    shown = [label for label in RESERVES if f"missed:{label}" in told]
    assert shown == list(RESERVES[: len(shown)])
    assert len(shown) >= 3


def test_missed_numbers_take_nothing_from_the_five_calls() -> None:
    without, with_them = words_of("display_rows"), words_of("display_missed")
    calls = [name for name in without if name.startswith("call:")]
    assert len(calls) == 5
    assert [ink_of(with_them[name]) for name in calls] == [ink_of(without[name]) for name in calls]


def test_after_the_last_number_nobody_is_told_to_wait_for_a_call() -> None:
    told = words_of("display_cut_off")
    assert told["waiting"].text == "今日取号已结束"
    assert "周一至周五" in told["hours"].text
    assert "missed_rule" not in told
