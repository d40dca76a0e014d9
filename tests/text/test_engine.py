import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.text import Drawn, Style, TextEngine, icon


@pytest.fixture(scope="module")
def engine() -> TextEngine:
    return TextEngine()


def test_the_mask_is_packed_and_its_ink_lies_inside(engine: TextEngine) -> None:
    drawn = engine.draw("请到14号窗口", Style(33))
    assert len(drawn.mask) == drawn.width * drawn.height
    x, y, width, height = drawn.ink
    rows = [drawn.mask[row * drawn.width : (row + 1) * drawn.width] for row in range(drawn.height)]
    inked = [row for row in range(drawn.height) if any(rows[row])]
    assert y <= inked[0]
    assert inked[-1] <= y + height <= drawn.height
    assert 0 <= x < x + width <= drawn.width


def test_ink_of_the_large_mode_is_as_high_as_the_look_asks(engine: TextEngine) -> None:
    """look.md: em 10.0 mm gives ink of 国 >= 8.7 mm and H >= 7.3 mm. Here 10 px are 1 mm."""
    assert engine.draw("国", Style(100)).ink[3] >= 87
    assert engine.draw("H", Style(100)).ink[3] >= 73


def test_a_line_is_as_high_as_its_style_says(engine: TextEngine) -> None:
    assert engine.draw("养老待遇", Style(40)).height == 64
    assert engine.draw("养老待遇", Style(40, line_em=1.3)).height == 52
    assert engine.draw("养老待遇ABC养老待遇", Style(40, width_px=160)).height == 64 * 3


def test_tibetan_gets_the_height_of_its_stacks(engine: TextEngine) -> None:
    drawn = engine.draw("བོད་ཡིག་སྒྲུབ", Style(36, lang="bo"))
    assert drawn.height >= 104
    assert drawn.ink[3] < drawn.height


def test_no_line_begins_with_a_comma_or_full_stop(engine: TextEngine) -> None:
    """Six characters fit; the comma would be the seventh, so the sixth character moves down with it."""
    style = Style(40, width_px=245)
    assert engine.draw("请您到等候区", style).lines == 1
    assert engine.draw("请您到等候区，请坐好", style).lines == 2
    first = engine.draw("请您到等候区，请坐好", style)
    top_row = bytes(value for y in range(64) for value in first.mask[y * first.width + 201 : y * first.width + 245])
    assert not any(top_row)


def test_no_character_stands_alone_on_a_last_line(engine: TextEngine) -> None:
    """Six fit in a line, so the seventh would stand alone: two go down with it instead."""
    drawn = engine.draw("请您到等候区", Style(40, width_px=245))
    lonely = engine.draw("请您到等候区等", Style(40, width_px=245))
    assert (drawn.lines, lonely.lines) == (1, 2)
    last_line = lonely.mask[64 * lonely.width :]
    assert any(last_line[y * lonely.width + x] for y in range(60) for x in range(45, 80))
    assert lonely.width == 245
    centred = engine.draw("请您到等候区等", Style(40, width_px=245, align="center"))
    left, _, across, _ = centred.ink
    assert centred.width == 245
    assert abs(left - (245 - left - across)) <= 4


def test_numbers_keep_their_order_inside_right_to_left_text(engine: TextEngine) -> None:
    """“128.50” inside Uyghur is drawn with the same ink as alone (Kivy's own text draws 05.821)."""
    alone = engine.draw("128.50", Style(40, lang="ug"))
    inside = engine.draw("قىممىتى 128.50", Style(40, lang="ug"))
    middle = alone.height // 2
    wanted = _columns(alone, alone.ink[0], alone.ink[2])
    found = _columns(inside, inside.ink[0], alone.ink[2])
    assert middle
    assert wanted == found


def _columns(drawn: Drawn, left: int, width: int) -> list[bool]:
    return [any(drawn.mask[y * drawn.width + x] > 127 for y in range(drawn.height)) for x in range(left, left + width)]


