"""Texts to be spoken become pinyin by the pack's own words."""

from hypothesis import given
from hypothesis import strategies as st

from hall.speech.spoken import MAX_SPOKEN_CHARS, pinyin_of, unknown_in

TABLE = {
    "请": "qing3",
    "A": "ei1",
    "零": "ling2",
    "一": "yi1",
    "号": "hao4",
    "到": "dao4",
    "窗口": "chuang1 kou3",
    "窗口办理": "chuang1 kou3 ban4 li3",
    "办": "ban4",
    "理事": "li3 shi4",
    "待遇": "dai4 yu4",
}


def test_a_call_is_spoken_by_the_words_of_the_table() -> None:
    assert pinyin_of("请 A 零 一 号 到 一 号 窗口办理。", TABLE) == (
        "qing3 ei1 ling2 yi1 hao4 dao4 yi1 hao4 chuang1 kou3 ban4 li3."
    )


def test_a_small_letter_is_read_as_its_capital() -> None:
    assert pinyin_of("a号", TABLE) == "ei1 hao4"


def test_brackets_and_repeated_signs_are_one_breath() -> None:
    assert pinyin_of("，请(号)，到。", TABLE) == "qing3, hao4, dao4."


def test_a_long_word_never_stands_in_the_way_of_what_follows() -> None:
    assert pinyin_of("窗口办理事", TABLE) == "chuang1 kou3 ban4 li3 shi4"


def test_an_unknown_part_says_nothing_and_is_named() -> None:
    assert pinyin_of("请到柜台办待遇", TABLE) is None
    assert unknown_in("请到柜台办待遇", TABLE) == "柜台"


def test_nothing_to_say_is_nothing() -> None:
    assert pinyin_of("", TABLE) == "" == pinyin_of(" ", TABLE)
    assert pinyin_of("请", {}) is None


@given(st.text(alphabet="请A零号到窗口办理事待遇柜 ,。a", max_size=MAX_SPOKEN_CHARS + 40))
def test_what_is_spoken_is_ascii_and_what_is_not_is_named(text: str) -> None:
    said = pinyin_of(text, TABLE)
    unknown = unknown_in(text, TABLE)
    assert (said is None) == bool(unknown)
    assert unknown in text
    assert said is None or said.isascii()


@given(st.lists(st.sampled_from(sorted(TABLE)), max_size=20))
def test_every_text_made_of_known_words_can_be_spoken(words: list[str]) -> None:
    assert pinyin_of("".join(words), TABLE) is not None
