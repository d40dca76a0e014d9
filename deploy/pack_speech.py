"""`python -m deploy.pack_speech FOLDER`: write a hall pack's speech.toml: terminals know no dictionary."""

import argparse
import re
from collections.abc import Mapping
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from hall.pack import reading
from hall.pack.speech import words
from hall.speech.phrases import DIGITS

HEAD = "# Written by `python -m deploy.pack_speech`; the terminals know no dictionary.\n"
LETTERS = {
    "A": "ei1",
    "B": "bi4",
    "C": "xi1",
    "D": "di4",
    "E": "yi4",
    "F": "ai2 fu5",
    "G": "ji4",
    "H": "ei1 chi5",
    "I": "ai4",
    "J": "zhei4",
    "K": "kei4",
    "L": "ai2 lou5",
    "M": "ai2 mu5",
    "N": "en1",
    "O": "ou1",
    "P": "pi4",
    "Q": "qiu1",
    "R": "a4 er5",
    "S": "ai2 si5",
    "T": "ti4",
    "U": "you1",
    "V": "wei1",
    "W": "da2 bu5 liu5",
    "X": "ai2 ke5 si5",
    "Y": "wai4",
    "Z": "zei4",
}
"""Letters of series and terminals as a Chinese announcer says them."""
SINGLE = LETTERS | {"0": "ling2", "1": "yi1", "一": "yi1", "不": "bu4", "杠": "gang4"}
"""Signs said one by one: an announcer's 一 keeps its own tone."""
_SYLLABLE = re.compile(r"[a-z]{1,7}[1-5]")


def speech_file(files: Mapping[str, str]) -> str:
    """Return the text of speech.toml for these files of a pack, whatever speech.toml said before."""
    read = reading.read({**files, "speech.toml": "words = []"})
    return HEAD + "".join(f'\n[[words]]\ntext = "{word}"\npinyin = "{pinyin(word)}"\n' for word in words(read))


def pinyin(word: str) -> str:
    """Return the syllables of one word with their tones; raises `ValueError` for a character without a sound."""
    if word in SINGLE:
        return SINGLE[word]
    told = DIGITS.get(word, word)
    syllables: list[str] = lazy_pinyin(told, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False)
    said = [syllable.replace("ü", "v") for syllable in syllables]
    if not all(_SYLLABLE.fullmatch(syllable) for syllable in said):
        message = f"{word!r} has no pinyin: {said}"
        raise ValueError(message)
    return " ".join(said)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m deploy.pack_speech", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    made = speech_file({path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))})
    (folder / "speech.toml").write_text(made, encoding="utf-8")
