import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.speakers.pinyin import LETTERS, spoken


def test_a_call_is_spoken_syllable_by_syllable() -> None:
    told = spoken("请Y零零一号到十四号窗口办理。")
    assert told == "qing3 wai4 ling2 ling2 yi1 hao4 dao4 shi2 si4 hao4 chuang1 kou3 ban4 li3."


def test_a_neutral_tone_is_five_and_digits_are_said_one_by_one() -> None:
    assert spoken("您的14") == "nin2 de5 yi1 si4"


@pytest.mark.parametrize("letter", [*LETTERS])
def test_every_letter_is_a_chinese_sound_and_no_english_word(letter: str) -> None:
    told = subprocess.run(
        ["espeak-ng", "-q", "--ipa", "-v", "cmn-latn-pinyin", "--stdin"],
        input=spoken(f"请{letter}零一号到绿色窗口。").encode("ascii"),
        capture_output=True,
        timeout=10,
        check=True,
    ).stdout.decode()
    assert "(en)" not in told
    assert len(told.split()) >= 9


@given(st.text(max_size=80))
def test_no_text_whatever_reaches_the_synthesiser_as_anything_but_syllables(text: str) -> None:
    assert re.fullmatch(r"([a-z]{1,7}[1-5]|[ ,.])*", spoken(text))
