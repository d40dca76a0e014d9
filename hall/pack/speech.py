"""What a hall's speakers say, taken apart into words, and the check that every word has its pinyin."""

import re
from string import ascii_uppercase

from hall.ids import TicketLabel
from hall.pack.days import refuse
from hall.pack.reading import Files
from hall.speech.phrases import DIGITS, call_spoken, greeting, spoken_number
from hall.speech.spoken import unknown_in

CALL_WORDS = ("请", "号", "到", "尽快", "窗口", "窗口办理", "杠", "十", *DIGITS.values())
"""The words of `phrases.call_spoken` and of its numbers."""
SIGNS = (*DIGITS, *ascii_uppercase)
"""Every sign a label or a window number can have."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_SYLLABLES = re.compile(r"[a-z]{1,7}[1-5]( [a-z]{1,7}[1-5])*")


def words(files: Files) -> tuple[str, ...]:
    """Return the words that need pinyin, each once: signs, call words, and the runs of characters of the titles."""
    runs = (run for text in _titles(files) for run in _CHINESE.findall(text))
    return tuple(dict.fromkeys((*SIGNS, *CALL_WORDS, *runs)))


def spoken_texts(files: Files) -> tuple[str, ...]:
    """Return one text for each thing the speakers may say: every sign, window, area and the greeting."""
    signs = {sign for row in files.series.series for sign in row.code}
    signs |= {sign for row in files.terminals.terminals for sign in row.id if sign.isalnum()}
    windows = [window.number for window in files.windows.windows]
    calls = [
        call_spoken(TicketLabel(sign), windows[0], recalled=recalled)
        for sign in sorted(signs | set(DIGITS) | {"-"})
        for recalled in (False, True)
    ]
    return (*calls, *(spoken_number(number) for number in windows), *_titles(files))


def check_speech(files: Files) -> None:
    """Refuse a pack whose speakers would fall silent: `speech.toml` was not made from its texts."""
    table = {word.text: word.pinyin for word in files.speech.words}
    for text in spoken_texts(files):
        unknown = unknown_in(text, table)
        if unknown:
            raise refuse(
                "speech.toml:words", f"{unknown!r} of {text!r} has no pinyin; run python -m deploy.pack_speech"
            )
    for index, word in enumerate(files.speech.words):
        if not word.text or not _SYLLABLES.fullmatch(word.pinyin):
            sentence = "a text and its syllables of small letters with the tone 1 to 5, one blank between them"
            raise refuse(f"speech.toml:words[{index}].pinyin", sentence)


def _titles(files: Files) -> tuple[str, ...]:
    return (
        greeting(files.hall.hall.title),
        *(row.title for row in files.windows.windows),
        *(row.title for row in files.windows.areas),
        *(row.title for row in files.series.series),
    )
