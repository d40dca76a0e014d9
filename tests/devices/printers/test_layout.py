import pytest

from kiosk.devices.slip_printers.layout import Composer, Sheet
from kiosk.ports import Align, Block, Boxed, Columns, Line, PageBreak, QrCode, Rule, Slip, Space
from kiosk.text import TextEngine
from tests.devices.printers.samples import STATEMENT, TICKET

START = b"\x1b@\x1bR\x00\x1bt\x00\x1c&\x1cS\x00\x00"


@pytest.fixture(scope="module")
def engine() -> TextEngine:
    return TextEngine()


def written(engine: TextEngine, *blocks: Block, sheet: Sheet | None = None) -> bytes:
    return Composer(sheet or Sheet(), engine).compose(Slip(blocks))


def test_a_line_of_chinese_goes_out_as_two_byte_text_in_chinese_mode(engine: TextEngine) -> None:
    assert written(engine, Line("取号 A012", align=Align.CENTER)) == (
        START + b"\x1ba\x01\x1b3\x22\x1d!\x00" + "取号 A012".encode("gbk") + b"\n\x1d!\x00\x1ba\x00" + b"\x1dVB\x00"
    )


def test_the_number_is_enlarged_and_smoothed_by_the_printer(engine: TextEngine) -> None:
    assert b"\x1bE\x01\x1db\x01\x1b3\xca\x1d!\x77A012\n\x1d!\x00\x1db\x00\x1bE\x00" in written(
        engine, Line("A012", scale=8, bold=True)
    )


def test_columns_are_filled_with_spaces(engine: TextEngine) -> None:
    row = written(engine, Columns(("窗口", "7、8", "1.50"), (8, 20, -20)))
    assert "窗口    7、8                                1.50\n".encode("gbk") in row


def test_a_line_with_a_rare_character_is_drawn_whole(engine: TextEngine) -> None:
    row = written(engine, Line("姓名：王䶮"))
    assert b"\x1dv0\x00" in row
    assert "姓名".encode("gbk") not in row


def test_no_band_is_higher_than_small_buffers_hold(engine: TextEngine) -> None:
    data = written(engine, Line("䶮" * 200), QrCode("x" * 300))
    heights = [data[at + 6] | data[at + 7] << 8 for at in _found(data, b"\x1dv0\x00")]
    assert len(heights) > 4
    assert all(0 < rows <= 255 for rows in heights)


def _found(data: bytes, what: bytes) -> list[int]:
    places, at = [], data.find(what)
    while at >= 0:
        places.append(at)
        size = (data[at + 4] | data[at + 5] << 8) * (data[at + 6] | data[at + 7] << 8)
        at = data.find(what, at + 8 + size)
    return places


def test_a_name_cannot_cut_the_paper(engine: TextEngine) -> None:
    evil = written(engine, Line("王\x1dV\x00小\x1b@明"), Columns(("\x10\x04\x01", "b"), (10, 10)))
    assert evil.count(b"\x1dV") == 1
    assert evil.count(b"\x1b@") == 1
    assert b"\x10" not in evil


def test_without_chinese_mode_everything_but_ascii_is_drawn(engine: TextEngine) -> None:
    data = written(engine, Line("取号"), Line("A012"), sheet=Sheet(chinese_mode=False))
    assert b"\x1c&" not in data
    assert "取号".encode("gbk") not in data
    assert b"A012\n" in data


def test_spaces_and_rules_feed_what_they_say(engine: TextEngine) -> None:
    assert b"\x1bJ\xff\x1bJ\x2d" in written(engine, Space(300))
    assert b"\x1bJ\x0a\x1dv0\x00\x48\x00\x02\x00" + b"\xff" * 144 + b"\x1bJ\x0a" in written(engine, Rule())


def test_pages_are_cut_apart_and_torn_where_there_is_no_cutter(engine: TextEngine) -> None:
    assert written(engine, Line("1"), PageBreak(), Line("2")).count(b"\x1dVB\x00") == 2
    torn = written(engine, Line("1"), sheet=Sheet(cutter="none"))
    assert b"\x1dV" not in torn
    assert torn.endswith(b"-" * 48 + b"\n\x1d!\x00\x1bd\x06")


def test_a_box_joins_its_lines(engine: TextEngine) -> None:
    box = written(engine, Boxed(("流水号 1",)))
    assert b"\x1b3\x18" + ("┌" + "─" * 22 + "┐\n").encode("gbk") in box


def test_native_qr_codes_are_sent_as_text(engine: TextEngine) -> None:
    assert b"1P0QH-1" in written(engine, QrCode("QH-1"), sheet=Sheet(qr="native"))


@pytest.mark.parametrize(("slip", "limit"), [(TICKET, 1_000), (STATEMENT, 10_000)])
def test_papers_are_small_enough_for_a_slow_line(engine: TextEngine, slip: Slip, limit: int) -> None:
    assert len(Composer(Sheet(), engine).compose(slip)) < limit
