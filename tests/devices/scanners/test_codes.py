"""Codes out of bytes: bounded, printable, each once, however the bytes are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.scanners.codes import MAX_BYTES, MAX_WAITING, Codes, Manners
from kiosk.ports import MAX_SCAN

TICKET = "DY1/T/A012/019A0000000070008000000000000001"


def taken(codes: Codes) -> list[str]:
    found = []
    while (text := codes.next()) is not None:
        found.append(text)
    return found


def heard(*pieces: bytes, manners: Manners | None = None, apart_s: float = 0.01) -> tuple[Codes, list[str]]:
    codes = Codes(manners or Manners())
    now = 10.0
    for piece in pieces:
        codes.feed(piece, now)
        now += apart_s
    codes.pause(now + 1.0)
    return codes, taken(codes)


@pytest.mark.parametrize("ending", [b"\r", b"\n", b"\r\n"])
def test_a_line_is_a_code_whatever_ends_it(ending: bytes) -> None:
    codes, found = heard(TICKET.encode() + ending, b"6901234567892" + ending)
    assert found == [TICKET, "6901234567892"]
    assert codes.readings() == {"scans": 2, "too_long": 0, "refused": 0, "cut_off": 0, "repeated": 0}


def test_a_code_without_an_ending_ends_with_the_pause() -> None:
    assert heard(TICKET.encode())[1] == [TICKET]
    assert heard(TICKET[:9].encode(), TICKET[9:].encode(), manners=Manners(suffix="pause"))[1] == [TICKET]


def test_where_lines_are_ended_a_code_cut_off_is_dropped_and_counted() -> None:
    codes, found = heard(b"half", b"", b"whole\r", manners=Manners(suffix="line"), apart_s=0.5)
    assert found == ["whole"]
    assert codes.readings()["cut_off"] == 1


@pytest.mark.parametrize("suffix", ["any", "line", "pause"])
def test_a_reader_that_comes_late_does_not_cut_a_code_in_two(suffix: str) -> None:
    ending = b"" if suffix == "pause" else b"\r"
    manners = Manners(suffix=suffix)  # type: ignore[arg-type]
    codes, found = heard(TICKET[:9].encode(), TICKET[9:].encode() + ending, manners=manners, apart_s=0.3)
    assert found == [TICKET]
    assert codes.readings()["cut_off"] == 0


def test_with_pauses_only_a_line_end_is_no_part_of_any_code() -> None:
    codes, found = heard(b"a\rb", manners=Manners(suffix="pause"))
    assert found == []
    assert codes.readings()["refused"] == 1


def test_the_longest_code_is_taken_and_one_longer_is_dropped_whole_and_counted() -> None:
    codes, found = heard(b"a" * MAX_SCAN + b"\r", b"b" * (MAX_SCAN + 1) + b"\r", b"c" * (MAX_BYTES + 9) + b"\r", b"d\r")
    assert found == ["a" * MAX_SCAN, "d"]
    assert codes.readings()["too_long"] == 2


@pytest.mark.parametrize(
    "said",
    [b"\x1b[2J", b"a\x00b", b"\x1d01069", "a\u202eb".encode(), "a\u2028b".encode(), b"\xff\xfe", b"\xed\xa0\x80"],
)
def test_control_and_direction_characters_and_broken_text_are_refused_and_counted(said: bytes) -> None:
    codes, found = heard(said + b"\r")
    assert found == []
    assert codes.readings()["refused"] == 1


def test_chinese_is_read_in_the_encoding_that_was_told() -> None:
    assert heard("参保证明㐀".encode() + b"\r")[1] == ["参保证明㐀"]
    assert heard("参保证明㐀".encode("gb18030") + b"\r", manners=Manners(encoding="gb18030"))[1] == ["参保证明㐀"]


def test_a_code_left_lying_counts_once_and_again_after_it_was_away() -> None:
    codes = Codes(Manners(again_after_s=3.0))
    for second in range(10):  # it is read every second, so it was never away
        codes.feed(b"A\r", 10.0 + second)
    assert taken(codes) == ["A"]
    codes.feed(b"A\r", 22.5)
    codes.feed(b"B\r", 22.6)
    codes.feed(b"A\r", 22.7)
    assert taken(codes) == ["A", "B", "A"]
    assert codes.readings()["repeated"] == 9


def test_what_nobody_fetches_is_bounded_and_nothing_is_remembered_longer_than_it_serves() -> None:
    codes = Codes(Manners())
    for number in range(100):
        codes.feed(f"{number}\r".encode(), 10.0)
    assert len(taken(codes)) == MAX_WAITING
    codes.forget(13.5)
    assert codes._last is None


@given(st.lists(st.binary(max_size=700), max_size=8), st.sampled_from(["any", "line", "pause"]))
def test_any_bytes_give_only_short_printable_codes(pieces: list[bytes], suffix: str) -> None:
    codes, found = heard(*pieces, manners=Manners(suffix=suffix))  # type: ignore[arg-type]
    assert all(0 < len(text) <= MAX_SCAN and text.isprintable() for text in found)
    assert len(codes._piece) <= MAX_BYTES


@given(
    st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=40), max_size=5, unique=True),
    st.lists(st.integers(1, 9), min_size=1, max_size=40),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_codes_are_the_same_wherever_the_bytes_are_cut(texts: list[str], cuts: list[int], encoding: str) -> None:
    said = b"".join(text.encode(encoding) + b"\r\n" for text in texts)
    pieces: list[bytes] = []
    at = 0
    while at < len(said):
        step = cuts[len(pieces) % len(cuts)]
        pieces.append(said[at : at + step])
        at += step
    manners = Manners(encoding=encoding, pause_s=1e9)  # type: ignore[arg-type]
    assert heard(*pieces, manners=manners)[1] == texts
