"""Chinese text to the pinyin that a synthesiser speaks. The synthesiser never sees a Chinese character.

espeak-ng spells out characters it is given as English letters (its issue 1236); with `cmn-latn-pinyin` and tones as
digits every syllable is right.
"""

import re

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
DIGITS = dict(zip("0123456789", _NUMBERS, strict=True))
"""A last resort: announcements come with their numbers already in words."""
PAUSES = {"，": ",", "、": ",", "；": ",", "：": ",", "。": ".", "！": ".", "？": ".", ",": ",", ".": ".", "\n": "."}
MAX_CHARACTERS = 300
"""About a minute of speech; what is beyond is not spoken."""
_SYLLABLE = re.compile(r"[a-zü]{1,7}[1-5]")


def spoken(text: str) -> str:
    """Return pinyin with tone digits, ASCII only; characters without a sound are left out.

    >>> spoken("请Y零零一号到十四号窗口办理。")
    'qing3 wai4 ling2 ling2 yi1 hao4 dao4 shi2 si4 hao4 chuang1 kou3 ban4 li3.'
    """
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - a large dictionary, loaded in the speaker's thread only

    said: list[str] = []
    pieces: list[str] = lazy_pinyin(  # what is not Chinese comes back character by character
        text[:MAX_CHARACTERS],
        style=Style.TONE3,
        neutral_tone_with_five=True,
        errors=list,  # type: ignore[arg-type] # documented, not typed
    )
    for piece in pieces:
        if _SYLLABLE.fullmatch(piece):
            said.append(" " + piece.replace("ü", "v"))
        elif piece.upper() in LETTERS:
            said.append(" " + LETTERS[piece.upper()])
        elif piece in DIGITS:
            said.append(" " + DIGITS[piece])
        elif piece in PAUSES and said and said[-1] not in ".,":
            said.append(PAUSES[piece])
    return "".join(said).strip()
