import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.ids import TicketLabel, WindowId
from hall.speech.phrases import call_spoken
from kiosk.devices.speakers.pinyin import CALL_WORDS, LETTERS, spelled, table_with


def test_a_call_is_spoken_syllable_by_syllable_before_any_pack_has_come() -> None:
    said, unknown = spelled("请Y零零一号到十四号窗口办理。", CALL_WORDS)
    assert said == "qing3 wai4 ling2 ling2 yi1 hao4 dao4 shi2 si4 hao4 chuang1 kou3 ban4 li3."
    assert unknown == ""


@pytest.mark.row("ATT-09", part="rule")
@pytest.mark.parametrize("recalled", [False, True])
@pytest.mark.parametrize(("label", "window"), [("A012", "3"), ("Y003", "14"), ("A12-K3", "20")])
def test_every_word_of_every_call_is_known_and_its_digits_are_said_one_by_one(
    label: str, window: str, recalled: bool
) -> None:
    said, unknown = spelled(call_spoken(TicketLabel(label), WindowId(window), recalled=recalled), CALL_WORDS)
    assert unknown == ""
    digits = [CALL_WORDS[sign] for sign in label if sign.isdigit()]
    assert " ".join(digits[:2]) in said


def test_the_packs_words_win_and_what_is_no_pinyin_is_left_out() -> None:
    table = table_with({"银行": "yin2 hang2", "行": "xing2", "绿": "lü4", "坏": "<b>", "空": "", "": "a1"})
    assert spelled("银行绿", table) == ("yin2 hang2 lv4", "")
    assert "坏" not in table
    assert "空" not in table


def test_a_word_that_no_table_knows_is_left_to_the_synthesiser_and_named() -> None:
    said, unknown = spelled("请 A 零 一 二 号 到 贵宾 窗口", CALL_WORDS)
    assert said == "qing3 ei1 ling2 yi1 er4 hao4 dao4 贵 宾 窗 口"
    assert unknown == "贵宾"


@pytest.mark.parametrize("letter", [*LETTERS])
def test_every_letter_is_a_chinese_sound_and_no_english_word(letter: str) -> None:
    told = subprocess.run(
        ["espeak-ng", "-q", "--ipa", "-v", "cmn-latn-pinyin", "--stdin"],
        input=spelled(f"请{letter}零一号到窗口。", CALL_WORDS)[0].encode("ascii"),
        capture_output=True,
        timeout=10,
        check=True,
    ).stdout.decode()
    assert "(en)" not in told
    assert len(told.split()) >= 7


@given(st.text(max_size=80), st.dictionaries(st.text(max_size=3), st.text(max_size=12), max_size=5))
def test_no_text_and_no_table_reach_the_synthesiser_as_anything_but_syllables_and_characters(
    text: str, pack: dict[str, str]
) -> None:
    said, _ = spelled(text, table_with(pack))
    assert re.fullmatch(r"([a-z]{1,7}[1-5]|[ ,.\u3400-\u4dbf\u4e00-\u9fff])*", said)