def test_long_text_ends_in_an_ellipsis_only_when_lines_are_limited(engine: TextEngine) -> None:
    text = "听到叫号后请到窗口办理，过号三次作废，须重新取号。"
    free = engine.draw(text, Style(30, width_px=300))
    held = engine.draw(text, Style(30, width_px=300, max_lines=2))
    assert (free.ellipsized, free.lines) == (False, 3)
    assert (held.ellipsized, held.lines) == (True, 2)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh-cn", "王䶮 阿依古丽·麦麦提 𬭊㛃 “取号” ￥1,234.50元 ①②"),
        ("ug", "نومۇر A023"),
        ("kk", "نۇمىر A023"),
        ("bo", "ཨང་རྟགས A023"),
        ("mn", "ᠳᠤᠭᠠᠷ A023"),
        ("ko", "번호표 A023"),
        ("za", "Aeu hauh mwngz’ndaw"),
        ("en", "Take a ticket – A023"),
    ],
)
def test_every_language_of_the_hall_has_its_glyphs(engine: TextEngine, lang: str, text: str) -> None:
    assert engine.draw(text, Style(32, lang=lang)).unknown_glyphs == 0


def test_a_character_that_no_font_has_is_counted(engine: TextEngine) -> None:
    assert engine.draw("王\U000323af", Style(32)).unknown_glyphs == 1


@pytest.mark.parametrize("name", ["ticket-confirmation", "account", "printer-alert", "hand-back-left"])
def test_icons_are_found_by_name_and_drawn(engine: TextEngine, name: str) -> None:
    drawn = engine.draw(icon(name), Style(96, family="icon"))
    assert drawn.unknown_glyphs == 0
    assert any(drawn.mask)


def test_digits_are_tabular(engine: TextEngine) -> None:
    widths = {engine.measure(digit * 10, Style(60, family=family)) for digit in "0123456789" for family in ("digits",)}
    assert len(widths) == 1


def test_bold_is_heavier(engine: TextEngine) -> None:
    assert sum(engine.draw("办理", Style(40, bold=True)).mask) > 1.2 * sum(engine.draw("办理", Style(40)).mask)


def test_measuring_tells_what_drawing_gives(engine: TextEngine) -> None:
    style = Style(28, width_px=200, align="right")
    measured = engine.measure("请准备：身份证原件、社会保障卡", style)
    drawn = engine.draw("请准备：身份证原件、社会保障卡", style)
    assert measured == (drawn.width, drawn.height)
    assert engine.measure("请准备：身份证原件、社会保障卡", style) == measured


def test_what_is_remembered_stays_within_its_bytes() -> None:
    engine = TextEngine(cache_bytes=50_000)
    first = engine.draw("0", Style(40))
    for number in range(60):
        engine.draw(str(number), Style(40))
    assert engine._cached_bytes <= 50_000
    assert sum(len(drawn.mask) for drawn in engine._cache.values()) == engine._cached_bytes
    assert engine.draw("0", Style(40)) == first
    engine.forget()
    assert not engine._cache


def test_another_thread_is_turned_away() -> None:
    engine = TextEngine()
    met: list[BaseException] = []
    thread = threading.Thread(target=_keep_error, args=(lambda: engine.draw("号", Style(20)), met))
    thread.start()
    thread.join(60)
    assert isinstance(met[0], RuntimeError)


def _keep_error(action: Callable[[], object], met: list[BaseException]) -> None:
    try:
        action()
    except RuntimeError as error:
        met.append(error)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60),
    width=st.none() | st.integers(1, 400),
    lines=st.none() | st.integers(1, 4),
    lang=st.sampled_from(["zh-cn", "ug", "bo", "mn", "en"]),
)
def test_any_text_can_be_drawn(engine: TextEngine, text: str, width: int | None, lines: int | None, lang: str) -> None:
    drawn = engine.draw(text, Style(20, width_px=width, max_lines=lines, lang=lang))
    assert len(drawn.mask) == drawn.width * drawn.height
