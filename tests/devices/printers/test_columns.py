from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.slip_printers.columns import fitted, groups, padded, plain, printable_as_text, table, width, wrap

CHINESE = st.text(alphabet="社会保险服务大厅养老待遇，。：（）A0123 .-元", max_size=80)


@given(CHINESE, st.integers(4, 48))
def test_wrapped_lines_fit_and_lose_nothing(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_closing_marks_stay_with_what_they_close() -> None:
    assert wrap("请您到等候区，请坐", 12) == ["请您到等候", "区，请坐"]
    assert wrap("合计金额一共1,234.50元", 19) == ["合计金额一共", "1,234.50元"]


def test_numbers_are_not_torn() -> None:
    assert wrap("流水号 QH-20261123-K2-000123", 24) == ["流水号", "QH-20261123-K2-000123"]


def test_no_character_stands_alone_on_a_last_line() -> None:
    assert wrap("面向东侧的大显示屏", 16) == ["面向东侧的大显", "示屏"]


@given(st.text(max_size=100))
def test_no_text_carries_printer_commands(text: str) -> None:
    assert not any(ord(character) < 0x20 or ord(character) == 0x7F for character in plain(text))


def test_bidi_controls_cannot_turn_the_digits_of_an_amount() -> None:
    assert plain("1\u202e234") == "1 234"


def test_rare_and_four_byte_characters_are_not_text() -> None:
    assert printable_as_text("青禾区 A012，1,234.50元·（一）", "gbk")
    assert not printable_as_text("王䶮", "gbk")
    assert not printable_as_text("\U0002b36f", "gbk")
    assert not printable_as_text("镕", "gb2312")
    assert printable_as_text("镕", "gbk")


def test_a_row_that_does_not_fit_takes_two_lines() -> None:
    assert groups((9, 12, -13, -14), 48) == [(0, 4)]
    assert groups((9, 12, -13, -14), 32) == [(0, 2), (2, 4)]
    assert groups((10, 38), 32) == [(0, 2)]
    assert sum(abs(cell) for cell in fitted((-13, -14), 32)) == 32
    assert fitted((10, 38), 32) == (10, 22)


@given(st.lists(st.tuples(CHINESE, st.integers(4, 20)), min_size=1, max_size=4))
def test_every_row_of_a_table_is_as_wide_as_its_cells(cells: list[tuple[str, int]]) -> None:
    widths = tuple(columns for _, columns in cells)
    for row in table(tuple(text for text, _ in cells), widths):
        assert width("".join(padded(text, columns) for text, columns in zip(row, widths, strict=True))) == sum(widths)


def test_negative_widths_align_to_the_right() -> None:
    assert padded("1.50", -8) == "    1.50"
    assert padded("元", -4) == "  元"
