"""`python -m deploy.pack_search FOLDER`: write a hall pack's search.toml, so that terminals need no dictionary."""

import argparse
import re
from collections.abc import Mapping
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from hall.pack import reading
from hall.pack.words import texts

HEAD = "# Written by `python -m deploy.pack_search`; the terminals know no dictionary.\n"


def search_file(files: Mapping[str, str]) -> str:
    """Return the text of search.toml for these files of a pack, whatever search.toml said before."""
    read = reading.read({**files, "search.toml": "words = []"})
    return HEAD + "".join(f'\n[[words]]\ntext = "{text}"\npinyin = "{_pinyin(text)}"\n' for text in texts(read))


def _pinyin(text: str) -> str:
    syllables: list[str] = lazy_pinyin(text, style=Style.NORMAL, v_to_u=False)
    letters = (re.sub(r"[^a-z0-9]", "", syllable.lower()) for syllable in syllables)
    return " ".join(letter for letter in letters if letter)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m deploy.pack_search", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    made = search_file({path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))})
    (folder / "search.toml").write_text(made, encoding="utf-8")
