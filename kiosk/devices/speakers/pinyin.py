"""What espeak-ng's voice `cmn-latn-pinyin` is given for a Chinese text: pinyin with tone digits.

The pinyin comes with the hall pack (`hall.speech.spoken`), the words of a call are known here as well, so that calls
are spoken right before any pack has come. What no table knows is left to the synthesiser character by character: right
for most characters, wrong for some with two readings; the caller is told which part it was.
"""

import re
from collections.abc import Mapping

from hall.speech.spoken import MAX_SPOKEN_CHARS, PAUSES, pinyin_of, unknown_in

LETTERS = {
    "A": "ei1",
    "B": "bi4",
    "C": "xi1",
    "D": "di4",
    "E": "yi4",
    "F": "ai2 fu5",
    "G": "ji4",
    "H": "ei1 chi5",
    "K": "kei4",
    "Y": "wai4",
}
"""Series and terminal letters as a Chinese announcer says them."""
_NUMBERS = ("ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3")
CALL_WORDS: Mapping[str, str] = {
    **LETTERS,
    **dict(zip("0123456789", _NUMBERS, strict=True)),
    **dict(zip("零一二三四五六七八九", _NUMBERS, strict=True)),
    "幺": "yao1",
    "十": "shi2",
    "杠": "gang4",
    "请": "qing3",
    "号": "hao4",
    "到": "dao4",
    "尽快": "jin3 kuai4",
    "窗口": "chuang1 kou3",
    "办理": "ban4 li3",
    "已": "yi3",
    "过号": "guo4 hao4",
}
"""All that calls are made of (`hall.speech.phrases`)."""
_FIT = re.compile(r"(?:[a-z]{1,7}[1-5]|[ ,.])+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def table_with(pack: Mapping[str, str]) -> dict[str, str]:
    """Return the words of calls and those of the pack, which win; a word whose pinyin is no pinyin is left out."""
    told = {word: said.lower().replace("ü", "v") for word, said in pack.items() if word}
    return {**CALL_WORDS, **{word: said for word, said in told.items() if _FIT.fullmatch(said)}}


def spelled(text: str, table: Mapping[str, str]) -> tuple[str, str]:
    """Return what the synthesiser is given, and the first part of `text` that `table` does not know, empty if none.

    >>> spelled("请 Y 零 一 号。", CALL_WORDS)
    ('qing3 wai4 ling2 yi1 hao4.', '')
    """
    known = pinyin_of(text, table)
    if known is not None:
        return known, ""
    said: list[str] = []
    for sign in text[:MAX_SPOKEN_CHARS]:
        word = table.get(sign) or table.get(sign.upper())
        if word is not None or _HAN.match(sign):
            said.append(f" {word or sign}")
        elif sign in PAUSES and said and said[-1] not in {",", "."}:
            said.append(PAUSES[sign])
    return "".join(said).strip(" ,."), unknown_in(text, table)
