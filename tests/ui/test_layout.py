import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.guarding import DoubleTaps
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.phrasing import phrased

LENGTHS = st.floats(1, 2_000, allow_nan=False)
BOXES = st.builds(Box, st.floats(0, 500), st.floats(0, 500), LENGTHS, LENGTHS)
CHINESE = st.text(alphabet="请您稍候取号到窗口\uff0c\u3002\uff1b\u3001\u201d", max_size=60)


def in_characters(text: str) -> float:
    return float(len(text))


@given(CHINESE, st.integers(4, 30))
def test_phrasing_loses_nothing_and_takes_no_further_line(text: str, width: int) -> None:
    lines = -(-len(text) // width)
    told = phrased(text, width, lines, in_characters)
    assert told.replace("\n", "") == text
    if "\n" in told:
        assert len(told.split("\n")) <= lines
        assert all(len(line) <= width for line in told.split("\n"))


def test_phrasing_breaks_after_a_mark() -> None:
    text = "请擦净后再放一次\uff1b仍读不出\uff0c请换一张卡\u3002"
    assert phrased(text, 14, 2, in_characters).split("\n")[1] == "请换一张卡\u3002"
    assert phrased("很长的一句话没有任何停顿可以断开", 8, 2, in_characters) == "很长的一句话没有任何停顿可以断开"


@given(BOXES, st.integers(1, 8), st.floats(0, 20))
def test_columns_and_rows_tile_a_box_without_overlap(box: Box, count: int, gap: float) -> None:
    if box.w <= gap * count or box.h <= gap * count:
        return
    for parts in (box.columns(count, gap), box.rows(count, gap)):
        assert len(parts) == count
        assert parts[0][:2] == box[:2]
        assert parts[-1].right == pytest.approx(box.right)
        assert parts[-1].bottom == pytest.approx(box.bottom)
        assert not any(one.meets(other, -0.01) for one, other in itertools.pairwise(parts))


@given(BOXES, LENGTHS)
def test_what_is_cut_off_and_what_is_left_lie_on_their_sides(box: Box, length: float) -> None:
    for piece, rest in (box.top(length), box.left(length)):
        assert piece[:2] == box[:2]
        assert rest.x >= box.x
        assert rest.y >= box.y
    for piece, _ in (box.foot(length), box.far(length)):
        assert piece.right == pytest.approx(box.right)
        assert piece.bottom == pytest.approx(box.bottom)


def test_only_a_quick_near_tap_on_a_new_screen_is_an_echo() -> None:
    taps = DoubleTaps(px_per_mm=3.0)

    def second(wait_ms: float, away_px: float, *, new_screen: bool) -> bool:
        taps.down(10_000.0, 100.0, 100.0)
        taps.acted(10_050.0)
        if new_screen:
            taps.screen_changed()
        taps.down(10_050.0 + wait_ms, 100.0 + away_px, 100.0)
        echo = taps.echo
        taps.down(90_000.0, 900.0, 900.0)
        return echo

    assert second(200, 10, new_screen=True)
    assert not second(200, 10, new_screen=False)
    assert not second(400, 10, new_screen=True)
    assert not second(200, 60, new_screen=True)
